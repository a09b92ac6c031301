"""A question about LoRA, and a model grader that asks the scripted server."""

from __future__ import annotations

import json
from typing import Any

from interviewer.domain.grade import Grade, PointResult, Ungraded
from interviewer.grading.llm_grader import LlmGrader
from interviewer.llm.openai_client import OpenAIChat
from interviewer.prompts import PromptFolder
from interviewer.settings import ROOT
from tests import samples
from tests.fakes import START, answer_of
from tests.openai_server import Behaviour, Exchange, OpenAIServer, graded

KEY = "sk-secret-123"
PROMPT = PromptFolder(ROOT / "prompts").get("grade")
LORA = samples.question(
    "lora",
    question="How does LoRA adapt a large model, and what does it cost?",
    points=[
        {"id": "frozen", "claim": "The pre-trained weights are frozen.", "weight": 2, "accept": ["W stays fixed"]},
        {"id": "low-rank", "claim": "The update is a product of two thin matrices.", "weight": 2},
        {"id": "optimizer", "claim": "Optimizer state is kept for the adapters only.", "weight": 1, "reject": ["it is cheaper"]},
        {"id": "swapping", "claim": "One base can serve many adapters.", "weight": 1, "kind": "bonus"},
    ],
    misconceptions=[{"id": "shrinks", "claim": "LoRA shrinks the model.", "correction": "The base stays whole."}],
    follow_ups=[{"point": "frozen", "ask": "What is trained?"}, {"point": "optimizer", "ask": "What is in memory?"}],
)
ANSWER = "The base weights stay frozen. A product of two thin matrices is added. Only adapters have optimizer state."
QUOTES = {
    "frozen": "base weights stay frozen",
    "low-rank": "product of two thin matrices",
    "optimizer": "Only adapters have optimizer state",
}


class Letters:
    """Counts four characters as a token."""

    def count(self, text: str) -> int:
        return -(-len(text) // 4)

    def cut(self, text: str, most: int) -> str:
        return text[: 4 * most]


def grader(url: str, *, timeout: float = 5, retries: int = 0, model: str = "m-1", temperature: float | None = 0) -> LlmGrader:
    chat = OpenAIChat(
        model=model, base_url=url, endpoint="the-endpoint", api_key=KEY, timeout=timeout, temperature=temperature, retries=retries
    )
    return LlmGrader(chat, PROMPT, Letters())


def outcome(server: OpenAIServer, behaviour: Behaviour, text: str = ANSWER, *, hints: int = 0, **options: Any) -> Grade | Ungraded:
    """What an answer gets when the server always behaves like this."""
    server.otherwise = behaviour
    return grader(server.url, **options).grade(LORA, answer_of(LORA, text, hints=hints), attempt=0, now=START)


def grade(server: OpenAIServer, behaviour: Behaviour, text: str = ANSWER, **options: Any) -> Grade:
    """The same, where a grade is expected."""
    given = outcome(server, behaviour, text, **options)
    assert isinstance(given, Grade)
    return given


def point(given: Grade, point_id: str) -> PointResult:
    return next(p for p in given.points if p.point == point_id)


def judges(verdicts: dict[str, tuple[str, str]], **changes: Any) -> Behaviour:
    """A correct reply with these verdicts and quotes; every other point is not met."""

    def behave(exchange: Exchange) -> None:
        content = json.loads(graded(exchange.body, verdict="not_met", **changes))
        for item in content["points"]:
            item["verdict"], item["quote"] = verdicts.get(item["point"], ("not_met", ""))
        exchange.reply(json.dumps(content))

    return behave


def met(*points: str) -> Behaviour:
    """These points met, each with its words of `ANSWER`."""
    return judges({p: ("met", QUOTES[p]) for p in points})
