"""Whatever candidate, tabs, clock and crashes do, and in whatever order: the rules of an interview hold.

A candidate with two tabs goes through one interview. The invariants, and what must be accepted, are in tests/machine.py.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from interviewer.domain.errors import AlreadyAnswered
from interviewer.domain.interview import Cause, Event, Mode, Pace, Status
from interviewer.domain.selection import Length
from interviewer.interviews import DOWN_AFTER, Choice
from interviewer.storage.store import SqlStore
from tests.fakes import use_cases
from tests.machine import OneInterview
from tests.samples import question, track

BANK = [question(f"sample-{n}", minutes=n + 1) for n in range(4)]
OTHER = {"tab-one": "tab-two", "tab-two": "tab-one"}
TABS = st.sampled_from(sorted(OTHER))
WORDS = st.sampled_from(["", " \n", "words", "more words", "<b>🙂</b> ```"])
STAYS = st.sampled_from([True, True, True, False])
SECONDS = st.sampled_from([0.0, 0.4, 1.0, 3.0, 20.0, 60.0, 300.0])


class InterviewMachine(OneInterview):
    """One interview, two tabs, one clock, one server that may fall."""

    @initialize(mode=st.sampled_from(Mode), pace=st.sampled_from(Pace), share=st.sampled_from([1.0, 1.0, 0.7, 0.2]))
    def start(self, mode: Mode, pace: Pace, share: float) -> None:
        choice = Choice(track=track(), length=Length(questions=3), mode=mode, pace=pace)
        begun = self.cases.start(choice, BANK, owner_id="local")
        if begun.seconds is not None and share < 1:
            begun = begun.model_copy(update={"id": "tight", "seconds": begun.seconds * share})
            asked = [self.store.question(t.question_sha256) for t in begun.turns]
            self.store.create(begun, asked, Event(kind="started", at=begun.created_at, turn=0, data={}))
        self.id, self.asked, self.stale = begun.id, [t.question_sha256 for t in begun.turns], begun
        self.page(True)

    # what a candidate does

    @rule()
    def open_the_page(self) -> None:
        self.page(True)

    @rule(tab=TABS)
    def reload(self, tab: str) -> None:
        self.stale = self.live
        self.known[tab] = self.store.draft(self.id, self.stale.current).revision

    @rule()
    def show_from_an_old_view(self) -> None:
        before = self.live
        self.cases.show(self.stale)
        assert self.live == before or self.stale.version == before.version

    @precondition(lambda self: self.is_open)
    @rule(tab=TABS, text=WORDS, take_over=st.booleans(), challenged=st.booleans())
    def draft(self, tab: str, text: str, take_over: bool, challenged: bool) -> None:
        if self.save(tab, text, take_over=take_over) and challenged:
            self.save(OTHER[tab], "words of the other tab")

    @precondition(lambda self: self.is_open)
    @rule(tab=TABS, text=WORDS, old=st.integers(0, 4), stays=STAYS)
    def submit(self, tab: str, text: str, old: int, stays: bool) -> None:
        number, base = self.live.current if old else self.stale.current, self.known.get(tab, 0)
        allowed = self.in_time(self.live, number) and not self.newer_elsewhere(tab, number)
        if self.attempt(allowed, lambda: self.cases.submit(self.id, number, text, tab=tab, base=base)):
            assert self.store.answers(self.id)[-1].text == text
            self.page(stays)

    @precondition(lambda self: self.is_open)
    @rule(tab=TABS, text=WORDS)
    def submit_by_the_pages_clock(self, tab: str, text: str) -> None:
        before = self.live
        number, turn, base = before.current, before.turn, self.known.get(tab, 0)
        ran_out = turn is not None and turn.deadline is not None and self.clock.now() >= turn.deadline - timedelta(seconds=0.5)
        wanted = self.drafts[number] if self.newer_elsewhere(tab, number) else text
        allowed = self.in_time(before, number) and ran_out
        if self.attempt(allowed, lambda: self.cases.submit(self.id, number, text, tab=tab, base=base, by="clock")):
            answer = self.store.answers(self.id)[-1]
            assert (answer.text, answer.cause) == (wanted, Cause.TIMED_OUT)

    @precondition(lambda self: self.is_open)
    @rule(cause=st.sampled_from([Cause.SKIPPED, Cause.DONT_KNOW]), stays=STAYS)
    def skip(self, cause: Cause, stays: bool) -> None:
        number = self.live.current
        if self.attempt(self.in_time(self.live, number), lambda: self.cases.pass_turn(self.id, number, cause)):  # type: ignore[arg-type]
            self.page(stays)

    @precondition(lambda self: self.is_open and self.live.mode is Mode.STUDY)
    @rule()
    def hint(self) -> None:
        before = self.live
        allowed = self.in_time(before, before.current) and before.turns[before.current].hints < 2
        self.attempt(allowed, lambda: self.cases.take_hint(self.id, before.current))

    @precondition(lambda self: not self.is_open)
    @rule()
    def nothing_is_taken_while_no_question_is_open(self) -> None:
        for number in {self.live.current, self.stale.current}:
            self.attempt(False, lambda n=number: self.cases.submit(self.id, n, "x"))  # type: ignore[misc]
            self.attempt(False, lambda n=number: self.cases.pass_turn(self.id, n, Cause.SKIPPED))  # type: ignore[misc]
            self.attempt(False, lambda n=number: self.cases.save_draft(self.id, n, "x", tab="tab-one", base=0))  # type: ignore[misc]
            self.attempt(False, lambda n=number: self.cases.take_hint(self.id, n))  # type: ignore[misc]

    @precondition(lambda self: self.live.status is Status.WAITING)
    @rule(stays=STAYS)
    def go_on(self, stays: bool) -> None:
        assert self.cases.go_on(self.id).status is Status.RUNNING
        self.page(stays)

    @precondition(lambda self: self.live.status is not Status.WAITING)
    @rule()
    def go_on_from_a_second_tab(self) -> None:
        before = self.live
        assert self.cases.go_on(self.id) == before == self.live

    @rule(really=st.integers(0, 5))
    def end(self, really: int) -> None:
        if really == 0:
            number, was_open = self.live.current, self.live.turn is not None and self.live.turn.open
            assert self.cases.end(self.id).status is Status.FINISHED
            if was_open:
                assert self.store.answers(self.id)[-1].text == self.drafts.get(number, "")

    # what time and the server do

    @rule(by=SECONDS)
    def time_passes(self, by: float) -> None:
        self.pass_time(by)

    @precondition(lambda self: self.live.sweep_at is not None)
    @rule(off=st.sampled_from([-2.5, -2.0, -1.0, 0.0, 0.001]))
    def time_passes_to_the_end_of_the_grace(self, off: float) -> None:
        sweep_at = self.live.sweep_at
        assert sweep_at is not None
        self.pass_time(max(0.0, (sweep_at - self.clock.now()).total_seconds() + off))

    @rule()
    def sweep(self) -> None:
        self.sweep_once()

    @precondition(lambda self: self.live.sweep_at is not None and self.clock.now() <= self.live.sweep_at)
    @rule(tab_first=st.booleans())
    def tab_and_clock_at_once(self, tab_first: bool) -> None:
        """Both are allowed in this very moment; one reads, the other writes, the first one writes."""
        before = self.live
        assert before.sweep_at is not None
        self.pass_time((before.sweep_at - self.clock.now()).total_seconds())
        other = use_cases(SqlStore(self.engine), self.clock, seed=0)
        if tab_first:
            self.store.act = lambda: other.submit(self.id, before.current, "by the tab")
            assert self.cases.sweep() == 0
            assert self.store.answers(self.id)[-1].text == "by the tab"
        else:
            self.store.act = other.sweep
            with pytest.raises(AlreadyAnswered):
                self.cases.submit(self.id, before.current, "by the tab")
            self.check_swept(before.current)

    @rule(down=SECONDS, sweep=st.booleans())
    def server_falls_and_restarts(self, down: float, sweep: bool) -> None:
        self.pass_time(0)
        before = self.live
        self.engine.dispose()
        self.clock.forward(down)
        self.open()
        self.cases.tend_clock()
        after, given = self.live, down if timedelta(seconds=down) > DOWN_AFTER else 0.0
        if before.sweep_at is None:
            assert after == before
        else:
            assert after.sweep_at == before.sweep_at + timedelta(seconds=given)
        if sweep:
            self.sweep_once()


TestInterviewMachine = InterviewMachine.TestCase
TestInterviewMachine.settings = settings(
    max_examples=60, stateful_step_count=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
