"""build(settings) -> App: every adapter put where a port is wanted."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from random import SystemRandom  # noqa: TID251  (the one place where chance comes in)
from typing import TYPE_CHECKING

from interviewer.bank.load import Bank, load
from interviewer.calibration.data.points import ByCode, ByModel, Deriver
from interviewer.calibration.report.shelf import Shelf, shelf
from interviewer.domain.errors import SettingsError
from interviewer.domain.interview import Interview
from interviewer.domain.question import Question
from interviewer.domain.selection import eligible
from interviewer.embedded.minilm import MiniLM
from interviewer.grading.embedded_grader import EmbeddedGrader
from interviewer.grading.examiner import Examiner
from interviewer.grading.llm_grader import LlmGrader
from interviewer.grading.perform import perform
from interviewer.grading.prompting import GradingPrompts, Sent
from interviewer.grading.spending import Spending
from interviewer.interviews import Choice, Interviews
from interviewer.jobs import DbosJobs
from interviewer.ports import BatchLane, ChatModel, Clock, Grader, GraderName, Jobs, Similarity, Store, TokenCounter
from interviewer.prompts import PromptFolder
from interviewer.review.cost import Expected, QuestionCosts, expected
from interviewer.review.report import Report, report
from interviewer.settings import Endpoint, Settings, data_folder
from interviewer.settings import load as load_settings
from interviewer.storage.engine import open_engine
from interviewer.storage.store import SqlStore
from interviewer.sweeper import Repeating
from interviewer.text.sanitise import sanitise

if TYPE_CHECKING:
    from interviewer.llm.failures import SettingNames
    from interviewer.llm.prices import Price

NO_MARK = "random-mark-here"
"""Stands where a real request has its random mark."""
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
    spending: Spending
    costs: QuestionCosts | None = None
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

    def expected_cost(self, choice: Choice) -> Expected | None:
        """What grading such an interview will cost; None when no model grades."""
        if self.costs is None:
            return None
        pool = eligible(list(self.bank.questions.values()), choice.track, choice.topics)
        return expected(pool, choice.track, choice.length, costs=self.costs)

    def reports(self) -> Shelf:
        """The calibration reports: those made here, and those the project ships."""
        return shelf((self.settings.interviewer_home / "calibration", data_folder("calibration_data") / "reports"))

    def model(self) -> ChatModel:
        """The chat model of the settings for one try."""
        return chat_model(self.settings, retries=0)


def build(settings: Settings) -> App:
    """The app. Raises `BankError`, `StorageError`, `PromptError` with a sentence for the user."""
    clock = SystemClock()
    bank = load(settings.interviewer_bank)
    graders = build_graders(settings, bank)
    store = SqlStore(open_engine(settings.interviewer_home, settings.interviewer_database_url))
    costs = question_costs(settings, graders.get("llm"))
    spending = Spending(store, clock, session=settings.interviewer_spend_session, day=settings.interviewer_spend_day)
    llm = graders.get("llm")
    price = llm.cost_of if isinstance(llm, LlmGrader) else None
    jobs = DbosJobs(
        settings.interviewer_home,
        store=store,
        perform=partial(perform, store=store, graders=graders, clock=clock, spending=spending, expected=price, unsaved={}),
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
    return App(
        settings=settings,
        bank=bank,
        store=store,
        interviews=interviews,
        jobs=jobs,
        sweeper=sweeper,
        clock=clock,
        spending=spending,
        costs=costs,
    )


def build_graders(settings: Settings, bank: Bank) -> dict[GraderName, Grader]:
    """The embedded grader always; the LLM grader when answers go to a model."""
    graders: dict[GraderName, Grader] = {"embedded": embedded_grader(bank.questions.values())}
    if settings.uses_model:
        graders["llm"] = llm_grader(settings)
    return graders


def embedded_grader(bank: Iterable[Question]) -> EmbeddedGrader:
    """The grader that ships; `bank`: whose words say how rare each word is."""
    return EmbeddedGrader(bank)


def similarity() -> Similarity:
    """How near texts are in meaning, by the word vectors that ship."""
    return _shipped_model()


@cache
def _shipped_model() -> MiniLM:
    return MiniLM()


def question_costs(settings: Settings, grader: Grader | None) -> QuestionCosts | None:
    """What grading a question will cost, when a model grades. Raises `SettingsError` for a limit that cannot be kept."""
    if not isinstance(grader, LlmGrader):
        return None
    if settings.interviewer_spend_session or settings.interviewer_spend_day:
        for model in grader.unpriced():
            raise SettingsError(
                f"A spending limit is set, but no price is known for the model “{model}”, so it could not be kept. "
                f"Set INTERVIEWER_PRICES, for example “{model}: 0.5/0.1/2” (USD per million tokens: input/cached/output), "
                "or take the limit away."
            )
    second = settings.second.model if settings.second else ""
    return QuestionCosts(grader.expected, model=settings.interviewer_grader_model, second=second)


def llm_grader(settings: Settings, model_at: Callable[[Endpoint], ChatModel] | None = None) -> LlmGrader:
    """The first model, and the second where one is set; `model_at` makes them. Raises `PromptError`, `SettingsError`."""
    prompts = GradingPrompts.of(prompt_folder(settings).get)
    make = model_at or partial(chat_model, settings)

    def examiner(endpoint: Endpoint) -> Examiner:
        return Examiner(make(endpoint), prompts, token_counter(settings, endpoint.model), context=settings.interviewer_grader_context)

    second = examiner(settings.second) if settings.second else None
    return LlmGrader(examiner(settings.endpoint), second, which=settings.interviewer_second_opinion)


def deriver(settings: Settings | None) -> Deriver:
    """Who takes reference answers apart: the model of the settings, or code. Raises `PromptError`."""
    return ByModel(chat_model(settings), prompt_folder(settings).get("derive-points")) if settings else ByCode()


def prompt_folder(settings: Settings) -> PromptFolder:
    """The prompts of the settings."""
    return PromptFolder(settings.interviewer_prompts)


def token_counter(settings: Settings, model: str) -> TokenCounter:
    """Counts as the model does, as far as that is known."""
    from interviewer.llm.tokens import TiktokenCounter

    return TiktokenCounter(settings.interviewer_home / "tiktoken", model)


def request_for(settings: Settings, question: Question, text: str, *, attempt: int) -> Sent:
    """Exactly what would be sent to grade this text; only the random mark of a real answer is another one."""
    prompts = GradingPrompts.of(prompt_folder(settings).get)
    tokens = token_counter(settings, settings.interviewer_grader_model)
    sheet = prompts.sheet(question, seed=str(attempt))
    return prompts.compose(sheet, sanitise(text).text, nonce=NO_MARK, tokens=tokens, context=settings.interviewer_grader_context)


def chat_model(settings: Settings, endpoint: Endpoint | None = None, *, retries: int = 2) -> ChatModel:
    """A model of the settings: the first one, or the endpoint given."""
    from interviewer.llm.openai_client import OpenAIChat  # slow to import, and not needed without a model

    asked = endpoint or settings.endpoint
    return OpenAIChat(
        model=asked.model,
        base_url=asked.url,
        endpoint=asked.host,
        api_key=asked.key.get_secret_value(),
        timeout=settings.interviewer_grader_timeout,
        temperature=settings.interviewer_grader_temperature,
        concurrency=settings.interviewer_grading_workers,
        prices=own_prices(settings),
        settings=_setting_names(settings, asked),
        retries=retries,
    )


def batch_lane(settings: Settings, endpoint: Endpoint) -> BatchLane:
    """The same model, asked by files that are answered within a day."""
    from interviewer.llm.batch_client import OpenAIBatches

    return OpenAIBatches(
        model=endpoint.model,
        base_url=endpoint.url,
        endpoint=endpoint.host,
        api_key=endpoint.key.get_secret_value(),
        temperature=settings.interviewer_grader_temperature,
        prices=own_prices(settings),
        settings=_setting_names(settings, endpoint),
    )


def _setting_names(settings: Settings, endpoint: Endpoint) -> SettingNames:
    """What the settings of this endpoint are called, for sentences on what to change."""
    from interviewer.llm.failures import SettingNames

    second = SettingNames(model="INTERVIEWER_SECOND_MODEL", url="INTERVIEWER_SECOND_BASE_URL", key="INTERVIEWER_SECOND_API_KEY")
    return second if endpoint == settings.second else SettingNames()


def own_prices(settings: Settings) -> dict[str, Price]:
    """The prices set by hand. Raises `SettingsError`."""
    from interviewer.llm.prices import parse_prices

    try:
        return parse_prices(settings.interviewer_prices)
    except ValueError as error:
        raise SettingsError(f"INTERVIEWER_PRICES cannot be used: {error} Correct it or leave it out, then start again.") from None


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
