"""The page is well-formed, holds everything it shows, and takes text of a report as text."""

from __future__ import annotations

import re
from html import escape
from html.parser import HTMLParser

import pytest

from interviewer.calibration.report.figures import MEASURES
from interviewer.calibration.report.page import to_html
from interviewer.calibration.report.report import Report
from interviewer.calibration.report.words import verdict
from tests.calibration.report import samples

VOID = {"meta"}
REPORTS = {
    "own": samples.report,
    "llm": samples.llm,
    "flat": samples.without_figures,
    "saf": samples.without_points,
    "hostile": samples.hostile,
}


class Reader(HTMLParser):
    """The tags and texts of a page; an end that closes nothing open is an error."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append((self.open[-1] if self.open else "", data))

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]

    @property
    def words(self) -> str:
        return " ".join(text for tag, text in self.texts if tag != "style")


def read(report: Report) -> Reader:
    reader = Reader()
    reader.feed(to_html(report))
    reader.close()
    assert reader.open == []
    return reader


@pytest.mark.parametrize("name", REPORTS)
def test_every_report_becomes_a_well_formed_page(name: str):
    page = read(REPORTS[name]())
    assert [attrs["lang"] for attrs in page.named("html")] == ["en"]
    assert len(page.named("h1")) == len(page.named("main")) == 1
    assert len([text for tag, text in page.texts if tag == "title" and text.startswith("Calibration of ")]) == 1


@pytest.mark.parametrize("name", REPORTS)
def test_it_asks_no_network_and_runs_nothing(name: str):
    html = to_html(REPORTS[name]())
    page = read(REPORTS[name]())
    policy = next(m["content"] for m in page.named("meta") if m.get("http-equiv") == "Content-Security-Policy")
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    assert not {"script", "link", "img", "iframe", "object", "form", "foreignobject"} & {tag for tag, _ in page.tags}
    for _, attrs in page.tags:
        assert not [key for key in attrs if key.startswith("on") or key in ("src", "srcset", "action")]
        assert (attrs.get("href") or "#").startswith("#")
    assert "@import" not in html
    assert "url(" not in html
    as_text = html.replace("https://evil.test/", "")  # a name; as an address it would have stood in an attribute
    assert set(re.findall(r"https?://[^\s\"'<&]+", as_text)) == ({"http://www.w3.org/2000/svg"} if page.named("svg") else set())


def test_markup_in_names_is_shown_as_text():
    page = read(samples.hostile())
    assert "script" not in {tag for tag, _ in page.tags}
    assert "alert(1)" in page.words
    readable = samples.HOSTILE.replace("\x1b", "").replace("\u202e", "")
    headings = [text for tag, text in page.texts if tag in ("h1", "h3")]
    assert f"Is {readable} right?" in headings
    assert f"By {readable}" in headings
    assert "\u202e" not in page.words
    assert "\x1b" not in page.words


def test_every_measure_is_there_with_its_meaning_and_its_value():
    html = to_html(samples.report())
    for measure in MEASURES.values():
        assert escape(measure.title) in html
        assert escape(measure.meaning) in html
    page = read(samples.report())
    for text in ("0.713", "0.652 to 0.766", "+6.2", "+3.9 to +8.6", "88.1 %", "0.984"):
        assert text in page.words


def test_a_figure_that_the_report_lacks_is_said_not_to_be_measured():
    report = samples.report()
    kept = {name: found for name, found in report.overall.figures.items() if name != "length_bias"}
    page = read(report.model_copy(update={"overall": report.overall.model_copy(update={"figures": kept})}))
    assert "not defined: not measured" in page.words


def test_what_is_undefined_is_told_with_its_reason():
    page = read(samples.without_figures())
    assert page.words.count("not defined: all answers have the same score") >= 15
    assert "Not defined: all answers have the same score (all)." in page.words
    assert "There is nothing to draw: no answer was graded." in page.words
    assert "One examiner alone scored" in page.words
    assert "No intervals were computed" in page.words
    assert "nan" not in page.words.lower()
    assert "None" not in page.words


def test_the_sections_stand_in_their_order_and_the_contents_lead_to_them():
    page = read(samples.without_points())
    headings = [text for tag, text in page.texts if tag == "h2"]
    assert headings == [
        "Verdict",
        "What was measured",
        "All figures",
        "Targets",
        "Plots",
        "Examiners with one another",
        "Groups",
        "How to read it",
        "Published figures",
    ]
    ids = {attrs["id"] for _, attrs in page.tags if attrs.get("id")}
    assert {f"#{id_}" for id_ in ids} == {attrs["href"] for attrs in page.named("a")}


def test_tables_have_captions_and_heads_with_their_scope():
    page = read(samples.report())
    assert len(page.named("caption")) == len(page.named("table")) > 8
    assert {attrs.get("scope") for attrs in page.named("th")} == {"row", "col"}
    assert all(attrs.get("aria-label") and attrs.get("tabindex") == "0" for attrs in page.named("div") if attrs.get("role") == "region")
    assert all(attrs.get("role") == "img" for attrs in page.named("svg"))


def test_what_was_measured_is_all_there():
    words = read(samples.llm(cost=4.273)).words
    for text in ("sample-1 at models.test", "own set", "ab" * 32, "480 answers to 80 questions", "4,428", "each answer graded 3 times"):
        assert text in words
    for text in (
        "2,000, seed 8",
        "USD 4.27",
        "21 November 2026, 09:30 UTC",
        "Written and labelled by language models",
        verdict(samples.llm()),
    ):
        assert text in words
    assert "3 lines that could not be used" in read(samples.without_figures()).words


def test_targets_are_met_missed_or_not_measured():
    found = [text for tag, text in read(samples.llm()).texts if re.match(r"[✓✗?–] (?:met|missed|cannot|not)", text)]
    assert found == ["✗ missed", "✓ met", "✓ met", "✓ met"]
    found = [text for tag, text in read(samples.without_points()).texts if re.match(r"[✓✗?–] (?:met|missed|cannot|not)", text)]
    assert found == ["– not measured", "– not measured", "✗ missed", "✓ met"]


def test_published_errors_stand_beside_ours_on_one_scale():
    words = read(samples.without_points()).words
    assert "T5 trained on it .248 · people .086" in words
    assert ".274" in words  # RMSE 27.4 of 100
    assert "Published figures" not in read(samples.report()).words
