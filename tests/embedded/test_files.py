"""The shipped files: whole, or told to be damaged. Never used when they are not what was shipped."""

from __future__ import annotations

import json
import shutil
from hashlib import sha256
from pathlib import Path

import pytest

from interviewer.domain.errors import FailureReason, ModelError
from interviewer.domain.grade import Ungraded
from interviewer.embedded.files import FOLDER, MANIFEST, read
from interviewer.embedded.minilm import HEAD, MODEL, TOKENIZER, VECTORS, MiniLM
from interviewer.grading.embedded.grader import EmbeddedGrader
from tests.fakes import START, answer_of
from tests.samples import question

ALL = (MODEL, TOKENIZER, VECTORS, HEAD)
MOST_BYTES = 40_000_000

pytestmark = pytest.mark.skipif(not (FOLDER / MODEL).exists(), reason="the cross-encoder is being trained and does not ship yet")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "weights"))


def test_the_manifest_names_every_file_with_its_hash():
    manifest = json.loads((FOLDER / MANIFEST).read_text("utf-8"))
    assert manifest == {name: sha256((FOLDER / name).read_bytes()).hexdigest() for name in ALL}


def test_all_files_together_are_small_and_none_is_a_pickle():
    files = [path for path in FOLDER.iterdir() if path.is_file()]
    assert sum(path.stat().st_size for path in files) <= MOST_BYTES
    assert not [path for path in files if path.suffix in (".pkl", ".pt", ".bin") or path.read_bytes()[:2] == b"\x80\x04"]


@pytest.mark.parametrize("name", ALL)
def test_a_file_that_was_changed_is_not_used(copy: Path, name: str):
    content = bytearray((copy / name).read_bytes())
    content[len(content) // 2] ^= 1
    (copy / name).write_bytes(content)
    with pytest.raises(ModelError, match=f"“{name}” is damaged") as error:
        read(name, copy)
    assert error.value.reason is FailureReason.INTERNAL


@pytest.mark.parametrize("name", [*ALL, MANIFEST])
def test_without_a_file_there_is_no_grade_but_a_sentence(copy: Path, name: str):
    (copy / name).unlink()
    asked = question("caching")
    outcome = EmbeddedGrader([asked], MiniLM(copy)).grade(asked, answer_of(asked, "The cache answers first."), attempt=0, now=START)
    assert isinstance(outcome, Ungraded)
    assert "cannot be read" in outcome.sentence
    assert "Install the package anew; answers are kept" in outcome.sentence


def test_a_manifest_that_is_none_is_told(copy: Path):
    (copy / MANIFEST).write_text("[]", "utf-8")
    with pytest.raises(ModelError, match="cannot be read"):
        read(HEAD, copy)


def test_another_file_is_another_grader(copy: Path):
    before = MiniLM(copy).identity
    manifest = json.loads((copy / MANIFEST).read_text("utf-8")) | {HEAD: "0" * 64}
    (copy / MANIFEST).write_text(json.dumps(manifest), "utf-8")
    assert MiniLM(copy).identity != before == MiniLM().identity
