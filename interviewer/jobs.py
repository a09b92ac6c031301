"""Durable grading on DBOS: a killed process finishes after its restart what it had begun.

The request rows are the truth; a request without an outcome is queued (again), under its key as workflow id, so that a
job is never doubled. Jobs carry and return keys only, because DBOS keeps arguments and results.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Engine, event

from interviewer.ports import Store
from interviewer.sweeper import Repeating

QUEUE = "gradings"
POLL = 0.2
AHEAD = 2
"""Jobs taken from the queue for each call allowed at once: the next is at hand when a call ends, not a poll later."""
ENDED = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
NAME = "interviewer"


def teach_milliseconds(connection: object, _record: object) -> None:
    """From Python 3.12 on DBOS asks SQLite for milliseconds, which it knows since 3.42; Debian 12 and Ubuntu 22.04 have older ones."""
    if isinstance(connection, sqlite3.Connection):
        connection.create_function("unixepoch", -1, lambda *_: time.time_ns() / 1e9)


if sqlite3.sqlite_version_info < (3, 42):
    event.listen(Engine, "connect", teach_milliseconds)


class DbosJobs:
    """One per process, as DBOS is. It is launched in the background, when there is work."""

    def __init__(self, home: Path, *, store: Store, perform: Callable[[str], None], workers: int, url: str = "") -> None:
        self._url = url or f"sqlite:///{home / 'jobs.sqlite3'}"
        self._store, self._perform, self._workers = store, perform, workers
        self._queued: set[str] = set()
        self._grade: Callable[[str], str] | None = None
        self._feed = Repeating("queue gradings", self._queue_open, seconds=1.0)
        self._lock = threading.Lock()
        self._wanted = False

    def start(self) -> None:
        """Begin to work; returns at once."""
        self._feed.start()

    def wake(self) -> None:
        """There is work, or will be soon."""
        self._wanted = True
        self._feed.wake()

    def stop(self) -> None:
        """Take nothing new; what runs is finished after the next start."""
        self._feed.stop()
        with self._lock:
            if self._grade is not None:
                from dbos import DBOS

                DBOS.destroy(destroy_registry=True)
                self._grade = None

    def _launch(self) -> Callable[[str], str]:
        from dbos import DBOS, DBOSConfig  # slow to import: not before the first page

        logging.getLogger("dbos").setLevel(logging.WARNING)
        config = DBOSConfig(
            name=NAME,
            system_database_url=self._url,
            application_version="1",
            executor_id="local",
            log_level="WARNING",
        )
        DBOS(config=config)

        @DBOS.step(name="perform", retries_allowed=True, max_attempts=6, interval_seconds=1.0, backoff_rate=2.0)
        def step(key: str) -> str:
            self._perform(key)
            return key

        @DBOS.workflow(name="grade")
        def grade(key: str) -> str:
            return step(key)

        try:
            DBOS.launch()
            DBOS.register_queue(QUEUE, worker_concurrency=self._workers * AHEAD, polling_interval_sec=POLL)
        except Exception:
            DBOS.destroy(destroy_registry=True)  # or it would call itself launched for ever
            raise
        return grade

    def _queue_open(self) -> None:
        waiting = {request.key for request in self._store.open_requests()}
        if not (waiting or self._wanted):
            return  # DBOS is launched when the first interview starts, not while the first page waits
        with self._lock:
            if self._grade is None:
                self._grade = self._launch()
            from dbos import DBOS, SetWorkflowID

            self._queued &= waiting
            for key in self._ended(waiting):
                DBOS.delete_workflow(key)
                self._queued.discard(key)
            for key in waiting - self._queued:
                with SetWorkflowID(key):
                    DBOS.enqueue_workflow(QUEUE, self._grade, key)
                self._queued.add(key)

    @staticmethod
    def _ended(waiting: set[str]) -> list[str]:
        """Jobs that are over although their request has no outcome: the store failed for long, or was put back from a backup."""
        if not waiting:
            return []
        from dbos import DBOS

        found = DBOS.list_workflows(workflow_ids=sorted(waiting), status=ENDED, load_input=False, load_output=False)
        return [job.workflow_id for job in found]
