"""Delete really deletes: no file of the data folder holds a word of it afterwards."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from interviewer.domain.errors import NotFound, StorageError
from interviewer.domain.grade import Claim, Evidence
from interviewer.ports import Draft
from interviewer.storage import store as module
from interviewer.storage.engine import DATABASE, HEAD, backup
from tests.fakes import START
from tests.samples import SESSION, grade, question
from tests.storage.test_store import ASKED, created, shown, submission

SECRET = "xylophonequartz"
LONG = f"{SECRET} and more words. " * 2000


def holding(home: Path, words: str = SECRET) -> list[str]:
    """The files that hold these words."""
    return sorted(p.name for p in home.rglob("*") if p.is_file() and words.encode() in p.read_bytes())


def graded_session(store, id_: str, words: str) -> None:
    """A session with drafts, an answer and a grade that quotes it."""
    value = shown(store, id_)
    for base in range(3):
        store.save_draft(id_, 0, Draft(text=words * (base + 1), tab="tab"), base=base, now=START)
    work = submission(value, words)
    store.commit(work)
    claim = Claim(evidence=Evidence(start=0, end=len(words), text=words), note="Not so.")
    store.add_grading(work.request, grade(ASKED[0], wrong=(claim,)))


@pytest.mark.parametrize("words", [SECRET, LONG], ids=["short", "long"])
def test_no_file_holds_the_words_afterwards_backups_included(store, home, words):
    graded_session(store, SESSION, words)
    copy = backup(home / DATABASE, HEAD)
    assert holding(copy.parent) == [copy.name]
    store.delete(SESSION, owner_id="local")
    assert holding(home) == []


def test_no_row_of_it_is_left(store, home):
    value = shown(store)
    store.save_draft(SESSION, 0, Draft(text="x", tab="tab"), base=0, now=START)
    store.commit(submission(value))
    store.delete(SESSION, owner_id="local")
    with closing(sqlite3.connect(home / DATABASE)) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        counts = {name: database.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in tables}
    assert {name for name, count in counts.items() if count} == {"alembic_version"}


def test_every_other_session_is_left_whole(store, home):
    graded_session(store, SESSION, SECRET)
    graded_session(store, "0ther" * 6, "kept words")
    copy = backup(home / DATABASE, HEAD)
    store.delete(SESSION, owner_id="local")
    assert [a.text for a in store.answers("0ther" * 6)] == ["kept words"]
    assert len(store.gradings("0ther" * 6)) == 1
    assert holding(copy.parent, "kept words") == [copy.name]


def test_a_question_another_session_asked_too_is_kept(store):
    own = question("own")
    created(store, SESSION, asked=[own, ASKED[0]])
    created(store, "0ther" * 6, asked=[ASKED[0]])
    store.delete(SESSION, owner_id="local")
    assert store.question(ASKED[0].sha256)
    with pytest.raises(NotFound):
        store.question(own.sha256)


def test_nobody_deletes_the_session_of_another_owner(store):
    created(store, owner_id="somebody")
    with pytest.raises(NotFound):
        store.delete(SESSION, owner_id="local")
    assert store.interview(SESSION)


def test_deleting_twice_is_told(store):
    created(store)
    store.delete(SESSION, owner_id="local")
    with pytest.raises(NotFound):
        store.delete(SESSION, owner_id="local")


def test_words_that_a_reader_holds_in_the_log_are_not_claimed_to_be_gone(store, home, monkeypatch):
    monkeypatch.setattr(module, "PATIENCE", 0.05)
    graded_session(store, SESSION, SECRET)
    with closing(sqlite3.connect(home / DATABASE, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM answers").fetchone()
        with pytest.raises(StorageError, match=r"is deleted, but .* not cleared"):
            store.delete(SESSION, owner_id="local")
