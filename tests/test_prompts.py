"""The prompt files: how they are read, and that a released version never changes.

prompts/manifest.json maps each prompt's id and version to the sha256 of its text. A change to a released text is a new
version with a new line in the manifest; the old line stays, because old grades name its hash.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from interviewer.domain.errors import PromptError
from interviewer.prompts import PromptFolder
from interviewer.settings import ROOT

PROMPTS = ROOT / "prompts"
HEAD = "---\nid: sample\nversion: 1\npurpose: A test.\nvariables: [name]\nchangelog:\n  - '1: first'\n---\n"


RELEASED = {
    "grade": {
        "1": "df158f41afe641f06d5499982b1a1b5813c40434111299703b4b24e833158335",
    },
}
"""What went out and stands in stored grades: written down here too, so that the manifest cannot forget it. A release adds its lines."""


def broken_releases(folder: Path, manifest: Path) -> list[str]:
    """The prompts whose text is not the one that was released under their version."""
    released = json.loads(manifest.read_text("utf-8"))
    found = [PromptFolder(folder).get(path.stem) for path in sorted(folder.glob("*.md"))]
    return [f"{p.id} {p.version}" for p in found if released.get(p.id, {}).get(str(p.version)) != p.sha256]


def folder_with(tmp_path: Path, content: str) -> PromptFolder:
    (tmp_path / "sample.md").write_text(content, "utf-8")
    return PromptFolder(tmp_path)


def test_every_prompt_is_the_released_one() -> None:
    assert broken_releases(PROMPTS, PROMPTS / "manifest.json") == []


def test_every_released_prompt_still_has_a_file() -> None:
    assert set(json.loads((PROMPTS / "manifest.json").read_text("utf-8"))) == {path.stem for path in PROMPTS.glob("*.md")}


@pytest.mark.parametrize("name", sorted(path.stem for path in PROMPTS.glob("*.md")))
def test_the_current_version_is_the_latest_released_one(name: str) -> None:
    released = json.loads((PROMPTS / "manifest.json").read_text("utf-8"))[name]
    assert PromptFolder(PROMPTS).get(name).version == max(int(version) for version in released)


@pytest.mark.parametrize("name", sorted(path.stem for path in PROMPTS.glob("*.md")))
def test_a_changed_text_without_a_new_version_is_noticed(name: str, tmp_path: Path) -> None:
    text = (PROMPTS / f"{name}.md").read_text("utf-8")
    (tmp_path / f"{name}.md").write_text(text + "\nBe lenient.\n", "utf-8")
    version = PromptFolder(PROMPTS).get(name).version
    assert broken_releases(tmp_path, PROMPTS / "manifest.json") == [f"{name} {version}"]


def test_a_new_version_must_be_entered(tmp_path: Path) -> None:
    text = (PROMPTS / "grade.md").read_text("utf-8")
    (tmp_path / "grade.md").write_text(re.sub(r"(?m)^version: \d+$", "version: 999", text), "utf-8")
    assert broken_releases(tmp_path, PROMPTS / "manifest.json") == ["grade 999"]


def test_every_released_version_stays_in_the_manifest() -> None:
    released = json.loads((PROMPTS / "manifest.json").read_text("utf-8"))
    for name, versions in RELEASED.items():
        assert versions.items() <= released[name].items()
    for name, versions in released.items():
        assert sorted(map(int, versions)) == list(range(1, len(versions) + 1)), name
        assert len(set(versions.values())) == len(versions), name
        assert all(re.fullmatch(r"[0-9a-f]{64}", sha) for sha in versions.values()), name


@pytest.mark.parametrize("name", sorted(path.stem for path in PROMPTS.glob("*.md")))
def test_the_changelog_has_a_line_for_every_version(name: str) -> None:
    head = (PROMPTS / f"{name}.md").read_text("utf-8").split("---\n", 2)[1]
    version = PromptFolder(PROMPTS).get(name).version
    assert re.findall(r'(?m)^  - "(\d+): ', head) == [str(number) for number in range(1, version + 1)]


def test_every_file_of_the_folder_is_listed() -> None:
    found = [p.id for p in PromptFolder(PROMPTS).all()]
    assert sorted(found) == sorted(path.stem for path in PROMPTS.glob("*.md"))


FILLED = {
    "grade": {"kind", "question", "reference", "points", "misconceptions"},
    "grade-answer": {"mark", "answer", "part"},
    "grade-part": {"number", "count"},
    "grade-again": {"problem"},
    "grade-canary": {"number"},
    "derive-points": {"most"},
}


@pytest.mark.parametrize("name", sorted(path.stem for path in PROMPTS.glob("*.md")))
def test_a_prompt_declares_what_the_grader_fills(name: str) -> None:
    assert set(PromptFolder(PROMPTS).get(name).variables) == FILLED.get(name, set())


def test_a_prompt_file_is_read(tmp_path: Path) -> None:
    prompt = folder_with(tmp_path, HEAD + "Hello {{name}}.\n---\nStill the text.\n").get("sample")
    assert (prompt.id, prompt.version, prompt.purpose, prompt.variables) == ("sample", 1, "A test.", ("name",))
    assert prompt.text == "Hello {{name}}.\n---\nStill the text.\n"


@pytest.mark.parametrize(
    "content",
    [
        "",
        "Hello {{name}}.",
        "---\nid: [\n---\nHello",
        "---\n- a list\n---\nHello",
        HEAD.replace("version: 1\n", "") + "Hello {{name}}.",
        HEAD.replace("version: 1", "version: first") + "Hello {{name}}.",
        HEAD.replace("purpose", "aim") + "Hello {{name}}.",
        HEAD.replace("id: sample", "id: other") + "Hello {{name}}.",
        HEAD + "No variable.",
        HEAD + "Hello {{name}} and {{more}}.",
    ],
)
def test_a_file_that_cannot_be_used_is_named(content: str, tmp_path: Path) -> None:
    with pytest.raises(PromptError, match=r"prompts/sample\.md"):
        folder_with(tmp_path, content).get("sample")


def test_a_file_that_is_not_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "sample.md").write_bytes(b"---\n\xff\xfe")
    with pytest.raises(PromptError, match=r"prompts/sample\.md"):
        PromptFolder(tmp_path).get("sample")


def test_a_missing_prompt_is_named(tmp_path: Path) -> None:
    with pytest.raises(PromptError, match=r"prompts/missing\.md"):
        PromptFolder(tmp_path).get("missing")
