"""The embedded grader's gates on the whole bank. embedded_misses.json lists the questions that miss one; what holds again must go.

`python -m tests.grading.test_embedded_grader` writes the lists anew. They may grow by new questions only.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest

from interviewer.bank.load import load
from interviewer.calibration.gradability import off
from interviewer.domain.grade import Grade, Verdict
from interviewer.domain.question import Question
from interviewer.grading.embedded_grader import EmbeddedGrader
from interviewer.settings import ROOT
from interviewer.text.words import is_prose, polarity
from tests.fakes import START, answer_of
from tests.gates.gates import GATES, Course, Gate

BANK = ROOT / "question_bank"
MAY_MISS = Path(__file__).with_name("embedded_misses.json")

pytestmark = pytest.mark.timeout(900)  # each gate grades the whole bank


@cache
def questions() -> dict[str, Question]:
    """All questions by id."""
    return dict(load(BANK).questions)


@cache
def course() -> Course:
    """One grader for the module."""
    return Course(grader=EmbeddedGrader(questions().values()), bank=list(questions().values()))


def grade(question: Question, text: str) -> Grade:
    """The grade; the embedded grader never gives up."""
    return course().grade(question, text)


OWN: dict[str, Gate] = GATES | {
    "accept wordings met": lambda c, q: all(c.met(q, p.id, w) for p in q.points for w in p.accept),
    "reject wordings not met": lambda c, q: not any(c.met(q, p.id, w) for p in q.points for w in p.reject),
    "gradability": lambda c, q: not any(True for _ in off(c.grader, q, now=START)),
}


@cache
def misses(gate: str) -> frozenset[str]:
    """The questions that miss a gate."""
    return frozenset(q.id for q in questions().values() if not OWN[gate](course(), q))


@pytest.mark.parametrize("gate", OWN)
def test_gate_holds_but_for_listed_questions(gate: str) -> None:
    """Ratchet: nothing new misses, and nothing stays listed that holds again."""
    found, listed = misses(gate), set(json.loads(MAY_MISS.read_text("utf-8")).get(gate, ()))
    assert found - listed == set(), "these miss the gate"
    assert listed - found == set(), "these hold now: take them off the list"


def test_same_answer_same_grade() -> None:
    """Nothing random, and a fresh grader agrees."""
    question = next(iter(questions().values()))
    fresh = EmbeddedGrader(questions().values())
    again = fresh.grade(question, answer_of(question, question.reference_answer), attempt=2, now=START)
    assert again == grade(question, question.reference_answer)


def test_evidence_is_the_candidates_text() -> None:
    """Every met point carries a verbatim quote."""
    for question in list(questions().values())[::9]:
        for result in grade(question, question.reference_answer).points:
            if result.verdict is Verdict.MET:
                assert result.evidence is not None
                assert question.reference_answer[result.evidence.start : result.evidence.end] == result.evidence.text


@pytest.mark.parametrize("text", ["", "\U0001f389\U0001f680", "\x00\x01\x07 \u200b", "\ud800 \x07", "...", "\u20ac" * 50, "a", "1 2 3"])
def test_odd_answers_score_nothing(text: str) -> None:
    """Emoji, controls and scraps are graded 0, not crashed on."""
    assert grade(next(iter(questions().values())), text).score == 0


@pytest.mark.parametrize("joint", [" ", "\n\n"])
def test_a_very_long_answer_is_graded_whole(joint: str) -> None:
    """100 KB, with what is asked for at its very end."""
    wanted = next(iter(questions().values()))
    filler = joint.join([q.reference_answer for q in questions().values() if q.topic is not wanted.topic] * 8)[:100_000]
    assert grade(wanted, f"{filler}\n\n{wanted.reference_answer}").score > grade(wanted, filler).score


@pytest.mark.parametrize(
    ("text", "term", "said"),
    [
        ("the mask hides later tokens", "mask", True),
        ("the mask does not hide later tokens", "mask", False),
        ("it is not true that the mask, in short, hides later tokens", "token", False),
        ("we froze the base because it does not fit in memory", "base", True),
        ("training without labels", "train", True),
        ("training without labels", "label", False),
        ("not only labels matter", "label", True),
        ("here the labels help a lot; there the labels do not help", "label", None),
    ],
)
def test_polarity_goes_by_clause(text: str, term: str, said: bool | None) -> None:
    """Said, denied or both."""
    assert polarity(text)[term] is said


def test_shuffled_words_are_no_prose() -> None:
    """Also not a bare list of keywords; a short list is."""
    assert is_prose("The weights of the base model are frozen and only the adapters are trained")
    assert not is_prose("the of model and is weights the in of to by the is and frozen of was a the")
    assert not is_prose(" ".join(f"keyword{i}" for i in range(30)))
    assert is_prose("LoRA, QLoRA, prefix tuning")


if __name__ == "__main__":
    missed = {gate: ids for gate in OWN if (ids := sorted(misses(gate)))}
    MAY_MISS.write_text(json.dumps(missed, indent=1) + "\n", "utf-8")
    print({gate: len(ids) for gate, ids in missed.items()})  # noqa: T201
