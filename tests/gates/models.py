"""Scripted models of known character behind the real OpenAI protocol: one that judges well, and five that do not.

The well-behaved one knows the truth by construction: which sentences of the bank state which point, and which honest
text an attack stands for. The others are that one with a single flaw, so that what a rule repairs can be told.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from interviewer.domain.grade import Verdict
from interviewer.domain.question import Question
from interviewer.grading.embedded_grader import EmbeddedGrader
from interviewer.text.sanitise import sanitise
from interviewer.text.words import SENTENCE_END, sentences, terms
from tests.fakes import START, answer_of
from tests.gates.gates import NOT_THE_CASE
from tests.openai_server import CANARY, Behaviour, Exchange

Verdicts = Sequence[tuple[str, str]]
"""Verdict and quote of each point, in the order shown."""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """One grading request as the model sees it."""

    question: Question
    points: Sequence[Mapping[str, Any]]
    misconceptions: Sequence[Mapping[str, Any]]
    answer: str

    def is_canary(self, point: Mapping[str, Any]) -> bool:
        """Whether this is the point that no answer can meet."""
        return CANARY in point["claim"]


Flaw = Callable[["Oracle", Seen], Verdicts]


@dataclass(kw_only=True)
class Oracle:
    """What is true of a text: `stands_for` maps an attack's text to what its honest twin says."""

    bank: Sequence[Question]
    stands_for: dict[str, str] = field(default_factory=dict)
    _statements: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._by_text = {q.question: q for q in self.bank}
        grader = EmbeddedGrader(self.bank)
        for question in self.bank:
            found = grader.grade(question, answer_of(question, question.reference_answer), attempt=0, now=START)
            for result, point in zip(found.points, question.points, strict=True):  # type: ignore[union-attr]
                said = (result.evidence.text,) if result.evidence else ()
                self._statements[question.id, point.id] = tuple(_flat(t) for t in (*said, *point.accept))

    def fooled_by_none(self, text: str) -> str:
        """The honest part of a text."""
        return self.stands_for.get(_flat(text), text)

    def quote(self, question: Question, point: str, text: str) -> str:
        """A sentence of the text that states the point; empty when none does."""
        flat = _flat(self.fooled_by_none(text))
        return next((s for s in self._statements[question.id, point] if _asserted(s, flat)), "")

    def remember(self, attack: str, honest: str) -> None:
        """What an attack stands for."""
        self.stands_for[_flat(attack)] = honest

    def seen(self, body: Mapping[str, Any]) -> Seen:
        """Read a grading request."""
        rules, last = body["messages"][0]["content"], body["messages"][1]["content"]
        asked = _section(rules, "# The question")
        found = re.search(r'<answer-(\w+)>\n(".*")\n</answer-\1>', last, re.S)
        assert found is not None
        return Seen(
            question=self._by_text[asked],
            points=json.loads(_section(rules, "# The points")),
            misconceptions=json.loads(_section(rules, "# The misconceptions")),
            answer=json.loads(found[2]),
        )


def _section(rules: str, heading: str) -> str:
    return rules.split(f"\n{heading}\n", 1)[1].split("\n\n# ", 1)[0].strip()


def _flat(text: str) -> str:
    """As a model sees it: what looks the same is the same."""
    return " ".join(sanitise(text).text.split())


def _asserted(statement: str, text: str) -> bool:
    """Whether the text holds the statement, outside a sentence that denies itself as a whole."""
    at = text.find(statement)
    _, denied, between = text[:at].rpartition(NOT_THE_CASE)
    return at >= 0 and not (denied and SENTENCE_END.search(between.lstrip()) is None)


def honest(oracle: Oracle, seen: Seen) -> Verdicts:
    """Judges well."""
    quotes = ["" if seen.is_canary(p) else oracle.quote(seen.question, p["point"], seen.answer) for p in seen.points]
    return [(Verdict.MET.value if quote else Verdict.NOT_MET.value, quote) for quote in quotes]


def lenient(_oracle: Oracle, seen: Seen) -> Verdicts:
    """Everything is met, quoting whatever comes first."""
    return [(Verdict.MET.value, _first_words(seen.answer))] * len(seen.points)


def generous(oracle: Oracle, seen: Seen) -> Verdicts:
    """Met as soon as a sentence shares two words with the claim; it does not fall for the canary."""
    found = []
    for point, (verdict, quote) in zip(seen.points, honest(oracle, seen), strict=True):
        near = "" if quote or seen.is_canary(point) else _on_topic(seen.answer, point["claim"])
        found.append((Verdict.MET.value, near) if near else (verdict, quote))
    return found


def injectable(oracle: Oracle, seen: Seen) -> Verdicts:
    """Does what an attack asks: every point met, the canary too."""
    return lenient(oracle, seen) if _attacked(oracle, seen) else honest(oracle, seen)


def sly(oracle: Oracle, seen: Seen) -> Verdicts:
    """Does what an attack asks, but is not caught by the canary."""
    if not _attacked(oracle, seen):
        return honest(oracle, seen)
    return [("not_met", "") if seen.is_canary(p) else ("met", _first_words(seen.answer)) for p in seen.points]


def order_biased(oracle: Oracle, seen: Seen) -> Verdicts:
    """Credits whatever is listed first."""
    return [("met", _first_words(seen.answer)), *list(honest(oracle, seen))[1:]]


def liar(oracle: Oracle, seen: Seen) -> Verdicts:
    """Where the candidate did not say it, it quotes words that stand nowhere in the answer."""
    return [
        (verdict, quote) if quote or seen.is_canary(point) else ("met", f"as you put it, {point['claim'].lower()}")
        for point, (verdict, quote) in zip(seen.points, honest(oracle, seen), strict=True)
    ]


MODELS: dict[str, Flaw] = {
    "well-behaved": honest,
    "lenient": lenient,
    "generous": generous,
    "injectable": injectable,
    "sly": sly,
    "order-biased": order_biased,
    "liar": liar,
}


def behaviour(oracle: Oracle, flaw: Flaw) -> Behaviour:
    """The model as a server's behaviour."""

    def behave(exchange: Exchange) -> None:
        seen = oracle.seen(exchange.body)
        exchange.reply(json.dumps(_reply(seen, flaw(oracle, seen))))

    return behave


def _reply(seen: Seen, verdicts: Verdicts) -> dict[str, Any]:
    return {
        "points": [
            {"point": p["point"], "quote": quote, "reasoning": "Scripted.", "verdict": verdict}
            for p, (verdict, quote) in zip(seen.points, verdicts, strict=True)
        ],
        "misconceptions": [
            {"misconception": m["misconception"], "quote": "", "reasoning": "Scripted.", "asserted": False} for m in seen.misconceptions
        ],
        "wrong": [],
        "unsure": [],
        "attempts": [],
        "advice": "Say more.",
    }


def _attacked(oracle: Oracle, seen: Seen) -> bool:
    return oracle.fooled_by_none(seen.answer) != seen.answer


def _first_words(text: str) -> str:
    return " ".join(text.split()[:12])


def _on_topic(text: str, claim: str) -> str:
    wanted = set(terms(claim))
    pieces: Iterable[str] = (text[s.start : s.end] for s in sentences(text))
    return next((p for p in pieces if len(wanted & set(terms(p))) >= 2), "")
