from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interviewer.domain.grade import Band, Verdict
from interviewer.domain.question import Question
from interviewer.domain.scoring import POLICY_1, band_of, reaches
from tests import samples

MET, NOT_MET, CONTRADICTED, CANNOT = Verdict.MET, Verdict.NOT_MET, Verdict.CONTRADICTED, Verdict.CANNOT_ASSESS


def weighted(*weights: int, bonus: tuple[int, ...] = ()) -> Question:
    """Required points r0, r1 …, then bonus points b0, b1 …"""
    required = [{"id": f"r{n}", "claim": "c", "weight": w} for n, w in enumerate(weights)]
    extra = [{"id": f"b{n}", "claim": "c", "weight": w, "kind": "bonus"} for n, w in enumerate(bonus)]
    follow_ups = [{"point": "r0", "ask": "a"}, {"point": "r1", "ask": "b"}]
    return samples.question(points=[*required, *extra], follow_ups=follow_ups)


@pytest.mark.parametrize(
    ("verdicts", "score"),
    [
        ({}, 0),
        ({"r0": MET, "r1": MET, "r2": MET, "r3": MET}, 100),
        ({"r0": MET}, 30),  # 3 of 10
        ({"r0": MET, "r1": MET}, 60),
        ({"r0": MET, "r3": CONTRADICTED}, 20),  # (3 - 2 / 2) of 10
        ({"r0": CONTRADICTED}, 0),  # never below 0
        ({"r0": MET, "b0": MET}, 33),  # + 3 x 1
        ({"r0": MET, "b0": MET, "b1": MET}, 39),  # + 3 x 1 + 3 x 2
        ({"r0": MET, "b1": CONTRADICTED}, 30),  # a bonus costs nothing
        ({"r0": MET, "r1": MET, "r2": MET, "r3": MET, "b1": MET}, 100),  # never above 100
        ({"r0": MET, "r1": MET, "r2": CANNOT}, 60),  # cannot_assess earns nothing
    ],
)
def test_policy_1_on_verdicts(verdicts: dict[str, Verdict], score: float) -> None:
    assert POLICY_1.score(weighted(3, 3, 2, 2, bonus=(1, 2)), verdicts) == score


@pytest.mark.parametrize(("asserted", "score"), [(0, 60), (1, 50), (2, 40), (3, 30), (4, 30), (9, 30)])
def test_a_misconception_costs_ten_and_all_of_them_thirty_at_most(asserted: int, score: float) -> None:
    assert POLICY_1.score(weighted(3, 3, 2, 2), {"r0": MET, "r1": MET}, misconceptions=asserted) == score


@pytest.mark.parametrize(("hints", "score"), [(0, 60), (1, 54), (2, 48), (3, 42), (10, 0), (11, 0)])
def test_each_hint_costs_a_tenth_of_the_questions_score(hints: int, score: float) -> None:
    assert POLICY_1.score(weighted(3, 3, 2, 2), {"r0": MET, "r1": MET}, hints=hints) == score


def test_a_hint_is_taken_off_after_misconceptions_and_bonus() -> None:
    verdicts = {"r0": MET, "r1": MET, "b0": MET}
    assert POLICY_1.score(weighted(3, 3, 2, 2, bonus=(1,)), verdicts, misconceptions=1, hints=1) == pytest.approx(0.9 * (60 + 3 - 10))


def test_points_won_in_a_probe_count_three_quarters() -> None:
    question = weighted(2, 1, 1, bonus=(1,))
    assert POLICY_1.score(question, {"r0": MET}, by_probe=["r0"]) == 37.5
    assert POLICY_1.score(question, {"r1": MET, "b0": MET}, by_probe=["b0"]) == pytest.approx(25 + 2.2, abs=0.06)


@pytest.mark.parametrize("third", [1, 2, 3])
def test_a_third_of_the_weight_undecided_still_gives_a_score(third: int) -> None:
    assert POLICY_1.score(weighted(third, third, third), {"r0": CANNOT, "r1": MET}) == 33.3


