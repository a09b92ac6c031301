"""build(settings) -> App: every adapter put where a port is wanted."""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from random import SystemRandom  # noqa: TID251  (the one place where chance comes in)

from interviewer.bank.load import Bank, load
from interviewer.domain.interview import Interview
from interviewer.grading.embedded_grader import EmbeddedGrader
from interviewer.grading.llm_grader import LlmGrader
from interviewer.grading.perform import perform
from interviewer.interviews import Interviews
from interviewer.jobs import DbosJobs
from interviewer.ports import ChatModel, Clock, Grader, GraderName, Jobs, Store
from interviewer.prompts import PromptFolder
from interviewer.review.report import Report, report
from interviewer.settings import Settings
from interviewer.settings import load as load_settings
from interviewer.storage.engine import open_engine
from interviewer.storage.store import SqlStore
from interviewer.sweeper import Repeating

LOCAL_OWNER = "local"
TICK = 0.5


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """This moment, in UTC."""
        return datetime.now(UTC)  # noqa: TID251  (the one clock)


@dataclass(frozen=True, kw_only=True)
class App:
    """Everything the pages, the routes and the command use."""

    settings: Settings
    bank: Bank
    store: Store
    interviews: Interviews
    jobs: Jobs
    sweeper: Repeating
    clock: Clock
    owner_id: str = LOCAL_OWNER

    def start(self) -> None:
        """Give back lost time, then let sweep and grading run."""
        self.interviews.tend_clock()
        self.sweeper.start()
        self.jobs.start()

    def stop(self) -> None:
        """Stop the threads; what was being graded goes on after the next start."""
        self.sweeper.stop()
        self.jobs.stop()
        self.store.close()

    def interview(self, interview_id: str) -> Interview:
        """An interview of this owner."""
        return self.store.interview(interview_id, owner_id=self.owner_id)

    def report(self, interview: Interview) -> Report:
        """The session looked back on."""
        questions = {turn.question_sha256: self.store.question(turn.question_sha256) for turn in interview.turns}
        return report(interview, questions, self.store.answers(interview.id), self.store.gradings(interview.id))

    def model(self) -> ChatModel:
        """The chat model of the settings for one try."""
        return chat_model(self.settings, retries=0)


def build(settings: Settings) -> App:
    """The app. Raises `BankError`, `StorageError`, `PromptError` with a sentence for the user."""
    clock = SystemClock()
    bank = load(settings.interviewer_bank)
    graders = build_graders(settings, bank)
    store = SqlStore(open_engine(settings.interviewer_home, settings.interviewer_database_url))
    jobs = DbosJobs(
        settings.interviewer_home,
        store=store,
        perform=partial(perform, store=store, graders=graders, clock=clock),
        workers=settings.interviewer_grading_workers,
        url=settings.interviewer_database_url,
    )
    interviews = Interviews(
        store=store,
        clock=clock,
        graders=graders,
        active_grader=settings.active_grader,
        rng=SystemRandom(),
        new_id=partial(secrets.token_hex, 16),
        wake=jobs.wake,
    )

    def tick() -> None:
        interviews.tend_clock()
        interviews.sweep()

    sweeper = Repeating("sweep", tick, seconds=TICK)
    return App(settings=settings, bank=bank, store=store, interviews=interviews, jobs=jobs, sweeper=sweeper, clock=clock)


def build_graders(settings: Settings, bank: Bank) -> dict[GraderName, Grader]:
    """The embedded grader always; the LLM grader when answers go to a model."""
    graders: dict[GraderName, Grader] = {"embedded": EmbeddedGrader(bank.questions.values())}
    if settings.uses_model:
        from interviewer.llm.tokens import TiktokenCounter

        tokens = TiktokenCounter(settings.interviewer_home / "tiktoken", settings.interviewer_grader_model)
        graders["llm"] = LlmGrader(chat_model(settings), PromptFolder(settings.interviewer_prompts).get("grade"), tokens)
    return graders


def chat_model(settings: Settings, *, retries: int = 2) -> ChatModel:
    """The endpoint of the settings."""
    from interviewer.llm.openai_client import OpenAIChat  # slow to import, and not needed without a model

    return OpenAIChat(
        model=settings.interviewer_grader_model,
        base_url=settings.endpoint_url,
        endpoint=settings.endpoint_host,
        api_key=settings.openai_api_key.get_secret_value(),
        timeout=settings.interviewer_grader_timeout,
        temperature=settings.interviewer_grader_temperature,
        retries=retries,
    )


_running: list[App] = []
_starting = threading.Lock()


def running() -> App:
    """The process's one app, built and started on first use. Raises what `build` raises, and tries again next time."""
    with _starting:
        if not _running:
            app = build(load_settings())
            app.start()
            _running.append(app)
        return _running[0]


def stop_running() -> None:
    """Stop the process's app, if it runs."""
    with _starting:
        while _running:
            _running.pop().stop()
