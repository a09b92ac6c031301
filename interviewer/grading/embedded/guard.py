"""Does a quote have anything to do with the point it is given for? The shipped model's look at another grader's evidence."""

from __future__ import annotations

from interviewer.domain.errors import ModelError
from interviewer.domain.grade import Evidence
from interviewer.domain.question import Point
from interviewer.grading.evidence import shared_words
from interviewer.ports import PointJudge

NOTHING = 0.97
"""Probability of “nothing said” from which a quote is taken to be about something else."""
WORDINGS = 3
"""Accepted wordings the quote is also held against, beside the claim."""


class EvidenceGuard:
    """Flags quotes that say nothing of their point. It takes no credit away: a flag is shown, and asks for a second opinion."""

    def __init__(self, judge: PointJudge) -> None:
        self._judge = judge

    @property
    def identity(self) -> str:
        """What its flags depend on."""
        return self._judge.identity

    def unrelated(self, point: Point, quote: Evidence) -> bool:
        """Whether the quote seems to be about something else. Where the model's files cannot be used, words decide."""
        said = " ".join(quote.text.split())
        try:
            return all(self._judge.judge(wording, said).nothing >= NOTHING for wording in (point.claim, *point.accept[:WORDINGS]))
        except ModelError:
            return not shared_words(quote, point)
