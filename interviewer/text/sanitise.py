"""A clean copy of untrusted text, with a map back to the raw characters. The raw text itself is always kept."""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import dataclass

TAGS = range(0xE0000, 0xE0080)
BIDI = {*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x061C, 0x200E, 0x200F}
ZERO_WIDTH = {0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x00AD, 0x180E}
VARIATION = {*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)}


@dataclass(frozen=True, kw_only=True)
class Clean:
    """Sanitised text; `origin[i]` is the raw index of clean character i; `dropped` counts what went, by kind."""

    text: str
    origin: tuple[int, ...]
    dropped: dict[str, int]


def sanitise(raw: str) -> Clean:
    """NFKC, without Unicode tags, bidi marks, zero-width and variation characters, and controls other than line ends and tabs."""
    out: list[str] = []
    origin: list[int] = []
    dropped: Counter[str] = Counter()
    for start, end in _clusters(raw):
        kept = []
        for char in raw[start:end]:
            kind = _kind(char)
            if kind:
                dropped[kind] += 1
            else:
                kept.append(char)
        for char in unicodedata.normalize("NFKC", "".join(kept)):
            out.append(char)
            origin.append(start)
    return Clean(text="".join(out), origin=tuple(origin), dropped=dict(dropped))


def _clusters(raw: str) -> list[tuple[int, int]]:
    """Runs of a base character with its combining marks: normalisation never reaches across them."""
    starts = [i for i, char in enumerate(raw) if i == 0 or not unicodedata.combining(char)]
    return list(zip(starts, [*starts[1:], len(raw)], strict=True)) if raw else []


def _kind(char: str) -> str:
    code = ord(char)
    if code in TAGS:
        return "tag characters"
    if code in BIDI:
        return "direction marks"
    if code in ZERO_WIDTH:
        return "zero-width characters"
    if code in VARIATION:
        return "variation selectors"
    if char not in "\n\t" and unicodedata.category(char) in {"Cc", "Cs"} and char != "\r":
        return "control characters"
    return ""
