"""What the embedded grader cannot judge: another language, code, a drawing, words that nobody knows. It says so instead of guessing."""

from __future__ import annotations

import re
import threading
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from interviewer.text.words import STOP, words

MOSTLY = 0.5
"""Share of the characters from which an answer is mostly code, or mostly a drawing."""
ENGLISH = 0.2
"""Share of English function words from which nobody need ask for the language; English prose has 0.3 to 0.5."""
SURE = 0.7
"""Probability from which another language is believed."""
FEWEST_WORDS = 6
FEWEST_LETTERS = 6
LATIN_AND_GREEK = 0x3FF
STRANGE = 0.5
"""Share of letters outside Latin and Greek from which the script decides."""
FENCED = re.compile(r"(?:```|~~~).*?(?:```|~~~|\Z)", re.S)
CODE_LINE = re.compile(
    r"\s*(?:(?:def|class|return|import|from|elif|else|try|except|with|assert|yield|raise|print|func|public|private|static|const|let|var|void"
    r"|int|float|SELECT|FROM|WHERE)\b.*[:;(){}=,]|(?:for|while|if)\b.*[:{]|#include\b|//|@\w|[\w.\[\], ]+\s?[-+*/|&]?=\s?[^=\s].*"
    r"|[\w.]+\(.*\)\s*[;:]?|[{}()\[\];,]+)\s*"
)
PROSE = re.compile(r"(?:[A-Za-z'\u2019-]{2,},?\s+){3}")
"""Three words in a row, which code seldom has outside its comments."""
SYMBOL = re.compile(r"[^\w\s.,;:'\"()%$\u20ac]")
LINES = 3

_loading = threading.Lock()


CODE, DRAWN, FOREIGN = "it is mostly code or formulas", "it is mostly a drawing", "it is not in English"
"""Why an answer cannot be judged, as the end of a sentence."""


def blind_spot(text: str) -> str:
    """Why points that are not found in this text may still be there; empty when it is English prose.

    In code there may be prose that makes a point; of a drawing or another language nothing is understood.
    """
    if _is_code(text):
        return CODE
    if _is_drawn(text):
        return DRAWN
    return FOREIGN if _is_foreign(text) else ""


def _is_code(text: str) -> bool:
    rest = FENCED.sub("", text)
    lines = [line for line in rest.splitlines() if line.strip()]
    code = sum(len(line.strip()) for line in lines if CODE_LINE.fullmatch(line) and not PROSE.search(line)) if len(lines) >= LINES else 0
    fenced = len(text) - len(rest)
    return fenced + code > MOSTLY * len(text.strip())


def _is_drawn(text: str) -> bool:
    lines = [line for line in text.splitlines() if line.strip()]
    visible = sum(not char.isspace() for char in text)
    return len(lines) >= LINES and len(SYMBOL.findall(text)) > MOSTLY * visible


def _is_foreign(text: str) -> bool:
    letters = [char for char in text if char.isalpha()]
    if len(letters) >= FEWEST_LETTERS and sum(ord(char) > LATIN_AND_GREEK for char in letters) > STRANGE * len(letters):
        return True
    said = words(text)
    if len(said) < FEWEST_WORDS or sum(word in STOP for word in said) >= ENGLISH * len(said):
        return False
    language, probability = _identifier().classify(text)
    return language != "en" and bool(probability >= SURE)


def _identifier() -> LanguageIdentifier:
    with _loading:
        return _load()


@cache
def _load() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
