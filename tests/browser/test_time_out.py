"""The deadline is the server's: with the browser closed, with an old tab open, with drafts that cannot be saved."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from interviewer.bank.load import Bank
from tests.browser import steps
from tests.browser.server import Server, until

pytestmark = pytest.mark.browser

TWO = ("ttft-versus-tpot", "rag-vs-plain-llm")
AWAY = "The clock ran out while you were away. What you had written is submitted, and the clock stands still until you go on."


def test_the_sweep_submits_the_draft_of_a_closed_browser_and_waits(server: Server, page: Page, another_browser, bank: Bank):
    session = server.given(bank, *TWO)
    page.goto(server.link(session))
    steps.ready(page).fill("Half typed when the brow")
    steps.saved(page)
    page.context.close()
    server.leave(0.5, session)
    until(lambda: server.answers(session), "the answer of the sweep")
    assert server.answers(session) == [(0, "Half typed when the brow", "timed_out")]

    back = another_browser()
    back.goto(server.link(session))
    expect(back.get_by_text(AWAY)).to_be_visible()
    expect(steps.box(back)).to_have_count(0)
    back.reload()
    expect(back.get_by_text(AWAY)).to_be_visible()
    found = server.interview(session)
    assert (found.current, found.turns[1].shown_at) == (1, None)
    back.get_by_role("button", name="Next question").click()
    steps.on_question(back, 2)
    assert steps.shown_seconds(back) == pytest.approx(found.turns[1].minutes * 60, abs=2)
    assert steps.shown_seconds(back) == pytest.approx(server.seconds_left(session), abs=2)


def test_text_typed_just_before_the_tab_is_closed_is_saved(server: Server, page: Page, bank: Bank):
    session = server.given(bank, *TWO)
    page.goto(server.link(session))
    steps.ready(page)
    page.keyboard.type("typed and gone")
    page.close(run_before_unload=True)
    until(lambda: server.draft(session) == "typed and gone", "the draft")


def test_the_time_out_brings_the_text_though_no_draft_could_be_saved(server: Server, page: Page, bank: Bank, watch):
    watch.allow("ERR_FAILED")
    session = server.given(bank, *TWO)
    page.goto(server.link(session))
    steps.ready(page)
    server.leave(4, session)
    steps.take_the_servers_clock(page, server, session)
    page.route("**/api/draft*", lambda route: route.abort())
    page.keyboard.type("never saved on the way")
    expect(page.locator('[data-role="saved"]')).to_have_text("Not saved yet: the server does not answer. Trying again…")
    steps.on_question(page, 2)
    assert server.answers(session) == [(0, "never saved on the way", "timed_out")]


@pytest.mark.parametrize("typing", [True, False])
def test_a_page_whose_clock_is_wrong_takes_the_servers(server: Server, page: Page, bank: Bank, typing: bool):
    session = server.given(bank, *TWO)
    page.goto(server.link(session))
    steps.ready(page)
    server.leave(100, session)
    if typing:
        page.keyboard.type("each save tells the time")
        steps.saved(page)
    else:  # as when the machine wakes up
        steps.take_the_servers_clock(page, server, session)
    until(lambda: abs(steps.shown_seconds(page) - server.seconds_left(session)) <= 2, "the right time on the page")


def test_an_old_tab_is_told_that_the_time_is_over_and_changes_nothing(server: Server, page: Page, bank: Bank, watch):
    watch.allow("status of 410")
    session = server.given(bank, *TWO)
    page.goto(server.link(session))
    steps.ready(page).fill("in time")
    steps.saved(page)
    server.leave(0, session)  # without a reload the page believes that there are minutes left
    until(lambda: server.answers(session), "the answer of the sweep")
    with page.expect_response("**/api/draft") as reply:
        page.keyboard.type(", and far too late")
    assert reply.value.status == 410
    assert reply.value.json()["sentence"] == "This question is closed; its answer stands as it was submitted."
    expect(page.get_by_text(AWAY)).to_be_visible()
    assert server.answers(session) == [(0, "in time", "timed_out")]


def test_an_old_tab_cannot_submit_after_the_sweep(server: Server, page: Page, bank: Bank, watch):
    watch.allow("status of 410")
    session = server.given(bank, *TWO)
    page.goto(server.link(session))
    steps.ready(page).fill("in time")
    steps.saved(page)
    server.leave(0, session)
    until(lambda: server.answers(session), "the answer of the sweep")
    page.keyboard.type(", and far too late")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("The time for this question was over. What had been saved by then is your answer")).to_be_visible()
    expect(page.get_by_text(AWAY)).to_be_visible()
    assert server.answers(session) == [(0, "in time", "timed_out")]
