"""The `interviewer` command: run and export here, each group of commands in its own file."""

from __future__ import annotations

import contextlib
import logging
import os
from pathlib import Path

import click

from interviewer import settings as settings_module
from interviewer import wiring
from interviewer.cli.attack import attack
from interviewer.cli.bank import bank
from interviewer.cli.calibrate import calibrate
from interviewer.cli.grade import grade
from interviewer.cli.prompt import prompt
from interviewer.domain.errors import InterviewerError
from interviewer.review import export as session_export
from interviewer.text.terminal import printable


class Told(click.Group):
    """Our errors end as their sentence, without a traceback."""

    def invoke(self, context: click.Context) -> object:
        """Run a command."""
        try:
            return super().invoke(context)
        except InterviewerError as error:
            raise click.ClickException(printable(str(error))) from error


@click.group(cls=Told)
@click.version_option(package_name="interviewer")
def main() -> None:
    """Timed mock interviews for generative AI, LLM and machine-learning roles."""


@main.command()
@click.option("--address", default="127.0.0.1", show_default=True, help="Loopback only: there is no login.")
@click.option("--port", default=8501, show_default=True, type=click.IntRange(1, 65535))
def run(address: str, port: int) -> None:
    """Start the app and print its address."""
    from interviewer import server  # loads Streamlit, which the other commands need not

    settings_module.load()
    with contextlib.suppress(KeyboardInterrupt):  # Ctrl-C is how it is stopped
        server.serve(address=address, port=port)
    logging.shutdown()
    os._exit(0)  # a grading under way would hold the process for its time-out; its request is kept and done after the next start


@main.command()
@click.argument("session", required=False)
@click.option("--all", "everything", is_flag=True, help="Every session.")
@click.option("--format", "form", type=click.Choice(["md", "json"]), default="md", show_default=True)
@click.option("--to", type=click.Path(path_type=Path, file_okay=False), help="A folder to write into; default: standard output.")
def export(session: str | None, everything: bool, form: str, to: Path | None) -> None:
    """Write a graded session (the code behind `s=` in its link), or with --all every one."""
    if bool(session) == everything:
        raise click.UsageError("Name one session, or give --all.")
    if everything and to is None:
        raise click.UsageError("--all needs --to FOLDER.")
    app = wiring.build(settings_module.load())
    click.get_current_context().call_on_close(app.stop)
    rows = [row.interview for row in app.store.interviews(owner_id=app.owner_id)] if everything else [app.interview(session or "")]
    for number, interview in enumerate(rows, start=1):
        report = app.report(interview)
        if not report.readable:
            if everything:
                click.echo(f"left out: the exam of {interview.created_at:%Y-%m-%d %H:%M} UTC is not finished", err=True)
                continue
            raise click.ClickException("This exam is not finished; it can be exported when it is.")
        text = session_export.to_markdown(report) if form == "md" else session_export.to_json(report)
        if to is None:
            click.echo(text, nl=False)
            continue
        target = to / f"interview-{interview.created_at:%Y-%m-%d-%H%M}-{number:03d}.{form}"
        try:
            to.mkdir(parents=True, exist_ok=True)
            target.write_text(text, "utf-8")
        except OSError as error:
            raise click.ClickException(f"{target} could not be written: {error.strerror}. Name another folder.") from error
        click.echo(str(target))


for command in (attack, bank, calibrate, grade, prompt):
    main.add_command(command)
