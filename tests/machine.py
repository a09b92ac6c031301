"""One interview on a real SQLite file with its oracle: what was accepted, what must be refused, what always holds.

tests/test_interview_machine.py says what may happen to it.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from hypothesis.stateful import RuleBasedStateMachine, invariant

from interviewer.domain.errors import Refused
from interviewer.domain.interview import Cause, Interview, Status
from interviewer.interviews import DOWN_AFTER
from interviewer.ports import Answer
from interviewer.storage.engine import open_engine
from tests.fakes import FakeClock, use_cases
from tests.stores import Interrupted, empty_home, scratch

GRACE = timedelta(seconds=2)


class OneInterview(RuleBasedStateMachine):
    """A server that may fall, its clock, an interview; `known` is the draft revision each tab has seen."""

    def __init__(self) -> None:
        super().__init__()
        self.home = scratch() / "home"
        shutil.copytree(empty_home(), self.home)
        self.clock, self.starts = FakeClock(), 0
        self.finished: list[tuple[Interview, list[Answer]]] = []
        self.open()

    def open(self) -> None:
        """A server starts on the file."""
        self.starts += 1
        self.engine = open_engine(self.home)
        self.store = Interrupted(self.engine)
        self.cases = use_cases(self.store, self.clock, seed=self.starts)

    def begin(self, begun: Interview) -> None:
        """From now on it is about this interview."""
        self.id, self.asked, self.stale = begun.id, [t.question_sha256 for t in begun.turns], begun
        self.known: dict[str, int] = {}
        self.drafts: dict[int, str] = {}
        self.answers: dict[int, Answer] = {}
        self.version = 0
        self.page()

    def teardown(self) -> None:
        self.engine.dispose()
        shutil.rmtree(self.home.parent)

    @property
    def live(self) -> Interview:
        return self.store.interview(self.id)

    @property
    def is_open(self) -> bool:
        """A question is on screen; its time may be over."""
        now = self.live
        return now.status is Status.RUNNING and now.turns[now.current].open

    @property
    def last_moment(self) -> datetime | None:
        """Until when something of the candidate's is accepted: two seconds after the deadline."""
        turn = self.live.turn
        return turn.deadline + GRACE if turn and turn.open and turn.deadline else None

    def in_time(self, number: int) -> bool:
        """Whether something of the candidate's must be accepted for this turn."""
        if number != self.live.current or not self.is_open:
            return False
        return self.last_moment is None or self.clock.now() <= self.last_moment

    def newer_elsewhere(self, tab: str, number: int) -> bool:
        draft = self.store.draft(self.id, number)
        return draft.tab not in ("", tab) and draft.revision > self.known.get(tab, 0)

    def attempt(self, allowed: bool, call: Callable[[], object]) -> bool:
        """It is accepted when it must be; else it is told, and nothing changes."""
        if allowed:
            call()
            return True
        before = self.live
        with pytest.raises(Refused):
            call()
        assert self.live == before
        return False

    # what happens, and what it must come to

    def page(self, stays: bool = True) -> None:
        """The page is drawn again, as it is after everything a candidate does, unless the tab was closed."""
        if not stays:
            return
        before = self.live
        after = self.cases.show(before)
        if before.status is Status.RUNNING and before.turn and not before.turn.open:
            assert after.turn is not None
            assert after.turn.shown_at == self.clock.now()
            self.known = {}
        else:
            assert after == before

    def save(self, tab: str, text: str, *, take_over: bool = False) -> None:
        number, base = self.live.current, self.known.get(tab, 0)
        allowed = self.in_time(number) and (take_over or not self.newer_elsewhere(tab, number))
        if self.attempt(allowed, lambda: self.cases.save_draft(self.id, number, text, tab=tab, base=base, take_over=take_over)):
            self.known[tab] = self.store.draft(self.id, number).revision
            self.drafts[number] = text

    def submit(self, number: int, tab: str, text: str, stays: bool) -> None:
        base, before = self.known.get(tab, 0), self.live
        newer = self.newer_elsewhere(tab, number)
        allowed = self.in_time(number) and not newer
        repeated = number in self.answers and self.answers[number].text == text and not newer
        if self.attempt(allowed or repeated, lambda: self.cases.submit(self.id, number, text, tab=tab, base=base)):
            assert [a.text for a in self.store.answers(self.id) if a.turn == number] == [text]
            assert allowed or self.live == before
            self.page(stays)

    def attempt_by_clock(self, number: int, tab: str, base: int, *, allowed: bool) -> None:
        """Text that another tab saved later is what counts."""
        wanted = self.drafts[number] if self.newer_elsewhere(tab, number) else "on the page"
        if self.attempt(allowed, lambda: self.cases.submit(self.id, number, "on the page", tab=tab, base=base, by="clock")):
            answer = self.store.answers(self.id)[-1]
            assert (answer.text, answer.cause) == (wanted, Cause.TIMED_OUT)

    def pass_time(self, by: float) -> None:
        """The server is there all the while: nothing is given back."""
        before = self.live
        self.clock.forward(by)
        if timedelta(seconds=by) > DOWN_AFTER and self.store.ticking():
            self.store.beat(self.clock.now())
        self.cases.tend_clock()
        assert self.live == before

    def pass_time_to(self, moment: datetime | None) -> None:
        if moment is not None and moment > self.clock.now():
            self.pass_time((moment - self.clock.now()).total_seconds())

    def sweep(self) -> None:
        before, end = self.live, self.last_moment
        due = end is not None and self.clock.now() >= end
        assert self.cases.sweep() == due
        if due:
            self.check_swept(before.current)
        else:
            assert self.live == before

    def check_swept(self, number: int) -> None:
        answer = self.store.answers(self.id)[-1]
        assert (answer.turn, answer.text, answer.cause) == (number, self.drafts.get(number, ""), Cause.TIMED_OUT)
        assert self.live.status in (Status.WAITING, Status.FINISHED)

    # what always holds

    @invariant()
    def all_rules_hold(self) -> None:
        now = self.live
        self.answers_are_one_a_turn_and_stay(now)
        self.time_used_keeps_to_the_budgets(now)
        self.each_version_has_one_event_and_versions_only_rise(now)
        assert [t.question_sha256 for t in now.turns] == self.asked
        assert [(self.store.interview(i.id), self.store.answers(i.id)) for i, _ in self.finished] == self.finished
        if now.status is not Status.RUNNING:
            assert now.sweep_at is None
            assert self.id not in self.store.ticking()

    def answers_are_one_a_turn_and_stay(self, now: Interview) -> None:
        found = self.store.answers(self.id)
        by_turn = {a.turn: a for a in found}
        assert len(found) == len(by_turn)
        assert {n: by_turn.get(n) for n in self.answers} == self.answers
        assert set(by_turn) == {n for n, t in enumerate(now.turns) if t.cause is not None}
        assert sorted(g.request.answer_id for g in self.store.gradings(self.id)) == sorted(a.id for a in found)
        self.answers = by_turn

    def time_used_keeps_to_the_budgets(self, now: Interview) -> None:
        if now.seconds is None or now.pace.factor is None:
            assert all(t.deadline is None for t in now.turns)
            return
        assert all(t.used <= t.minutes * 60 * now.pace.factor + 1e-6 for t in now.turns)
        assert now.used <= now.seconds + 1e-6
        turn = now.turn
        if turn is not None and turn.open:
            assert turn.deadline is not None
            assert turn.shown_at is not None
            budget = min(turn.minutes * 60 * now.pace.factor, now.seconds - now.used)
            assert (turn.deadline - turn.shown_at).total_seconds() == pytest.approx(budget, abs=1e-5)

    def each_version_has_one_event_and_versions_only_rise(self, now: Interview) -> None:
        assert len(self.store.events(self.id)) == now.version >= self.version
        self.version = now.version
