"""The adapter against a real HTTP server: what it sends, what it reads, when it tries again, and the name of each failure."""

from __future__ import annotations

import json
import socket
from itertools import pairwise
from typing import Any

import pytest

from interviewer.domain.errors import FailureReason, ModelError
from interviewer.domain.grade import Usage
from interviewer.llm.openai_client import OpenAIChat
from tests.llm.calls import HELLO, KEY, SAID, SCHEMA, ask, chat, failure
from tests.openai_server import Behaviour, Exchange, OpenAIServer, after, html, no_choices, refuse, says, status

REPLY = {"id": "x", "object": "chat.completion", "created": 1, "model": "scripted-1"}


def sends(content: object) -> Behaviour:
    return lambda exchange: exchange.send(200, json.dumps(content).encode())


def choice(**message: Any) -> dict[str, Any]:
    return REPLY | {"choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant"} | message}]}


def test_model_messages_temperature_and_key_are_sent(openai_server: OpenAIServer) -> None:
    ask(openai_server, temperature=0.5)
    assert openai_server.requests == [{"model": "m-1", "messages": SAID, "temperature": 0.5}]
    assert openai_server.keys == [f"Bearer {KEY}"]


def test_a_key_that_cannot_be_sent_is_told_before_anything_is_sent(openai_server: OpenAIServer) -> None:
    for key in ("sk-secret\n-123", "sk-schlüssel"):
        error = failure(openai_server, HELLO, key=key)
        assert error.reason is FailureReason.KEY_REJECTED
        assert key not in str(error)
    assert openai_server.requests == []


def test_no_redirect_is_followed(openai_server: OpenAIServer) -> None:
    """The candidate's words go to the address that was set, and to no other."""

    def elsewhere(exchange: Exchange) -> None:
        exchange.send(307, b"", Location=openai_server.url + "/other")

    error = failure(openai_server, elsewhere)
    assert (error.reason, len(openai_server.requests)) == (FailureReason.NOT_AN_ENDPOINT, 1)
    assert "points to another address (HTTP 307)" in str(error)


def test_a_reply_that_gives_the_whole_key_away_is_cleaned(openai_server: OpenAIServer) -> None:
    key = "sk-proj-0123456789abcdef"
    reply = ask(openai_server, sends(choice(content=f"Bad key {key}") | {"model": f"m {key}"}), key=key)
    assert (reply.text, reply.model) == ("Bad key [key]", "m [key]")


def test_a_temperature_of_none_is_left_out(openai_server: OpenAIServer) -> None:
    ask(openai_server, temperature=None)
    assert "temperature" not in openai_server.requests[0]


def test_a_schema_is_asked_for_strictly(openai_server: OpenAIServer) -> None:
    openai_server.otherwise = says("{}")
    chat(openai_server.url).complete(SAID, schema=SCHEMA)
    wanted = openai_server.requests[0]["response_format"]
    assert wanted["type"] == "json_schema"
    assert wanted["json_schema"]["strict"] is True
    assert wanted["json_schema"]["schema"] == SCHEMA


def test_an_endpoint_without_a_key_can_be_asked(openai_server: OpenAIServer) -> None:
    assert ask(openai_server, key="").text == "hello"


def test_a_reply_is_read(openai_server: OpenAIServer) -> None:
    reply = ask(openai_server)
    assert (reply.text, reply.finish, reply.model) == ("hello", "stop", "scripted-1")
    assert reply.usage == Usage(prompt=1000, completion=200, cached=64)


def test_missing_usage_is_none_not_zero(openai_server: OpenAIServer) -> None:
    assert ask(openai_server, says("hello", usage=False)).usage == Usage(prompt=None, completion=None, cached=None)


@pytest.mark.parametrize("nonsense", ["many", -1, 10**400, 1.5])
def test_nonsense_for_a_count_of_tokens_is_no_count(openai_server: OpenAIServer, nonsense: object) -> None:
    usage = {"prompt_tokens": nonsense, "completion_tokens": 6, "prompt_tokens_details": {"cached_tokens": nonsense}}
    assert ask(openai_server, sends(choice(content="x") | {"usage": usage})).usage == Usage(prompt=None, completion=6, cached=None)


