"""One grading job over a real store: graded once, whatever happens, and never left waiting by a grader's own error."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from interviewer.domain.errors import FailureReason, ModelError, StorageError
from interviewer.domain.grade import Grade, Ungraded
from interviewer.domain.interview import Event
from interviewer.domain.question import Question
from interviewer.grading.perform import perform
from interviewer.grading.spending import Spending
from interviewer.ports import Answer, Grader, GradingRequest
from interviewer.storage.engine import open_engine
from interviewer.storage.store import SqlStore
from tests import samples
from tests.fakes import FakeClock, FixedGrader, use_cases
from tests.grading import scripted
from tests.openai_server import OpenAIServer, status


class Failing(FixedGrader):
    """Raises instead of grading."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def grade(self, question: Question, answer: Answer, *, attempt: int, now: datetime) -> Grade | Ungraded:
        raise self.error


class Deleting(FixedGrader):
    """The candidate deletes the interview while it is being graded."""

    def __init__(self, store: SqlStore) -> None:
        super().__init__()
        self.store = store

    def grade(self, question: Question, answer: Answer, *, attempt: int, now: datetime) -> Grade | Ungraded:
        self.store.delete(samples.SESSION, owner_id="local")
        return super().grade(question, answer, attempt=attempt, now=now)


@pytest.fixture
def key(store: SqlStore, clock: FakeClock) -> str:
    """The key of the one open request: an answer about LoRA has just been submitted."""
    value = samples.interview([scripted.LORA])
    store.create(value, [scripted.LORA], Event(kind="started", at=clock.now(), turn=0, data={}))
    interviews = use_cases(store, clock)
    interviews.show(value)
    interviews.submit(value.id, 0, scripted.ANSWER)
    (request,) = store.open_requests()
    return request.key


@pytest.fixture
def paid_key(store: SqlStore, key: str) -> str:
    """The key of a request for the model, about the same answer."""
    (request,) = store.open_requests()
    asked = replace(request, key="f" * 64, grader="llm", attempt=1)
    store.request_grading(asked)
    return asked.key


class Paid(FixedGrader):
    """A model's grader: each grading costs a quarter of a dollar."""

    name = "llm"

    def grade(self, question: Question, answer: Answer, *, attempt: int, now: datetime) -> Grade | Ungraded:
        done = super().grade(question, answer, attempt=attempt, now=now)
        source = done.provenance.model_copy(update={"grader": "llm", "calls": 1, "cost": 0.25})
        return done.model_copy(update={"provenance": source})


def limited(store: SqlStore, clock: FakeClock, key: str, *, session: float, grader: Grader, expected: float | None = 0.25) -> Spending:
    spending = Spending(store, clock, session=session, day=None)
    perform(key, store=store, graders={"llm": grader}, clock=clock, spending=spending, expected=lambda _question, _answer: expected)
    return spending


def outcome(store: SqlStore, key: str) -> Grade | Ungraded:
    found = store.grading(key)
    assert found is not None
    assert found.outcome is not None
    return found.outcome


def run(store: SqlStore, key: str, grader: Grader, clock: FakeClock) -> None:
    perform(key, store=store, graders={"embedded": grader}, clock=clock)


def test_the_outcome_is_stored_with_its_request(store: SqlStore, clock: FakeClock, key: str) -> None:
    run(store, key, FixedGrader(met=["frozen"]), clock)
    graded = outcome(store, key)
    assert isinstance(graded, Grade)
    assert graded.score == 40
    assert store.open_requests() == []


def test_a_job_that_runs_twice_grades_once(store: SqlStore, clock: FakeClock, key: str) -> None:
    grader = FixedGrader(met=["frozen"])
    run(store, key, grader, clock)
    run(store, key, grader, clock)
    assert grader.calls == 1


def test_an_unknown_key_changes_nothing(store: SqlStore, clock: FakeClock, key: str) -> None:
    grader = FixedGrader()
    run(store, "0" * 64, grader, clock)
    assert grader.calls == 0
    assert len(store.open_requests()) == 1


