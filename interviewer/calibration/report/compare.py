"""Is one prompt, model or version better than another? Two reports on the same answers, their differences with intervals.

Both are resampled together, question by question, so that what makes a question hard for both does not widen the interval.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from interviewer.calibration.report import metrics
from interviewer.calibration.report.columns import Columns, Held, columns
from interviewer.calibration.report.figures import MEASURES, Measure, written
from interviewer.calibration.report.measure import clusters, interval
from interviewer.calibration.report.metrics import Metric, Undefined
from interviewer.calibration.report.report import MeasuredAnswer, Report
from interviewer.calibration.run.tasks import key_of
from interviewer.domain.errors import DataError
from interviewer.text.terminal import printable

Verdict = Literal["better", "worse", "open", ""]
KNOWN = ("rmse", "weighted_rmse", "mae", "bias", "pearson", "spearman", "qwk", "two_way_f1")
KNOWN_OF_POINTS = ("point_macro_f1", "point_tpr", "point_tnr")
CONDUCT = ("ungraded",)
DECIDING = ("point_macro_f1", "rmse")
"""What the verdict goes by: at the level of points where there are labels, and of scores."""


@dataclass(frozen=True, kw_only=True)
class Difference:
    """B less A in one figure. `verdict` on B: better or worse when the interval keeps to one side, else open; "" when no way is better."""

    measure: Measure
    a: float
    b: float
    value: float
    low: float | None
    high: float | None
    verdict: Verdict


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Two reports over the `answers` that both have, of so many `questions`."""

    a: Report
    b: Report
    answers: int
    questions: int
    differences: tuple[Difference, ...]

    @property
    def worse(self) -> tuple[Difference, ...]:
        """Where B is worse beyond the interval."""
        return tuple(d for d in self.differences if d.verdict == "worse")

    @property
    def verdict(self) -> str:
        """A sentence on the whole, by the deciding figures."""
        decided = {d.verdict for d in self.differences if d.measure.name in DECIDING} - {"open", ""}
        if decided == {"better"}:
            return "B is better than A."
        if decided == {"worse"}:
            return "B is worse than A."
        return "B is better in one respect and worse in another." if decided else "No difference can be told from these answers."


def compared(a: Report, b: Report, *, resamples: int, seed: int) -> Comparison:
    """B against A. Raises `DataError` when they do not stand on the same answers with the same scores by people."""
    of_a, of_b = ({answer.id: answer for answer in report.answers} for report in (a, b))
    shared = [name for name in of_a if name in of_b]
    if not shared:
        raise DataError("The two reports have no answer in common, so there is nothing to compare. Make both on the same data.")
    changed = [name for name in shared if (of_a[name].human, of_a[name].truth) != (of_b[name].human, of_b[name].truth)]
    if changed:
        raise DataError(
            f"People's scores or labels of {len(changed):,} answers differ between the two reports: the data or its points were changed. "
            "Make both reports anew on the same data and points."
        )
    left, right = (columns([_held(found[name]) for name in shared]) for found in (of_a, of_b))
    both = np.flatnonzero(~np.isnan(left.first) & ~np.isnan(right.first))
    spread = _Spread(left=left, right=right, resamples=resamples, seed=seed)
    differences = [*spread.of(both, [*KNOWN, *KNOWN_OF_POINTS]), *spread.of(np.arange(len(shared)), CONDUCT)]
    return Comparison(a=a, b=b, answers=len(shared), questions=len(np.unique(left.question)), differences=tuple(differences))


def _held(answer: MeasuredAnswer) -> Held:
    return Held(answer=answer, groups={})


@dataclass(frozen=True, kw_only=True)
class _Spread:
    """Both sides' columns, row by row the same answers."""

    left: Columns
    right: Columns
    resamples: int
    seed: int

    def of(self, index: np.ndarray[tuple[int], np.dtype[np.int64]], names: tuple[str, ...] | list[str]) -> list[Difference]:
        """The differences over these answers; figures that one side does not define are left out."""
        left, right = self.left.take(index), self.right.take(index)
        wanted: Mapping[str, Metric] = {name: metrics.OF_GRADER[name] for name in names}
        values = {name: (_value(metric, left), _value(metric, right)) for name, metric in wanted.items()}
        known = {name: pair for name, pair in values.items() if not np.isnan(pair).any()}
        samples: dict[str, list[float]] = {name: [] for name in known}
        parts = clusters(left.question)
        rng = np.random.default_rng(self.seed)
        for _ in range(self.resamples if len(parts) > 1 else 0):
            drawn = np.concatenate([parts[n] for n in rng.integers(len(parts), size=len(parts))])
            one, other = left.take(drawn), right.take(drawn)
            for name in known:
                samples[name].append(_ahead(name, _value(wanted[name], one), _value(wanted[name], other)))
        return [_difference(name, *known[name], samples[name]) for name in known]


def _value(metric: Metric, part: Columns) -> float:
    try:
        return metric(part)
    except Undefined:
        return float("nan")


def _ahead(name: str, a: float, b: float) -> float:
    """B less A; of a bias, whose sign is no merit, the distances from zero are compared."""
    return abs(b) - abs(a) if MEASURES[name].better == "zero" else b - a


def _difference(name: str, a: float, b: float, samples: list[float]) -> Difference:
    measure = MEASURES[name]
    value = _ahead(name, a, b)
    found = interval(samples)
    low, high = found or (None, None)
    return Difference(measure=measure, a=a, b=b, value=value, low=low, high=high, verdict=_verdict(measure, low, high))


def _verdict(measure: Measure, low: float | None, high: float | None) -> Verdict:
    if measure.better == "neither" or low is None or high is None:
        return ""
    if low <= 0 <= high:
        return "open"
    return "better" if (low > 0) == (measure.better == "higher") else "worse"


def to_table(found: Comparison) -> str:
    """Plain text for a terminal."""
    lines = [f"A: {_named(found.a)}", f"B: {_named(found.b)}", f"{found.answers:,} answers to {found.questions:,} questions in both.", ""]
    width = max((len(_title(d.measure)) for d in found.differences), default=5)
    lines.append(f"{'':{width}} {'A':>10} {'B':>10} {'difference':>12}   95 % interval")
    lines += [_line(d, width) for d in found.differences]
    return "\n".join([*lines, "", found.verdict]) + "\n"


def _named(report: Report) -> str:
    version = key_of([report.grader.identity])[:8]
    return printable(f"{report.grader.words} (version {version}), {report.data.name}, {report.made_at:%Y-%m-%d %H:%M} UTC", 300)


SAID = {"better": "B is better", "worse": "B is worse", "open": "no difference can be told", "": ""}


def _line(d: Difference, width: int) -> str:
    measure = d.measure
    spread = ""
    if d.low is not None and d.high is not None:
        spread = f"{written(measure, d.low, signed=True)} to {written(measure, d.high, signed=True)}"
    value = written(measure, d.value, signed=True)
    both = f"{written(measure, d.a):>10} {written(measure, d.b):>10}"
    return f"{_title(measure):{width}} {both} {value:>12}   {spread:22} {SAID[d.verdict]}".rstrip()


def _title(measure: Measure) -> str:
    """Of a bias the distances from zero are compared."""
    return f"{measure.title}, from zero" if measure.better == "zero" else measure.title
