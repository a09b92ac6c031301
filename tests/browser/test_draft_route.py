"""`/api/draft` and the headers, asked without a browser, on the real server."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from interviewer.bank.load import Bank
from interviewer.domain.interview import LONGEST_ANSWER
from interviewer.server import HEADERS, LARGEST_BODY
from tests.browser import steps
from tests.browser.server import Server, until

pytestmark = pytest.mark.browser


@pytest.fixture
def session(server: Server, bank: Bank, page) -> str:
    """An interview whose first question is on screen."""
    session = server.given(bank, "ttft-versus-tpot", "rag-vs-plain-llm")
    page.goto(server.link(session))
    steps.ready(page)
    page.context.close()
    return session


def post(server: Server, body: object, **headers: str):
    sent = {"Content-Type": "application/json", "Origin": server.url} | {k.replace("_", "-"): v for k, v in headers.items()}
    return server.request("/api/draft", body=body if isinstance(body, bytes) else json.dumps(body).encode(), headers=sent)


def text_of(server: Server, session: str) -> str:
    return server.request(f"/api/draft?interview={session}&turn=0").json()["text"]


def test_a_draft_is_saved_and_read_back(server, session):
    reply = server.post_draft(session, 0, "hello")
    said = reply.json()
    assert (reply.status, said["ok"], said["revision"]) == (200, True, 1)
    assert said["remaining_ms"] == pytest.approx(server.seconds_left(session) * 1000, abs=2000)
    assert text_of(server, session) == "hello"


def test_what_is_refused_changes_nothing(server, session):
    server.post_draft(session, 0, "kept")
    body = {"interview": session, "turn": 0, "text": "changed", "tab": "b" * 24, "base": 1}
    too_long = json.dumps(body | {"text": "x" * (LONGEST_ANSWER + 1)}).encode()
    refused = [
        (403, post(server, body, Origin="http://evil.example")),
        (403, post(server, body, Origin="null")),
        (403, post(server, body, Origin="")),
        (403, post(server, body, Content_Type="text/plain")),
        (403, post(server, body, Content_Type="")),
        (422, post(server, b"{not json")),
        (422, post(server, b"\xff\xfe")),
        (422, post(server, body | {"turn": -1})),
        (422, post(server, body | {"more": 1})),
        (422, post(server, body | {"interview": "../etc"})),
        (413, post(server, b"x" * (LARGEST_BODY + 1))),
        (404, post(server, body | {"interview": "0" * 32})),
        (410, post(server, body | {"turn": 1})),
        (413, post(server, too_long)),
    ]
    assert [reply.status for _, reply in refused] == [status for status, _ in refused]
    for _, reply in refused:
        said = reply.json()
        assert said["ok"] is False
        assert said["sentence"].endswith(("?", ".")), said
    assert text_of(server, session) == "kept"


def test_a_text_that_is_too_long_is_told_and_can_be_shortened(server, page, bank: Bank, watch):
    watch.allow("status of 413")
    session = server.given(bank, "ttft-versus-tpot", "rag-vs-plain-llm")
    page.goto(server.link(session))
    steps.ready(page).fill("x" * (LONGEST_ANSWER + 1))
    expect(steps.banner(page)).to_contain_text("The text has 200,001 characters; 200,000 are the most.")
    steps.submit(page)
    expect(page.get_by_text("It was not submitted: shorten it and submit again.")).to_be_visible()
    steps.box(page).fill("Short enough.")
    steps.saved(page)
    expect(steps.banner(page)).to_be_hidden()
    steps.submit(page)
    steps.on_question(page, 2)
    assert server.answers(session) == [(0, "Short enough.", "submitted")]


def test_after_the_sweep_a_draft_is_gone_with_a_sentence(server, session):
    server.post_draft(session, 0, "in time")
    server.leave(0, session)
    until(lambda: server.interview(session).current == 1, "the sweep")
    reply = server.post_draft(session, 0, "late")
    assert (reply.status, reply.json()["sentence"]) == (410, "This question is closed; its answer stands as it was submitted.")
    assert text_of(server, session) == "in time"


@pytest.mark.parametrize("path", ["/", "/history", "/api/draft?interview=x&turn=0", "/_stcore/health", "/nowhere.js"])
def test_every_answer_has_the_security_headers(server, path):
    headers = {name.lower(): value for name, value in server.request(path).headers.items()}
    assert {name: headers.get(name.lower()) for name in HEADERS} == HEADERS
    assert "unsafe" not in headers["content-security-policy"].split("default-src")[1].split(";")[0]


@pytest.mark.parametrize("query", ["", "interview=x", "interview=x&turn=x", "interview=x&turn=99999"])
def test_a_read_without_a_question_is_not_understood(server, query):
    assert server.request(f"/api/draft?{query}").status == 422


def test_a_read_of_an_unknown_session_is_not_found(server):
    assert server.request(f"/api/draft?interview={'0' * 32}&turn=0").status == 404
