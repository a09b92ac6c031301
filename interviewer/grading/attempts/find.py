"""Passages of an answer that talk to the grader or try to steer the grading, found by code. They are shown and change no verdict."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from interviewer.domain.grade import Attempt, Evidence
from interviewer.grading.attempts.disguise import decoded, invisible, readings
from interviewer.grading.attempts.elsewhere import ABOUT_ATTACKS, foreign
from interviewer.grading.attempts.forms import coded, worded
from interviewer.grading.attempts.marking_terms import DESCRIBES
from interviewer.grading.attempts.steering import steers
from interviewer.grading.evidence import Spoken
from interviewer.text.words import Span, sentences

MOST = 10
LONGEST = 600
"""Characters of one passage: longer sentences are read in pieces, and passages that touch are not joined beyond it."""
APART = 3
"""Characters between two passages that still touch."""
SHOWN = 60
LABEL = 2
PROSE = 6
"""Words that no honest answer hides in base64, outside of code."""
CODE = re.compile(r"```.*?```|~~~.*?~~~|(?<!`)`[^`\n]{1,400}`(?!`)", re.S)
QUOTED = re.compile(
    r"\"[^\"\n]{1,600}\"|\u201c[^\u201c\u201d]{1,600}\u201d|\u00ab[^\u00ab\u00bb]{1,600}\u00bb|\u201e[^\u201c\u201d\u201e]{1,600}[\u201c\u201d]"
    r"|\u300c[^\u300c\u300d]{1,600}\u300d|\u300e[^\u300e\u300f]{1,600}\u300f|(?<!\w)\u2018[^\u2018\u2019\n]{1,600}\u2019(?!\w)|(?<!\w)'[^'\n]{2,600}'(?!\w)"
)
STOPS = re.compile(r"(?<=[\u3002\uff01\uff1f\uff1b\u061f\u0964])|\n")
LIST_ITEM = re.compile(r"[-*+\u2022>]|\d+[.)]")


@dataclass(frozen=True, kw_only=True)
class Found:
    """A passage, and what is to be said of it."""

    span: Span
    note: str


def attempts(spoken: Spoken) -> tuple[Attempt, ...]:
    """The first passages that address the grader, in their order, at most `MOST`; neighbours are one passage.

    What is quoted, set as code or introduced as an example is talk about such passages, and never one of them.
    """
    text = spoken.clean.text
    found = [Found(span=_raw(span.span, spoken), note=span.note) for span in _found(text)]
    found += [Found(span=h.span, note=f"hidden characters spell “{_short(h.text)}”") for h in invisible(spoken.raw)]
    return tuple(_attempt(f, spoken.raw) for f in _joined(sorted(found, key=lambda f: (f.span.start, f.span.end)))[:MOST])


def _attempt(found: Found, raw: str) -> Attempt:
    text = raw[found.span.start : found.span.end].encode("utf-8", "replace").decode()  # half a character cannot be stored
    return Attempt(evidence=Evidence(start=found.span.start, end=found.span.end, text=text), by="code", note=found.note)


def _found(text: str) -> Iterator[Found]:
    """Passages of the clean text."""
    uncoded = CODE.sub(_blank, text)
    said = QUOTED.sub(_blank_if_said, uncoded)
    described: list[Span] = []
    introduced = False
    for span in _pieces(said):
        piece = said[span.start : span.end]
        listed = introduced and LIST_ITEM.match(piece) is not None
        if introduced or _describes(piece):
            described.append(span)
        elif note := _note(piece):
            yield Found(span=span, note=note)
        introduced = listed or (piece.endswith((":", "\uff1a")) and _describes(piece))
    for form in (*worded(said), *coded(uncoded)):
        if not _inside(form.span, described):
            yield Found(span=form.span, note=form.note)
    for hidden in decoded(said):
        if len(hidden.text.split()) >= PROSE or steers(hidden.text) or any(worded(hidden.text)):
            yield Found(span=hidden.span, note=f"encoded text that reads “{_short(hidden.text)}”")


def _note(piece: str) -> str:
    if note := steers(piece) or foreign(piece):
        return note
    return next((f"disguised text that reads “{_short(view)}”" for view in readings(piece) if steers(view)), "")


def _describes(piece: str) -> bool:
    """Whether the piece talks about attacks, gives an example or announces somebody else's words."""
    return DESCRIBES.search(piece.lower()) is not None or ABOUT_ATTACKS.search(piece) is not None


def _inside(span: Span, pieces: list[Span]) -> bool:
    """Whether the span begins in one of the pieces, which stand in order."""
    at = bisect_right(pieces, span.start, key=lambda piece: piece.start) - 1
    return at >= 0 and span.start < pieces[at].end


def _pieces(text: str) -> Iterator[Span]:
    """Sentences and lines, the very long ones cut at a blank."""
    for sentence in sentences(text):
        starts = [sentence.start, *(m.end() for m in STOPS.finditer(text, sentence.start, sentence.end)), sentence.end]
        for start, end in pairwise(starts):
            while end - start > LONGEST:
                cut = text.rfind(" ", start + LONGEST // 2, start + LONGEST) + 1 or start + LONGEST
                yield Span(start, cut)
                start = cut
            if text[start:end].strip():
                yield Span(start + len(text[start:end]) - len(text[start:end].lstrip()), start + len(text[start:end].rstrip()))


def _blank(match: re.Match[str]) -> str:
    return "\u25a1" * len(match[0])


def _blank_if_said(match: re.Match[str]) -> str:
    """A quotation is left out; a label of a word or two, such as "met", is not."""
    return match[0] if len(match[0].split()) <= LABEL and match[0].isascii() else _blank(match)


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= SHOWN else plain[: SHOWN - 1].rstrip() + "…"


def _raw(span: Span, spoken: Spoken) -> Span:
    """Where a span of the clean text stands in the raw one: up to the next raw character that is left in the clean text."""
    origin = spoken.clean.origin
    after = bisect_right(origin, origin[span.end - 1])
    end = origin[after] if after < len(origin) else len(spoken.raw)
    return Span(origin[span.start], min(end, origin[span.start] + LONGEST))


def _joined(found: list[Found]) -> list[Found]:
    joined: list[Found] = []
    for one in found:
        last = joined[-1] if joined else None
        if last and one.span.start <= last.span.end + APART and max(one.span.end, last.span.end) - last.span.start <= LONGEST:
            note = last.note if one.note in last.note else f"{last.note}; {one.note}"
            joined[-1] = Found(span=Span(last.span.start, max(one.span.end, last.span.end)), note=note)
        elif not last or one.span.end > last.span.end:
            joined.append(one)
    return joined
