"""`interviewer calibrate`: is a grader right? A report against people's scores, a comparison of two, converters of public sets."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click

from interviewer import settings as settings_module
from interviewer import wiring
from interviewer.bank.load import Bank, load
from interviewer.calibration.data import graded_set
from interviewer.calibration.data.converters import CONVERTERS
from interviewer.calibration.data.items import Item, Items, of_graded_set
from interviewer.calibration.data.rows import read
from interviewer.calibration.report.figures import MEASURES, told
from interviewer.calibration.report.page import to_html
from interviewer.calibration.report.report import MeasuredData, MeasuredGrader, Report, read_report, to_json
from interviewer.calibration.report.shelf import OWN_SET
from interviewer.calibration.report.words import count
from interviewer.calibration.run.grades_file import GradesFile
from interviewer.calibration.run.tasks import key_of
from interviewer.cli import answers
from interviewer.cli.graders import Chosen, choose
from interviewer.domain.errors import DataError
from interviewer.domain.grade import Grade, Ungraded
from interviewer.ports import GraderName
from interviewer.text.terminal import printable

OWN = settings_module.data_folder("calibration_data")
ABOUT_OWN = (
    "Answers to questions of this bank, written and labelled by language models, not by people: it shows how a grader treats answers of "
    "known kinds and whether it got worse, and not whether it agrees with people."
)
LONGEST_NAME = 60
NEEDED = (
    "`interviewer calibrate` needs scikit-learn, scipy and krippendorff, which the app itself does without. "
    "Install them with `make calibrate`, or with pip as interviewer[calibrate]; then start again."
)


@click.group(invoke_without_command=True)
@click.option(
    "--data", type=click.Path(path_type=Path, dir_okay=False), help="JSONL of answers with `score` and `max_score`; default: the own set."
)
@click.option("--rubrics", type=click.Path(path_type=Path, dir_okay=False), help="Points by question id, as published for SAF.")
@click.option("--only", multiple=True, metavar="KEY=VALUE", help="Only rows with this value, such as split=unseen_questions.")
@click.option("--grader", "name", type=click.Choice(["embedded", "llm"]), help="Default: the active one of the settings.")
@click.option("--model", help="Another model than INTERVIEWER_GRADER_MODEL.")
@click.option("--base-url", help="Another endpoint than OPENAI_BASE_URL; the key of the settings is not sent there.")
@click.option("--attempts", default=1, show_default=True, type=click.IntRange(1, 20), help="Gradings of each answer; 2 or more show flips.")
@click.option("--concurrency", default=8, show_default=True, type=click.IntRange(1, 64), help="Gradings at the same time.")
@click.option("--limit", type=click.IntRange(1), help="Only the first so many answers.")
@click.option("--points", type=click.Path(path_type=Path, dir_okay=False), help="The file of derived points; default: in the folder.")
@click.option("--resamples", default=1000, show_default=True, type=click.IntRange(100, 100_000), help="For the intervals.")
@click.option("--seed", default=0, show_default=True, help="Of the resamples.")
@click.option("--to", type=click.Path(path_type=Path, file_okay=False), help="Folder of grades and reports; default: in the data folder.")
@click.pass_context
def calibrate(
    context: click.Context,
    *,
    data: Path | None,
    rubrics: Path | None,
    only: tuple[str, ...],
    name: GraderName | None,
    model: str | None,
    base_url: str | None,
    attempts: int,
    concurrency: int,
    limit: int | None,
    points: Path | None,
    resamples: int,
    seed: int,
    to: Path | None,
) -> None:
    """Hold a grader against people's scores, and write the report: figures with intervals, as JSON and as a page.

    Interrupted, it goes on where it was. The app's page “Calibration” shows the latest report of each grader.
    """
    if context.invoked_subcommand:
        return
    _needs_packages()
    settings = settings_module.load()
    bank = load(settings.interviewer_bank)
    chosen = choose(settings, bank, name, model=model, base_url=base_url, workers=concurrency)
    folder = to or settings.interviewer_home / "calibration"
    pairs = _pairs(only)
    if data is None:
        if rubrics or only:
            raise click.UsageError("--rubrics and --only belong to --data.")
        measured, found = _own(bank, limit)
    else:
        rows = read(data, rubrics=rubrics, only=pairs, limit=limit)
        named = "-".join([data.stem, *(value for _, value in sorted(pairs.items()))]) + _first(limit)
        kept = points or folder / f"{data.stem}.points.jsonl"
        found = _not_empty(_scored(rows.name, answers.ready(rows, bank, kept, chosen, workers=concurrency)))
        measured = MeasuredData(name=printable(named, 200), sha256=rows.sha256, left_out=len(found.problems), **_counts(found.items))
    grades = folder / f"{_slug(data.stem if data else OWN_SET)}.{chosen.slug}.grades.jsonl"
    report = _measured(found.items, chosen, measured, grades, attempts=attempts, workers=concurrency, resamples=resamples, seed=seed)
    _print(report)
    _write(report, folder, chosen)


@calibrate.command("compare")
@click.argument("a", type=click.Path(path_type=Path, dir_okay=False))
@click.argument("b", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--resamples", default=1000, show_default=True, type=click.IntRange(100, 100_000), help="For the intervals.")
@click.option("--seed", default=0, show_default=True, help="Of the resamples.")
def compare_command(a: Path, b: Path, *, resamples: int, seed: int) -> None:
    """Say whether the grader of report B is better than that of report A, on the answers that both have."""
    _needs_packages()
    from interviewer.calibration.report.compare import compared, to_table

    click.echo(to_table(compared(read_report(a), read_report(b), resamples=resamples, seed=seed)), nl=False)


@calibrate.command("convert")
@click.argument("form", metavar="FORMAT", type=click.Choice(sorted(CONVERTERS)))
@click.argument("source", type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The JSONL file to write.")
def convert_command(form: str, source: Path, *, out: Path) -> None:
    """Turn a public set of graded answers into rows for --data.

    FORMAT: saf (Short Answer Feedback), semeval (SciEntsBank and Beetle of SemEval 2013 task 7), mohler (CSV). The sets are not included.
    """
    try:
        converted = CONVERTERS[form](source)
    except OSError as error:
        raise DataError(f"{source} cannot be read: {error.strerror}. Name another file or folder.") from error
    answers.tell(converted.problems)
    _put(out, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in converted.rows))
    left_out = f", {len(converted.problems):,} left out" if converted.problems else ""
    click.echo(f"{len(converted.rows):,} answers{left_out}.", err=True)
    click.echo(str(out))


def _needs_packages() -> None:
    """Told before anything is graded."""
    try:
        from interviewer.calibration.report import compare  # noqa: F401
    except ModuleNotFoundError as error:
        raise click.ClickException(NEEDED) from error


def _not_empty(found: Items) -> Items:
    """Also tells what could not be used."""
    answers.tell(found.problems)
    if not found.items:
        raise click.ClickException("No answer with people's score is left to measure by.")
    return found


def _pairs(only: Sequence[str]) -> dict[str, str]:
    pairs = [pair.partition("=") for pair in only]
    if any(not (key and sign) for key, sign, _ in pairs) or len({key for key, _, _ in pairs}) < len(pairs):
        raise click.UsageError("--only takes KEY=VALUE, each key once.")
    return {key: value for key, _, value in pairs}


def _own(bank: Bank, limit: int | None) -> tuple[MeasuredData, Items]:
    """The project's own graded set."""
    found = graded_set.load(OWN, bank.questions)
    items = _not_empty(Items(items=of_graded_set(found.answers[:limit]), problems=found.problems))
    data = own_data(OWN, items.items, left_out=len(found.problems))
    return data.model_copy(update={"name": data.name + _first(limit)}), items


