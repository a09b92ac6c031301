"""The one database engine of a process, made ready: folder checked, backup taken, migrations run."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from interviewer.domain.errors import StorageError

HEAD = "0002"
BACKUPS = 5
OURS = "schema-*-[0-9][0-9][0-9][0-9].sqlite3"
DATABASE = "interviewer.sqlite3"
MIGRATIONS = Path(__file__).parent / "migrations"
UNWRITABLE = ("readonly", "read-only", "permission", "unable to open", "file exists", "not a directory")


@contextmanager
def translated(what: str) -> Iterator[None]:
    """Database and file errors end here, as a sentence."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error, OSError) as error:
        cause = str(getattr(error, "orig", None) or error).splitlines()[0][:200]
        raise StorageError(f"{what}: {cause}. {_advice(cause)}") from error


def _advice(cause: str) -> str:
    lower = cause.lower()
    if "full" in lower or "no space" in lower:
        return "The disk is full: make room, then try again. What was saved before is safe."
    if any(sign in lower for sign in UNWRITABLE):
        return "The data folder cannot be written: change its permissions, or set INTERVIEWER_HOME to another folder."
    return "Nothing was half-written. Try again; if it stays so, look at the server's log."


def open_engine(home: Path, url: str = "") -> Engine:
    """An engine on a database at the newest schema. Raises `StorageError` when it cannot be written."""
    with translated(f"The data folder {home} cannot be used"):
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        probe = home / f".probe-{uuid.uuid4().hex}"
        probe.write_bytes(b"x" * 4096)
        probe.unlink()
    path = home / DATABASE
    with translated("The database cannot be opened"):
        more = {"pool_pre_ping": True} if url else {"pool_size": 20}
        engine = create_engine(url or f"sqlite:///{path}", hide_parameters=True, **more)
        if engine.dialect.name == "sqlite":
            _tune_sqlite(engine)
        try:
            migrate(engine)
        except BaseException:
            engine.dispose()
            raise
    return engine


def _tune_sqlite(engine: Engine) -> None:
    """WAL, full sync, a busy time-out, foreign keys, and writing transactions that lock at once."""

    @event.listens_for(engine, "connect")
    def configure(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000", "foreign_keys=ON", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def revision_of(engine: Engine) -> str | None:
    """The schema's revision; None for a new database."""
    if not inspect(engine).has_table("alembic_version"):
        return None
    with engine.connect() as connection:
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def migrate(engine: Engine) -> None:
    """Bring the schema to HEAD; an existing SQLite file is copied to backups/ first."""
    found = revision_of(engine)
    if found == HEAD:
        return
    if found is not None and found > HEAD:
        raise StorageError(
            f"The data was written by a newer version of this program (schema {found}, this one knows {HEAD}). "
            "Nothing was changed. Install the newer version, or set INTERVIEWER_HOME to another folder."
        )
    if found is not None and engine.dialect.name == "sqlite" and engine.url.database:
        backup(Path(engine.url.database), found)
    from alembic import command  # slow to import, and not needed when the schema is up to date
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["engine"] = engine
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise StorageError(
            f"The data has a schema that this program does not know ({found}). Nothing was changed. Set INTERVIEWER_HOME to another folder."
        ) from error


def backup(path: Path, revision: str) -> Path:
    """A consistent copy of the database file in backups/; the five newest are kept."""
    folder = path.parent / "backups"
    folder.mkdir(exist_ok=True)
    number = max(map(_number, folder.glob(OURS)), default=0) + 1
    target = folder / f"schema-{revision}-{number:04d}.sqlite3"
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
    for old in sorted(folder.glob(OURS), key=_number)[:-BACKUPS]:
        old.unlink()
    return target


def _number(copy: Path) -> int:
    return int(copy.stem.rpartition("-")[2])
