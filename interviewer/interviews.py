"""The use cases: start, show, submit, pass, hint, time out, go on, end, resume, retry a grading.

Each loads the interview, applies one action and commits it with compare-and-set. Losing the race is a refusal told to
the user, never a second answer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from random import Random  # noqa: TID251  (a type here: the caller hands in the generator)
from typing import Literal

from interviewer.domain.errors import AlreadyAnswered, Conflict, NewerDraft, NotFound, Refused, TooLate, TooLong
from interviewer.domain.grade import Ungraded
from interviewer.domain.interview import (
    LONGEST_ANSWER,
    Action,
    AddBack,
    Cause,
    EndEarly,
    Event,
    GoOn,
    Interview,
    Mode,
    Pace,
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
from interviewer.domain.question import Question, Topic
from interviewer.domain.selection import Length, draw
from interviewer.domain.track import Overlap, Track
from interviewer.ports import Answer, Clock, Draft, Grader, GraderName, GradingRequest, Store, Work

DOWN_AFTER = timedelta(seconds=5)
MEMORY = 60
TRIES = 4


def storable(text: str) -> str:
    """The text itself, but for halves of characters (lone surrogates), which no database takes."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _lost(interview: Interview, *, now: datetime, last: datetime | None) -> AddBack:
    """The time since the last sign of life; `Refused` where no clock ran in it."""
    shown = interview.turn.shown_at if interview.turn else None
    gap = now - max(last or shown, shown) if shown else timedelta(0)
    if gap <= DOWN_AFTER:
        raise Refused("No time was lost.")
    return AddBack(seconds=gap.total_seconds())


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What the candidate chose on the start page."""

    track: Track
    length: Length
    mode: Mode = Mode.EXAM
    pace: Pace = Pace.STANDARD
    topics: tuple[Topic, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Interviews:
    """The use cases over their ports. `wake` tells the grading jobs that there is work."""

    store: Store
    clock: Clock
    graders: dict[GraderName, Grader]
    active_grader: GraderName
    rng: Random
    new_id: Callable[[], str]
    wake: Callable[[], None] = lambda: None

    def start(self, choice: Choice, bank: Sequence[Question], *, owner_id: str, overlaps: Sequence[Overlap] = ()) -> Interview:
        """Draw the questions and store the interview with them."""
        now, asked = self.clock.now(), self._asked(owner_id)
        questions = draw(bank, choice.track, choice.length, topics=choice.topics, asked=asked, overlaps=overlaps, rng=self.rng)
        minutes = sum(q.minutes for q in questions)
        factor = choice.pace.factor
        interview = Interview(
            id=self.new_id(),
            owner_id=owner_id,
            track_id=choice.track.id,
            track_name=choice.track.name,
            mode=choice.mode,
            pace=choice.pace,
            pass_band=choice.track.pass_band,
            topics=choice.topics,
            seconds=None if factor is None else minutes * 60 * factor,
            turns=tuple(turn_for(q) for q in questions),
            created_at=now,
        )
        self.store.create(interview, questions, Event(kind="started", at=now, turn=0, data={"questions": len(questions)}))
        self.wake()
        return interview

    def _asked(self, owner_id: str) -> list[str]:
        """Question ids of the owner's latest interviews, oldest first."""
        rows = reversed(self.store.interviews(owner_id=owner_id))
        return [turn.question_id for row in rows for turn in row.interview.turns if turn.shown_at][-MEMORY:]

    def show(self, interview: Interview) -> Interview:
        """Start the clock of the current question, if it is to be shown and has not been."""
        turn = interview.turn
        if turn is None or turn.shown_at is not None or interview.status is not Status.RUNNING:
            return interview
        try:
            return self._do(interview, Show(turn=interview.current)).interview
        except (Conflict, Refused):
            return self.store.interview(interview.id)

    def submit(
        self, interview_id: str, turn: int, text: str, *, tab: str = "", base: int = -1, by: Literal["candidate", "clock"] = "candidate"
    ) -> Interview:
        """Close a turn with the text of the page; with the saved draft when the page's clock ran out on an older tab.

        The same text a second time (a repeated report, a double click) changes nothing and is no error.
        """
        interview, text = self.store.interview(interview_id), storable(text)
        if interview.sweep_at is not None and self.clock.now() > interview.sweep_at:
            self.tend_clock()  # the machine may just have woken: lost time is given back before anything is late
            interview = self.store.interview(interview_id)
        saved = self.store.draft(interview_id, turn)
        if tab and saved.tab not in ("", tab) and saved.revision > max(base, 0):
            if by == "candidate":
                raise NewerDraft("This answer was gone on with in another tab. Nothing was submitted; take over its text here first.")
            text = saved.text
        try:
            return self._do(interview, Submit(turn=turn, text=text, by=by)).interview
        except (AlreadyAnswered, TooLate):
            if any(answer.turn == turn and answer.text == text for answer in self.store.answers(interview_id)):
                return self.store.interview(interview_id)
            raise

    def pass_turn(self, interview_id: str, turn: int, cause: Literal[Cause.SKIPPED, Cause.DONT_KNOW]) -> Interview:
        """Skip, or say "I don't know"."""
        return self._do(self.store.interview(interview_id), Pass(turn=turn, cause=cause)).interview

    def take_hint(self, interview_id: str, turn: int) -> Interview:
        """Show one more hint of the current question, at its cost."""
        interview = self.store.interview(interview_id)
        if turn != interview.current:
            raise AlreadyAnswered("This question is closed.")
        question = self.store.question(interview.turns[turn].question_sha256)
        return self._do(interview, TakeHint(turn=turn, available=len(question.hints))).interview

    def go_on(self, interview_id: str) -> Interview:
        """Leave the wait between two questions; from a second tab it changes nothing."""
        interview = self.store.interview(interview_id)
        if interview.status is not Status.WAITING:
            return interview
        return self._do(interview, GoOn()).interview

    def end(self, interview_id: str) -> Interview:
        """Finish now; what was saved of the open answer is submitted as it stands."""
        interview = self.store.interview(interview_id)
        if interview.status is Status.FINISHED:
            return interview
        return self._do(interview, lambda now: EndEarly(draft=self.store.draft(interview_id, now.current).text)).interview

    def save_draft(self, interview_id: str, turn: int, text: str, *, tab: str, base: int, take_over: bool = False) -> Draft:
        """Keep what was typed. Refused when the turn is closed, or when another tab holds newer text."""
        if len(text) > LONGEST_ANSWER:
            raise TooLong(f"The text has {len(text):,} characters; {LONGEST_ANSWER:,} are the most. The last shorter text is kept.")
        interview, text = self.store.interview(interview_id), storable(text)
        now = self.clock.now()
        if interview.sweep_at is not None and now > interview.sweep_at:
            raise TooLate("The time for this question is over. What was saved by then counts.")
        base = self.store.draft(interview_id, turn).revision if take_over else base
        return self.store.save_draft(interview_id, turn, Draft(text=text, tab=tab), base=base, now=now)

    def sweep(self) -> int:
        """Submit the saved drafts of all interviews whose deadline and grace are over. Returns how many."""
        swept = 0
        for interview_id in self.store.due(self.clock.now()):
            try:
                interview = self.store.interview(interview_id)
                draft = self.store.draft(interview_id, interview.current)
                self._once(interview, TimeOut(turn=interview.current, draft=draft.text), draft=draft)
                swept += 1
            except (Conflict, Refused, NotFound):
                continue
        return swept

    def tend_clock(self) -> None:
        """Say that the server is alive, and give back the time during which none was."""
        ticking = self.store.ticking()
        if not ticking:
            return
        now, last = self.clock.now(), self.store.alive_at()
        for interview_id in ticking:
            try:
                self._do(self.store.interview(interview_id), partial(_lost, now=now, last=last))
            except (Conflict, Refused, NotFound):
                continue
        self.store.beat(now)

    def regrade(self, answer_id: str, *, grader: GraderName) -> bool:
        """Ask for one more grading of an answer; False when one is already under way."""
        answer = self.store.answer(answer_id)
        mine = [g for g in self.store.gradings(answer.interview_id) if g.request.answer_id == answer_id]
        if any(g.outcome is None for g in mine):
            return False
        attempt = 1 + max((g.request.attempt for g in mine), default=-1)
        asked = self.store.request_grading(self._request(answer, grader=grader, attempt=attempt))
        self.wake()
        return asked

    def retry_failed(self, interview_id: str, *, grader: GraderName) -> int:
        """Ask again for every answer whose latest grading failed. Returns how many."""
        latest = {g.request.answer_id: g.outcome for g in self.store.gradings(interview_id)}
        return sum(self.regrade(answer, grader=grader) for answer, outcome in latest.items() if isinstance(outcome, Ungraded))

    def _do(self, interview: Interview, action: Action | Callable[[Interview], Action]) -> Step:
        """Apply and commit; where somebody was first, look again: the state itself refuses what came too late.

        An action that depends on where the interview is (whose draft, how long) is given as a function of it.
        """
        for _ in range(TRIES):
            try:
                return self._once(interview, action(interview) if callable(action) else action)
            except Conflict:
                interview = self.store.interview(interview.id)
        return self._once(interview, action(interview) if callable(action) else action)

    def _once(self, interview: Interview, action: Action, *, draft: Draft | None = None) -> Step:
        step = apply(interview, action, self.clock.now())
        answer = self._answer(step) if step.closed else None
        request = self._request(answer, grader=self.active_grader, attempt=0) if answer else None
        work = Work(before=interview, after=step.interview, event=step.event, answer=answer, request=request, draft=draft)
        self.store.commit(work)
        if request:
            self.wake()
        return step

    def _answer(self, step: Step) -> Answer:
        assert step.closed
        turn = step.interview.turns[step.closed.turn]
        return Answer(
            id=hashlib.sha256(f"{step.interview.id}/{step.closed.turn}".encode()).hexdigest()[:32],
            owner_id=step.interview.owner_id,
            interview_id=step.interview.id,
            turn=step.closed.turn,
            question_sha256=turn.question_sha256,
            text=step.closed.text,
            cause=step.closed.cause,
            submitted_at=step.event.at,
            used=turn.used,
            hints=turn.hints,
        )

    def _request(self, answer: Answer, *, grader: GraderName, attempt: int) -> GradingRequest:
        """The request whose key is the hash of answer, question content, grader and attempt."""
        parts = (answer.id, answer.text, str(answer.hints), answer.question_sha256, self.graders[grader].identity(), str(attempt))
        digest = hashlib.sha256()
        for part in parts:
            digest.update(hashlib.sha256(part.encode()).digest())
        return GradingRequest(
            key=digest.hexdigest(),
            owner_id=answer.owner_id,
            answer_id=answer.id,
            grader=grader,
            attempt=attempt,
            requested_at=self.clock.now(),
        )
