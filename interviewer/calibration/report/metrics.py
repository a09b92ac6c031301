"""The figures themselves, by scikit-learn, scipy and krippendorff (the extra `interviewer[calibrate]`). Each is a function of columns.

A figure that the answers do not define raises `Undefined` with the reason; it is never a number instead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

import krippendorff
import numpy as np
from scipy import stats
from sklearn import metrics as sk

from interviewer.calibration.report.columns import Columns, Held, Numbers
from interviewer.domain.scoring import BAND_FLOORS

BINS = 10
RIGHT = 50.0
FEWEST = 3
"""Answers that a correlation takes at least."""
FLOORS = np.array(sorted(floor for floor, _ in BAND_FLOORS)[1:])


def table_of_bands(columns: Columns) -> tuple[tuple[int, ...], ...]:
    """Graded answers by people's band (rows) and the grader's (columns), weak first."""
    found = columns.graded
    codes = range(len(FLOORS) + 1)
    if not len(found):
        return tuple((0,) * len(codes) for _ in codes)
    counts = sk.confusion_matrix(band_code(found.human), band_code(found.first), labels=codes)
    return tuple(tuple(int(n) for n in row) for row in counts)


class Undefined(Exception):
    """These answers do not define the figure; the message says why."""


def bin_of(human: Numbers) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Which of ten equal bins a score lies in: 0 for 0–10, 9 for 90–100."""
    return np.minimum((human * BINS / 100).astype(np.int64), BINS - 1)


def band_code(scores: Numbers) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """0 weak, 1 developing, 2 solid, 3 strong."""
    return np.digitize(scores, FLOORS)


def _graded(columns: Columns, fewest: int = 1) -> Columns:
    found = columns.graded
    if len(found) < fewest:
        raise Undefined("no answer has a grade" if not len(found) else f"fewer than {fewest} answers have a grade")
    return found


def _spread(columns: Columns) -> Columns:
    """Graded answers between which both people and grader differ."""
    found = _graded(columns, FEWEST)
    if np.ptp(found.human) == 0:
        raise Undefined("the examiners gave every answer the same score")
    if np.ptp(found.first) == 0:
        raise Undefined("the grader gave every answer the same score")
    return found


def pearson(columns: Columns) -> float:
    """Linear correlation."""
    found = _spread(columns)
    return float(stats.pearsonr(found.human, found.first).statistic)


def spearman(columns: Columns) -> float:
    """Correlation of the ranks."""
    found = _spread(columns)
    return float(stats.spearmanr(found.human, found.first).statistic)


def rmse(columns: Columns) -> float:
    """Root mean squared error, points of 100."""
    found = _graded(columns)
    return float(sk.root_mean_squared_error(found.human, found.first))


def weighted_rmse(columns: Columns) -> float:
    """ASAG2024's (arXiv:2409.18596): each of ten equal bins of the human score that has answers weighs the same."""
    found = _graded(columns)
    bins = bin_of(found.human)
    weights = 1 / np.bincount(bins, minlength=BINS)[bins]
    return float(sk.root_mean_squared_error(found.human, found.first, sample_weight=weights))


def mae(columns: Columns) -> float:
    """Mean absolute error, points of 100."""
    found = _graded(columns)
    return float(sk.mean_absolute_error(found.human, found.first))


def bias(columns: Columns) -> float:
    """Mean of grader minus people, points of 100."""
    found = _graded(columns)
    return float(np.mean(found.first - found.human))


def qwk(columns: Columns) -> float:
    """Quadratic weighted κ on the four bands."""
    found = _graded(columns)
    people, grader = band_code(found.human), band_code(found.first)
    if np.ptp(people) == 0:
        raise Undefined("the examiners use one band only, so nothing is beyond chance")
    return float(sk.cohen_kappa_score(people, grader, labels=range(len(FLOORS) + 1), weights="quadratic"))


def two_way_f1(columns: Columns) -> float:
    """Macro-F1 of right and wrong, where people said no more than that."""
    found = _graded(columns)
    if not np.isin(found.human, (0, 100)).all():
        raise Undefined("the examiners gave more than right or wrong")
    if np.ptp(found.human) == 0:
        raise Undefined("the examiners gave every answer the same score")
    return float(sk.f1_score(found.human == 100, found.first >= RIGHT, average="macro"))


def _cells(cells: Numbers) -> Numbers:
    total: Numbers = cells.sum(axis=0)
    if total.sum() == 0:
        raise Undefined("no point has a verdict by the examiners")
    return total


def _macro_f1(cells: Numbers) -> float:
    met, missed, refused, given = _cells(cells)
    if met + missed == 0 or refused + given == 0:
        raise Undefined("the examiners say the same of every point")
    return float(met / (2 * met + missed + given) + refused / (2 * refused + missed + given))


def point_macro_f1(columns: Columns) -> float:
    """Of met and not met: the mean of both classes' F1, each annotator's labels counted alike."""
    return _macro_f1(columns.cells)


def point_tpr(columns: Columns) -> float:
    """Share of credited points among those that people call met."""
    met, missed, _, _ = _cells(columns.cells)
    if met + missed == 0:
        raise Undefined("the examiners call no point met")
    return float(met / (met + missed))