def test_usage_without_details_is_read(openai_server: OpenAIServer) -> None:
    usage = {"prompt_tokens": 5, "completion_tokens": 6, "total_tokens": 11}
    assert ask(openai_server, sends(choice(content="x") | {"usage": usage})).usage == Usage(prompt=5, completion=6, cached=None)


def test_a_cut_off_reply_says_so(openai_server: OpenAIServer) -> None:
    assert ask(openai_server, says("half", finish="length")).finish == "length"


def test_a_refusal_says_so_and_its_cost_is_kept(openai_server: OpenAIServer) -> None:
    reply = ask(openai_server, refuse)
    assert (reply.finish, reply.text) == ("refusal", "I can't help with that.")
    assert reply.usage.prompt == 1000


def test_a_filtered_reply_is_a_refusal(openai_server: OpenAIServer) -> None:
    assert ask(openai_server, says("", finish="content_filter")).finish == "refusal"


def test_a_slow_reply_is_waited_for(openai_server: OpenAIServer) -> None:
    assert ask(openai_server, after(0.4, says("hello"))).text == "hello"
    assert len(openai_server.requests) == 1


def test_half_a_character_in_a_reply_is_replaced(openai_server: OpenAIServer) -> None:
    assert ask(openai_server, sends(choice(content="a\ud800b"))).text == "a?b"


FAILURES = [
    (status(401, "invalid_api_key"), FailureReason.KEY_REJECTED),
    (status(403), FailureReason.KEY_REJECTED),
    (status(404, "model_not_found"), FailureReason.NO_SUCH_MODEL),
    (status(429, "insufficient_quota"), FailureReason.QUOTA),
    (status(429, "billing_hard_limit_reached"), FailureReason.QUOTA),
    (status(429, "rate_limit_exceeded"), FailureReason.RATE_LIMITED),
    (status(400), FailureReason.BAD_REQUEST),
    (status(413), FailureReason.BAD_REQUEST),
    (status(500), FailureReason.SERVER_ERROR),
    (status(503), FailureReason.SERVER_ERROR),
    (html, FailureReason.NOT_AN_ENDPOINT),
    (no_choices, FailureReason.NOT_AN_ENDPOINT),
    (sends(REPLY | {"choices": None}), FailureReason.NOT_AN_ENDPOINT),
    (sends(REPLY | {"choices": "abc"}), FailureReason.NOT_AN_ENDPOINT),
    (sends(REPLY | {"choices": [{}]}), FailureReason.NOT_AN_ENDPOINT),
    (sends(REPLY | {"choices": [{"index": 0, "finish_reason": "stop", "message": None}]}), FailureReason.NOT_AN_ENDPOINT),
    (sends(choice(content=[{"type": "text", "text": "x"}])), FailureReason.NOT_AN_ENDPOINT),
    (sends(choice(content=None, refusal=["no"])), FailureReason.NOT_AN_ENDPOINT),
    (sends(choice(content="x") | {"model": 5}), FailureReason.NOT_AN_ENDPOINT),
    (sends(choice(content="x") | {"usage": [1]}), FailureReason.NOT_AN_ENDPOINT),
    (sends({"error": {"message": f"scripted: {KEY} is wrong"}}), FailureReason.NOT_AN_ENDPOINT),
    (sends([]), FailureReason.NOT_AN_ENDPOINT),
    (sends("scripted"), FailureReason.NOT_AN_ENDPOINT),
    (sends(None), FailureReason.NOT_AN_ENDPOINT),
    (lambda exchange: exchange.send(200, b'{"scripted'), FailureReason.NOT_AN_ENDPOINT),
    (lambda exchange: exchange.send(200, b""), FailureReason.NOT_AN_ENDPOINT),
]


