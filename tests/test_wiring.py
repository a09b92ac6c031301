"""build(settings) -> App: the right adapters in the right places, and one running app a process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from interviewer import wiring
from interviewer.domain.errors import BankError, NotFound, PromptError, StorageError
from interviewer.domain.interview import Event, Show, Status, apply
from interviewer.domain.selection import Length
from interviewer.interviews import Choice
from interviewer.ports import Work
from interviewer.settings import Settings, load
from interviewer.storage.engine import open_engine
from interviewer.storage.store import SqlStore
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
