"""An interview is a value: `apply(interview, action, now)` gives the next value and one event, or refuses.

The clock runs only while a question is on screen. A question's deadline is its own minutes at the chosen pace or the
end of the interview, whichever is first; what other questions took is already gone from the interview's time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict

from interviewer.domain.errors import AlreadyAnswered, Refused, TooLate, TooLong
from interviewer.domain.grade import Band
from interviewer.domain.question import Difficulty, Kind, Question, Topic

GRACE = timedelta(seconds=2)
LONGEST_ANSWER = 200_000
LAST_MOMENT = 0.5
LATE = "The time for this question was over. What had been saved by then is your answer; later text is not."


class Mode(StrEnum):
    """Exam: no feedback until the end. Study: hints at a cost, feedback and reference after each attempt."""

    EXAM = "exam"
    STUDY = "study"


class Pace(StrEnum):
    """How much time the candidate takes compared with the standard clock."""

    STANDARD = "standard"
    RELAXED = "1.5x"
    DOUBLE = "2x"
    UNTIMED = "untimed"

    @property
    def factor(self) -> float | None:
        """What the minutes are multiplied by; None when there is no clock."""
        return {"standard": 1.0, "1.5x": 1.5, "2x": 2.0, "untimed": None}[self.value]


class Status(StrEnum):
    """`waiting`: between two questions, until the candidate goes on."""

    RUNNING = "running"
    WAITING = "waiting"
    FINISHED = "finished"


class Cause(StrEnum):
    """How a turn was closed."""

    SUBMITTED = "submitted"
    TIMED_OUT = "timed_out"
    SKIPPED = "skipped"
    DONT_KNOW = "dont_know"
    ENDED = "ended"


class State(BaseModel):
    """Stored as JSON: frozen, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Turn(State):
    """One question of the interview. Times in UTC, `used` in seconds."""

    question_id: str
    question_sha256: str
    topic: Topic
    kind: Kind
    difficulty: Difficulty
    minutes: int
    shown_at: datetime | None = None
    deadline: datetime | None = None
    hints: int = 0
    cause: Cause | None = None
    closed_at: datetime | None = None
    used: float = 0.0
    blank: bool = False

    @property
    def open(self) -> bool:
        """Shown and not yet closed."""
        return self.shown_at is not None and self.cause is None


class Interview(State):
    """A whole interview. `seconds` is its time limit (None: untimed); `current` the index of the turn to answer."""

    id: str
    owner_id: str
    track_id: str
    track_name: str
    mode: Mode
    pace: Pace
    pass_band: Band
    topics: tuple[Topic, ...] = ()
    seconds: float | None
    turns: tuple[Turn, ...]
    status: Status = Status.RUNNING
    current: int = 0
    created_at: datetime
    finished_at: datetime | None = None
    version: int = 1

    @property
    def turn(self) -> Turn | None:
        """The turn to answer now; None when the interview is over."""
        return None if self.status is Status.FINISHED else self.turns[self.current]

    @property
    def used(self) -> float:
        """Seconds spent on closed turns."""
        return sum(turn.used for turn in self.turns)

    @property
    def ends_at(self) -> datetime | None:
        """When the whole interview's time is over, if the open question stays on screen."""
        if self.seconds is None or self.turn is None or self.turn.shown_at is None:
            return None
        return self.turn.shown_at + timedelta(seconds=self.seconds - self.used)

    @property
    def sweep_at(self) -> datetime | None:
        """When the open turn is closed for the candidate: deadline plus grace; None when no clock runs."""
        turn = self.turn
        return turn.deadline + GRACE if turn and turn.open and turn.deadline else None


@dataclass(frozen=True, kw_only=True)
class Show:
    """The question is on screen: its clock starts, once."""

    turn: int


@dataclass(frozen=True, kw_only=True)
class Submit:
    """The candidate's answer, by button or by the page's clock."""

    turn: int
    text: str
    by: Literal["candidate", "clock"] = "candidate"


@dataclass(frozen=True, kw_only=True)
class Pass:
    """Skip, or "I don't know"."""

    turn: int
    cause: Literal[Cause.SKIPPED, Cause.DONT_KNOW]


@dataclass(frozen=True, kw_only=True)
class TimeOut:
    """The sweep: deadline and grace are over; `draft` is the saved text."""

    turn: int
    draft: str


