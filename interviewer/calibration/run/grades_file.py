"""The file of grades: appended while grading goes on, so that nothing is lost whatever happens; put in order at the end.

One JSON object a line: the answer's line and ids, the attempt, the grade's key, and the outcome with all its provenance.
"""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, BinaryIO, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from interviewer.calibration.data.items import Item
from interviewer.calibration.run.locks import locked
from interviewer.calibration.run.tasks import Task, task_of
from interviewer.domain.errors import DataError
from interviewer.domain.grade import Grade, Outcome, Ungraded

BEGINNING = b'{"line":'


class GradeLine(BaseModel):
    """A line of the file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    line: int
    answer_id: str
    question_id: str
    attempt: int
    key: str
    outcome: Outcome


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """An answer to be graded for the how-manieth time."""

    item: Item
    task: Task


def wanted(items: Iterable[Item], *, identity: str, attempts: Iterable[int]) -> tuple[Wanted, ...]:
    """Every answer with every attempt, in the order of the file."""
    numbers = tuple(attempts)
    return tuple(Wanted(item=i, task=task_of(i.question, i.text, identity=identity, attempt=n)) for i in items for n in numbers)


class GradesFile:
    """Used with `with`, by one run at a time. What ended ungraded is asked again; its line stays until there is a better one."""

    def __init__(self, path: Path) -> None:
        self.path = Path(os.path.realpath(path))
        self.ungraded: dict[str, Ungraded] = {}
        self._at: dict[str, int] = {}
        self._file: BinaryIO | None = None
        self._lock: BinaryIO | None = None

    def __enter__(self) -> Self:
        """Reads what is there. Raises `DataError` for a file that is no file of grades, or that another run writes."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._lock = locked(self._side, f"Another run is writing {self.path}. Let it end, or name another file with --out.")
            self._file = self.path.open("a+b")
            self._load(self._file)
        except OSError as error:
            self.__exit__()
            raise self._unwritable(error) from error
        except DataError:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self._file:
            self._file.close()
        if self._lock:
            self._side.unlink(missing_ok=True)
            self._lock.close()
        self._file = self._lock = None

    def __contains__(self, key: str) -> bool:
        """Whether this run has an outcome of it: a grade, or why there is none."""
        return key in self._at or key in self.ungraded

    def append(self, item: Item, task: Task, outcome: Grade | Ungraded) -> None:
        """Keep an outcome. It is with the operating system when this returns, so that a killed process loses none. Raises `DataError`."""
        file = self._opened
        try:
            at = file.seek(0, os.SEEK_END)
            file.write(_line(item, task, outcome))
            file.flush()
        except OSError as error:
            raise self._unwritable(error) from error
        if isinstance(outcome, Ungraded):
            self.ungraded[task.key] = outcome
        else:
            self._at[task.key] = at

    def grade_lines(self, rows: Iterable[Wanted]) -> Iterator[tuple[Wanted, GradeLine]]:
        """What this run knows of these answers, one by one."""
        for row in rows:
            key = row.task.key
            if key in self._at:
                yield row, _read(self._opened, self._at[key])
            elif key in self.ungraded:
                yield row, _made(row.item, row.task, self.ungraded[key])

    def why_not(self) -> Counter[str]:
        """The reasons of the ungraded ones, and how many have each."""
        return Counter(outcome.sentence for outcome in self.ungraded.values())

    def finish(self, rows: Iterable[Wanted]) -> int:
        """Put the file in the order of the answers, one line for each answer and attempt; what belongs to none of them follows.

        Returns how many lines those are. Raises `DataError`.
        """
        asked = list(rows)
        try:
            with NamedTemporaryFile(dir=self.path.parent, prefix=f"{self.path.name}.", delete=False) as new:
                try:
                    others = self._ordered(asked, new)
                    new.flush()
                    os.fsync(new.fileno())
                    os.chmod(new.name, stat.S_IMODE(self.path.stat().st_mode))
                    os.replace(new.name, self.path)
                except BaseException:
                    Path(new.name).unlink(missing_ok=True)
                    raise
            self._opened.close()
            self._file = self.path.open("a+b")
            self._load(self._file)
        except OSError as error:
            raise self._unwritable(error) from error
        return others

    def _ordered(self, asked: list[Wanted], new: IO[bytes]) -> int:
        """Write all lines anew; returns how many belong to none of those asked."""
        written = set()
        for row, found in self.grade_lines(asked):
            new.write(_line(row.item, row.task, found.outcome))
            written.add(_identity(row.item.line, row.item.answer_id, row.task.key))
        latest: dict[tuple[int | str, str], tuple[bool, bytes]] = {}
        self._opened.seek(0)
        for raw in self._opened:
            found = GradeLine.model_validate_json(raw)
            name, graded = _identity(found.line, found.answer_id, found.key), isinstance(found.outcome, Grade)
            if name not in written and (graded or not latest.get(name, (False, b""))[0]):
                latest[name] = graded, raw
        new.writelines(raw for _, raw in latest.values())
        return len(latest)

    @property
    def _side(self) -> Path:
        """What is locked: the file itself is replaced at the end."""
        return self.path.with_name(f"{self.path.name}.lock")

    @property
    def _opened(self) -> BinaryIO:
        assert self._file is not None, "a file of grades is used with `with`"
        return self._file

    def _load(self, file: BinaryIO) -> None:
        """Where each grade stands. A torn last line is cut off."""
        file.seek(0)
        self._at, at = {}, 0
        for number, raw in enumerate(file, start=1):
            try:
                found = GradeLine.model_validate_json(raw)
            except ValidationError:
                if not _torn(raw):
                    raise DataError(
                        f"{self.path}, line {number} is not a grade that this version reads. "
                        "Name another file with --out, or remove that line."
                    ) from None
                file.truncate(at)
                break
            if not raw.endswith(b"\n"):
                file.write(b"\n")
                file.flush()
            if isinstance(found.outcome, Grade):
                self._at[found.key] = at
            at += len(raw)

    def _unwritable(self, error: OSError) -> DataError:
        return DataError(f"{self.path} could not be written: {error.strerror}. What is in it is kept; name another file with --out.")


def _identity(line: int, answer_id: str, key: str) -> tuple[int | str, str]:
    """Which answer a line is of: by its own id where it has one, since rows may move."""
    return answer_id or line, key


def _made(item: Item, task: Task, outcome: Grade | Ungraded) -> GradeLine:
    return GradeLine(
        line=item.line, answer_id=item.answer_id, question_id=item.question_id, attempt=task.attempt, key=task.key, outcome=outcome
    )


def _line(item: Item, task: Task, outcome: Grade | Ungraded) -> bytes:
    return _made(item, task, outcome).model_dump_json().encode() + b"\n"


def _read(file: BinaryIO, at: int) -> GradeLine:
    file.seek(at)
    return GradeLine.model_validate_json(file.readline())


def _torn(line: bytes) -> bool:
    """Whether this is the beginning of one of our lines: killed while writing."""
    return not line.endswith(b"\n") and line[: len(BEGINNING)] == BEGINNING[: len(line)]
