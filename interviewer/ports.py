"""What the core needs from outside. One small protocol each; the real ones are adapters, the tests' are in tests/fakes.py."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple, Protocol

from interviewer.domain.errors import ModelError
from interviewer.domain.grade import Grade, Ungraded, Usage
from interviewer.domain.interview import Cause, Event, Interview
from interviewer.domain.question import Question
from interviewer.text.lexicon import Matrix

GraderName = Literal["llm", "embedded"]


class Clock(Protocol):
    """The time, in UTC."""

    def now(self) -> datetime:
        """This moment."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """An answer as given: raw text, how the turn was closed, seconds used, hints taken."""

    id: str
    owner_id: str
    interview_id: str
    turn: int
    question_sha256: str
    text: str
    cause: Cause
    submitted_at: datetime
    used: float
    hints: int


@dataclass(frozen=True, kw_only=True)
class Draft:
    """Saved text of an open turn. `tab` is the browser tab that wrote it, `revision` counts accepted saves."""

    text: str = ""
    revision: int = 0
    tab: str = ""


@dataclass(frozen=True, kw_only=True)
class GradingRequest:
    """What was asked to be graded: by which grader, for the how-manieth time. `key` is the grade's key."""

    key: str
    owner_id: str
    answer_id: str
    grader: GraderName
    attempt: int
    requested_at: datetime


@dataclass(frozen=True, kw_only=True)
class Grading:
    """A request and what came of it; `outcome` is None while it is being graded."""

    request: GradingRequest
    outcome: Grade | Ungraded | None


@dataclass(frozen=True, kw_only=True)
class InterviewRow:
    """An interview in a list."""

    interview: Interview
    updated_at: datetime


@dataclass(frozen=True, kw_only=True)
class Work:
    """Everything one action writes, in one transaction. `draft`: what the answer was taken from; a newer one is a conflict."""

    before: Interview
    after: Interview
    event: Event
    answer: Answer | None = None
    request: GradingRequest | None = None
    draft: Draft | None = None


class Store(Protocol):
    """Rows, events and snapshots. Methods raise `StorageError`, `NotFound`, `Conflict`."""

    def create(self, interview: Interview, questions: Sequence[Question], event: Event) -> None:
        """A new interview, with its questions as asked."""

    def commit(self, work: Work) -> None:
        """Compare-and-set on `before.version`; raises `Conflict` when somebody was first."""

    def interview(self, interview_id: str, *, owner_id: str | None = None) -> Interview:
        """One interview."""

    def interviews(self, *, owner_id: str) -> list[InterviewRow]:
        """All of an owner's, latest first."""

    def question(self, sha256: str) -> Question:
        """A question as it was asked."""

    def answer(self, answer_id: str) -> Answer:
        """One answer."""

    def answers(self, interview_id: str) -> list[Answer]:
        """An interview's answers by turn."""

    def events(self, interview_id: str) -> list[Event]:
        """An interview's audit log, oldest first."""

    def draft(self, interview_id: str, turn: int) -> Draft:
        """The saved text of a turn; empty when there is none."""

    def save_draft(self, interview_id: str, turn: int, draft: Draft, *, base: int, now: datetime) -> Draft:
        """Store it if the turn is open, and `base` is the saved revision or this tab wrote it; else `AlreadyAnswered`, `NewerDraft`."""

    def request_grading(self, request: GradingRequest) -> bool:
        """Ask for a grading; False when the same key was asked for before."""

    def grading(self, key: str) -> Grading | None:
        """One request with its outcome; None when its interview was deleted."""

    def open_requests(self) -> list[GradingRequest]:
        """Requests without an outcome, oldest first."""

    def add_grading(self, request: GradingRequest, outcome: Grade | Ungraded) -> None:
        """Append an outcome and what it cost; a second one of the same key adds only its cost."""

    def gradings(self, interview_id: str) -> list[Grading]:
        """All of an interview's gradings, oldest first."""

    def spent(self, *, since: datetime) -> float:
        """USD the gradings since then cost: all owners', deleted interviews' too."""

    def spent_in(self, interview_id: str) -> float:
        """USD an interview's gradings cost so far, failed ones included."""

    def due(self, now: datetime) -> list[str]:
        """Ids of the interviews to sweep: deadline and grace are over."""

    def ticking(self) -> list[str]:
        """Ids of the interviews whose clock runs."""

    def alive_at(self) -> datetime | None:
        """When a server last said it was alive."""

    def beat(self, now: datetime) -> None:
        """Say that a server is alive."""

    def delete(self, interview_id: str, *, owner_id: str) -> None:
        """Remove an interview with everything that hangs on it, snapshots nobody else uses included."""

    def close(self) -> None:
        """Let go of the database; it is opened again when it is needed."""


