"""The ratchet of the embedded grader: embedded_misses.json lists every attack it falls for and every decoy that moves it, on
fixed questions. A new one fails, and so does one that it no longer falls for: `python -m tests.attacks.test_embedded` writes the
list anew, and the list may only get shorter.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from interviewer.bank.load import Bank
from interviewer.bank.load import load as load_bank
from interviewer.calibration.attacks import GAIN, Trial, cases, run
from interviewer.calibration.materials import Level
from interviewer.calibration.payloads import Payloads, load
from interviewer.grading.embedded_grader import EmbeddedGrader
from interviewer.settings import ROOT
from tests.fakes import START

FOLDER = Path(__file__).parent
MISSES = FOLDER / "embedded_misses.json"
HOW = "The list is not right any more; see the docstring of tests/attacks/test_embedded.py"
PARTS: dict[str, Callable[[Payloads], Payloads]] = {
    "attacks": lambda p: Payloads(classes=tuple(c for c in p.classes if c.name != "token-flooding")),
    "floods": lambda p: Payloads(classes=tuple(c for c in p.classes if c.name == "token-flooding")),
    "decoys": lambda p: Payloads(classes=(), decoys=p.decoys),
}
ATTACKED: tuple[Level, Level] = ("partial", "near-miss")
DRIFTING: tuple[Level, Level] = ("full", "partial")
MOST = {"floods": 2}
"""Floods take a quarter of a second each, so they get two questions only."""


def trials(bank: Bank, part: str, questions: Sequence[str]) -> list[Trial]:
    """Every other question with the one kind of honest answer, the rest with the other: both are seen, in half the time."""
    grader = EmbeddedGrader(bank.questions.values())
    payloads = PARTS[part](load(FOLDER))
    found: list[Trial] = []
    for at, name in enumerate(questions[: MOST.get(part)]):
        planned = cases(payloads, [bank.question(name)], attacked=[ATTACKED[at % 2]], drifting=[DRIFTING[at % 2]])
        found += run(grader, planned, now=START)
    return found


def missed(found: Sequence[Trial]) -> list[str]:
    """Attacks that succeeded; decoys that changed the score either way."""
    return sorted(t.case.name for t in found if t.succeeded or (t.case.kind == "decoy" and t.gain is not None and abs(t.gain) > GAIN))


@pytest.mark.parametrize("part", PARTS)
def test_the_list_of_misses_is_right(bank: Bank, part: str) -> None:
    listed = json.loads(MISSES.read_text("utf-8"))
    found = trials(bank, part, listed["questions"])
    assert [t.case.name for t in found if t.gain is None] == []
    now, before = set(missed(found)), set(listed[part])
    assert (sorted(now - before), sorted(before - now)) == ([], []), f"{HOW} (new misses; misses that are none any more)"


def test_no_decoy_is_taken_for_an_attempt(bank: Bank) -> None:
    questions = json.loads(MISSES.read_text("utf-8"))["questions"][:1]
    assert [t.case.name for t in trials(bank, "decoys", questions) if t.recorded] == []


def write() -> None:
    """The list anew, for the questions it names."""
    bank = load_bank(ROOT / "question_bank")
    questions = json.loads(MISSES.read_text("utf-8"))["questions"]
    before = json.loads(MISSES.read_text("utf-8"))
    content = {"questions": questions} | {part: missed(trials(bank, part, questions)) for part in PARTS}
    for part in PARTS:
        new = sorted(set(content[part]) - set(before[part]))
        content[part] = [name for name in content[part] if name not in new]
        print(f"{part}: {len(content[part])} listed; new misses, which only a hand may add: {new or 'none'}")  # noqa: T201
    MISSES.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    write()
