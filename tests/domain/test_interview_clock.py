"""The clock of an interview: when a deadline is, what counts until when, and what stops it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from interviewer.domain.errors import Refused, TooLate
from interviewer.domain.interview import (
    GRACE,
    AddBack,
    Cause,
    EndEarly,
    Interview,
    Mode,
    Pace,
    Pass,
    Show,
    Status,
    Submit,
    TakeHint,
    TimeOut,
    apply,
)
from tests.fakes import START
from tests.samples import interview

MINUTES = 2
DEADLINE = START + timedelta(minutes=MINUTES)
A_BIT = timedelta(microseconds=1)


def shown(**changes: object) -> Interview:
    """Three questions of two minutes, the first on screen since START."""
    return apply(interview(**changes), Show(turn=0), START).interview


def submit(value: Interview, after: timedelta, *, by: str = "candidate") -> Cause:
    """The cause a submit that long after the deadline closes the turn with."""
    closed = apply(value, Submit(turn=0, text="x", by=by), DEADLINE + after).closed  # type: ignore[arg-type]
    assert closed is not None
    return closed.cause


@pytest.mark.parametrize(("pace", "factor"), [(Pace.STANDARD, 1), (Pace.RELAXED, 1.5), (Pace.DOUBLE, 2)])
def test_a_question_has_its_minutes_at_the_pace(pace, factor):
    turn = shown(pace=pace, seconds=3600.0).turn
    assert turn is not None
    assert turn.deadline == START + factor * timedelta(minutes=MINUTES)


def test_a_question_ends_with_the_interview_at_the_latest():
    value = shown(seconds=90.0)
    assert value.turn is not None
    assert value.turn.deadline == value.ends_at == START + timedelta(seconds=90)


def test_what_other_questions_took_is_gone_from_the_interview():
    first = apply(shown(seconds=150.0), Submit(turn=0, text="x"), START + timedelta(seconds=100)).interview
    second = apply(first, Show(turn=1), START + timedelta(hours=1)).interview
    assert second.turn is not None
    assert second.turn.deadline == START + timedelta(hours=1, seconds=50)


def test_without_a_clock_there_is_no_deadline_and_no_sweep():
    value = shown(pace=Pace.UNTIMED, seconds=None)
    assert value.turn is not None
    assert (value.turn.deadline, value.sweep_at, value.ends_at) == (None, None, None)
    assert submit(value, timedelta(days=30)) is Cause.SUBMITTED


def test_a_submit_before_the_deadline_is_the_candidates():
    assert submit(shown(), -A_BIT) is Cause.SUBMITTED


@pytest.mark.parametrize("late", [timedelta(0), A_BIT, GRACE])
def test_a_submit_in_the_grace_counts_as_timed_out(late):
    assert submit(shown(), late) is Cause.TIMED_OUT


@pytest.mark.parametrize("action", [Submit(turn=0, text="x"), Submit(turn=0, text="x", by="clock"), Pass(turn=0, cause=Cause.SKIPPED)])
def test_after_the_grace_everything_is_refused(action):
    with pytest.raises(TooLate):
        apply(shown(), action, DEADLINE + GRACE + A_BIT)


def test_a_hint_after_the_grace_is_refused():
    with pytest.raises(TooLate):
        apply(shown(mode=Mode.STUDY), TakeHint(turn=0, available=2), DEADLINE + GRACE + A_BIT)


def test_the_pages_clock_may_be_half_a_second_ahead():
    assert submit(shown(), timedelta(seconds=-0.5), by="clock") is Cause.TIMED_OUT
    with pytest.raises(Refused, match="not run out"):
        submit(shown(), timedelta(seconds=-0.5) - A_BIT, by="clock")


def test_without_a_clock_the_pages_clock_submits_nothing():
    with pytest.raises(Refused, match="not run out"):
        submit(shown(pace=Pace.UNTIMED, seconds=None), timedelta(days=1), by="clock")


def test_the_sweep_comes_when_the_grace_is_over_and_not_before():
    with pytest.raises(Refused, match="not over"):
        apply(shown(), TimeOut(turn=0, draft="x"), DEADLINE + GRACE - A_BIT)
    closed = apply(shown(), TimeOut(turn=0, draft="the draft"), DEADLINE + GRACE).closed
    assert closed is not None
    assert (closed.text, closed.cause) == ("the draft", Cause.TIMED_OUT)


def test_after_a_sweep_the_interview_waits_and_no_clock_runs():
    value = apply(shown(), TimeOut(turn=0, draft=""), DEADLINE + GRACE).interview
    assert (value.status, value.current, value.sweep_at) == (Status.WAITING, 1, None)


def test_the_grace_is_not_counted_as_time_used():
    value = apply(shown(), TimeOut(turn=0, draft=""), DEADLINE + timedelta(hours=1)).interview
    assert value.turns[0].used == value.used == 60 * MINUTES


def test_the_interview_is_over_when_less_than_a_second_is_left():
    value = apply(shown(seconds=100.0), Submit(turn=0, text="x"), START + timedelta(seconds=99.5)).interview
    assert value.status is Status.FINISHED
    assert value.turns[1].shown_at is None


def test_time_added_back_moves_the_deadline_and_is_not_used():
    value = apply(shown(), AddBack(seconds=300), START + timedelta(seconds=310)).interview
    assert value.turn is not None
    assert value.turn.deadline == DEADLINE + timedelta(seconds=300)
    closed = apply(value, Submit(turn=0, text="x"), START + timedelta(seconds=320)).interview
    assert closed.used == 20


@pytest.mark.parametrize("value", [interview(), shown(pace=Pace.UNTIMED, seconds=None)])
def test_no_time_is_added_where_no_clock_runs(value):
    with pytest.raises(Refused, match="No clock"):
        apply(value, AddBack(seconds=10), START)


@pytest.mark.parametrize(("late", "cause"), [(GRACE, Cause.ENDED), (GRACE + A_BIT, Cause.TIMED_OUT)])
def test_ending_early_after_the_grace_counts_as_timed_out(late, cause):
    closed = apply(shown(), EndEarly(draft="x"), DEADLINE + late).closed
    assert closed is not None
    assert closed.cause is cause


@pytest.mark.parametrize("pace", list(Pace))
def test_a_pace_multiplies_the_minutes_or_has_no_clock(pace):
    assert (pace.factor is None) is (pace is Pace.UNTIMED)
    assert pace.factor is None or pace.factor >= 1
