"""What a candidate does and sees, in the words of the tests."""

from __future__ import annotations

import re
from datetime import datetime

from playwright.sync_api import Locator, Page, expect

from interviewer.domain.question import Question
from tests.browser.server import Server, until

expect.set_options(timeout=15_000)


def start(page: Page, server: Server) -> str:
    """Press the start page's one button; the session's id."""
    page.goto(server.url)
    page.get_by_role("button", name="Start interview").click()
    ready(page)
    return page.url.partition("s=")[2]


def ready(page: Page) -> Locator:
    """Wait until the answer box can be typed into."""
    # counted anew each time: while a page is redrawn, the last question's box stands there too for a moment
    one = "found => found.length === 1 && !found[0].readOnly && !found[0].disabled"
    told = "found => found.length === 1 && found[0].textContent.includes('Enter submits')"  # its script has run
    until(lambda: box(page).evaluate_all(one), "the box of this question")
    until(lambda: page.get_by_role("button", name="Submit answer").evaluate_all(one), "the button below it")
    until(lambda: page.locator('[data-role="keys"]').evaluate_all(told), "what the keys of this box do")
    return box(page)


def on_question(page: Page, number: int) -> None:
    """Wait until this question (from 1) and its box are there."""
    expect(page.get_by_text(f"question {number} of")).to_be_visible()
    ready(page)


def box(page: Page) -> Locator:
    """The answer box."""
    return page.get_by_role("textbox", name="Your answer")


def submit(page: Page) -> None:
    page.get_by_role("button", name="Submit answer").click()


def saved(page: Page) -> None:
    """Wait until the box says that the draft is saved."""
    expect(page.locator('[data-role="saved"]')).to_have_text("Saved")


def banner(page: Page) -> Locator:
    """The sentence above the box."""
    return page.get_by_role("alert").filter(has=page.locator(".words"))


def shown_seconds(page: Page) -> int:
    """What the question's countdown shows."""
    parts = [int(part) for part in page.locator('[data-role="question-time"]').inner_text().split(":")]
    return sum(part * 60**place for place, part in enumerate(reversed(parts)))


def take_the_servers_clock(page: Page, server: Server, session: str) -> None:
    """After `server.leave`: the page asks for the time as it does when the machine wakes up. Quicker than a reload."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    until(lambda: abs(shown_seconds(page) - server.seconds_left(session)) <= 2, "the server's time on the page")


def type_just_before(page: Page, end: datetime, text: str) -> None:
    """Type it 300 ms before this moment: drafts are saved 400 ms after the last key, so none with it can be in time."""
    script = """async ([end, text]) => { while (Date.now() < end - 300) await new Promise((go) => setTimeout(go, 5));
      document.execCommand('insertText', false, text); return Date.now() < end; }"""
    assert page.evaluate(script, [end.timestamp() * 1000, text]), "this machine was too slow to type in time"


def end_early(page: Page) -> None:
    page.get_by_role("button", name="End early").click()
    page.get_by_role("button", name="End the interview").click()
    expect(page.get_by_role("button", name="See the review")).to_be_visible()


def review(page: Page) -> None:
    """Open the review from the closing words and wait until everything is graded."""
    page.get_by_role("button", name="See the review").click()
    graded(page)


def graded(page: Page) -> None:
    """Wait until the review has a number and nothing is pending."""
    expect(page.get_by_text(re.compile(r"^mean of \d"))).to_be_visible(timeout=30_000)
    expect(page.get_by_text("still being graded")).to_have_count(0, timeout=30_000)


def good_answer(question: Question) -> str:
    """Meets about every point by the built-in grader."""
    return "I would put it like this. " + " ".join(f"{p.accept[0].rstrip('.')}." for p in question.points if p.accept)
