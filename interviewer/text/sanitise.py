"""A clean copy of untrusted text, with a map back to the raw characters. The raw text itself is always kept."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

TAGS = range(0xE0000, 0xE0080)
BIDI = {*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x061C, 0x200E, 0x200F}
ZERO_WIDTH = {*range(0x200B, 0x200E), *range(0x2060, 0x2065), 0xFEFF, 0x00AD, 0x034F, 0x180E, 0x115F, 0x1160, 0x3164, 0xFFA0}
LONGEST_CLUSTER = 32
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
    kept: list[int] = []
    for index, char in enumerate(raw):
        if kind := _kind(char):
            dropped[kind] += 1
        else:
            kept.append(index)
    for cluster in _clusters(raw, kept):
        if len(cluster) > LONGEST_CLUSTER:  # normalising takes the square of its length
            dropped["combining marks"] += len(cluster) - LONGEST_CLUSTER
            del cluster[LONGEST_CLUSTER:]
        for char in unicodedata.normalize("NFKC", "".join(raw[i] for i in cluster)):
            out.append(char)
            origin.append(cluster[0])
    return Clean(text="".join(out), origin=tuple(origin), dropped=dict(dropped))


def _clusters(raw: str, kept: list[int]) -> Iterator[list[int]]:
    """Runs of a base character with its combining marks, by index: normalisation never reaches across them."""
    cluster: list[int] = []
    for index in kept:
        if cluster and not unicodedata.combining(unicodedata.normalize("NFKD", raw[index])[0]):
            yield cluster
            cluster = []
        cluster.append(index)
    if cluster:
        yield cluster


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
