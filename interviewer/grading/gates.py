"""Answers that need no grader: blank, passed, "I don't know", the question given back, a known master key."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from itertools import pairwise

from rapidfuzz import fuzz

from interviewer.domain.grade import Band, Grade, PointResult, Provenance, Verdict
from interviewer.domain.interview import Cause
from interviewer.domain.question import Question
from interviewer.domain.scoring import POLICY_1
from interviewer.grading.phrases import (
    CLAUSE_END,
    DONT_KNOW,
    DONT_KNOW_ELSEWHERE,
    LINKS,
    OPENERS,
    SOFTENERS,
    UNSPACED_OPENERS,
    plain,
)
from interviewer.ports import Answer
from interviewer.text.sanitise import sanitise
from interviewer.text.words import words

GIVEN_BACK = 92.0
LEAST_OF_TURN = 0.6
"""Share of a turn's words that, given back on their own, are still that turn."""


def gate(question: Question, answer: Answer) -> str:
    """Why this answer scores 0 without a grader, as a sentence; empty when it must be graded."""
    if answer.cause is Cause.SKIPPED:
        return "You skipped this question."
    if answer.cause is Cause.DONT_KNOW:
        return "You said you don't know."
    text = sanitise(answer.text).text
    if not text.strip():
        return "No answer: the box was empty."
    said = words(text)
    if not said and not any(char.isalnum() for char in text):
        return "No answer: there are no words in it."
    if _says_not_knowing(text):
        return "You said you don't know."
    if _only_opens(plain(text).split()):
        return "No answer: only an opening, and nothing after it."
    if _gives_back(said, question.question):
        return "No answer: this is the question given back."
    if any(_gives_back(said, turn) for turn in (*(f.ask for f in question.follow_ups), *question.hints)):
        return "No answer: these are the interviewer's words given back."
    return ""


def _says_not_knowing(text: str) -> bool:
    """Whether every clause says "I don't know" in one way or another, or only surrounds one that does."""
    said = [_without_softeners(plain(clause)) for clause in CLAUSE_END.split(text)]
    said = [clause for clause in said if clause]
    return bool(said) and all(DONT_KNOW.fullmatch(clause) or clause in DONT_KNOW_ELSEWHERE for clause in said)


def _without_softeners(clause: str) -> str:
    if DONT_KNOW.fullmatch(clause) or clause in DONT_KNOW_ELSEWHERE:
        return clause
    said = clause.split()
    telling = [at for at, word in enumerate(said) if word not in SOFTENERS]
    return " ".join(said[telling[0] : telling[-1] + 1]) if telling else ""


def _only_opens(said: list[str]) -> bool:
    """Whether the words only announce an answer, however many such openings stand one after the other."""
    opened = False
    for before, word in pairwise(["", *said]):
        if word in LINKS or (word.isdecimal() and before in {"step", "schritt", "paso", "passo", "étape"}):
            continue
        if word not in OPENERS and not _unspaced_opener(word):
            return False
        opened = True
    return opened


def _unspaced_opener(word: str) -> bool:
    at = 0
    while found := next((opener for opener in UNSPACED_OPENERS if word.startswith(opener, at)), ""):
        at += len(found)
    return at == len(word)


@lru_cache(maxsize=10_000)
def _asked(turn: str) -> tuple[str, ...]:
    """The words of a turn, cleaned as the answer was: "½" is "1⁄2" by now."""
    return tuple(words(sanitise(turn).text))


def _gives_back(said: list[str], turn: str) -> bool:
    """Whether what was said is this turn, most of it, or copies of it, with at most an opening around."""
    asked = _asked(turn)
    if not said or not asked:
        return False
    whole, wanted = f" {' '.join(said)} ", f" {' '.join(asked)} "
    if whole in wanted and len(said) >= max(3, LEAST_OF_TURN * len(asked)):
        return True
    rest = whole.replace(wanted, "  ").replace(wanted, "  ")  # copies that touch share a blank
    if rest != whole:
        return _nothing_new(rest)
    if len(whole) > 2 * len(wanted) + 200:
        return False
    match = fuzz.partial_ratio_alignment(wanted, whole, score_cutoff=GIVEN_BACK)
    if match is None or match.dest_end - match.dest_start < LEAST_OF_TURN * len(wanted):
        return fuzz.ratio(whole, wanted) >= GIVEN_BACK
    return _nothing_new(whole[: match.dest_start] + " " + whole[match.dest_end :])


def _nothing_new(rest: str) -> bool:
    return all(word in LINKS or word in OPENERS for word in rest.split())


def zero(question: Question, reason: str, *, now: datetime) -> Grade:
    """The grade of a gated answer: score 0, no point met, no model asked."""
    return Grade(
        score=0.0,
        band=Band.WEAK,
        points=tuple(PointResult(point=p.id, verdict=Verdict.NOT_MET) for p in question.points),
        gate=reason,
        provenance=Provenance(
            grader="gate",
            question_id=question.id,
            question_sha256=question.sha256,
            policy=POLICY_1.name,
            graded_at=now,
        ),
    )