@dataclass(frozen=True, kw_only=True)
class TakeHint:
    """Study mode: the next hint, at a cost."""

    turn: int
    available: int


@dataclass(frozen=True, kw_only=True)
class GoOn:
    """Leave the wait between two questions."""


@dataclass(frozen=True, kw_only=True)
class EndEarly:
    """Finish now; a draft that says something is submitted as it stands."""

    draft: str


@dataclass(frozen=True, kw_only=True)
class AddBack:
    """The server was down while the clock ran: the candidate gets the time back."""

    seconds: float


Action = Show | Submit | Pass | TimeOut | TakeHint | GoOn | EndEarly | AddBack


@dataclass(frozen=True, kw_only=True)
class Event:
    """What happened: one for each accepted action; the audit log. Holds no candidate text."""

    kind: str
    at: datetime
    turn: int
    data: dict[str, str | int | float | None]


@dataclass(frozen=True, kw_only=True)
class Closed:
    """The answer that an action closed a turn with."""

    turn: int
    text: str
    cause: Cause


@dataclass(frozen=True, kw_only=True)
class Step:
    """The next interview, its event, and the answer if one was given."""

    interview: Interview
    event: Event
    closed: Closed | None = None


def turn_for(question: Question) -> Turn:
    """A turn not yet shown."""
    return Turn(
        question_id=question.id,
        question_sha256=question.sha256,
        topic=question.topic,
        kind=question.kind,
        difficulty=question.difficulty,
        minutes=question.minutes,
    )


def apply(interview: Interview, action: Action, now: datetime) -> Step:
    """Carry out one action at the moment `now` (UTC), or raise `Refused`."""
    if now.tzinfo is None or now.utcoffset() != timedelta(0):
        raise ValueError("`now` must be in UTC")
    if interview.status is Status.FINISHED:
        raise AlreadyAnswered("This interview is finished. Nothing was changed; its answers stand as they were submitted.")
    match action:
        case Show():
            return _show(interview, action, now)
        case Submit():
            return _submit(interview, action, now)
        case Pass():
            _check_open(interview, action.turn)
            _check_in_time(interview, now)
            return _close(interview, now, text="", cause=Cause(action.cause))
        case TimeOut():
            return _time_out(interview, action, now)
        case TakeHint():
            return _take_hint(interview, action, now)
        case GoOn():
            return _go_on(interview, now)
        case EndEarly():
            return _end_early(interview, action, now)
        case AddBack():
            return _add_back(interview, action, now)


def _show(interview: Interview, action: Show, now: datetime) -> Step:
    turn = interview.turns[interview.current]
    if interview.status is not Status.RUNNING or action.turn != interview.current or turn.shown_at is not None:
        raise Refused("This question is not the one to show now. Reload the page to see where the interview is.")
    shown = turn.model_copy(update={"shown_at": now, "deadline": _deadline(interview, turn, now)})
    return _step(_with_turn(interview, shown), "shown", now)


def _deadline(interview: Interview, turn: Turn, now: datetime) -> datetime | None:
    if interview.seconds is None or interview.pace.factor is None:
        return None
    seconds = min(turn.minutes * 60 * interview.pace.factor, interview.seconds - interview.used)
    return now + timedelta(seconds=seconds)


def _submit(interview: Interview, action: Submit, now: datetime) -> Step:
    turn = _check_open(interview, action.turn)
    _check_in_time(interview, now)
    if len(action.text) > LONGEST_ANSWER:
        raise TooLong(
            f"The answer has {len(action.text):,} characters; {LONGEST_ANSWER:,} are the most. "
            "It was not submitted: shorten it and submit again."
        )
    ran_out = turn.deadline is not None and (action.by == "clock" or now >= turn.deadline)
    if action.by == "clock" and (turn.deadline is None or now < turn.deadline - timedelta(seconds=LAST_MOMENT)):
        raise Refused("The clock has not run out on the server. Your text is kept; go on writing.")
    return _close(interview, now, text=action.text, cause=Cause.TIMED_OUT if ran_out else Cause.SUBMITTED)


