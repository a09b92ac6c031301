"""Grading in batches: the same grader as ever, replayed over the replies received so far until every task has its outcome.

In each round all open tasks are graded by a model that knows only what the endpoint has answered. Where it does not know
the reply, the request joins a batch; when a batch ended, the next round begins. So told retries, long answers in parts and
second opinions are asked as they are online, one request of a task after the other.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

from interviewer.calibration.run.batch_files import Batch, BatchFiles, custom_id, part_of
from interviewer.calibration.run.tasks import Task
from interviewer.domain.errors import FailureReason, ModelError
from interviewer.domain.grade import Grade, Ungraded, Usage
from interviewer.ports import BatchLane, BatchState, ChatReply, Grader

MAY_PASS = frozenset({FailureReason.UNREACHABLE, FailureReason.TIMEOUT, FailureReason.SERVER_ERROR, FailureReason.RATE_LIMITED})
PATIENCE = 120
"""Failures in a row that may pass, of an endpoint that has answered in this run, before a run gives up."""
T = TypeVar("T")


class Pending(Exception):
    """There is no reply to this request yet; the grader lets it through, so that the task is graded again later."""

    def __init__(self, lane: str, request: str, messages: Sequence[dict[str, str]], schema: dict[str, object] | None) -> None:
        super().__init__(request)
        self.lane, self.request, self.messages, self.schema = lane, request, messages, schema


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How the batches waited for stand: their requests by the endpoint's count, its words for their states, and what goes wrong."""

    batches: int = 0
    submitted: int = 0
    done: int = 0
    failed: int = 0
    status: str = ""
    trouble: str = ""


@dataclass(kw_only=True)
class Parcel:
    """Requests that will be one file. `requests`: the request's hash by custom id."""

    requests: dict[str, str] = field(default_factory=dict)
    lines: list[bytes] = field(default_factory=list)
    size: int = 0


class Replayed:
    """A chat model that answers from the replies received. It is to a grader what the lane's model is online."""

    def __init__(self, lane: BatchLane, replies: dict[str, ChatReply], failures: dict[str, ModelError], asked: list[str]) -> None:
        """`asked` is told each request that is answered, by its hash; it is empty when a grading begins."""
        self.model, self.endpoint, self.parameters = lane.model, lane.endpoint, lane.parameters
        self._lane, self._replies, self._failures, self._asked = lane, replies, failures, asked

    def complete(self, messages: Sequence[dict[str, str]], *, schema: dict[str, object] | None) -> ChatReply:
        """The reply to exactly this request. Raises `ModelError` where it failed, `Pending` where nothing came of it yet.

        A grading that sends the same request again, since the reply was as bad as before, wants another reply to it.
        """
        content = [self.endpoint, self.model, self.parameters, list(messages), schema]
        digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
        times = sum(asked.startswith(digest) for asked in self._asked)
        request = f"{digest}-{times + 1}" if times else digest
        if request in self._replies:
            self._asked.append(request)
            return self._replies[request]
        if failure := self._failures.get(request):
            self._asked.append(request)
            raise ModelError(failure.reason, str(failure), raw=failure.raw)
        raise Pending(_name(self._lane), request, messages, schema)

    def price(self, usage: Usage) -> float | None:
        """USD these tokens cost in a batch."""
        return self._lane.price(usage)


