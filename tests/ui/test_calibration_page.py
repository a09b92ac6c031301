"""The calibration page and its line on the settings page, under AppTest, on real report files."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from interviewer import wiring
from interviewer.calibration.report.report import Report
from interviewer.calibration.report.shelf import OWN_SET, shelf
from interviewer.calibration.report.words import verdict
from interviewer.settings import ROOT
from tests.calibration.report import samples
from tests.ui.test_pages import open_page, own_app, words_of

__all__ = ["own_app"]  # the fixture: this test's own app
STALE = "Measured with another version of the grader, its prompts or settings."


def present(report: Report) -> Report:
    """The report as one of the built-in grader as it is, newer than any that the project ships."""
    identity = wiring.running().interviews.graders["embedded"].identity()
    made_at = datetime(2099, 1, 1, tzinfo=UTC)
    return report.model_copy(update={"made_at": made_at, "grader": report.grader.model_copy(update={"identity": identity})})


def put(home: Path, name: str, report: Report) -> None:
    samples.put(home / "calibration", name, report)


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> None:
    """A model is set."""
    monkeypatch.setenv("INTERVIEWER_GRADER_MODEL", "sample-1")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")


def downloads(page: AppTest) -> list[str]:
    return [button.proto.label for button in page.get("download_button")]


@pytest.mark.usefixtures("model")
def test_a_grader_without_a_report_is_not_measured_and_how_to_is_said():
    page = open_page("calibration")
    assert page.title[0].value == "Is the grader right?"
    said = words_of(page)
    assert "Not measured. Measure it with <code>interviewer calibrate --grader llm</code>." in said
    assert said.index("Model sample-1") < said.index("Built-in estimate")
    assert "**Calibration.** Not measured." in words_of(open_page("settings"))


def test_a_report_is_shown_with_verdict_figures_plot_and_download(home: Path):
    put(home, "own", present(samples.report()))
    page = open_page("calibration")
    said = words_of(page)
    assert verdict(samples.report()) in said
    assert "0.803" in said
    assert "Written and labelled by language models" in said
    assert STALE not in said
    assert "Download the whole report" in downloads(page)
    image = page.get("image")[0]
    assert image.proto.imgs[0].url.startswith("data:image/svg+xml")


@pytest.mark.usefixtures("model")
def test_a_report_on_another_version_of_the_grader_says_so(home: Path):
    put(home, "model", samples.llm("sample-1"))
    said = words_of(open_page("calibration"))
    assert f"{STALE} Measure it anew with: interviewer calibrate --grader llm" in said
    assert STALE in words_of(open_page("settings"))


def test_graders_that_are_not_set_up_and_other_data_sets_are_shown_too(home: Path):
    put(home, "own", present(samples.report()))
    put(home, "saf", samples.without_points())
    put(home, "model", samples.llm("another"))
    page = open_page("calibration")
    said = words_of(page)
    assert "Model another" in said
    assert "not set up now" in said
    assert STALE not in said
    assert any(expander.label.startswith("On saf") for expander in page.expander)


def test_a_file_that_cannot_be_opened_is_told_and_the_others_are_shown(home: Path):
    put(home, "own", present(samples.report()))
    (home / "calibration" / "torn.report.json").write_text('{"format": ')
    said = words_of(open_page("calibration"))
    assert "torn.report.json is not a report: it is not JSON." in said
    assert verdict(samples.report()) in said


def test_hostile_names_are_text_and_undefined_figures_are_told(home: Path):
    put(home, "hostile", samples.hostile())
    flat = samples.without_figures()
    put(home, "flat", present(flat.model_copy(update={"data": flat.data.model_copy(update={"name": OWN_SET})})))
    said = words_of(open_page("calibration"))
    assert "<script>" not in said
    assert "&lt;script&gt;" in said
    assert "not defined: all answers have the same score" in said


def test_the_settings_page_says_how_right_the_active_grader_is(home: Path):
    put(home, "own", present(samples.report()))
    assert "On own set, 480 answers: lenient by 6.2 of 100, 18.9 off on average." in words_of(open_page("settings"))


def test_the_app_knows_the_reports_made_here_and_those_the_project_ships(home: Path):
    put(home, "mine", samples.llm("only-here"))
    found = wiring.running().reports()
    assert found == shelf([home / "calibration", ROOT / "calibration_data" / "reports"])
    assert [s.path.name for s in found.of("llm", "only-here")] == ["mine.report.json"]