def _time_out(interview: Interview, action: TimeOut, now: datetime) -> Step:
    _check_open(interview, action.turn)
    if interview.sweep_at is None or now < interview.sweep_at:
        raise Refused("The time for this question is not over.")
    return _close(interview, now, text=action.draft, cause=Cause.TIMED_OUT, wait=True)


def _take_hint(interview: Interview, action: TakeHint, now: datetime) -> Step:
    turn = _check_open(interview, action.turn)
    _check_in_time(interview, now)
    if interview.mode is not Mode.STUDY:
        raise Refused("Hints are for study mode. This is an exam.")
    if turn.hints >= action.available:
        raise Refused("There are no more hints for this question.")
    return _step(_with_turn(interview, turn.model_copy(update={"hints": turn.hints + 1})), "hint", now)


def _go_on(interview: Interview, now: datetime) -> Step:
    if interview.status is not Status.WAITING:
        raise Refused("The interview is already going on.")
    return _step(interview.model_copy(update={"status": Status.RUNNING}), "went_on", now)


def _end_early(interview: Interview, action: EndEarly, now: datetime) -> Step:
    turn = interview.turns[interview.current]
    if turn.open:
        in_time = interview.sweep_at is None or now <= interview.sweep_at
        cause = Cause.ENDED if in_time else Cause.TIMED_OUT
        return _close(interview, now, text=action.draft, cause=cause, finish=True)
    done = interview.model_copy(update={"status": Status.FINISHED, "finished_at": now})
    return _step(done, "ended", now)


def _add_back(interview: Interview, action: AddBack, now: datetime) -> Step:
    turn = interview.turns[interview.current]
    if not turn.open or turn.deadline is None or turn.shown_at is None:
        raise Refused("No clock is running.")
    gap = timedelta(seconds=action.seconds)
    moved = turn.model_copy(update={"shown_at": turn.shown_at + gap, "deadline": turn.deadline + gap})
    return _step(_with_turn(interview, moved), "time_added_back", now, seconds=round(action.seconds, 3))


def _check_open(interview: Interview, number: int) -> Turn:
    if 0 <= number < interview.current and interview.turns[number].cause is Cause.TIMED_OUT:
        raise TooLate(LATE)
    if number != interview.current or not 0 <= number < len(interview.turns) or interview.turns[number].cause:
        raise AlreadyAnswered("This question was already answered, in another tab or a moment ago. The first answer stands.")
    turn = interview.turns[number]
    if turn.shown_at is None or interview.status is not Status.RUNNING:
        raise Refused("This question has not been shown yet. Reload the page to see where the interview is.")
    return turn


def _check_in_time(interview: Interview, now: datetime) -> None:
    if interview.sweep_at is not None and now > interview.sweep_at:
        raise TooLate(LATE)


def _close(interview: Interview, now: datetime, *, text: str, cause: Cause, wait: bool = False, finish: bool = False) -> Step:
    turn = interview.turns[interview.current]
    assert turn.shown_at is not None
    end = min(now, turn.deadline) if turn.deadline else now
    used = max(0.0, (end - turn.shown_at).total_seconds())
    closed = turn.model_copy(update={"cause": cause, "closed_at": now, "used": used, "blank": not text.strip()})
    after = _with_turn(interview, closed)
    last = interview.current + 1 == len(interview.turns)
    out_of_time = after.seconds is not None and after.seconds - after.used < 1
    if last or out_of_time or finish:
        after = after.model_copy(update={"status": Status.FINISHED, "finished_at": now})
    else:
        pause = wait or interview.mode is Mode.STUDY
        after = after.model_copy(update={"current": interview.current + 1, "status": Status.WAITING if pause else Status.RUNNING})
    return Step(
        interview=after.model_copy(update={"version": interview.version + 1}),
        event=Event(kind=cause.value, at=now, turn=interview.current, data={"characters": len(text), "seconds": round(used, 3)}),
        closed=Closed(turn=interview.current, text=text, cause=cause),
    )


def _with_turn(interview: Interview, turn: Turn) -> Interview:
    turns = list(interview.turns)
    turns[interview.current] = turn
    return interview.model_copy(update={"turns": tuple(turns)})


def _step(interview: Interview, kind: str, now: datetime, **data: str | int | float | None) -> Step:
    event = Event(kind=kind, at=now, turn=interview.current, data=data)
    return Step(interview=interview.model_copy(update={"version": interview.version + 1}), event=event)