def point_tnr(columns: Columns) -> float:
    """Share of points without credit among those that people call not met."""
    _, _, refused, given = _cells(columns.cells)
    if refused + given == 0:
        raise Undefined("the examiners call every point met")
    return float(refused / (refused + given))


def ungraded(columns: Columns) -> float:
    """Share of gradings, over all attempts, that gave no grade."""
    if not columns.scores.size:
        raise Undefined("there is no answer")
    return float(np.isnan(columns.scores).mean())


def flips(columns: Columns) -> float:
    """Share of points whose credit differs between attempts."""
    flipped, repeated = columns.flips.sum(axis=0)
    if not repeated:
        raise Undefined("no answer was graded twice (--attempts)")
    return float(flipped / repeated)


def band_flips(columns: Columns) -> float:
    """Share of answers whose band differs between attempts."""
    twice = columns.scores[(~np.isnan(columns.scores)).sum(axis=1) > 1]
    if not len(twice):
        raise Undefined("no answer was graded twice (--attempts)")
    lowest, highest = band_code(np.nanmin(twice, axis=1)), band_code(np.nanmax(twice, axis=1))
    return float(np.mean(lowest != highest))


def length_bias(columns: Columns) -> float:
    """Correlation of error and log length, both taken as distances from the mean of answers in the same bin of the human score."""
    found = _graded(columns, FEWEST)
    if not found.words.any():
        raise Undefined("the lengths are not known")
    bins = bin_of(found.human)
    error, length = (_within(values, bins) for values in (found.first - found.human, np.log1p(found.words)))
    if np.allclose(error, 0):
        raise Undefined("the error is the same for answers that the examiners score alike")
    if np.allclose(length, 0):
        raise Undefined("answers that the examiners score alike have the same length")
    return float(stats.pearsonr(error, length).statistic)


def _within(values: Numbers, bins: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Numbers:
    counts = np.bincount(bins, minlength=BINS)
    means = np.bincount(bins, weights=values, minlength=BINS) / np.maximum(counts, 1)
    return values - means[bins]


def order_bias(columns: Columns) -> float:
    """Credit beyond people's in the first half of the points as shown, less that in the second half."""
    early, n_early, late, n_late = columns.halves.sum(axis=0)
    if not (n_early and n_late):
        raise Undefined("the order of the points is not known, or nobody labelled them")
    return float(early / n_early - late / n_late)


def human_macro_f1(columns: Columns) -> float:
    """The second annotator held against the first."""
    return _macro_f1(columns.people)


def _pairs(columns: Columns) -> Numbers:
    pairs = columns.annotators[~np.isnan(columns.annotators).any(axis=1)]
    if len(pairs) < FEWEST:
        raise Undefined("fewer than 3 answers have scores by two annotators")
    return pairs


def human_rmse(columns: Columns) -> float:
    """Between the first two annotators, points of 100."""
    pairs = _pairs(columns)
    return float(sk.root_mean_squared_error(pairs[:, 0], pairs[:, 1]))


def human_pearson(columns: Columns) -> float:
    """Between the first two annotators."""
    pairs = _pairs(columns)
    if np.ptp(pairs[:, 0]) == 0 or np.ptp(pairs[:, 1]) == 0:
        raise Undefined("an annotator gave every answer the same score")
    return float(stats.pearsonr(pairs[:, 0], pairs[:, 1]).statistic)


Metric = Callable[[Columns], float]
OF_GRADER: Mapping[str, Metric] = {
    f.__name__: f
    for f in (
        *(pearson, spearman, rmse, weighted_rmse, mae, qwk, bias, two_way_f1),
        *(point_macro_f1, point_tpr, point_tnr),
        *(ungraded, flips, band_flips, length_bias, order_bias),
    )
}
OF_PEOPLE: Mapping[str, Metric] = {f.__name__: f for f in (human_macro_f1, human_rmse, human_pearson)}


def alpha_scores(answers: Sequence[Held]) -> float:
    """Krippendorff's α of the annotators' scores, interval scale. Raises `Undefined`."""
    widest = max((len(a.by_annotator) for a in answers), default=0)
    rows = [[*a.by_annotator, *[np.nan] * (widest - len(a.by_annotator))] for a in answers]
    return _alpha(np.array(rows, dtype=float).reshape(-1, widest).T, "interval")


def alpha_points(answers: Sequence[Held]) -> float:
    """Krippendorff's α of the annotators' verdicts on points: met, not met or contradicted. Raises `Undefined`."""
    codes = {"m": 1.0, "n": 0.0, "c": 2.0}
    points = [[codes[letter] for letter in point] for a in answers for point in zip(*a.answer.truth, strict=True)]
    widest = max((len(p) for p in points), default=0)
    rows = [[*p, *[np.nan] * (widest - len(p))] for p in points]
    return _alpha(np.array(rows, dtype=float).reshape(-1, widest).T, "nominal")


def _alpha(data: Numbers, level: Literal["interval", "nominal"]) -> float:
    if len(data) < 2:
        raise Undefined("there is one annotator only")
    if len(np.unique(data[~np.isnan(data)])) < 2:
        raise Undefined("the annotators use one value only")
    return float(krippendorff.alpha(reliability_data=data, level_of_measurement=level))
