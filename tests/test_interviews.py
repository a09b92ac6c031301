"""The use cases over a real store: what is kept, what is refused, and what a second tab is told."""

from __future__ import annotations

from itertools import pairwise

import pytest

from interviewer.domain.errors import AlreadyAnswered, NewerDraft, NotFound, Refused, TooLate, TooLong
from interviewer.domain.interview import LONGEST_ANSWER, Cause, Interview, Mode, Pace, Status
from interviewer.domain.question import Difficulty, Topic
from interviewer.domain.selection import Length
from interviewer.domain.track import Overlap
from interviewer.interviews import Choice, Interviews
from interviewer.storage.store import SqlStore
from tests.fakes import FakeClock, use_cases
from tests.samples import questions, track
from tests.stores import Interrupted

BANK = questions(8)
MINE, OTHER = "tab-one-1", "tab-two-2"


@pytest.fixture
def cases(store: SqlStore, clock: FakeClock) -> Interviews:
    return use_cases(store, clock)


def begin(cases: Interviews, *, show: bool = True, count: int = 3, **choice: object) -> Interview:
    """An interview of questions of two minutes, its first one on screen."""
    value = cases.start(Choice(track=track(), length=Length(questions=count), **choice), BANK, owner_id="local")  # type: ignore[arg-type]
    return cases.show(value) if show else value


def keep(cases: Interviews, value: Interview, text: str, *, tab: str = MINE, base: int = 0, take_over: bool = False) -> int:
    """Save a draft of the current turn; gives its revision."""
    return cases.save_draft(value.id, value.current, text, tab=tab, base=base, take_over=take_over).revision


# start and show


def test_a_started_interview_is_stored_with_its_questions_as_asked(cases, store):
    value = begin(cases, show=False)
    assert store.interview(value.id) == value
    assert [store.question(t.question_sha256).id for t in value.turns] == [t.question_id for t in value.turns]
    assert [e.kind for e in store.events(value.id)] == ["started"]


@pytest.mark.parametrize(("pace", "seconds"), [(Pace.STANDARD, 360), (Pace.RELAXED, 540), (Pace.DOUBLE, 720), (Pace.UNTIMED, None)])
def test_an_interview_lasts_as_long_as_its_questions_at_the_pace(cases, pace, seconds):
    assert begin(cases, pace=pace).seconds == seconds


def test_an_interview_carries_what_was_chosen(cases):
    value = begin(cases, mode=Mode.STUDY, topics=(Topic.RAG,))
    assert (value.mode, value.topics, value.owner_id, value.track_id) == (Mode.STUDY, (Topic.RAG,), "local", "sample-track")


def test_questions_seen_in_earlier_interviews_are_not_asked_again(cases, clock):
    seen: list[str] = []
    for _ in range(2):
        value = begin(cases)
        for number in range(3):
            cases.submit(value.id, number, "x")
            cases.show(cases.store.interview(value.id))
        seen += [t.question_id for t in value.turns]
        clock.forward(60)
    assert len(set(seen)) == 6


def test_of_questions_that_overlap_one_is_drawn(cases):
    near = (Overlap(questions=tuple(q.id for q in BANK[1:]), apart="x"),)
    value = cases.start(Choice(track=track(), length=Length(questions=2)), BANK, owner_id="local", overlaps=near)
    assert BANK[0].id in {t.question_id for t in value.turns}


def test_questions_drawn_but_never_seen_count_as_not_asked(cases, clock):
    """Otherwise the one of four that was left out would always be among the next three."""
    left_out = []
    for _ in range(30):
        value = cases.start(Choice(track=track(), length=Length(questions=3)), BANK[:4], owner_id="local")
        left_out += {q.id for q in BANK[:4]} - {t.question_id for t in value.turns}
        clock.forward(60)
    assert any(first == second for first, second in pairwise(left_out))


def test_nothing_is_stored_when_no_question_fits(cases, store):
    nobody = Choice(track=track(levels={Difficulty.ADVANCED: 1}), length=Length(questions=3))
    with pytest.raises(Refused):
        cases.start(nobody, BANK, owner_id="local")
    assert store.interviews(owner_id="local") == []


