"""Grade many answers at once: what the file of grades has already is passed over, and every outcome is kept as it comes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime

from interviewer.calibration.run.grades_file import GradesFile, Wanted
from interviewer.domain.errors import FailureReason
from interviewer.domain.grade import Grade, Ungraded
from interviewer.ports import Grader

AHEAD = 2
"""Answers handed to the threads for each of them: the next is at hand when one ends."""
HOPELESS = frozenset(
    {
        FailureReason.KEY_REJECTED,
        FailureReason.NO_SUCH_MODEL,
        FailureReason.QUOTA,
        FailureReason.NOT_AN_ENDPOINT,
        FailureReason.PAUSED,
    }
)
"""After one of these the next answer fares no better, so none is asked."""

FAILURES = 24
"""So many outcomes without a single grade among them stop a run too."""


@dataclass(kw_only=True)
class Progress:
    """How far a run is. `cost` in USD, as far as it is known; `stopped` says why no more answers are asked."""

    total: int
    done: int = 0
    ungraded: int = 0
    cost: float = 0.0
    stopped: str = ""

    def count(self, outcome: Grade | Ungraded) -> None:
        """One outcome more."""
        self.done += 1
        self.ungraded += isinstance(outcome, Ungraded)
        self.cost += sum(part for part in outcome.provenance.costs if part is not None)


Told = Callable[[Progress], None]


def to_grade(rows: Iterable[Wanted], file: GradesFile) -> tuple[Wanted, ...]:
    """Those that the file has no grade of, each key once."""
    return tuple({row.task.key: row for row in rows if row.task.key not in file}.values())


def grade_all(
    rows: Sequence[Wanted], grader: Grader, file: GradesFile, *, workers: int, now: Callable[[], datetime], told: Told
) -> Progress:
    """Grade what the file lacks, `workers` at a time. An interruption waits for what is under way and keeps it. Raises `DataError`."""
    open_rows = to_grade(rows, file)
    progress = Progress(total=len(open_rows))
    told(progress)

    def one(row: Wanted) -> Grade | Ungraded:
        return grader.grade(row.task.question, row.task.answer, attempt=row.task.attempt, now=now())

    pool = ThreadPoolExecutor(max_workers=workers)
    running: dict[Future[Grade | Ungraded], Wanted] = {}
    coming = iter(open_rows)
    try:
        _fill(pool, running, coming, one, workers * AHEAD)
        while running:
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                keep(running.pop(future), future.result(), file, progress)
                told(progress)
            if not progress.stopped:
                _fill(pool, running, coming, one, workers * AHEAD)
    finally:
        pool.shutdown(cancel_futures=True)
        for future, row in running.items():  # interrupted: what was under way is paid for
            if not future.cancelled() and future.exception() is None:
                keep(row, future.result(), file, progress)
    return progress


def _fill(
    pool: ThreadPoolExecutor,
    running: dict[Future[Grade | Ungraded], Wanted],
    coming: Iterator[Wanted],
    one: Callable[[Wanted], Grade | Ungraded],
    most: int,
) -> None:
    while len(running) < most and (row := next(coming, None)) is not None:
        running[pool.submit(one, row)] = row


def keep(row: Wanted, outcome: Grade | Ungraded, file: GradesFile, progress: Progress) -> None:
    """Write an outcome down, and count it."""
    file.append(row.item, row.task, outcome)
    progress.count(outcome)
    if isinstance(outcome, Ungraded) and (outcome.reason in HOPELESS or progress.done == progress.ungraded == FAILURES):
        progress.stopped = progress.stopped or outcome.sentence
