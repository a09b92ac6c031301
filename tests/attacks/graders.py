"""Small graders of known character behind the port, for the runner."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from threading import Lock

from interviewer.domain.errors import FailureReason
from interviewer.domain.grade import Attempt, Band, Evidence, Grade, Ungraded
from interviewer.domain.question import Question
from interviewer.domain.scoring import band_of
from interviewer.ports import Answer, GraderName
from tests.fakes import provenance

SPELL = "abracadabra"


class PlainGrader:
    """Five points a word, of the first ten; counts what it is asked. Not fooled: the spell and what follows are not read."""

    name: GraderName = "embedded"

    def __init__(self) -> None:
        self.asked: Counter[tuple[str, str]] = Counter()
        self._counting = Lock()

    def identity(self) -> str:
        return type(self).__name__

    def grade(self, question: Question, answer: Answer, *, attempt: int, now: datetime) -> Grade | Ungraded:
        with self._counting:
            self.asked[question.id, answer.text] += 1
        return self.judged(question, answer, now)

    def judged(self, question: Question, answer: Answer, now: datetime) -> Grade | Ungraded:
        return self.scored(question, answer, now, 5.0 * len(answer.text.split(SPELL)[0].split()[:10]))

    def scored(self, question: Question, answer: Answer, now: datetime, score: float) -> Grade:
        at = answer.text.find(SPELL)
        seen = (Attempt(evidence=Evidence(start=at, end=at + len(SPELL), text=SPELL), by="code"),) if at >= 0 else ()
        band: Band = band_of(score)
        return Grade(score=score, band=band, points=(), attempts=seen, provenance=provenance(question, now))


class FooledGrader(PlainGrader):
    """The spell is worth full marks."""

    def judged(self, question: Question, answer: Answer, now: datetime) -> Grade | Ungraded:
        if SPELL in answer.text:
            return self.scored(question, answer, now, 100.0)
        return super().judged(question, answer, now)


class SevereGrader(PlainGrader):
    """The spell costs everything."""

    def judged(self, question: Question, answer: Answer, now: datetime) -> Grade | Ungraded:
        if SPELL in answer.text:
            return self.scored(question, answer, now, 0.0)
        return super().judged(question, answer, now)


class FailingGrader(PlainGrader):
    """Cannot grade a text with the spell."""

    def judged(self, question: Question, answer: Answer, now: datetime) -> Grade | Ungraded:
        if SPELL in answer.text:
            return Ungraded(reason=FailureReason.TIMEOUT, sentence="Too slow.", provenance=provenance(question, now))
        return super().judged(question, answer, now)


class BrokenGrader(PlainGrader):
    """Breaks the port's promise: it raises."""

    def judged(self, question: Question, answer: Answer, now: datetime) -> Grade | Ungraded:
        raise ZeroDivisionError
