"""Where a quote stands in an answer: exactly, or as a near match repaired to the exact span."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from interviewer.text.sanitise import Clean, sanitise
from interviewer.text.words import NEGATORS, words

NEAR = 90.0
LONGEST_NEAR = 2_000
"""Characters of a quote above which no near match is looked for: its cost grows with both lengths."""
MARKS = "\"'\u201c\u201d\u2018\u2019"
ELLIPSIS = re.compile(r"\s*(?:\.\.\.|\u2026|\[\u2026\])\s*")


@dataclass(frozen=True, kw_only=True)
class Found:
    """Characters `start` to `end` of the raw answer; `repaired` when the quote was only nearly verbatim."""

    start: int
    end: int
    repaired: bool


def find_quote(quote: str, answer: Clean, raw_length: int) -> Found | None:
    """The quote's place in the raw answer, after the same normalisation on both sides; None when it is not there."""
    wanted, _ = _fold(sanitise(quote).text.strip().strip(MARKS).strip())
    hay, places = _fold(answer.text)
    if not wanted:
        return None
    at = hay.find(wanted)
    if at >= 0:
        start, end = _whole_words(hay, at, at + len(wanted))
        return _raw(answer, places, start, end, raw_length, repaired=end - start > len(wanted))
    longest = max(ELLIPSIS.split(wanted), key=len)
    if longest != wanted and len(longest.split()) >= 3 and (at := hay.find(longest)) >= 0:
        return _raw(answer, places, at, at + len(longest), raw_length, repaired=True)
    if len(wanted) < 12 or len(wanted) > min(len(hay) + 20, LONGEST_NEAR):
        return None
    match = fuzz.partial_ratio_alignment(wanted, hay, score_cutoff=NEAR)
    if match is None or match.dest_end - match.dest_start < 0.8 * len(wanted):
        return None
    start, end = _whole_words(hay, match.dest_start, match.dest_end)
    if _negations(hay[start:end]) != _negations(wanted):
        return None  # "does cut" is not nearly "does not cut"
    return _raw(answer, places, start, end, raw_length, repaired=True)


@lru_cache(maxsize=4)
def _fold(text: str) -> tuple[str, list[int]]:
    """Lower case, quotes and dashes made plain, white space as one blank; with each character's index in `text`."""
    plain = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2013": "-", "\u2014": "-", "\u2212": "-"})
    out: list[str] = []
    places: list[int] = []
    for index, char in enumerate(text.translate(plain)):
        if char.isspace():
            if out and out[-1] != " ":
                out.append(" ")
                places.append(index)
            continue
        for lower in char.lower():
            out.append(lower)
            places.append(index)
    return "".join(out), places


def _negations(text: str) -> int:
    return sum(word in NEGATORS or word.endswith("n't") for word in words(text))


def _whole_words(hay: str, start: int, end: int) -> tuple[int, int]:
    while start > 0 and hay[start - 1].isalnum() and hay[start].isalnum():
        start -= 1
    while end < len(hay) and hay[end].isalnum() and hay[end - 1].isalnum():
        end += 1
    while start < end and hay[start] == " ":
        start += 1
    while end > start and hay[end - 1] == " ":
        end -= 1
    return start, end


def _raw(answer: Clean, places: list[int], start: int, end: int, raw_length: int, *, repaired: bool) -> Found:
    first = answer.origin[places[start]]
    last = places[end - 1]
    after = next((answer.origin[i] for i in range(last + 1, len(answer.origin)) if answer.origin[i] > answer.origin[last]), raw_length)
    return Found(start=first, end=after, repaired=repaired)
