"""`interviewer prompt`: what the prompts are, and exactly what would be sent for a question."""

from __future__ import annotations

import json
from pathlib import Path
from typing import BinaryIO

import click
from rapidfuzz import process

from interviewer import settings as settings_module
from interviewer import wiring
from interviewer.bank.load import load
from interviewer.domain.errors import NotFound
from interviewer.domain.question import Question
from interviewer.settings import Settings

REQUEST = "grade"
PLACEHOLDER = "(the candidate's answer)"


@click.group()
def prompt() -> None:
    """Show the prompts, and what is sent to a grading model."""


@prompt.command("list")
def list_command() -> None:
    """Every prompt with version, hash and purpose."""
    for found in wiring.prompt_folder(settings_module.load()).all():
        click.echo(f"{found.id:20} {found.version:>3}  {found.sha256[:12]}  {found.purpose}")


@prompt.command("show")
@click.argument("prompt_id", metavar="ID")
@click.option("--question", "question_id", help="A question of the bank: print the whole request for it.")
@click.option("--answer", type=click.File("rb"), help="A file with an answer; - reads standard input.")
@click.option(
    "--attempt", default=0, show_default=True, type=click.IntRange(0), help="Gradings before this one: another order of the points."
)
def show_command(prompt_id: str, question_id: str | None, answer: BinaryIO | None, attempt: int) -> None:
    """Print a prompt; with --question exactly what would be sent, with its tokens by part."""
    settings = settings_module.load()
    found = wiring.prompt_folder(settings).get(prompt_id)
    if question_id is None:
        if answer or attempt:
            raise click.UsageError("--answer and --attempt belong to a request: name a question with --question.")
        click.echo(f"{found.id} version {found.version}, sha256 {found.sha256}\n{found.purpose}\n\n{found.text}", nl=False)
        return
    if prompt_id != REQUEST:
        raise click.UsageError(f"{prompt_id} is a part of the request that `interviewer prompt show {REQUEST}` prints.")
    question = _question(settings, question_id)
    shown = wiring.request_for(settings, question, _text(answer), attempt=attempt)
    for number, messages in enumerate(shown.requests, start=1):
        for message in messages:
            click.echo(f"=== request {number} of {len(shown.requests)}: {message['role']} ===\n{message['content']}")
    click.echo(f"=== the form of the reply, sent beside the messages ===\n{json.dumps(shown.form)}")
    of_first = " of the first request" if len(shown.requests) > 1 else ""
    click.echo(f"\n=== tokens{of_first} ===" + "".join(f"\n{name:22}{count:>8,}" for name, count in shown.tokens.items()))
    click.echo(f"{'in all':22}{sum(shown.tokens.values()):>8,}")
    click.echo("=== prompts it rests on ===\n" + "\n".join(f"{name:22} {sha}" for name, sha in shown.prompts.items()))


def _text(answer: BinaryIO | None) -> str:
    try:
        return answer.read().decode("utf-8") if answer else PLACEHOLDER
    except UnicodeDecodeError:
        raise click.ClickException("The answer is not UTF-8 text. Save it as UTF-8, and try again.") from None


def _question(settings: Settings, question_id: str) -> Question:
    questions = load(Path(settings.interviewer_bank)).questions
    if question_id not in questions:
        raise NotFound(f"The bank has no question “{question_id}”.{_nearest(question_id, list(questions))}")
    return questions[question_id]


def _nearest(wanted: str, known: list[str]) -> str:
    near = [name for name, _, _ in process.extract(wanted, known, limit=3, score_cutoff=50)]
    return f" Nearest: {', '.join(near)}." if near else " `interviewer bank stats` counts what it holds."
