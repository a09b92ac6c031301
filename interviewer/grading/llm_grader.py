"""The LLM grader: gates, one request for all points, strict reading, checked quotes, score by code."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from interviewer.domain.errors import FailureReason, ModelError
from interviewer.domain.grade import (
    Claim,
    Evidence,
    Grade,
    MisconceptionResult,
    PointResult,
    Provenance,
    Ungraded,
    Usage,
    Verdict,
)
from interviewer.domain.prompt import Prompt
from interviewer.domain.question import Question
from interviewer.domain.scoring import POLICY_1, band_of
from interviewer.grading.evidence import Spoken, check
from interviewer.grading.gates import gate, zero
from interviewer.grading.prompting import GradingPrompt, compose, corrected
from interviewer.grading.verdicts import ClaimReply, GradingReply, UnusableReply, advice_for, read, reply_schema
from interviewer.ports import Answer, ChatModel, ChatReply, GraderName, TokenCounter

TRIES = 3


@dataclass(kw_only=True)
class Log:
    """What the calls of one grading took."""

    calls: int = 0
    latency_ms: int = 0
    model: str = ""
    raw: str = ""
    problems: list[str] = field(default_factory=list)
    tokens: dict[str, int | None] = field(default_factory=lambda: {"prompt": None, "completion": None, "cached": None})

    def add(self, reply: ChatReply) -> None:
        """Count one reply in."""
        self.latency_ms += reply.latency_ms
        self.model, self.raw = reply.model, reply.text
        for name in self.tokens:
            more = getattr(reply.usage, name)
            if more is not None:
                self.tokens[name] = (self.tokens[name] or 0) + more


class LlmGrader:
    """Grades with a model behind the `ChatModel` port."""

    name: GraderName = "llm"

    def __init__(self, model: ChatModel, prompt: Prompt, tokens: TokenCounter) -> None:
        self._model, self._prompt, self._tokens = model, prompt, tokens

    def identity(self) -> str:
        """Endpoint, model, parameters, prompt and policy."""
        parameters = sorted(self._model.parameters.items())
        return f"{self._model.endpoint}/{self._model.model}/{parameters}/{self._prompt.sha256}/{POLICY_1.name}"

    def grade(self, question: Question, answer: Answer, *, attempt: int, now: datetime) -> Grade | Ungraded:
        """A grade, or why there is none. Never raises for what a model or a candidate does."""
        reason = gate(question, answer)
        if reason:
            return zero(question, reason, now=now)
        spoken = Spoken.of(answer.text, question.question)
        nonce = hashlib.sha256(f"{answer.id}/{attempt}/{answer.submitted_at.isoformat()}".encode()).hexdigest()[:16]
        sent = compose(self._prompt, question, spoken.clean, attempt=attempt, nonce=nonce, tokens=self._tokens)
        log = Log()
        try:
            reply = self._ask(sent, question, log)
        except ModelError as error:
            log.raw = error.raw or log.raw
            return Ungraded(reason=error.reason, sentence=str(error), provenance=self._provenance(question, spoken, sent, log, now))
        provenance = self._provenance(question, spoken, sent, log, now)
        return _graded(question, answer, reply, spoken, sent.left_out, provenance)

    def _ask(self, sent: GradingPrompt, question: Question, log: Log) -> GradingReply:
        messages = list(sent.messages)
        for _ in range(TRIES):
            log.calls += 1
            reply = self._model.complete(messages, schema=reply_schema())
            log.add(reply)
            if reply.finish == "refusal":
                raise ModelError(
                    FailureReason.REFUSED, "The model refused to grade this answer. Your answer is kept; try again.", raw=reply.text
                )
            if reply.finish == "length":
                log.problems.append("cut off")
                problem = "it was cut off before its end; be brief in quotes and reasoning"
            else:
                try:
                    return read(reply.text, question)
                except UnusableReply as error:
                    log.problems.append("malformed")
                    problem = str(error)
            messages = corrected(sent.messages, reply.text, problem)
        if log.problems[-1] == "cut off":
            raise ModelError(
                FailureReason.CUT_OFF,
                f"The model's reply was cut off {TRIES} times. Your answer is kept; try again, or allow the model longer replies.",
            )
        raise ModelError(
            FailureReason.MALFORMED,
            f"The model replied {TRIES} times, but not in the form a grade needs. Your answer is kept; try again, or set another model.",
        )

    def _provenance(self, question: Question, spoken: Spoken, sent: GradingPrompt, log: Log, now: datetime) -> Provenance:
        return Provenance(
            grader="llm",
            question_id=question.id,
            question_sha256=question.sha256,
            policy=POLICY_1.name,
            graded_at=now,
            model=log.model or self._model.model,
            endpoint=self._model.endpoint,
            prompt_id=self._prompt.id,
            prompt_sha256=self._prompt.sha256,
            parameters={**self._model.parameters, **{f"tokens: {part}": n for part, n in sent.tokens.items()}},
            point_order=sent.order,
            latency_ms=log.latency_ms,
            calls=log.calls,
            usage=Usage(**log.tokens),
            raw_reply=log.raw,
            dropped=spoken.clean.dropped,
        )


def _graded(
    question: Question, answer: Answer, reply: GradingReply, spoken: Spoken, left_out: int, provenance: Provenance
) -> Grade | Ungraded:
    points = _points(question, reply, spoken)
    misconceptions = _misconceptions(reply, spoken)
    verdicts: Mapping[str, Verdict] = {p.point: p.verdict for p in points}
    score = POLICY_1.score(question, verdicts, misconceptions=len(misconceptions), hints=answer.hints)
    if score is None:
        return Ungraded(
            reason=FailureReason.UNDECIDED,
            sentence="The model could not assess more than a third of the points. Your answer is kept; try again.",
            provenance=provenance,
        )
    notes = (
        [f"The end of your answer ({left_out:,} characters) did not fit into the model's budget and was not graded."] if left_out else []
    )
    return Grade(
        score=score,
        band=band_of(score),
        points=points,
        misconceptions=misconceptions,
        wrong=_claims(reply.wrong, spoken),
        unsure=_claims(reply.unsure, spoken),
        advice=reply.advice.strip() or advice_for(question, verdicts),
        notes=tuple(notes),
        provenance=provenance,
    )


def _points(question: Question, reply: GradingReply, spoken: Spoken) -> tuple[PointResult, ...]:
    """In the question's order. A credited or contradicted point without good evidence is not met, and flagged."""
    given = {p.point: p for p in reply.points}
    results = []
    for point in question.points:
        said = given[point.id]
        verdict, flags, evidence = Verdict(said.verdict), [], None
        if verdict in (Verdict.MET, Verdict.CONTRADICTED):
            checked = check(said.quote, spoken)
            if isinstance(checked, Evidence):
                evidence = checked
                if checked.repaired:
                    flags.append("the quote was nearly verbatim; the exact words are shown")
            else:
                verdict = Verdict.NOT_MET
                flags.append(checked)
        results.append(
            PointResult(point=point.id, verdict=verdict, reasoning=said.reasoning.strip(), evidence=evidence, flags=tuple(flags))
        )
    return tuple(results)


def _misconceptions(reply: GradingReply, spoken: Spoken) -> tuple[MisconceptionResult, ...]:
    found = []
    for said in reply.misconceptions:
        evidence = check(said.quote, spoken) if said.asserted else ""
        if isinstance(evidence, Evidence):
            found.append(MisconceptionResult(misconception=said.misconception, evidence=evidence, reasoning=said.reasoning.strip()))
    return tuple(found)


def _claims(said: list[ClaimReply], spoken: Spoken) -> tuple[Claim, ...]:
    checked = [(check(claim.quote, spoken), claim.note.strip()) for claim in said]
    return tuple(Claim(evidence=evidence, note=note) for evidence, note in checked if isinstance(evidence, Evidence))
