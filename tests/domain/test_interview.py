"""The state machine of an interview: which action is accepted when, and what it changes."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from pydantic import ValidationError

from interviewer.domain.errors import AlreadyAnswered, Refused, TooLong
from interviewer.domain.interview import (
    LONGEST_ANSWER,
    Action,
    AddBack,
    Cause,
    EndEarly,
    GoOn,
    Interview,
    Mode,
    Pass,
    Show,
    Status,
    Step,
    Submit,
    TakeHint,
    TimeOut,
    apply,
    turn_for,
)
from tests.fakes import START
from tests.samples import interview, question

SECOND = timedelta(seconds=1)


def after(*actions: Action, first: Interview | None = None) -> Interview:
    """The interview once these were carried out, a second apart."""
    now, value = START, first or interview()
    for action in actions:
        now += SECOND
        value = apply(value, action, now).interview
    return value


def do(value: Interview, action: Action, *, at: float = 10) -> Step:
    return apply(value, action, START + at * SECOND)


SHOWN = after(Show(turn=0))
FINISHED = after(EndEarly(draft=""))
STUDY = after(Show(turn=0), first=interview(mode=Mode.STUDY))


def test_nothing_is_shown_at_the_beginning():
    value = interview()
    assert value.turn == value.turns[0]
    assert (value.turn.open, value.ends_at, value.sweep_at, value.used) == (False, None, None, 0)


def test_showing_opens_the_turn():
    assert SHOWN.turn is not None
    assert SHOWN.turn.open
    assert SHOWN.turn.shown_at == START + SECOND


@pytest.mark.parametrize("turn", [-1, 0, 1, 3])
def test_only_the_current_turn_is_shown_and_only_once(turn):
    with pytest.raises(Refused, match="not the one to show"):
        do(SHOWN, Show(turn=turn))


def test_a_submit_closes_the_turn_with_its_text():
    step = do(SHOWN, Submit(turn=0, text="  My words.\n"))
    assert step.closed is not None
    assert (step.closed.turn, step.closed.text, step.closed.cause) == (0, "  My words.\n", Cause.SUBMITTED)
    assert step.interview.turns[0].cause is Cause.SUBMITTED
    assert step.interview.turns[0].closed_at == START + 10 * SECOND
    assert step.interview.turns[0].used == 9


def test_an_exam_goes_on_at_once_with_the_next_turn():
    value = do(SHOWN, Submit(turn=0, text="x")).interview
    assert (value.status, value.current) == (Status.RUNNING, 1)
    assert not value.turns[1].open


def test_a_study_session_waits_after_each_answer():
    value = do(STUDY, Submit(turn=0, text="x")).interview
    assert (value.status, value.current) == (Status.WAITING, 1)


def test_the_last_answer_finishes_the_interview():
    only = after(Show(turn=0), first=interview([question()]))
    value = do(only, Submit(turn=0, text="x")).interview
    assert (value.status, value.turn, value.finished_at) == (Status.FINISHED, None, START + 10 * SECOND)


@pytest.mark.parametrize(("text", "blank"), [("", True), (" \n\t", True), ("x", False)])
def test_a_turn_knows_whether_its_answer_was_blank(text, blank):
    assert do(SHOWN, Submit(turn=0, text=text)).interview.turns[0].blank is blank


def test_a_second_submit_of_the_same_turn_is_refused():
    answered = do(SHOWN, Submit(turn=0, text="first")).interview
    with pytest.raises(AlreadyAnswered, match="first answer stands"):
        do(answered, Submit(turn=0, text="second"))


@pytest.mark.parametrize("turn", [-1, 1, 2, 3])
def test_no_other_turn_than_the_current_one_is_answered(turn):
    with pytest.raises(AlreadyAnswered):
        do(SHOWN, Submit(turn=turn, text="x"))


@pytest.mark.parametrize("action", [Submit(turn=0, text="x"), Pass(turn=0, cause=Cause.SKIPPED), TimeOut(turn=0, draft="x")])
def test_a_question_that_was_not_shown_is_not_answered(action):
    with pytest.raises(Refused, match="not been shown"):
        do(interview(), action)


def test_the_longest_answer_is_taken_and_one_character_more_is_refused():
    assert do(SHOWN, Submit(turn=0, text="x" * LONGEST_ANSWER)).closed
    with pytest.raises(TooLong, match="200,001"):
        do(SHOWN, Submit(turn=0, text="x" * (LONGEST_ANSWER + 1)))


@pytest.mark.parametrize("cause", [Cause.SKIPPED, Cause.DONT_KNOW])
def test_passing_closes_the_turn_without_text(cause):
    closed = do(SHOWN, Pass(turn=0, cause=cause)).closed
    assert closed is not None
    assert (closed.text, closed.cause) == ("", cause)


def test_hints_are_counted_up_to_those_there_are():
    value = do(STUDY, TakeHint(turn=0, available=2)).interview
    value = do(value, TakeHint(turn=0, available=2)).interview
    assert value.turns[0].hints == 2
    with pytest.raises(Refused, match="no more hints"):
        do(value, TakeHint(turn=0, available=2))


def test_an_exam_has_no_hints():
    with pytest.raises(Refused, match="study mode"):
        do(SHOWN, TakeHint(turn=0, available=2))


def test_going_on_leaves_the_wait():
    waiting = do(STUDY, Submit(turn=0, text="x")).interview
    assert do(waiting, GoOn()).interview.status is Status.RUNNING


def test_going_on_without_a_wait_is_refused():
    with pytest.raises(Refused, match="already going on"):
        do(SHOWN, GoOn())


@pytest.mark.parametrize("action", [Show(turn=1), Submit(turn=1, text="x"), Pass(turn=1, cause=Cause.SKIPPED)])
def test_nothing_is_shown_or_answered_in_the_wait(action):
    waiting = do(STUDY, Submit(turn=0, text="x")).interview
    with pytest.raises(Refused):
        do(waiting, action)


def test_ending_early_submits_what_was_written():
    step = do(SHOWN, EndEarly(draft="so far"))
    assert step.closed is not None
    assert (step.closed.text, step.closed.cause) == ("so far", Cause.ENDED)
    assert step.interview.status is Status.FINISHED


def test_ending_between_questions_submits_nothing():
    step = do(interview(), EndEarly(draft="stray"))
    assert step.closed is None
    assert (step.interview.status, step.interview.finished_at) == (Status.FINISHED, START + 10 * SECOND)


ALL = [
    Show(turn=0),
    Submit(turn=0, text="x"),
    Pass(turn=0, cause=Cause.SKIPPED),
    TimeOut(turn=0, draft=""),
    TakeHint(turn=0, available=2),
    GoOn(),
    EndEarly(draft="x"),
    AddBack(seconds=9),
]


@pytest.mark.parametrize("action", ALL, ids=lambda a: type(a).__name__)
def test_a_finished_interview_takes_no_action(action):
    with pytest.raises(AlreadyAnswered, match="finished"):
        do(FINISHED, action)


@pytest.mark.parametrize("now", [START.replace(tzinfo=None), START.astimezone(timezone(2 * timedelta(hours=1)))])
def test_a_moment_that_is_not_utc_is_refused(now: datetime):
    with pytest.raises(ValueError, match="UTC"):
        apply(interview(), Show(turn=0), now)


def test_each_action_gives_one_event_and_one_version_more():
    step = do(STUDY, TakeHint(turn=0, available=2), at=7)
    assert step.interview.version == STUDY.version + 1
    assert (step.event.kind, step.event.at, step.event.turn) == ("hint", START + 7 * SECOND, 0)


def test_an_event_holds_figures_and_no_words_of_the_candidate():
    event = do(SHOWN, Submit(turn=0, text="secret words")).event
    assert event.data == {"characters": 12, "seconds": 9}
    assert event.kind == "submitted"


def test_an_action_leaves_the_value_it_was_given_alone():
    before = SHOWN.model_dump_json()
    do(SHOWN, Submit(turn=0, text="x"))
    assert SHOWN.model_dump_json() == before


def test_an_interview_survives_being_stored():
    assert Interview.model_validate_json(SHOWN.model_dump_json()) == SHOWN


def test_a_stored_interview_with_an_unknown_key_is_refused():
    with pytest.raises(ValidationError, match="extra"):
        Interview.model_validate(SHOWN.model_dump() | {"extra": 1})


def test_a_turn_names_its_question_as_it_is_asked():
    asked = question(minutes=7)
    turn = turn_for(asked)
    assert (turn.question_id, turn.question_sha256, turn.minutes) == (asked.id, asked.sha256, 7)
