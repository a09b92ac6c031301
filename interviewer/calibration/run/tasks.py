"""One answer to be graded, for the how-manieth time, under the key that its grade is kept by."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from interviewer.calibration.attacks import answer_to
from interviewer.domain.question import Question
from interviewer.ports import Answer

BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
"""When answers that come from a file count as given: a fixed moment, since requests hang on it."""


@dataclass(frozen=True, kw_only=True)
class Task:
    """`key` hashes all that the grade depends on: question, answer, grader and attempt. The same key is graded once."""

    key: str
    question: Question
    answer: Answer
    attempt: int


def task_of(question: Question, text: str, *, identity: str, attempt: int) -> Task:
    """The task of grading this text. The answer's id and time follow from it too, so that a repetition sends the very same request."""
    answer = answer_to(question, text, now=BEGINNING)
    return Task(key=key_of((answer.id, text, question.sha256, identity, str(attempt))), question=question, answer=answer, attempt=attempt)


def key_of(parts: Iterable[str]) -> str:
    """sha256 over the parts, each hashed by itself, so that no two lists of parts look alike."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(hashlib.sha256(part.encode("utf-8", "surrogatepass")).digest())
    return digest.hexdigest()
