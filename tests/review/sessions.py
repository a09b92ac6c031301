"""Sessions to look back on: each answer with its outcomes, in the order in which they came."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from interviewer.domain.grade import Grade, Ungraded
from interviewer.domain.interview import Cause, Interview, Status
from interviewer.domain.question import Question
from interviewer.ports import Answer, Grading
from interviewer.review.report import Report, report
from tests import samples
from tests.fakes import START

Outcomes = Sequence[Grade | Ungraded | None]


def answered(of: Question, number: int, text: str = "An own attempt.") -> Answer:
    return Answer(
        id=f"answer-{number}",
        owner_id="local",
        interview_id=samples.SESSION,
        turn=number,
        question_sha256=of.sha256,
        text=text,
        cause=Cause.SUBMITTED,
        submitted_at=START,
        used=30.0,
        hints=0,
    )


def session(
    asked: Sequence[Question], outcomes: Sequence[Outcomes], *, texts: Sequence[str] = (), finished: bool = True, **changes: Any
) -> Report:
    """The first questions answered, one for each entry of `outcomes`; the next one was shown."""
    texts = texts or ["An own attempt."] * len(outcomes)
    value = closed(asked, texts, finished=finished, **changes)
    answers = [answered(asked[n], n, text) for n, text in enumerate(texts)]
    gradings: list[Grading] = [
        samples.grading(answers[n].id, outcome, attempt=attempt) for n, all_ in enumerate(outcomes) for attempt, outcome in enumerate(all_)
    ]
    return report(value, {q.sha256: q for q in asked}, answers, gradings)


def closed(asked: Sequence[Question], texts: Sequence[str], *, finished: bool, **changes: Any) -> Interview:
    value = samples.interview(list(asked), **changes)
    turns = list(value.turns)
    for number, text in enumerate(texts):
        done = {"shown_at": START, "cause": Cause.SUBMITTED, "closed_at": START, "used": 30.0, "blank": not text.strip()}
        turns[number] = turns[number].model_copy(update=done)
    current = min(len(texts), len(turns) - 1)
    turns[current] = turns[current].model_copy(update={"shown_at": START})
    status = Status.FINISHED if finished else Status.RUNNING
    return value.model_copy(update={"turns": tuple(turns), "current": current, "status": status})
