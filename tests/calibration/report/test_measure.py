"""A report recovers what a grader of known behaviour is, within its own intervals; and stored, it reads back the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from interviewer.calibration.report import metrics
from interviewer.calibration.report.columns import Held, columns
from interviewer.calibration.report.figures import Figure
from interviewer.calibration.report.measure import figures, interval, made
from interviewer.calibration.report.report import MeasuredData, MeasuredGrader, Report, read_report, to_json
from interviewer.domain.errors import DataError
from tests.calibration.report import scripted
from tests.calibration.report.scripted import Rule, graded
from tests.calibration.report.test_metrics import answer
from tests.fakes import START

RESAMPLES = 200


def measured(answers: list[Held]) -> dict[str, Figure]:
    return figures(columns(answers), metrics.OF_GRADER, resamples=RESAMPLES, rng=np.random.default_rng(0))


def report(answers: list[Held], **changes: Any) -> Report:
    data = MeasuredData(name="a set", sha256="0" * 64, answers=len(answers), questions=60, annotators=1, points=8)
    grader = MeasuredGrader(name="llm", words="m at here", model="m", identity="one")
    return made(answers, **{"grader": grader, "data": data, "made_at": START, "resamples": 40, "seed": 0} | changes)


def holds(figure: Figure, value: float) -> bool:
    """Whether the interval holds the value, and is narrow enough to say something."""
    assert figure.low is not None
    assert figure.high is not None
    return figure.low <= value <= figure.high and figure.high - figure.low < 0.15


def met_share() -> float:
    said = [v is scripted.MET for item in scripted.truth() if item.human for v in item.human.verdicts[0].values()]
    return sum(said) / len(said)


def test_a_perfect_grader() -> None:
    found = measured(graded(scripted.perfect, attempts=2))
    assert [found[n].value for n in ("rmse", "mae", "bias", "flips", "band_flips", "ungraded", "order_bias")] == [0] * 7
    for name in ("pearson", "spearman", "qwk", "point_macro_f1", "point_tpr", "point_tnr"):
        assert found[name].value == pytest.approx(1)
    assert "error is the same" in found["length_bias"].undefined


def test_a_lenient_grader() -> None:
    found = measured(graded(scripted.lenient))
    assert found["point_tpr"].value == 1
    assert holds(found["point_tnr"], 1 - scripted.LENIENT)
    bias = found["bias"]
    assert bias.low is not None
    assert bias.high is not None
    assert 0 < bias.low <= 100 * scripted.LENIENT * (1 - met_share()) <= bias.high


def test_a_strict_grader() -> None:
    found = measured(graded(scripted.strict))
    assert found["point_tnr"].value == 1
    assert holds(found["point_tpr"], 1 - scripted.STRICT)
    bias = found["bias"]
    assert bias.low is not None
    assert bias.high is not None
    assert bias.low <= -100 * scripted.STRICT * met_share() <= bias.high < 0


def test_a_guessing_grader() -> None:
    found = measured(graded(scripted.guessing, seed=8))  # one interval in twenty misses; with which guesses, is chance
    assert holds(found["point_tpr"], 0.5)
    assert holds(found["point_tnr"], 0.5)
    assert holds(found["point_macro_f1"], 0.5)
    pearson = found["pearson"]
    assert pearson.low is not None
    assert pearson.high is not None
    assert pearson.low < 0 < pearson.high


def test_a_grader_that_is_biased_by_order() -> None:
    assert holds(measured(graded(scripted.order_biased))["order_bias"], scripted.EARLY * (1 - met_share()))


@pytest.mark.parametrize("rule", [scripted.lenient, scripted.strict, scripted.guessing, scripted.length_biased])
def test_the_others_are_not_biased_by_order(rule: Rule) -> None:
    assert holds(measured(graded(rule))["order_bias"], 0)


def test_a_grader_that_is_biased_by_length() -> None:
    bias = measured(graded(scripted.length_biased))["length_bias"]
    assert bias.value is not None
    assert bias.low is not None
    assert bias.low > 0.2
    runs = [measured_length(seed) for seed in range(20)]  # what it is, taken from many sets of verdicts
    assert bias.high is not None
    assert bias.low <= sum(runs) / len(runs) <= bias.high


def measured_length(seed: int) -> float:
    return metrics.length_bias(columns(graded(scripted.length_biased, seed=seed)))


@pytest.mark.parametrize("rule", [scripted.lenient, scripted.strict, scripted.guessing, scripted.order_biased])
def test_the_others_are_not_biased_by_length(rule: Rule) -> None:
    bias = measured(graded(rule))["length_bias"]
    assert bias.low is not None
    assert bias.high is not None
    assert bias.low < 0 < bias.high


def test_a_flaky_grader() -> None:
    found = measured(graded(scripted.flaky, attempts=2))
    assert holds(found["flips"], 2 * scripted.FLAKY * (1 - scripted.FLAKY))
    assert holds(found["point_tpr"], 1 - scripted.FLAKY)
    assert holds(found["point_tnr"], 1 - scripted.FLAKY)


def test_a_grader_that_often_gives_no_grade() -> None:
    found = measured(graded(scripted.perfect, ungraded=scripted.UNGRADED))
    assert holds(found["ungraded"], scripted.UNGRADED)
    assert found["rmse"].value == 0


def test_intervals_cover_as_often_as_they_say() -> None:
    """True positive rate of the strict grader over 40 sets of verdicts: about 95 % of the intervals hold the truth."""
    hits = 0
    for seed in range(40):
        table = columns(graded(scripted.strict, seed=seed))
        found = figures(table, {"tpr": metrics.point_tpr}, resamples=RESAMPLES, rng=np.random.default_rng(seed))["tpr"]
        hits += holds(found, 1 - scripted.STRICT)
    assert hits >= 34


def test_questions_are_drawn_whole() -> None:
    """Answers to one question that are all alike say no more than one: the interval is that of ten questions, not of a thousand answers."""
    one_each = [answer(0, 10 * n, question=str(n)) for n in range(10)]
    many = [answer(0, 10 * n, question=str(n)) for n in range(10) for _ in range(100)]
    narrow, wide = (measured(rows)["bias"] for rows in (one_each, many))
    assert (narrow.low, narrow.high) == (wide.low, wide.high)


def test_one_question_has_no_interval() -> None:
    found = measured([answer(0, 10), answer(50, 40), answer(90, 100)])
    assert found["mae"].value == 10
    assert found["mae"].low is None


def test_an_interval_needs_nearly_all_resamples() -> None:
    nan = float("nan")
    assert interval([1.0] * 94 + [nan] * 6) is None
    assert interval([1.0] * 96 + [nan] * 4) == (1, 1)
    assert interval([]) is None


def test_the_same_seed_the_same_report() -> None:
    answers = graded(scripted.lenient)
    assert report(answers) == report(answers)
    assert report(answers).overall != report(answers, seed=1).overall


def test_groups_bins_and_bands() -> None:
    found = report(graded(scripted.lenient, attempts=2))
    assert [g.name for g in found.groups["band"]] == ["weak", "developing", "solid", "strong"]
    assert {g.name for g in found.groups["level"]} == {"long", "short"}
    assert "kind" not in found.groups  # all answers are of one kind
    for groups in found.groups.values():
        assert sum(g.answers for g in groups) == len(found.answers)
    assert sum(b.answers for b in found.bins) == sum(map(sum, found.bands)) == len(found.answers)
    assert all(b.grader.value is not None and b.grader.value >= b.human - 1e-9 for b in found.bins)
    assert found.agreement == {}


def test_a_set_without_spread_says_what_is_not_defined() -> None:
    found = report([answer(50, 40, question=str(n)) for n in range(5)])
    assert found.overall.figures["pearson"].undefined == "the examiners gave every answer the same score"
    assert found.overall.figures["mae"].value == 10


def test_a_report_reads_back_the_same(tmp_path: Path) -> None:
    found = report(graded(scripted.flaky, attempts=2, ungraded=0.1))
    path = tmp_path / "r.json"
    path.write_text(to_json(found), "utf-8")
    assert read_report(path) == found


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"version": 2}, "version 2, and this program reads version 1. Make it anew"),
        ({"version": None}, "version None"),
        ({"format": "other"}, "is not a report of `interviewer calibrate`"),
        ({"attempts": "many"}, "is damaged: attempts is not as a report has it"),
        ({"extra": 1}, "is damaged: extra"),
    ],
)
def test_a_report_of_another_version_or_a_damaged_one_says_so(tmp_path: Path, change: dict[str, object], told: str) -> None:
    content = json.loads(to_json(report(graded(scripted.perfect)[:24]))) | change
    path = tmp_path / "r.json"
    path.write_text(json.dumps(content), "utf-8")
    with pytest.raises(DataError, match=told):
        read_report(path)


@pytest.mark.parametrize("content", ["", "[1]", "{", '"x"'])
def test_a_file_that_is_no_report_says_so(tmp_path: Path, content: str) -> None:
    path = tmp_path / "r.json"
    path.write_text(content, "utf-8")
    with pytest.raises(DataError, match="is not a report"):
        read_report(path)
    with pytest.raises(DataError, match="cannot be read"):
        read_report(tmp_path / "none.json")
