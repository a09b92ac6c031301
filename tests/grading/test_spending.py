"""Limits on what grading costs: a model is asked only while there is room, also when many ask at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Event

import pytest

from interviewer.domain.errors import FailureReason, ModelError
from interviewer.domain.grade import Grade
from interviewer.grading.spending import Spending, day_of
from interviewer.storage.store import SqlStore
from tests import samples
from tests.fakes import START, FakeClock, provenance
from tests.storage.test_store import ASKED, answered

THREADS = 8
ONE, TWO = "one" * 8, "two" * 8


def spend(store: SqlStore, id_: str, cost: float, *, clock: FakeClock, attempt: int = 0) -> None:
    """Store one more grading of the session that cost this much."""
    (first, *_) = store.gradings(id_)
    request = replace(first.request, key=f"{id_}/{attempt}", attempt=attempt + 1)
    store.request_grading(request)
    source = provenance(ASKED[0], clock.now()).model_copy(update={"grader": "llm", "calls": 1, "cost": cost})
    outcome: Grade = samples.grade(ASKED[0], provenance=source)
    store.add_grading(request, outcome)


@pytest.fixture
def sessions(store: SqlStore) -> SqlStore:
    """Two sessions with an answer each."""
    for id_ in (ONE, TWO):
        answered(store, id_)
    return store


def refusal(spending: Spending, id_: str, expected: float) -> str:
    """Why this is not begun, in the user's words; empty when it may begin."""
    try:
        with spending.reserve(id_, expected):
            return ""
    except ModelError as error:
        assert error.reason is FailureReason.SPENT
        return str(error)


def test_without_a_limit_everything_may_begin(sessions: SqlStore, clock: FakeClock) -> None:
    spend(sessions, ONE, 1000.0, clock=clock)
    assert refusal(Spending(sessions, clock, session=None, day=None), ONE, 1000.0) == ""


def test_a_session_at_its_limit_is_told_so(sessions: SqlStore, clock: FakeClock) -> None:
    spending = Spending(sessions, clock, session=0.5, day=None)
    spend(sessions, ONE, 0.52, clock=clock)
    assert refusal(spending, ONE, 0.0) == (
        "The limit of USD 0.50 for one session is reached (USD 0.52 spent). "
        "Your answer is kept: take the built-in estimate, or raise INTERVIEWER_SPEND_SESSION and try again."
    )
    assert refusal(spending, TWO, 0.0) == ""


def test_exactly_the_limit_may_be_spent_and_then_nothing(sessions: SqlStore, clock: FakeClock) -> None:
    spending = Spending(sessions, clock, session=0.5, day=None)
    assert refusal(spending, ONE, 0.5) == ""
    spend(sessions, ONE, 0.5, clock=clock)
    assert "is reached" in refusal(spending, ONE, 0.0)


def test_what_would_go_over_the_limit_is_told_with_its_sums(sessions: SqlStore, clock: FakeClock) -> None:
    spending = Spending(sessions, clock, session=0.5, day=None)
    assert refusal(spending, ONE, 0.75).startswith(
        "Grading this answer is expected to cost USD 0.75; that is over the limit of USD 0.50 for one session. Your answer is kept:"
    )
    spend(sessions, ONE, 0.25, clock=clock)
    with spending.reserve(ONE, 0.125):
        assert refusal(spending, ONE, 0.25).startswith(
            "Grading this answer is expected to cost USD 0.25; that, with USD 0.25 spent and USD 0.125 expected for answers being graded "
            "now, is over the limit of USD 0.50 for one session."
        )
        assert refusal(spending, ONE, 0.125) == ""
        assert refusal(spending, TWO, 0.25) == ""


def test_a_day_counts_every_session_and_ends_at_midnight_utc(sessions: SqlStore, clock: FakeClock) -> None:
    spending = Spending(sessions, clock, session=None, day=1.0)
    spend(sessions, ONE, 0.75, clock=clock)
    spend(sessions, TWO, 0.5, clock=clock)
    assert refusal(spending, TWO, 0.0).startswith("The limit of USD 1.00 for one day (UTC) is reached (USD 1.25 spent).")
    assert "INTERVIEWER_SPEND_DAY" in refusal(spending, TWO, 0.0)
    left = (day_of(START) + timedelta(days=1) - START).total_seconds()
    clock.forward(left - 1)
    assert refusal(spending, TWO, 0.0)
    clock.forward(1)
    assert refusal(spending, TWO, 0.0) == ""


def test_what_runs_in_another_session_counts_for_the_day_only(sessions: SqlStore, clock: FakeClock) -> None:
    spending = Spending(sessions, clock, session=0.5, day=0.75)
    with spending.reserve(ONE, 0.5):
        assert "for one day" in refusal(spending, TWO, 0.375)
        assert refusal(spending, TWO, 0.25) == ""


def test_deleting_a_session_buys_nothing_back(sessions: SqlStore, clock: FakeClock) -> None:
    spending = Spending(sessions, clock, session=None, day=0.5)
    spend(sessions, ONE, 0.5, clock=clock)
    sessions.delete(ONE, owner_id="local")
    assert "is reached" in refusal(spending, TWO, 0.0)


@pytest.mark.parametrize("error", [ModelError(FailureReason.TIMEOUT, "No reply."), KeyboardInterrupt()])
def test_a_reservation_ends_with_a_failure(sessions: SqlStore, clock: FakeClock, error: BaseException) -> None:
    spending = Spending(sessions, clock, session=0.5, day=None)
    with pytest.raises(type(error)), spending.reserve(ONE, 0.5):
        raise error
    assert refusal(spending, ONE, 0.5) == ""


def test_of_many_at_once_only_as_many_begin_as_there_is_room_for(sessions: SqlStore, clock: FakeClock) -> None:
    """All ask before any has ended: without reservations every one of them would find nothing spent."""
    spending = Spending(sessions, clock, session=0.5, day=None)
    barrier, over = Barrier(THREADS), Event()

    def run(_number: int) -> bool:
        barrier.wait(timeout=30)
        try:
            with spending.reserve(ONE, 0.125):
                assert over.wait(timeout=30)
                return True
        except ModelError:
            return False
        finally:
            refused.append(1)
            if len(refused) == THREADS - 4:
                over.set()

    refused: list[int] = []
    with ThreadPoolExecutor(THREADS) as pool:
        begun = list(pool.map(run, range(THREADS)))
    assert begun.count(True) == 4


def test_many_gradings_at_once_never_spend_more_than_was_allowed(sessions: SqlStore, clock: FakeClock) -> None:
    """Eight threads grade until they are refused; each costs what was expected, and the store has every cent."""
    spending = Spending(sessions, clock, session=0.5, day=0.75)

    def run(number: int) -> None:
        for turn in range(20):
            id_ = (ONE, TWO)[(number + turn) % 2]
            try:
                with spending.reserve(id_, 0.0625):
                    spend(sessions, id_, 0.0625, clock=clock, attempt=number * 100 + turn)
            except ModelError:
                continue

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(run, range(THREADS)))
    assert sessions.spent(since=day_of(clock.now())) == 0.75
    assert max(sessions.spent_in(ONE), sessions.spent_in(TWO)) <= 0.5
