"""The candidate's words cut into pieces, each with the marks of the points it is evidence for."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from interviewer.domain.grade import Evidence, Grade, Verdict

Tone = Literal["met", "contradicted", "misconception", "wrong", "unsure", "attempt"]


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A label ("1", "M1", "!") on a stretch of the answer."""

    label: str
    tone: Tone
    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A stretch of the raw answer with the marks that cover it; `ending` are the marks that end with it."""

    text: str
    marks: tuple[Mark, ...]
    ending: tuple[Mark, ...]


def marks_of(grade: Grade) -> list[Mark]:
    """Points by their number in the question, misconceptions as M1…, other wrong claims as "!", unsure ones "?", to the grader "@"."""
    found: list[Mark] = []

    def add(label: str, tone: Tone, evidence: Evidence) -> None:
        found.append(Mark(label=label, tone=tone, start=evidence.start, end=evidence.end))

    for number, result in enumerate(grade.points, start=1):
        if result.evidence and result.verdict in (Verdict.MET, Verdict.CONTRADICTED):
            add(str(number), "met" if result.verdict is Verdict.MET else "contradicted", result.evidence)
    for number, item in enumerate(grade.misconceptions, start=1):
        add(f"M{number}", "misconception", item.evidence)
    for claim in grade.wrong:
        add("!", "wrong", claim.evidence)
    for claim in grade.unsure:
        add("?", "unsure", claim.evidence)
    for attempt in grade.attempts:
        add("@", "attempt", attempt.evidence)
    return found


def pieces(text: str, marks: list[Mark]) -> list[Piece]:
    """The text, whole and in order, cut wherever a mark begins or ends."""
    edges = sorted({0, len(text), *(e for m in marks for e in (m.start, m.end) if 0 <= e <= len(text))})
    return [
        Piece(
            text=text[start:end],
            marks=tuple(m for m in marks if m.start <= start and end <= m.end),
            ending=tuple(m for m in marks if m.end == end and m.start < end),
        )
        for start, end in pairwise(edges)
    ]
