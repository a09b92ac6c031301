"""Opening the data folder: made where there is none, refused with a sentence where it cannot be used."""

from __future__ import annotations

import stat

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Column, Integer, MetaData, Table, text

from interviewer.domain.errors import StorageError
from interviewer.storage.engine import DATABASE, HEAD, open_engine, revision_of
from interviewer.storage.tables import metadata


def test_a_new_folder_is_made_at_the_newest_schema(home):
    engine = open_engine(home / "deep" / "inside")
    assert revision_of(engine) == HEAD
    engine.dispose()


def test_the_folder_is_for_its_owner_only(home):
    open_engine(home).dispose()
    assert stat.S_IMODE(home.stat().st_mode) == 0o700


def test_nothing_but_the_database_is_left_in_a_new_folder(home):
    open_engine(home).dispose()
    assert [p.name for p in home.iterdir()] == [DATABASE]


def test_opening_again_changes_nothing(home):
    open_engine(home).dispose()
    before = (home / DATABASE).read_bytes()
    open_engine(home).dispose()
    assert (home / DATABASE).read_bytes() == before
    assert not (home / "backups").exists()


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("busy_timeout", 10000), ("foreign_keys", 1), ("secure_delete", 1)],
)
def test_every_connection_is_durable_patient_and_strict(home, pragma, value):
    engine = open_engine(home)
    with engine.connect() as first, engine.connect() as second:
        assert [c.execute(text(f"PRAGMA {pragma}")).scalar() for c in (first, second)] == [value, value]
    engine.dispose()


def test_the_tables_are_those_the_migrations_make(home):
    engine = open_engine(home)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_a_table_the_migrations_forgot_would_be_noticed(home):
    engine, forgotten = open_engine(home), MetaData()
    for table in metadata.sorted_tables:
        table.to_metadata(forgotten)
    Table("forgotten", forgotten, Column("id", Integer, primary_key=True))
    with engine.connect() as connection:
        (difference,) = compare_metadata(MigrationContext.configure(connection), forgotten)
    assert difference[0] == "add_table"
    engine.dispose()


def test_a_file_in_place_of_the_folder_is_told_with_the_way_out(home):
    home.write_text("in the way")
    with pytest.raises(StorageError, match=r"data folder .*home cannot be used.*INTERVIEWER_HOME"):
        open_engine(home)
    assert home.read_text() == "in the way"


def test_a_file_on_the_way_to_the_folder_is_told_with_the_way_out(home):
    home.write_text("in the way")
    with pytest.raises(StorageError, match="INTERVIEWER_HOME"):
        open_engine(home / "inside")


def test_a_folder_in_place_of_the_database_is_told(home):
    (home / DATABASE).mkdir(parents=True)
    with pytest.raises(StorageError, match=r"database cannot be opened.*INTERVIEWER_HOME"):
        open_engine(home)


def test_a_file_that_is_no_database_is_told_and_left_alone(home):
    home.mkdir()
    (home / DATABASE).write_bytes(b"not a database at all" * 500)
    with pytest.raises(StorageError, match="file is not a database"):
        open_engine(home)
    assert (home / DATABASE).read_bytes() == b"not a database at all" * 500
