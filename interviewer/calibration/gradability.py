"""Are a bank's questions gradable? Texts of known worth, and those that a grader gives another score.

The reference answer earns everything, by the points alone; a misconception stated as an answer, or the interviewer's own
hint or follow-up given as one, next to nothing. What is off is the question's fault (mend it) or the grader's (leave it on the list).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from interviewer.calibration.attacks import answer_to
from interviewer.domain.grade import Grade, Ungraded, Verdict
from interviewer.domain.question import Question
from interviewer.ports import Grader

REFERENCE_AT_LEAST = 95
MISCONCEPTION_AT_MOST = 25
GIVEAWAY_AT_MOST = 15
UNTOLD = "…"


@dataclass(frozen=True, kw_only=True)
class Sample:
    """A text to grade as an answer: what it is, and the scores it should get. `at_least` 0: any score up to `at_most`."""

    name: str
    text: str
    at_least: int = 0
    at_most: int = 100

    @property
    def wanted(self) -> str:
        """The bound that can be missed."""
        return f"at least {self.at_least}" if self.at_least else f"at most {self.at_most}"


@dataclass(frozen=True, kw_only=True)
class Off:
    """A text with another score than it should have; None: no grade. `points` are those missed, or won undeservedly."""

    question: Question
    sample: Sample
    score: float | None
    points: tuple[str, ...]

    def __str__(self) -> str:
        scored = "was not graded" if self.score is None else f"scores {self.score:.1f}"
        concerned = f" ({', '.join(self.points)})" if self.points else ""
        return f"{self.question.topic.value}/{self.question.id}: {self.sample.name} {scored}, wanted {self.sample.wanted}{concerned}"


def samples(question: Question) -> Iterator[Sample]:
    """Every text of a question whose worth is known."""
    yield Sample(name="reference answer", text=question.reference_answer, at_least=REFERENCE_AT_LEAST)
    for wrong in question.misconceptions:
        yield Sample(name=f"misconception “{wrong.id}”", text=wrong.claim, at_most=MISCONCEPTION_AT_MOST)
    for number, hint in enumerate(question.hints, start=1):
        yield Sample(name=f"hint {number}", text=hint, at_most=GIVEAWAY_AT_MOST)
    for number, probe in enumerate(question.follow_ups, start=1):
        yield Sample(name=f"follow-up {number}", text=probe.ask, at_most=GIVEAWAY_AT_MOST)


def off(grader: Grader, question: Question, *, now: datetime) -> Iterator[Off]:
    """The texts of a question that this grader grades as it should not."""
    asked = _points_alone(question)
    for sample in samples(question):
        found = grader.grade(asked, answer_to(asked, sample.text, now=now), attempt=0, now=now)
        score = found.score if isinstance(found, Grade) else None
        if score is None or not sample.at_least <= score <= sample.at_most:
            yield Off(question=question, sample=sample, score=score, points=_concerned(question, sample, found))


def _points_alone(question: Question) -> Question:
    """The question without what would decide by itself: its reference answer to copy from, its hints and follow-ups to recognise."""
    silent = [{"point": f.point, "ask": UNTOLD} for f in question.follow_ups]
    untold = {"reference_answer": UNTOLD, "hints": [UNTOLD, UNTOLD], "follow_ups": silent}
    return Question.model_validate(question.model_dump() | untold)


def _concerned(question: Question, sample: Sample, found: Grade | Ungraded) -> tuple[str, ...]:
    """The required points that a text lost, where it should have all; else those it won."""
    if not isinstance(found, Grade):
        return ()
    met = {r.point for r in found.points if r.verdict is Verdict.MET}
    if sample.at_least:
        return tuple(p.id for p in question.required if p.id not in met)
    return tuple(p.id for p in question.points if p.id in met)
