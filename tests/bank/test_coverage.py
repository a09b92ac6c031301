"""The bank against the documents it covers, measured by the yardstick beside this checkout."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from interviewer.domain.question import Difficulty
from interviewer.domain.sources import Document
from interviewer.settings import ROOT
from tests.conftest import SHARED

FOLDER = ROOT / "question_bank"
YARDSTICK = SHARED / "tools" / "check_bank.py"
SEEDS = SHARED / "seeds" / "seed_questions.jsonl"
ERRORS = SHARED / "seeds" / "errors.md"
CORRECTIONS = ROOT / "docs" / "bank" / "corrections.md"
COLUMNS = 4

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not YARDSTICK.is_file(), reason="../shared/tools/check_bank.py is not beside this checkout"),
]


def yardstick(*options: str, folder: Path = FOLDER) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, str(YARDSTICK), str(folder), *options], capture_output=True, text=True, timeout=120, check=False)


def test_every_row_is_covered_nothing_is_copied_and_nothing_lacking(bank):
    done = yardstick()
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1] == "coverage 805/805 rows, copied runs 0, lacking 0"
    advanced = [q for q in bank.questions.values() if q.difficulty is Difficulty.ADVANCED]
    assert len(bank.questions) >= 500
    assert len(advanced) >= 0.18 * len(bank.questions)


def test_every_known_error_of_the_documents_has_its_correction():
    """Rows of errors.md against those that the page of corrections names as "asked in"."""
    files = {"001": "ml-llm-answers", "002": "genai-pdf", "004": "genai-handbook"}
    wrong: set[tuple[str, str]] = set()
    for part in ERRORS.read_text("utf-8").split("\n## ")[1:]:
        if (document := files.get(part[:3])) is not None:
            wrong |= {(document, row) for row in re.findall(r"^\| (\d+) \|", part, re.M)}
    named: set[tuple[str, str]] = set()
    for line in CORRECTIONS.read_text("utf-8").splitlines():
        if line.count(" | ") == COLUMNS - 1:
            named |= set(re.findall(r"([a-z0-9-]+) (\d+)", line.split(" | ")[2]))
    assert len(wrong) > 150
    assert wrong - named == set()


def test_the_documents_have_as_many_rows_as_the_seeds():
    text = SEEDS.read_text("utf-8")
    files = {"000_": "questions-list", "001_": "ml-llm-answers", "002_": "genai-pdf", "003_": "genai-75", "004_": "genai-handbook"}
    assert {Document(name): text.count(f'{{"seed": "{start}') for start, name in files.items()} == {d: d.rows for d in Document}
