"""Is the grader's quote really the candidate's, and does it say anything?"""

from __future__ import annotations

import re
from dataclasses import dataclass

from interviewer.domain.grade import Evidence
from interviewer.domain.question import Point
from interviewer.text.sanitise import Clean, sanitise
from interviewer.text.spans import find_quote
from interviewer.text.words import terms, words

FIGURE = re.compile(r"\d|[=\u00d7\u221a\u2211^*/<>+]|[a-z]+_[a-z]+|[a-z]+\(|[A-Z]{2,}|[a-z][A-Z]|[A-Z][a-z]+[A-Z]")

UNSPACED = 6
"""Characters that stand for three words in scripts that put no blanks between words."""

NOT_THERE = "the quote does not stand in your answer, so it earned nothing"
NO_QUOTE = "no quote was given, so it earned nothing"
TOO_LITTLE = "the quote is too short to show it, so it earned nothing"
THE_QUESTIONS = "the quote only repeats the question, so it earned nothing"
REPAIRED = "the quote was nearly verbatim; the exact words are shown"
NO_COMMON = "the quote shares no word with the point or its examples; check that it says the same"


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """What may be quoted (the candidate's text) and what may not (everything the interviewer said)."""

    raw: str
    clean: Clean
    interviewer: tuple[str, ...]

    @staticmethod
    def of(raw: str, *interviewer: str) -> Spoken:
        """Sanitise once, check many quotes."""
        return Spoken(raw=raw, clean=sanitise(raw), interviewer=interviewer)


def check(quote: str, spoken: Spoken) -> Evidence | str:
    """The quote's exact span in the raw answer, or the sentence that says why it does not count."""
    if not quote.strip():
        return NO_QUOTE
    found = find_quote(quote, spoken.clean, len(spoken.raw))
    if found is None:
        return NOT_THERE
    text = spoken.raw[found.start : found.end]
    said = words(text)
    asked = {word for turn in spoken.interviewer for word in words(turn)}
    own = [word for word in said if word not in asked]
    if not own and (said or not FIGURE.search(text)):
        return THE_QUESTIONS
    unspaced = sum(len(word) for word in said if not word.isascii())
    if len(said) < 3 and unspaced < UNSPACED and not (FIGURE.search(text) and (own or not said)):
        return TOO_LITTLE
    return Evidence(start=found.start, end=found.end, text=text, repaired=found.repaired)


def shared_words(evidence: Evidence, point: Point) -> int:
    """How many meaning-bearing words (stems) the quote has in common with the point's claim and accepted wordings."""
    wanted = {term for text in (point.claim, *point.accept) for term in terms(text)}
    return len(wanted & set(terms(evidence.text)))
