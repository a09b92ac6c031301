"""Scripted models behind the real protocol that know the labels of the own set: one judges as the first examiner did, one credits all."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from interviewer.calibration.data.graded_set import GradedAnswer
from interviewer.domain.grade import Verdict
from interviewer.text.sanitise import sanitise
from interviewer.text.words import sentences, terms
from tests.openai_server import CANARY, Behaviour, Exchange, listed

QUOTED = (Verdict.MET.value, Verdict.CONTRADICTED.value)


def as_labelled(answers: Iterable[GradedAnswer]) -> Behaviour:
    """Says what the first examiner said, and quotes the sentences nearest to the claim."""
    known = {sanitise(answer.text).text: answer for answer in answers}

    def verdict(point: Mapping[str, Any], text: str) -> str:
        return known[text].labels[0].verdicts[point["point"]].value

    def asserted(misconception: Mapping[str, Any], text: str) -> bool:
        return misconception["misconception"] in known[text].labels[0].misconceptions

    return lambda exchange: _reply(exchange, verdict, asserted)


def lenient(exchange: Exchange) -> None:
    """Credits every point but the canary, and quotes well."""
    _reply(exchange, lambda point, text: "met", lambda misconception, text: False)


def _reply(exchange: Exchange, verdict: Any, asserted: Any) -> None:
    rules, last = (message["content"] for message in exchange.body["messages"][:2])
    found = re.search(r'<answer-(\w+)>\n(".*")\n</answer-\1>', last, re.S)
    assert found is not None
    text = json.loads(found[2])
    points = []
    for point in listed(rules, "# The points"):
        said = "not_met" if CANARY in point["claim"] else verdict(point, text)
        quote = _nearest(point["claim"], text) if said in QUOTED else ""
        points.append({"point": point["point"], "quote": quote, "reasoning": "Scripted.", "verdict": said})
    wrong = [(m, asserted(m, text)) for m in listed(rules, "# The misconceptions")]
    misconceptions = [
        {"misconception": m["misconception"], "quote": _nearest(m["claim"], text) if yes else "", "reasoning": "Scripted.", "asserted": yes}
        for m, yes in wrong
    ]
    rest = {"wrong": [], "unsure": [], "attempts": [], "advice": "Say more."}
    exchange.reply(json.dumps({"points": points, "misconceptions": misconceptions, **rest}))


def _nearest(claim: str, text: str) -> str:
    """The two neighbouring sentences with most of the claim's terms; of equals the longest, since "Supervised:" shows nothing."""
    spans, wanted = sentences(text), set(terms(claim))
    pieces = [text[one.start : other.end] for one, other in zip(spans, [*spans[1:], spans[-1]], strict=True)]
    return max(pieces, key=lambda piece: (len(wanted & set(terms(piece))), len(piece)))
