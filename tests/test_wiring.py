"""build(settings) -> App: the right adapters in the right places, and one running app a process."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from interviewer import wiring
from interviewer.domain.errors import BankError, NotFound, PromptError, SettingsError, StorageError
from interviewer.domain.grade import Grade, Ungraded, Usage
from interviewer.domain.interview import Event, Show, Status, apply
from interviewer.domain.selection import Length
from interviewer.interviews import Choice
from interviewer.ports import Work
from interviewer.settings import Settings, load
from interviewer.storage.engine import open_engine
from interviewer.storage.store import SqlStore
from interviewer.wiring import NO_MARK
from tests import samples
from tests.fakes import START, answer_of
from tests.openai_server import OpenAIServer, status
from tests.samples import SESSION, interview, questions


def settings_with(home: Path, **environ: str) -> Settings:
    return load({"INTERVIEWER_HOME": str(home)} | environ, secrets=home / "no-secrets.toml")


@pytest.fixture
def build() -> Iterator[Callable[[Settings], wiring.App]]:
    """`wiring.build`; what it built is stopped afterwards."""
    with ExitStack() as stack:

        def built(settings: Settings) -> wiring.App:
            app = wiring.build(settings)
            stack.callback(app.stop)
            return app

        yield built


@pytest.fixture
def own_process(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """The environment of a process that is to run the app; it is stopped afterwards."""
    monkeypatch.setenv("INTERVIEWER_HOME", str(home))
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "INTERVIEWER_GRADER_MODEL"):
        monkeypatch.delenv(name, raising=False)
    yield monkeypatch
    wiring.stop_running()


def test_without_a_model_only_the_built_in_grader_is_there(build, settings):
    assert list(build(settings).interviews.graders) == ["embedded"]


def test_with_a_model_answers_go_to_it_and_the_built_in_grader_stays(build, home):
    app = build(settings_with(home, INTERVIEWER_GRADER_MODEL="m", OPENAI_BASE_URL="http://127.0.0.1:9/v1"))
    assert sorted(app.interviews.graders) == ["embedded", "llm"]
    assert app.interviews.active_grader == "llm"
    assert "127.0.0.1:9/m/" in app.interviews.graders["llm"].identity()


def test_no_model_is_wired_when_the_built_in_grader_is_wanted(build, home):
    chosen = {"INTERVIEWER_GRADER_MODEL": "m", "OPENAI_API_KEY": "k", "INTERVIEWER_GRADER": "embedded"}
    assert list(build(settings_with(home, **chosen)).interviews.graders) == ["embedded"]


@pytest.mark.parametrize(
    ("name", "error"),
    [("INTERVIEWER_HOME", StorageError), ("INTERVIEWER_BANK", BankError), ("INTERVIEWER_PROMPTS", PromptError)],
)
def test_a_folder_that_is_none_is_told_as_a_sentence(build, home, tmp_path, name, error):
    (tmp_path / "file").write_text("in the way")
    model = {"INTERVIEWER_GRADER_MODEL": "m", "OPENAI_API_KEY": "k"}
    with pytest.raises(error, match=r"cannot be used|is not a folder"):
        build(settings_with(home, **model | {name: str(tmp_path / "file")}))


# what grades, and what it is asked with

MODEL = {"INTERVIEWER_GRADER_MODEL": "gpt-4o-mini", "OPENAI_API_KEY": "sk-sentinel-0123456789"}
ANSWER = "It looks up passages and puts them into the prompt, without any training at all."


@pytest.fixture
def second_server() -> Iterator[OpenAIServer]:
    server = OpenAIServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def encoding(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """tiktoken's setting is put back after the test."""
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(home / "tiktoken"))


def graded_by(settings: Settings) -> Grade | Ungraded:
    question = samples.question()
    return wiring.llm_grader(settings).grade(question, answer_of(question, ANSWER), attempt=0, now=START)


@pytest.mark.usefixtures("encoding")
def test_the_second_model_is_asked_at_its_address_and_never_with_the_first_one_s_key(home, openai_server, second_server):
    urls = {"OPENAI_BASE_URL": openai_server.url, "INTERVIEWER_SECOND_BASE_URL": second_server.url}
    settings = settings_with(home, **MODEL, **urls, INTERVIEWER_SECOND_MODEL="m-2", INTERVIEWER_SECOND_OPINION="all")
    given = graded_by(settings)
    assert isinstance(given, Grade)
    assert [body["model"] for body in openai_server.requests + second_server.requests] == ["gpt-4o-mini", "m-2"]
    assert openai_server.keys == ["Bearer sk-sentinel-0123456789"]
    assert "sentinel" not in "".join(second_server.keys)
    assert given.provenance.second is not None
    assert given.provenance.second.endpoint == settings.second.host


