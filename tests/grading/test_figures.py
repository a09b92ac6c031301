"""The figure a question asks for: found in answers as people give them, and what it does to its point."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from interviewer.domain.grade import FigureResult, PointResult, Verdict
from interviewer.domain.question import Question
from interviewer.grading.evidence import Spoken
from interviewer.grading.figures import RIGHT_BUT_MISSED, apply_figure, check_figure, states_right_figure
from tests.samples import question

CASES: dict[str, dict[str, list[str]]] = yaml.safe_load(Path(__file__).with_name("figure_cases.yaml").read_text("utf-8"))


def pairs(which: str) -> list[tuple[str, str]]:
    return [(name, said) for name, cases in CASES.items() for said in cases[which]]


def asks(value: float = 3.07, unit: str = "TB", *, point: str | None = "looks-up", tolerance: float = 0.1, asked: str = "") -> Question:
    number = {"value": value, "unit": unit, "tolerance": tolerance, "working": "by hand", "point": point}
    return question(number=number, **({"question": asked} if asked else {}))


def found(said: str, of: Question | None = None) -> FigureResult:
    result = check_figure(of or asks(), Spoken.of(said))
    assert result is not None
    return result


# found in answers


def test_every_question_of_the_bank_with_a_number_has_cases(bank) -> None:
    asking = {q.id for q in bank.questions.values() if q.number}
    assert asking == CASES.keys()
    assert all(cases["right"] and cases["wrong"] for cases in CASES.values())


@pytest.mark.parametrize(("name", "said"), pairs("right"))
def test_a_right_figure_is_found(bank, name: str, said: str) -> None:
    result = found(said, bank.question(name))
    assert result.right
    assert result.evidence is not None
    assert said[result.evidence.start : result.evidence.end] == result.evidence.text


@pytest.mark.parametrize(("name", "said"), pairs("wrong"))
def test_a_wrong_or_missing_figure_is_not_right(bank, name: str, said: str) -> None:
    assert not found(said, bank.question(name)).right


def test_the_reference_answers_state_their_figures(bank) -> None:
    for asked in bank.questions.values():
        assert states_right_figure(asked, asked.reference_answer) is (True if asked.number else None), asked.id


def test_without_a_number_nothing_is_asked() -> None:
    assert check_figure(question(), Spoken.of("3 TB")) is None


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("It takes about **3.07** terabytes, I think.", "3.07 terabytes"),
        ("It takes 3.07\n  TB.", "3.07 TB"),
        ("3072 GB", "3072 GB"),
        ("about 3 to 3.1 TB", "3 to 3.1 TB"),
        ("768 GB, then 5 TB, and 400 TB", "5 TB"),
        ("first 4 TB, so my answer is 50 TB", "50 TB"),
    ],
)
def test_the_figure_is_shown_as_it_was_written_and_of_wrong_ones_the_nearest(said: str, shown: str) -> None:
    assert found(said).said == shown


def test_the_evidence_is_exact_in_the_raw_answer() -> None:
    raw = "\u202eAbout 3.07\u200b × 10¹² by\u00adtes in all."
    evidence = found(raw).evidence
    assert evidence is not None
    assert evidence.text == raw[evidence.start : evidence.end] == "3.07\u200b × 10¹² by\u00adtes"


def test_numbers_of_something_else_are_no_figure() -> None:
    result = found("1. It has 768 dimensions, see [3], and takes 50 ms.")
    assert (result.right, result.said, result.evidence, result.wanted) == (False, "", None, "3.07 TB")


@pytest.mark.parametrize(("value", "right"), [("3.377", True), ("3.378", False), ("2.763", True), ("2.762", False)])
def test_the_tolerance_is_relative_and_inclusive(value: str, right: bool) -> None:
    assert found(f"{value} TB").right is right


@pytest.mark.parametrize(
    ("said", "right"),
    [
        ("The weights need 3 TB. In total it is 5 TB.", False),
        ("The weights need 3 TB, that is 5 TB in total.", False),
        ("In total it is 5 TB, no, the answer is 3 TB.", True),
        ("In total 3 TB. With two replicas it would be 6 TB in total.", True),
        ("In total 3 TB, so 6 GB in total per GPU.", True),
    ],
)
def test_where_a_total_is_asked_the_total_is_the_answer(said: str, right: bool) -> None:
    assert found(said, asks(asked="How many TB do the weights take in all?")).right is right


def test_where_no_total_is_asked_a_total_of_something_else_takes_nothing_away() -> None:
    assert found("The weights need 3 TB. In total it is 5 TB.").right


@pytest.mark.parametrize(
    ("said", "right"),
    [
        ("between 0.1 and 6.04 TB", False),
        ("0.1 to 6.04 TB", False),
        ("2.9 to 3.3 TB", True),
        ("It is 3 TB or 5 TB. The codes need 96 GB.", False),
        ("It is 3 TB. Or 5 TB with replicas.", True),
        ("It is 3 TB; the final figure is 6 GB a GPU.", True),
        ("It is 3 TB; the final figure is 6 GB.", False),
    ],
)
def test_ranges_choices_and_last_words(said: str, right: bool) -> None:
    assert found(said).right is right


@pytest.mark.parametrize("said", ["per 11 steps, top 11", "see step 11", "ln 11", "version 11"])
def test_a_number_that_is_no_amount_is_no_figure(said: str) -> None:
    assert not found(said, asks(11, "concurrent requests")).right


def test_a_negative_figure_has_its_sign() -> None:
    assert found("It is \u22124.1 TB", asks(-4.0)).right
    assert not found("It is 4.1 TB", asks(-4.0)).right


@given(st.floats(0.001, 1e6), st.sampled_from(["{:.9g} TB", "{:.9g}TB", "about {:.9g} terabytes", "so = {:.9g} TB."]))
def test_any_figure_is_right_for_itself_and_wrong_for_its_double(value: float, way: str) -> None:
    said = way.format(value)
    assert found(said, asks(value)).right
    assert not found(said, asks(2 * value)).right


@given(st.text(), st.sampled_from(["TB", "tokens", "%", "nats per token", "USD per month"]))
def test_no_answer_raises(said: str, unit: str) -> None:
    result = found(said, asks(unit=unit))
    assert result.evidence is None or said[result.evidence.start : result.evidence.end] == result.evidence.text


@pytest.mark.parametrize("piece", ["about 3 TB is the raw size of it, so ", "5 TB or ", "the answer is in total a ", "2 x ", "= about a "])
def test_a_hundred_kilobytes_are_read_to_their_end(piece: str) -> None:
    """Work that grew with the square of the length would run into the time limit of every test."""
    filler = piece * (100_000 // len(piece))
    assert found(f"{filler}. At last: the answer is 3.07 TB.", asks(asked="How many TB in all?")).right


# what it does to its point


def results(verdict: Verdict, *flags: str) -> tuple[PointResult, ...]:
    return (
        PointResult(point="looks-up", verdict=verdict, reasoning="Because.", flags=flags),
        PointResult(point="into-prompt", verdict=Verdict.MET),
    )


def applied(verdict: Verdict, said: str, of: Question | None = None) -> PointResult:
    asked = of or asks()
    first, second = apply_figure(asked, results(verdict, "a flag"), check_figure(asked, Spoken.of(said)))
    assert second == results(verdict)[1]
    assert (first.point, first.reasoning, first.flags[0]) == ("looks-up", "Because.", "a flag")
    return first


def test_a_met_point_with_the_right_figure_stays_met() -> None:
    assert applied(Verdict.MET, "3.07 TB") == results(Verdict.MET, "a flag")[0]


def test_a_wrong_figure_takes_the_points_credit_and_says_so() -> None:
    changed = applied(Verdict.MET, "30 TB")
    assert (changed.verdict, changed.flags[1:]) == (Verdict.NOT_MET, ("the figure “30 TB” is not within 10 % of 3.07 TB",))


def test_a_figure_that_code_cannot_find_is_flagged_and_overrules_nobody() -> None:
    """It may be there in words that code cannot read; the flag sends the point to a second opinion."""
    changed = applied(Verdict.MET, "It is big.", asks(980_000, "tokens", tolerance=0.06))
    assert (changed.verdict, changed.flags[1:]) == (Verdict.MET, ("code found no figure in tokens; check that yours is there",))


@pytest.mark.parametrize("text", ["Input costs $9000 and output $4800, 13,800 in all.", "$9000 for input; 13.8k a month"])
def test_a_bare_number_of_the_right_size_keeps_wrong_figures_from_taking_the_point(text: str) -> None:
    changed = applied(Verdict.MET, text, asks(13_800, "USD per 30-day month", tolerance=0.03))
    assert changed.verdict is Verdict.MET
    assert "code found no figure" in changed.flags[-1]


def test_a_right_figure_alone_earns_nothing_and_a_flag_says_why() -> None:
    changed = applied(Verdict.NOT_MET, "3.07 TB")
    assert (changed.verdict, changed.flags[1:]) == (Verdict.NOT_MET, (RIGHT_BUT_MISSED,))


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        (Verdict.NOT_MET, "30 TB"),
        (Verdict.CONTRADICTED, "30 TB"),
        (Verdict.CONTRADICTED, "3 TB"),
        (Verdict.CANNOT_ASSESS, ""),
        (Verdict.CANNOT_ASSESS, "3 TB"),
    ],
)
def test_other_verdicts_stay_as_they_are(verdict: Verdict, said: str) -> None:
    assert applied(verdict, said) == results(verdict, "a flag")[0]


def test_without_a_point_the_figure_is_only_shown() -> None:
    asked = asks(point=None)
    assert apply_figure(asked, results(Verdict.MET), found("30 TB", asked)) == results(Verdict.MET)


def test_without_a_figure_nothing_changes() -> None:
    assert apply_figure(question(), results(Verdict.MET), None) == results(Verdict.MET)


def test_the_flag_holds_little_of_what_was_said_and_no_markup() -> None:
    changed = applied(Verdict.MET, "**30** *concurrent* **`tokens`** per [x](y)", asks(11, "concurrent tokens"))
    assert changed.flags[1] == "the figure “30 concurrent tokens” is not within 10 % of 11 concurrent tokens"
