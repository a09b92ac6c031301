"""The store on a real SQLite file: what goes in comes out, and whoever is second is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from interviewer.domain.errors import AlreadyAnswered, Conflict, NewerDraft, NotFound
from interviewer.domain.interview import EndEarly, Event, Interview, Show, Submit, apply
from interviewer.domain.question import Question
from interviewer.ports import Answer, Draft, GradingRequest, Work
from interviewer.storage.engine import open_engine
from interviewer.storage.store import SqlStore
from tests.fakes import START, answer_of
from tests.samples import SESSION, estimate, failure, grade, interview, question, questions

ASKED = questions(3)


def created(store: SqlStore, id_: str = SESSION, *, asked: list[Question] = ASKED, **changes: object) -> Interview:
    value = interview(asked, id=id_, **changes)
    store.create(value, asked, Event(kind="started", at=value.created_at, turn=0, data={}))
    return value


def shown(store: SqlStore, id_: str = SESSION) -> Interview:
    value = created(store, id_)
    step = apply(value, Show(turn=0), START)
    store.commit(Work(before=value, after=step.interview, event=step.event))
    return step.interview


def submission(value: Interview, words: str = "My words.") -> Work:
    """Everything that submitting the current turn writes."""
    step = apply(value, Submit(turn=value.current, text=words), START + timedelta(seconds=30))
    answer = replace(answer_of(ASKED[value.current], words), id=f"answer-{value.id}"[:32], interview_id=value.id, turn=value.current)
    request = GradingRequest(key=f"key-{value.id}", owner_id="local", answer_id=answer.id, grader="embedded", attempt=0, requested_at=START)
    return Work(before=value, after=step.interview, event=step.event, answer=answer, request=request)


def answered(store: SqlStore, id_: str = SESSION) -> tuple[Answer, GradingRequest]:
    work = submission(shown(store, id_))
    store.commit(work)
    assert work.answer
    assert work.request
    return work.answer, work.request


# interviews


def test_an_interview_comes_back_as_it_was(store):
    value = shown(store)
    assert store.interview(value.id) == value


def test_the_interview_of_another_owner_is_not_found(store):
    created(store, owner_id="somebody")
    assert store.interview(SESSION, owner_id="somebody")
    with pytest.raises(NotFound, match="no such interview"):
        store.interview(SESSION, owner_id="local")


def test_interviews_are_listed_latest_first_and_each_owner_sees_their_own(store):
    for number, owner in enumerate(["local", "somebody", "local"]):
        created(store, f"id-{number}", owner_id=owner, created_at=START + timedelta(days=number))
    assert [r.interview.id for r in store.interviews(owner_id="local")] == ["id-2", "id-0"]


def test_a_question_comes_back_as_it_was_asked(store):
    created(store)
    assert store.question(ASKED[1].sha256) == ASKED[1]


def test_a_question_the_bank_changed_meanwhile_is_kept_in_both_forms(store):
    old, new = question("same", minutes=2), question("same", minutes=3)
    created(store, "first", asked=[old])
    created(store, "second", asked=[new])
    assert (store.question(old.sha256).minutes, store.question(new.sha256).minutes) == (2, 3)


def test_a_question_nobody_asked_is_not_found(store):
    with pytest.raises(NotFound):
        store.question("0" * 64)


def test_one_action_writes_interview_answer_request_and_event_together(store):
    answer, request = answered(store)
    assert store.answers(SESSION) == [answer]
    assert store.answer(answer.id) == answer
    assert store.open_requests() == [request]
    assert [e.kind for e in store.events(SESSION)] == ["started", "shown", "submitted"]
    assert store.interview(SESSION).version == 3


def test_the_second_of_two_writers_is_told_and_writes_nothing(store):
    value = shown(store)
    store.commit(submission(value, "first"))
    with pytest.raises(Conflict, match="another tab"):
        store.commit(submission(value, "second"))
    assert [a.text for a in store.answers(SESSION)] == ["first"]
    assert len(store.events(SESSION)) == 3


def test_a_second_answer_to_a_turn_is_impossible_also_with_the_right_version(store):
    value = shown(store)
    work = submission(value)
    store.commit(work)
    again = replace(work, before=work.after, after=work.after.model_copy(update={"version": work.after.version + 1}))
    with pytest.raises(Conflict, match="answered already"):
        store.commit(again)
    assert store.interview(SESSION) == work.after


def test_moments_come_back_in_utc(store):
    answer, _ = answered(store)
    assert store.answer(answer.id).submitted_at == START
    assert store.events(SESSION)[0].at.utcoffset() == timedelta(0)


def test_a_moment_without_a_zone_is_not_stored(store):
    with pytest.raises(Exception, match="without a time zone"):
        store.beat(START.replace(tzinfo=None))


# drafts


def test_without_a_draft_the_saved_text_is_empty(store):
    assert store.draft(SESSION, 0) == Draft(text="", revision=0, tab="")


def save(store: SqlStore, words: str, *, tab: str, base: int) -> Draft:
    return store.save_draft(SESSION, 0, Draft(text=words, tab=tab), base=base, now=START)


def test_each_save_counts_the_revision_up(store):
    shown(store)
    assert [save(store, w, tab="a", base=b).revision for b, w in enumerate("xyz")] == [1, 2, 3]
    assert store.draft(SESSION, 0) == Draft(text="z", revision=3, tab="a")


def test_the_tab_that_wrote_last_may_have_missed_its_own_receipt(store):
    shown(store)
    save(store, "one", tab="a", base=0)
    assert save(store, "two", tab="a", base=0).revision == 2


def test_another_tab_saves_only_on_the_newest_revision(store):
    shown(store)
    save(store, "one", tab="a", base=0)
    with pytest.raises(NewerDraft):
        save(store, "two", tab="b", base=0)
    assert save(store, "three", tab="b", base=1) == store.draft(SESSION, 0) == Draft(text="three", revision=2, tab="b")


def test_drafts_of_different_turns_are_apart(store):
    shown(store)
    save(store, "one", tab="a", base=0)
    assert store.draft(SESSION, 1).text == ""


def test_a_draft_of_a_closed_turn_is_refused(store):
    answered(store)
    with pytest.raises(AlreadyAnswered):
        save(store, "too late", tab="a", base=0)
    assert store.draft(SESSION, 0).text == ""


def test_an_answer_taken_from_an_older_draft_is_a_conflict(store):
    work = submission(shown(store))
    older = store.draft(SESSION, 0)
    save(store, "newer", tab="a", base=0)
    with pytest.raises(Conflict):
        store.commit(replace(work, draft=older))
    assert store.answers(SESSION) == []


def test_a_draft_of_no_interview_is_refused(store):
    with pytest.raises(NotFound):
        save(store, "one", tab="a", base=0)


# gradings


@pytest.mark.parametrize("made", [grade, estimate, failure])
def test_an_outcome_comes_back_as_it_was(store, made: Callable[[Question], object]):
    _, request = answered(store)
    outcome = made(ASKED[0])
    store.add_grading(request, outcome)  # type: ignore[arg-type]
    assert [g.outcome for g in store.gradings(SESSION)] == [outcome]
    assert store.open_requests() == []


def test_a_request_is_open_until_it_has_an_outcome(store):
    _, request = answered(store)
    found = store.grading(request.key)
    assert found is not None
    assert (found.request, found.outcome) == (request, None)


def test_a_second_outcome_of_the_same_request_changes_nothing(store):
    _, request = answered(store)
    store.add_grading(request, grade(ASKED[0], 90.0))
    store.add_grading(request, grade(ASKED[0], 10.0))
    assert [g.outcome.score for g in store.gradings(SESSION)] == [90.0]


def test_the_same_request_is_taken_once(store):
    _, request = answered(store)
    assert store.request_grading(request) is False
    assert store.request_grading(replace(request, key="another", attempt=1)) is True
    assert [g.request.attempt for g in store.gradings(SESSION)] == [0, 1]


def test_an_outcome_of_a_deleted_answer_is_dropped(store):
    _, request = answered(store)
    store.delete(SESSION, owner_id="local")
    store.add_grading(request, grade(ASKED[0]))
    assert store.grading(request.key) is None


# the clock


def test_an_interview_is_due_from_the_end_of_its_grace(store):
    value = shown(store)
    assert value.sweep_at is not None
    assert store.due(value.sweep_at - timedelta(microseconds=1)) == []
    assert store.due(value.sweep_at) == [SESSION]


def test_only_an_open_timed_question_ticks(store):
    created(store, "not-shown")
    value = shown(store, "open")
    assert store.ticking() == ["open"]
    step = apply(value, EndEarly(draft=""), START)
    store.commit(Work(before=value, after=step.interview, event=step.event))
    assert store.ticking() == []


def test_the_latest_beat_is_kept(store):
    assert store.alive_at() is None
    for minute in (1, 2):
        store.beat(START + timedelta(minutes=minute))
    assert store.alive_at() == START + timedelta(minutes=2)


def test_what_was_written_is_there_for_a_second_engine(store, home):
    value = shown(store)
    engine = open_engine(home)
    assert SqlStore(engine).interview(SESSION) == value
    with engine.connect() as connection:
        assert connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"
    engine.dispose()
