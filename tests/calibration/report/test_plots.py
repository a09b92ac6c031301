"""The plots are well-formed SVG that says what it shows, and shows what was measured."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from interviewer.calibration.report import plots
from interviewer.calibration.report.figures import MEASURES, Figure
from interviewer.calibration.report.markup import shown
from interviewer.calibration.report.report import Bin, Group, MeasuredAnswer
from tests.calibration.report import samples

SVG = "{http://www.w3.org/2000/svg}"
BIAS = MEASURES["bias"]


def parsed(svg: str) -> ElementTree.Element:
    root = ElementTree.fromstring(svg)
    assert root.tag == f"{SVG}svg"
    assert (root.get("role"), root.get("width")) == ("img", None)
    assert root.findtext(f"{SVG}title")
    return root


def said(svg: str) -> str:
    """What a screen reader reads beside the title."""
    return parsed(svg).findtext(f"{SVG}desc") or ""


def words(svg: str) -> list[str]:
    return [element.text or "" for element in parsed(svg).iter(f"{SVG}text")]


def numbers(svg: str, tag: str, attribute: str) -> list[float]:
    return [float(element.get(attribute, "nan")) for element in parsed(svg).iter(f"{SVG}{tag}")]


def answered(*pairs: tuple[float, float | None]) -> tuple[MeasuredAnswer, ...]:
    return tuple(MeasuredAnswer(id=str(n), question="q", human=human, scores=(score,)) for n, (human, score) in enumerate(pairs))


def group(name: str, bias: Figure) -> Group:
    return Group(name=name, answers=3, questions=3, figures={"bias": bias})


def test_a_higher_mean_stands_higher_and_each_bin_has_its_interval():
    bins = [
        Bin(low=low, high=low + 10, answers=9, human=low + 5, grader=Figure(value=mean, low=mean - 5, high=mean + 5))
        for low, mean in ((0, 20.0), (50, 60.0), (90, 80.0))
    ]
    svg = plots.calibration(bins)
    heights, across = numbers(svg, "circle", "cy"), numbers(svg, "circle", "cx")
    assert heights == sorted(heights, reverse=True)
    assert across == sorted(across)
    thick = [line for line in parsed(svg).iter(f"{SVG}line") if line.get("stroke-width") == "2"]
    assert [line.get("x1") for line in thick] == [f"{x:.1f}" for x in across]
    assert "Examiners 5.0, grader 20.0 (15.0 to 25.0), 9 answers" in said(svg)
    assert plots.calibration_words(bins) == said(svg)


def test_a_bin_without_a_grade_is_left_out():
    bins = [Bin(low=0, high=10, answers=1, human=5, grader=Figure(undefined="no answer has a grade"))]
    assert numbers(plots.calibration(bins), "circle", "cx") == []
    assert "nothing to draw" in said(plots.calibration(bins))


def test_groups_stand_at_their_values_beside_the_line_of_all_answers():
    groups = [
        group("easy", Figure(value=-4, low=-6, high=-2)),
        group("hard", Figure(value=8, low=1, high=15)),
        group("odd", Figure(undefined="one answer")),
    ]
    svg = plots.intervals(BIAS, groups, Figure(value=2, low=1, high=3))
    easy, hard = numbers(svg, "circle", "cx")
    overall = {float(line.get("x1", 0)) for line in parsed(svg).iter(f"{SVG}line") if line.get("stroke-dasharray")}
    assert len(overall) == 1
    assert easy < overall.pop() < hard
    assert {"easy", "hard", "odd", "−4.0 (−6.0 to −2.0)", "not defined"} <= set(words(svg))
    assert said(svg) == ("All answers: +2.0 (+1.0 to +3.0); easy: −4.0 (−6.0 to −2.0); hard: +8.0 (+1.0 to +15.0); odd: not defined.")


@pytest.mark.parametrize(
    ("values", "ticks"),
    [
        ((0.91, 0.62), ["60 %", "70 %", "80 %", "90 %", "100 %"]),
        ((0.5,), ["50 %", "50 %", "51 %", "51 %"]),
    ],
)
def test_the_axis_has_round_ends_that_hold_every_value(values: tuple[float, ...], ticks: list[str]):
    groups = [Group(name="g", answers=1, questions=1, figures={"point_tnr": Figure(value=value)}) for value in values]
    svg = plots.intervals(MEASURES["point_tnr"], groups, Figure())
    found = [word for word in words(svg) if re.fullmatch(r"\d+ %", word)]
    assert found[: len(ticks)] == ticks or len(values) == 1
    assert all(6 <= x <= plots.WIDTH - 10 for x in numbers(svg, "circle", "cx"))


def test_no_group_is_no_error():
    parsed(plots.intervals(BIAS, [], Figure(undefined="nothing")))


def test_errors_are_counted_by_how_far_off_they_are():
    svg = plots.errors(answered((50, 50), (50, 53), (50, 40), (20, 61), (10, None)))
    titles = [rect.findtext(f"{SVG}title") for rect in parsed(svg).iter(f"{SVG}rect")]
    assert "−5 to +5: 2 of 4 gradings" in titles
    assert "−15 to −5: 1 of 4 gradings" in titles
    assert "+35 to +45: 1 of 4 gradings" in titles
    assert words(svg)[-4:-1] == ["25 % lower", "50 % within 5 points", "25 % higher"]
    assert said(svg).endswith("from −10 to +41.")


def test_no_grades_are_drawn_too():
    assert "no answer was graded" in said(plots.errors(answered((50, None))))


def test_bands_are_a_table_with_heads_and_the_shares_of_each_row():
    table = ElementTree.fromstring(plots.bands(((8, 2, 0, 0), (0, 0, 0, 0), (0, 0, 1, 3), (0, 0, 0, 5))))
    assert table.findtext("caption")
    heads = [(th.get("scope"), th.text) for th in table.iter("th")]
    assert heads[1:5] == [("col", "weak"), ("col", "developing"), ("col", "solid"), ("col", "strong")]
    assert heads[5] == ("row", "weak")
    cells = [(td.text, td.findtext("small")) for td in table.iter("td")]
    assert cells[:2] == [("8", "80 %"), ("2", "20 %")]
    assert cells[4:8] == [("0", "0 %")] * 4
    assert [n for n, td in enumerate(table.iter("td")) if "same" in (td.get("class") or "")] == [0, 5, 10, 15]


@pytest.mark.parametrize("text", [samples.HOSTILE, "\ud800 \x00 \x0b \ufffe", "x" * 500])
def test_names_are_text_and_nothing_else(text: str):
    svg = plots.intervals(BIAS, [group(text, Figure(value=1))], Figure(undefined=text))
    root = parsed(svg)
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {"svg", "title", "desc", "text", "line", "circle"}
    svg.encode("utf-8")
    assert max(map(len, words(svg))) < 60


def test_shown_keeps_what_can_be_read():
    assert shown("κ 10² <b> \u202e") == "κ 10² &lt;b&gt; "


def test_colours_are_the_pages_or_of_the_plots_own():
    svg = plots.errors(answered((50, 50)))
    assert not re.search(r'(?:fill|stroke)="(?!var\(--)', svg)
    alone = parsed(plots.standing_alone(svg, "--ink:#000000;--met:#111111"))
    assert alone.get("style") == "--ink:#000000;--met:#111111"
