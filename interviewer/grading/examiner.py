"""One model, asked to judge points: at most three told tries a request, strict reading, every quote checked by code."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

from interviewer.domain.errors import FailureReason, ModelError
from interviewer.domain.grade import Attempt, Claim, Evidence, MisconceptionResult, PointResult, Usage, Verdict
from interviewer.domain.question import Question
from interviewer.grading.evidence import NO_COMMON, REPAIRED, Spoken, check, shared_words
from interviewer.grading.parts import last_stance
from interviewer.grading.prompting import CONTEXT, GradingPrompts, Sent, Sheet
from interviewer.grading.verdicts import GradingReply, NoteReply, UnusableReply, read, reply_schema
from interviewer.ports import Answer, ChatModel, ChatReply, TokenCounter

TRIES = 3
LONGEST_RAW = 100_000
"""Characters of a reply that are kept for the record."""
CUT_REQUEST = 0.5
"""A server that counted less than this share of the tokens we sent has cut the request; tokenizers differ by less."""


@dataclass(kw_only=True)
class Log:
    """What the calls of one grading took; filled while it is under way, so that a failure has its provenance too."""

    calls: int = 0
    parts: int = 1
    latency_ms: int = 0
    model: str = ""
    form: str = ""
    raw: str = ""
    order: tuple[str, ...] = ()
    canary: bool | None = None
    tokens: dict[str, int] = field(default_factory=dict)
    prompts: dict[str, str] = field(default_factory=dict)
    costs: list[float | None] = field(default_factory=list)
    used: dict[str, int | None] = field(default_factory=lambda: {"prompt": None, "completion": None, "cached": None})

    def add(self, reply: ChatReply, cost: float | None = None) -> None:
        """Count one reply in; `cost` stands for what the endpoint did not tell."""
        self.latency_ms += reply.latency_ms
        self.model, self.form, self.raw = reply.model, reply.form, reply.text[:LONGEST_RAW]
        self.costs.append(cost if reply.cost is None else reply.cost)
        for name in self.used:
            more = getattr(reply.usage, name)
            if more is not None:
                self.used[name] = (self.used[name] or 0) + more

    @property
    def usage(self) -> Usage:
        """Tokens of all calls."""
        return Usage(**self.used)

    @property
    def cost(self) -> float | None:
        """USD of the calls whose cost is known; None when that is none of them."""
        known = [c for c in self.costs if c is not None]
        return sum(known) if known else None


@dataclass(frozen=True, kw_only=True)
class Task:
    """What is to be judged: an answer to a question, for the how-manieth time; `only` these points (None: all)."""

    question: Question
    answer: Answer
    spoken: Spoken
    attempt: int
    only: frozenset[str] | None = None
    role: str = ""

    @property
    def seed(self) -> str:
        """What the order of the points is drawn from, besides the question."""
        return f"{self.attempt}{self.role}"

    @property
    def nonce(self) -> str:
        """The random mark of the answer's delimiters: another for each answer, attempt and model."""
        text = f"{self.answer.id}/{self.seed}/{self.answer.submitted_at.isoformat()}"
        return hashlib.sha256(text.encode()).hexdigest()[:16]


@dataclass(frozen=True, kw_only=True)
class Findings:
    """What a model said, with every quote checked. `canary`: it credited the point that no answer can meet."""

    points: tuple[PointResult, ...]
    misconceptions: tuple[MisconceptionResult, ...]
    wrong: tuple[Claim, ...]
    unsure: tuple[Claim, ...]
    attempts: tuple[Attempt, ...]
    advice: str
    canary: bool


