"""Answers that try to be something else than text: stored as typed, shown as text, graded, and nothing is fetched for them."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from interviewer.domain.interview import Pace
from tests.browser import drive, steps

pytestmark = pytest.mark.browser

LONG = ("Attention weighs every token against every other one. " * 95 + "\n") * 20
EMOJI = (
    "Family 👩‍👩‍👧‍👦, flag 🏳️‍🌈, joined e\u0301, right-to-left \u202e abc \u202c, zero\u200bwidth, "
    "controls \x01\x07\x1b[31m\x7f, tab\tand vector."
)
MARKUP = (
    "<script>window.hacked = 1</script> <img src=x onerror='window.hacked = 2'> <img src='http://evil.test/pixel.png'> "
    "![pixel](http://evil.test/markdown.png) [link](javascript:window.hacked=3) <a href='http://evil.test'>here</a> "
    "<svg onload='window.hacked = 4'></svg> </textarea></div><h1>big</h1> <style>body{display:none}</style> "
    "**bold** # heading :red[red] $x^2$ &amp; &lt;b&gt; {{7*7}} '; DROP TABLE answers; --"
)
TEXTS = (LONG, EMOJI, MARKUP)
IDS = ("rag-vs-plain-llm", "perplexity-measures", "ttft-versus-tpot")


def test_hostile_answers_are_stored_raw_shown_as_text_and_graded(serve, page: Page, bank):
    server = serve()
    asked: list[str] = []
    page.context.on("request", lambda request: asked.append(request.url))
    page.context.route(lambda url: not url.startswith((server.url, "data:", "blob:")), lambda route: route.abort())
    session = server.given(bank, *IDS, pace=Pace.UNTIMED)
    page.goto(server.link(session))
    steps.ready(page)
    for number, text in enumerate(TEXTS, start=1):
        drive.answer(page, text, then=number + 1 if number < len(TEXTS) else None)
    assert drive.texts(server) == list(TEXTS)

    drive.open_review(page)
    steps.graded(page)
    for number, text in enumerate(TEXTS, start=1):
        shown = drive.item(page, number)
        expect(shown.get_by_text("Point by point · estimate")).to_be_visible()
        answer = shown.locator(".iv-answer")
        answer.evaluate("element => element.querySelectorAll('sup').forEach((label) => label.remove())")
        assert answer.text_content() == text
    nothing(page)

    page.goto(server.link(session))  # the interview page again: chat and closing words
    expect(page.get_by_role("button", name="See the review")).to_be_visible()
    nothing(page)
    assert len(asked) > 10
    assert [url for url in asked if not url.startswith((server.url, "data:", "blob:"))] == []


def nothing(page: Page) -> None:
    """Nothing of the answers became part of the page."""
    assert page.evaluate("window.hacked") is None
    made = "img[src*=evil], img[onerror], a[href*=evil], a[href^=javascript], svg[onload], h1:text-is('big')"
    assert page.locator(made).count() == 0
    assert page.locator("main script, main style:text('display:none')").count() == 0
    assert page.evaluate("getComputedStyle(document.body).display") != "none"


def test_a_draft_of_markup_comes_back_as_typed_and_shows_as_text_in_the_chat(serve, page: Page, bank):
    server = serve()
    page.goto(server.link(server.given(bank, *IDS[:2])))
    steps.ready(page).fill(MARKUP)
    steps.saved(page)
    page.reload()
    expect(steps.ready(page)).to_have_value(MARKUP)
    drive.answer(page, MARKUP, then=2)
    page.get_by_text("Earlier in this interview").click()
    expect(page.locator(".iv-answer")).to_have_text(MARKUP)
    nothing(page)
