"""A phone's width, light and dark: nothing to scroll sideways, everything within reach and named."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Error, Page, expect

from interviewer.domain.interview import Mode
from tests.browser import drive, steps
from tests.browser.server import Server

pytestmark = pytest.mark.browser

WIDTH = 390
ANDROID = "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36"
TOO_WIDE = """() => {
  const found = [];
  const sideways = (e) => e.scrollWidth > e.clientWidth + 1;
  for (const e of [document.documentElement, document.querySelector('[data-testid=stMain]')])
    if (e && sideways(e)) found.push(`${e.tagName} scrolls: ${e.scrollWidth} in ${e.clientWidth}`);
  const walk = (node) => {
    for (const e of node.children ?? []) {
      const box = e.getBoundingClientRect(), style = getComputedStyle(e);
      if (style.display === 'none' || style.visibility === 'hidden') continue;
      if (box.width && (box.right > innerWidth + 1 || box.left < -1)) {
        found.push(`${e.tagName}.${e.className}: ${box.left}-${box.right}`);
        continue;
      }
      if (style.overflowX === 'auto' || style.overflowX === 'scroll') continue;
      walk(e);
      if (e.shadowRoot) walk(e.shadowRoot);
    }
  };
  const main = document.querySelector('[data-testid=stMain]');
  if (main) for (const e of main.children) walk(e);
  return found;
}"""
NAMELESS = re.compile(r"- (?:button|textbox|combobox|radio|radiogroup|checkbox|slider|spinbutton|switch|link|option|tab)\b(?! \")")


class Looks:
    """Gathers what is wrong with each page, so that one run names everything."""

    def __init__(self, page: Page) -> None:
        self.page, self.problems = page, list[str]()
        self.dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")

    def at(self, name: str) -> None:
        """Width and ground of what is on the page now; names and reach, which no theme changes, in the light one."""
        page = self.page
        found: list[str] = page.evaluate(TOO_WIDE)
        ground = page.locator(".stApp").evaluate("element => getComputedStyle(element).backgroundColor")
        if (sum(int(n) for n in re.findall(r"\d+", ground)[:3]) < 3 * 128) is not self.dark:
            found.append(f"the ground is {ground}")
        if not self.dark:
            found += self._unnamed() + self._out_of_reach()
        self.problems += [f"{name}: {problem}" for problem in found]

    def _unnamed(self) -> list[str]:
        lines = self.page.locator("body").aria_snapshot().splitlines()
        return [f"no name: {line.strip()}" for line in lines if NAMELESS.search(line)]

    def _out_of_reach(self) -> list[str]:
        found = []
        for control in self.page.locator("button, textarea, input[type=text], [role=slider]").all():
            if control.is_visible() and control.is_enabled():
                try:
                    control.click(trial=True, timeout=2_000)
                except Error as error:
                    found.append(f"out of reach: {control} {error.message.splitlines()[-1]}")
        return found


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_fits_a_phone(serve, another_browser, bank, theme: str):
    server = serve()
    page = another_browser(viewport={"width": WIDTH, "height": 844}, color_scheme=theme, has_touch=True, user_agent=ANDROID)
    looks = Looks(page)
    page.goto(server.url)
    expect(page.get_by_role("button", name="Start interview")).to_be_visible()
    looks.at("start")
    page.get_by_text("Adjust topics").click()
    expect(page.get_by_role("combobox", name="Topics")).to_be_visible()
    looks.at("start, unfolded")

    page.goto(server.link(session_of(server, bank)))
    steps.ready(page)
    looks.at("question")
    page.get_by_role("button", name="Hint 1 of").click()
    expect(page.get_by_text("Hint 1: ")).to_be_visible()
    steps.box(page).fill(steps.good_answer(bank.questions["ttft-versus-tpot"]) + " averyveryverylongwordwithoutaspace" * 3 + "x" * 300)
    steps.submit(page)
    expect(page.get_by_text("Point by point")).to_be_visible()
    page.get_by_text("Reference answer", exact=True).click()
    looks.at("feedback")
    page.get_by_role("button", name="Next question").click()
    steps.on_question(page, 2)  # the one with code
    steps.box(page).fill("def f():\n    return " + "'long' + " * 60 + "''")
    page.get_by_role("button", name="End early").click()
    expect(page.get_by_role("button", name="End the interview")).to_be_visible()
    page.keyboard.press("Escape")
    looks.at("code")
    steps.end_early(page)
    looks.at("closing")
    steps.review(page)
    for number in (1, 2, 3):
        drive.item(page, number)
    looks.at("review")

    page.get_by_role("button", name="Expand sidebar").click()
    page.get_by_role("link", name="History").click()
    expect(page.get_by_role("heading", name="History")).to_be_visible()
    expect(page.get_by_role("button", name="Expand sidebar")).to_be_visible()
    page.get_by_text("Export or delete").click()
    expect(page.get_by_role("button", name="Export JSON")).to_be_visible()
    looks.at("history")
    page.goto(f"{server.url}/bank")
    page.get_by_text(next(iter(bank.questions.values())).question).click()
    expect(page.get_by_text("What earns the marks")).to_be_visible()
    looks.at("bank")
    page.goto(f"{server.url}/settings")
    expect(page.get_by_text("Your data")).to_be_visible()
    looks.at("settings")
    page.goto(server.link("zzz"))
    expect(page.get_by_role("heading", name="This session can't be opened")).to_be_visible()
    looks.at("bad link")
    assert looks.problems == []


def test_the_countdown_is_spoken_at_thresholds_only(serve, page: Page, bank):
    server = serve()
    session = server.given(bank, "ttft-versus-tpot")
    page.goto(server.link(session))
    steps.ready(page)
    spoken = page.locator('[data-role="announce"]')
    server.leave(64)
    page.reload()
    steps.ready(page)
    before = steps.shown_seconds(page)
    expect(page.locator('[data-role="question-time"]')).not_to_have_text(f"1:{before - 60:02d}")  # it has ticked …
    expect(page.locator('[data-role="question-time"]')).to_have_attribute("aria-live", "off")
    expect(page.get_by_text("less than a minute")).to_be_hidden()
    expect(spoken).to_have_text("")  # … and nothing was said
    expect(spoken).to_have_attribute("aria-live", "polite")
    expect(spoken).to_have_text("1 minute left")
    expect(page.get_by_text("less than a minute")).to_be_visible()
    expect(spoken).to_have_text("1 minute left")


def session_of(server: Server, bank) -> str:
    """A study session with a plain question, one with code, and one not reached."""
    coding = next(q.id for q in bank.questions.values() if q.kind.value == "coding")
    return server.given(bank, "ttft-versus-tpot", coding, "rag-vs-plain-llm", mode=Mode.STUDY)
