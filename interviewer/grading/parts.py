"""An answer that is too long for one request, in parts that end where sentences end; and what the parts' verdicts come to."""

from __future__ import annotations

import json
from collections.abc import Sequence

from interviewer.domain.grade import PointResult, Verdict
from interviewer.ports import TokenCounter
from interviewer.text.words import SENTENCE_END

FULLEST = 0.9
LATEST = 0.5


def divided(text: str, most: int, tokens: TokenCounter) -> list[str]:
    """The whole text, in order, in parts of at most `most` tokens as JSON. One part for a usual answer, also for an empty one."""
    parts: list[str] = []
    rest = text
    while tokens.count(json.dumps(rest, ensure_ascii=False)) > most:
        part = _beginning(rest, most, tokens)
        parts.append(part)
        rest = rest[len(part) :]
    return [*parts, rest] if rest or not parts else parts


def _beginning(text: str, most: int, tokens: TokenCounter) -> str:
    """As much as fits, ended at the last sentence end in its second half, else at a blank."""
    room = float(most)
    while True:
        part = tokens.cut(text, max(1, int(room * FULLEST))) or text[:1]
        if len(part) == 1 or tokens.count(json.dumps(part, ensure_ascii=False)) <= most:
            break
        room *= FULLEST
    half = int(len(part) * LATEST)
    ends = [m.end() for m in SENTENCE_END.finditer(part, half)]
    blank = part.rfind(" ", half) + 1
    return part[: ends[-1] if ends else blank or len(part)]


def last_stance(parts: Sequence[Sequence[PointResult]]) -> tuple[PointResult, ...]:
    """One result a point: the last part that takes a stance decides; then what could not be assessed; else it was not said."""
    found = []
    for of_one_point in zip(*parts, strict=True):
        stances = [r for r in of_one_point if r.verdict in (Verdict.MET, Verdict.CONTRADICTED)]
        unsure = [r for r in of_one_point if r.verdict is Verdict.CANNOT_ASSESS]
        flagged = [r for r in of_one_point if r.flags]
        found.append((stances or unsure or flagged or list(of_one_point))[-1])
    return tuple(found)
