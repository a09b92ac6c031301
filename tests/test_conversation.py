"""What the scripted interviewer says: neutral, the same after a reload, and nothing of the reference."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.conversation import lines
from interviewer.domain.interview import Cause, EndEarly, Interview, Mode, Pace, Pass, Show, Status, Submit, TimeOut, apply
from tests.fakes import START
from tests.samples import interview, question, questions

JUDGING = ("good", "great", "excellent", "correct", "right answer", "wrong", "bad", "unfortunately", "well done", "perfect", "nice")


def closed(cause: Cause, text: str = "Some words.", *, count: int = 3, **changes: object) -> Interview:
    """The first of `count` questions, closed like this."""
    value = apply(interview(questions(count), **changes), Show(turn=0), START).interview
    match cause:
        case Cause.SKIPPED | Cause.DONT_KNOW:
            return apply(value, Pass(turn=0, cause=cause), START).interview
        case Cause.TIMED_OUT:
            return apply(value, TimeOut(turn=0, draft=text), START + timedelta(hours=1)).interview
        case Cause.ENDED:
            return apply(value, EndEarly(draft=text), START).interview
    return apply(value, Submit(turn=0, text=text), START).interview


def everything(value: Interview) -> list[str]:
    return [lines.opening(value), *(f(value, n) for n, t in enumerate(value.turns) if t.cause for f in (lines.after, lines.looking_back))]


@given(id_=st.text("0123456789abcdef", min_size=32, max_size=32), cause=st.sampled_from(Cause), mode=st.sampled_from(Mode))
def test_a_reload_says_the_same(id_, cause, mode):
    value = closed(cause, id=id_, mode=mode)
    assert everything(value) == everything(Interview.model_validate_json(value.model_dump_json()))


def test_not_everybody_hears_the_same():
    assert len({lines.opening(interview(id=f"{n:032x}")) for n in range(30)}) == len(lines.OPENINGS)
    assert len({lines.after(closed(Cause.SUBMITTED, id=f"{n:032x}"), 0) for n in range(50)}) == len(lines.ACKNOWLEDGED)


@pytest.mark.parametrize("cause", list(Cause))
@pytest.mark.parametrize("text", ["", "Some words."])
@pytest.mark.parametrize("mode", list(Mode))
def test_an_answer_is_not_judged(cause, text, mode):
    for number in range(20):
        _, *said_of_answers = everything(closed(cause, text, id=f"{number:032x}", mode=mode))
        said = " ".join(said_of_answers).lower()
        assert [word for word in JUDGING if word in said] == []


def test_a_good_and_a_bad_answer_are_told_the_same():
    assert lines.after(closed(Cause.SUBMITTED, question().reference_answer), 0) == lines.after(closed(Cause.SUBMITTED, "Bananas."), 0)


@pytest.mark.parametrize("cause", list(Cause))
def test_nothing_of_the_reference_or_the_points_is_said(cause):
    said = " ".join(everything(closed(cause))).lower()
    assert "sentinel" not in said
    assert "claim" not in said


@pytest.mark.parametrize(
    ("count", "seconds", "wanted"),
    [
        (1, 60.0, "one question for you. We have 1 minute in all"),
        (3, 390.0, "3 questions for you. We have 6 minutes 30 seconds in all"),
        (3, None, "There is no clock"),
    ],
)
def test_the_opening_says_how_many_questions_and_how_long(count, seconds, wanted):
    pace = Pace.UNTIMED if seconds is None else Pace.STANDARD
    assert wanted in lines.opening(interview(questions(count), seconds=seconds, pace=pace))


@pytest.mark.parametrize(("mode", "wanted"), [(Mode.EXAM, "won't comment"), (Mode.STUDY, "look at it together")])
def test_the_opening_says_when_there_is_feedback(mode, wanted):
    assert wanted in lines.opening(interview(mode=mode))


@pytest.mark.parametrize(
    ("cause", "text", "told"),
    [
        (Cause.SUBMITTED, "words", lines.ACKNOWLEDGED),
        (Cause.SUBMITTED, " ", lines.PASSED),
        (Cause.SKIPPED, "", lines.PASSED),
        (Cause.DONT_KNOW, "", lines.PASSED),
        (Cause.TIMED_OUT, "words", [lines.TIMED_OUT]),
        (Cause.TIMED_OUT, "", [lines.TIMED_OUT_BLANK]),
    ],
)
def test_what_is_said_fits_how_the_question_was_closed(cause, text, told):
    assert lines.after(closed(cause, text), 0) in told


@pytest.mark.parametrize("cause", [Cause.SUBMITTED, Cause.SKIPPED, Cause.ENDED])
def test_the_last_question_ends_with_a_closing(cause):
    value = closed(cause, count=1)
    assert value.status is Status.FINISHED
    assert lines.after(value, 0) in lines.CLOSINGS


def test_a_last_question_that_timed_out_is_told_so_and_closed():
    said = lines.after(closed(Cause.TIMED_OUT, count=1), 0)
    assert said.startswith(lines.TIMED_OUT)
    assert said.endswith(lines.CLOSINGS)


def test_ending_early_is_a_closing_too():
    assert lines.after(closed(Cause.ENDED), 0) in lines.CLOSINGS


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(720, "12 minutes"), (60, "1 minute"), (90, "1 minute 30 seconds"), (1, "1 second"), (0.2, "0 seconds"), (59.7, "1 minute")],
)
def test_a_length_in_words(seconds, words):
    assert lines.minutes(seconds) == words
