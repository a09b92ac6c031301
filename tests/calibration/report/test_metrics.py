"""Every figure against a recomputation of its own, by hand or by another way; and what is not defined is said to be."""

from __future__ import annotations

import math
from collections.abc import Sequence
from random import Random
from statistics import correlation, fmean

import pytest
from sklearn.metrics import f1_score, recall_score

from interviewer.calibration.report import metrics
from interviewer.calibration.report.columns import Columns, Held, columns
from interviewer.calibration.report.figures import AGREEMENT, CONDUCT, POINTS, SCORES
from interviewer.calibration.report.metrics import Undefined
from interviewer.calibration.report.report import MeasuredAnswer


def answer(human: float, *scores: float | None, said: str = "", truth: Sequence[str] = (), words: int = 10, **more: object) -> Held:
    """One answer to one question."""
    found = MeasuredAnswer(id="0", question=str(more.pop("question", "q")), human=human, scores=scores, said=said, truth=tuple(truth))
    return Held(answer=found, words=words, groups={}, **more)  # type: ignore[arg-type]


def table(*pairs: tuple[float, float | None]) -> Columns:
    return columns([answer(human, score) for human, score in pairs])


RNG = Random(3)
HUMAN = [RNG.choice([0, 12.5, 25, 40, 61, 77.5, 90, 100, 100, 100]) for _ in range(200)]
SCORES_OF_GRADER = [min(100.0, max(0.0, h + RNG.gauss(4, 20))) for h in HUMAN]
LARGE = table(*zip(HUMAN, SCORES_OF_GRADER, strict=True))
ERRORS = [g - h for h, g in zip(HUMAN, SCORES_OF_GRADER, strict=True)]


def test_weighted_rmse_by_hand() -> None:
    """Scores of people 95, 100, 5: bins 10, 10 and 1. Errors −5, −10 and +20: the mean square is 62.5 in one bin and 400 in the other;
    both weigh the same, so √231.25. Over the answers alike it would be √175."""
    found = table((95, 90), (100, 90), (5, 25))
    assert metrics.weighted_rmse(found) == pytest.approx(math.sqrt((62.5 + 400) / 2)) == pytest.approx(15.2069, abs=1e-4)
    assert metrics.rmse(found) == pytest.approx(math.sqrt((25 + 100 + 400) / 3))


def test_the_bins_are_tenths_and_full_marks_are_in_the_last() -> None:
    found = table(*((h, 0) for h in (0, 9.99, 10, 89.9, 90, 100)))
    assert list(metrics.bin_of(found.human)) == [0, 0, 1, 8, 9, 9]


