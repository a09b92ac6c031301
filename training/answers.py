"""A text as an answer that a grader takes."""

from __future__ import annotations

from interviewer.calibration.attacks import answer_to
from interviewer.calibration.run.tasks import BEGINNING
from interviewer.domain.question import Question
from interviewer.ports import Answer


def answer_of(question: Question, text: str) -> Answer:
    """The answer; its time is a fixed one."""
    return answer_to(question, text, now=BEGINNING)