class Examiner:
    """A model with the prompts it is asked by."""

    def __init__(self, model: ChatModel, prompts: GradingPrompts, tokens: TokenCounter, *, context: int = CONTEXT) -> None:
        self.model, self.prompts, self.tokens, self.context = model, prompts, tokens, context

    def identity(self) -> str:
        """Endpoint, model, parameters, every prompt and the context: what a grade by this model depends on."""
        prompts = ",".join(sorted(p.sha256 for p in self.prompts.all))
        return f"{self.model.endpoint}/{self.model.model}/{sorted(self.model.parameters.items())}/{prompts}/{self.context}"

    def compose(self, task: Task) -> tuple[Sheet, Sent]:
        """Exactly what is sent for this task."""
        sheet = self.prompts.sheet(task.question, seed=task.seed, only=task.only)
        return sheet, self.prompts.compose(sheet, task.spoken.clean.text, nonce=task.nonce, tokens=self.tokens, context=self.context)

    def cost_of(self, task: Task) -> float | None:
        """USD that one try of this task is expected to cost; None where no price is known, or nothing can be sent."""
        try:
            sheet, sent = self.compose(task)
        except ModelError:
            return None
        prompt = sum(self.tokens.count(message["content"]) for request in sent.requests for message in request)
        prompt += len(sent.requests) * sent.tokens["form of the reply"]
        reply = self.prompts.usual_reply(sheet)
        return self.model.price(Usage(prompt=prompt, completion=len(sent.requests) * reply, cached=0))

    def examine(self, task: Task, log: Log, *, alone: bool) -> Findings:
        """Judge. Raises `ModelError`. `alone`: no second model is there to turn to, so a credited canary is told and tried again."""
        sheet, sent = self.compose(task)
        log.order, log.tokens, log.prompts, log.parts = sheet.order, sent.tokens, sent.prompts, len(sent.requests)
        replies = [self._ask(list(request), sheet, log, alone=alone) for request in sent.requests]
        log.canary = any(_credited(reply, sheet.canary) for reply in replies)
        return Findings(
            points=last_stance([_points(sheet, reply, task.spoken) for reply in replies]),
            misconceptions=tuple({m.misconception: m for r in replies for m in _misconceptions(r, task.spoken)}.values()),
            wrong=tuple(c for r in replies for c in _claims(r.wrong, task.spoken)),
            unsure=tuple(c for r in replies for c in _claims(r.unsure, task.spoken)),
            attempts=tuple(
                Attempt(evidence=c.evidence, by="model", note=c.note) for r in replies for c in _claims(r.attempts, task.spoken)
            ),
            advice=replies[0].advice.strip() if len(replies) == 1 else "",  # who saw a part cannot say what the whole lacks
            canary=log.canary,
        )

    def _ask(self, request: list[dict[str, str]], sheet: Sheet, log: Log, *, alone: bool) -> GradingReply:
        messages = request
        problems: list[tuple[FailureReason, str]] = []
        for _ in range(TRIES):
            log.calls += 1
            reply = self.model.complete(messages, schema=reply_schema())
            log.add(reply, self._counted(messages, reply))
            if reply.finish == "refusal":
                raise ModelError(FailureReason.REFUSED, "The model refused to grade this answer. Your answer is kept; try again.")
            found = self._read(reply, sheet, alone=alone)
            if isinstance(found, GradingReply):
                return found
            problems.append(found)
            messages = self.prompts.corrected(request, reply.text, found[1], tokens=self.tokens)
        log.canary = problems[-1][0] is FailureReason.UNTRUSTED or None
        raise _given_up(problems[-1][0], self.model.model, self._was_cut(reply, request))

    def _read(self, reply: ChatReply, sheet: Sheet, *, alone: bool) -> GradingReply | tuple[FailureReason, str]:
        """The reply, or why it cannot be used: for us, and in words for the model."""
        if reply.finish == "length":
            return FailureReason.CUT_OFF, "it was cut off before its end; be brief in quotes and reasoning"
        try:
            found = read(reply.text, points=sheet.order, misconceptions=[m.id for m in sheet.misconceptions])
        except UnusableReply as error:
            return FailureReason.MALFORMED, str(error)
        if alone and _credited(found, sheet.canary):
            return (
                FailureReason.UNTRUSTED,
                "it credits what the answer cannot have said; judge every point again, by the answer's own words",
            )
        return found

    def _counted(self, messages: Iterable[dict[str, str]], reply: ChatReply) -> float | None:
        """USD by our own count, where the endpoint does not say how many tokens it took."""
        if not reply.text or reply.usage.prompt is not None:
            return None
        prompt = sum(self.tokens.count(message["content"]) for message in messages)
        return self.model.price(Usage(prompt=prompt, completion=self.tokens.count(reply.text), cached=0))

    def _was_cut(self, reply: ChatReply, request: Iterable[dict[str, str]]) -> str:
        sent = sum(self.tokens.count(message["content"]) for message in request)
        counted = reply.usage.prompt or 0
        if not counted or counted >= CUT_REQUEST * sent:
            return ""
        return f" It read only {counted:,} of about {sent:,} tokens: raise the server's context length."


def _given_up(reason: FailureReason, model: str, hint: str) -> ModelError:
    sentences = {
        FailureReason.CUT_OFF: (
            f"The model's reply was cut off {TRIES} times. Your answer is kept; try again, or allow the model longer replies."
        ),
        FailureReason.UNTRUSTED: (
            f"The model “{model}” credited a test point that no answer can meet, so its grade is not trusted. "
            "Your answer is kept; try again, or set another model. INTERVIEWER_SECOND_MODEL names one for second opinions."
        ),
        FailureReason.MALFORMED: (
            f"The model replied {TRIES} times, but not in the form a grade needs. Your answer is kept; try again, or set another model."
        ),
    }
    return ModelError(FailureReason.TOO_LARGE if hint else reason, sentences[reason] + hint)


def _credited(reply: GradingReply, point: str) -> bool:
    return any(p.point == point and p.verdict == Verdict.MET.value for p in reply.points)


def _points(sheet: Sheet, reply: GradingReply, spoken: Spoken) -> tuple[PointResult, ...]:
    """In the question's order, without the canary. A credited or contradicted point without good evidence is not met, and flagged."""
    given = {p.point: p for p in reply.points}
    results = []
    for point in sheet.question.points:
        if (said := given.get(point.id)) is None:
            continue
        verdict, flags, evidence = Verdict(said.verdict), [], None
        if verdict in (Verdict.MET, Verdict.CONTRADICTED):
            checked = check(said.quote, spoken)
            if isinstance(checked, Evidence):
                evidence = checked
                flags += [REPAIRED] if checked.repaired else []
                flags += [NO_COMMON] if verdict is Verdict.MET and not shared_words(checked, point) else []
            else:
                verdict = Verdict.NOT_MET
                flags.append(checked)
        reasoning = said.reasoning.strip()
        results.append(PointResult(point=point.id, verdict=verdict, reasoning=reasoning, evidence=evidence, flags=tuple(flags)))
    return tuple(results)


def _misconceptions(reply: GradingReply, spoken: Spoken) -> list[MisconceptionResult]:
    found = []
    for said in reply.misconceptions:
        evidence = check(said.quote, spoken) if said.asserted else ""
        if isinstance(evidence, Evidence):
            found.append(MisconceptionResult(misconception=said.misconception, evidence=evidence, reasoning=said.reasoning.strip()))
    return found


def _claims(said: Iterable[NoteReply], spoken: Spoken) -> list[Claim]:
    checked = [(check(claim.quote, spoken), claim.note.strip()) for claim in said]
    return [Claim(evidence=evidence, note=note) for evidence, note in checked if isinstance(evidence, Evidence)]