def test_an_interview_deleted_before_is_not_graded(store: SqlStore, clock: FakeClock, key: str) -> None:
    store.delete(samples.SESSION, owner_id="local")
    grader = FixedGrader()
    run(store, key, grader, clock)
    assert grader.calls == 0


def test_an_interview_deleted_meanwhile_stays_deleted(store: SqlStore, clock: FakeClock, key: str) -> None:
    run(store, key, Deleting(store), clock)
    assert store.grading(key) is None


def test_a_grader_that_is_no_longer_set_is_said(store: SqlStore, clock: FakeClock, key: str) -> None:
    perform(key, store=store, graders={}, clock=clock)
    graded = outcome(store, key)
    assert isinstance(graded, Ungraded)
    assert graded.reason is FailureReason.UNREACHABLE
    assert "No model is set any more. Your answer is kept" in graded.sentence


def test_a_graders_own_error_ends_in_ungraded(store: SqlStore, clock: FakeClock, key: str, caplog: pytest.LogCaptureFixture) -> None:
    run(store, key, Failing(ZeroDivisionError("oops")), clock)
    graded = outcome(store, key)
    assert isinstance(graded, Ungraded)
    assert graded.reason is FailureReason.INTERNAL
    assert "Your answer is kept" in graded.sentence
    assert "ZeroDivisionError" in caplog.text
    assert key in caplog.text


