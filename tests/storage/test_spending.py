"""Money spent is spent: each grading's cost is kept once, in its session's sum and the day's, also after the session is deleted."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from interviewer.domain.grade import Grade, Provenance, Ungraded
from interviewer.ports import GradingRequest
from interviewer.storage.engine import DATABASE, HEAD, backup
from interviewer.storage.store import SqlStore
from tests.fakes import START, provenance
from tests.samples import SESSION, failure, grade
from tests.storage.test_store import ASKED, answered

OTHER = "0ther" * 6
BEFORE = START - timedelta(days=365)


def asked(cost: float | None, *, second: Provenance | None = None, at: datetime = START, calls: int = 1) -> Provenance:
    return provenance(ASKED[0], at).model_copy(update={"grader": "llm", "calls": calls, "cost": cost, "second": second})


def graded(cost: float | None, *, second: Provenance | None = None, at: datetime = START, score: float = 70.0) -> Grade:
    return grade(ASKED[0], score, provenance=asked(cost, second=second, at=at))


def again(request: GradingRequest, attempt: int) -> GradingRequest:
    return replace(request, key=f"{request.key}-{attempt}", attempt=attempt)


def test_nothing_is_spent_at_first(store: SqlStore) -> None:
    assert (store.spent(since=BEFORE), store.spent_in(SESSION)) == (0.0, 0.0)


def test_every_attempt_counts_failed_ones_and_second_opinions_too(store: SqlStore) -> None:
    _, request = answered(store)
    outcomes: list[Grade | Ungraded] = [
        graded(0.01, second=asked(0.002)),
        failure(ASKED[0]).model_copy(update={"provenance": asked(0.03)}),
        graded(None, second=asked(0.1)),
        graded(None),
        grade(ASKED[0], provenance=asked(5.0, calls=0)),
    ]
    for attempt, outcome in enumerate(outcomes):
        store.request_grading(again(request, attempt))
        store.add_grading(again(request, attempt), outcome)
    assert store.spent_in(SESSION) == pytest.approx(0.142)
    assert store.spent(since=BEFORE) == pytest.approx(0.142)


def test_a_sum_counts_from_its_moment_on(store: SqlStore) -> None:
    _, request = answered(store)
    for attempt, hours in enumerate((0, 12, 24)):
        store.request_grading(again(request, attempt))
        store.add_grading(again(request, attempt), graded(1.0, at=START + timedelta(hours=hours)))
    assert store.spent(since=START + timedelta(hours=12)) == 2.0
    assert store.spent(since=START + timedelta(hours=12, microseconds=1)) == 1.0


def test_a_session_is_told_from_another_and_the_day_has_both(store: SqlStore) -> None:
    for id_, cost in ((SESSION, 0.25), (OTHER, 0.5)):
        _, request = answered(store, id_)
        store.add_grading(request, graded(cost))
    assert (store.spent_in(SESSION), store.spent_in(OTHER), store.spent(since=BEFORE)) == (0.25, 0.5, 0.75)


def test_the_same_outcome_stored_twice_was_paid_for_once(store: SqlStore) -> None:
    _, request = answered(store)
    store.add_grading(request, graded(0.25))
    store.add_grading(request, graded(0.25))
    assert store.spent_in(SESSION) == 0.25


def test_an_outcome_that_came_second_is_dropped_but_was_paid_for(store: SqlStore) -> None:
    _, request = answered(store)
    store.add_grading(request, graded(0.25, score=90.0))
    store.add_grading(request, graded(0.25, score=10.0))
    assert store.spent_in(SESSION) == 0.5
    (kept,) = store.gradings(SESSION)
    assert isinstance(kept.outcome, Grade)
    assert kept.outcome.score == 90.0


def test_a_deleted_session_stays_in_the_days_sum(store: SqlStore) -> None:
    _, request = answered(store)
    store.add_grading(request, graded(0.25))
    store.delete(SESSION, owner_id="local")
    assert (store.spent(since=BEFORE), store.spent_in(SESSION)) == (0.25, 0.0)


def test_a_session_deleted_while_it_is_graded_was_paid_for(store: SqlStore) -> None:
    _, request = answered(store)
    store.delete(SESSION, owner_id="local")
    store.add_grading(request, graded(0.25))
    assert store.spent(since=BEFORE) == 0.25
    assert store.grading(request.key) is None


def test_what_outlives_a_session_does_not_name_it_backups_included(store: SqlStore, home: Path) -> None:
    _, request = answered(store)
    store.add_grading(request, graded(0.25))
    copy = backup(home / DATABASE, HEAD)
    assert SESSION.encode() in copy.read_bytes()
    store.delete(SESSION, owner_id="local")
    for path in (home / DATABASE, copy):
        with closing(sqlite3.connect(path)) as database:
            assert database.execute("SELECT interview_id, cost FROM spending").fetchall() == [(None, 0.25)]
        assert SESSION.encode() not in path.read_bytes()
        assert request.key.encode() not in path.read_bytes()
