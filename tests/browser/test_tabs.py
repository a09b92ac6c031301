"""One interview in two tabs or two browsers: the same text and time in both, and one answer."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from interviewer.bank.load import Bank
from tests.browser import steps
from tests.browser.server import Server, until

pytestmark = pytest.mark.browser

TWO = ("ttft-versus-tpot", "rag-vs-plain-llm")
JOINED = "From A. And B.\n\nUnsaved."
OLDER = "You went on with this answer in another tab."


def opened(page: Page, link: str) -> Page:
    page.goto(link)
    steps.ready(page)
    return page


def second_tab(page: Page, another_browser: Callable[..., Page]) -> Page:
    return page.context.new_page()


def second_browser(page: Page, another_browser: Callable[..., Page]) -> Page:
    return another_browser()


def duplicate(page: Page, another_browser: Callable[..., Page]) -> Page:
    """As "Duplicate tab" does: the session storage is copied."""
    with page.expect_popup() as popup:
        page.evaluate("window.open(location.href)")
    return popup.value


@pytest.mark.parametrize("second", [second_tab, second_browser, duplicate])
def test_two_tabs_share_the_answer_and_the_older_one_can_take_over(server: Server, page: Page, another_browser, bank: Bank, watch, second):
    watch.allow("status of 409")
    watch.allow("status of 410")
    session = server.given(bank, *TWO)
    link = server.link(session)
    a = opened(page, link)
    steps.box(a).fill("From A.")
    steps.saved(a)
    b = opened(second(a, another_browser), link)
    expect(steps.box(b)).to_have_value("From A.")
    assert b.locator(".st-key-asked").inner_text() == a.locator(".st-key-asked").inner_text()
    assert steps.shown_seconds(b) == pytest.approx(steps.shown_seconds(a), abs=2)

    steps.box(b).press("Control+End")
    b.keyboard.type(" And B.")
    steps.saved(b)
    a.bring_to_front()
    steps.box(a).press("Control+End")
    a.keyboard.type(" Unsaved.")
    expect(steps.banner(a)).to_contain_text(OLDER)
    expect(steps.box(a)).not_to_be_editable()
    expect(a.get_by_role("button", name="Submit answer")).to_be_disabled()
    a.get_by_role("button", name="Continue here").click()
    expect(steps.box(a)).to_have_value(JOINED)
    expect(steps.banner(a)).to_contain_text("it stands below the newer text")
    steps.saved(a)
    steps.submit(a)
    steps.on_question(a, 2)

    steps.box(b).press_sequentially("y")
    steps.on_question(b, 2)
    expect(steps.box(b)).to_have_value("")
    assert server.answers(session) == [(0, JOINED, "submitted")]


def test_a_submit_from_the_older_tab_is_refused_until_it_takes_over(server: Server, page: Page, bank: Bank, watch):
    watch.allow("ERR_FAILED")
    session = server.given(bank, *TWO)
    link = server.link(session)
    a = opened(page, link)
    a.route("**/api/draft", lambda route: route.abort())  # so that it does not learn beforehand that it is the older one
    b = opened(page.context.new_page(), link)
    steps.box(b).fill("The newer text.")
    steps.saved(b)
    steps.box(a).fill("The older tab's text.")
    steps.submit(a)
    expect(a.get_by_text("This answer was gone on with in another tab. Nothing was submitted")).to_be_visible()
    assert server.answers(session) == []


def test_two_tabs_that_submit_at_once_make_one_answer(server: Server, page: Page, bank: Bank, watch):
    watch.allow("status of 4(09|10)")
    session = server.given(bank, *TWO)
    link = server.link(session)
    a = opened(page, link)
    steps.box(a).fill("The one answer.")
    steps.saved(a)
    b = opened(page.context.new_page(), link)
    for tab in (a, b):
        tab.get_by_role("button", name="Submit answer").evaluate("button => setTimeout(() => button.click(), 300)")
    for tab in (a, b):
        steps.on_question(tab, 2)
    assert server.answers(session) == [(0, "The one answer.", "submitted")]


def test_a_double_click_makes_one_answer(server: Server, page: Page, bank: Bank):
    session = server.given(bank, *TWO)
    opened(page, server.link(session))
    steps.box(page).fill("Sent by a nervous hand.")
    page.get_by_role("button", name="Submit answer").dblclick()
    steps.on_question(page, 2)
    until(lambda: server.gradings(session) == [(0, "embedded", 0, True)], "the one grade")
    assert server.answers(session) == [(0, "Sent by a nervous hand.", "submitted")]


SLOW_TO_SAVE = """(() => {
  const real = window.fetch;
  let held = null;
  window.fetch = async (url, options) => {
    if (!String(url).includes("/api/draft")) return real(url, options);
    if (options?.method === "POST" && window.hold) {
      window.hold = false;
      await new Promise((go) => { held = { go }; });
      return real(url, options);
    }
    const reply = await real(url, options);
    if (held) {
      held.go();
      held = null;
      await new Promise((go) => setTimeout(go, 1000));
    }
    return reply;
  };
})();"""
"""The next draft is sent only when a box has asked for the stored one, and that box hears of it a second later."""


def test_a_box_drawn_anew_shows_what_the_one_before_it_is_still_saving(server: Server, page: Page, bank: Bank):
    page.add_init_script(SLOW_TO_SAVE)
    session = server.given(bank, *TWO)
    opened(page, server.link(session))
    page.evaluate("window.hold = true")
    steps.box(page).fill("The last words before the page was left.")
    page.get_by_role("link", name="Questions").click()
    expect(page.get_by_role("heading", name="Questions")).to_be_visible()
    page.get_by_role("link", name="Practise").click()
    page.locator(f".st-key-resume-{session}").get_by_role("button", name="Go on").click()
    steps.ready(page)
    expect(steps.box(page)).to_have_value("The last words before the page was left.")
