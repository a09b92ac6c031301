"""The `interviewer` command: what it prints, what it writes, its exit status, and its sentences when it cannot."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from interviewer.domain.interview import Interview, Mode
from interviewer.domain.selection import Length
from interviewer.grading.perform import perform
from interviewer.interviews import Choice
from interviewer.storage.engine import open_engine
from interviewer.storage.store import SqlStore
from tests.cli.command import call, refusal
from tests.fakes import FakeClock, FixedGrader, use_cases
from tests.samples import POINTS, questions, track
from tests.stores import empty_home

ANSWER = "It looks up passages and puts them into the prompt."


@pytest.fixture
def kept(home: Path) -> Iterator[SqlStore]:
    """The store the command will find."""
    shutil.copytree(empty_home(), home)
    engine = open_engine(home)
    yield SqlStore(engine)
    engine.dispose()


def session(store: SqlStore, *, answered: int = 1, mode: Mode = Mode.EXAM, after: float = 0, seed: int = 1) -> Interview:
    """A graded interview of as many questions as are answered; with none answered, one of two that is not finished."""
    clock = FakeClock()
    clock.forward(after)
    grader = FixedGrader(POINTS)
    cases = use_cases(store, clock, grader=grader, seed=seed)
    count = answered or 2
    value = cases.start(Choice(track=track(), length=Length(questions=count), mode=mode), questions(count), owner_id="local")
    value = cases.show(value)
    for number in range(answered):
        value = cases.submit(value.id, number, ANSWER)
    for grading in store.gradings(value.id):
        perform(grading.request.key, store=store, graders={"embedded": grader}, clock=clock)
    return store.interview(value.id)


# export


def test_a_session_is_exported_as_markdown(kept):
    result = call("export", session(kept).id)
    assert result.exit_code == 0
    assert result.stdout.startswith("# Sample interview, 21 November 2026, 12:00 UTC\n")
    assert ANSWER in result.stdout
    assert "**Score: 100 of 100" in result.stdout
    assert result.stdout.endswith("\n")


def test_a_session_is_exported_as_json(kept):
    result = call("export", session(kept).id, "--format", "json")
    content = json.loads(result.stdout)
    assert result.exit_code == 0
    assert [q["answer"]["text"] for q in content["questions"]] == [ANSWER]
    assert content["overall"]["score"] == 100


@pytest.mark.parametrize("form", ["md", "json"])
def test_an_export_does_not_hold_the_session_s_link(kept, form):
    value = session(kept)
    assert value.id not in call("export", value.id, "--format", form).stdout


@pytest.mark.parametrize("form", ["md", "json"])
def test_a_session_is_written_into_a_new_folder_as_it_would_be_printed(kept, tmp_path, form):
    value = session(kept)
    folder = tmp_path / "new" / "folder"
    result = call("export", value.id, "--format", form, "--to", folder)
    target = folder / f"interview-2026-11-21-1200-001.{form}"
    assert (result.exit_code, result.stdout) == (0, f"{target}\n")
    assert [*folder.iterdir()] == [target]
    assert target.read_text("utf-8") == call("export", value.id, "--format", form).stdout


def test_all_sessions_are_written_and_an_unfinished_exam_is_left_out(kept, tmp_path):
    session(kept, seed=1)
    session(kept, seed=2, after=60)
    session(kept, seed=3, after=120, answered=0)
    result = call("export", "--all", "--to", tmp_path / "out")
    written = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert result.exit_code == 0
    assert [name[:25] for name in written] == ["interview-2026-11-21-1200", "interview-2026-11-21-1201"]
    assert result.stdout.count("\n") == 2
    assert result.stderr == "left out: the exam of 2026-11-21 12:02 UTC is not finished\n"


def test_an_unfinished_exam_is_not_exported(kept):
    assert "This exam is not finished; it can be exported when it is." in refusal("export", session(kept, answered=0).id)


def test_an_unfinished_study_session_is_exported_without_the_unread_questions(kept):
    result = call("export", session(kept, answered=0, mode=Mode.STUDY).id)
    assert result.exit_code == 0
    assert "Sentinel" not in result.stdout


@pytest.mark.parametrize("token", ["0" * 32, "zzz", "../../etc"])
def test_an_unknown_session_is_a_sentence(kept, token):
    said = refusal("export", token)
    assert said.startswith("Error: ")
    assert said.endswith(".\n")
    assert said.count("\n") == 1


@pytest.mark.parametrize("arguments", [[], ["abc", "--all"], ["abc", "--all", "--to", "out"]])
def test_one_session_or_all_are_named(arguments):
    assert "Name one session, or give --all." in refusal("export", *arguments, status=2)


def test_all_sessions_need_a_folder():
    assert "--all needs --to FOLDER." in refusal("export", "--all", status=2)


def test_a_folder_that_cannot_be_made_is_a_sentence(kept, tmp_path):
    (tmp_path / "file").write_text("in the way")
    said = refusal("export", session(kept).id, "--to", tmp_path / "file" / "below")
    assert "could not be written: Not a directory. Name another folder." in said


def test_a_data_folder_that_cannot_be_used_is_a_sentence(home):
    home.write_text("a file, not a folder")
    assert "cannot be used" in refusal("export", "0" * 32)


# run


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "192.0.2.1", "example.org", ""])
def test_listening_beyond_this_machine_is_refused(address):
    said = refusal("run", "--address", address)
    assert f"Refused to listen on {address or 'all addresses'}: there is no login" in said
    assert "Listen on 127.0.0.1" in said


@pytest.mark.parametrize("port", ["0", "65536", "http"])
def test_a_port_that_cannot_be_is_refused(port):
    assert "Invalid value for '--port'" in refusal("run", "--port", port, status=2)


@pytest.mark.parametrize("command", [["run"], ["bank", "check"], ["export", "0" * 32]])
def test_a_setting_that_cannot_be_used_is_a_sentence(monkeypatch, command):
    monkeypatch.setenv("INTERVIEWER_GRADING_WORKERS", "none")
    assert "The setting INTERVIEWER_GRADING_WORKERS cannot be used" in refusal(*command)


def test_the_version_is_told():
    result = call("--version")
    assert (result.exit_code, "version" in result.stdout) == (0, True)
