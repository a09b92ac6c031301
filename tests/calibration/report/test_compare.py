"""Is B better than A? Told with an interval, and only where the answers can tell."""

from __future__ import annotations

import pytest

from interviewer.calibration.report.columns import Held
from interviewer.calibration.report.compare import Comparison, Difference, compared, to_table
from interviewer.domain.errors import DataError
from tests.calibration.report import scripted
from tests.calibration.report.scripted import graded
from tests.calibration.report.test_measure import report
from tests.calibration.report.test_metrics import answer


def comparison(a: list[Held], b: list[Held]) -> Comparison:
    return compared(report(a), report(b), resamples=200, seed=0)


def of(found: Comparison, name: str) -> Difference:
    return next(d for d in found.differences if d.measure.name == name)


def test_a_better_grader_is_better_in_what_it_is_better_at() -> None:
    found = comparison(graded(scripted.lenient), graded(scripted.perfect))
    assert found.verdict == "B is better than A."
    assert of(found, "rmse").verdict == of(found, "point_tnr").verdict == of(found, "bias").verdict == "better"
    tnr = of(found, "point_tnr")
    assert tnr.low is not None
    assert tnr.high is not None
    assert tnr.low <= scripted.LENIENT <= tnr.high
    assert comparison(graded(scripted.perfect), graded(scripted.lenient)).verdict == "B is worse than A."


def test_of_two_graders_of_one_kind_no_difference_can_be_told() -> None:
    found = comparison(graded(scripted.flaky, seed=1), graded(scripted.flaky, seed=2))
    assert found.verdict == "No difference can be told from these answers."
    assert {d.verdict for d in found.differences if d.measure.name in ("rmse", "point_macro_f1")} == {"open"}


def test_a_grader_is_no_better_than_itself() -> None:
    found = comparison(graded(scripted.lenient), graded(scripted.lenient))
    assert {(d.value, d.verdict) for d in found.differences} == {(0, "open")}


def test_a_bias_is_as_bad_below_zero_as_above() -> None:
    above, below = (
        [
            Held(answer=answer(50, 50 + sign * (10 + n % 2), question=str(n // 2)).answer.model_copy(update={"id": str(n)}), groups={})
            for n in range(40)
        ]
        for sign in (1, -1)
    )
    assert of(comparison(above, below), "bias").value == 0


def test_ungraded_answers_count_against_a_grader_and_only_there() -> None:
    found = comparison(graded(scripted.perfect), graded(scripted.perfect, ungraded=0.2))
    assert of(found, "ungraded").verdict == "worse"
    assert [d.measure.name for d in found.worse] == ["ungraded"]


def test_only_answers_of_both_are_compared() -> None:
    answers = graded(scripted.lenient)
    found = comparison(answers[:400], answers[100:])
    assert (found.answers, found.questions) == (300, 26)


def test_reports_on_other_answers_or_labels_are_refused() -> None:
    answers = graded(scripted.lenient)
    with pytest.raises(DataError, match="have no answer in common"):
        comparison(answers[:100], answers[200:])
    changed = [Held(answer=h.answer.model_copy(update={"human": 1.0 + n}), groups=h.groups) if n < 3 else h for n, h in enumerate(answers)]
    with pytest.raises(DataError, match="labels of 3 answers differ between the two reports"):
        comparison(answers, changed)


def test_the_table_says_who_and_how_far_and_what_follows() -> None:
    text = to_table(comparison(graded(scripted.lenient), graded(scripted.perfect)))
    assert "A: m at here (version " in text
    assert "720 answers to 60 questions in both." in text
    line = next(line for line in text.splitlines() if line.startswith("Bias, from zero"))
    assert line.endswith("B is better")
    assert text.endswith("B is better than A.\n")
