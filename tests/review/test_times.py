"""Times as the review shows them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from interviewer.domain.interview import Cause
from interviewer.review.report import time_allowed, time_used
from tests.fakes import START
from tests.samples import interview

TURN = interview().turns[0]


@pytest.mark.parametrize(("used", "text"), [(0.0, "0:00"), (59.6, "1:00"), (125.0, "2:05"), (3600.0, "60:00")])
def test_time_used_in_minutes_and_seconds(used: float, text: str) -> None:
    assert time_used(TURN.model_copy(update={"cause": Cause.SUBMITTED, "used": used})) == text


def test_a_question_that_was_not_closed_has_no_time() -> None:
    assert (time_used(TURN), time_allowed(TURN)) == ("-", "")


def test_the_time_allowed_is_the_clocks_at_the_pace_of_the_session() -> None:
    shown = TURN.model_copy(update={"shown_at": START, "deadline": START + timedelta(minutes=4, seconds=30)})
    assert time_allowed(shown) == " of 4:30"


def test_without_a_clock_no_time_is_allowed_or_refused() -> None:
    assert time_allowed(TURN.model_copy(update={"shown_at": START})) == ""
