"""`interviewer attack`: what the attack suite makes of a grader, by class of attack, and how far it drifts on honest answers."""

from __future__ import annotations

from pathlib import Path

import click
from pydantic import SecretStr

from interviewer import settings as settings_module
from interviewer import wiring
from interviewer.bank.load import Bank, load
from interviewer.calibration import attacks, materials, payloads, resistance
from interviewer.calibration.attacks import Case
from interviewer.domain.errors import SettingsError
from interviewer.ports import Grader, GraderName
from interviewer.settings import Settings

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
    if name == "llm":
        settings = _at(settings, model, base_url)
    elif model or base_url:
        raise click.UsageError("--model and --base-url belong to --grader llm.")
    bank = load(settings.interviewer_bank)
    questions = materials.chosen(bank.questions.values(), count, seed=seed)
    planned = attacks.cases(payloads.load(folder).only(classes), questions)
    if target:
        _write(target, "")  # what cannot be written is told before anything is paid for
    grader = _grader(name, settings, bank, planned)
    trials = attacks.run(grader, planned, now=wiring.SystemClock().now(), workers=workers, graded=_progress)
    found = resistance.result(_described(name, settings, grader), trials)
    click.echo(resistance.to_table(found), nl=False)
    if target:
        _write(target, resistance.to_json(found))
        click.echo(str(target), err=True)


def _grader(name: GraderName, settings: Settings, bank: Bank, planned: tuple[Case, ...]) -> Grader:
    """The grader, after saying how much it will be asked."""
    wanted = attacks.gradings(planned)
    asked = {question.id: question for question, _ in wanted}
    where = f"{len(asked)} question{'' if len(asked) == 1 else 's'}"
    said = f"{len(wanted):,} gradings: {len(planned):,} attacks and decoys, and their honest twins, on {where}."
    if name == "embedded":
        click.echo(said, err=True)
        return wiring.build_graders(settings, bank)["embedded"]
    grader = wiring.llm_grader(settings)
    prices = {question.id: grader.expected(question)[1] for question in asked.values()}
    known = [price for question, _ in wanted if (price := prices[question.id]) is not None]
    cost = f"about {sum(known):,.2f} USD" if len(known) == len(wanted) else "not known, since the model has no known price"
    click.echo(
        f"{said} Expected cost at answers of usual length: {cost}; floods and second opinions come on top, and no limit applies.",
        err=True,
    )
    return grader


def _at(settings: Settings, model: str | None, base_url: str | None) -> Settings:
    """The settings with another model or endpoint. The key goes to its own endpoint only. Raises `SettingsError`."""
    changed: dict[str, object] = {"interviewer_grader": "llm"}
    if model:
        changed["interviewer_grader_model"] = model
    if base_url and base_url != settings.endpoint.url:
        changed |= {"openai_base_url": base_url, "openai_api_key": SecretStr("")}
        if settings.second:  # it stays where it is, and so does its key
            changed |= {"interviewer_second_base_url": settings.second.url, "interviewer_second_api_key": settings.second.key}
    found = settings.model_copy(update=changed)
    if not found.llm_ready:
        raise SettingsError("No model is set. Give --model, and set OPENAI_API_KEY or give --base-url; then start again.")
    if not found.endpoint.usable:
        raise SettingsError("--base-url is not an address like https://host:port/v1. Correct it, then start again.")
    if found.second and (found.second.model, found.second.address) == (found.endpoint.model, found.endpoint.address):
        raise SettingsError("INTERVIEWER_SECOND_MODEL is this model too; asked twice it repeats its errors. Name another one with --model.")
    return found


def _described(name: GraderName, settings: Settings, grader: Grader) -> str:
    if name == "embedded":
        return grader.identity()
    second = f", second opinion by {settings.second.model}" if settings.second else ""
    return f"{settings.interviewer_grader_model} at {settings.endpoint_host}{second}"


def _progress(done: int, of: int) -> None:
    if done % REPORTED == 0 or done == of:
        click.echo(f"{done:,} of {of:,} graded", err=True)


def _write(target: Path, text: str) -> None:
    try:
        target.write_text(text, "utf-8")
    except OSError as error:
        raise click.ClickException(f"{target} could not be written: {error.strerror}. Name another file.") from error