def test_a_reload_shows_the_same_question_with_the_same_deadline(cases, clock):
    first = begin(cases)
    clock.forward(40)
    assert cases.show(cases.store.interview(first.id)) == first


def test_a_second_tab_with_an_old_view_is_given_the_clock_that_runs(cases, clock):
    old = begin(cases, show=False)
    first = cases.show(old)
    clock.forward(40)
    assert cases.show(old) == first


# submit


def test_an_answer_is_stored_word_for_word(cases, store):
    value = begin(cases)
    cases.submit(value.id, 0, "  <b>Tokens</b>\n\n\tand `code` 🙂 ")
    (answer,) = store.answers(value.id)
    assert answer.text == "  <b>Tokens</b>\n\n\tand `code` 🙂 "
    assert (answer.turn, answer.cause, answer.question_sha256) == (0, Cause.SUBMITTED, value.turns[0].question_sha256)


def test_half_characters_no_database_takes_are_replaced(cases, store):
    value = begin(cases)
    keep(cases, value, "draft \ud83d")
    cases.submit(value.id, 0, "answer \ud83d", tab=MINE)
    assert store.answers(value.id)[0].text == "answer ?"
    assert store.draft(value.id, 0).text == "draft ?"


def test_a_second_submit_is_refused_and_the_first_answer_stands(cases, store):
    value = begin(cases)
    cases.submit(value.id, 0, "first")
    with pytest.raises(AlreadyAnswered):
        cases.submit(value.id, 0, "second")
    assert [a.text for a in store.answers(value.id)] == ["first"]


def test_the_same_text_a_second_time_changes_nothing_and_is_no_error(cases, store):
    value = begin(cases)
    after = cases.submit(value.id, 0, "first")
    assert cases.submit(value.id, 0, "first") == after == store.interview(value.id)
    assert [a.text for a in store.answers(value.id)] == ["first"]


def test_the_page_s_clock_that_reports_after_the_sweep_is_told_unless_the_text_is_the_same(cases, store, clock):
    value = begin(cases)
    keep(cases, value, "so far")
    clock.forward(122)
    cases.sweep()
    assert cases.submit(value.id, 0, "so far", tab=MINE, base=1, by="clock").status is Status.WAITING
    with pytest.raises(TooLate):
        cases.submit(value.id, 0, "so far and more", tab=MINE, base=1, by="clock")


def test_every_answer_asks_for_one_grading_and_wakes_the_jobs(store, clock):
    woken: list[int] = []
    cases = use_cases(store, clock)
    cases = Interviews(**vars(cases) | {"wake": lambda: woken.append(1)})
    value = begin(cases)
    woken.clear()
    cases.submit(value.id, 0, "x")
    assert [r.attempt for r in store.open_requests()] == [0]
    assert woken == [1]


@pytest.mark.parametrize("cause", [Cause.SKIPPED, Cause.DONT_KNOW])
def test_passing_stores_an_empty_answer_with_its_cause(cases, store, cause):
    value = begin(cases)
    keep(cases, value, "half a thought")
    cases.pass_turn(value.id, 0, cause)
    assert [(a.text, a.cause) for a in store.answers(value.id)] == [("", cause)]


@pytest.mark.parametrize(
    "call",
    [
        lambda cases: cases.submit("no", 0, "x"),
        lambda cases: cases.pass_turn("no", 0, Cause.SKIPPED),
        lambda cases: cases.take_hint("no", 0),
        lambda cases: cases.go_on("no"),
        lambda cases: cases.end("no"),
        lambda cases: cases.save_draft("no", 0, "x", tab=MINE, base=0),
    ],
)
def test_a_session_that_does_not_exist_is_told_so(cases, call):
    with pytest.raises(NotFound, match="no such interview"):
        call(cases)


def test_ending_early_submits_the_saved_draft(cases, store):
    value = begin(cases)
    keep(cases, value, "so far")
    assert cases.end(value.id).status is Status.FINISHED
    assert [(a.text, a.cause) for a in store.answers(value.id)] == [("so far", Cause.ENDED)]


