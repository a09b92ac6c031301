"""`interviewer bank`: check, count and describe the question bank, and find the questions that a text calls for."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import BinaryIO

import click

from interviewer import settings as settings_module
from interviewer import wiring
from interviewer.bank import check as bank_check
from interviewer.bank.fit import LARGEST, Fitting
from interviewer.bank.load import Bank, load, survey
from interviewer.bank.stats import statistics
from interviewer.calibration import gradability
from interviewer.text.terminal import printable


@click.group()
def bank() -> None:
    """Check, count and search the question bank."""


BRIEF = 160
"""Characters of a passage that are printed."""
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
    problems = bank_check.check(found, where, wiring.similarity())
    for problem in problems:
        click.echo(str(problem))
    if graded:
        _list_gradability(found)
    click.echo(f"{len(found.questions)} questions, {len(found.tracks)} tracks, {len(problems)} problems")
    sys.exit(bool(problems))


def _list_gradability(found: Bank) -> None:
    """What is off is the question's fault or the grader's: a list for a person to read, so it does not fail the check."""
    asked = tuple(found.questions.values())
    grader, now = wiring.embedded_grader(asked), wiring.SystemClock().now()
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


@bank.command("fit")
@click.argument("file", type=click.File("rb"))
@click.option("--most", default=10, show_default=True, type=click.IntRange(1), help="Print at most so many questions.")
@FOLDER
def fit_command(file: BinaryIO, folder: Path | None, *, most: int) -> None:
    """Print the questions that a job description, a CV or notes call for, each with the passage that does.

    FILE holds the text; - reads standard input. Exit status 2: there is no text, or it calls for no question.
    """
    text = _text(file)
    found = Fitting(list(load(_folder(folder)).questions.values()), wiring.similarity()).best(text, most=most)
    if not found:
        raise click.UsageError("Nothing in this text calls for a question of the bank. Its subjects are compared, in English.")
    for fit in found:
        click.echo(f"{fit.score:4.0%}  {fit.question.id} ({fit.question.topic.value})\n      “{printable(fit.passage, BRIEF)}”")


def _text(file: BinaryIO) -> str:
    """What was pasted. Raises `UsageError`."""
    try:
        raw = file.read(LARGEST + 1)
    except OSError as error:
        raise click.UsageError(f"The text could not be read: {error.strerror}. Name another file.") from None
    if len(raw) > LARGEST:
        raise click.UsageError(f"The text has more than {LARGEST:,} bytes. Give the part that says what the work is about.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise click.UsageError("This is not UTF-8 text. Save a PDF or a document as plain text in UTF-8, and try again.") from None
    if not text.strip():
        raise click.UsageError("The text is empty. Give a job description, a CV or notes.")
    return text


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
