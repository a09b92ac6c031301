"""`interviewer bank`: check, count and describe the question bank."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from interviewer import settings as settings_module
from interviewer.bank import check as bank_check
from interviewer.bank.load import load, survey


@click.group()
def bank() -> None:
    """Check and count the question bank."""


FOLDER = click.option("--folder", type=click.Path(path_type=Path), help="The bank's folder; default: the setting INTERVIEWER_BANK.")


def _folder(folder: Path | None) -> Path:
    return folder or settings_module.load().interviewer_bank


@bank.command("check")
@FOLDER
def check_command(folder: Path | None) -> None:
    """Say which file breaks which rule; exit status 1 when any does."""
    where = _folder(folder)
    found = survey(where)
    problems = bank_check.check(found, where)
    for problem in problems:
        click.echo(str(problem))
    click.echo(f"{len(found.questions)} questions, {len(found.tracks)} tracks, {len(problems)} problems")
    sys.exit(bool(problems))


@bank.command("stats")
@FOLDER
def stats_command(folder: Path | None) -> None:
    """Questions by topic and difficulty."""
    click.echo(bank_check.statistics(load(_folder(folder))))


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
