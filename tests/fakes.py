"""Real implementations of the ports, made for tests: small, deterministic, no mocks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from random import Random

from interviewer.domain.grade import Grade, PointResult, Provenance, Ungraded, Verdict
from interviewer.domain.interview import Cause
from interviewer.domain.question import Question
from interviewer.domain.scoring import POLICY_1, band_of
from interviewer.interviews import Interviews
from interviewer.ports import Answer, GraderName, Store

START = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


class FakeClock:
    """Stands still until it is moved."""

    def __init__(self, now: datetime = START) -> None:
        self.moment = now

    def now(self) -> datetime:
        return self.moment

    def forward(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


class FixedGrader:
    """Meets the points whose ids it was given; or hands out an outcome."""

    name: GraderName = "embedded"

    def __init__(self, met: Iterable[str] = (), *, outcome: Grade | Ungraded | None = None) -> None:
        self.met, self.outcome, self.calls = set(met), outcome, 0

    def identity(self) -> str:
        return "fixed"

    def grade(self, question: Question, answer: Answer, *, attempt: int, now: datetime) -> Grade | Ungraded:
        self.calls += 1
        if self.outcome is not None:
            return self.outcome
        verdicts = {p.id: Verdict.MET if p.id in self.met else Verdict.NOT_MET for p in question.points}
        score = POLICY_1.score(question, verdicts)
        assert score is not None
        return Grade(
            score=score,
            band=band_of(score),
            points=tuple(PointResult(point=i, verdict=v) for i, v in verdicts.items()),
            provenance=provenance(question, now),
        )


def provenance(question: Question, now: datetime = START) -> Provenance:
    return Provenance(grader="embedded", question_id=question.id, question_sha256=question.sha256, policy=POLICY_1.name, graded_at=now)


def use_cases(store: Store, clock: FakeClock, *, grader: FixedGrader | None = None, seed: int = 1) -> Interviews:
    """The use cases over a store, with a fixed grader, chance from a seed, and ids that count up."""
    rng = Random(seed)
    return Interviews(
        store=store,
        clock=clock,
        graders={"embedded": grader or FixedGrader()},
        active_grader="embedded",
        rng=rng,
        new_id=lambda: f"{rng.getrandbits(128):032x}",
    )


def answer_of(question: Question, text: str, *, cause: Cause = Cause.SUBMITTED, hints: int = 0) -> Answer:
    return Answer(
        id="a" * 32,
        owner_id="local",
        interview_id="b" * 32,
        turn=0,
        question_sha256=question.sha256,
        text=text,
        cause=cause,
        submitted_at=START,
        used=30.0,
        hints=hints,
    )
