"""`interviewer grade`: a file of answers in, a file of grades out."""

from __future__ import annotations

from pathlib import Path

import click

from interviewer import settings as settings_module
from interviewer.bank.load import load
from interviewer.calibration.data.rows import read
from interviewer.calibration.report.words import count
from interviewer.calibration.run.grades_file import GradesFile
from interviewer.cli import answers
from interviewer.cli.graders import choose
from interviewer.ports import GraderName

LACKING = 3
"""The exit status when an answer has no grade."""


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="The file of grades; default: beside FILE.")
@click.option("--grader", "name", type=click.Choice(["embedded", "llm"]), help="Default: the active one of the settings.")
@click.option("--model", help="Another model than INTERVIEWER_GRADER_MODEL.")
@click.option("--base-url", help="Another endpoint than OPENAI_BASE_URL; the key of the settings is not sent there.")
@click.option("--concurrency", default=8, show_default=True, type=click.IntRange(1, 64), help="Gradings at the same time.")
@click.option("--limit", type=click.IntRange(1), help="Only the first so many answers.")
@click.option("--attempt", default=0, show_default=True, type=click.IntRange(0), help="Another number, another order of the points.")
@click.option("--points", type=click.Path(path_type=Path, dir_okay=False), help="The file of derived points; default: beside FILE.")
@click.option("--batch", is_flag=True, help="By the endpoint's Batch API: cheaper, answered within a day; may be interrupted.")
@click.option("--poll", default=30.0, show_default=True, type=click.FloatRange(0.01, 3600), help="Seconds between two looks at a batch.")
def grade(
    *,
    file: Path,
    out: Path | None,
    name: GraderName | None,
    model: str | None,
    base_url: str | None,
    concurrency: int,
    limit: int | None,
    attempt: int,
    points: Path | None,
    batch: bool,
    poll: float,
) -> None:
    """Grade the answers of FILE, JSONL with one answer a line.

    A line has `question_id` of the bank and `answer`, or `question`, `reference_answer`, `answer` and perhaps `points`. Interrupted,
    it goes on where it was. Exit status 3: some answers have no grade.
    """
    settings = settings_module.load()
    bank = load(settings.interviewer_bank)
    chosen = choose(settings, bank, name, model=model, base_url=base_url, workers=concurrency)
    if batch and chosen.name != "llm":
        raise click.UsageError("--batch belongs to --grader llm.")
    rows = read(file, limit=limit)
    target = out or file.with_name(f"{file.stem}.{chosen.slug}.grades.jsonl")
    found = answers.ready(rows, bank, points or file.with_name(f"{file.stem}.points.jsonl"), chosen, workers=concurrency)
    answers.tell(found.problems)
    if not found.items:
        raise click.ClickException(f"{file} holds no answer that can be graded.")
    planned = answers.plan(found, chosen, [attempt])
    with GradesFile(target) as grades:
        if batch:
            progress = answers.grade_in_batches(planned, chosen, grades, seconds=poll)
        else:
            progress = answers.grade(planned, chosen, grades, workers=concurrency)
        others = grades.finish(planned)
        ungraded = sum(row.task.key in grades.ungraded for row in planned)
        lacking = sum(row.task.key not in grades for row in planned)
    click.echo(f"{len(planned) - ungraded - lacking:,} of {count(len(planned), 'answer')} have a grade.", err=True)
    for sentence, times in grades.why_not().items():
        click.echo(f"{times:,} ungraded: {sentence}", err=True)
    if progress.stopped and lacking:
        click.echo(
            f"Stopped with {lacking:,} not asked. {progress.stopped} Start again to go on; graded ones are not asked again.", err=True
        )
    if others:
        click.echo(f"{count(others, 'line')} of other answers, graders or attempts follow at the file's end as they were.", err=True)
    click.echo(str(target))
    if ungraded or lacking or found.problems:
        click.get_current_context().exit(LACKING)
