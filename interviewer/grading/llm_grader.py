"""The LLM grader: gates, one model's checked findings, a second opinion on what is doubtful, figures and score by code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from interviewer.domain.errors import FailureReason, ModelError
from interviewer.domain.grade import Attempt, FigureResult, Grade, PointResult, Provenance, Ungraded, Usage
from interviewer.domain.question import Question
from interviewer.domain.scoring import POLICY_1, band_of
from interviewer.grading.attempts.find import MOST
from interviewer.grading.attempts.find import attempts as found_by_code
from interviewer.grading.evidence import Spoken
from interviewer.grading.examiner import Examiner, Findings, Log, Task
from interviewer.grading.figures import apply_figure, check_figure
from interviewer.grading.gates import gate, zero
from interviewer.grading.second_opinion import Which, agreed, doubtful
from interviewer.grading.verdicts import advice_for
from interviewer.ports import Answer, GraderName

SECOND = "-second"
KEPT = "Your answer is kept; try again."


class LlmGrader:
    """Grades with one model, or with two: what the first credits in doubt, the second must credit too."""

    name: GraderName = "llm"

    def __init__(self, first: Examiner, second: Examiner | None = None, *, which: Which = "doubtful") -> None:
        self._first, self._second, self._which = first, second, which

    def identity(self) -> str:
        """Everything a grade depends on besides answer and question."""
        second = f"{self._second.identity()}/{self._which}" if self._second else ""
        return f"{self._first.identity()}/{second}/{POLICY_1.name}"

    def expected(self, question: Question) -> tuple[Usage, float | None, float | None]:
        """Tokens of grading a usual answer, what the first model's call costs in USD, and the second's when all is asked again."""
        usage = self._first.prompts.usual(question, self._first.tokens)
        return usage, self._first.model.price(usage), self._second.model.price(usage) if self._second else None

    def cost_of(self, question: Question, answer: Answer) -> float | None:
        """What grading this very answer may cost in USD, a second opinion on all of it included; None where no price is known."""
        spoken = Spoken.of(answer.text, question.question)
        task = Task(question=question, answer=answer, spoken=spoken, attempt=0)
        examiners = [self._first, *([self._second] if self._second else [])]
        known = [cost for cost in (examiner.cost_of(task) for examiner in examiners) if cost is not None]
        return sum(known) if known else None

    def unpriced(self) -> list[str]:
        """Names of the models for which no price is known."""
        models = [self._first.model, *([self._second.model] if self._second else [])]
        return [m.model for m in models if m.price(Usage(prompt=1, completion=1)) is None]

    def grade(self, question: Question, answer: Answer, *, attempt: int, now: datetime) -> Grade | Ungraded:
        """A grade, or why there is none. Never raises for what a model or a candidate does."""
        reason = gate(question, answer)
        if reason:
            return zero(question, reason, now=now)
        spoken = Spoken.of(answer.text, question.question, *question.hints[: answer.hints])
        task = Task(question=question, answer=answer, spoken=spoken, attempt=attempt)
        log, other = Log(), Log()
        try:
            findings = self._first.examine(task, log, alone=self._second is None)
            attempts = _together(found_by_code(task.spoken), findings.attempts)
            figure = check_figure(question, spoken)
            if figure:
                findings = replace(findings, points=apply_figure(question, findings.points, figure))
            points, notes = self._second_look(task, findings, attempts, other)
        except ModelError as error:
            return Ungraded(reason=error.reason, sentence=str(error), provenance=self._provenance(task, log, other, now))
        return _graded(task, replace(findings, points=points), figure, attempts, notes, self._provenance(task, log, other, now))

    def _second_look(
        self, task: Task, findings: Findings, attempts: Sequence[Attempt], log: Log
    ) -> tuple[tuple[PointResult, ...], tuple[str, ...]]:
        """The points after the second opinion, where one is wanted and to be had; and what to tell about it."""
        score = _score(task, findings)
        if self._second is None or score is None:
            return findings.points, ()
        ids = doubtful(findings, score, attempts=attempts, task=task, which=self._which)
        if not ids:
            return findings.points, ()
        try:
            second = self._second.examine(replace(task, only=ids, role=SECOND), log, alone=True)
        except ModelError as error:
            if findings.canary:
                raise
            why = str(error).partition(" Your answer is kept")[0]
            doubted = f"{len(ids)} doubtful point{'' if len(ids) == 1 else 's'}"
            return findings.points, (f"There is no second opinion on {doubted}. {why}",)
        return agreed(findings.points, second.points, model=log.model or self._second.model.model), ()

    def _provenance(self, task: Task, log: Log, other: Log, now: datetime) -> Provenance:
        again = replace(task, role=SECOND)
        second = _source(again, self._second, other, now) if self._second and other.calls else None
        return _source(task, self._first, log, now).model_copy(update={"second": second})


def _source(task: Task, examiner: Examiner, log: Log, now: datetime) -> Provenance:
    return Provenance(
        grader="llm",
        question_id=task.question.id,
        question_sha256=task.question.sha256,
        policy=POLICY_1.name,
        graded_at=now,
        model=log.model or examiner.model.model,
        endpoint=examiner.model.endpoint,
        prompts=log.prompts,
        parameters={**examiner.model.parameters, **{f"tokens: {part}": n for part, n in log.tokens.items()}, "order": task.seed},
        form=log.form,
        point_order=log.order,
        parts=log.parts,
        canary=log.canary,
        latency_ms=log.latency_ms,
        calls=log.calls,
        usage=log.usage,
        cost=log.cost,
        raw_reply=log.raw,
        dropped=task.spoken.clean.dropped,
    )


def _score(task: Task, findings: Findings) -> float | None:
    verdicts = {p.point: p.verdict for p in findings.points}
    return POLICY_1.score(task.question, verdicts, misconceptions=len(findings.misconceptions), hints=task.answer.hints)


def _graded(
    task: Task,
    findings: Findings,
    figure: FigureResult | None,
    attempts: tuple[Attempt, ...],
    notes: tuple[str, ...],
    provenance: Provenance,
) -> Grade | Ungraded:
    score = _score(task, findings)
    if score is None:
        sentence = f"The model could not assess more than a third of the points. {KEPT}"
        return Ungraded(reason=FailureReason.UNDECIDED, sentence=sentence, provenance=provenance)
    parts = (f"Your answer was long: it was graded in {provenance.parts} parts.",) if provenance.parts > 1 else ()
    return Grade(
        score=score,
        band=band_of(score),
        points=findings.points,
        misconceptions=findings.misconceptions,
        wrong=findings.wrong,
        unsure=findings.unsure,
        advice=findings.advice or advice_for(task.question, {p.point: p.verdict for p in findings.points}),
        notes=(*parts, *notes),
        attempts=attempts,
        figure=figure,
        provenance=provenance,
    )


def _together(by_code: Sequence[Attempt], by_model: Sequence[Attempt]) -> tuple[Attempt, ...]:
    """Both lists in the order of the answer, no passage twice, at most as many as code would list."""
    kept = list(by_code)
    for attempt in by_model:
        mine = attempt.evidence
        if len(kept) < MOST and not any(mine.start < k.evidence.end and k.evidence.start < mine.end for k in kept):
            kept.append(attempt)
    return tuple(sorted(kept, key=lambda a: a.evidence.start))
