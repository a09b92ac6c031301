"""What is measured of a grader: the name of each figure, what it means, which way is better, and how it is written.

No figure is computed here: pages that only show reports need none of the packages that computing them takes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Better = Literal["higher", "lower", "zero", "neither"]


class Record(BaseModel):
    """Part of a stored report: frozen, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


Number = Annotated[float, Field(ge=-1000, le=1000)]
"""No figure of any measure lies outside."""


class Figure(Record):
    """A figure with its 95 % interval. `undefined` says why there is no value; the interval may lack by itself."""

    value: Number | None = None
    low: Number | None = None
    high: Number | None = None
    undefined: str = ""


@dataclass(frozen=True, kw_only=True)
class Measure:
    """One kind of figure. `unit`: "" for plain numbers in −1…1 or 0…1, "points" of 100, or "share", written in per cent."""

    name: str
    title: str
    meaning: str
    better: Better
    unit: Literal["", "points", "share"] = ""


SCORES = (
    Measure(name="pearson", title="Pearson r", meaning="linear correlation with the examiners' scores", better="higher"),
    Measure(name="spearman", title="Spearman r", meaning="correlation of the ranks", better="higher"),
    Measure(name="rmse", title="RMSE", meaning="root mean squared error; large errors count most", better="lower", unit="points"),
    Measure(
        name="weighted_rmse",
        title="Weighted RMSE",
        meaning="ASAG2024's: ten equal bins of the examiners' score, each weighted alike, so that no common score decides",
        better="lower",
        unit="points",
    ),
    Measure(name="mae", title="MAE", meaning="mean absolute error", better="lower", unit="points"),
    Measure(
        name="qwk",
        title="Quadratic weighted κ",
        meaning="agreement on the four bands beyond chance; a miss by two bands counts four times",
        better="higher",
    ),
    Measure(name="bias", title="Bias", meaning="mean of grader minus examiners: above zero is lenient", better="zero", unit="points"),
    Measure(
        name="two_way_f1",
        title="Macro-F1, right or wrong",
        meaning="where the examiners said right or wrong only: the grader says right from 50 points on",
        better="higher",
    ),
)
POINTS = (
    Measure(name="point_macro_f1", title="Macro-F1 of points", meaning="met or not met, both classes weighted alike", better="higher"),
    Measure(
        name="point_tpr",
        title="True positive rate",
        meaning="of the points that the examiners call met, those that it credits",
        better="higher",
        unit="share",
    ),
    Measure(
        name="point_tnr",
        title="True negative rate",
        meaning="of the points that the examiners call not met, those that it does not credit",
        better="higher",
        unit="share",
    ),
)
CONDUCT = (
    Measure(name="ungraded", title="Ungraded", meaning="gradings that gave no grade", better="lower", unit="share"),
    Measure(
        name="flips", title="Flips of points", meaning="points that repeated gradings decide differently", better="lower", unit="share"
    ),
    Measure(name="band_flips", title="Flips of bands", meaning="answers whose band repeated gradings change", better="lower", unit="share"),
    Measure(
        name="length_bias",
        title="Length bias",
        meaning="correlation of error and log length among answers that the examiners score alike",
        better="zero",
    ),
    Measure(
        name="order_bias",
        title="Order bias",
        meaning="how much more it credits, beyond what the examiners credit, in the first half of the points as shown than in the second",
        better="zero",
        unit="share",
    ),
)
AGREEMENT = (
    Measure(name="alpha_scores", title="Krippendorff's α of scores", meaning="interval scale, all annotators", better="neither"),
    Measure(name="alpha_points", title="Krippendorff's α of points", meaning="met, not met or contradicted", better="neither"),
    Measure(
        name="human_macro_f1",
        title="Macro-F1 of points",
        meaning="the second annotator held against the first, as a grader is",
        better="neither",
    ),
    Measure(name="human_rmse", title="RMSE", meaning="between the first two annotators", better="neither", unit="points"),
    Measure(name="human_pearson", title="Pearson r", meaning="between the first two annotators", better="neither"),
)
MEASURES = {measure.name: measure for measure in (*SCORES, *POINTS, *CONDUCT, *AGREEMENT)}


def written(measure: Measure, value: float, *, signed: bool = False) -> str:
    """A value as it stands in tables: 12.3, 94.1 % or 0.57; with its sign where that says something."""
    sign = "+" if signed or measure.better == "zero" else ""
    shown, digits = (100 * value, 1) if measure.unit == "share" else (value, 1 if measure.unit else 3)
    shown = round(shown, digits) or 0.0  # no "−0.0"
    return f"{shown:{sign}.{digits}f}{' %' if measure.unit == 'share' else ''}".replace("-", "−")


def told(measure: Measure, figure: Figure) -> str:
    """A figure with its interval, or that it is not defined."""
    if figure.value is None:
        return "not defined"
    if figure.low is None or figure.high is None:
        return written(measure, figure.value)
    return f"{written(measure, figure.value)} ({written(measure, figure.low)} to {written(measure, figure.high)})"
