"""A model endpoint that behaves, and every way in which one does not, seen from the review page."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, WebSocket, expect

from interviewer.domain.interview import Pace
from tests.browser import drive, steps
from tests.openai_server import Behaviour, Exchange, OpenAIServer, after, html, refuse, says, status, well

pytestmark = pytest.mark.browser

KEY = "sk-browser-test-0123456789"
POINTS = "Point by point"
CASES: dict[str, tuple[Behaviour, str]] = {
    "rejected-key": (status(401), "rejected the key. Set OPENAI_API_KEY anew."),
    "unknown-model": (status(404), "knows no model “scripted”"),
    "no-quota": (status(429, "insufficient_quota"), "The account's quota at 127.0.0.1"),
    "web-page": (html, "It answered: “Welcome”."),
    "refusal": (refuse, "The model refused to grade this answer."),
    "broken-schema": (says('{"points": "all of them"}'), "not in the form a grade needs"),
    "behaves": (well, ""),
    "slow": (after(7), ""),
}


def by_case(exchange: Exchange) -> None:
    """Behave as the answer in the request asks."""
    sent = str(exchange.body["messages"])
    next(behave for name, (behave, _) in CASES.items() if f"case {name} " in sent)(exchange)


@pytest.fixture
def endpoint(openai_server: OpenAIServer) -> dict[str, str]:
    """The environment of a server that grades with the scripted endpoint."""
    return {"OPENAI_BASE_URL": openai_server.url, "OPENAI_API_KEY": KEY, "INTERVIEWER_GRADER_MODEL": "scripted"}


def test_every_failure_is_told_with_the_answer_kept_and_is_made_good_later(serve, page: Page, bank, openai_server, endpoint):
    openai_server.otherwise = by_case
    server = serve(**endpoint)
    questions = [q.id for q in bank.questions.values() if q.kind.value == "concept"][: len(CASES)]
    page.goto(server.link(server.given(bank, *questions, pace=Pace.UNTIMED)))
    steps.ready(page)
    said = [f"This is the case {name} of an endpoint. I would say what it is and why it matters." for name in CASES]
    for number, text in enumerate(said, start=1):
        drive.answer(page, text, then=number + 1 if number < len(said) else None)
    drive.open_review(page)

    slow = drive.item(page, len(CASES))
    expect(slow.get_by_text("Being graded. This page fills in by itself.")).to_be_visible()
    expect(slow.get_by_text(POINTS, exact=True)).to_be_visible()
    for number, (_, sentence) in enumerate(CASES.values(), start=1):
        shown = drive.item(page, number)
        expect(shown.get_by_role("group", name="Your answer")).to_contain_text("I would say what it is and why it matters.")
        if sentence:
            expect(shown.get_by_role("alert")).to_contain_text(sentence)
            expect(shown.get_by_role("alert")).to_contain_text("Your answer is kept")
        else:
            expect(shown.get_by_text(POINTS, exact=True)).to_be_visible()
    expect(page.get_by_text("6 answers could not be graded. The answers are kept.")).to_be_visible()
    assert drive.texts(server) == said

    first = drive.item(page, 1)
    first.get_by_role("button", name="Take the built-in estimate").click()
    expect(first.get_by_text(f"{POINTS} · estimate")).to_be_visible()
    expect(first.locator("summary").first).to_contain_text("(estimate)")

    openai_server.otherwise = well
    second = drive.item(page, 2)
    second.get_by_role("button", name="Try again").click()
    expect(second.get_by_text(POINTS, exact=True)).to_be_visible()
    page.get_by_role("button", name="Try all again").click()
    expect(page.get_by_text("could not be graded")).to_have_count(0)
    expect(page.get_by_text("mean of 7 graded answers")).to_be_visible()
    expect(page.get_by_text("1 answer graded by the built-in estimate and left out of this average.")).to_be_visible()
    assert server.rows("SELECT count(*) AS n FROM gradings") == [{"n": len(CASES) + 6}]
    assert drive.texts(server) == said


def test_an_endpoint_that_is_away_keeps_the_answer_until_it_is_back(serve, page: Page, bank, openai_server, endpoint):
    server = serve(**endpoint)
    openai_server.stop()
    page.goto(server.link(server.given(bank, "ttft-versus-tpot")))
    steps.ready(page)
    drive.answer(page, "An answer for an endpoint that is away.")
    drive.open_review(page)
    shown = drive.item(page, 1)
    expect(shown.get_by_role("alert")).to_contain_text("cannot be reached. Check the address and the network. Your answer is kept.")
    back = OpenAIServer(port=int(endpoint["OPENAI_BASE_URL"].rsplit(":", 1)[1].partition("/")[0]))
    back.start()
    try:
        shown.get_by_role("button", name="Try again").click()
        expect(shown.get_by_text(POINTS, exact=True)).to_be_visible()
    finally:
        back.stop()
    assert drive.texts(server) == ["An answer for an endpoint that is away."]


def test_settings_show_model_and_host_and_test_the_endpoint_but_never_the_key(serve, page: Page, openai_server, endpoint):
    received: list[bytes] = []

    def listen(socket: WebSocket) -> None:
        def frame(data: Any) -> None:
            received.append(data if isinstance(data, bytes) else data.encode())

        socket.on("framereceived", frame)

    page.on("websocket", listen)
    server = serve(**endpoint)
    page.goto(f"{server.url}/settings")
    host = openai_server.url.removeprefix("http://").removesuffix("/v1")
    expect(page.get_by_role("status").first).to_contain_text(f"Graded by the model scripted at {host}.")
    expect(page.get_by_text("set (never shown or stored)")).to_be_visible()
    page.get_by_role("button", name="Test the endpoint").click()
    expect(page.get_by_text("The endpoint answers, in")).to_be_visible()
    expect(page.get_by_text("Model: scripted-1")).to_be_visible()
    openai_server.otherwise = status(401)
    page.get_by_role("button", name="Test the endpoint").click()
    expect(page.get_by_text(f"{host} rejected the key. Set OPENAI_API_KEY anew.")).to_be_visible()
    assert openai_server.keys == [f"Bearer {KEY}"] * 2
    assert KEY not in page.content()
    assert any(host.encode() in frame for frame in received)
    assert not any(KEY.encode() in frame for frame in received)
    assert KEY not in server.said()
