"""Looking back: averages over grades only, one sort at a time, and what is missing is counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.domain.grade import Band, Grade, Ungraded
from interviewer.domain.interview import Cause, Interview, Mode, Status
from interviewer.domain.question import Question, Topic
from interviewer.ports import Answer, Grading
from interviewer.review.report import Progress, Report, report, time_allowed, time_used
from tests.fakes import START, answer_of
from tests.samples import estimate, failure, grade, grading, interview, question, questions

ASKED = questions(4)
GATED = "No answer: the box was empty."
Outcome = Grade | Ungraded | None


def session(asked: Sequence[Question] = ASKED, *, answers: int | None = None, **changes: object) -> tuple[Interview, list[Answer]]:
    """A finished interview whose first `answers` questions (all, if not said) were answered."""
    value = interview(list(asked), **{"status": Status.FINISHED} | changes)
    count = len(asked) if answers is None else answers
    turns = tuple(
        turn.model_copy(update={"cause": Cause.SUBMITTED, "shown_at": START}) if number < count else turn
        for number, turn in enumerate(value.turns)
    )
    given = [replace(answer_of(q, "words"), id=f"answer-{n}", turn=n) for n, q in enumerate(asked[:count])]
    return value.model_copy(update={"turns": turns}), given


def looked_back(*outcomes: Outcome | list[Outcome], asked: Sequence[Question] = ASKED, **changes: object) -> Report:
    """The report of a session, an outcome (or one an attempt) for each answer."""
    value, answers = session(asked, answers=len(outcomes), **changes)
    gradings: list[Grading] = []
    for number, tries in enumerate(outcomes):
        each = tries if isinstance(tries, list) else [tries]
        gradings += [grading(f"answer-{number}", outcome, attempt=attempt) for attempt, outcome in enumerate(each)]
    return report(value, {q.sha256: q for q in asked}, answers, gradings)


def by_model(score: float) -> Grade:
    return grade(ASKED[0], score)


def by_estimate(score: float) -> Grade:
    return estimate(ASKED[0], score)


def gated() -> Grade:
    return grade(ASKED[0], 0.0, gate=GATED)


FAILED = failure(ASKED[0])

# averages


def test_the_average_is_over_grades_only_and_says_how_many_are_missing():
    found = looked_back(by_model(80), by_model(60), FAILED, None).overall
    assert (found.score, found.band, found.graded, found.missing, found.estimate) == (70, Band.SOLID, 2, 2, False)


def test_without_any_grade_there_is_no_average():
    found = looked_back(FAILED, None).overall
    assert (found.score, found.band, found.graded, found.missing) == (None, None, 0, 2)


def test_a_model_grade_and_an_estimate_are_never_averaged_together():
    found = looked_back(by_model(90), by_estimate(10))
    assert (found.overall.score, found.overall.graded, found.overall.estimate, found.others) == (90, 1, False, 1)


def test_estimates_alone_make_an_average_that_is_called_one():
    found = looked_back(by_estimate(40), by_estimate(60))
    assert (found.overall.score, found.overall.estimate, found.others) == (50, True, 0)


def test_blank_answers_count_with_either_sort():
    assert looked_back(by_model(80), gated()).overall.score == 40
    assert looked_back(by_estimate(80), gated()).overall.score == 40


def test_only_blank_answers_are_no_estimate():
    assert looked_back(gated(), gated()).overall.estimate is False


def test_questions_that_were_not_reached_are_left_out():
    found = looked_back(by_model(80))
    assert (found.overall.score, found.overall.missing, found.not_reached) == (80, 0, 3)


scores = st.floats(0, 100).map(lambda s: round(s, 1))
one_outcome = st.one_of(scores.map(by_model), scores.map(by_estimate), st.just(FAILED), st.none(), st.builds(gated))


@given(st.lists(one_outcome, min_size=4, max_size=4))
def test_every_answer_is_counted_once_and_the_average_lies_within_its_scores(outcomes: list[Outcome]):
    found = looked_back(*outcomes)
    assert found.overall.graded + found.overall.missing + found.others == 4
    assert found.pending + found.failed == found.overall.missing
    own = [o.score for o in outcomes if isinstance(o, Grade) and (o.gate or o.estimate is found.overall.estimate)]
    assert (found.overall.score is None) == (own == [])
    if found.overall.score is not None:
        assert min(own) - 0.1 <= found.overall.score <= max(own) + 0.1


def test_each_topic_has_an_average_of_its_own():
    asked = [question("one"), question("two", topic="prompting"), question("three", topic="prompting"), question("four", topic="coding")]
    found = looked_back(by_model(90), by_model(30), None, asked=asked)
    assert [(topic, a.score, a.missing) for topic, a in found.topics] == [(Topic.PROMPTING, 30, 1), (Topic.RAG, 90, 0)]


# which outcome counts


@pytest.mark.parametrize(
    ("tries", "wanted"),
    [
        ([by_model(10), by_model(20)], 20),
        ([by_model(10), FAILED], 10),
        ([by_model(10), by_estimate(90)], 10),
        ([by_estimate(90), by_model(10)], 10),
        ([FAILED, by_estimate(30)], 30),
        ([by_model(10), None], 10),
    ],
)
def test_the_latest_model_grade_counts_then_the_latest_estimate(tries, wanted):
    item = looked_back(tries).items[0]
    assert item.grade is not None
    assert item.grade.score == wanted
    assert len(item.gradings) == len(tries)


def test_the_latest_failure_shows_when_there_is_no_grade():
    assert looked_back([FAILED, failure(ASKED[0], "Later.")]).items[0].outcome == failure(ASKED[0], "Later.")


@pytest.mark.parametrize(
    ("outcome", "progress"),
    [
        (by_model(5), Progress.GRADED),
        (FAILED, Progress.FAILED),
        (None, Progress.PENDING),
        ([FAILED, None], Progress.PENDING),
        ([], Progress.PENDING),
    ],
)
def test_where_an_answer_stands(outcome, progress):
    assert looked_back(outcome).items[0].progress is progress


def test_a_question_on_screen_is_open_and_a_coming_one_not_reached():
    value, _ = session(answers=0, status=Status.RUNNING)
    shown = value.model_copy(update={"turns": (value.turns[0].model_copy(update={"shown_at": START}), *value.turns[1:])})
    found = report(shown, {q.sha256: q for q in ASKED}, [], [])
    assert [i.progress for i in found.items] == [Progress.OPEN, *[Progress.NOT_REACHED] * 3]


def test_gradings_of_other_answers_are_not_mixed_in():
    value, answers = session()
    found = report(value, {q.sha256: q for q in ASKED}, answers, [grading("answer-of-somebody", by_model(99))])
    assert found.overall.graded == 0


# passed


def whole(score: float, made: object = by_model, **changes: object) -> Report:
    return looked_back(*[made(score) for _ in ASKED], **changes)  # type: ignore[operator]


@pytest.mark.parametrize(("score", "passed"), [(60, True), (100, True), (59.9, False), (0, False)])
def test_the_tracks_band_is_reached_or_not(score, passed):
    assert whole(score).passed is passed


@pytest.mark.parametrize(
    "incomplete",
    [
        lambda: whole(90, status=Status.RUNNING),
        lambda: looked_back(*[by_model(90)] * 3),
        lambda: looked_back(*[by_model(90)] * 3, FAILED),
        lambda: looked_back(*[by_model(90)] * 3, None),
        lambda: looked_back(*[by_model(90)] * 3, by_estimate(90)),
        lambda: looked_back(*[by_model(90)] * 3, [by_model(90), None]),
    ],
    ids=["running", "not reached", "failed", "pending", "mixed", "graded again"],
)
def test_nothing_is_passed_before_everything_is_graded(incomplete):
    assert incomplete().passed is None


# what may be read


@pytest.mark.parametrize(
    ("mode", "status", "readable"),
    [
        (Mode.EXAM, Status.RUNNING, False),
        (Mode.EXAM, Status.WAITING, False),
        (Mode.EXAM, Status.FINISHED, True),
        (Mode.STUDY, Status.RUNNING, True),
    ],
)
def test_an_exam_is_closed_until_its_end(mode, status, readable):
    found = looked_back(by_model(90), mode=mode, status=status)
    assert found.readable is readable
    assert found.revealed(found.items[0]) is readable


def test_in_study_the_reference_is_kept_back_until_an_own_attempt():
    found = looked_back(by_model(90), mode=Mode.STUDY, status=Status.RUNNING)
    assert not found.revealed(found.items[1])
    blank = replace(found.items[0], turn=found.items[0].turn.model_copy(update={"blank": True}))
    assert not found.revealed(blank)


@pytest.mark.parametrize(("used", "text"), [(0.0, "0:00"), (59.6, "1:00"), (125.0, "2:05")])
def test_time_used_in_minutes_and_seconds(used, text):
    turn = session()[0].turns[0]
    assert time_used(turn.model_copy(update={"used": used})) == text


def test_a_question_that_was_not_closed_has_no_time():
    turn = interview().turns[0]
    assert (time_used(turn), time_allowed(turn)) == ("-", "")
