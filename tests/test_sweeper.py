"""A task done again and again: it goes on after a failure, wakes at once, and stops."""

from __future__ import annotations

import threading

import pytest

from interviewer.domain.errors import StorageError
from interviewer.sweeper import Repeating


class Counting:
    """A task that lets one wait for its calls; it raises what it was given, once each."""

    def __init__(self, *errors: Exception) -> None:
        self.called, self._errors = threading.Semaphore(0), list(errors)

    def __call__(self) -> None:
        self.called.release()
        if self._errors:
            raise self._errors.pop()

    def wait(self) -> bool:
        return self.called.acquire(timeout=20)


@pytest.mark.parametrize("error", [StorageError("The disk is full."), ZeroDivisionError("oops")])
def test_it_goes_on_after_its_task_raised(error: Exception, caplog: pytest.LogCaptureFixture) -> None:
    task = Counting(error)
    repeating = Repeating("a task", task, seconds=0.01)
    repeating.start()
    assert task.wait()
    assert task.wait()
    repeating.stop()
    assert "a task" in caplog.text
    assert str(error) in caplog.text


def test_it_calls_at_once_when_woken() -> None:
    task = Counting()
    repeating = Repeating("a task", task, seconds=3600)
    repeating.start()
    assert task.wait()
    repeating.wake()
    assert task.wait()
    repeating.stop()


def test_stop_ends_a_long_wait_and_makes_no_further_call() -> None:
    task = Counting()
    repeating = Repeating("a task", task, seconds=3600)
    repeating.start()
    assert task.wait()
    repeating.stop()
    assert not repeating._thread.is_alive()
    repeating.wake()
    assert not task.called.acquire(blocking=False)


def test_it_can_be_stopped_before_it_started() -> None:
    task = Counting()
    Repeating("a task", task, seconds=3600).stop()
    assert not task.called.acquire(blocking=False)
