"""`interviewer attack`: what the attack suite makes of a grader, by class of attack, and how far it drifts on honest answers."""

from __future__ import annotations

from pathlib import Path

import click

from interviewer import settings as settings_module
from interviewer import wiring
from interviewer.bank.load import load
from interviewer.calibration import attacks, materials, payloads, resistance
from interviewer.calibration.attacks import Case
from interviewer.cli import graders
from interviewer.grading.llm_grader import LlmGrader
from interviewer.ports import Grader, GraderName

FOLDER = settings_module.data_folder("tests") / "attacks"
REPORTED = 50
"""Progress is told after each so many gradings."""


@click.command()
@click.option("--grader", "name", type=click.Choice(["embedded", "llm"]), required=True, help="llm: the endpoint of the settings.")
@click.option("--class", "classes", multiple=True, metavar="CLASS", help="Only this class of attacks; may be repeated.")
@click.option("--questions", "count", default=3, show_default=True, type=click.IntRange(1), help="How many questions are answered.")
@click.option("--seed", default=0, show_default=True, help="Another number, other questions.")
@click.option("--model", help="Another model than INTERVIEWER_GRADER_MODEL.")
@click.option("--base-url", help="Another endpoint than OPENAI_BASE_URL; the key of the settings is not sent there.")
@click.option("--workers", default=8, show_default=True, type=click.IntRange(1, 64), help="Gradings at the same time.")
@click.option("--json", "target", type=click.Path(path_type=Path, dir_okay=False), help="Also write every trial into this file.")
@click.option(
    "--attacks", "folder", type=click.Path(path_type=Path), default=FOLDER, help="The folder of attack files.", show_default="tests/attacks"
)
def attack(
    *,
    name: GraderName,
    classes: tuple[str, ...],
    count: int,
    seed: int,
    model: str | None,
    base_url: str | None,
    workers: int,
    target: Path | None,
    folder: Path,
) -> None:
    """Try to win points without earning them; each attack is held against its honest twin."""
    settings = settings_module.load()
    bank = load(settings.interviewer_bank)
    chosen = graders.choose(settings, bank, name, model=model, base_url=base_url)
    questions = materials.chosen(bank.questions.values(), count, seed=seed)
    planned = attacks.cases(payloads.load(folder).only(classes), questions)
    if target:
        _write(target, "")  # what cannot be written is told before anything is paid for
    _announce(chosen.grader, planned)
    trials = attacks.run(chosen.grader, planned, now=wiring.SystemClock().now(), workers=workers, graded=_progress)
    found = resistance.result(chosen.words, trials)
    click.echo(resistance.to_table(found), nl=False)
    if target:
        _write(target, resistance.to_json(found))
        click.echo(str(target), err=True)


def _announce(grader: Grader, planned: tuple[Case, ...]) -> None:
    """How much the grader will be asked, and what that costs."""
    wanted = attacks.gradings(planned)
    asked = {question.id: question for question, _ in wanted}
    where = f"{len(asked)} question{'' if len(asked) == 1 else 's'}"
    said = f"{len(wanted):,} gradings: {len(planned):,} attacks and decoys, and their honest twins, on {where}."
    if not isinstance(grader, LlmGrader):
        click.echo(said, err=True)
        return
    prices = {question.id: grader.expected(question)[1] for question in asked.values()}
    known = [price for question, _ in wanted if (price := prices[question.id]) is not None]
    cost = f"about {sum(known):,.2f} USD" if len(known) == len(wanted) else "not known, since the model has no known price"
    click.echo(
        f"{said} Expected cost at answers of usual length: {cost}; floods and second opinions come on top, and no limit applies.",
        err=True,
    )


def _progress(done: int, of: int) -> None:
    if done % REPORTED == 0 or done == of:
        click.echo(f"{done:,} of {of:,} graded", err=True)


def _write(target: Path, text: str) -> None:
    try:
        target.write_text(text, "utf-8")
    except OSError as error:
        raise click.ClickException(f"{target} could not be written: {error.strerror}. Name another file.") from error
