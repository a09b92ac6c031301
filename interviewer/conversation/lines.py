"""The scripted interviewer: openings, acknowledgements, closings. In an exam it never judges.

Which line is said is drawn from the interview's id and turn, so that a reload says the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from interviewer.domain.interview import Cause, Interview, Mode, Status

OPENINGS = (
    "Hello, and thanks for taking the time.",
    "Hi, good to meet you.",
    "Welcome. Let's get started.",
)
ACKNOWLEDGED = (
    "Thank you. Let's go on.",
    "Noted, thanks. Here is the next one.",
    "All right, thank you.",
    "Got it. Let's move on.",
)
PASSED = ("That's fine. Let's take another one.", "No problem. Let's go on.", "All right, we leave that one.")
PASSED_IN_STUDY = "That's fine. We leave that one."
TIMED_OUT = "Time is up for that one; I have your answer as it stood."
TIMED_OUT_BLANK = "Time is up for that one."
CLOSINGS = ("We stop here. Thank you for the conversation.", "That's all from me. Thank you for your time.")


def opening(interview: Interview) -> str:
    """Who asks what, for how long."""
    count = len(interview.turns)
    questions = "one question" if count == 1 else f"{count} questions"
    if interview.seconds is None:
        time = "There is no clock; take the time you need."
    else:
        time = f"We have {minutes(interview.seconds)} in all, and each question has its own clock, which starts when you see it."
    manner = (
        "I won't comment on your answers on the way; you get the full review at the end."
        if interview.mode is Mode.EXAM
        else "After each answer we look at it together, and there are hints if you want them, at a cost."
    )
    return f"{_pick(OPENINGS, interview, 0)} I have {questions} for you. {time} {manner}"


def after(interview: Interview, number: int) -> str:
    """What the interviewer says once turn `number` is closed: an acknowledgement without judgement."""
    turn = interview.turns[number]
    last = number + 1 == len(interview.turns) or (interview.status is Status.FINISHED and number == interview.current)
    if turn.cause is Cause.TIMED_OUT:
        said = TIMED_OUT_BLANK if turn.blank else TIMED_OUT
    elif last:
        return _pick(CLOSINGS, interview, number)
    elif turn.cause in (Cause.SKIPPED, Cause.DONT_KNOW) or turn.blank:
        return _pick(PASSED, interview, number)
    else:
        return _pick(ACKNOWLEDGED, interview, number)
    return f"{said} {_pick(CLOSINGS, interview, number)}" if last else said


def looking_back(interview: Interview, number: int) -> str:
    """Study mode, before the feedback on turn `number`."""
    turn = interview.turns[number]
    if turn.cause is Cause.TIMED_OUT:
        return TIMED_OUT_BLANK if turn.blank else TIMED_OUT
    return PASSED_IN_STUDY if turn.blank else "Thank you. Let's look at it together."


def minutes(seconds: float) -> str:
    """A length in words: "12 minutes", "1 minute 30 seconds"."""
    whole, rest = divmod(round(seconds), 60)
    parts = [f"{n} {unit}{'' if n == 1 else 's'}" for n, unit in ((whole, "minute"), (rest, "second")) if n]
    return " ".join(parts) or "0 seconds"


def _pick(lines: Sequence[str], interview: Interview, number: int) -> str:
    digest = hashlib.sha256(f"{interview.id}/{number}".encode()).digest()
    return lines[digest[0] % len(lines)]
