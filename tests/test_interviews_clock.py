"""The use cases that nobody clicks: the sweep, time given back, gradings asked for again."""

from __future__ import annotations

import pytest

from interviewer.domain.errors import TooLate
from interviewer.domain.interview import Cause, Mode, Pace, Status
from interviewer.storage.engine import open_engine
from interviewer.storage.store import SqlStore
from tests.fakes import FakeClock, FixedGrader, use_cases
from tests.samples import failure, grade
from tests.stores import Interrupted
from tests.test_interviews import begin, keep

LIMIT = 120


@pytest.fixture
def cases(store: SqlStore, clock: FakeClock):
    return use_cases(store, clock)


# the sweep


def test_the_sweep_submits_the_saved_draft_when_the_grace_is_over(cases, store, clock):
    value = begin(cases)
    keep(cases, value, "so far")
    clock.forward(LIMIT + 2)
    assert cases.sweep() == 1
    assert [(a.text, a.cause, a.used) for a in store.answers(value.id)] == [("so far", Cause.TIMED_OUT, LIMIT)]
    assert store.interview(value.id).status is Status.WAITING


def test_the_sweep_leaves_an_open_question_alone_before(cases, store, clock):
    value = begin(cases)
    clock.forward(LIMIT + 1.9)
    assert cases.sweep() == 0
    assert store.answers(value.id) == []


def test_a_sweep_without_a_draft_makes_a_blank_answer(cases, store, clock):
    value = begin(cases)
    clock.forward(LIMIT + 2)
    cases.sweep()
    assert [a.text for a in store.answers(value.id)] == [""]
    assert store.interview(value.id).turns[0].blank


def test_nobody_is_swept_on_while_away(cases, store, clock):
    value = begin(cases)
    for _ in range(5):
        clock.forward(3600)
        cases.sweep()
    assert len(store.answers(value.id)) == 1


def test_one_sweep_takes_every_interview_that_is_due(cases, clock):
    for _ in range(3):
        begin(cases)
    begin(cases, pace=Pace.UNTIMED)
    begin(cases, show=False)
    clock.forward(LIMIT + 2)
    assert cases.sweep() == 3


def test_a_late_text_is_refused_also_before_the_sweep_came(cases, store, clock):
    value = begin(cases)
    clock.forward(LIMIT + 2.001)
    store.beat(clock.now())
    with pytest.raises(TooLate):
        cases.submit(value.id, 0, "late")
    assert store.answers(value.id) == []


# the time during which no server was there


def test_time_during_which_the_server_was_down_is_given_back(cases, store, clock):
    value = begin(cases)
    clock.forward(4)
    cases.tend_clock()
    clock.forward(3600)
    cases.tend_clock()
    turn = store.interview(value.id).turns[0]
    assert (turn.deadline - value.turns[0].deadline).total_seconds() == 3600
    assert store.events(value.id)[-1].kind == "time_added_back"


def test_time_is_given_back_also_when_the_server_fell_before_its_first_beat(cases, store, clock):
    value = begin(cases)
    clock.forward(3600)
    cases.tend_clock()
    assert (store.interview(value.id).turns[0].deadline - value.turns[0].deadline).total_seconds() == 3600


def test_a_server_that_was_there_gives_nothing_back(cases, store, clock):
    value = begin(cases)
    for _ in range(20):
        clock.forward(5)
        cases.tend_clock()
    assert store.interview(value.id) == value


def test_time_before_the_question_was_shown_is_not_given_back(cases, store, clock):
    old = begin(cases)
    cases.tend_clock()
    cases.end(old.id)
    clock.forward(3600)
    value = begin(cases)
    clock.forward(1)
    cases.tend_clock()
    assert store.interview(value.id) == value


def test_everybody_gets_the_time_back(cases, store, clock):
    values = [begin(cases) for _ in range(3)]
    clock.forward(100)
    cases.tend_clock()
    moved = {(store.interview(v.id).turns[0].deadline - v.turns[0].deadline).total_seconds() for v in values}
    assert moved == {100}


def test_an_interview_that_changes_meanwhile_gets_its_time_back_too(store, clock):
    """A candidate takes a hint between the clock's reading and its writing."""
    cases, slow = use_cases(store, clock), use_cases(Interrupted(store._reader), clock)
    value = begin(cases, mode=Mode.STUDY)
    clock.forward(100)
    slow.store.act = lambda: cases.take_hint(value.id, 0)
    slow.tend_clock()
    clock.forward(1)
    slow.tend_clock()
    turn = store.interview(value.id).turns[0]
    assert turn.hints == 1
    assert (turn.deadline - value.turns[0].deadline).total_seconds() == 100


def test_text_from_a_machine_that_just_woke_up_is_not_late(cases, store, clock):
    """The laptop slept over the deadline, and the page is quicker than the server's next tick."""
    value = begin(cases)
    cases.tend_clock()
    clock.forward(3600)
    cases.submit(value.id, 0, "written before the lid was closed")
    assert [(a.text, a.cause, a.used) for a in store.answers(value.id)] == [("written before the lid was closed", Cause.SUBMITTED, 0)]


# gradings asked for again


def graded(cases, store, outcome) -> str:
    """An answer whose grading came out like this; gives its id."""
    value = begin(cases)
    cases.submit(value.id, 0, "x")
    (request,) = store.open_requests()
    store.add_grading(request, outcome(store.question(value.turns[0].question_sha256)))
    return request.answer_id


def test_asking_again_makes_a_new_attempt_with_a_key_of_its_own(cases, store):
    answer_id = graded(cases, store, failure)
    assert cases.regrade(answer_id, grader="embedded") is True
    gradings = store.gradings(store.answer(answer_id).interview_id)
    assert [g.request.attempt for g in gradings] == [0, 1]
    assert len({g.request.key for g in gradings}) == 2


def test_nothing_is_asked_twice_while_one_is_under_way(cases, store):
    answer_id = graded(cases, store, failure)
    cases.regrade(answer_id, grader="embedded")
    assert cases.regrade(answer_id, grader="embedded") is False
    assert len(store.open_requests()) == 1


def test_only_answers_whose_grading_failed_are_tried_again(cases, store):
    failed, fine = graded(cases, store, failure), graded(cases, store, grade)
    assert cases.retry_failed(store.answer(failed).interview_id, grader="embedded") == 1
    assert cases.retry_failed(store.answer(fine).interview_id, grader="embedded") == 0
    assert [r.answer_id for r in store.open_requests()] == [failed]


def test_an_answer_that_is_gone_cannot_be_graded_again(cases, store):
    answer_id = graded(cases, store, failure)
    store.delete(store.answer(answer_id).interview_id, owner_id="local")
    with pytest.raises(Exception, match="deleted"):
        cases.regrade(answer_id, grader="embedded")


def test_the_key_of_a_grade_is_made_of_answer_and_grader(tmp_path, clock):
    class Other(FixedGrader):
        def identity(self) -> str:
            return "another"

    def key(home: str, grader: FixedGrader, text: str) -> str:
        engine = open_engine(tmp_path / home)
        cases = use_cases(SqlStore(engine), clock, grader=grader)
        cases.submit(begin(cases).id, 0, text)
        (request,) = cases.store.open_requests()
        engine.dispose()
        return request.key

    first = key("a", FixedGrader(), "x")
    assert key("b", FixedGrader(), "x") == first
    assert first not in (key("c", Other(), "x"), key("d", FixedGrader(), "y"))
