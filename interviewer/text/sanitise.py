"""A clean copy of untrusted text, with a map back to the raw characters. The raw text itself is always kept."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

TAGS = range(0xE0000, 0xE0080)
BIDI = {*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x061C, 0x200E, 0x200F}
ZERO_WIDTH = {*range(0x200B, 0x200E), *range(0x2060, 0x2065), 0xFEFF, 0x00AD, 0x034F, 0x180E, 0x115F, 0x1160, 0x3164, 0xFFA0}
LONGEST_CLUSTER = 32
SUPERSCRIPTS = frozenset("\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079\u207a\u207b")
VARIATION = {*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)}
BORROWED = (
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u0501\u04cf\u043a\u051b\u051d\u04bb"
    "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425\u0406\u0408\u0405\u04c0\u051a\u051c"
    "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u03bf"
    "\u0585\u057d\u0570\u0578\u0581\u054f\u0555"
)
LOOK_ALIKES = dict(zip(BORROWED, "aeopcyxijsdlkqwhABEKMHOPCTYXIJSIQWABEZHIKMNOPTYXoouhngSO", strict=True))
"""Cyrillic, Greek and Armenian letters that are drawn like Latin ones."""
SYMBOLS = dict(zip("\u03b1\u03b9\u03ba\u03bd\u03c1\u03c4\u03c5\u03c7\u03b5", "aikvptuxe", strict=True))
"""Greek letters that also stand beside Latin ones in formulas: taken for look-alikes only inside a word, as in "m\u03b1rk"."""
SHORTEST_WITH_SYMBOLS = 4
PLAIN = re.compile(r"[\t\n\r -~]*")
"""Text that comes out as it went in."""
LETTERS = re.compile(r"(?:[^\W\d_]|[\u0300-\u036f])+")


@dataclass(frozen=True, kw_only=True)
class Clean:
    """Sanitised text; `origin[i]` is the raw index of clean character i; `dropped` counts what went or was replaced, by kind."""

    text: str
    origin: tuple[int, ...]
    dropped: dict[str, int]


def sanitise(raw: str) -> Clean:
    """NFKC (but 10\u00b2 becomes 10^2, not 102), look-alike letters made Latin, without Unicode tags, bidi marks, zero-width and
    variation characters, and controls other than line ends and tabs.
    """
    if PLAIN.fullmatch(raw):
        return Clean(text=raw, origin=tuple(range(len(raw))), dropped={})
    dropped: Counter[str] = Counter()
    kept: list[int] = []
    for index, char in enumerate(raw):
        if kind := _kind(char):
            dropped[kind] += 1
        else:
            kept.append(index)
    pieces: list[str] = []
    starts: list[int] = []
    for cluster in _clusters(raw, kept):
        if len(cluster) > LONGEST_CLUSTER:  # normalising takes the square of its length
            dropped["combining marks"] += len(cluster) - LONGEST_CLUSTER
            del cluster[LONGEST_CLUSTER:]
        pieces.append(_apart(raw, cluster[0]) + unicodedata.normalize("NFKC", "".join(raw[i] for i in cluster)))
        starts.append(cluster[0])
    pieces = _made_latin(pieces, dropped)
    origin = tuple(start for start, piece in zip(starts, pieces, strict=True) for _ in piece)
    return Clean(text="".join(pieces), origin=origin, dropped=dict(dropped))


def _apart(raw: str, at: int) -> str:
    """What keeps a raised digit and a fraction from melting into the number before them: 10\u00b2 is 10^2, and 3\u00bd is 3 1/2."""
    char, before = raw[at], raw[at - 1] if at else ""
    if char in SUPERSCRIPTS:
        return "" if before in SUPERSCRIPTS or (not before.isalnum() and before not in ")]") else "^"
    whole = unicodedata.normalize("NFKC", char)
    return " " if before.isdecimal() and len(whole) > 1 and "\u2044" in whole else ""


def _made_latin(pieces: list[str], dropped: Counter[str]) -> list[str]:
    """The pieces with the look-alikes of words in mixed scripts replaced, each normalised again with its marks."""
    text = "".join(pieces)
    if text.isascii():
        return pieces
    folded = LETTERS.sub(lambda word: _word_made_latin(word[0]), text)
    changed = sum(a != b for a, b in zip(text, folded, strict=True))
    if not changed:
        return pieces
    dropped["look-alike letters"] += changed
    made: list[str] = []
    at = 0
    for piece in pieces:
        new = folded[at : at + len(piece)]
        made.append(piece if new == piece else unicodedata.normalize("NFKC", new))
        at += len(piece)
    return made


def _word_made_latin(word: str) -> str:
    """A Latin word with borrowed letters, in Latin; any other word as it is: real Cyrillic, and symbols such as the alpha in a formula."""
    if word.isascii():
        return word
    kinds = [_script(char) for char in word]
    if "latin" not in kinds or "other" in kinds:
        return word
    anchors = [at for at, kind in enumerate(kinds) if kind in {"latin", "borrowed"}]
    inside = range(anchors[0], anchors[-1]) if len(word) >= SHORTEST_WITH_SYMBOLS else range(0)
    return "".join(
        LOOK_ALIKES[char] if kind == "borrowed" else SYMBOLS[char] if kind == "symbol" and at in inside else char
        for at, (char, kind) in enumerate(zip(word, kinds, strict=True))
    )


@lru_cache(maxsize=4096)
def _script(char: str) -> str:
    """What a letter is to a Latin word: its own, borrowed, perhaps a symbol, a mark, or of another script."""
    if char in LOOK_ALIKES:
        return "borrowed"
    if char in SYMBOLS:
        return "symbol"
    if unicodedata.combining(char):
        return "mark"
    return "latin" if char.isascii() or unicodedata.name(char, "").startswith("LATIN") else "other"


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


@lru_cache(maxsize=4096)
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
