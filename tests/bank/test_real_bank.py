"""The bank that ships: whole, sound, and its code answers run."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from interviewer.bank.check import check, schema
from interviewer.bank.load import Bank, load
from interviewer.domain.question import Difficulty, Kind, Question, Topic
from interviewer.domain.selection import eligible
from interviewer.settings import ROOT
from tests.conftest import SHARED

FOLDER = ROOT / "question_bank"
CODING = [q for q in load(FOLDER).questions.values() if q.kind is Kind.CODING]


def test_no_file_has_a_problem(bank: Bank):
    assert check(bank, FOLDER) == []


@pytest.mark.parametrize("topic", list(Topic))
def test_every_topic_has_a_question_at_every_level(bank: Bank, topic: Topic):
    found = Counter(q.difficulty for q in bank.questions.values() if q.topic is topic)
    assert all(found[level] >= 1 for level in Difficulty)


def test_there_are_three_questions_a_topic(bank: Bank):
    assert len(bank.questions) >= 3 * len(Topic)


def test_the_schema_is_what_the_models_generate():
    assert (FOLDER / "schema.json").read_text("utf-8") == schema()


def test_every_file_points_editors_at_the_schema():
    for path in FOLDER.rglob("*.yaml"):
        assert path.read_text("utf-8").startswith("# yaml-language-server: $schema=../schema.json\n"), path


def test_every_track_has_enough_questions_for_its_minutes(bank: Bank):
    for track in bank.tracks.values():
        pool = eligible(list(bank.questions.values()), track)
        assert sum(q.minutes for q in pool) >= track.minutes, track.id
        assert {q.difficulty for q in pool} == set(track.levels)
        assert {q.topic for q in pool} == set(track.topics)


def test_a_follow_up_does_not_say_the_point_it_aims_at(bank: Bank):
    for question in bank.questions.values():
        claims = {p.id: p.claim.lower() for p in question.points}
        assert not [f for f in question.follow_ups if claims[f.point].rstrip(".") in f.ask.lower()], question.id


def reference_code(question: Question) -> str:
    return "\n\n".join(re.findall(r"```python\n(.*?)```", question.reference_answer, re.S))


def runs(code: str, checks: tuple[str, ...], folder: Path) -> subprocess.CompletedProcess[str]:
    """The code and then the checks, in a process of their own."""
    script = folder / "solution.py"
    script.write_text("\n".join([code, *checks]), "utf-8")
    return subprocess.run([sys.executable, "-I", str(script)], cwd=folder, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("question", CODING, ids=lambda q: q.id)
def test_the_reference_code_passes_its_own_checks(question: Question, tmp_path: Path):
    assert question.tests is not None
    assert f"def {question.tests.entry}(" in reference_code(question) or f"class {question.tests.entry}" in reference_code(question)
    done = runs(reference_code(question), (*question.tests.visible, *question.tests.hidden), tmp_path)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("question", CODING, ids=lambda q: q.id)
@pytest.mark.parametrize("part", ["visible", "hidden"])
def test_an_empty_solution_passes_none_of_the_checks(question: Question, part: str, tmp_path: Path):
    assert question.tests is not None
    for one in getattr(question.tests, part):
        done = runs(f"def {question.tests.entry}(*_, **__): pass", (one,), tmp_path)
        assert done.returncode != 0, one


@pytest.mark.shared
def test_nothing_is_copied_from_the_seeds_and_nothing_is_lacking():
    tool = SHARED / "tools" / "check_bank.py"
    if not tool.is_file():
        pytest.skip("../shared does not lie beside this checkout")
    done = subprocess.run([sys.executable, str(tool), str(FOLDER)], capture_output=True, text=True, timeout=120)
    assert re.search(r"copied runs 0, lacking 0$", done.stdout.strip()), done.stdout
