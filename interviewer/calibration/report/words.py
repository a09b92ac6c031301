"""What a report says, in plain words: the verdict, a phrase for a list, and which targets for grading are met."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import Literal

from interviewer.calibration.report.figures import MEASURES, Figure, Measure, written
from interviewer.calibration.report.markup import interval
from interviewer.calibration.report.report import Report

Outcome = Literal["met", "missed", "cannot be told", "not measured"]
FEW_QUESTIONS = 10
"""With fewer of them, intervals by resampling questions are too narrow."""
F1_GAP, LEAST_TNR, MOST_BIAS, MOST_FLIPS = 0.05, 0.90, 2.0, 0.02
NOT_MEASURED = Figure(undefined="not measured")


@dataclass(frozen=True, kw_only=True)
class Target:
    """What is asked of a grader, what was found, and whether that is enough."""

    measure: Measure
    goal: str
    found: Figure
    outcome: Outcome


def figure(report: Report, name: str) -> Figure:
    """A figure over all answers, or of the examiners with one another."""
    return report.overall.figures.get(name) or report.agreement.get(name) or NOT_MEASURED


def count(number: int, noun: str) -> str:
    """ "1 answer", "2,981 answers"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def leaning(bias: Figure) -> str:
    """Lenient or strict, where the interval of the bias leaves out zero."""
    if bias.value is None or bias.low is None or bias.high is None:
        return "bias not known"
    return "lenient" if bias.low > 0 else "strict" if bias.high < 0 else "no bias shows"


def phrase(report: Report) -> str:
    """A few words for a list: "On own set, 480 answers: lenient by 6.2 of 100, 14.3 off on average"."""
    bias, mae = figure(report, "bias"), figure(report, "mae")
    said = leaning(bias)
    if bias.value is not None and said in ("lenient", "strict"):
        said += f" by {abs(bias.value):.1f} of 100"
    off = f", {mae.value:.1f} off on average" if mae.value is not None else ""
    return f"On {report.data.name}, {count(report.data.answers, 'answer')}: {said}{off}"


def verdict(report: Report) -> str:
    """One paragraph made from the figures. It may hold text of the report's, which is data."""
    sentences = [_on_bias(figure(report, "bias")), _on_error(figure(report, "mae")), _on_points(report)]
    ungraded = figure(report, "ungraded")
    if ungraded.value:
        sentences.append(f"{written(MEASURES['ungraded'], ungraded.value)} of the gradings gave no grade.")
    if report.data.questions < FEW_QUESTIONS:
        sentences.append(f"All this rests on {count(report.data.questions, 'question')}: too few for intervals to be trusted.")
    return " ".join(sentences)


def targets(report: Report) -> tuple[Target, ...]:
    """What is asked of a grading model, held against the intervals of this report."""
    people = figure(report, "human_macro_f1").value
    return (
        _f1_target(figure(report, "point_macro_f1"), people),
        _target("point_tnr", figure(report, "point_tnr"), f"at least {100 * LEAST_TNR:.0f} %", least=LEAST_TNR),
        _target("bias", figure(report, "bias"), f"from −{MOST_BIAS:g} to +{MOST_BIAS:g}", least=-MOST_BIAS, most=MOST_BIAS),
        _target("flips", figure(report, "flips"), f"at most {100 * MOST_FLIPS:.0f} %", most=MOST_FLIPS),
    )


def _f1_target(found: Figure, people: float | None) -> Target:
    near = f"within {F1_GAP:.2f} of the examiners' with one another"
    if people is None:
        return Target(measure=MEASURES["point_macro_f1"], goal=f"{near}, which is not known", found=found, outcome="not measured")
    goal = f"{near} ({people:.3f}): at least {people - F1_GAP:.3f}"
    return _target("point_macro_f1", found, goal, least=people - F1_GAP)


def _target(name: str, found: Figure, goal: str, *, least: float = -inf, most: float = inf) -> Target:
    return Target(measure=MEASURES[name], goal=goal, found=found, outcome=_outcome(found, least, most))


def _outcome(found: Figure, least: float, most: float) -> Outcome:
    """Met or missed where the whole interval says so; a value without an interval tells nothing."""
    if found.value is None:
        return "not measured"
    if found.low is None or found.high is None:
        return "cannot be told"
    if least <= found.low and found.high <= most:
        return "met"
    return "missed" if found.high < least or found.low > most else "cannot be told"


def _on_bias(bias: Figure) -> str:
    if bias.value is None:
        return f"Whether it is lenient or strict is not known: {_because(bias)}."
    amount, way = f"{abs(bias.value):.1f}", "more" if bias.value > 0 else "less"
    gives = (
        f"on average it gives {amount} points of 100 {way} than the examiners" if float(amount) else "on average it gives what they give"
    )
    ends = interval(MEASURES["bias"], bias)
    if not ends:
        return f"Whether it is lenient or strict cannot be told: {gives}, but there is no interval."
    said = leaning(bias)
    if said == "no bias shows":
        return f"No bias shows: {gives}, and the interval ({ends}) includes zero."
    return f"It is {said}: {gives} (95 % interval {ends})."


def _on_error(mae: Figure) -> str:
    if mae.value is None:
        return f"How far off a grade is, is not known: {_because(mae)}."
    ends = interval(MEASURES["mae"], mae)
    return f"A grade is {mae.value:.1f} points of 100 off on average{f' ({ends})' if ends else ''}."


def _on_points(report: Report) -> str:
    credits_, refuses = figure(report, "point_tpr"), figure(report, "point_tnr")
    if credits_.value is None and refuses.value is None:
        return f"How well it decides single points of a rubric is not known: {_because(credits_)}."
    credited = f"it credits {written(MEASURES['point_tpr'], credits_.value)}" if credits_.value is not None else "nothing is known"
    refused = f"it refuses {written(MEASURES['point_tnr'], refuses.value)}" if refuses.value is not None else "nothing is known"
    return f"Of the rubric points that the examiners call met {credited}; of those that they call not met {refused}."


def _because(found: Figure) -> str:
    return found.undefined.rstrip(". ") or "no reason is given"