class Judged(NamedTuple):
    """Probabilities that a passage says nothing of a claim, asserts it, or asserts the opposite. They add up to 1."""

    nothing: float
    asserted: float
    denied: float


class PointJudge(Protocol):
    """Decides whether a passage asserts a claim. `identity` changes with everything a verdict depends on. Raises `ModelError`."""

    @property
    def identity(self) -> str:
        """Which model."""

    def judge(self, claim: str, passage: str) -> Judged:
        """The same pair always gets the same probabilities."""


class Similarity(Protocol):
    """Texts as vectors that are near where meanings are. Raises `ModelError`."""

    def vectors(self, texts: Sequence[str]) -> Matrix:
        """One row a text: the sum over its words, so that the sum of two rows is the row of both texts together."""


@dataclass(frozen=True, kw_only=True)
class ChatReply:
    """A model's reply: text, how it ended, and what it cost (USD; None where no price is known). `form`: how its form was asked for."""

    text: str
    finish: Literal["stop", "length", "refusal"]
    model: str
    usage: Usage = field(default_factory=Usage)
    latency_ms: int = 0
    cost: float | None = None
    form: Literal["", "json_schema", "json_object", "tool"] = ""


class ChatModel(Protocol):
    """An OpenAI-compatible chat endpoint. Raises `ModelError`."""

    model: str
    endpoint: str
    parameters: dict[str, str | int | float | None]

    def complete(self, messages: Sequence[dict[str, str]], *, schema: dict[str, object] | None) -> ChatReply:
        """One request; `schema` is the strict JSON schema of the reply, if any."""

    def price(self, usage: Usage) -> float | None:
        """USD these tokens cost; None where no price is known."""


@dataclass(frozen=True, kw_only=True)
class BatchState:
    """How a batch stands, in the endpoint's own word; `done` and `failed` count its requests. Once it `ended` nothing changes."""

    status: str
    ended: bool
    done: int = 0
    failed: int = 0


@dataclass(frozen=True, kw_only=True)
class BatchResults:
    """What came of an ended batch, by custom id; `missing` is what came of the others.

    None: nothing, because the request was refused for a parameter that is left out from now on. Ask again.
    """

    found: Mapping[str, ChatReply | ModelError | None]
    missing: ModelError


class BatchLane(Protocol):
    """Requests to one model that are sent as a file, and answered as one within a day. Raises `ModelError`."""

    model: str
    endpoint: str
    parameters: dict[str, str | int | float | None]
    most_requests: int
    most_bytes: int

    def line(self, custom_id: str, messages: Sequence[dict[str, str]], *, schema: dict[str, object] | None) -> bytes:
        """A request as a line of a file."""

    def submit(self, lines: Sequence[bytes], *, note: str) -> str:
        """Send a file of at most `most_requests` lines and `most_bytes`. Returns the batch's id; the batch carries the note."""

    def find(self, note: str) -> str | None:
        """The id of the batch with this note; None when there is none."""

    def state(self, batch_id: str) -> BatchState:
        """How the batch stands."""

    def results(self, batch_id: str) -> BatchResults:
        """The replies of a batch that ended."""

    def price(self, usage: Usage) -> float | None:
        """USD these tokens cost in a batch; None where no price is known."""


class Grader(Protocol):
    """Turns an answer into a grade."""

    name: GraderName

    def identity(self) -> str:
        """What of this grader goes into a grade's key: model, prompt, parameters, policy."""

    def grade(self, question: Question, answer: Answer, *, attempt: int, now: datetime) -> Grade | Ungraded:
        """Never raises for what a model or a candidate does; blank answers cost no model call."""


class Jobs(Protocol):
    """Durable background grading."""

    def start(self) -> None:
        """Begin to work; returns at once."""

    def wake(self) -> None:
        """There is new work."""

    def stop(self) -> None:
        """Take nothing new; what runs is finished after the next start."""


class TokenCounter(Protocol):
    """Counts and cuts text by tokens."""

    def count(self, text: str) -> int:
        """Tokens of `text`."""

    def cut(self, text: str, most: int) -> str:
        """The longest beginning of `text` with at most that many tokens."""
