"""What a session came to: each answer with its gradings, averages over grades only, and how many are missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from interviewer.domain.grade import Band, Grade, Ungraded
from interviewer.domain.interview import Cause, Interview, Mode, Status, Turn
from interviewer.domain.question import Question, Topic
from interviewer.domain.scoring import band_of, reaches
from interviewer.ports import Answer, Grading


class Progress(StrEnum):
    """Where one question of the session stands."""

    NOT_REACHED = "not_reached"
    OPEN = "open"
    PENDING = "pending"
    GRADED = "graded"
    FAILED = "failed"


CONFIDENCE = {None: "", True: ", sure", False: ", unsure"}
"""After a verdict: what its grader says of itself. A grader that says nothing adds nothing."""


@dataclass(frozen=True, kw_only=True)
class Item:
    """One question of the session. `outcome` is the latest one; an estimate never hides a model's grade."""

    number: int
    turn: Turn
    question: Question
    answer: Answer | None
    gradings: tuple[Grading, ...]
    outcome: Grade | Ungraded | None
    progress: Progress

    @property
    def grade(self) -> Grade | None:
        """The grade, if there is one."""
        return self.outcome if isinstance(self.outcome, Grade) else None


@dataclass(frozen=True, kw_only=True)
class Average:
    """A mean over `graded` grades of one sort; `missing` answers have no grade of any sort (yet)."""

    score: float | None
    graded: int
    missing: int
    estimate: bool

    @property
    def band(self) -> Band | None:
        """The band of the mean."""
        return None if self.score is None else band_of(self.score)


@dataclass(frozen=True, kw_only=True)
class Report:
    """A session looked back on. `others` counts grades of the other sort, which the average leaves out."""

    interview: Interview
    items: tuple[Item, ...]
    overall: Average
    others: int
    topics: tuple[tuple[Topic, Average], ...]
    pending: int
    failed: int
    not_reached: int

    @property
    def readable(self) -> bool:
        """Whether anything may be read yet: an exam is closed until its end."""
        return self.interview.status is Status.FINISHED or self.interview.mode is Mode.STUDY

    def revealed(self, item: Item) -> bool:
        """Whether the answer to this question may be read: at the end, or in study after an own attempt."""
        return self.interview.status is Status.FINISHED or (self.readable and item.answer is not None and not item.turn.blank)

    @property
    def passed(self) -> bool | None:
        """Whether the track's band was reached; None unless every question was asked and graded."""
        whole = self.interview.status is Status.FINISHED and not (self.not_reached or self.pending or self.failed or self.others)
        if not whole or self.overall.band is None:
            return None
        return reaches(self.overall.band, self.interview.pass_band)


def report(interview: Interview, questions: Mapping[str, Question], answers: Sequence[Answer], gradings: Sequence[Grading]) -> Report:
    """Put rows together. `questions` by sha256, as asked."""
    by_turn = {answer.turn: answer for answer in answers}
    items = tuple(
        _item(interview, number, turn, questions[turn.question_sha256], by_turn.get(number), gradings)
        for number, turn in enumerate(interview.turns)
    )
    count = {progress: sum(item.progress is progress for item in items) for progress in Progress}
    estimate = _estimates(items)
    return Report(
        interview=interview,
        items=items,
        overall=average(items, estimate=estimate),
        others=sum(1 for item in items if item.grade and not item.grade.gate and item.grade.estimate is not estimate),
        topics=tuple(
            (topic, average([i for i in items if i.turn.topic is topic], estimate=estimate))
            for topic in Topic
            if any(i.turn.topic is topic and i.answer for i in items)
        ),
        pending=count[Progress.PENDING],
        failed=count[Progress.FAILED],
        not_reached=count[Progress.NOT_REACHED],
    )


def average(items: Iterable[Item], *, estimate: bool) -> Average:
    """The mean of the grades of one sort. Answers that needed no grader (blank, passed) count with both sorts."""
    answered = [item for item in items if item.answer]
    scores = [i.grade.score for i in answered if i.grade and (i.grade.gate or i.grade.estimate is estimate)]
    return Average(
        score=round(sum(scores) / len(scores), 1) if scores else None,
        graded=len(scores),
        missing=sum(1 for i in answered if i.grade is None),
        estimate=estimate,
    )


def _estimates(items: Iterable[Item]) -> bool:
    """Whether this session's average is one of estimates: only when no model has graded anything in it."""
    graded = [item.grade for item in items if item.grade and not item.grade.gate]
    return bool(graded) and all(grade.estimate for grade in graded)


def _item(interview: Interview, number: int, turn: Turn, question: Question, answer: Answer | None, gradings: Sequence[Grading]) -> Item:
    mine = tuple(g for g in gradings if answer and g.request.answer_id == answer.id)
    outcome = _latest(mine)
    if answer is None:
        over = interview.status is Status.FINISHED
        progress = Progress.NOT_REACHED if over or turn.shown_at is None else Progress.OPEN
    elif not mine or any(g.outcome is None for g in mine):
        progress = Progress.PENDING
    else:
        progress = Progress.GRADED if isinstance(outcome, Grade) else Progress.FAILED
    return Item(number=number, turn=turn, question=question, answer=answer, gradings=mine, outcome=outcome, progress=progress)


def _latest(gradings: Sequence[Grading]) -> Grade | Ungraded | None:
    """The latest model grade, else the latest estimate, else the latest failure."""
    outcomes = [g.outcome for g in gradings if g.outcome is not None]
    grades = [o for o in outcomes if isinstance(o, Grade)]
    for choice in ([g for g in grades if not g.estimate], grades, outcomes):
        if choice:
            return choice[-1]
    return None


def time_used(turn: Turn) -> str:
    """Minutes and seconds, as "2:05"; "-" for a question that was not closed."""
    if turn.cause is None:
        return "-"
    whole, seconds = divmod(round(turn.used), 60)
    return f"{whole}:{seconds:02d}"


def time_allowed(turn: Turn) -> str:
    """ " of 3:00", at the pace of the session; empty where no clock ran."""
    if turn.deadline is None or turn.shown_at is None:
        return ""
    whole, seconds = divmod(round((turn.deadline - turn.shown_at).total_seconds()), 60)
    return f" of {whole}:{seconds:02d}"


CAUSES = {
    Cause.SUBMITTED: "submitted",
    Cause.TIMED_OUT: "time ran out",
    Cause.SKIPPED: "skipped",
    Cause.DONT_KNOW: "“I don't know”",
    Cause.ENDED: "interview ended early",
}
