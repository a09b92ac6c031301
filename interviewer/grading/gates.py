"""Answers that need no grader: blank, passed, "I don't know", the question given back, a known master key."""

from __future__ import annotations

import re
from datetime import datetime

from rapidfuzz import fuzz

from interviewer.domain.grade import Band, Grade, PointResult, Provenance, Verdict
from interviewer.domain.interview import Cause
from interviewer.domain.question import Question
from interviewer.domain.scoring import POLICY_1
from interviewer.ports import Answer
from interviewer.text.sanitise import sanitise
from interviewer.text.words import words

DONT_KNOW = re.compile(
    r"(?:(?:sorry|hmm|well|honestly|uh|um)\W*)*"
    r"(?:i (?:really |honestly )?(?:don'?t|do not) (?:really )?(?:know|remember)(?: (?:the answer|this|that|it|this one|that one))?"
    r"|idk|dunno|no idea|i have no (?:idea|clue)|not sure|i'?m not sure|pass|skip|no answer|n/?a|none|nothing)(?:\W*(?:sorry|at all))*"
)
MASTER_KEYS = frozenset(
    (
        "solution",
        "answer",
        "the answer is",
        "thought process",
        "let's think step by step",
        "let's solve this problem step by step",
        "let me think step by step",
        "here is the answer",
        "final answer",
        "correct",
        "yes",
        "explanation",
    )
)
GIVEN_BACK = 92.0


def gate(question: Question, answer: Answer) -> str:
    """Why this answer scores 0 without a grader, as a sentence; empty when it must be graded."""
    if answer.cause is Cause.SKIPPED:
        return "You skipped this question."
    if answer.cause is Cause.DONT_KNOW:
        return "You said you don't know."
    text = sanitise(answer.text).text
    if not text.strip():
        return "No answer: the box was empty."
    said = " ".join(words(text))
    if not said and not any(char.isalnum() for char in text):
        return "No answer: there are no words in it."
    plain = re.sub(r"[^\w' /]+", " ", text.replace("\u2019", "'").lower())
    plain = " ".join(plain.split())
    if DONT_KNOW.fullmatch(plain):
        return "You said you don't know."
    if plain in MASTER_KEYS:
        return "No answer: only an opening, and nothing after it."
    if said and fuzz.ratio(said, " ".join(words(question.question))) >= GIVEN_BACK:
        return "No answer: this is the question given back."
    return ""


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
