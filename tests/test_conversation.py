"""The scripted interviewer: the same words after a reload, no judgement in an exam, nothing of the reference ever."""

from __future__ import annotations

import inspect
import re
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.conversation import lines
from interviewer.domain.interview import Cause, Interview, Mode, Pace, Status
from tests import samples

SECRET = "sentinel"
ASKED = [
    samples.question(
        f"sample-{number}",
        question=f"What is {SECRET} {number}?",
        reference_answer=f"The {SECRET} reference. " * 40,
        points=[{"id": p, "claim": f"The {SECRET} claim.", "accept": [SECRET, "a", "b"], "reject": ["c", "d"]} for p in samples.POINTS],
        hints=[f"A {SECRET} nudge.", f"A strong {SECRET} hint."],
    )
    for number in range(3)
]
JUDGES = re.compile(
    r"\b(good (answer|point|job|work)|great|excellent|nice|well done|right(?!, )|correct|exactly|perfect|wrong|incorrect|unfortunately|"
    r"impressive|missed|almost|strong|weak|score|but)\b",
    re.I,
)
IDS = st.text("0123456789abcdef", min_size=32, max_size=32)
CLOSED = [(cause, blank) for cause, blank in product(Cause, (True, False)) if blank or cause not in (Cause.SKIPPED, Cause.DONT_KNOW)]


def interview(cause: Cause, *, blank: bool = False, number: int = 0, finished: bool = False, id_: str = samples.SESSION) -> Interview:
    """An interview in which turn `number` was closed."""
    value = samples.interview(ASKED, id=id_)
    turns = list(value.turns)
    turns[number] = turns[number].model_copy(update={"cause": cause, "blank": blank, "used": 30.0})
    done = finished or number + 1 == len(turns)
    where = {"current": number if done else number + 1, "status": Status.FINISHED if done else Status.RUNNING}
    return value.model_copy(update={"turns": tuple(turns), **where})


def everything(value: Interview, number: int) -> list[str]:
    return [lines.opening(value), lines.after(value, number), lines.looking_back(value, number)]


@given(IDS, st.sampled_from(CLOSED), st.integers(0, 2))
def test_nothing_of_the_questions_points_or_reference_is_ever_said(id_: str, closed: tuple[Cause, bool], number: int) -> None:
    cause, blank = closed
    said = " ".join(everything(interview(cause, blank=blank, number=number, id_=id_), number)).lower()
    assert SECRET not in said
    assert not [point for point in samples.POINTS if point in said]


def test_the_interviewer_is_given_no_question_and_no_answer() -> None:
    """What it is never handed it cannot say."""
    assert list(inspect.signature(lines.opening).parameters) == ["interview"]
    assert list(inspect.signature(lines.after).parameters) == ["interview", "number"]
    assert list(inspect.signature(lines.looking_back).parameters) == ["interview", "number"]


@given(IDS, st.sampled_from(CLOSED), st.integers(0, 2))
def test_no_line_judges(id_: str, closed: tuple[Cause, bool], number: int) -> None:
    cause, blank = closed
    value = interview(cause, blank=blank, number=number, id_=id_)
    assert JUDGES.search(lines.after(value, number)) is None
    assert JUDGES.search(lines.looking_back(value, number)) is None


@given(IDS, st.integers(0, 1), st.floats(0, 100), st.integers(0, 3))
def test_what_is_said_depends_on_how_the_turn_was_closed_and_on_nothing_else_of_it(id_: str, number: int, used: float, hints: int) -> None:
    one = interview(Cause.SUBMITTED, number=number, id_=id_)
    turns = [t.model_copy(update={"used": used, "hints": hints}) if n == number else t for n, t in enumerate(one.turns)]
    assert lines.after(one.model_copy(update={"turns": tuple(turns), "version": 9}), number) == lines.after(one, number)


