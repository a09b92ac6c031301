"""Words hidden from the eye: invisible Unicode characters that spell text, and encoded text."""

from __future__ import annotations

import base64
import binascii
import codecs
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from interviewer.text.words import Span

LEAST = 4
"""Readable characters below which hidden ones are taken for a flag, a stray mark or a mistake of the keyboard."""
FLAG = re.compile("\U0001f3f4[\U000e0020-\U000e007e]{2,7}\U000e007f")
TAGGED = re.compile("[\U000e0000-\U000e007f](?:.{0,3}[\U000e0000-\U000e007f])*", re.S)
SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]{4,}")
TURNED = re.compile("[\u202d\u202e][^\u202c\u202d\u202e\n]{8,}")
ERASED = re.compile("([^\x08\n]{1,200})\x08{4,}")
STRUCK = re.compile("(?:[^\u0335-\u0338][\u0335-\u0338]){8,}")
ZERO_WIDTH_BITS = re.compile("[\u200b\u200c\u200d\u2060\ufeff]{32,}")
BASE64 = re.compile(r"(?<![\w+/=])[A-Za-z0-9+/_-]{20,}={0,2}(?![\w+/=])")
HEX = re.compile(r"(?<!\w)(?:(?:0x|\\x)?[0-9a-fA-F]{2}[ ,:]?){12,}(?!\w)")
BITS = re.compile(r"(?<!\d)(?:[01]{8}[ ,]?){6,}(?!\d)")
CODES = re.compile(r"(?<!\d)(?:(?:3[2-9]|[4-9]\d|1[01]\d|12[0-6])[ ,;]+){8,}\d{2,3}(?!\d)")
SPACED = re.compile(r"(?<!\w)(?:\w[ .\-_*|]{1,3}){8,}\w(?!\w)")
ENTITY = re.compile(r"&#?\w{2,8};|%[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}")
ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2}))")
STEMS = ("mark", "grad", "scor", "credit", "award", "verdict", "rubric", "point", "instruct", "ignor", "answer", "examin")
ROT13_HINTS = re.compile("|".join(codecs.encode(stem, "rot13") for stem in STEMS), re.IGNORECASE)
BACKWARDS_HINTS = re.compile("|".join(stem[::-1] for stem in STEMS), re.IGNORECASE)
LEET = str.maketrans("0134579@$!|", "oieastgasil")
LEET_WORD = re.compile(r"\b(?=\w*[a-z])(?=\w*[0134579])[a-z0134579]{3,}\b|\b[a-z]+[@$][a-z]+\b")


@dataclass(frozen=True, kw_only=True)
class Hidden:
    """Characters of the raw text that spell `text` to a machine and nothing to the eye."""

    span: Span
    text: str


def invisible(raw: str) -> Iterator[Hidden]:
    """Runs of Unicode tag characters, variation selectors and zero-width bits that spell readable text."""
    shown = FLAG.sub(lambda match: "\0" * len(match[0]), raw)
    for match in TAGGED.finditer(shown):
        text = "".join(chr(ord(char) - 0xE0000) for char in match[0] if 0xE0020 <= ord(char) < 0xE007F)
        yield from _readable(match, text)
    for match in SELECTORS.finditer(shown):
        text = "".join(chr(ord(c) - 0xFE00 if ord(c) < 0xFE10 else ord(c) - 0xE0100 + 16) for c in match[0])
        yield from _readable(match, text)
    for match in TURNED.finditer(shown):
        yield from _readable(match, match[0][:0:-1].strip("\u202c"))
    for match in ERASED.finditer(shown):
        yield from _readable(match, match[1])
    for match in STRUCK.finditer(shown):
        yield from _readable(match, re.sub("[\u0335-\u0338]", "", match[0]))
    for match in ZERO_WIDTH_BITS.finditer(shown):
        kinds = sorted(set(match[0]))
        for one in kinds if len(kinds) == 2 else ():
            bits = "".join("1" if char == one else "0" for char in match[0])
            text = "".join(chr(int(bits[at : at + 8], 2)) for at in range(0, len(bits) - 7, 8))
            yield from _readable(match, text)


def _readable(match: re.Match[str], text: str) -> Iterator[Hidden]:
    if sum(char.isalnum() for char in text) >= LEAST and text.isascii() and text.isprintable():
        yield Hidden(span=Span(*match.span()), text=text.strip())


def decoded(text: str) -> Iterator[Hidden]:
    """Stretches that stand for readable words in base64, hexadecimal, binary or character codes, decoded."""
    for pattern, decode in ((BASE64, _base64), (HEX, _hex), (BITS, _bits), (CODES, _codes)):
        for match in pattern.finditer(text):
            plain = decode(match[0])
            letters = sum(char.isalpha() or char == " " for char in plain)
            if plain.isascii() and plain.isprintable() and " " in plain and letters > 0.8 * len(plain):
                yield Hidden(span=Span(*match.span()), text=plain.strip())


def readings(sentence: str) -> Iterator[str]:
    """Other ways to read a sentence: entities and escapes resolved, rot13, backwards, leetspeak, letters set apart."""
    if ENTITY.search(sentence):
        plain = ESCAPE.sub(lambda m: chr(int(m[1] or m[2], 16)), unquote(html.unescape(sentence)))
        yield re.sub(r"<[^<>]*>", " ", plain)
    if ROT13_HINTS.search(sentence):
        yield codecs.encode(sentence, "rot13")
    if BACKWARDS_HINTS.search(sentence):
        yield sentence[::-1]
        yield " ".join(word[::-1] for word in sentence.split())
    lower = sentence.lower()
    if len(LEET_WORD.findall(lower)) >= 2:
        yield lower.translate(LEET)
    if match := SPACED.search(sentence):
        yield re.sub(r"(?<=\w)[ .\-_*|](?=\w(?!\w))", "", re.sub(r"(?<=\w) {2,}(?=\w)", "\n", match[0])).replace("\n", " ")


def _base64(text: str) -> str:
    try:
        return base64.b64decode(
            text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), altchars=b"-_" if "-" in text or "_" in text else None
        ).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return ""


def _hex(text: str) -> str:
    digits = re.sub(r"0x|\\x|[^0-9a-fA-F]", "", text)
    try:
        return bytes.fromhex(digits).decode()
    except (ValueError, UnicodeDecodeError):
        return ""


def _bits(text: str) -> str:
    digits = re.sub(r"\D", "", text)
    return "".join(chr(int(digits[at : at + 8], 2)) for at in range(0, len(digits), 8))


def _codes(text: str) -> str:
    return "".join(chr(int(code)) for code in re.findall(r"\d+", text))