def test_ending_while_another_tab_answers_never_puts_one_answer_under_two_questions(store, clock):
    cases, slow = use_cases(store, clock), use_cases(Interrupted(store._reader), clock)
    value = begin(cases)
    base = keep(cases, value, "first draft")
    slow.store.act = lambda: cases.show(cases.submit(value.id, 0, "first answer", tab=MINE, base=base))
    assert slow.end(value.id).status is Status.FINISHED
    assert [a.text for a in store.answers(value.id)] == ["first answer", ""]


def test_going_on_twice_changes_nothing(cases):
    value = begin(cases, mode=Mode.STUDY)
    cases.submit(value.id, 0, "x")
    assert cases.go_on(value.id) == cases.go_on(value.id)


def test_the_hints_taken_stand_with_the_answer(cases, store):
    value = begin(cases, mode=Mode.STUDY)
    cases.take_hint(value.id, 0)
    cases.take_hint(value.id, 0)
    with pytest.raises(Refused, match="no more hints"):
        cases.take_hint(value.id, 0)
    cases.submit(value.id, 0, "x")
    assert store.answers(value.id)[0].hints == 2


def test_a_hint_for_a_closed_question_is_refused(cases):
    value = begin(cases, mode=Mode.STUDY)
    cases.submit(value.id, 0, "x")
    with pytest.raises(AlreadyAnswered):
        cases.take_hint(value.id, 0)


# drafts and tabs


def test_drafts_of_one_tab_follow_each_other(cases, store):
    value = begin(cases)
    assert [keep(cases, value, text, base=base) for base, text in enumerate(("a", "ab", "abc"))] == [1, 2, 3]
    assert store.draft(value.id, 0).text == "abc"


def test_an_older_tab_is_told_and_its_draft_is_not_kept(cases, store):
    value = begin(cases)
    keep(cases, value, "newer", tab=MINE)
    with pytest.raises(NewerDraft):
        keep(cases, value, "older", tab=OTHER, base=0)
    assert store.draft(value.id, 0).text == "newer"


def test_an_older_tab_can_take_over(cases, store):
    value = begin(cases)
    keep(cases, value, "one")
    assert keep(cases, value, "two", tab=OTHER, take_over=True) == 2
    with pytest.raises(NewerDraft):
        keep(cases, value, "three", tab=MINE, base=1)
    assert store.draft(value.id, 0).text == "two"


def test_a_tab_that_has_seen_the_newest_text_goes_on_with_it(cases):
    value = begin(cases)
    base = keep(cases, value, "one")
    assert keep(cases, value, "one two", tab=OTHER, base=base) == 2


def test_an_older_tab_does_not_submit_over_newer_text(cases, store):
    value = begin(cases)
    keep(cases, value, "newer", tab=MINE)
    with pytest.raises(NewerDraft, match="Nothing was submitted"):
        cases.submit(value.id, 0, "older", tab=OTHER, base=0)
    assert store.answers(value.id) == []


def test_when_the_clock_runs_out_on_an_older_tab_the_newer_draft_is_submitted(cases, store, clock):
    value = begin(cases)
    keep(cases, value, "newer", tab=MINE)
    clock.forward(120)
    cases.submit(value.id, 0, "older", tab=OTHER, base=0, by="clock")
    assert [(a.text, a.cause) for a in store.answers(value.id)] == [("newer", Cause.TIMED_OUT)]


def test_a_draft_of_a_closed_or_a_coming_question_is_refused(cases):
    value = begin(cases)
    cases.submit(value.id, 0, "x")
    for turn in (0, 1, 2, 99):
        with pytest.raises(AlreadyAnswered):
            cases.save_draft(value.id, turn, "late", tab=MINE, base=0)


def test_a_draft_after_the_grace_is_refused_and_the_earlier_one_kept(cases, store, clock):
    value = begin(cases)
    clock.forward(122)
    keep(cases, value, "in time")
    clock.forward(0.001)
    with pytest.raises(TooLate):
        keep(cases, value, "too late", base=1)
    assert store.draft(value.id, 0).text == "in time"


def test_a_draft_over_the_limit_is_refused_and_the_earlier_one_kept(cases, store):
    value = begin(cases)
    keep(cases, value, "short")
    with pytest.raises(TooLong, match="last shorter text is kept"):
        keep(cases, value, "x" * (LONGEST_ANSWER + 1), base=1)
    assert store.draft(value.id, 0).text == "short"
