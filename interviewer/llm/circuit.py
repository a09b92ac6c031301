"""Leaving an endpoint alone that failed several times in a row. Lives on the one event loop of `background`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from circuitbreaker import STATE_HALF_OPEN, CircuitBreaker

from interviewer.domain.errors import FailureReason, ModelError

FAILURES = 5
SECONDS = 30.0
COUNTED = frozenset({FailureReason.UNREACHABLE, FailureReason.TIMEOUT, FailureReason.SERVER_ERROR})


class Paused(Exception):
    """The endpoint is left alone: for `seconds` more, or (0) until the request that tries it again has come back."""

    def __init__(self, failures: int, seconds: int) -> None:
        super().__init__(f"{failures} failures, {seconds} s left")
        self.failures, self.seconds = failures, seconds


class Circuit:
    """Opens after `failures` failures in a row, for `seconds`; then one request may try. What the server refuses (4xx) is no failure."""

    def __init__(self, *, failures: int = FAILURES, seconds: float = SECONDS) -> None:
        self._breaker = CircuitBreaker(failure_threshold=failures, recovery_timeout=seconds, expected_exception=_counts)
        self._trying = False

    def check(self) -> None:
        """Raises `Paused` when no request may be made now."""
        if self._breaker.opened:
            raise Paused(self._breaker.failure_count, max(1, self._breaker.open_remaining))
        if self._trying:
            raise Paused(self._breaker.failure_count, 0)

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Around one request: its `ModelError` is counted, its success forgets all failures. Raises `Paused`."""
        self.check()
        trying = self._trying = self._breaker.state == STATE_HALF_OPEN
        try:
            with self._breaker:
                yield
        finally:
            if trying:
                self._trying = False


def _counts(_kind: type[BaseException], error: BaseException) -> bool:
    return isinstance(error, ModelError) and error.reason in COUNTED
