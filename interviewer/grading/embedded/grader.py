"""From an answer to a grade without a network: each point's nearest passages, judged by the shipped model, weighed by the head.

It is an estimate, and every verdict says whether it is sure. What cannot be judged (another language, code, a drawing) is not guessed at.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import cached_property, lru_cache, partial
from typing import Protocol

from interviewer.domain.errors import FailureReason, ModelError
from interviewer.domain.grade import Evidence, Grade, MisconceptionResult, PointResult, Provenance, Ungraded, Verdict
from interviewer.domain.question import Question
from interviewer.domain.scoring import POLICY_1, band_of
from interviewer.grading.attempts.find import attempts
from interviewer.grading.embedded.assessable import DRAWN, FOREIGN, blind_spot
from interviewer.grading.embedded.head import Head
from interviewer.grading.embedded.judging import Finding, Reading
from interviewer.grading.embedded.rubric import Rubric, Wanted
from interviewer.grading.evidence import Spoken, check
from interviewer.grading.figures import apply_figure, check_figure
from interviewer.grading.gates import gate, zero
from interviewer.grading.verdicts import advice_for
from interviewer.ports import Answer, GraderName, PointJudge, Similarity
from interviewer.text.overlap import idf_of
from interviewer.text.words import terms

VERSION = "embedded-2"
SAYS_IT = "This passage seems to say it."
SAYS_THE_OPPOSITE = "This passage seems to say the opposite."
HALF_SAID = "A passage comes near it, but does not seem to say it."
NOT_SAID = "No passage seems to say it."
RUBRICS = 64
"""Questions whose wordings are kept weighed: that takes longer than a short answer."""


class Model(PointJudge, Similarity, Protocol):
    """What ships: judge, vectors and the head fitted to them."""

    def head(self) -> Head:
        """Its weights and bounds. Raises `ModelError`."""


class EmbeddedGrader:
    """Deterministic, offline, thread-safe."""

    name: GraderName = "embedded"

    def __init__(self, bank: Iterable[Question], model: Model) -> None:
        """`bank`: whose words say how rare each word is."""
        self._bank, self._model = tuple(bank), model
        self._rubric = lru_cache(maxsize=RUBRICS)(self._weighed)

    @cached_property
    def _rarity(self) -> dict[str, float]:
        """How rare each term is in the bank. Counted on first use: the first page need not wait for it."""
        return idf_of(terms(text) for text in self._texts())

    @cached_property
    def _head(self) -> Head:
        return self._model.head()

    def _texts(self) -> Iterator[str]:
        return (" ".join([q.reference_answer, *(p.claim for p in q.points)]) for q in self._bank)

    def _weighed(self, question: Question) -> Rubric:
        return Rubric(question, self._rarity, unknown=max(self._rarity.values(), default=1.0), similarity=self._model)

    def identity(self) -> str:
        """Version, policy, the model's files, and the texts of the bank that the word weights come from."""
        digest = hashlib.sha256("\n".join(self._texts()).encode()).hexdigest()
        return f"{VERSION}/{self._model.identity}/{POLICY_1.name}/{digest[:16]}"

    def grade(self, question: Question, answer: Answer, *, attempt: int, now: datetime) -> Grade | Ungraded:
        """Grade an answer; the same answer always gets the same grade. Never raises for what a candidate wrote."""
        reason = gate(question, answer)
        if reason:
            return zero(question, reason, now=now)
        spoken = Spoken.of(answer.text, question.question, *question.hints[: answer.hints])
        provenance = Provenance(
            grader="embedded",
            question_id=question.id,
            question_sha256=question.sha256,
            policy=POLICY_1.name,
            graded_at=now,
            model=f"{VERSION} ({self._model.identity})",
            dropped=spoken.clean.dropped,
        )
        try:
            blind = blind_spot(spoken.clean.text)
            reading = self.read(question, "" if blind in (DRAWN, FOREIGN) else spoken.clean.text)
            results: Sequence[PointResult] = [_result(w, found, spoken, self._head, blind) for w, found in reading.points()]
            wrong = [m for w, found in reading.misconceptions() if (m := _asserted(w.id, found, spoken, self._head))]
        except ModelError as error:
            return Ungraded(reason=error.reason, sentence=str(error), provenance=provenance)
        figure = check_figure(question, spoken)
        results = apply_figure(question, results, figure) if figure else results
        verdicts = {r.point: r.verdict for r in results}
        score = POLICY_1.score(question, verdicts, misconceptions=len(wrong), hints=answer.hints)
        if score is None:
            return Ungraded(reason=FailureReason.UNDECIDED, sentence=_undecided(blind), provenance=provenance)
        return Grade(
            score=score,
            band=band_of(score),
            points=tuple(results),
            misconceptions=tuple(wrong),
            advice=advice_for(question, verdicts),
            estimate=True,
            notes=_how_sure(results),
            attempts=attempts(spoken),
            figure=figure,
            provenance=provenance,
        )

    def read(self, question: Question, text: str) -> Reading:
        """The text against the question's points. Raises `ModelError` when the model's files cannot be used."""
        return Reading(text, self._rubric(question), self._model, self._head)


def _result(wanted: Wanted, found: Sequence[Finding], spoken: Spoken, head: Head, blind: str) -> PointResult:
    """Met by the likeliest passage that may be quoted; contradicted by one that asserts the opposite."""
    weighing = head.weighing(bare=wanted.bare)
    low, high = weighing.unsure
    likeliest = found[0].probability if found else 0.0
    sure = not low <= likeliest <= high
    result = partial(PointResult, point=wanted.id, probability=round(likeliest, 3))
    flags = []
    for finding in (f for f in found if f.probability >= weighing.met):
        evidence = _evidence(spoken, finding)
        if isinstance(evidence, Evidence):
            return result(verdict=Verdict.MET, reasoning=SAYS_IT, evidence=evidence, sure=sure)
        flags.append(evidence)
    if blind:
        return result(verdict=Verdict.CANNOT_ASSESS, reasoning=f"The built-in grader cannot judge this answer: {blind}.", sure=False)
    for finding in (f for f in found if f.judged.denied >= head.denied and f.probability < low):
        evidence = _evidence(spoken, finding)
        if isinstance(evidence, Evidence):
            return result(verdict=Verdict.CONTRADICTED, reasoning=SAYS_THE_OPPOSITE, evidence=evidence, sure=sure)
    reasoning = HALF_SAID if likeliest >= low else NOT_SAID
    return result(verdict=Verdict.NOT_MET, reasoning=reasoning, flags=tuple(flags[:1]), sure=sure)


def _asserted(name: str, finding: Finding, spoken: Spoken, head: Head) -> MisconceptionResult | None:
    evidence = _evidence(spoken, finding) if finding.probability >= head.misconception else ""
    if isinstance(evidence, str):
        return None
    return MisconceptionResult(misconception=name, evidence=evidence, reasoning=SAYS_IT)


def _evidence(spoken: Spoken, finding: Finding) -> Evidence | str:
    return check(spoken.clean.text[finding.passage.start : finding.passage.end], spoken)


def _how_sure(results: Sequence[PointResult]) -> tuple[str, ...]:
    sure = sum(r.sure is True for r in results)
    return (f"An estimate by the built-in grader: it is sure of {sure} of {len(results)} points.",)


def _undecided(blind: str) -> str:
    why = f": {blind}" if blind else ""
    return f"The built-in grader cannot judge this answer{why}. Your answer is kept; a model can grade it when one is set up."
