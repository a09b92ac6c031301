"""Migrations: a backup first, all or nothing, and never backwards."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from interviewer.domain.errors import StorageError
from interviewer.domain.grade import Grade
from interviewer.storage import engine as module
from interviewer.storage.engine import DATABASE, HEAD, backup, open_engine, revision_of
from interviewer.storage.store import SqlStore
from tests.fakes import START
from tests.samples import SESSION, grade
from tests.storage.test_store import ASKED, answered

NEXT = '''"""A later schema."""
from alembic import op
import sqlalchemy as sa

revision = "0003"
down_revision = "0002"

def upgrade() -> None:
    op.add_column("heartbeat", sa.Column("note", sa.Text, nullable=True))
    op.execute("INSERT INTO {table} (id, alive_at) VALUES (7, '2026-01-01')")
'''


def later(monkeypatch: pytest.MonkeyPatch, folder: Path, *, table: str) -> None:
    """Let the program know one schema more; its migration writes into `table`."""
    shutil.copytree(module.MIGRATIONS, folder)
    (folder / "versions" / "0003_later.py").write_text(NEXT.format(table=table))
    monkeypatch.setattr(module, "MIGRATIONS", folder)
    monkeypatch.setattr(module, "HEAD", "0003")


def query(path: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as database:
        return database.execute(sql).fetchall()


@pytest.fixture
def existing(home: Path) -> Path:
    """A database at today's schema with a row in it."""
    engine = open_engine(home)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO heartbeat (id, alive_at) VALUES (1, '2026-11-21')"))
    engine.dispose()
    return home


def test_an_existing_database_is_copied_before_it_is_migrated(existing, monkeypatch, tmp_path):
    later(monkeypatch, tmp_path / "100% ours", table="heartbeat")
    engine = open_engine(existing)
    assert revision_of(engine) == "0003"
    engine.dispose()
    (copy,) = (existing / "backups").iterdir()
    assert query(copy, "SELECT version_num FROM alembic_version") == [(HEAD,)]
    assert query(copy, "SELECT id FROM heartbeat") == [(1,)]
    assert query(existing / DATABASE, "SELECT id, note FROM heartbeat") == [(1, None), (7, None)]


@pytest.fixture
def first_schema(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database as the first release left it: a graded session, in the form of that time."""
    old = tmp_path / "migrations-of-the-first-release"
    shutil.copytree(module.MIGRATIONS, old)
    for file in (old / "versions").glob("0*.py"):
        if not file.name.startswith("0001"):
            file.unlink()
    with monkeypatch.context() as patch:
        patch.setattr(module, "MIGRATIONS", old)
        patch.setattr(module, "HEAD", "0001")
        engine = open_engine(home)
    store = SqlStore(engine)
    _, request = answered(store)
    store.add_grading(request, grade(ASKED[0], 64.0))
    content = json.loads(grade(ASKED[0], 64.0).model_dump_json())
    for name in ("prompts", "form", "parts", "canary", "cost", "second"):
        content["provenance"].pop(name, None)
    content["provenance"] |= {"prompt_id": "grade@1", "prompt_sha256": "ab" * 32}
    with engine.begin() as connection:
        connection.execute(text("UPDATE gradings SET content = :content"), {"content": json.dumps(content)})
    engine.dispose()
    return home


def test_a_session_of_the_first_schema_is_read_as_it_was_and_cost_nothing_known(first_schema):
    assert query(first_schema / DATABASE, "SELECT version_num FROM alembic_version") == [("0001",)]
    engine = open_engine(first_schema)
    store = SqlStore(engine)
    assert revision_of(engine) == HEAD
    (grading,) = store.gradings(SESSION)
    assert isinstance(grading.outcome, Grade)
    assert (grading.outcome.score, grading.outcome.provenance.costs) == (64.0, ())
    assert (store.spent(since=START), store.spent_in(SESSION)) == (0.0, 0.0)
    (copy,) = (first_schema / "backups").iterdir()
    assert query(copy, "SELECT version_num FROM alembic_version") == [("0001",)]
    engine.dispose()


def test_deleting_clears_a_backup_of_the_first_schema_too(first_schema):
    engine = open_engine(first_schema)
    SqlStore(engine).delete(SESSION, owner_id="local")
    engine.dispose()
    (copy,) = (first_schema / "backups").iterdir()
    assert query(copy, "SELECT count(*) FROM interviews") == [(0,)]


def test_a_migration_that_fails_leaves_the_data_as_it_was(existing, monkeypatch, tmp_path):
    later(monkeypatch, tmp_path / "migrations", table="no_such_table")
    with pytest.raises(StorageError, match="no_such_table"):
        open_engine(existing)
    assert query(existing / DATABASE, "SELECT version_num FROM alembic_version") == [(HEAD,)]
    assert query(existing / DATABASE, "SELECT * FROM heartbeat") == [(1, "2026-11-21")]


def test_a_newer_schema_is_refused_and_left_alone(existing):
    with closing(sqlite3.connect(existing / DATABASE)) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StorageError, match=r"newer version of this program \(schema 9999"):
        open_engine(existing)
    assert query(existing / DATABASE, "SELECT id FROM heartbeat") == [(1,)]
    assert not (existing / "backups").exists()


def test_a_schema_nobody_knows_is_told_with_a_sentence(existing):
    with closing(sqlite3.connect(existing / DATABASE)) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '0000'")
    with pytest.raises(StorageError, match="0000"):
        open_engine(existing)


def test_the_five_newest_backups_are_kept(existing):
    names = [backup(existing / DATABASE, HEAD).name for _ in range(7)]
    assert sorted(p.name for p in (existing / "backups").iterdir()) == names[-5:]


def test_files_of_the_users_own_among_the_backups_are_left_alone(existing):
    own = existing / "backups" / "before-the-trip.sqlite3"
    own.parent.mkdir()
    own.write_bytes(b"mine")
    for _ in range(7):
        backup(existing / DATABASE, HEAD)
    assert own.read_bytes() == b"mine"
    assert len(list(own.parent.iterdir())) == 6


def test_a_backup_holds_what_is_still_in_the_write_ahead_log(existing):
    engine = open_engine(existing)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO heartbeat (id, alive_at) VALUES (2, '2026-11-22')"))
    copy = backup(existing / DATABASE, HEAD)
    engine.dispose()
    assert query(copy, "SELECT id FROM heartbeat") == [(1,), (2,)]