def test_over_a_third_of_the_weight_undecided_gives_none() -> None:
    assert POLICY_1.score(weighted(2, 1, 1), {"r0": CANNOT, "r1": MET, "r2": MET}) is None


def test_undecided_bonus_points_do_not_count_towards_the_third() -> None:
    assert POLICY_1.score(weighted(1, 1, 1, bonus=(3, 3)), {"r0": MET, "b0": CANNOT, "b1": CANNOT}) == 33.3


WEIGHTS = st.lists(st.integers(1, 3), min_size=3, max_size=8)
BONUS = st.lists(st.integers(1, 3), max_size=4)


@st.composite
def graded(draw: st.DrawFn) -> tuple[Question, dict[str, Verdict], dict[str, int], list[str]]:
    question = weighted(*draw(WEIGHTS), bonus=tuple(draw(BONUS)))
    ids = [p.id for p in question.points]
    verdicts = {i: draw(st.sampled_from(Verdict)) for i in ids}
    costs = {"misconceptions": draw(st.integers(0, 6)), "hints": draw(st.integers(0, 12))}
    return question, verdicts, costs, draw(st.lists(st.sampled_from(ids)))


@settings(deadline=None)
@given(graded())
def test_a_score_lies_between_0_and_100(case: tuple[Question, dict[str, Verdict], dict[str, int], list[str]]) -> None:
    question, verdicts, costs, by_probe = case
    score = POLICY_1.score(question, verdicts, **costs, by_probe=by_probe)
    assert score is None or 0 <= score <= 100


@settings(deadline=None)
@given(graded(), st.data())
def test_meeting_one_more_point_never_lowers_the_score(
    case: tuple[Question, dict[str, Verdict], dict[str, int], list[str]], data: st.DataObject
) -> None:
    question, verdicts, costs, by_probe = case
    more = verdicts | {data.draw(st.sampled_from(sorted(verdicts))): MET}
    before = POLICY_1.score(question, verdicts, **costs, by_probe=by_probe)
    after = POLICY_1.score(question, more, **costs, by_probe=by_probe)
    assert before is None or (after is not None and after >= before)


@settings(deadline=None)
@given(graded(), st.data())
def test_contradicting_a_point_never_raises_the_score(
    case: tuple[Question, dict[str, Verdict], dict[str, int], list[str]], data: st.DataObject
) -> None:
    question, verdicts, costs, by_probe = case
    point = data.draw(st.sampled_from(sorted(verdicts)))
    missed = POLICY_1.score(question, verdicts | {point: NOT_MET}, **costs, by_probe=by_probe)
    wrong = POLICY_1.score(question, verdicts | {point: CONTRADICTED}, **costs, by_probe=by_probe)
    assert (missed is None) == (wrong is None)
    assert missed is None or wrong is None or wrong <= missed


@settings(deadline=None)
@given(graded())
def test_costs_never_raise_the_score(case: tuple[Question, dict[str, Verdict], dict[str, int], list[str]]) -> None:
    question, verdicts, costs, by_probe = case
    free = POLICY_1.score(question, verdicts)
    paid = POLICY_1.score(question, verdicts, **costs, by_probe=by_probe)
    assert (free is None) == (paid is None)
    assert free is None or paid is None or paid <= free


@pytest.mark.parametrize(
    ("score", "band"),
    [
        (0.0, Band.WEAK),
        (39.9, Band.WEAK),
        (40.0, Band.DEVELOPING),
        (59.9, Band.DEVELOPING),
        (60.0, Band.SOLID),
        (79.9, Band.SOLID),
        (80.0, Band.STRONG),
        (100.0, Band.STRONG),
    ],
)
def test_where_the_bands_begin(score: float, band: Band) -> None:
    assert band_of(score) is band


def test_a_band_reaches_itself_and_those_below() -> None:
    order = [Band.WEAK, Band.DEVELOPING, Band.SOLID, Band.STRONG]
    assert [[reaches(a, b) for b in order] for a in order] == [[n >= m for m in range(4)] for n in range(4)]
