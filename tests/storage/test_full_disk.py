"""A full or read-only disk: a sentence with the way out, nothing half-written, and on again once there is room."""

from __future__ import annotations

import subprocess
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event

from interviewer.domain.errors import StorageError
from interviewer.ports import Draft
from interviewer.storage.engine import open_engine
from interviewer.storage.store import SqlStore
from tests.fakes import START
from tests.samples import SESSION
from tests.storage.test_store import created, shown, submission

BIG = "many words " * 15_000


def mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True, capture_output=True)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one megabyte."""
    folder = tmp_path / "disk"
    folder.mkdir()
    try:
        mount("-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder))
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"no file system can be mounted here: {error}")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture
def full_store(home: Path) -> Iterator[SqlStore]:
    """A store whose database may not grow any more, as on a full disk; `created` and `shown` went in before."""
    engine = open_engine(home)
    shown(SqlStore(engine))
    engine.dispose()
    with engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
    event.listen(engine, "connect", lambda raw, _: raw.execute(f"PRAGMA max_page_count={pages}"))
    engine.dispose()
    yield SqlStore(engine)
    engine.dispose()


def test_an_answer_that_does_not_fit_is_told_and_nothing_is_half_written(full_store):
    before, events = full_store.interview(SESSION), full_store.events(SESSION)
    with pytest.raises(StorageError, match=r"could not be saved: database or disk is full.*make room.*safe"):
        full_store.commit(submission(before, BIG))
    assert full_store.interview(SESSION) == before
    assert full_store.events(SESSION) == events
    assert full_store.answers(SESSION) == full_store.open_requests() == []


def test_the_draft_saved_before_stays(full_store):
    full_store.save_draft(SESSION, 0, Draft(text="short", tab="tab"), base=0, now=START)
    with pytest.raises(StorageError, match="make room"):
        full_store.save_draft(SESSION, 0, Draft(text=BIG, tab="tab"), base=1, now=START)
    assert full_store.draft(SESSION, 0) == Draft(text="short", revision=1, tab="tab")


def test_neither_the_sentence_nor_the_traceback_holds_the_candidates_words(full_store):
    with pytest.raises(StorageError) as told:
        full_store.save_draft(SESSION, 0, Draft(text=BIG, tab="tab"), base=0, now=START)
    assert "many words" not in "".join(traceback.format_exception(told.value))


def test_on_a_full_file_system_too_and_on_again_once_there_is_room(small_disk):
    engine = open_engine(small_disk / "home")
    store = SqlStore(engine)
    value = shown(store)
    ballast = small_disk / "ballast"
    with ballast.open("wb", buffering=0) as file, pytest.raises(OSError, match="No space"):
        while True:
            file.write(b"x" * 1024)
    with pytest.raises(StorageError, match="make room"):
        store.commit(submission(value, BIG))
    assert store.interview(SESSION) == value
    ballast.unlink()
    store.commit(submission(value, BIG))
    assert [a.text for a in store.answers(SESSION)] == [BIG]
    engine.dispose()


def test_a_disk_too_full_to_begin_with_is_told(small_disk):
    with (small_disk / "ballast").open("wb", buffering=0) as file, pytest.raises(OSError, match="No space"):
        while True:
            file.write(b"x" * 1024)
    with pytest.raises(StorageError, match="make room"):
        open_engine(small_disk / "home")


def test_a_read_only_folder_is_told_with_the_way_out(small_disk):
    mount("-o", "remount,ro", str(small_disk))
    with pytest.raises(StorageError, match=r"cannot be used: .*Read-only.* INTERVIEWER_HOME"):
        open_engine(small_disk / "home")


def test_a_folder_that_becomes_read_only_is_told_and_can_still_be_read(small_disk):
    engine = open_engine(small_disk / "home")
    value = created(SqlStore(engine))
    engine.dispose()
    mount("-o", "remount,ro", str(small_disk))
    store = SqlStore(engine)
    with pytest.raises(StorageError, match="INTERVIEWER_HOME"):
        store.save_draft(value.id, 0, Draft(text="x", tab="tab"), base=0, now=START)
    engine.dispose()
