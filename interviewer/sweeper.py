"""A thread that calls something again and again: the clock's sweep, the queueing of gradings."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from interviewer.domain.errors import InterviewerError

log = logging.getLogger(__name__)


class Repeating:
    """Calls `task` every `seconds`, and at once when woken. A failure is logged and the next call made."""

    def __init__(self, name: str, task: Callable[[], object], *, seconds: float) -> None:
        self._task, self._seconds = task, seconds
        self._awake, self._stopped = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def wake(self) -> None:
        """Call the task now."""
        self._awake.set()

    def stop(self) -> None:
        """Make no further call, and wait for the one under way."""
        self._stopped.set()
        self._awake.set()
        if self._thread.is_alive():
            self._thread.join(timeout=10)

    def _run(self) -> None:
        while not self._stopped.is_set():
            self._awake.clear()
            try:
                self._task()
            except InterviewerError as error:
                log.warning("%s: %s", self._thread.name, error)
            except Exception:  # the outermost frame of a thread
                log.exception("%s", self._thread.name)
            self._awake.wait(self._seconds)
