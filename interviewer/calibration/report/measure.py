"""From graded answers to a report: every figure with a bootstrap interval, over all answers and over each group of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

import numpy as np

from interviewer.calibration.report import metrics
from interviewer.calibration.report.columns import Columns, Held, columns
from interviewer.calibration.report.figures import Figure
from interviewer.calibration.report.metrics import Metric, Undefined
from interviewer.calibration.report.report import Bin, Group, MeasuredAnswer, MeasuredData, MeasuredGrader, Report
from interviewer.domain.grade import Band
from interviewer.domain.scoring import band_of

TAILS = (2.5, 97.5)
LOST = 0.05
"""With a larger share of resamples that do not define a figure, its interval would be of the others only: there is none."""
OF_GROUPS = 5
"""A group's intervals come from so many times fewer resamples than those of all answers."""
FEWEST = 100
DIMENSIONS = ("band", "kind", "difficulty", "level", "split")
BANDS = tuple(Band)


def made(
    answers: Sequence[Held],
    *,
    grader: MeasuredGrader,
    data: MeasuredData,
    made_at: datetime,
    resamples: int,
    seed: int,
    cost: float | None = None,
) -> Report:
    """The report. `answers` is not empty."""
    table = columns(answers)
    few = min(resamples, max(FEWEST, resamples // OF_GROUPS))

    def sampled(part: Columns, wanted: Mapping[str, Metric], count: int) -> dict[str, Figure]:
        return figures(part, wanted, resamples=count, rng=np.random.default_rng(seed))

    def group(name: str, index: Sequence[int], count: int) -> Group:
        part = table.take(np.array(index, dtype=np.int64))
        return Group(name=name, answers=len(part), questions=_questions(part), figures=sampled(part, metrics.OF_GRADER, count))

    return Report(
        made_at=made_at,
        grader=grader,
        data=data,
        attempts=table.scores.shape[1],
        resamples=resamples,
        seed=seed,
        cost=cost,
        overall=group("all", range(len(table)), resamples),
        groups={
            name: tuple(group(value, index, few) for value, index in found.items()) for name, found in _grouped(answers).items() if found
        },
        agreement=_agreement(answers, sampled(table, metrics.OF_PEOPLE, few)),
        bins=_bins(table, lambda part: sampled(part, {"mean": _mean}, few)["mean"]),
        bands=metrics.table_of_bands(table),
        answers=_told_apart(a.answer for a in answers),
    )


def _told_apart(answers: Iterable[MeasuredAnswer]) -> tuple[MeasuredAnswer, ...]:
    """Some sets hold an answer twice, with other scores even: the second has an id of its own."""
    times: Counter[str] = Counter()
    found = []
    for answer in answers:
        times[answer.id] += 1
        found.append(answer if times[answer.id] == 1 else answer.model_copy(update={"id": f"{answer.id}-{times[answer.id]}"}))
    return tuple(found)


def figures(part: Columns, wanted: Mapping[str, Metric], *, resamples: int, rng: np.random.Generator) -> dict[str, Figure]:
    """Each metric's value, with the interval that holds the middle 95 % of its values over resamples of whole questions."""
    values: dict[str, float] = {}
    reasons: dict[str, str] = {}
    for name, metric in wanted.items():
        try:
            values[name] = metric(part)
        except Undefined as why:
            reasons[name] = str(why)
    spread = resampled(part, {name: wanted[name] for name in values}, resamples=resamples, rng=rng)
    found = {name: _figure(value, spread[name]) for name, value in values.items()}
    return {name: found.get(name) or Figure(undefined=reasons[name]) for name in wanted}


def resampled(part: Columns, wanted: Mapping[str, Metric], *, resamples: int, rng: np.random.Generator) -> dict[str, list[float]]:
    """Values over resamples: as many questions as there are, drawn with replacement, each with all its answers; NaN: not defined there."""
    index = clusters(part.question)
    found: dict[str, list[float]] = {name: [] for name in wanted}
    if len(index) < 2 or not wanted:
        return found
    for _ in range(resamples):
        sample = part.take(np.concatenate([index[n] for n in rng.integers(len(index), size=len(index))]))
        for name, metric in wanted.items():
            found[name].append(_or_nan(metric, sample))
    return found


def clusters(question: np.ndarray[tuple[int], np.dtype[np.int64]]) -> list[np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """The rows of each question."""
    return [np.flatnonzero(question == code) for code in np.unique(question)]


def interval(values: Sequence[float]) -> tuple[float, float] | None:
    """The middle 95 %; None where too many are not defined, or there are none."""
    known = np.array(values)[~np.isnan(values)] if values else np.array([])
    if not len(known) or len(known) < (1 - LOST) * len(values):
        return None
    low, high = np.percentile(known, TAILS)
    return float(low), float(high)


def _or_nan(metric: Metric, sample: Columns) -> float:
    try:
        return metric(sample)
    except Undefined:
        return float("nan")


def _figure(value: float, values: Sequence[float]) -> Figure:
    found = interval(values)
    return Figure(value=value, low=found[0], high=found[1]) if found else Figure(value=value)


def _questions(part: Columns) -> int:
    return len(np.unique(part.question))


def _grouped(answers: Sequence[Held]) -> dict[str, dict[str, list[int]]]:
    """Which answers fall under each value of each dimension; a dimension with one value says nothing new."""
    found: dict[str, defaultdict[str, list[int]]] = {name: defaultdict(list) for name in DIMENSIONS}
    for number, answer in enumerate(answers):
        for name, value in {"band": band_of(answer.answer.human).value, **answer.groups}.items():
            found[name][value].append(number)
    order = {band.value: n for n, band in enumerate(BANDS)}
    return {
        name: dict(sorted(values.items(), key=lambda v: (order.get(v[0], 0), v[0]))) for name, values in found.items() if len(values) > 1
    }


def _agreement(answers: Sequence[Held], with_intervals: Mapping[str, Figure]) -> dict[str, Figure]:
    """People with people; nothing where one alone scored."""
    if not any(len(a.by_annotator) > 1 for a in answers):
        return {}
    alphas: dict[str, Callable[[Sequence[Held]], float]] = {"alpha_scores": metrics.alpha_scores, "alpha_points": metrics.alpha_points}
    found = {}
    for name, alpha in alphas.items():
        try:
            found[name] = Figure(value=alpha(answers))
        except Undefined as why:
            found[name] = Figure(undefined=str(why))
    return found | dict(with_intervals)


def _mean(part: Columns) -> float:
    found = part.graded
    if not len(found):
        raise Undefined("no answer has a grade")
    return float(np.mean(found.first))


def _bins(table: Columns, mean: Callable[[Columns], Figure]) -> tuple[Bin, ...]:
    bins = metrics.bin_of(table.human)
    width = 100 / metrics.BINS
    return tuple(
        Bin(low=n * width, high=(n + 1) * width, answers=len(part), human=float(np.mean(part.human)), grader=mean(part))
        for n in range(metrics.BINS)
        if len(part := table.take(np.flatnonzero(bins == n)))
    )
