"""What is sent to a grading model: rules, reference and points first (the same for every candidate), the answer last."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from interviewer.domain.errors import FailureReason, ModelError, PromptError
from interviewer.domain.grade import Usage
from interviewer.domain.prompt import Prompt
from interviewer.domain.question import Kind, Misconception, Point, Question
from interviewer.grading.parts import divided
from interviewer.grading.verdicts import reply_schema
from interviewer.ports import TokenCounter

CONTEXT = 24_000
REPLY_TOKENS = 6_000
LEAST_ANSWER = 500
PER_MESSAGE = 8
MARK_TOKENS = 32
"""Room for the random mark, which stands there twice: other marks have other tokens, and the parts must not hang on it."""
ECHO_TOKENS, TOLD_TOKENS = 500, 200
"""Room for what a model is told of its own reply, and of what was wrong with it."""
ANY_PART = "99"
WORDS_A_MINUTE = 130
TOKENS_A_WORD = 1.35
REPLY_PER_POINT, REPLY_PER_MISCONCEPTION, REPLY_REST = 70, 30, 80
"""Tokens of a reply whose reasoning is a sentence of usual length (benchmarks/tokens.py counts those of a terse one)."""
REST = {"answer": ("mark", "answer", "part"), "part": ("number", "count"), "again": ("problem",), "canary": ("number",)}
OWN_PROMPTS = (Kind.DESIGN, Kind.DEBUGGING, Kind.INCIDENT, Kind.CODING, Kind.BEHAVIOURAL)
MARK_IN_BANK = (("<answer-", "(answer-"), ("</answer-", "(/answer-"))


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """What a model is asked to judge: the points of a question in the order shown, the canary among them."""

    question: Question
    points: tuple[Point, ...]
    misconceptions: tuple[Misconception, ...]
    canary: str

    @property
    def order(self) -> tuple[str, ...]:
        """Ids of the points as the model sees them."""
        return tuple(p.id for p in self.points)


@dataclass(frozen=True, kw_only=True)
class Sent:
    """The requests of one grading (one, unless the answer is too long), the first one's tokens by part, and the form of the reply."""

    requests: tuple[tuple[dict[str, str], ...], ...]
    tokens: dict[str, int]
    prompts: dict[str, str]
    form: dict[str, object]


