"""Stores on real SQLite files, made for tests."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from interviewer.ports import Work
from interviewer.storage.engine import open_engine
from interviewer.storage.store import SqlStore


def scratch() -> Path:
    """A new folder; in memory where there is such a place, because hundreds of transactions wait for the disk otherwise."""
    memory = Path("/dev/shm")
    return Path(tempfile.mkdtemp(prefix="interviewer-tests-", dir=memory if memory.is_dir() else None))


@cache
def empty_home() -> Path:
    """A data folder at the newest schema, to be copied: quicker than to migrate each time."""
    home = scratch()
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    open_engine(home).dispose()
    return home


class Interrupted(SqlStore):
    """Lets somebody else act once, after an interview was read and before it is written."""

    act: Callable[[], object] | None = None

    def commit(self, work: Work) -> None:
        act, self.act = self.act, None
        if act:
            act()
        super().commit(work)