@pytest.mark.usefixtures("encoding")
def test_a_second_model_at_the_same_address_has_the_key(home, openai_server):
    settings = settings_with(
        home, **MODEL, OPENAI_BASE_URL=openai_server.url, INTERVIEWER_SECOND_MODEL="m-2", INTERVIEWER_SECOND_OPINION="all"
    )
    assert isinstance(graded_by(settings), Grade)
    assert openai_server.keys == ["Bearer sk-sentinel-0123456789"] * 2


@pytest.mark.usefixtures("encoding")
def test_without_a_second_model_one_is_asked(home, openai_server):
    given = graded_by(settings_with(home, **MODEL, OPENAI_BASE_URL=openai_server.url, INTERVIEWER_SECOND_OPINION="all"))
    assert given.provenance.second is None
    assert len(openai_server.requests) == 1


@pytest.mark.usefixtures("encoding")
def test_a_second_model_that_fails_is_told_by_its_own_settings(home, openai_server, second_server):
    second_server.otherwise = status(401, "invalid_api_key")
    urls = {"OPENAI_BASE_URL": openai_server.url, "INTERVIEWER_SECOND_BASE_URL": second_server.url}
    given = graded_by(settings_with(home, **MODEL, **urls, INTERVIEWER_SECOND_MODEL="m-2", INTERVIEWER_SECOND_OPINION="all"))
    assert isinstance(given, Grade)
    (note,) = given.notes
    assert "INTERVIEWER_SECOND_API_KEY" in note
    assert "OPENAI_API_KEY" not in note


@pytest.mark.usefixtures("encoding")
def test_the_request_for_a_text_is_the_one_a_grading_sends_but_for_the_mark(home, openai_server):
    settings = settings_with(home, **MODEL, OPENAI_BASE_URL=openai_server.url)
    graded_by(settings)
    sent = wiring.request_for(settings, samples.question(), ANSWER, attempt=0)
    (body,), (request,) = openai_server.requests, sent.requests
    plain = [{**m, "content": re.sub(r"(?<=answer-)[0-9a-f]{16}", NO_MARK, m["content"])} for m in body["messages"]]
    assert plain == list(request)
    assert wiring.request_for(settings, samples.question(), ANSWER, attempt=1).requests != sent.requests


@pytest.mark.usefixtures("encoding")
def test_the_context_of_the_settings_divides_an_answer(home):
    text = "Another thing to say about it. " * 3000
    wide, narrow = (settings_with(home, **MODEL, INTERVIEWER_GRADER_CONTEXT=size) for size in ("100000", "8000"))
    assert len(wiring.request_for(wide, samples.question(), text, attempt=0).requests) == 1
    assert len(wiring.request_for(narrow, samples.question(), text, attempt=0).requests) > 5


@pytest.mark.usefixtures("encoding")
def test_tokens_of_a_model_we_do_not_know_have_a_margin(home, settings):
    known, other = (wiring.token_counter(settings, name).count("A sentence of some words. " * 50) for name in ("gpt-4o", "m"))
    assert other == pytest.approx(1.15 * known, rel=0.01)


def test_which_points_are_asked_again_is_the_settings_to_say(home):
    second = MODEL | {"INTERVIEWER_SECOND_MODEL": "m-2", "OPENAI_BASE_URL": "http://127.0.0.1:9/v1"}
    few, every = (settings_with(home, **second, INTERVIEWER_SECOND_OPINION=which) for which in ("doubtful", "all"))
    assert wiring.llm_grader(few).identity().endswith("/doubtful/policy-1")
    assert wiring.llm_grader(every).identity().endswith("/all/policy-1")


def test_prices_that_cannot_be_read_are_told_at_the_start(home):
    with pytest.raises(SettingsError, match=r"INTERVIEWER_PRICES cannot be used: .* Correct it or leave it out, then start again\."):
        wiring.llm_grader(settings_with(home, **MODEL, INTERVIEWER_PRICES="m is cheap"))


def test_prices_of_the_settings_are_those_of_the_model(home):
    settings = settings_with(home, **MODEL | {"INTERVIEWER_GRADER_MODEL": "m"}, INTERVIEWER_PRICES="m: 1/0.1/2")
    assert wiring.chat_model(settings).price(Usage(prompt=1_000_000, completion=1_000_000, cached=0)) == pytest.approx(3)