@given(IDS, st.sampled_from(CLOSED), st.integers(0, 2))
def test_a_reload_says_the_same(id_: str, closed: tuple[Cause, bool], number: int) -> None:
    cause, blank = closed
    value = interview(cause, blank=blank, number=number, id_=id_)
    stored = Interview.model_validate_json(value.model_dump_json())
    assert everything(stored, number) == everything(value, number)


def test_the_lines_are_these_for_this_id() -> None:
    """From a digest, not from `hash`, which is another in every process."""
    value = interview(Cause.SUBMITTED)
    assert lines.opening(value).startswith("Hi, good to meet you.")
    assert lines.after(value, 0) == "Thank you. Let's go on."


def test_another_interview_may_hear_another_line() -> None:
    heard = {lines.after(interview(Cause.SUBMITTED, id_=f"{n:032x}"), 0) for n in range(64)}
    assert heard == set(lines.ACKNOWLEDGED)


# what is said when


@pytest.mark.parametrize(
    ("cause", "blank", "said"),
    [
        (Cause.SUBMITTED, False, lines.ACKNOWLEDGED),
        (Cause.SUBMITTED, True, lines.PASSED),
        (Cause.SKIPPED, True, lines.PASSED),
        (Cause.DONT_KNOW, True, lines.PASSED),
        (Cause.TIMED_OUT, False, [lines.TIMED_OUT]),
        (Cause.TIMED_OUT, True, [lines.TIMED_OUT_BLANK]),
    ],
)
def test_between_two_questions(cause: Cause, blank: bool, said: list[str]) -> None:
    assert lines.after(interview(cause, blank=blank), 0) in said


@pytest.mark.parametrize("cause", [Cause.SUBMITTED, Cause.SKIPPED, Cause.DONT_KNOW, Cause.ENDED])
def test_the_last_turn_closes_the_conversation(cause: Cause) -> None:
    assert lines.after(interview(cause, number=2), 2) in lines.CLOSINGS


def test_an_interview_ended_early_is_closed_too() -> None:
    assert lines.after(interview(Cause.ENDED, finished=True), 0) in lines.CLOSINGS


def test_time_out_on_the_last_turn_says_both() -> None:
    said = lines.after(interview(Cause.TIMED_OUT, number=2), 2)
    assert said.startswith(lines.TIMED_OUT)
    assert said.endswith(lines.CLOSINGS)


@pytest.mark.parametrize(
    ("cause", "blank", "said"),
    [
        (Cause.SUBMITTED, False, "Thank you. Let's look at it together."),
        (Cause.DONT_KNOW, True, lines.PASSED_IN_STUDY),
        (Cause.TIMED_OUT, False, lines.TIMED_OUT),
        (Cause.TIMED_OUT, True, lines.TIMED_OUT_BLANK),
    ],
)
def test_looking_back_in_study(cause: Cause, blank: bool, said: str) -> None:
    assert lines.looking_back(interview(cause, blank=blank), 0) == said


# the opening


def test_the_opening_says_how_many_questions_and_how_long() -> None:
    said = lines.opening(samples.interview(ASKED, seconds=390.0))
    assert "I have 3 questions for you." in said
    assert "6 minutes 30 seconds in all" in said


def test_one_question_is_said_in_the_singular() -> None:
    assert "I have one question for you." in lines.opening(samples.interview(ASKED[:1]))


def test_without_a_clock_none_is_spoken_of() -> None:
    said = lines.opening(samples.interview(ASKED, pace=Pace.UNTIMED, seconds=None))
    assert "There is no clock" in said
    assert "minute" not in said


def test_hints_are_offered_in_study_and_not_in_an_exam() -> None:
    assert "hints" in lines.opening(samples.interview(ASKED, mode=Mode.STUDY))
    exam = lines.opening(samples.interview(ASKED))
    assert "hint" not in exam
    assert "I won't comment on your answers" in exam


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(60, "1 minute"), (720, "12 minutes"), (90, "1 minute 30 seconds"), (1, "1 second"), (0, "0 seconds"), (119.7, "2 minutes")],
)
def test_lengths_in_words(seconds: float, words: str) -> None:
    assert lines.minutes(seconds) == words
