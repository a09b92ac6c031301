"""What `grade` and `calibrate` share: a file of answers made ready, points shown, many answers graded with their progress."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import click

from interviewer import wiring
from interviewer.bank.load import Bank
from interviewer.calibration.data import items as calibration_items
from interviewer.calibration.data.items import Items
from interviewer.calibration.data.points import Kept, PointsFile, derive_all
from interviewer.calibration.data.rows import GivenPoint, Row, Rows
from interviewer.calibration.report.words import count
from interviewer.calibration.run.batch_files import BatchFiles
from interviewer.calibration.run.grades_file import GradesFile, Wanted, wanted
from interviewer.calibration.run.grading import Progress, grade_all, keep, to_grade
from interviewer.calibration.run.rounds import Rounds, Standing
from interviewer.calibration.run.tasks import Task
from interviewer.cli.graders import Chosen
from interviewer.cli.progress import Bar
from interviewer.domain.grade import Grade, Ungraded
from interviewer.grading.llm_grader import LlmGrader
from interviewer.text.terminal import printable

SHOWN = 5
"""Questions whose points are printed; all of them stand in the points file."""
BRIEF = 160
TOLD = 20
"""Problems that are printed."""
WEIGHED = 40
"""Answers whose tokens are counted to tell what all of them will cost."""


@dataclass(kw_only=True)
class _Shown:
    """Prints the points of the first questions as they are derived."""

    count: int = 0

    def __call__(self, kept: Kept) -> None:
        self.count += 1
        if self.count <= SHOWN:
            click.echo(f"Points by {kept.by} for “{printable(kept.question, BRIEF)}”:", err=True)
            for number, point in enumerate(kept.points, start=1):
                click.echo(f"  {number}. {printable(point.claim, BRIEF)}", err=True)


def ready(rows: Rows, bank: Bank, points: Path, chosen: Chosen, *, workers: int) -> Items:
    """The answers of a file with their questions; points that are lacking are derived first, and shown."""
    file = PointsFile(points)
    shown = _Shown()
    found = [numbered.row for numbered in rows.rows]
    needed = {(row.question, row.reference_answer) for row in found if row.is_open and not row.points}
    if needed:
        deriver = chosen.deriver()
        derive_all(found, file, deriver, workers=workers, told=shown)
        edited = f"All of them are in {file.path}; edit them there, and grade again."
        cost = f" Deriving them cost {deriver.cost:,.2f} USD." if deriver.cost else ""
        click.echo(f"Points for {count(len(needed), 'question')}, {shown.count:,} of them new.{cost} {edited}", err=True)

    def of(row: Row) -> Sequence[GivenPoint]:
        kept = file.find(row)
        return kept.points if kept else ()

    return calibration_items.of_rows(rows, bank.questions, of)


def tell(problems: Sequence[str]) -> None:
    """What could not be used."""
    for problem in problems[:TOLD]:
        click.echo(printable(problem, 400), err=True)
    if len(problems) > TOLD:
        click.echo(f"… and {len(problems) - TOLD:,} more.", err=True)


def plan(items: Items, chosen: Chosen, attempts: Sequence[int]) -> tuple[Wanted, ...]:
    """Every answer, as often as it is to be graded."""
    return wanted(items.items, identity=chosen.grader.identity(), attempts=attempts)


def grade(rows: Sequence[Wanted], chosen: Chosen, file: GradesFile, *, workers: int) -> Progress:
    """Grade what the file lacks, after saying how much that is."""
    open_rows = to_grade(rows, file)
    had = len({row.task.key for row in rows}) - len(open_rows)
    click.echo(
        f"{len(open_rows):,} to grade by {chosen.words}{f', {had:,} graded before' if had else ''}.{_cost(open_rows, chosen)}", err=True
    )
    clock = wiring.SystemClock()
    with Bar("Grading") as bar, _told_when_interrupted(file):
        return grade_all(rows, chosen.grader, file, workers=workers, now=clock.now, told=bar.show)


@contextmanager
def _told_when_interrupted(file: GradesFile) -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        click.echo(f"\nInterrupted. What is graded is kept in {file.path}; the same command goes on from there.", err=True)
        raise


def _announce(rows: Sequence[Wanted], chosen: Chosen, file: GradesFile) -> tuple[Wanted, ...]:
    """Say how much there is to grade, and what it costs; returns it."""
    open_rows = to_grade(rows, file)
    had = len({row.task.key for row in rows}) - len(open_rows)
    before = f", {had:,} graded before" if had else ""
    click.echo(f"{len(open_rows):,} to grade by {chosen.words}{before}.{_cost(open_rows, chosen)}", err=True)
    return open_rows


def grade_in_batches(rows: Sequence[Wanted], chosen: Chosen, file: GradesFile, *, seconds: float) -> Progress:
    """The same by the Batch API, looking every so many seconds. What is under way is noted beside the grades. Raises `ModelError`."""
    clock = wiring.SystemClock()
    folder = file.path.with_name(f"{file.path.name}.batches")
    standing = _Standing()
    with BatchFiles(folder) as files, _told_when_interrupted(file):
        rounds = Rounds(files, now=clock.now, new_note=partial(secrets.token_hex, 16), sleep=time.sleep, seconds=seconds, told=standing)
        settings = chosen.settings
        grader = wiring.llm_grader(settings, lambda endpoint: rounds.model(wiring.batch_lane(settings, endpoint)))
        open_rows = _announce(rows, replace(chosen, grader=grader), file)
        by_key = {row.task.key: row for row in open_rows}
        progress = standing.progress = Progress(total=len(open_rows))

        def done(task: Task, outcome: Grade | Ungraded) -> None:
            keep(by_key[task.key], outcome, file, progress)

        rounds.grade([row.task for row in open_rows], grader, done=done)
        if progress.cost:
            click.echo(f"In batches: {progress.done:,} answers for {progress.cost:,.2f} USD.", err=True)
    return progress


class _Standing:
    """Prints how the batches stand, whenever that changes. How long they take nobody knows: up to a day each."""

    def __init__(self) -> None:
        self._last = ""
        self.progress = Progress(total=0)

    def __call__(self, now: Standing) -> None:
        trouble = f"; {now.trouble}" if now.trouble else ""
        failed = f", {now.failed:,} failed" if now.failed else ""
        said = f"In batches: {now.done:,} of {now.submitted:,} requests done{failed}, {now.status or 'nothing under way'}{trouble}"
        said += f"; {self.progress.done:,} of {self.progress.total:,} answers graded"
        said += f", {self.progress.cost:.2f} USD so far" if self.progress.cost else ""
        if said != self._last:
            self._last = said
            click.echo(printable(said, 400), err=True)


def _cost(rows: Sequence[Wanted], chosen: Chosen) -> str:
    """What this will cost, from the tokens of some of the answers; nothing where no model is asked."""
    if not rows or not isinstance(chosen.grader, LlmGrader):
        return ""
    some = rows[:: max(1, len(rows) // WEIGHED)][:WEIGHED]
    known = [cost for row in some if (cost := chosen.grader.cost_of(row.task.question, row.task.answer)) is not None]
    if len(known) < len(some):
        return " What it costs is not known, since the model has no known price; the app's spending limits do not apply."
    return f" Expected cost: about {sum(known) / len(known) * len(rows):,.2f} USD; the app's spending limits do not apply."
