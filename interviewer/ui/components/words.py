"""Words for values, the same on every page."""

from __future__ import annotations

from html import escape

from interviewer.domain.grade import Verdict
from interviewer.domain.interview import Interview, Mode, Pace, Status
from interviewer.domain.question import Difficulty
from interviewer.domain.track import Group
from interviewer.review.report import Average

MODES = {Mode.EXAM: "Exam", Mode.STUDY: "Study"}
MODE_CAPTIONS = {
    Mode.EXAM: "A neutral interviewer; everything is reviewed at the end.",
    Mode.STUDY: "Hints at a cost, feedback and the reference after each attempt.",
}
PACES = {Pace.STANDARD: "Standard", Pace.RELAXED: "1.5 × time", Pace.DOUBLE: "2 × time", Pace.UNTIMED: "No clock"}
PACE_WORDS = {Pace.STANDARD: "standard clock", Pace.RELAXED: "1.5 × time", Pace.DOUBLE: "2 × time", Pace.UNTIMED: "no clock"}
LEVELS = {Difficulty.FOUNDATION: "Foundation", Difficulty.INTERMEDIATE: "Intermediate", Difficulty.ADVANCED: "Advanced"}
GROUPS = {Group.DIFFICULTY: "Difficulty", Group.ROLE: "Role"}
VERDICTS = {
    Verdict.MET: "✓ Met",
    Verdict.NOT_MET: "○ Missed",
    Verdict.CONTRADICTED: "✗ Contradicted",
    Verdict.CANNOT_ASSESS: "? Could not be assessed",
}
ESTIMATE = '<span class="iv-tag estimate">estimate</span>'


def score_html(average: Average) -> str:
    """The big number with its band, how many answers it rests on, and whether it is an estimate."""
    missing = f" · {count(average.missing, 'answer')} not graded" if average.missing else ""
    if average.score is None or average.band is None:
        return f'<div class="iv-score"><b>–</b><span>no grade yet{missing}</span></div>'
    over = f"mean of {count(average.graded, 'graded answer')}{missing}"
    label = ESTIMATE if average.estimate else ""
    return (
        f'<div class="iv-score"><b>{average.score:.0f}</b><span>of 100 · <strong>{escape(average.band.value)}</strong></span>'
        f'{label}</div><div class="iv-quiet">{over}</div>'
    )


def count(number: int, noun: str) -> str:
    """ "1 answer", "3 answers"."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def about(interview: Interview) -> str:
    """One line about a session: mode, pace, questions."""
    return f"{MODES[interview.mode]} · {PACE_WORDS[interview.pace]} · {count(len(interview.turns), 'question')}"


def where(interview: Interview) -> str:
    """How far a session is."""
    if interview.status is Status.FINISHED:
        return "finished"
    return f"question {interview.current + 1} of {len(interview.turns)}"


def alert_html(title: str, text: str, *, tone: str = "odd") -> str:
    """A box for words of models and servers: text and nothing else. Markdown would still make links of addresses in it."""
    return f'<div class="iv-alert {escape(tone)}" role="alert"><strong>{escape(title)}</strong> {escape(text)}</div>'