def _first(limit: int | None) -> str:
    """A trial on a few answers has a name of its own: it must not pass for the report on all."""
    return f" first {limit}" if limit else ""


def own_data(folder: Path, items: Sequence[Item], *, left_out: int = 0) -> MeasuredData:
    """What a report says of the own set, or of some of its answers."""
    return MeasuredData(name=OWN_SET, sha256=graded_set.sha256(folder), left_out=left_out, about=ABOUT_OWN, **_counts(items))


def _scored(name: str, found: Items) -> Items:
    """Only answers that people scored can measure a grader."""
    without = [item.line for item in found.items if item.human is None]
    told = (f"{name}: {len(without):,} answers without people's score are left out, the first in line {without[0]}",) if without else ()
    return Items(items=tuple(item for item in found.items if item.human), problems=(*found.problems, *told))


def _measured(
    items: Sequence[Item],
    chosen: Chosen,
    data: MeasuredData,
    grades: Path,
    *,
    attempts: int,
    workers: int,
    resamples: int,
    seed: int,
) -> Report:
    """Grade what is not graded yet, and compute the report. Stopped in the middle, there is none."""
    from interviewer.calibration.report.columns import held
    from interviewer.calibration.report.measure import made

    planned = answers.plan(Items(items=tuple(items), problems=()), chosen, range(attempts))
    with GradesFile(grades) as file:
        progress = answers.grade(planned, chosen, file, workers=workers)
        file.finish(planned)
        for sentence, times in file.why_not().items():
            click.echo(f"{times:,} ungraded: {sentence}", err=True)
        lacking = sum(row.task.key not in file for row in planned)
        if lacking or progress.stopped:
            raise click.ClickException(
                f"Stopped with {lacking:,} not asked, so there is no report. {progress.stopped} Start again to go on where it stopped."
            )
        if progress.ungraded and len(file.ungraded) == len({row.task.key for row in planned}):
            raise click.ClickException("Stopped: no answer has a grade, so there is no report. Mend what is told above, and start again.")
        outcomes: dict[int, list[Grade | Ungraded]] = {}
        costs: dict[str, float] = {}
        for row, line in file.grade_lines(planned):
            outcomes.setdefault(row.item.line, []).append(line.outcome)
            costs[line.key] = sum(part for part in line.outcome.provenance.costs if part)
    click.echo("Computing figures and intervals …", err=True)
    return made(
        [held(item, outcomes[item.line]) for item in items],
        grader=MeasuredGrader(
            name=chosen.name,
            words=chosen.words,
            model=chosen.settings.interviewer_grader_model if chosen.name == "llm" else "",
            identity=chosen.grader.identity(),
        ),
        data=data,
        made_at=wiring.SystemClock().now(),
        resamples=resamples,
        seed=seed,
        cost=sum(costs.values()) or None,
    )


