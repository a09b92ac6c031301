"""`interviewer bank`: check, count and describe the question bank."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from interviewer import settings as settings_module
from interviewer import wiring
from interviewer.bank import check as bank_check
from interviewer.bank.load import Bank, load, survey
from interviewer.bank.stats import statistics
from interviewer.calibration import gradability
from interviewer.grading.embedded_grader import EmbeddedGrader


@click.group()
def bank() -> None:
    """Check and count the question bank."""


FOLDER = click.option("--folder", type=click.Path(path_type=Path), help="The bank's folder; default: the setting INTERVIEWER_BANK.")


def _folder(folder: Path | None) -> Path:
    return folder or settings_module.load().interviewer_bank


@bank.command("check")
@FOLDER
@click.option("--gradability", "graded", is_flag=True, help="Also list what the embedded grader does not grade as it should.")
def check_command(folder: Path | None, *, graded: bool) -> None:
    """Say which file breaks which rule; exit status 1 when any does."""
    where = _folder(folder)
    found = survey(where)
    problems = bank_check.check(found, where)
    for problem in problems:
        click.echo(str(problem))
    if graded:
        _list_gradability(found)
    click.echo(f"{len(found.questions)} questions, {len(found.tracks)} tracks, {len(problems)} problems")
    sys.exit(bool(problems))


def _list_gradability(found: Bank) -> None:
    """What is off is the question's fault or the grader's: a list for a person to read, so it does not fail the check."""
    asked = tuple(found.questions.values())
    grader, now = EmbeddedGrader(asked), wiring.SystemClock().now()
    listed: list[gradability.Off] = []
    with click.progressbar(asked, label="Grading texts of known worth", file=sys.stderr) as questions:
        for question in questions:
            listed += gradability.off(grader, question, now=now)
    for each in listed:
        click.echo(str(each))
    texts = sum(1 for question in asked for _ in gradability.samples(question))
    where = len({each.question.id for each in listed})
    click.echo(f"gradability: {texts:,} texts graded, {len(listed)} off, in {where} of {len(asked)} questions")


@bank.command("stats")
@FOLDER
def stats_command(folder: Path | None) -> None:
    """Questions by topic, difficulty, kind and minutes, and what is covered of the five documents."""
    click.echo(statistics(load(_folder(folder))))


@bank.command("schema")
@FOLDER
def schema_command(folder: Path | None) -> None:
    """Write schema.json anew from the models."""
    target = _folder(folder) / "schema.json"
    try:
        target.write_text(bank_check.schema(), "utf-8")
    except OSError as error:
        raise click.ClickException(f"{target} could not be written: {error.strerror}. Name the bank's folder.") from error
    click.echo(str(target))
