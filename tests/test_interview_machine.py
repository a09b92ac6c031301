"""Whatever candidate, tabs, clock and crashes do, and in whatever order: the rules of an interview hold.

A candidate with two tabs goes through one interview. What must be accepted, and what always holds, is in
tests/machine.py. Few rules with many ways each: hypothesis leaves whole rules out of a run.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from interviewer.domain.errors import Refused
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
STAYS = st.sampled_from([True, True, True, True, False])
MODES = st.sampled_from(Mode)
PACES = st.sampled_from([Pace.STANDARD, Pace.STANDARD, Pace.RELAXED, Pace.DOUBLE, Pace.UNTIMED])
SHARES = st.sampled_from([1.0, 1.0, 0.7, 0.2])
SECONDS = st.sampled_from([0.0, 0.4, 1.0, 3.0, 20.0, 60.0, 300.0])


class InterviewMachine(OneInterview):
    """One interview, two tabs, one clock, one server that may fall."""

    @initialize(mode=MODES, pace=PACES, share=SHARES)
    def start(self, mode: Mode, pace: Pace, share: float) -> None:
        """Sometimes with less time for the whole than its questions may take."""
        choice = Choice(track=track(), length=Length(questions=3), mode=mode, pace=pace)
        begun = self.cases.start(choice, BANK, owner_id="local")
        if begun.seconds is not None and share < 1:
            begun = begun.model_copy(update={"id": f"tight-{begun.id}", "seconds": begun.seconds * share})
            asked = [self.store.question(t.question_sha256) for t in begun.turns]
            self.store.create(begun, asked, Event(kind="started", at=begun.created_at, turn=0, data={}))
        self.begin(begun)

    @precondition(lambda self: self.live.status is Status.FINISHED)
    @rule(mode=MODES, pace=PACES, share=SHARES)
    def start_another(self, mode: Mode, pace: Pace, share: float) -> None:
        self.finished.append((self.live, self.store.answers(self.id)))
        self.start(mode, pace, share)

    # a page is opened

    @rule(how=st.sampled_from(["go on", "go on", "open", "reload", "old view"]), tab=TABS, stays=STAYS)
    def look(self, how: str, tab: str, stays: bool) -> None:
        before = self.live
        match how:
            case "go on":
                if before.status is Status.WAITING:
                    assert self.cases.go_on(self.id).status is Status.RUNNING
                    self.page(stays)
                else:
                    assert self.cases.go_on(self.id) == before == self.live
            case "open":
                self.page()
            case "reload":
                self.stale = before
                self.known[tab] = self.store.draft(self.id, before.current).revision
            case _:
                self.cases.show(self.stale)
                assert self.live == before or self.stale.version == before.version

    # the candidate does something, in time or not, with a question open or not

    @rule(
        what=st.sampled_from(["draft", "draft", "take over", "submit", "submit", "submit as seen", "submit next", "skip", "hint"]),
        tab=TABS,
        text=WORDS,
        stays=STAYS,
    )
    def act(self, what: str, tab: str, text: str, stays: bool) -> None:
        now = self.live.current
        match what:
            case "draft" | "take over":
                self.save(tab, text, take_over=what == "take over")
            case "submit":
                self.submit(now, tab, text, stays)
            case "submit as seen":
                self.submit(self.stale.current, tab, text, stays)
            case "submit next":
                self.submit(now + 1, tab, text, stays)
            case "skip":
                if self.attempt(self.in_time(now), lambda: self.cases.pass_turn(self.id, now, Cause.SKIPPED)):
                    self.page(stays)
            case _:
                allowed = self.in_time(now) and self.live.mode is Mode.STUDY and self.live.turns[now].hints < 2
                self.attempt(allowed, lambda: self.cases.take_hint(self.id, now))

    @rule(really=st.sampled_from([False] * 9 + [True]), text=WORDS)
    def end(self, really: bool, text: str) -> None:
        if not really:
            return
        number, was_open = self.live.current, self.is_open
        if was_open:
            self.save("tab-one", text, take_over=True)
        assert self.cases.end(self.id).status is Status.FINISHED
        if was_open:
            assert self.store.answers(self.id)[-1].text == self.drafts.get(number, "")

    # time passes

    @rule(by=SECONDS)
    def time_passes(self, by: float) -> None:
        self.pass_time(by)

    @rule(
        what=st.sampled_from(["sweep", "sweep in time", "page's clock", "late", "tab first", "sweep first", "draft first"]),
        tab=TABS,
        text=st.one_of(st.none(), WORDS),
        stays=STAYS,
    )
    def time_runs_out(self, what: str, tab: str, text: str | None, stays: bool) -> None:
        """`text` is a last draft, or none."""
        if text is not None:
            self.save(tab, text, take_over=True)
        if what == "sweep":
            self.sweep()
        elif self.last_moment is not None and self.clock.now() <= self.last_moment:
            {
                "sweep in time": self.sweep_in_time,
                "page's clock": lambda: self.submit_by_the_pages_clock(OTHER[tab], stays),
                "late": lambda: self.come_late(tab),
                "tab first": self.tab_before_sweep,
                "sweep first": self.sweep_before_tab,
                "draft first": lambda: self.draft_before_sweep(tab),
            }[what]()

    def sweep_in_time(self) -> None:
        self.pass_time_to(self.last_moment)
        self.sweep()

    def submit_by_the_pages_clock(self, tab: str, stays: bool) -> None:
        """Of a tab that may show older text than the saved draft."""
        number, base = self.live.current, self.known.get(tab, 0)
        assert self.live.turn is not None
        deadline = self.live.turn.deadline
        assert deadline is not None
        self.attempt_by_clock(number, tab, base, allowed=self.clock.now() >= deadline - timedelta(seconds=0.5))
        if self.live.turn is not None and self.live.turns[number].open:
            self.pass_time_to(deadline)
            self.attempt_by_clock(number, tab, base, allowed=True)
        self.page(stays)

    def come_late(self, tab: str) -> None:
        """Two seconds after the deadline nothing is taken any more, swept or not."""
        assert self.last_moment is not None
        number = self.live.current
        base = self.store.draft(self.id, number).revision
        self.pass_time_to(self.last_moment + timedelta(microseconds=1))
        for call in (
            lambda: self.cases.submit(self.id, number, "late", tab=tab, base=base),
            lambda: self.cases.submit(self.id, number, "late", tab=tab, base=base, by="clock"),
            lambda: self.cases.pass_turn(self.id, number, Cause.DONT_KNOW),
            lambda: self.cases.take_hint(self.id, number),
            lambda: self.cases.save_draft(self.id, number, "late", tab=tab, base=base),
        ):
            self.attempt(False, call)

    def tab_before_sweep(self) -> None:
        """In the one moment when both are allowed, the tab submits while the sweep has read and not yet written."""
        number = self.live.current
        self.pass_time_to(self.last_moment)
        other = use_cases(SqlStore(self.engine), self.clock)
        self.store.act = lambda: other.submit(self.id, number, "by the tab")
        assert self.cases.sweep() == 0
        assert self.store.answers(self.id)[-1].text == "by the tab"

    def sweep_before_tab(self) -> None:
        """The same moment, the other way round."""
        number = self.live.current
        self.pass_time_to(self.last_moment)
        self.store.act = use_cases(SqlStore(self.engine), self.clock).sweep
        with pytest.raises(Refused):
            self.cases.submit(self.id, number, "by the tab")
        self.check_swept(number)

    def draft_before_sweep(self, tab: str) -> None:
        """The same moment: text is saved while the sweep has read the older draft."""
        number = self.live.current
        self.pass_time_to(self.last_moment)
        self.store.act = lambda: self.save(tab, "in the last moment", take_over=True)
        assert self.cases.sweep() == 0
        self.sweep()
        assert self.store.answers(self.id)[-1].text == self.drafts[number] == "in the last moment"

    # the server falls

    @rule(down=SECONDS, then_sweep=st.booleans())
    def server_falls_and_restarts(self, down: float, then_sweep: bool) -> None:
        self.pass_time(0)
        before = self.live
        self.engine.dispose()
        self.clock.forward(down)
        self.open()
        self.cases.tend_clock()
        if before.sweep_at is None:
            assert self.live == before
        else:
            given = down if timedelta(seconds=down) > DOWN_AFTER else 0.0
            assert self.live.sweep_at == before.sweep_at + timedelta(seconds=given)
        if then_sweep:
            self.sweep()


TestInterviewMachine = InterviewMachine.TestCase
TestInterviewMachine.pytestmark = pytest.mark.timeout(400)  # a failure is made smaller for five minutes at most
TestInterviewMachine.settings = settings(
    max_examples=80,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
)