def _counts(items: Sequence[Item]) -> dict[str, int]:
    people = [item.human for item in items if item.human]
    return {
        "answers": len(items),
        "questions": len({item.question_id for item in items}),
        "annotators": max(max(1, len(human.by_annotator)) for human in people),
        "points": sum(len(human.verdicts[0]) for human in people if human.verdicts),
    }


def _print(report: Report) -> None:
    """The main figures for a terminal."""
    data = report.data
    click.echo(printable(f"{report.grader.words}: {data.name}, {count(data.answers, 'answer')} to {count(data.questions, 'question')}"))
    width = max(len(measure.title) for measure in MEASURES.values())
    for name, figure in {**report.overall.figures, **report.agreement}.items():
        people = "examiners: " if name in report.agreement else ""
        why = f": {figure.undefined}" if figure.undefined else ""
        click.echo(f"{people}{MEASURES[name].title:{width - len(people)}}  {told(MEASURES[name], figure)}{why}")


def _write(report: Report, folder: Path, chosen: Chosen) -> None:
    stem = f"{_slug(report.data.name)}.{chosen.slug}.{report.made_at:%Y-%m-%d-%H%M%S-%f}.report"
    for ending, text in (("json", to_json(report)), ("html", to_html(report))):
        _put(folder / f"{stem}.{ending}", text)
        click.echo(str(folder / f"{stem}.{ending}"))


def _slug(name: str) -> str:
    """For a file's name: short, and told apart by a hash where it had to be cut."""
    plain = "".join(c if c.isascii() and c.isalnum() else "-" for c in name)
    return plain if len(plain) <= LONGEST_NAME else f"{plain[:LONGEST_NAME]}-{key_of([name])[:8]}"


def _put(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    except OSError as error:
        raise DataError(f"{path} could not be written: {error.strerror}. Name another place.") from error
