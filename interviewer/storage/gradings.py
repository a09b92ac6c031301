"""Gradings in the database: what was asked for, what came of it, and what it cost. The caller holds the transaction."""

from __future__ import annotations

from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Connection, func, insert, select
from sqlalchemy.engine import Row

from interviewer.domain.grade import Grade, Outcome, Ungraded
from interviewer.ports import Grading, GradingRequest
from interviewer.storage import tables as t

OUTCOME: TypeAdapter[Grade | Ungraded] = TypeAdapter(Outcome)
_GRADINGS = select(t.grading_requests, t.gradings.c.content).outerjoin(t.gradings, t.gradings.c.key == t.grading_requests.c.key)


def ask(c: Connection, request: GradingRequest) -> bool:
    """Ask for a grading; False when the same key was asked for before."""
    if c.execute(select(t.grading_requests.c.key).where(t.grading_requests.c.key == request.key)).first():
        return False
    c.execute(insert(t.grading_requests).values(**vars(request)))
    return True


def one(c: Connection, key: str) -> Grading | None:
    """One request with its outcome; None when its interview was deleted."""
    row = c.execute(_GRADINGS.where(t.grading_requests.c.key == key)).first()
    return _grading(row) if row else None


def open_requests(c: Connection) -> list[GradingRequest]:
    """Requests without an outcome, oldest first."""
    query = _GRADINGS.where(t.gradings.c.key.is_(None)).order_by(t.grading_requests.c.requested_at)
    return [_request(row) for row in c.execute(query).all()]


def of_interview(c: Connection, interview_id: str) -> list[Grading]:
    """All of an interview's gradings, oldest request first."""
    query = (
        _GRADINGS.join(t.answers, t.answers.c.id == t.grading_requests.c.answer_id)
        .where(t.answers.c.interview_id == interview_id)
        .order_by(t.grading_requests.c.attempt, t.grading_requests.c.requested_at)
    )
    return [_grading(row) for row in c.execute(query).all()]


def add(c: Connection, request: GradingRequest, outcome: Grade | Ungraded) -> None:
    """Append an outcome; a second one of the same key, or one of a deleted answer, adds only what it cost."""
    interview_id = _interview_of(c, request.key)
    given = c.execute(select(t.gradings.c.content).where(t.gradings.c.key == request.key)).scalar()
    content = outcome.model_dump_json()
    if given == content:
        return  # the same outcome again: it was paid for once
    _spend(c, interview_id, outcome)
    if given is not None or interview_id is None:
        return
    c.execute(
        insert(t.gradings).values(
            key=request.key,
            owner_id=request.owner_id,
            score=outcome.score if isinstance(outcome, Grade) else None,
            estimate=isinstance(outcome, Grade) and outcome.estimate,
            content=content,
            graded_at=outcome.provenance.graded_at,
        )
    )


def spent(c: Connection, *, since: datetime) -> float:
    """USD all gradings cost since then, deleted interviews' included."""
    return _sum(c, t.spending.c.at >= since)


def spent_in(c: Connection, interview_id: str) -> float:
    """USD an interview's gradings cost so far."""
    return _sum(c, t.spending.c.interview_id == interview_id)


def _sum(c: Connection, where: ColumnElement[bool]) -> float:
    return float(c.execute(select(func.sum(t.spending.c.cost)).where(where)).scalar() or 0.0)


def _spend(c: Connection, interview_id: str | None, outcome: Grade | Ungraded) -> None:
    """Money that was spent stays spent, whatever becomes of the grade. Nothing is written where no price is known."""
    source = outcome.provenance
    cost = sum(part for part in source.costs if part is not None)
    if cost > 0:
        c.execute(insert(t.spending).values(interview_id=interview_id, at=source.graded_at, cost=cost))


def _interview_of(c: Connection, key: str) -> str | None:
    """Whose grading this is; None when the interview was deleted."""
    query = (
        select(t.answers.c.interview_id)
        .join(t.grading_requests, t.grading_requests.c.answer_id == t.answers.c.id)
        .where(t.grading_requests.c.key == key)
    )
    found: str | None = c.execute(query).scalar()
    return found


def _request(row: Row[tuple[object, ...]]) -> GradingRequest:
    values = row._mapping
    return GradingRequest(**{c.name: values[c.name] for c in t.grading_requests.columns})


def _grading(row: Row[tuple[object, ...]]) -> Grading:
    content = row._mapping["content"]
    return Grading(request=_request(row), outcome=OUTCOME.validate_json(content) if content else None)
