"""The stored reports: which is the latest for each grader, model and data set, and which files are none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from interviewer.calibration.report.report import Report, read_report
from interviewer.domain.errors import DataError
from interviewer.ports import GraderName

OWN_SET = "own set"
"""What reports call the graded set that the project ships."""
ENDING = ".report.json"


@dataclass(frozen=True, kw_only=True)
class Shelved:
    """A report without its answers, which only comparing and the plot of errors need: they are in the file."""

    path: Path
    report: Report

    def whole(self) -> Report:
        """The report as it is stored. Raises `DataError`."""
        return read_report(self.path)


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """The latest report for each grader, model and data set; those on the own set first. `problems`: a sentence for each other file."""

    reports: tuple[Shelved, ...]
    problems: tuple[str, ...]

    def of(self, name: GraderName, model: str) -> tuple[Shelved, ...]:
        """The reports on one grader."""
        return tuple(s for s in self.reports if (s.report.grader.name, s.report.grader.model) == (name, model))

    def graders(self) -> tuple[tuple[GraderName, str], ...]:
        """Name and model of every grader with a report."""
        return tuple(dict.fromkeys((s.report.grader.name, s.report.grader.model) for s in self.reports))


def shelf(folders: Sequence[Path]) -> Shelf:
    """Read the reports of these folders; one that is missing is empty. Of two made at the same moment the first folder's counts."""
    latest: dict[tuple[str, str, str], Shelved] = {}
    problems: list[str] = []
    for path in _files(folders):
        try:
            found = _shelved(path)
        except DataError as error:
            problems.append(str(error))
            continue
        key = (found.report.grader.name, found.report.grader.model, found.report.data.name)
        if key not in latest or _made(found) > _made(latest[key]):
            latest[key] = found
    ordered = sorted(latest.items(), key=lambda item: (*item[0][:2], item[0][2] != OWN_SET, item[0][2]))
    return Shelf(reports=tuple(found for _, found in ordered), problems=tuple(problems))


def _files(folders: Iterable[Path]) -> list[Path]:
    return [path for folder in folders for path in sorted(folder.glob(f"*{ENDING}"))]


def _shelved(path: Path) -> Shelved:
    try:
        stat = path.stat()
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}.") from error
    return Shelved(path=path, report=_without_answers(path, stat.st_mtime_ns, stat.st_size))


@lru_cache(maxsize=1024)
def _without_answers(path: Path, changed: int, size: int) -> Report:
    """Read once for each state of the file: pages are drawn often, and a report has megabytes of answers."""
    return read_report(path).model_copy(update={"answers": ()})


def _made(found: Shelved) -> datetime:
    """The moment, also of a report that names no time zone."""
    made = found.report.made_at
    return made if made.tzinfo else made.replace(tzinfo=UTC)
