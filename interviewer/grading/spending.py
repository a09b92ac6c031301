"""The limits on what grading may cost: asked before a model is asked, because afterwards the money is spent."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from interviewer.domain.errors import FailureReason, ModelError
from interviewer.ports import Clock, Store
from interviewer.text.money import usd


@dataclass(frozen=True, kw_only=True)
class Limit:
    """The most USD that may be spent, on what, and the setting that says so."""

    most: float
    on: str
    setting: str

    def check(self, *, spent: float, reserved: float, expected: float) -> None:
        """Raise `ModelError` (spent) unless this much more fits. `reserved`: expected of the gradings that run right now."""
        if spent < self.most and spent + reserved + expected <= self.most:
            return
        if spent >= self.most:
            why = f"The limit of {usd(self.most)} for {self.on} is reached ({usd(spent)} spent)."
        else:
            so_far = [f"{usd(spent)} spent"] if spent else []
            so_far += [f"{usd(reserved)} expected for answers being graded now"] if reserved else []
            beside = f", with {' and '.join(so_far)}," if so_far else ""
            limit = f"over the limit of {usd(self.most)} for {self.on}"
            why = f"Grading this answer is expected to cost {usd(expected)}; that{beside} is {limit}."
        raise ModelError(
            FailureReason.SPENT, f"{why} Your answer is kept: take the built-in estimate, or raise {self.setting} and try again."
        )


class Spending:
    """What the process's gradings may cost. One per process: it knows what is being spent at this moment."""

    def __init__(self, store: Store, clock: Clock, *, session: float | None, day: float | None) -> None:
        self._store, self._clock = store, clock
        self._session = Limit(most=session, on="one session", setting="INTERVIEWER_SPEND_SESSION") if session is not None else None
        self._day = Limit(most=day, on="one day (UTC)", setting="INTERVIEWER_SPEND_DAY") if day is not None else None
        self._running: list[tuple[str, float]] = []
        self._lock = threading.Lock()

    @contextmanager
    def reserve(self, interview_id: str, expected: float) -> Iterator[None]:
        """Set `expected` USD aside while the block runs, or raise `ModelError` (spent) at once.

        The block must store what it spent: until it ends, its money counts by what was expected, and from then on by the store.
        What a grading costs beyond what was expected can exceed a limit; nothing is begun after that.
        """
        mine = (interview_id, expected)
        with self._lock:
            self._check(interview_id, expected)
            self._running.append(mine)
        try:
            yield
        finally:
            with self._lock:
                self._running.remove(mine)

    def _check(self, interview_id: str, expected: float) -> None:
        if self._session:
            here = sum(amount for of, amount in self._running if of == interview_id)
            self._session.check(spent=self._store.spent_in(interview_id), reserved=here, expected=expected)
        if self._day:
            everywhere = sum(amount for _, amount in self._running)
            since = day_of(self._clock.now())
            self._day.check(spent=self._store.spent(since=since), reserved=everywhere, expected=expected)


def day_of(now: datetime) -> datetime:
    """When the day of this moment (in UTC) began: a day's limit counts from there."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0)