def test_errors_recomputed() -> None:
    n = len(ERRORS)
    assert metrics.rmse(LARGE) == pytest.approx(math.sqrt(sum(e * e for e in ERRORS) / n))
    assert metrics.mae(LARGE) == pytest.approx(sum(map(abs, ERRORS)) / n)
    assert metrics.bias(LARGE) == pytest.approx(sum(ERRORS) / n)
    bins: dict[int, list[float]] = {}
    for h, e in zip(HUMAN, ERRORS, strict=True):
        bins.setdefault(min(9, int(h // 10)), []).append(e * e)
    assert metrics.weighted_rmse(LARGE) == pytest.approx(math.sqrt(fmean(fmean(squares) for squares in bins.values())))


def ranks(values: Sequence[float]) -> list[float]:
    """Mean ranks of ties."""
    ordered = sorted(values)
    return [ordered.index(v) + (ordered.count(v) - 1) / 2 for v in values]


def test_correlations_recomputed() -> None:
    assert metrics.pearson(LARGE) == pytest.approx(correlation(HUMAN, SCORES_OF_GRADER))
    assert metrics.spearman(LARGE) == pytest.approx(correlation(ranks(HUMAN), ranks(SCORES_OF_GRADER)))


def band(score: float) -> int:
    return sum(score >= floor for floor in (40, 60, 80))


def test_quadratic_weighted_kappa_recomputed() -> None:
    pairs = [(band(h), band(g)) for h, g in zip(HUMAN, SCORES_OF_GRADER, strict=True)]
    observed = fmean((a - b) ** 2 for a, b in pairs)
    by_chance = fmean((a - b) ** 2 for a, _ in pairs for _, b in pairs)
    assert metrics.qwk(LARGE) == pytest.approx(1 - observed / by_chance)


def test_right_or_wrong_recomputed() -> None:
    people = [RNG.choice([0, 100]) for _ in range(80)]
    grader = [RNG.uniform(0, 100) for _ in people]
    expected = f1_score([h == 100 for h in people], [g >= 50 for g in grader], average="macro")
    assert metrics.two_way_f1(table(*zip(people, grader, strict=True))) == pytest.approx(expected)
    assert metrics.two_way_f1(table((0, 49.9), (100, 50))) == 1


def test_points_recomputed_with_two_annotators_counted_alike() -> None:
    letters = "mnc"
    rows = [["".join(RNG.choice(letters) for _ in range(7)) for _ in range(3)] for _ in range(50)]
    found = columns([answer(50, 50, said=said, truth=(a, b)) for said, a, b in rows])
    truth = [t == "m" for said, a, b in rows for t in a + b]
    said = [s == "m" for said, a, b in rows for s in said + said]
    assert metrics.point_macro_f1(found) == pytest.approx(f1_score(truth, said, average="macro"))
    assert metrics.point_tpr(found) == pytest.approx(recall_score(truth, said))
    assert metrics.point_tnr(found) == pytest.approx(recall_score(truth, said, pos_label=False))
    first, second = ([letter == "m" for row in rows for letter in row[n]] for n in (1, 2))
    assert metrics.human_macro_f1(found) == pytest.approx(f1_score(first, second, average="macro"))


def test_an_answer_without_a_grade_is_counted_as_that_and_nowhere_else() -> None:
    found = columns([answer(0, None, truth=("mm",)), answer(0, 10, said="nn", truth=("nn",)), answer(100, 90, said="mm", truth=("mm",))])
    assert metrics.ungraded(found) == pytest.approx(1 / 3)
    assert metrics.mae(found) == 10
    assert metrics.point_tpr(found) == 1


def test_ungraded_counts_every_attempt() -> None:
    assert metrics.ungraded(columns([answer(0, None, 1, 2, 3), answer(0, 1, 2, 3, None)])) == 0.25


def test_flips() -> None:
    found = columns([answer(0, 10, 50, flipped=1, repeated=4), answer(0, 20, 30, repeated=4), answer(0, 20, None)])
    assert metrics.flips(found) == 1 / 8
    assert metrics.band_flips(found) == 0.5


def test_length_bias_is_among_answers_that_people_score_alike() -> None:
    """Longer answers are better here, which is no bias; among equals the error grows with the length in one table and not in the other."""
    rows = [(human, words) for human in (5, 35, 65) for words in (10, 20, 40, 80)]
    fair = columns([answer(h, h + (3 if n % 2 else -3), words=w + round(h)) for n, (h, w) in enumerate(rows)])
    biased = columns([answer(h, h + 5 * math.log1p(w), words=w) for h, w in rows])
    assert abs(metrics.length_bias(fair)) < 0.6
    assert metrics.length_bias(biased) == pytest.approx(1)


def test_order_bias_by_hand() -> None:
    """Four points, the first two shown first. Credited 2 of 0 there and 1 of 1 behind: (2/2) − (0/2) = 1."""
    assert metrics.order_bias(columns([answer(0, 50, said="mmmn", truth=("nnmn",), places=(0, 1 / 3, 2 / 3, 1))])) == 1


def test_alpha_of_points_by_hand() -> None:
    """Two annotators, four points: three agreements and one m/n; of the 8 values 3 are m and 5 n.

    Observed disagreement: 2 of 8 values are in a mixed pair, 0.25; expected: 2 · 3 · 5 / (8 · 7) = 30/56."""
    assert metrics.alpha_points([answer(0, 0, truth=("mnnm", "mnnn"))]) == pytest.approx(1 - 0.25 / (30 / 56))


def test_alpha_of_scores_by_hand() -> None:
    """Interval scale: squared differences within the pairs against those between all values."""
    values, pairs = [0, 0, 10, 20], [(0, 0), (10, 20)]
    observed = sum((a - b) ** 2 for a, b in pairs) * 2 / 4
    expected = sum((a - b) ** 2 for a in values for b in values) / (4 * 3)
    rows = [answer(a, a, by_annotator=pair) for a, pair in ((0, pairs[0]), (10, pairs[1]))]
    assert metrics.alpha_scores(rows) == pytest.approx(1 - observed / expected)


@pytest.mark.parametrize(
    ("metric", "rows", "reason"),
    [
        ("pearson", [answer(50, 40), answer(50, 60), answer(50, 10)], "the examiners gave every answer the same score"),
        ("spearman", [answer(10, 40), answer(50, 40), answer(90, 40)], "the grader gave every answer the same score"),
        ("pearson", [answer(10, 40), answer(50, 50)], "fewer than 3 answers have a grade"),
        ("rmse", [answer(10, None)], "no answer has a grade"),
        ("weighted_rmse", [answer(10, None)], "no answer has a grade"),
        ("qwk", [answer(10, 5), answer(20, 6)], "use one band only"),
        ("two_way_f1", [answer(10, 5)], "the examiners gave more than right or wrong"),
        ("two_way_f1", [answer(100, 5), answer(100, 6)], "the examiners gave every answer the same score"),
        ("point_macro_f1", [answer(10, 5)], "no point has a verdict by the examiners"),
        ("point_macro_f1", [answer(10, 5, said="mn", truth=("mm",))], "the examiners say the same of every point"),
        ("point_tpr", [answer(10, 5, said="mn", truth=("nn",))], "the examiners call no point met"),
        ("point_tnr", [answer(10, 5, said="mn", truth=("mm",))], "the examiners call every point met"),
        ("flips", [answer(10, 5)], "no answer was graded twice"),
        ("band_flips", [answer(10, 5)], "no answer was graded twice"),
        ("length_bias", [answer(10, 5, words=3), answer(10, 9, words=3), answer(10, 7, words=3)], "have the same length"),
        ("length_bias", [answer(10, 5, words=3), answer(10, 5, words=4), answer(10, 5, words=5)], "the error is the same"),
        ("order_bias", [answer(10, 5, said="mn", truth=("mm",))], "the order of the points is not known"),
        ("human_macro_f1", [answer(10, 5, said="mn", truth=("mm",))], "no point has a verdict"),
        ("human_rmse", [answer(10, 5)], "fewer than 3 answers have scores by two"),
    ],
)
def test_what_is_not_defined_says_why(metric: str, rows: list[Held], reason: str) -> None:
    with pytest.raises(Undefined, match=reason):
        {**metrics.OF_GRADER, **metrics.OF_PEOPLE}[metric](columns(rows))


def test_alphas_that_are_not_defined_say_why() -> None:
    with pytest.raises(Undefined, match="one annotator only"):
        metrics.alpha_points([answer(0, 0, truth=("mn",))])
    with pytest.raises(Undefined, match="one value only"):
        metrics.alpha_scores([answer(0, 0, by_annotator=(5, 5))])


def test_every_figure_has_a_title_and_a_function() -> None:
    assert list(metrics.OF_GRADER) == [m.name for m in (*SCORES, *POINTS, *CONDUCT)]
    assert {*metrics.OF_PEOPLE, "alpha_scores", "alpha_points"} == {m.name for m in AGREEMENT}
