"""How many requests an endpoint gets at once: fewer after a 429, more again after a run of successes, none while it says to wait.

Lives on the one event loop of `background`; nothing here is locked.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from email.utils import parsedate_to_datetime

LONGEST_HOLD = 120.0
MOST_BELIEVED = 3600.0
TOO_MANY = 429


class Held(Exception):
    """The endpoint asks to be left alone for longer than anybody waits: `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"held for {seconds:.0f} s")
        self.seconds = seconds


class Pace:
    """The line in front of one endpoint. `most` requests at once at best, `allowed` now."""

    def __init__(self, most: int, *, longest: float = LONGEST_HOLD, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.most = self.allowed = max(1, most)
        self.running = 0
        self._longest, self._monotonic = longest, monotonic
        self._successes = 0
        self._shrunk_at = -math.inf
        self._held_until = -math.inf
        self._line: deque[asyncio.Future[None]] = deque()

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[None]:
        """One of the allowed requests; first come, first served. Raises `Held`."""
        if self.hold_left() > self._longest:
            raise Held(self.hold_left())
        waiter = asyncio.get_running_loop().create_future()
        self._line.append(waiter)
        self._let_in()
        try:
            await waiter
        except asyncio.CancelledError:
            if waiter.done() and not waiter.cancelled():
                self._leave()  # let in and given up at the same moment
            raise
        try:
            yield
        finally:
            self._leave()

    async def hold(self) -> float:
        """Wait until the endpoint may be asked again; the moment a request is sent. For retries, which already have a slot."""
        while (left := self.hold_left()) > 0:
            await asyncio.sleep(left)
        return self._monotonic()

    def hold_left(self) -> float:
        """Seconds until the endpoint may be asked again; 0 when it may be now."""
        return max(0.0, self._held_until - self._monotonic())

    def heard(self, status: int, headers: Mapping[str, str], *, sent: float) -> float:
        """Learn from an answer to a request sent at `sent`; returns for how many seconds the endpoint wants peace.

        Only a 429 shrinks, and of a burst only the first: answers to what was sent before the last shrinking say nothing
        new. Errors of the server's own (5xx) neither shrink nor count as a success.
        """
        wait = 0.0
        if status == TOO_MANY:
            self._successes = 0
            if sent > self._shrunk_at:
                self.allowed = max(1, self.allowed // 2)
                self._shrunk_at = self._monotonic()
            wait = min(retry_after(headers) or 0.0, MOST_BELIEVED)
            self._held_until = max(self._held_until, self._monotonic() + wait)
            self._turn_away()
        elif status < 400:
            self._successes += 1
            if self._successes >= self.allowed and self.allowed < self.most:
                self.allowed += 1
                self._successes = 0
        self._let_in()
        return wait

    def _leave(self) -> None:
        self.running -= 1
        self._let_in()

    def _let_in(self) -> None:
        if self._line and (left := self.hold_left()) > 0:
            asyncio.get_running_loop().call_later(left, self._let_in)
            return
        while self._line and self.running < self.allowed:
            waiter = self._line.popleft()
            if not waiter.done():
                self.running += 1
                waiter.set_result(None)

    def _turn_away(self) -> None:
        left = self.hold_left()
        while left > self._longest and self._line:
            waiter = self._line.popleft()
            if not waiter.done():
                waiter.set_exception(Held(left))


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds a server asks to wait: `retry-after-ms`, or `retry-after` in seconds or as a date (against the server's own `date`)."""
    for name, unit in (("retry-after-ms", 1000), ("retry-after", 1)):
        try:
            seconds = float(headers.get(name, "")) / unit
        except ValueError:
            continue
        return max(0.0, seconds) if not math.isnan(seconds) else None
    try:
        until, now = parsedate_to_datetime(headers["retry-after"]), parsedate_to_datetime(headers["date"])
        return max(0.0, (until - now).total_seconds())
    except (KeyError, ValueError, TypeError, OverflowError):
        return None
