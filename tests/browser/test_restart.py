"""A server killed with -9 at any step loses nothing, doubles nothing, and gives the time back."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Locator, Page, TimeoutError, expect

from interviewer.bank.load import Bank
from tests.browser import steps
from tests.browser.server import Server, now, until
from tests.openai_server import OpenAIServer, after, well

pytestmark = pytest.mark.browser

TWO = ("ttft-versus-tpot", "rag-vs-plain-llm")
DOWN = 60.0
PATIENCE = 90.0
OFFLINE = "Not saved yet: the server does not answer. Trying again…"


@pytest.fixture(autouse=True)
def dying(watch):
    watch.allow_dead_server()
    watch.allow("ERR_CONTENT_LENGTH_MISMATCH")  # killed in the middle of a file
    watch.allow("status of 410")  # a draft saved while the same box's submit is sent again


GIVEN_BACK = "SELECT at FROM events WHERE kind = 'time_added_back' ORDER BY version DESC"


def gone_for_a_minute(server: Server, session: str) -> float:
    """Kill it and start it again; the seconds that were left when it died."""
    until(lambda: server.rows("SELECT alive_at FROM heartbeat"), "the first sign of life")
    left = server.seconds_left(session)
    server.kill9()
    server.pretend_down(DOWN, session)
    before = len(server.rows(GIVEN_BACK))
    server.start()
    until(lambda: len(server.rows(GIVEN_BACK)) > before, "the time given back")
    return left


def clock_is_right(page: Page, server: Server, session: str, left: float) -> None:
    """The stored deadline gave back the minute and what the start took, and the page shows it, by itself."""
    (back, *_) = server.rows(GIVEN_BACK)
    since = (now() - datetime.fromisoformat(back["at"]).replace(tzinfo=UTC)).total_seconds()
    assert server.seconds_left(session) + since == pytest.approx(left, abs=2)
    until(lambda: abs(steps.shown_seconds(page) - server.seconds_left(session)) <= 2, "the right time on the page")


def submitted(page: Page, then: Locator) -> None:
    """Streamlit's connection may come back later than the box waits; then the box says so, and the candidate presses again. Also
    when a click met a button that was just being redrawn: what counts is that the text arrives, once.
    """
    button = page.get_by_role("button", name="Submit answer").first
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if button.is_visible() and button.is_enabled():
            with suppress(TimeoutError):
                button.click(timeout=2000)
        with suppress(AssertionError):
            expect(then).to_be_visible(timeout=5000)
            return
    raise AssertionError("the answer never arrived")


def test_killed_when_started_and_when_half_typed(serve, page: Page, bank: Bank):
    server = serve()
    session = server.given(bank, *TWO)
    page.goto(server.link(session))
    steps.ready(page)

    left = gone_for_a_minute(server, session)
    steps.on_question(page, 1)
    clock_is_right(page, server, session, left)

    steps.box(page).fill("Half typed")
    steps.saved(page)
    left = gone_for_a_minute(server, session)
    clock_is_right(page, server, session, left)
    expect(steps.box(page)).to_have_value("Half typed")
    page.reload()
    steps.on_question(page, 1)
    expect(steps.box(page)).to_have_value("Half typed")
    clock_is_right(page, server, session, left)
    submitted(page, page.get_by_text("question 2 of"))
    assert server.answers() == [(0, "Half typed", "submitted")]


def test_text_typed_while_the_server_is_down_is_saved_when_it_is_back(serve, page: Page, bank: Bank):
    server = serve()
    session = server.given(bank, *TWO)
    page.goto(server.link(session))
    steps.ready(page).fill("Before.")
    steps.saved(page)
    server.kill9()
    steps.box(page).press("Control+End")
    page.keyboard.type(" While it was down.")
    expect(page.locator('[data-role="saved"]')).to_have_text(OFFLINE)
    server.start()
    steps.saved(page)
    assert server.draft(session) == "Before. While it was down."
    steps.on_question(page, 1)
    expect(steps.box(page)).to_have_value("Before. While it was down.")
    submitted(page, page.get_by_text("question 2 of"))
    assert server.answers() == [(0, "Before. While it was down.", "submitted")]


def test_an_answer_submitted_while_the_server_is_down_is_not_lost(serve, page: Page, bank: Bank):
    server = serve()
    session = server.given(bank, *TWO)
    page.goto(server.link(session))
    steps.ready(page).fill("Sent into nothing.")
    steps.saved(page)
    server.kill9()
    steps.submit(page)
    server.start()
    submitted(page, page.get_by_text("question 2 of"))
    steps.on_question(page, 2)
    assert server.answers() == [(0, "Sent into nothing.", "submitted")]


def test_killed_when_submitted_when_grading_and_when_graded(serve, page: Page, bank: Bank, openai_server: OpenAIServer):
    openai_server.otherwise = after(60)
    server = serve(OPENAI_BASE_URL=openai_server.url, INTERVIEWER_GRADER_MODEL="scripted")
    session = server.given(bank, *TWO)
    page.goto(server.link(session))
    steps.ready(page).fill("The first answer, which has to be graded once and only once.")
    steps.submit(page)
    until(server.answers, "the answer")
    left = gone_for_a_minute(server, session) if server.interview().turns[1].shown_at else None
    if left is None:
        server.restart()
    steps.on_question(page, 2)
    first = [(0, "The first answer, which has to be graded once and only once.", "submitted")]
    assert server.answers() == first

    steps.box(page).fill("The second answer, as good as the first.")
    submitted(page, page.get_by_role("button", name="See the review"))
    page.get_by_role("button", name="See the review").click()
    expect(page.get_by_text("2 answers still being graded")).to_be_visible()
    until(lambda: len({str(request["messages"][1]) for request in openai_server.requests}) == 2, "both gradings under way")
    server.kill9()
    openai_server.otherwise = well
    server.start()
    steps.graded(page)
    both = [*first, (1, "The second answer, as good as the first.", "submitted")]
    once = [(0, "llm", 0, True), (1, "llm", 0, True)]
    assert (server.answers(), server.gradings(session)) == (both, once)

    rows, asked = server.rows("SELECT * FROM gradings ORDER BY key"), len(openai_server.requests)
    server.kill9()
    server.start()
    page.reload()
    steps.graded(page)
    assert (server.answers(), server.gradings(session)) == (both, once)
    assert server.rows("SELECT * FROM gradings ORDER BY key") == rows
    assert len(openai_server.requests) == asked
