"""Durable grading on real DBOS and SQLite: whatever dies when, an answer ends with exactly one outcome."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import pytest
from dbos import DBOS

from interviewer.domain.errors import StorageError
from interviewer.domain.grade import Grade
from interviewer.domain.interview import Event, Interview, Mode, Pace
from interviewer.domain.question import Question
from interviewer.grading.perform import perform
from interviewer.jobs import DbosJobs, teach_milliseconds
from interviewer.ports import GradingRequest
from interviewer.settings import ROOT, Settings
from interviewer.storage.engine import DATABASE
from interviewer.storage.store import SqlStore
from interviewer.wiring import build
from tests import samples
from tests.browser.server import OURS, until
from tests.fakes import FakeClock, FixedGrader, use_cases
from tests.openai_server import OpenAIServer, after, well

ANSWER = "Sentences of the candidate which must be graded once and never twice."
PROCESS = """
import os, signal, sys
from interviewer.settings import load
from interviewer.wiring import build

session, deed, text = sys.argv[1:]
app = build(load())
if deed != "submit and die":
    app.start()
if deed != "go on":
    app.interviews.show(app.interview(session))
    app.interviews.submit(session, 0, text)
if deed == "submit and die":
    os.kill(os.getpid(), signal.SIGKILL)
sys.stdin.read()
"""


def given(store: SqlStore, count: int = 1) -> Interview:
    """A stored interview without a clock."""
    asked = samples.questions(count)
    value = samples.interview(asked, mode=Mode.EXAM, pace=Pace.UNTIMED, seconds=None)
    store.create(value, asked, Event(kind="started", at=value.created_at, turn=0, data={}))
    return value


def submitted(store: SqlStore, clock: FakeClock, count: int = 1) -> list[GradingRequest]:
    """The open requests of that many answers."""
    value = given(store, count)
    interviews = use_cases(store, clock)
    for turn in range(count):
        interviews.show(store.interview(value.id))
        interviews.submit(value.id, turn, ANSWER)
    return store.open_requests()


def outcomes(home: Path) -> list[str]:
    """The keys in the table of outcomes, which has one row an outcome."""
    with closing(sqlite3.connect(home / DATABASE, timeout=10)) as database:
        return [key for (key,) in database.execute("SELECT key FROM gradings")]


def forget_outcomes(home: Path) -> None:
    with closing(sqlite3.connect(home / DATABASE, timeout=10)) as database, database:
        assert database.execute("DELETE FROM gradings").rowcount == 1


# a process killed with -9


@pytest.fixture
def process(home: Path, openai_server: OpenAIServer) -> Iterator[Callable[[Interview, str], subprocess.Popen[bytes]]]:
    """Start a process that uses the model of the scripted server, and does one deed with an interview."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    env |= {"INTERVIEWER_HOME": str(home), "OPENAI_BASE_URL": openai_server.url, "INTERVIEWER_GRADER_MODEL": "scripted"}
    started: list[subprocess.Popen[bytes]] = []

    def start(value: Interview, deed: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", PROCESS, value.id, deed, ANSWER]
        started.append(subprocess.Popen(command, env=env, cwd=ROOT, stdin=subprocess.PIPE))
        return started[-1]

    yield start
    for one in started:
        one.kill()
        one.communicate()


def kill9(process: subprocess.Popen[bytes]) -> None:
    os.kill(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL


def test_killed_while_grading_the_answer_is_graded_once_after_the_restart(
    store: SqlStore, home: Path, process, openai_server: OpenAIServer
) -> None:
    openai_server.otherwise = after(120)
    value = given(store)
    first = process(value, "submit")
    until(lambda: openai_server.requests, "the model's first request", seconds=60)
    kill9(first)
    (request,) = store.open_requests()

    openai_server.otherwise = well
    second = process(value, "go on")
    until(lambda: not store.open_requests(), "the outcome", seconds=60)
    kill9(second)
    (grading,) = store.gradings(value.id)
    assert grading.request == request
    assert isinstance(grading.outcome, Grade)
    assert outcomes(home) == [request.key]
    assert len(openai_server.requests) == 2


def test_killed_before_anything_was_queued_the_answer_is_graded_after_the_restart(
    store: SqlStore, home: Path, process, openai_server: OpenAIServer
) -> None:
    value = given(store)
    assert process(value, "submit and die").wait() == -signal.SIGKILL
    (request,) = store.open_requests()
    assert not (home / "jobs.sqlite3").exists()
    assert openai_server.requests == []

    process(value, "go on")
    until(lambda: not store.open_requests(), "the outcome", seconds=60)
    assert outcomes(home) == [request.key]
    assert [answer.text for answer in store.answers(value.id)] == [ANSWER]


# jobs in this process


class Performing:
    """The real `perform` with a fixed grader; counts its calls, may wait or fail first."""

    def __init__(self, store: SqlStore, clock: FakeClock, *, failures: int = 0) -> None:
        self.keys: list[str] = []
        self.grader = FixedGrader()
        self.go = threading.Event()
        self.go.set()
        self._failures = failures
        self._perform = partial(perform, store=store, graders={"embedded": self.grader}, clock=clock)

    def __call__(self, key: str) -> None:
        self.keys.append(key)
        assert self.go.wait(60)
        if len(self.keys) <= self._failures:
            raise StorageError("The disk is full.")
        self._perform(key)


@contextmanager
def at_work(home: Path, store: SqlStore, performing: Performing) -> Iterator[DbosJobs]:
    jobs = DbosJobs(home, store=store, perform=performing, workers=2)
    jobs.start()
    try:
        yield jobs
    finally:
        performing.go.set()
        jobs.stop()


def all_graded(store: SqlStore) -> None:
    until(lambda: not store.open_requests(), "every outcome", seconds=60)


def test_an_outcome_lost_with_an_old_backup_is_graded_anew(store: SqlStore, home: Path, clock: FakeClock) -> None:
    (request,) = submitted(store, clock)
    performing = Performing(store, clock)
    with at_work(home, store, performing):
        all_graded(store)
        forget_outcomes(home)
        all_graded(store)
    assert outcomes(home) == [request.key]
    assert performing.grader.calls == 2


def test_an_outcome_lost_while_nothing_ran_is_graded_anew(store: SqlStore, home: Path, clock: FakeClock) -> None:
    (request,) = submitted(store, clock)
    with at_work(home, store, Performing(store, clock)):
        all_graded(store)
    forget_outcomes(home)
    with at_work(home, store, Performing(store, clock)):
        all_graded(store)
    assert outcomes(home) == [request.key]


def test_a_grading_asked_for_twice_under_one_key_is_done_once(store: SqlStore, home: Path, clock: FakeClock) -> None:
    first, second = submitted(store, clock, 2)
    performing = Performing(store, clock)
    performing.go.clear()
    with at_work(home, store, performing) as jobs:
        until(lambda: len(performing.keys) == 2, "both jobs under way", seconds=60)
        assert store.request_grading(first) is False
        jobs.wake()
        jobs._queued.clear()  # as if this process had forgotten what it queued
        jobs._queue_open()
        performing.go.set()
        all_graded(store)
        assert store.request_grading(first) is False
        jobs._queue_open()
    assert sorted(performing.keys) == sorted([first.key, second.key])
    assert performing.grader.calls == 2


def test_a_job_that_the_store_failed_is_tried_again(store: SqlStore, home: Path, clock: FakeClock) -> None:
    (request,) = submitted(store, clock)
    performing = Performing(store, clock, failures=1)
    with at_work(home, store, performing):
        all_graded(store)
    assert performing.keys == [request.key] * 2
    assert outcomes(home) == [request.key]


def test_the_jobs_database_holds_keys_only(store: SqlStore, home: Path, clock: FakeClock) -> None:
    (request,) = submitted(store, clock)
    with at_work(home, store, Performing(store, clock)):
        all_graded(store)
        until(lambda: DBOS.list_workflows(workflow_ids=[request.key], status="SUCCESS"), "the job's end", seconds=60)
        (job,) = DBOS.list_workflows()
        (step,) = DBOS.list_workflow_steps(request.key)
        assert (job.workflow_id, job.input, job.output) == (request.key, {"args": (request.key,), "kwargs": {}}, request.key)
        assert step["output"] == request.key


class Watched(SqlStore):
    """Counts how often it was asked for open requests."""

    looks = 0

    def open_requests(self) -> list[GradingRequest]:
        self.looks += 1
        return super().open_requests()


def test_without_work_nothing_is_launched_until_it_is_woken(store: SqlStore, home: Path, clock: FakeClock) -> None:
    watched = Watched(store._reader)
    with at_work(home, watched, Performing(store, clock)) as jobs:
        until(lambda: watched.looks >= 2, "a second look")
        assert not (home / "jobs.sqlite3").exists()
        jobs.wake()
        until((home / "jobs.sqlite3").exists, "the launch", seconds=60)


# the whole app


def threads_to_wait_for() -> set[threading.Thread]:
    return {thread for thread in threading.enumerate() if not thread.daemon}


def test_stop_leaves_no_thread_that_somebody_must_wait_for(settings: Settings, bank) -> None:
    before = threads_to_wait_for()
    app = build(settings)
    asked: list[Question] = [bank.questions["rag-vs-plain-llm"]]
    value = samples.interview(asked, pace=Pace.UNTIMED, seconds=None)
    app.store.create(value, asked, Event(kind="started", at=value.created_at, turn=0, data={}))
    app.start()
    try:
        app.interviews.show(app.interview(value.id))
        app.interviews.submit(value.id, 0, ANSWER)
        until(lambda: not app.store.open_requests(), "the outcome", seconds=60)
        assert {"sweep", "queue gradings"} <= {thread.name for thread in threading.enumerate()}
    finally:
        app.stop()
    assert threads_to_wait_for() <= before
    assert not {"sweep", "queue gradings"} & {thread.name for thread in threading.enumerate()}


def test_an_old_sqlite_is_taught_the_milliseconds_that_dbos_asks_for() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        teach_milliseconds(connection, None)
        connection.execute("CREATE TABLE rows (id INTEGER, at INTEGER NOT NULL DEFAULT (unixepoch('subsec') * 1000))")
        connection.execute("INSERT INTO rows (id) VALUES (1)")
        ((at,),) = connection.execute("SELECT at FROM rows").fetchall()
    assert at == pytest.approx(time.time() * 1000, abs=60_000)
