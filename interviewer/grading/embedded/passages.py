"""An answer cut into passages: one or two neighbouring sentences each, as they may be quoted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from interviewer.text.words import Span, is_prose, sentences, words

WIDEST = 2
LONGEST = 70
"""Words of a passage of more than one sentence."""
LONGEST_PIECE = 300
"""Characters of a "sentence" that is read whole; a longer one is cut at white space."""


@dataclass(frozen=True, kw_only=True)
class Passage:
    """Characters `start` to `end` of the text, which are its pieces `first` to `last`, both included."""

    start: int
    end: int
    first: int
    last: int
    length: int


def pieces_of(text: str) -> list[Span]:
    """The sentences in pieces of bearable length. Shuffled words and bare lists of keywords are left out: they say nothing."""
    return [piece for span in sentences(text) if is_prose(text[span.start : span.end]) for piece in _cut(text, span)]


def passages_of(text: str, pieces: Sequence[Span]) -> list[Passage]:
    """Narrow ones first, so that of equal ones the shortest is quoted."""
    lengths = [len(words(text[span.start : span.end])) for span in pieces]
    found = []
    for width in range(1, WIDEST + 1):
        for first in range(len(pieces) - width + 1):
            last = first + width - 1
            length = sum(lengths[first : last + 1])
            if width == 1 or length <= LONGEST:
                found.append(Passage(start=pieces[first].start, end=pieces[last].end, first=first, last=last, length=length))
    return found


def _cut(text: str, span: Span) -> list[Span]:
    """A run-on "sentence" in pieces of at most the longest, cut at white space."""
    found, start = [], span.start
    while span.end - start > LONGEST_PIECE:
        end = text.rfind(" ", start + 1, start + LONGEST_PIECE)
        end = end if end > start else start + LONGEST_PIECE
        found.append(Span(start, end))
        start = end + 1 if text[end : end + 1] == " " else end
    return [*found, Span(start, span.end)]
