"""Does a sentence try to steer its own grading? Features of the sentence, combined; never a list of known attacks.

A request (a clause that opens with a verb, perhaps after "please" or "grader,") counts when it is about marks for the
answer it stands in. The same words inside a description count for nothing: who explains how judges are attacked, or
how a judge should mark, talks about marking, not to the one who marks.
"""

from __future__ import annotations

import re

from interviewer.grading.attempts.marking_terms import (
    ALL_MET,
    ANYWAY,
    ASKS,
    AUTHORITY,
    CONDITION,
    DESCRIBES,
    EARNED,
    EARNS,
    EVALUATES,
    FILLER,
    FULL_MARKS,
    GOOD,
    HINTS,
    IGNORE_VERB,
    IGNORED,
    LEAK_VERB,
    LEAKED,
    MARKS_VERB,
    MINE,
    ON_THE_CANDIDATE,
    PLEA,
    PROTOCOL,
    SPARE_ME,
    SPLIT,
    SPOKEN_TO,
    UNASKED,
)

ADDRESSED = "addressed to the grader, not part of the answer"
ABOUT_MARKS = "about the marks, not part of the answer"
SETS_ASIDE = "asks to set the instructions aside, not part of the answer"
ASKS_FOR_RUBRIC = "asks for the reference or the rubric, not part of the answer"
CLAIMS_AUTHORITY = "speaks with an authority over the grading, not part of the answer"
PLEADS = "a personal plea, not part of the answer"
OTHER_VOICE = "written as if by the grader, not part of the answer"

STATEMENTS = (
    (EARNED, ABOUT_MARKS),
    (AUTHORITY, CLAIMS_AUTHORITY),
    (PROTOCOL, ADDRESSED),
    (ON_THE_CANDIDATE, OTHER_VOICE),
    (SPOKEN_TO, ADDRESSED),
    (PLEA, PLEADS),
    (ASKS, ASKS_FOR_RUBRIC),
)
EARNS_WORD = re.compile(EARNS)
STOP = re.compile(r"[.!?,](?=\W|$)")
ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
SLUGS = re.compile(r"\b[a-z0-9]+(?:-[a-z0-9]+)+(?:, ?[a-z0-9]+(?:-[a-z0-9]+)+)+")
ADDRESS = 5
"""Words of a clause that may be an address: a request after it still opens the sentence."""
NEXT = 30
"""Characters after the answer's name within which it is called good."""
NEAR = 160
"""Characters of a request within which its object stands."""


def steers(sentence: str) -> str:
    """Why this sentence speaks to its grader instead of answering, as a note for the user; empty when it does not."""
    if not HINTS.search(sentence):
        return ""
    text = " ".join(sentence.lower().replace("\u2019", "'").split())
    if DESCRIBES.search(text):
        return ""
    for clause in _requests(text):
        if note := _asks(clause, text):
            return note
    for pattern, note in STATEMENTS:
        if pattern.search(text):
            return note
    return _speaks_of_marks(SLUGS.sub("\u25a1", ASIDE.sub("", text)))


def _requests(text: str) -> list[str]:
    """The sentence from each clause on that may be a request: the first one, and those after an address or another request."""
    starts = [0, *(match.end() for match in SPLIT.finditer(text))]
    found: list[str] = []
    for at, after in zip(starts, [*starts[1:], len(text)], strict=True):
        tail = text[at : at + 2 * NEAR]
        while match := FILLER.match(tail):
            tail = tail[match.end() :]
        tail = re.sub(r"^[\W_]+", "", tail)
        found.append(tail)
        opens = MARKS_VERB.match(tail) or IGNORE_VERB.match(tail) or LEAK_VERB.match(tail)
        if not opens and len(text[at:after].split()) > ADDRESS:
            break
    return found


def _asks(clause: str, text: str) -> str:
    """The note for a clause that opens with a verb of marking, of setting aside or of showing, and goes on about this grading."""
    if (verb := IGNORE_VERB.match(clause)) and IGNORED.match(clause, verb.end()):
        return SETS_ASIDE
    if (verb := LEAK_VERB.match(clause)) and LEAKED.match(clause, verb.end()):
        return ASKS_FOR_RUBRIC
    if SPARE_ME.match(clause):
        return ABOUT_MARKS
    if not MARKS_VERB.match(clause):
        return ""
    near = ANYWAY.sub("anyway", STOP.split(clause[:NEAR], maxsplit=1)[0])
    if CONDITION.search(near) or CONDITION.search(ANYWAY.sub("anyway", text)):
        return ""
    mine = MINE.search(near)
    if (mine and FULL_MARKS.search(near)) or (UNASKED.search(near) and not EVALUATES.search(text)):
        return ABOUT_MARKS
    return ABOUT_MARKS if mine and GOOD.search(near, mine.end(), mine.end() + NEXT) else ""


def _speaks_of_marks(text: str) -> str:
    """The note for a statement in the words of marking about this very answer, or that everything is met."""
    if CONDITION.search(text) or EVALUATES.search(text):
        return ""
    earned = (mine := MINE.search(text)) and (earns := EARNS_WORD.search(text, mine.end())) and FULL_MARKS.search(text, earns.end())
    return ABOUT_MARKS if earned or ALL_MET.search(text) else ""
