"""More of what a candidate does: adjusting the start page, unfolding a question of the review."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from playwright.sync_api import Locator, Page, expect

from tests.browser import steps
from tests.browser.server import Server


def start_with(page: Page, server: Server, *, track: str, topics: Sequence[str] = (), questions: int = 1, study: bool = False) -> str:
    """From the start page into an interview of this track and length; the session's id."""
    page.goto(server.url)
    page.get_by_role("radiogroup", name="Track").get_by_text(track, exact=True).click()
    expect(page.get_by_text(f"{track} · questions for")).to_be_visible()  # the rest of the page is this track's
    page.get_by_text("Adjust topics").click()
    box = page.get_by_role("combobox", name="Topics")
    for topic in topics:
        box.click()
        box.fill(topic)
        expect(page.get_by_role("option")).to_have_text([topic])  # the list is filtered and stands still
        page.get_by_role("option", name=topic, exact=True).click()
        box.press("Escape")  # while the list is open, the rest is hidden from roles
        expect(page.get_by_role("button", name=f"Remove {topic}")).to_be_visible()
    slider = page.get_by_role("slider")
    for _ in range(3):  # a click that falls into the redraw of the topics is made again
        page.get_by_role("radiogroup", name="Length by").get_by_text("Questions", exact=True).click()
        with suppress(AssertionError):
            expect(slider).to_be_visible(timeout=3_000)
            break
    slider.press("Home")
    for _ in range(questions - 1):
        slider.press("ArrowRight")
    if study:
        page.get_by_role("radiogroup", name="Mode").get_by_text("Study", exact=True).click()
    length = f"{questions} question{'s' if questions > 1 else ''} · {'study' if study else 'exam'}"
    expect(page.get_by_text(f"{track} · {length}")).to_be_visible()
    page.get_by_role("button", name="Start interview").click()
    steps.ready(page)
    return page.url.partition("s=")[2]


def answer(page: Page, text: str, *, then: int | None = None) -> None:
    """Fill the box and submit; `then` is the number (from 1) of the next question, None after the last."""
    steps.box(page).fill(text)
    steps.submit(page)
    if then is not None:
        steps.on_question(page, then)
    else:
        expect(page.get_by_role("button", name="See the review")).to_be_visible()


def open_review(page: Page) -> None:
    """From the interviewer's last words to the review, graded or not."""
    page.get_by_role("button", name="See the review").click()
    expect(page.get_by_role("button", name="Export Markdown")).to_be_visible()


def item(page: Page, number: int) -> Locator:
    """A question of the review (from 1), unfolded. A click that falls into a redraw, as the page fills in, is made again."""
    found = page.locator(f".st-key-question-{number - 1}")
    details = found.locator("details").first
    expect(details).to_be_visible()
    for _ in range(3):
        if details.get_attribute("open") is not None:
            break
        found.locator("summary").first.click()
        with suppress(AssertionError):
            expect(details).to_have_attribute("open", "", timeout=3_000)
    expect(details).to_have_attribute("open", "")
    return found


def texts(server: Server) -> list[str]:
    """The stored answers in order."""
    return [row["text"] for row in server.rows("SELECT text FROM answers ORDER BY turn")]
