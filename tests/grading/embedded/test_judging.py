"""Which passages the model is asked about, what comes of its answers, and that it is asked seldom."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from pydantic import ValidationError

from interviewer.domain.grade import Grade, Verdict
from interviewer.domain.question import Question
from interviewer.embedded.minilm import MiniLM
from interviewer.grading.embedded.features import FIT, NAMES
from interviewer.grading.embedded.grader import HALF_SAID, NOT_SAID, SAYS_IT, SAYS_THE_OPPOSITE, EmbeddedGrader
from interviewer.grading.embedded.head import Head, Weighing
from interviewer.grading.embedded.judging import PAIRS
from interviewer.ports import Judged
from interviewer.text.lexicon import Matrix
from tests.fakes import START, answer_of
from tests.grading.test_gradability import SOUND

STALE, FIRST, ELSE = "After an update the cached copy is outdated.", "Hits are served from memory.", "The tram was late again today."
PLAIN = Weighing(weights=tuple(float(name == "asserted") for name in NAMES), bias=0.0, met=0.6, unsure=(0.3, 0.8))
ASSERTED = Head(
    features=NAMES,
    nearness=tuple(float(name in ("accepted words", "accepted vector")) for name in FIT),
    bank=PLAIN,
    bare=PLAIN,
    denied=0.7,
    misconception=0.9,
)


class Told(MiniLM):
    """The shipped tokenizer and vectors; verdicts as the test says, by the passage's first word. It counts what it is asked."""

    def __init__(self, **verdicts: tuple[float, float, float]) -> None:
        super().__init__()
        self.verdicts, self.asked = verdicts, list[tuple[str, str]]()

    def head(self) -> Head:
        return ASSERTED

    def judge(self, claim: str, passage: str) -> Judged:
        self.asked.append((claim, passage))
        return Judged(*self.verdicts.get(passage.split(maxsplit=1)[0].lower(), (1.0, 0.0, 0.0)))

    def vectors(self, texts: Sequence[str]) -> Matrix:
        return super().vectors(texts)


def graded(text: str, question: Question = SOUND, **verdicts: tuple[float, float, float]) -> tuple[Grade, Told]:
    model = Told(**verdicts)
    found = EmbeddedGrader([question], model).grade(question, answer_of(question, text), attempt=0, now=START)
    assert isinstance(found, Grade)
    return found, model


def test_each_point_is_judged_by_the_passage_nearest_to_it():
    _, model = graded(f"{ELSE} {STALE} {FIRST}")
    first = dict(reversed(model.asked))
    assert first[SOUND.points[0].claim] == FIRST
    assert first[SOUND.points[1].claim] == STALE


def test_a_long_answer_costs_no_more_judgements_than_a_short_one():
    _, model = graded(f"{STALE} {FIRST} " + "Something else is said here, at length. " * 300)
    assert len(model.asked) <= PAIRS + len(SOUND.misconceptions)


@pytest.mark.parametrize(
    ("verdict", "said", "sure", "reasoning"),
    [
        ((0.05, 0.95, 0.0), Verdict.MET, True, SAYS_IT),
        ((0.3, 0.7, 0.0), Verdict.MET, False, SAYS_IT),
        ((0.55, 0.45, 0.0), Verdict.NOT_MET, False, HALF_SAID),
        ((0.95, 0.05, 0.0), Verdict.NOT_MET, True, NOT_SAID),
        ((0.1, 0.1, 0.8), Verdict.CONTRADICTED, True, SAYS_THE_OPPOSITE),
        ((0.4, 0.0, 0.6), Verdict.NOT_MET, True, NOT_SAID),
    ],
)
def test_probability_makes_the_verdict_and_says_how_sure_it_is(verdict, said, sure, reasoning):
    found, _ = graded(STALE, after=verdict)
    result = found.points[1]
    assert (result.verdict, result.sure, result.reasoning) == (said, sure, reasoning)
    assert (result.evidence is not None) is (said in (Verdict.MET, Verdict.CONTRADICTED))
    assert found.estimate
    assert found.notes == (f"An estimate by the built-in grader: it is sure of {sum(r.sure is True for r in found.points)} of 3 points.",)


def test_a_passage_that_may_not_be_quoted_earns_nothing_and_says_why():
    found, _ = graded("A cache does change a web service.", a=(0.0, 1.0, 0.0))
    assert Verdict.MET not in {r.verdict for r in found.points}
    assert any("only repeats the question" in flag for r in found.points for flag in r.flags)


def test_a_misconception_is_asserted_only_by_a_passage_that_is_surely_it():
    wrong = SOUND.misconceptions[0]
    found, _ = graded(wrong.claim, every=(0.05, 0.95, 0.0))
    assert [m.misconception for m in found.misconceptions] == [wrong.id]
    assert graded(wrong.claim, every=(0.2, 0.8, 0.0))[0].misconceptions == ()
    assert [m.evidence.text for m in found.misconceptions] == [wrong.claim]


def test_a_head_for_other_features_is_refused():
    with pytest.raises(ValidationError, match="fitted for other features"):
        Head.model_validate(ASSERTED.model_dump() | {"nearness": (1.0,)})