class Rounds:
    """A run in batches. Give the grader its models by `model`, then `grade`.

    A request that failed holds for this run only: it was not paid for, so the next run asks it again.
    """

    def __init__(
        self,
        files: BatchFiles,
        *,
        now: Callable[[], datetime],
        new_note: Callable[[], str],
        sleep: Callable[[float], None],
        seconds: float,
        told: Callable[[Standing], None],
    ) -> None:
        """`new_note` makes words that no other batch carries; `seconds` lie between two looks at the batches."""
        self._files, self._now, self._new_note = files, now, new_note
        self._sleep, self._seconds, self._told = sleep, seconds, told
        self._lanes: dict[str, BatchLane] = {}
        self._answered: set[str] = set()
        self._failures: dict[str, ModelError] = {}
        self._again: set[str] = set()
        self._waits_for: dict[str, str] = {}
        self._asked: list[str] = []
        self._standing = Standing()

    def model(self, lane: BatchLane) -> Replayed:
        """The chat model to build a grader with, whose requests go by this lane."""
        self._lanes[_name(lane)] = lane
        return Replayed(lane, self._files.replies, self._failures, self._asked)

    def grade(self, tasks: Iterable[Task], grader: Grader, *, done: Callable[[Task, Grade | Ungraded], None]) -> None:
        """An outcome for every task, each key once. Raises `ModelError` when an endpoint cannot be gone on with, and `DataError`.

        May be interrupted or killed at any time: a new run on the same files goes on, and pays for nothing twice.
        """
        todo = {task.key: task for task in tasks}
        try:
            self._find_lost()
            while todo:
                awaited = self._round(todo, grader, done)
                if todo:
                    self._wait(awaited)
        except ModelError as error:
            if not (self._files.replies or self._files.open_batches()):
                raise
            told = (
                f"{error} What is under way is noted in {self._files.path.parent}: the same command goes on from there; "
                "without that folder all is asked and paid for anew."
            )
            raise ModelError(error.reason, told, raw=error.raw) from None

    def _round(self, todo: dict[str, Task], grader: Grader, done: Callable[[Task, Grade | Ungraded], None]) -> set[str]:
        """Grade what can be graded, send what is missing. Returns the requests that are waited for."""
        awaited: set[str] = set()
        sent = {request for batch in self._files.open_batches() for request in batch.requests.values()}
        numbers = self._files.numbers()
        parcels: dict[str, Parcel] = {}
        for task in list(todo.values()):
            if (request := self._waits_for.get(task.key)) in sent:
                awaited.add(request)
                continue
            self._asked.clear()
            try:
                outcome = grader.grade(task.question, task.answer, attempt=task.attempt, now=self._now())
            except Pending as pending:
                awaited.add(pending.request)
                self._waits_for[task.key] = pending.request
                if pending.request not in sent:
                    sent.add(pending.request)
                    self._pack(parcels, pending, task.key, numbers)
                continue
            done(task, outcome)
            self._use_up(outcome)
            del todo[task.key]
        for lane, parcel in parcels.items():
            self._send(lane, parcel)
        return awaited

    def _use_up(self, outcome: Grade | Ungraded) -> None:
        """What the model replied came to no grade: another run shall ask afresh. What merely failed is asked again anyway."""
        if isinstance(outcome, Ungraded) and self._asked and not self._failures.keys() & set(self._asked):
            self._files.use_up(self._asked)

    def _pack(self, parcels: dict[str, Parcel], pending: Pending, key: str, numbers: Counter[str]) -> None:
        """Add a request to its lane's parcel; a full one is sent first."""
        lane = self._lanes[pending.lane]
        name = custom_id(key, numbers[part_of(key)] + 1)
        line = lane.line(name, pending.messages, schema=pending.schema)
        parcel = parcels.setdefault(pending.lane, Parcel())
        if parcel.lines and (len(parcel.lines) >= lane.most_requests or parcel.size + len(line) > lane.most_bytes):
            self._send(pending.lane, parcel)
            parcel = parcels[pending.lane] = Parcel()
        parcel.requests[name] = pending.request
        parcel.lines.append(line)
        parcel.size += len(line)

    def _send(self, name: str, parcel: Parcel) -> None:
        """Make a batch. Before it is tried a second time it is looked for: only the answer may have been lost."""
        lane = self._lanes[name]
        batch = self._files.intend(note=self._new_note(), lane=name, requests=parcel.requests)
        tried = False

        def send() -> str:
            nonlocal tried
            known = lane.find(batch.note) if tried else None
            tried = True
            return known or lane.submit(parcel.lines, note=batch.note)

        self._files.made(batch, self._patiently(name, send))

    def _find_lost(self) -> None:
        """Batches of a run that was killed before it heard whether they were made."""
        for batch in self._files.open_batches():
            lane = self._lanes.get(batch.lane)
            if lane is None or batch.id:
                continue
            found = lane.find(batch.note)
            if found:
                self._files.made(batch, found)
            else:
                self._files.drop(batch)

    def _wait(self, awaited: set[str]) -> None:
        """Until a batch with one of these requests has ended and its replies are kept."""
        batches = [b for b in self._files.open_batches() if b.lane in self._lanes and awaited.intersection(b.requests.values())]
        while True:
            states = [(batch, self._state(batch)) for batch in batches]
            self._standing = _standing(states)
            self._told(self._standing)
            ended = [batch for batch, state in states if state.ended]
            for batch in ended:
                self._collect(batch)
            if ended or not batches:
                return
            self._sleep(self._seconds)

    def _state(self, batch: Batch) -> BatchState:
        return self._patiently(batch.lane, lambda: self._lanes[batch.lane].state(batch.id))

    def _collect(self, batch: Batch) -> None:
        """Keep the replies of a batch that ended."""
        results = self._patiently(batch.lane, lambda: self._lanes[batch.lane].results(batch.id))
        for name, request in batch.requests.items():
            found = results.found.get(name, results.missing)
            if isinstance(found, ChatReply):
                if request not in self._files.replies:
                    self._files.keep(request, found)
            elif found is None and request not in self._again:
                self._again.add(request)
            else:
                self._failures[request] = found or results.missing
        self._files.end(batch)

    def _patiently(self, name: str, call: Callable[[], T]) -> T:
        """The call's result. What may pass is waited for, where the endpoint has answered before; else its error is raised."""
        failed = 0
        while True:
            try:
                result = call()
            except ModelError as error:
                failed += 1
                if error.reason not in MAY_PASS or name not in self._answered or failed > PATIENCE:
                    raise
                self._told(replace(self._standing, trouble=str(error)))
                self._sleep(self._seconds)
            else:
                self._answered.add(name)
                return result


def _name(lane: BatchLane) -> str:
    return f"{lane.endpoint}/{lane.model}"


def _standing(states: Sequence[tuple[Batch, BatchState]]) -> Standing:
    return Standing(
        batches=len(states),
        submitted=sum(len(batch.requests) for batch, _ in states),
        done=sum(state.done for _, state in states),
        failed=sum(state.failed for _, state in states),
        status=", ".join(dict.fromkeys(state.status for _, state in states)),
    )
