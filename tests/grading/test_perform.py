"""One grading job over a real store: graded once, whatever happens, and never left waiting by a grader's own error."""

from __future__ import annotations

import logging
from datetime import datetime

import pytest

from interviewer.domain.errors import FailureReason, StorageError
from interviewer.domain.grade import Grade, Ungraded
from interviewer.domain.interview import Event
from interviewer.domain.question import Question
from interviewer.grading.perform import perform
from interviewer.ports import Answer, Grader
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
