"""A question about LoRA, and a model grader that asks the scripted server."""

from __future__ import annotations

import json
import re
from typing import Any

from interviewer.domain.grade import Grade, PointResult, Ungraded
from interviewer.grading.evidence import Spoken
from interviewer.grading.examiner import Examiner, Task
from interviewer.grading.llm_grader import LlmGrader
from interviewer.grading.prompting import CONTEXT, GradingPrompts
from interviewer.grading.second_opinion import Which
from interviewer.llm.openai_client import OpenAIChat
from interviewer.prompts import PromptFolder
from interviewer.settings import ROOT
from tests import samples
from tests.fakes import START, answer_of
from tests.openai_server import Behaviour, Exchange, OpenAIServer, graded

KEY = "sk-secret-123"
PROMPTS = GradingPrompts.of(PromptFolder(ROOT / "prompts").get)
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


SMALL = 8_000
"""Tokens of a context that holds the LoRA question's rubric and some 4,000 tokens of an answer."""


class Letters:
    """Counts four characters as a token."""

    def count(self, text: str) -> int:
        return -(-len(text) // 4)

    def cut(self, text: str, most: int) -> str:
        return text[: 4 * most]


def chat(
    url: str, *, timeout: float = 5, retries: int = 0, model: str = "m-1", temperature: float | None = 0, **options: Any
) -> OpenAIChat:
    """A model whose server is known to take a JSON schema: how that is found out is the client's tests' concern."""
    return OpenAIChat(
        model=model,
        base_url=url,
        endpoint="the-endpoint",
        api_key=KEY,
        timeout=timeout,
        temperature=temperature,
        retries=retries,
        form="json_schema",
        **options,
    )


def examiner(url: str, *, context: int = CONTEXT, **options: Any) -> Examiner:
    """One model, asked at this endpoint."""
    return Examiner(chat(url, **options), PROMPTS, Letters(), context=context)


def task(text: str = ANSWER, *, attempt: int = 0, **changes: Any) -> Task:
    """The answer to the LoRA question, to be judged."""
    return Task(question=LORA, answer=answer_of(LORA, text), spoken=Spoken.of(text, LORA.question), attempt=attempt, **changes)


def grader(url: str, *, second: str = "", which: Which = "doubtful", context: int = CONTEXT, **options: Any) -> LlmGrader:
    """A grader on this endpoint; with `second`, second opinions from that one."""
    first = examiner(url, context=context, **options)
    other = examiner(second, context=context, model="m-2") if second else None
    return LlmGrader(first, other, which=which)


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


def gullible(*points: str, **changes: Any) -> Behaviour:
    """These points met, and with them the one that no answer can meet."""

    def behave(exchange: Exchange) -> None:
        content = json.loads(graded(exchange.body, verdict="not_met", **changes))
        for item in content["points"]:
            if item["point"] in points or item["point"].startswith("sealed-card-"):
                item["verdict"], item["quote"] = "met", QUOTES.get(item["point"], ANSWER)
        exchange.reply(json.dumps(content))

    return behave


def by_part(*behaviours: Behaviour) -> Behaviour:
    """Another behaviour for each part of a long answer; the last one for all further parts."""

    def behave(exchange: Exchange) -> None:
        found = re.search(r"part (\d+) of \d+", exchange.body["messages"][1]["content"])
        behaviours[min(int(found[1]) if found else 1, len(behaviours)) - 1](exchange)

    return behave


def asked(body: dict[str, Any]) -> list[dict[str, Any]]:
    """The points of a request as the model sees them, the canary among them."""
    found = re.search(r"# The points\n(.*?)\n\n# ", body["messages"][0]["content"], re.S)
    assert found is not None
    return json.loads(found[1])  # type: ignore[no-any-return]


def marks(body: dict[str, Any]) -> set[str]:
    """The random marks in the last message of a first try."""
    return set(re.findall(r"</?answer-(\w+)>", body["messages"][1]["content"]))


def long_answer(characters: int = 45_000) -> str:
    """An answer over the context `SMALL`, with the words of `ANSWER` first."""
    return ANSWER + " And so it goes on for a while." * (characters // 31)
