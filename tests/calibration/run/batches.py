"""A run in batches against the scripted server, in short. As a program: `python -m tests.calibration.run.batches URL FOLDER`."""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from secrets import token_hex
from typing import Any

from interviewer.calibration.run.batch_files import BatchFiles
from interviewer.calibration.run.rounds import Rounds, Standing
from interviewer.calibration.run.tasks import Task, task_of
from interviewer.domain.grade import Grade, Ungraded
from interviewer.grading.examiner import Examiner
from interviewer.grading.llm_grader import LlmGrader
from interviewer.grading.prompting import CONTEXT
from interviewer.llm.batch_client import OpenAIBatches
from tests.batch_server import BatchServer
from tests.fakes import START
from tests.grading.scripted import ANSWER, KEY, LORA, PROMPTS, Letters, examiner
from tests.openai_server import Behaviour, Exchange, well

TEXTS = tuple(f"{ANSWER} Thus it is, number {number}." for number in range(3))
OUTCOMES = "outcomes.jsonl"


def lane(url: str, *, model: str = "m-1", endpoint: str = "the-endpoint", **options: Any) -> OpenAIBatches:
    """The batches of a model at this address."""
    values = {"temperature": 0, "api_key": KEY} | options
    return OpenAIBatches(model=model, base_url=url, endpoint=endpoint, **values)


def online(url: str, *, second: str = "", context: int = CONTEXT) -> LlmGrader:
    """The same grader as `Run` has, asking one by one."""
    other = examiner(second, context=context, model="m-2") if second else None
    return LlmGrader(examiner(url, context=context), other)


def tasks_of(texts: Iterable[str] = TEXTS, *, attempt: int = 0, url: str = "http://127.0.0.1:9/v1", second: str = "") -> list[Task]:
    """Tasks of answers to the LoRA question. The address is no part of a key, only the endpoint's name is."""
    identity = online(url, second=second).identity()
    return [task_of(LORA, text, identity=identity, attempt=attempt) for text in texts]


class Run:
    """One process's life: a grader on the files of `folder`. `outcomes` may be handed over from the life before."""

    def __init__(
        self,
        folder: Path,
        url: str,
        *,
        second: str = "",
        context: int = CONTEXT,
        outcomes: dict[str, list[Grade | Ungraded]] | None = None,
        sleep: Callable[[float], None] = lambda seconds: None,
        told: Callable[[Standing], None] = lambda standing: None,
        done: Callable[[Task], None] = lambda task: None,
        **options: Any,
    ) -> None:
        self.outcomes = {} if outcomes is None else outcomes
        self.standings: list[Standing] = []
        self.files = BatchFiles(folder)
        self._done, self._told = done, told
        self.rounds = Rounds(self.files, now=lambda: START, new_note=partial(token_hex, 8), sleep=sleep, seconds=30, told=self._tell)
        first = self.rounds.model(lane(url, **options))
        other = self.rounds.model(lane(second, model="m-2")) if second else None
        examiners = [Examiner(model, PROMPTS, Letters(), context=context) for model in (first, other) if model]
        self.grader = LlmGrader(*examiners)

    def grade(self, tasks: Sequence[Task]) -> list[Grade | Ungraded]:
        """The outcomes of these tasks, what was graded in an earlier life not asked again."""
        with self.files:
            self.rounds.grade([t for t in tasks if t.key not in self.outcomes], self.grader, done=self._keep)
        return [self.outcomes[task.key][-1] for task in tasks]

    def _tell(self, standing: Standing) -> None:
        self.standings.append(standing)
        self._told(standing)

    def _keep(self, task: Task, outcome: Grade | Ungraded) -> None:
        self.outcomes.setdefault(task.key, []).append(outcome)
        self._done(task)


def plain(outcome: Grade | Ungraded) -> dict[str, Any]:
    """An outcome without how long it took, which a batch does not tell."""
    content = outcome.model_dump()
    content["provenance"] |= {"latency_ms": 0}
    if content["provenance"].get("second"):
        content["provenance"]["second"] |= {"latency_ms": 0}
    return content


def ids(server: BatchServer) -> list[list[str]]:
    """The custom ids of each batch."""
    return [[row["custom_id"] for row in rows] for rows in server.batches.values()]


def paid(server: BatchServer) -> list[int]:
    """How often each request was paid for."""
    return list(Counter(json.dumps(body) for body in server.paid).values())


def only(outcome: Grade | Ungraded) -> Ungraded:
    assert isinstance(outcome, Ungraded)
    return outcome


def by_text(**behaviours: Behaviour) -> Behaviour:
    """What a word of the answer asks for; told retries are answered well, but for the stubborn."""

    def behave(exchange: Exchange) -> None:
        messages = exchange.body["messages"]
        word = next((w for w in behaviours if w in messages[1]["content"]), "")
        told_retry = len(messages) > 2 and word != "stubborn"
        (well if told_retry else behaviours.get(word, well))(exchange)

    return behave


def main(url: str, folder: Path) -> None:
    """Grade the texts; one line for each outcome."""
    path = folder / OUTCOMES
    known = {json.loads(line)["key"] for line in path.read_text().splitlines()} if path.exists() else set()

    def keep(task: Task) -> None:
        with path.open("a") as file:
            file.write(json.dumps({"key": task.key, "outcome": run.outcomes[task.key][-1].outcome}) + "\n")

    run = Run(folder, url, sleep=lambda seconds: time.sleep(0.02), done=keep)
    run.grade([task for task in tasks_of() if task.key not in known])


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
