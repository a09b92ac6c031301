"""The file of grades: appended while grading goes on, so that nothing is lost whatever happens; put in order at the end.

One JSON object a line: the answer's line and ids, the attempt, the grade's key, and the outcome with all its provenance.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from interviewer.calibration.data.items import Item
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


class _Seen(BaseModel):
    """As much of a line as going on needs."""

    model_config = ConfigDict(extra="ignore")

    class _Outcome(BaseModel):
        outcome: str

    key: str
    outcome: _Outcome


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
    """Opened once per run. Only a grade is kept over runs: what ended ungraded is asked again."""

    def __init__(self, path: Path) -> None:
        """Reads what is there, and drops torn and ungraded lines. Raises `DataError` for a file that is no file of grades."""
        self.path = path
        self._at: dict[str, int] = {}
        self.ungraded: dict[str, Ungraded] = {}
        self._file: BinaryIO | None = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
            self._tidy()
        except OSError as error:
            raise self._unwritable(error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __contains__(self, key: str) -> bool:
        return key in self._at

    def append(self, item: Item, task: Task, outcome: Grade | Ungraded) -> None:
        """Keep an outcome. It is with the operating system when this returns, so that a killed process loses none. Raises `DataError`."""
        line = _line(item, task, outcome)
        try:
            file = self._file = self._file or self.path.open("ab")
            at = file.tell()
            file.write(line)
            file.flush()
        except OSError as error:
            raise self._unwritable(error) from error
        if isinstance(outcome, Ungraded):
            self.ungraded[task.key] = outcome
        self._at[task.key] = at

    def grade_lines(self, rows: Iterable[Wanted]) -> Iterator[tuple[Wanted, GradeLine]]:
        """What is known of these answers, one by one."""
        with self.path.open("rb") as file:
            for row in rows:
                if row.task.key in self._at:
                    yield row, GradeLine.model_validate_json(_read(file, self._at[row.task.key]))

    def finish(self, rows: Iterable[Wanted]) -> int:
        """Put the file in the order of the answers, one line for each answer and attempt; what belongs to none of them stays at its end.

        Returns how many lines those are. Raises `DataError`.
        """
        self.close()
        asked = list(rows)
        mine = {row.task.key for row in asked}
        others = [key for key in self._at if key not in mine]
        try:
            with self._copy.open("wb") as target, self.path.open("rb") as source:
                places: dict[str, int] = {}
                for row in asked:
                    if row.task.key in self._at:
                        found = GradeLine.model_validate_json(_read(source, self._at[row.task.key]))
                        places[row.task.key] = target.tell()
                        target.write(_line(row.item, row.task, found.outcome))
                for key in others:
                    places[key] = target.tell()
                    target.write(_read(source, self._at[key]))
                target.flush()
                os.fsync(target.fileno())
            self._copy.replace(self.path)
        except OSError as error:
            raise self._unwritable(error) from error
        self._at = places
        return len(others)

    def why_not(self) -> Counter[str]:
        """The reasons of the ungraded ones, and how many have each."""
        return Counter(outcome.sentence for outcome in self.ungraded.values())

    def close(self) -> None:
        """Let go of the file; it is opened again when there is something to append."""
        if self._file:
            self._file.close()
            self._file = None

    def _tidy(self) -> None:
        """Copy what is kept; the copy takes the file's place."""
        with self.path.open("rb") as old, self._copy.open("wb") as new:
            for number, line in enumerate(old, start=1):
                seen = _seen(line)
                if seen is None and not _torn(line):
                    raise DataError(f"{self.path}, line {number} is not a grade. Name another file with --out, or remove that line.")
                if seen is not None and seen.outcome.outcome == "grade" and seen.key not in self._at:
                    self._at[seen.key] = new.tell()
                    new.write(line.rstrip(b"\n") + b"\n")
        self._copy.replace(self.path)

    @property
    def _copy(self) -> Path:
        return self.path.with_name(f"{self.path.name}.new")

    def _unwritable(self, error: OSError) -> DataError:
        return DataError(f"{self.path} could not be written: {error.strerror}. What is in it is kept; name another file with --out.")


def _line(item: Item, task: Task, outcome: Grade | Ungraded) -> bytes:
    found = GradeLine(
        line=item.line, answer_id=item.answer_id, question_id=item.question_id, attempt=task.attempt, key=task.key, outcome=outcome
    )
    return found.model_dump_json().encode() + b"\n"


def _read(file: BinaryIO, at: int) -> bytes:
    file.seek(at)
    return file.readline()


def _torn(line: bytes) -> bool:
    """Whether this is the beginning of one of our lines: killed while writing."""
    return not line.endswith(b"\n") and line[: len(BEGINNING)] == BEGINNING[: len(line)]


def _seen(line: bytes) -> _Seen | None:
    try:
        return _Seen.model_validate_json(line)
    except ValidationError:
        return None
