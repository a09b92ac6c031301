"""The calibration page and the report it hands out, as a reader sees them: from the navigation, on a phone, in the dark."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from interviewer.calibration.report.words import verdict
from tests.browser.test_narrow import ANDROID, TOO_WIDE, WIDTH, Looks
from tests.calibration.report import samples

pytestmark = pytest.mark.browser

SENT = ("data:", "blob:", "file:")


def opened(page: Page, url: str) -> None:
    """From the start page to the calibration page by the navigation, wide or narrow."""
    page.goto(url)
    expect(page.get_by_role("button", name="Start interview")).to_be_visible()
    if page.viewport_size and page.viewport_size["width"] == WIDTH:
        page.get_by_role("button", name="Expand sidebar").click()
    page.get_by_role("link", name="Calibration").click()
    expect(page.get_by_role("heading", name="Is the grader right?")).to_be_visible()


def test_the_page_opens_from_the_navigation_and_hands_out_the_whole_report(serve, page: Page, another_browser, tmp_path: Path):
    server = serve(INTERVIEWER_GRADER_MODEL="sample-1", OPENAI_BASE_URL="http://127.0.0.1:9/v1")
    samples.put(server.home / "calibration", "model", samples.llm())
    asked: list[str] = []
    page.context.on("request", lambda request: asked.append(request.url))
    opened(page, server.url)
    assert page.url == f"{server.url}/calibration"
    expect(page.get_by_text(verdict(samples.llm()))).to_be_visible()
    plot = page.get_by_role("img", name="Calibration plot. Examiners 2.").first
    expect(plot).to_be_visible()
    assert plot.evaluate("image => image.complete && image.naturalWidth > 0")
    expect(page.get_by_role("table", name="Main figures").first.get_by_role("row", name="True negative rate")).to_contain_text("93.1 %")
    expect(page.get_by_role("table", name="Answers by band").first.get_by_role("rowheader", name="weak")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the whole report").first.click()
    assert download.value.suggested_filename == "calibration-model.html"
    file = tmp_path / "report.html"
    download.value.save_as(file)
    assert [url for url in asked if not url.startswith((server.url, *SENT))] == []

    for theme in ("light", "dark"):
        reader = another_browser(viewport={"width": WIDTH, "height": 844}, color_scheme=theme)
        reader.goto(file.as_uri())
        expect(reader.get_by_role("heading", name="Is sample-1 at models.test right?")).to_be_visible()
        reader.get_by_role("link", name="Targets").click()
        expect(reader.get_by_role("heading", name="Targets")).to_be_in_viewport()
        assert reader.evaluate("document.documentElement.scrollWidth") == WIDTH
        ground = reader.evaluate("getComputedStyle(document.body).backgroundColor")
        assert ground == ("rgb(251, 250, 248)" if theme == "light" else "rgb(21, 25, 28)")
        assert reader.get_by_role("img").count() > 4


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_hostile_and_undefined_reports_fit_a_phone(serve, another_browser, theme: str):
    server = serve()
    folder = server.home / "calibration"
    samples.put(folder, "hostile", samples.hostile())
    samples.put(folder, "model", samples.llm("a-model/with-a-very-long-name-" + "x" * 60))
    samples.put(folder, "flat", samples.without_figures())
    (folder / "torn.report.json").write_text("{")
    page = another_browser(viewport={"width": WIDTH, "height": 844}, color_scheme=theme, has_touch=True, user_agent=ANDROID)
    opened(page, server.url)
    expect(page.get_by_text("torn.report.json is not a report")).to_be_visible()
    expect(page.get_by_role("img", name="Calibration plot").nth(1)).to_be_visible()
    flat = page.get_by_text("On flat.jsonl, 6 answers: bias not known")
    if flat.count():  # where the project ships a report on its own set, this one is folded
        flat.click()
    expect(page.get_by_text("Whether it is lenient or strict is not known")).to_be_visible()
    assert page.evaluate(TOO_WIDE) == []
    looks = Looks(page)
    looks.at("calibration")
    assert looks.problems == []
    assert page.locator("main script").count() == 0
    page.goto(f"{server.url}/settings")
    page.get_by_role("main").get_by_role("link", name="Is the grader right?").click()
    expect(page.get_by_role("heading", name="Is the grader right?")).to_be_visible()
