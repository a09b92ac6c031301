"""Migrations: a backup first, all or nothing, and never backwards."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from interviewer.domain.errors import StorageError
from interviewer.storage import engine as module
from interviewer.storage.engine import DATABASE, HEAD, backup, open_engine, revision_of

NEXT = '''"""A later schema."""
from alembic import op
import sqlalchemy as sa

revision = "0002"
down_revision = "0001"

def upgrade() -> None:
    op.add_column("heartbeat", sa.Column("note", sa.Text, nullable=True))
    op.execute("INSERT INTO {table} (id, alive_at) VALUES (7, '2026-01-01')")
'''


def later(monkeypatch: pytest.MonkeyPatch, folder: Path, *, table: str) -> None:
    """Let the program know one schema more; its migration writes into `table`."""
    shutil.copytree(module.MIGRATIONS, folder)
    (folder / "versions" / "0002_later.py").write_text(NEXT.format(table=table))
    monkeypatch.setattr(module, "MIGRATIONS", folder)
    monkeypatch.setattr(module, "HEAD", "0002")


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
    assert revision_of(engine) == "0002"
    engine.dispose()
    (copy,) = (existing / "backups").iterdir()
    assert query(copy, "SELECT version_num FROM alembic_version") == [(HEAD,)]
    assert query(copy, "SELECT id FROM heartbeat") == [(1,)]
    assert query(existing / DATABASE, "SELECT id, note FROM heartbeat") == [(1, None), (7, None)]


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
