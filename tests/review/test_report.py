"""What a session comes to: grades only, sorts never mixed, what is missing said, and nothing shown too early."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.domain.grade import Band, Grade
from interviewer.domain.interview import Mode
from interviewer.domain.question import Topic
from interviewer.review.report import Average, Progress
from tests import samples
from tests.review.sessions import session

ASKED = samples.questions(3)
FIRST, SECOND, THIRD = ASKED


def model(score: float) -> Grade:
    return samples.grade(FIRST, score)


def estimate(score: float) -> Grade:
    return samples.estimate(FIRST, score)


def blank() -> Grade:
    """What an empty answer gets, without any grader."""
    return samples.grade(FIRST, 0, gate="Nothing was written.")


FAILED = samples.failure(FIRST)


def overall(*outcomes: Grade | None) -> Average:
    return session(ASKED, [[o] if o else [] for o in outcomes]).overall


# averages


def test_the_average_is_the_mean_of_the_grades() -> None:
    found = overall(model(90), model(60), model(31))
    assert (found.score, found.graded, found.missing, found.estimate) == (60.3, 3, 0, False)
    assert found.band is Band.SOLID


def test_a_failure_counts_as_missing_and_not_as_zero() -> None:
    found = session(ASKED, [[model(80)], [FAILED], [model(60)]])
    assert (found.overall.score, found.overall.graded, found.overall.missing) == (70, 2, 1)
    assert (found.failed, found.pending) == (1, 0)


def test_an_answer_still_being_graded_counts_as_missing() -> None:
    found = session(ASKED, [[model(80)], [None], []])
    assert (found.overall.score, found.overall.missing) == (80, 2)
    assert (found.failed, found.pending) == (0, 2)


def test_without_a_grade_there_is_no_average_and_no_band() -> None:
    found = session(ASKED, [[FAILED], [None]])
    assert (found.overall.score, found.overall.band, found.overall.graded, found.overall.missing) == (None, None, 0, 2)


def test_questions_not_reached_are_left_out_and_counted() -> None:
    found = session(ASKED, [[model(80)]])
    assert (found.overall.score, found.overall.graded, found.overall.missing, found.not_reached) == (80, 1, 0, 2)


def test_a_models_grades_and_estimates_are_never_mixed() -> None:
    found = session(ASKED, [[model(80)], [estimate(20)], [estimate(10)]])
    assert (found.overall.score, found.overall.graded, found.overall.estimate) == (80, 1, False)
    assert found.others == 2


def test_an_answer_with_a_grade_of_the_other_sort_is_not_missing() -> None:
    assert overall(model(80), estimate(20)).missing == 0


def test_estimates_alone_make_an_average_that_says_so() -> None:
    found = session(ASKED, [[estimate(40)], [estimate(60)]])
    assert (found.overall.score, found.overall.estimate, found.others) == (50, True, 0)


@pytest.mark.parametrize("graded", [model(80), estimate(80)])
def test_a_blank_answer_counts_with_grades_of_both_sorts(graded: Grade) -> None:
    found = session(ASKED, [[graded], [blank()]])
    assert (found.overall.score, found.overall.estimate, found.others) == (40, graded.estimate, 0)


def test_each_topic_has_its_own_average_over_the_answers_in_it() -> None:
    coding = samples.question("coding", topic="coding")
    other = samples.question("agents", topic="agents-applications")
    found = session([FIRST, SECOND, coding, other], [[model(90)], [model(70)], [FAILED]])
    by_topic = {topic: (a.score, a.graded, a.missing) for topic, a in found.topics}
    assert by_topic == {Topic.RAG: (80, 2, 0), Topic.CODING: (None, 0, 1)}


GRADES = st.builds(lambda make, score: make(score), st.sampled_from([model, estimate]), st.integers(0, 100))
OUTCOMES = GRADES | st.sampled_from([FAILED, None])


@given(st.lists(st.lists(OUTCOMES, max_size=3), max_size=3))
def test_every_answer_is_in_the_average_or_of_the_other_sort_or_missing(outcomes: list[list[Grade | None]]) -> None:
    found = session(ASKED, outcomes)
    assert found.overall.graded + found.others + found.overall.missing == len(outcomes)
    used = [i.grade.score for i in found.items if i.grade and i.grade.estimate is found.overall.estimate]
    assert found.overall.score == (round(sum(used) / len(used), 1) if used else None)


# the outcome that counts


def test_a_later_estimate_never_hides_a_models_grade() -> None:
    (item, *_) = session(ASKED, [[model(80), estimate(20)]]).items
    assert item.outcome == model(80)


def test_a_models_grade_replaces_an_earlier_estimate() -> None:
    (item, *_) = session(ASKED, [[estimate(20), model(80)]]).items
    assert item.outcome == model(80)


@pytest.mark.parametrize("sort", [model, estimate])
def test_of_two_grades_of_one_sort_the_latest_counts(sort: type) -> None:
    (item, *_) = session(ASKED, [[sort(80), sort(20)]]).items
    assert item.outcome == sort(20)


def test_a_later_failure_never_hides_a_grade() -> None:
    (item, *_) = session(ASKED, [[estimate(50), FAILED]]).items
    assert (item.outcome, item.progress) == (estimate(50), Progress.GRADED)


def test_an_answer_asked_to_be_graded_again_is_pending_and_keeps_its_grade() -> None:
    (item, *_) = session(ASKED, [[model(80), None]]).items
    assert (item.outcome, item.progress) == (model(80), Progress.PENDING)


def test_all_gradings_of_an_answer_and_of_no_other_are_kept() -> None:
    first, second, third = session(ASKED, [[FAILED, model(80)], [estimate(5)]]).items
    assert [g.outcome for g in first.gradings] == [FAILED, model(80)]
    assert [g.outcome for g in second.gradings] == [estimate(5)]
    assert third.gradings == ()


def test_how_far_each_question_came() -> None:
    asked = samples.questions(5)
    found = session(asked, [[model(80)], [FAILED], [None]], finished=False)
    expected = [Progress.GRADED, Progress.FAILED, Progress.PENDING, Progress.OPEN, Progress.NOT_REACHED]
    assert [item.progress for item in found.items] == expected


def test_at_the_end_an_open_question_was_not_reached() -> None:
    assert session(ASKED, [[model(80)]]).items[1].progress is Progress.NOT_REACHED


# passed


@pytest.mark.parametrize(("score", "passed"), [(59.9, False), (60, True), (95, True)])
def test_a_session_asked_and_graded_whole_is_passed_from_the_band_on(score: float, passed: bool) -> None:
    assert session(ASKED, [[model(score)]] * 3).passed is passed


@pytest.mark.parametrize(
    "outcomes",
    [
        pytest.param([[model(90)], [model(90)]], id="not reached"),
        pytest.param([[model(90)], [model(90)], [None]], id="pending"),
        pytest.param([[model(90)], [model(90)], [model(90), None]], id="being graded again"),
        pytest.param([[model(90)], [model(90)], [FAILED]], id="failed"),
        pytest.param([[model(90)], [model(90)], [estimate(90)]], id="of the other sort"),
        pytest.param([], id="nothing answered"),
    ],
)
def test_nothing_is_passed_unless_all_was_asked_and_graded(outcomes: list[list[Grade | None]]) -> None:
    assert session(ASKED, outcomes).passed is None


def test_nothing_is_passed_before_the_end() -> None:
    assert session(ASKED, [[model(90)]] * 3, finished=False, mode=Mode.STUDY).passed is None


# what may be read


def test_nothing_of_an_unfinished_exam_may_be_read() -> None:
    found = session(ASKED, [[model(90)]], finished=False)
    assert not found.readable
    assert not any(found.revealed(item) for item in found.items)


def test_of_a_finished_exam_everything_may_be_read() -> None:
    found = session(ASKED, [[model(90)]])
    assert found.readable
    assert all(found.revealed(item) for item in found.items)


def test_in_study_only_what_was_attempted_may_be_read_before_the_end() -> None:
    found = session(ASKED, [[model(90)], [blank()]], texts=["An own attempt.", " \n "], finished=False, mode=Mode.STUDY)
    assert found.readable
    assert [found.revealed(item) for item in found.items] == [True, False, False]