@dataclass(frozen=True, kw_only=True)
class GradingPrompts:
    """The prompts of a grading: rules and rubric; what to look at, by kind of question; and the small parts around the answer."""

    rules: Prompt
    kinds: dict[Kind, Prompt]
    rest: dict[str, Prompt]

    @staticmethod
    def of(get: Callable[[str], Prompt]) -> GradingPrompts:
        """Read them all, so that a broken file is noticed before anything is graded. Raises `PromptError`."""

        def checked(prompt_id: str, variables: Iterable[str]) -> Prompt:
            prompt = get(prompt_id)
            if set(prompt.variables) != set(variables):
                raise PromptError(f"Prompt {prompt_id} must take {sorted(variables)}, not {sorted(prompt.variables)}.")
            return prompt

        return GradingPrompts(
            rules=checked("grade", ("kind", "question", "reference", "points", "misconceptions")),
            kinds={kind: checked(f"grade-{kind.value}", ()) for kind in OWN_PROMPTS},
            rest={name: checked(f"grade-{name}", variables) for name, variables in REST.items()},
        )

    @property
    def all(self) -> tuple[Prompt, ...]:
        """Every one of them."""
        return (self.rules, *self.kinds.values(), *self.rest.values())

    def used(self, kind: Kind) -> dict[str, str]:
        """sha256 of each prompt that a grading of this kind of question rests on, by id and version."""
        chosen = [self.rules, *([self.kinds[kind]] if kind in self.kinds else []), *self.rest.values()]
        return {f"{p.id}@{p.version}": p.sha256 for p in chosen}

    def sheet(self, question: Question, *, seed: str, only: Iterable[str] | None = None) -> Sheet:
        """The points to judge (`only` these, or all), with the canary, in an order drawn from question content and seed: the same for every
        candidate, so that servers can keep the beginning of the request."""
        digest = hashlib.sha256(f"{question.sha256}/{seed}/canary".encode()).hexdigest()
        number = f"{int(digest[:6], 16) % 9000 + 1000}-{int(digest[6:10], 16) % 900 + 100}"
        claim = self.rest["canary"].fill(number=number).strip()
        canary = Point(id=f"sealed-card-{number}", claim=claim, reject=("a card, a code or a number in general",))
        asked = [p for p in question.points if only is None or p.id in set(only)]
        points = sorted([*asked, canary], key=lambda p: hashlib.sha256(f"{question.sha256}/{seed}/{p.id}".encode()).digest())
        listed = question.misconceptions if only is None else ()
        return Sheet(question=question, points=tuple(points), misconceptions=listed, canary=canary.id)

    def compose(self, sheet: Sheet, answer: str, *, nonce: str, tokens: TokenCounter, context: int = CONTEXT) -> Sent:
        """Fill the prompts. Neither rubric nor answer is ever cut: an answer over the context goes out in parts.

        Raises `ModelError` (too large) when the rubric leaves no room.
        """
        rules = self._rules(sheet)
        frame = tokens.count(self._last("", "", number=ANY_PART, count=ANY_PART)) + MARK_TOKENS
        again = ECHO_TOKENS + TOLD_TOKENS + 2 * PER_MESSAGE
        form = tokens.count(json.dumps(reply_schema()))
        fixed = tokens.count(rules) + form + frame + again + 2 * PER_MESSAGE + min(REPLY_TOKENS, context // 4)
        if context - fixed < LEAST_ANSWER:
            raise ModelError(
                FailureReason.TOO_LARGE,
                f"This question with its rubric and the reply takes about {fixed:,} tokens, and INTERVIEWER_GRADER_CONTEXT is {context:,}. "
                "Your answer is kept; set it higher if the model can take more, and try again.",
            )
        while nonce in answer:
            answer = answer.replace(nonce, "")
        parts = divided(answer, context - fixed, tokens)
        several = str(len(parts)) if len(parts) > 1 else ""
        lasts = [self._last(part, nonce, number=str(n), count=several) for n, part in enumerate(parts, start=1)]
        own = tokens.count(self.rules.text) + (tokens.count(self.kinds[k].text) if (k := sheet.question.kind) in self.kinds else 0)
        return Sent(
            requests=tuple(({"role": "system", "content": rules}, {"role": "user", "content": last}) for last in lasts),
            tokens={
                "rules": own,
                "question and rubric": tokens.count(rules) - own,
                "answer": tokens.count(lasts[0]),
                "form of the reply": form,
            },
            prompts=self.used(sheet.question.kind),
            form=reply_schema(),
        )

    def corrected(self, messages: Sequence[dict[str, str]], reply: str, problem: str, *, tokens: TokenCounter) -> list[dict[str, str]]:
        """The request again, with the beginning of the last reply, and what was wrong with it."""
        told = self.rest["again"].fill(problem=problem).strip()
        return [*messages, {"role": "assistant", "content": tokens.cut(reply, ECHO_TOKENS) or "(empty)"}, {"role": "user", "content": told}]

    def usual(self, question: Question, tokens: TokenCounter) -> Usage:
        """Tokens that grading a usual answer to this question takes, as far as they can be known before."""
        sheet = self.sheet(question, seed="0")
        said = round(question.minutes * WORDS_A_MINUTE * TOKENS_A_WORD)
        form = tokens.count(json.dumps(reply_schema()))
        prompt = tokens.count(self._rules(sheet)) + form + tokens.count(self._last("", "0" * 16)) + said + 2 * PER_MESSAGE
        return Usage(prompt=prompt, completion=self.usual_reply(sheet), cached=0)

    @staticmethod
    def usual_reply(sheet: Sheet) -> int:
        """Tokens of a usual reply."""
        return REPLY_PER_POINT * len(sheet.points) + REPLY_PER_MISCONCEPTION * len(sheet.misconceptions) + REPLY_REST

    def _rules(self, sheet: Sheet) -> str:
        question = sheet.question
        return self.rules.fill(
            kind=self.kinds[question.kind].text if question.kind in self.kinds else "",
            question=_plain(question.question),
            reference=_plain(question.reference_answer),
            points=_json([_point(p) for p in sheet.points]),
            misconceptions=_json([{"misconception": m.id, "claim": m.claim, "right": m.correction} for m in sheet.misconceptions]),
        )

    def _last(self, answer: str, nonce: str, *, number: str = "", count: str = "") -> str:
        part = f" {self.rest['part'].fill(number=number, count=count).strip()}" if count else ""
        return self.rest["answer"].fill(mark=nonce, answer=json.dumps(answer, ensure_ascii=False), part=part).strip()


def _point(point: Point) -> dict[str, object]:
    return {"point": point.id, "claim": point.claim, "counts": list(point.accept), "does_not_count": list(point.reject)}


def _json(values: Sequence[object]) -> str:
    """A JSON list, one item a line: indented, the rubric would take 10 % more tokens."""
    lines = ",\n".join(json.dumps(value, ensure_ascii=False) for value in values)
    return _plain(f"[\n{lines}\n]" if lines else "[]")


def _plain(text: str) -> str:
    """Bank text with anything that looks like our delimiter made harmless."""
    for mark, harmless in MARK_IN_BANK:
        text = text.replace(mark, harmless)
    return text
