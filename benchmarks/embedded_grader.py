"""How long the embedded grader takes. Run by hand: `python -m benchmarks.embedded_grader`."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from interviewer.bank.load import load
from interviewer.domain.interview import Cause
from interviewer.domain.question import Question
from interviewer.grading.embedded_grader import EmbeddedGrader
from interviewer.ports import Answer

BANK = Path(__file__).parents[1] / "question_bank"
NOW = datetime(2026, 11, 1, tzinfo=UTC)


def milliseconds(grader: EmbeddedGrader, question: Question, text: str) -> float:
    """Wall time of one grading."""
    answer = Answer(
        id="a",
        owner_id="o",
        interview_id="i",
        turn=1,
        question_sha256=question.sha256,
        text=text,
        cause=Cause.SUBMITTED,
        submitted_at=NOW,
        used=60.0,
        hints=0,
    )
    start = time.perf_counter()
    grader.grade(question, answer, attempt=1, now=NOW)
    return 1000 * (time.perf_counter() - start)


def main() -> None:
    """Print the figures."""
    bank = list(load(BANK).questions.values())
    grader = EmbeddedGrader(bank)
    first = [milliseconds(grader, q, q.reference_answer) for q in bank]
    later = [milliseconds(grader, q, q.reference_answer) for q in bank]
    long = "\n\n".join([q.reference_answer for q in bank] * 8)[:100_000]
    print(f"reference answers of {len(bank)} questions, median: {median(first):.0f} ms the first time, {median(later):.0f} ms after")
    print(f"an answer of 100 KB, median of 5 questions: {median(milliseconds(grader, q, long) for q in bank[:5]):.0f} ms")


if __name__ == "__main__":
    main()
