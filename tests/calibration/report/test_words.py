"""The verdict, the phrase and the targets say what the figures say, and no more."""

from __future__ import annotations

import pytest

from interviewer.calibration.report.figures import Figure
from interviewer.calibration.report.published import published_on
from interviewer.calibration.report.report import Report
from interviewer.calibration.report.words import phrase, targets, verdict
from tests.calibration.report import samples


def having(**figures: Figure) -> Report:
    base = samples.report()
    return base.model_copy(update={"overall": base.overall.model_copy(update={"figures": base.overall.figures | figures})})


@pytest.mark.parametrize(
    ("bias", "sentence", "short"),
    [
        (
            Figure(value=6.2, low=3.9, high=8.6),
            "It is lenient: on average it gives 6.2 points of 100 more than the examiners (95 % interval +3.9 to +8.6).",
            "lenient by 6.2 of 100",
        ),
        (
            Figure(value=-3, low=-5, high=-0.4),
            "It is strict: on average it gives 3.0 points of 100 less than the examiners (95 % interval −5.0 to −0.4).",
            "strict by 3.0 of 100",
        ),
        (
            Figure(value=-0.6, low=-1.7, high=0.5),
            "No bias shows: on average it gives 0.6 points of 100 less than the examiners, and the interval (−1.7 to +0.5) includes zero.",
            "no bias shows",
        ),
        (Figure(value=0, low=0, high=0), "No bias shows: on average it gives what they give", "no bias shows"),
        (
            Figure(value=9),
            "cannot be told: on average it gives 9.0 points of 100 more than the examiners, but there is no",
            "bias not known",
        ),
        (Figure(undefined="no grades."), "Whether it is lenient or strict is not known: no grades. A grade", "bias not known"),
    ],
)
def test_lenient_or_strict_is_said_where_the_interval_leaves_out_zero(bias: Figure, sentence: str, short: str):
    report = having(bias=bias)
    assert sentence in verdict(report)
    assert phrase(report) == f"On own set, 480 answers: {short}, 18.9 off on average"


def test_the_verdict_says_how_far_off_and_how_points_are_decided():
    said = verdict(samples.report())
    assert "A grade is 18.9 points of 100 off on average (16.8 to 21.0)." in said
    assert "points that the examiners call met it credits 88.1 %; of those that they call not met it refuses 74.2 %." in said
    assert said.endswith("0.4 % of the gradings gave no grade.")
    assert "call met nothing is known; of those" in verdict(having(point_tpr=Figure(undefined="none is met")))


def test_what_is_not_known_is_said_with_its_reason():
    said = verdict(samples.without_figures())
    assert said.count("all answers have the same score") == 3
    assert "All this rests on 1 question: too few" in said
    assert "is not known: the set has no verdicts on points." in verdict(samples.without_points())
    assert phrase(samples.without_figures()) == "On flat.jsonl, 6 answers: bias not known"


def outcomes(report: Report) -> dict[str, str]:
    return {t.measure.name: t.outcome for t in targets(report)}


def test_targets_are_met_or_missed_by_whole_intervals():
    assert outcomes(samples.report()) == {"point_macro_f1": "missed", "point_tnr": "missed", "bias": "missed", "flips": "met"}
    good = having(
        point_macro_f1=Figure(value=0.95, low=0.935, high=0.96),
        point_tnr=Figure(value=0.93, low=0.90, high=0.95),
        bias=Figure(value=-1, low=-2, high=0.5),
        flips=Figure(value=0.03, low=0.021, high=0.04),
    )
    assert outcomes(good) == {"point_macro_f1": "met", "point_tnr": "met", "bias": "met", "flips": "missed"}


def test_where_the_bound_lies_inside_the_interval_a_target_cannot_be_told():
    wide = having(
        point_macro_f1=Figure(value=0.95, low=0.92, high=0.97),
        point_tnr=Figure(value=0.95),
        bias=Figure(value=0, low=-2.1, high=2.1),
        flips=Figure(undefined="one attempt"),
    )
    assert outcomes(wide) == {
        "point_macro_f1": "cannot be told",
        "point_tnr": "cannot be told",
        "bias": "cannot be told",
        "flips": "not measured",
    }


def test_without_a_second_examiner_agreement_between_them_is_no_target():
    alone = samples.report(agreement={})
    assert outcomes(alone)["point_macro_f1"] == "not measured"


@pytest.mark.parametrize(
    ("data", "sets"),
    [
        ("saf_en-unseen_questions", {"saf"}),
        ("SciEntsBank", {"scientsbank"}),
        ("beetle.jsonl", {"beetle"}),
        ("unsafe", set()),
        ("own set", set()),
    ],
)
def test_published_figures_are_those_of_the_data(data: str, sets: set[str]):
    assert {row.name for row in published_on(data)} == sets
