"""A server's words, made fit to show; and no key anywhere: not in sentences, not in chains, not in logs."""

from __future__ import annotations

import json
import logging
import traceback

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.llm.redaction import SHOWN, page_title, shown, without_key
from tests.llm.calls import HELLO, ask, failure
from tests.openai_server import Behaviour, Exchange, OpenAIServer

KEY = "sk-proj-Zq8R-7tYw_0123456789abcdef"


def leaks(text: str, key: str = KEY) -> bool:
    """Whether a part of the key of 8 characters stands in the text."""
    return any(key[i : i + 8].casefold() in text.casefold() for i in range(len(key) - 7))


@pytest.mark.parametrize(
    "told",
    [
        KEY,
        f"Incorrect API key provided: {KEY}.",
        f"key ...{KEY[10:22]}... is wrong",
        f"{KEY.upper()}",
        "\u200b".join(KEY),
        f"a{KEY}b",
        f'{{"authorization": "Bearer {KEY}"}}',
        KEY * 3,
        f"{KEY[:9]}  {KEY[9:20]}",
    ],
)
def test_no_part_of_the_key_is_shown(told: str) -> None:
    assert not leaks(shown(told, KEY))


@pytest.mark.parametrize(
    "told", ["sk-other-secret", "Bearer abc.def", "bearer  xyz", "api_key=topsecret", '"api-key": "topsecret"', "basic dXNlcjpwdw=="]
)
def test_what_looks_like_any_key_is_not_shown(told: str) -> None:
    line = shown(f"denied: {told} end", "")
    assert line == "denied: [key] end" or line == 'denied: "[key]" end'


@given(st.text(max_size=60), st.text(max_size=60), st.integers(0, 26), st.integers(8, 34))
def test_no_part_is_shown_whatever_stands_around_it(before: str, after: str, start: int, length: int) -> None:
    assert not leaks(shown(before + KEY[start : start + length] + after, KEY))


@given(st.text(max_size=400))
def test_shown_is_one_short_line_of_visible_characters(told: str) -> None:
    line = shown(told, KEY)
    assert len(line) <= SHOWN
    assert line.isprintable() or all(char.isprintable() or ord(char) > 0xFF for char in line)
    assert not set(line) & set("\u202e\u2066\u200b\u2028\n\r\t\x1b")


def test_a_short_dummy_key_is_taken_out_as_a_whole_only() -> None:
    assert without_key("ollama says: ollam", "ollama") == "[key] says: ollam"
    assert without_key("box", "x") == "box"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("<!DOCTYPE html><html><head><title>\n Log in </title>", "Log in"),
        ("<html><body>x", "no title"),
        ('{"error": "<title>x</title>"}', ""),
        ("", ""),
    ],
)
def test_the_title_of_a_page(text: str, title: str) -> None:
    assert page_title(text) == title


def echo(status: int) -> Behaviour:
    """A server that gives the key back everywhere it can."""

    def behave(exchange: Exchange) -> None:
        sent = exchange.handler.headers["Authorization"]
        exchange.handler.send_response(status, f"Bad {sent}")
        body = json.dumps({"error": {"message": f"{sent} and {sent[12:26]}", "code": sent, "type": sent, "param": sent}}).encode()
        for name, value in (("Content-Type", "application/json"), ("Content-Length", str(len(body))), ("X-Your-Key", sent)):
            exchange.handler.send_header(name, value)
        exchange.handler.end_headers()
        exchange.handler.wfile.write(body)

    return behave


@pytest.mark.parametrize("code", [200, 400, 401, 403, 404, 422, 429, 500])
def test_a_key_that_a_server_gives_back_is_neither_told_nor_chained_nor_logged(
    openai_server: OpenAIServer, caplog: pytest.LogCaptureFixture, code: int
) -> None:
    with caplog.at_level(logging.DEBUG):
        error = failure(openai_server, echo(code), key=KEY)
    assert openai_server.keys == [f"Bearer {KEY}"]
    assert not leaks(str(error))
    assert not leaks("".join(traceback.format_exception(error)))
    assert not leaks(error.raw)
    assert any(record.name.startswith("httpcore2") for record in caplog.records), "the libraries did log"
    assert not leaks(caplog.text)


def test_a_request_that_goes_well_logs_no_key_either(openai_server: OpenAIServer, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        ask(openai_server, HELLO, key=KEY)
    assert "HTTP Request" in caplog.text
    assert not leaks(caplog.text)


def test_a_servers_bidi_and_control_characters_are_not_shown(openai_server: OpenAIServer) -> None:
    evil = "a\u202eb\u200bc\x1b[31m\nd <b>**bold**</b>"
    error = failure(openai_server, lambda exchange: exchange.send(400, json.dumps({"error": evil}).encode()))
    assert "It answered: “abc[31m d <b>**bold**</b>”" in str(error)


def test_a_long_answer_is_shortened(openai_server: OpenAIServer) -> None:
    error = failure(openai_server, lambda exchange: exchange.send(400, json.dumps({"error": "word " * 5000}).encode()))
    assert len(str(error)) < 320
    assert "word…” Your answer is kept." in str(error)