def test_the_log_holds_no_candidate_text(store: SqlStore, clock: FakeClock, key: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    run(store, key, Failing(ValueError(scripted.ANSWER)), clock)
    assert "base weights" not in caplog.text
    assert "base weights" not in outcome(store, key).model_dump_json()


def test_a_storage_error_is_left_to_the_next_try(store: SqlStore, clock: FakeClock, key: str) -> None:
    with pytest.raises(StorageError):
        run(store, key, Failing(StorageError("The disk is full.")), clock)
    assert len(store.open_requests()) == 1


def test_an_endpoints_failure_is_stored_without_its_words(store: SqlStore, clock: FakeClock, key: str, openai_server: OpenAIServer) -> None:
    openai_server.otherwise = status(401)
    run(store, key, scripted.grader(openai_server.url), clock)
    graded = outcome(store, key)
    assert isinstance(graded, Ungraded)
    assert graded.reason is FailureReason.KEY_REJECTED
    assert scripted.KEY not in graded.model_dump_json()


def test_a_models_grade_is_read_back_as_it_was(store: SqlStore, clock: FakeClock, key: str, openai_server: OpenAIServer) -> None:
    openai_server.otherwise = scripted.met("frozen", "low-rank", "optimizer")
    run(store, key, scripted.grader(openai_server.url), clock)
    graded = outcome(store, key)
    assert isinstance(graded, Grade)
    assert (graded.score, graded.provenance.graded_at) == (100, clock.now())


# limits on what it costs


def test_within_the_limit_the_model_is_asked_and_its_cost_is_kept(store: SqlStore, clock: FakeClock, paid_key: str) -> None:
    spending = limited(store, clock, paid_key, session=0.5, grader=Paid(met=["frozen"]))
    assert isinstance(outcome(store, paid_key), Grade)
    assert store.spent_in(samples.SESSION) == 0.25
    with spending.reserve(samples.SESSION, 0.25):
        pass  # what was set aside before is free again


@pytest.mark.parametrize("expected", [0.25, None], ids=["price known", "no price known"])
def test_over_the_limit_no_model_is_asked(store: SqlStore, clock: FakeClock, paid_key: str, expected: float | None) -> None:
    limited(store, clock, paid_key, session=0.25, grader=Paid())
    (request,) = [g.request for g in store.gradings(samples.SESSION) if g.request.key == paid_key]
    again = replace(request, key="e" * 64, attempt=2)
    store.request_grading(again)
    grader = Paid()
    limited(store, clock, again.key, session=0.25, grader=grader, expected=expected)
    refused = outcome(store, again.key)
    assert isinstance(refused, Ungraded)
    assert (grader.calls, refused.reason) == (0, FailureReason.SPENT)
    assert refused.sentence.startswith("The limit of USD 0.25 for one session is reached (USD 0.25 spent). Your answer is kept")
    assert refused.provenance.costs == ()
    assert store.spent_in(samples.SESSION) == 0.25


def test_the_estimate_is_free_and_never_refused(store: SqlStore, clock: FakeClock, key: str) -> None:
    spending = Spending(store, clock, session=0.25, day=0.25)
    perform(key, store=store, graders={"embedded": FixedGrader()}, clock=clock, spending=spending, expected=lambda _q, _a: 9.0)
    assert isinstance(outcome(store, key), Grade)


def test_an_answer_that_a_gate_settles_is_free_and_never_refused(store: SqlStore, clock: FakeClock) -> None:
    value = samples.interview([scripted.LORA])
    store.create(value, [scripted.LORA], Event(kind="started", at=clock.now(), turn=0, data={}))
    interviews = use_cases(store, clock)
    interviews.show(value)
    interviews.submit(value.id, 0, "I don't know.")
    (request,) = store.open_requests()
    asked = replace(request, key="f" * 64, grader="llm", attempt=1)
    store.request_grading(asked)
    limited(store, clock, asked.key, session=0.25, grader=FixedGrader(), expected=9.0)
    assert isinstance(outcome(store, asked.key), Grade)


def test_without_its_grader_a_limit_is_not_what_is_told(store: SqlStore, clock: FakeClock, paid_key: str) -> None:
    spending = Spending(store, clock, session=0.25, day=None)
    perform(paid_key, store=store, graders={}, clock=clock, spending=spending, expected=lambda _q, _a: 9.0)
    refused = outcome(store, paid_key)
    assert isinstance(refused, Ungraded)
    assert refused.reason is FailureReason.UNREACHABLE


@pytest.mark.parametrize(
    "error",
    [ZeroDivisionError("oops"), ModelError(FailureReason.TIMEOUT, "No reply.")],
    ids=["own error", "model error"],
)
def test_what_was_set_aside_is_free_after_a_failure(store: SqlStore, clock: FakeClock, paid_key: str, error: Exception) -> None:
    spending = limited(store, clock, paid_key, session=0.25, grader=Failing(error))
    assert isinstance(outcome(store, paid_key), Ungraded)
    with spending.reserve(samples.SESSION, 0.25):
        pass


class Asking(SqlStore):
    """Asks for room in the same session a moment before an outcome is stored."""

    spending: Spending

    def add_grading(self, request: GradingRequest, outcome: Grade | Ungraded) -> None:
        with (
            pytest.raises(ModelError, match=r"USD 0\.25 expected for answers being graded now"),
            self.spending.reserve(samples.SESSION, 0.25),
        ):
            pass
        super().add_grading(request, outcome)


def test_what_was_set_aside_is_held_until_the_cost_is_stored(home: Path, store: SqlStore, clock: FakeClock, paid_key: str) -> None:
    engine = open_engine(home)
    asking = Asking(engine)
    asking.spending = Spending(asking, clock, session=0.375, day=None)
    perform(paid_key, store=asking, graders={"llm": Paid()}, clock=clock, spending=asking.spending, expected=lambda _q, _a: 0.25)
    engine.dispose()
    assert store.spent_in(samples.SESSION) == 0.25


class Stuck(SqlStore):
    """Cannot store an outcome as often as it is told."""

    failures = 0

    def add_grading(self, request: GradingRequest, outcome: Grade | Ungraded) -> None:
        if self.failures:
            self.failures -= 1
            raise StorageError("The disk is full.")
        super().add_grading(request, outcome)


def test_what_could_not_be_stored_is_not_paid_for_again(home: Path, store: SqlStore, clock: FakeClock, paid_key: str) -> None:
    stuck, grader, unsaved = Stuck(open_engine(home)), Paid(), dict[str, Grade | Ungraded]()
    stuck.failures = 3
    for _ in range(3):
        with pytest.raises(StorageError):
            perform(paid_key, store=stuck, graders={"llm": grader}, clock=clock, unsaved=unsaved)
    perform(paid_key, store=stuck, graders={"llm": grader}, clock=clock, unsaved=unsaved)
    stuck.close()
    assert (grader.calls, unsaved) == (1, {})
    assert isinstance(outcome(store, paid_key), Grade)