@pytest.mark.parametrize("limit", ["INTERVIEWER_SPEND_SESSION", "INTERVIEWER_SPEND_DAY"])
def test_a_limit_without_a_known_price_is_refused(home, limit):
    unknown = MODEL | {"INTERVIEWER_GRADER_MODEL": "m", "OPENAI_BASE_URL": "http://127.0.0.1:9/v1"}
    settings = settings_with(home, **unknown, **{limit: "1"})
    with pytest.raises(SettingsError, match="no price is known for the model “m”"):
        wiring.question_costs(settings, wiring.llm_grader(settings))
    priced = settings_with(home, **unknown, **{limit: "1"}, INTERVIEWER_PRICES="m: 1/0.1/2")
    assert wiring.question_costs(priced, wiring.llm_grader(priced)) is not None


def test_a_limit_needs_the_second_one_s_price_too(home):
    settings = settings_with(
        home,
        **MODEL,
        INTERVIEWER_GRADER="llm",
        INTERVIEWER_SECOND_MODEL="m-2",
        INTERVIEWER_SECOND_BASE_URL="http://127.0.0.1:9/v1",
        INTERVIEWER_SPEND_DAY="1",
        INTERVIEWER_PRICES="gpt-4o-mini: 1/0.1/2",
    )
    with pytest.raises(SettingsError, match="no price is known for the model “m-2”"):
        wiring.question_costs(settings, wiring.llm_grader(settings))


def test_the_built_in_grader_costs_nothing(build, settings):
    assert build(settings).costs is None


def test_the_clock_is_in_utc():
    assert wiring.SystemClock().now().utcoffset() == timedelta(0)


def test_sessions_have_ids_that_cannot_be_guessed(build, settings):
    app = build(settings)
    chosen = Choice(track=app.bank.tracks["mixed"], length=Length(questions=1))
    ids = {app.interviews.start(chosen, list(app.bank.questions.values()), owner_id=app.owner_id).id for _ in range(5)}
    assert len(ids) == 5
    assert all(len(id_) == 32 and int(id_, 16) for id_ in ids)


def test_the_session_of_another_owner_is_not_opened(build, settings):
    app = build(settings)
    value = interview(owner_id="somebody")
    app.store.create(value, questions(3), Event(kind="started", at=value.created_at, turn=0, data={}))
    with pytest.raises(NotFound):
        app.interview(SESSION)


def test_a_report_is_put_together_from_the_questions_as_asked(build, settings):
    app = build(settings)
    value = interview()
    app.store.create(value, questions(3), Event(kind="started", at=value.created_at, turn=0, data={}))
    app.interviews.show(value)
    app.interviews.end(SESSION)
    found = app.report(app.interview(SESSION))
    assert [item.question for item in found.items] == questions(3)
    assert (found.pending, found.not_reached) == (1, 2)


def test_starting_gives_lost_time_back_before_anything_is_swept(build, home, settings):
    """The server fell with 115 of 120 seconds left, an hour ago."""
    shown_at = datetime.now(UTC) - timedelta(hours=1, seconds=5)
    engine = open_engine(home)
    store, value = SqlStore(engine), interview()
    store.create(value, questions(3), Event(kind="started", at=shown_at, turn=0, data={}))
    step = apply(value, Show(turn=0), shown_at)
    store.commit(Work(before=value, after=step.interview, event=step.event))
    store.beat(shown_at + timedelta(seconds=5))
    engine.dispose()

    app = build(settings)
    app.start()
    app.stop()
    found = app.interview(SESSION)
    assert found.status is Status.RUNNING
    assert found.turn is not None
    assert found.turn.deadline is not None
    assert found.turn.deadline > datetime.now(UTC)
    assert [e.kind for e in app.store.events(SESSION)] == ["started", "shown", "time_added_back"]


def test_a_process_has_one_running_app(own_process):
    assert wiring.running() is wiring.running()


def test_an_app_that_was_stopped_is_built_anew(own_process):
    first = wiring.running()
    wiring.stop_running()
    assert wiring.running() is not first


def test_what_was_in_the_way_is_looked_at_again_next_time(own_process, home):
    home.write_text("in the way")
    with pytest.raises(StorageError):
        wiring.running()
    home.unlink()
    assert wiring.running().settings.interviewer_home == home