@pytest.mark.parametrize(("behaviour", "reason"), FAILURES)
def test_each_failure_has_its_name(openai_server: OpenAIServer, behaviour: Behaviour, reason: FailureReason) -> None:
    assert failure(openai_server, behaviour).reason is reason


@pytest.mark.parametrize(("behaviour", "reason"), FAILURES)
def test_a_failure_is_a_sentence_without_the_key_and_quotes_only_where_that_helps(
    openai_server: OpenAIServer, behaviour: Behaviour, reason: FailureReason
) -> None:
    error = failure(openai_server, behaviour)
    assert str(error).startswith(("the-endpoint ", "The account's quota at the-endpoint "))
    assert str(error).endswith("Your answer is kept.")
    assert error.raw == ""
    assert not any(KEY[i : i + 8] in str(error) for i in range(len(KEY) - 7))
    if reason not in (FailureReason.NOT_AN_ENDPOINT, FailureReason.BAD_REQUEST):
        assert "scripted" not in str(error)


def test_a_web_page_is_told_by_its_title(openai_server: OpenAIServer) -> None:
    assert str(failure(openai_server, html)) == (
        "the-endpoint answered, with a web page, not like a chat endpoint. Check OPENAI_BASE_URL (it usually ends in /v1). "
        "It answered: “Welcome”. Your answer is kept."
    )


def test_an_error_with_status_200_is_quoted_without_the_key(openai_server: OpenAIServer) -> None:
    sentence = str(failure(openai_server, sends({"error": {"message": f"scripted: {KEY} is wrong"}})))
    assert "It answered: “scripted: [key] is wrong”" in sentence


def test_a_wrong_model_is_named_with_the_settings_to_check(openai_server: OpenAIServer) -> None:
    sentence = str(failure(openai_server, status(404)))
    assert "“m-1”" in sentence
    assert "INTERVIEWER_GRADER_MODEL" in sentence


def test_foreign_errors_are_not_chained(openai_server: OpenAIServer) -> None:
    """The library's own error would carry request and key into a traceback."""
    for behaviour in (status(401), status(500), html, after(60)):
        error = failure(openai_server, behaviour, timeout=0.2)
        assert (error.__cause__, error.__context__) == (None, None)


def test_retry_after_is_waited_for(openai_server: OpenAIServer) -> None:
    openai_server.script = [status(429, Retry_After="1")]
    assert ask(openai_server, retries=2).text == "hello"
    first, second = openai_server.times
    assert second - first >= 1.0


def test_a_server_error_is_got_over(openai_server: OpenAIServer) -> None:
    openai_server.script = [status(500)]
    assert ask(openai_server, retries=2).text == "hello"
    assert len(openai_server.requests) == 2


def test_a_lasting_server_error_is_given_up_after_three_requests(openai_server: OpenAIServer) -> None:
    openai_server.otherwise = status(500)
    default = OpenAIChat(model="m-1", base_url=openai_server.url, endpoint="e", api_key=KEY, timeout=5, temperature=None)
    with pytest.raises(ModelError) as caught:
        default.complete(SAID, schema=None)
    assert caught.value.reason is FailureReason.SERVER_ERROR
    assert len(openai_server.requests) == 3
    assert all(a == b for a, b in pairwise(openai_server.requests))


@pytest.mark.parametrize("code", [400, 401, 403, 404])
def test_what_will_not_change_is_asked_once(openai_server: OpenAIServer, code: int) -> None:
    failure(openai_server, status(code), retries=2)
    assert len(openai_server.requests) == 1


def test_a_lost_connection_is_unreachable(openai_server: OpenAIServer) -> None:
    def hang_up(exchange: Exchange) -> None:
        exchange.handler.connection.shutdown(socket.SHUT_RDWR)

    assert failure(openai_server, hang_up).reason is FailureReason.UNREACHABLE


def test_a_refused_connection_is_unreachable() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/v1"
        with pytest.raises(ModelError) as caught:
            chat(url).complete(SAID, schema=None)
    assert caught.value.reason is FailureReason.UNREACHABLE
