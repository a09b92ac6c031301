"""The batch adapter against a real HTTP server: what it sends, what it reads, and the name of each failure."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from interviewer.domain.errors import FailureReason, ModelError
from interviewer.domain.grade import Usage
from interviewer.llm.batch_client import BATCH_SHARE, MOST_PAGES, OpenAIBatches
from interviewer.llm.prices import parse_prices, price_of
from interviewer.ports import ChatReply
from tests.batch_server import PAGE, BatchServer, hang_up
from tests.llm.calls import KEY, SAID, SCHEMA, chat
from tests.openai_server import Behaviour, Exchange, html, refuse, says, status

BUSY = status(503, x_should_retry="false")
USED = Usage(prompt=1_000_000, completion=1_000_000, cached=0)
Call = Callable[[OpenAIBatches], object]
CALLS: dict[str, Call] = {
    "POST /files": lambda lane: lane.submit([lane.line("a", SAID, schema=None)], note="n"),
    "POST /batches": lambda lane: lane.submit([lane.line("a", SAID, schema=None)], note="n"),
    "GET /batches/": lambda lane: lane.state("batch_0"),
    "GET /batches": lambda lane: lane.find("another"),
    "GET /files/": lambda lane: lane.results("batch_0"),
}


@pytest.fixture
def server() -> Iterator[BatchServer]:
    served = BatchServer()
    served.start()
    served.otherwise = says('{"ready": true}')
    yield served
    served.stop()


def lane(url: str, *, key: str = KEY, **options: Any) -> OpenAIBatches:
    values: dict[str, Any] = {"model": "m-1", "endpoint": "the-endpoint", "temperature": 0} | options
    return OpenAIBatches(base_url=url, api_key=key, **values)


def submit(asks: OpenAIBatches, *ids: str, note: str = "n") -> str:
    return asks.submit([asks.line(id_, SAID, schema=SCHEMA) for id_ in ids or ("a",)], note=note)


def ended(asks: OpenAIBatches, batch_id: str) -> None:
    while not asks.state(batch_id).ended:
        pass


def found(server: BatchServer, behaviour: Behaviour | None = None, **options: Any) -> ChatReply | ModelError | None:
    """What comes of one request, answered like this."""
    server.otherwise = behaviour or server.otherwise
    asks = lane(server.url, **options)
    batch_id = submit(asks)
    ended(asks, batch_id)
    return asks.results(batch_id).found["a"]


def failure(call: Callable[[], object]) -> ModelError:
    with pytest.raises(ModelError) as caught:
        call()
    return caught.value


# what is sent


@pytest.mark.parametrize("temperature", [0.5, None])
@pytest.mark.parametrize("schema", [SCHEMA, None])
def test_a_line_s_body_is_what_the_online_client_sends(
    server: BatchServer, temperature: float | None, schema: dict[str, object] | None
) -> None:
    chat(server.url, temperature=temperature, form="json_schema").complete(SAID, schema=schema)
    line = lane(server.url, temperature=temperature).line("a", SAID, schema=schema)
    assert line.endswith(b"}\n")
    assert json.loads(line) == {"custom_id": "a", "method": "POST", "url": "/v1/chat/completions", "body": server.requests[0]}


def test_a_line_is_one_line_whatever_the_answer_holds(server: BatchServer) -> None:
    said = [{"role": "user", "content": "a\nb\r\u2028\u0085\ud800 “ä”"}]
    line = lane(server.url).line("a", said, schema=None)
    assert len(line.decode("utf-8").splitlines()) == 1
    assert json.loads(line)["body"]["messages"] == said


def test_a_batch_is_made_of_the_file_with_key_and_note(server: BatchServer) -> None:
    batch_id = submit(lane(server.url), "a", "b", note="a note")
    assert [row["custom_id"] for row in server.batches[batch_id]] == ["a", "b"]
    assert server.notes == {batch_id: "a note"}
    assert server.keys == [f"Bearer {KEY}"] * 2


def test_the_file_may_be_sent_again_but_the_batch_is_made_once(server: BatchServer) -> None:
    """A lost answer may stand for a batch that is there."""
    server.before = [("POST /files", status(500, retry_after_ms="1")), ("POST /batches", status(500, retry_after_ms="1"))]
    assert failure(lambda: submit(lane(server.url))).reason is FailureReason.SERVER_ERROR
    assert server.calls == ["POST /files", "POST /files", "POST /batches"]


# what is read


def test_a_batch_is_followed_to_its_end(server: BatchServer) -> None:
    server.script = [says("{}"), status(500)]
    asks = lane(server.url)
    batch_id = submit(asks, "a", "b")
    told = [asks.state(batch_id) for _ in range(3)]
    assert [(s.status, s.ended, s.done, s.failed) for s in told] == [
        ("in_progress", False, 0, 0),
        ("completed", True, 1, 1),
        ("completed", True, 1, 1),
    ]


@pytest.mark.parametrize("end", ["EXPIRED", "Failed", "cancelled", "COMPLETED"])
def test_the_end_may_be_told_in_capitals(server: BatchServer, end: str) -> None:
    server.before = [("GET /batches/", lambda exchange: exchange.send(200, json.dumps({"id": "b", "status": end}).encode()))]
    assert lane(server.url).state("b").ended


def test_an_unknown_state_is_no_end(server: BatchServer) -> None:
    content = {"id": "b", "status": "queued\nsk-secret-123", "request_counts": None, "errors": "", "metadata": {}}
    server.before = [("GET /batches/", lambda exchange: exchange.send(200, json.dumps(content).encode()))]
    state = lane(server.url).state("b")
    assert (state.ended, state.status) == (False, "queued [key]")


def test_a_reply_is_the_one_the_online_client_reads(server: BatchServer) -> None:
    prices = parse_prices("m-1: 1/0.5/2")
    reply = found(server, prices=prices)
    online = chat(server.url, form="json_schema", prices=prices).complete(SAID, schema=SCHEMA)
    assert isinstance(reply, ChatReply)
    assert (reply.text, reply.finish, reply.model, reply.usage) == (online.text, online.finish, online.model, online.usage)
    assert (reply.cost, reply.form, reply.latency_ms) == (online.cost, "json_schema", 0)
    assert reply.cost


def test_a_refusal_is_read(server: BatchServer) -> None:
    reply = found(server, refuse)
    assert isinstance(reply, ChatReply)
    assert reply.finish == "refusal"


def test_a_request_the_filter_stopped_is_a_refusal(server: BatchServer) -> None:
    reply = found(server, status(400, "content_filter"))
    assert isinstance(reply, ChatReply)
    assert (reply.finish, reply.text) == ("refusal", "The endpoint's content filter stopped the request.")


def test_a_reply_that_is_none_says_what_it_is(server: BatchServer) -> None:
    error = found(server, html)
    assert isinstance(error, ModelError)
    assert error.reason is FailureReason.NOT_AN_ENDPOINT
    assert "“Welcome”" in str(error)


def test_a_body_that_came_as_text_is_read(server: BatchServer) -> None:
    def as_text(lines: list[bytes]) -> list[bytes]:
        row = json.loads(lines[0])
        row["response"]["body"] = json.dumps(row["response"]["body"])
        return [json.dumps(row).encode()]

    server.spoil = as_text
    assert isinstance(found(server), ChatReply)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("batch_expired", FailureReason.TIMEOUT),
        ("batch_cancelled", FailureReason.SERVER_ERROR),
        ("request_timeout", FailureReason.TIMEOUT),
        ("odd", FailureReason.SERVER_ERROR),
        (None, FailureReason.SERVER_ERROR),
    ],
)
def test_a_request_that_never_reached_the_model_says_why(server: BatchServer, code: str | None, reason: FailureReason) -> None:
    row = {"custom_id": "a", "response": None, "error": {"code": code, "message": "Sorry, sk-secret-123."}}
    server.spoil = lambda lines: [json.dumps(row).encode()]
    error = found(server)
    assert isinstance(error, ModelError)
    assert error.reason is reason
    assert KEY not in str(error)
    assert ("Sorry, [key]" in str(error)) == (code in ("odd", None))


def test_a_refused_temperature_is_left_out_from_then_on(server: BatchServer) -> None:
    content = {"error": {"message": "Unsupported value", "param": "temperature"}}
    asks = lane(server.url)
    server.otherwise = lambda exchange: exchange.send(400, json.dumps(content).encode())
    batch_id = submit(asks)
    ended(asks, batch_id)
    assert asks.results(batch_id).found == {"a": None}
    assert "temperature" not in json.loads(asks.line("a", SAID, schema=None))["body"]
    assert asks.parameters == {"temperature": 0}, "grades are kept under what was asked for"


def test_replies_that_are_not_given_out_yet_are_waited_for(server: BatchServer) -> None:
    content = {"id": "b", "status": "completed", "request_counts": {"total": 1, "completed": 1, "failed": 0}}
    server.before = [("GET /batches/", lambda exchange: exchange.send(200, json.dumps(content).encode()))]
    error = failure(lambda: lane(server.url).results("b"))
    assert error.reason is FailureReason.SERVER_ERROR
    assert "1 requests of a batch are done, but does not give out the replies yet" in str(error)


# finding


def test_a_batch_is_found_by_its_note_on_any_page(server: BatchServer) -> None:
    asks = lane(server.url)
    made = {note: submit(asks, note=note) for note in ("first", *map(str, range(2 * PAGE)))}
    assert {note: asks.find(note) for note in made} == made
    assert asks.find("another") is None


def test_a_list_that_never_ends_is_left(server: BatchServer) -> None:
    content = {"data": [{"id": "b", "status": "completed", "metadata": None}], "has_more": True}
    server.before = [("GET /batches", lambda exchange: exchange.send(200, json.dumps(content).encode()))] * 1000
    assert lane(server.url).find("n") is None
    assert len(server.calls) == MOST_PAGES


# prices


@pytest.mark.parametrize(("url", "share"), [("https://api.openai.com/v1", BATCH_SHARE), ("https://api.openai.com.example.org/v1", 1.0)])
def test_a_batch_costs_half_at_openai_s_own_address(url: str, share: float) -> None:
    prices = parse_prices("gpt-4o-mini: 1/0.5/2")
    assert lane(url, model="gpt-4o-mini", prices=prices).price(USED) == 3 * share


def test_the_list_price_is_halved() -> None:
    url = "https://api.openai.com/v1"
    listed = price_of(USED, model="gpt-4o-mini", base_url=url, own={})
    assert listed
    assert lane(url, model="gpt-4o-mini").price(USED) == listed / 2
    assert lane(url, model="no-such-model").price(USED) is None


# failures


def unexpected(exchange: Exchange) -> None:
    """An error with status 200, as one local server has it."""
    exchange.send(200, b'{"error": "Unexpected endpoint or method."}')


@pytest.mark.parametrize("call", ["POST /files", "POST /batches"])
@pytest.mark.parametrize("answer", [status(404), status(405), status(501, x_should_retry="false"), html, unexpected])
def test_an_endpoint_without_batches_is_named(server: BatchServer, call: str, answer: Behaviour) -> None:
    server.before = [(call, answer)]
    error = failure(lambda: submit(lane(server.url)))
    assert error.reason is FailureReason.NOT_AN_ENDPOINT
    assert str(error) == (
        "the-endpoint does not take batches the way OpenAI does. Leave out --batch: the answers are then sent one by one."
    )
    assert server.batches == {}


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (status(401), FailureReason.KEY_REJECTED),
        (status(400, "billing_hard_limit_reached"), FailureReason.QUOTA),
        (status(429, "", x_should_retry="false"), FailureReason.RATE_LIMITED),
        (BUSY, FailureReason.SERVER_ERROR),
        (status(307, Location="http://127.0.0.1:9/v1"), FailureReason.NOT_AN_ENDPOINT),
    ],
)
def test_a_failed_call_has_a_reason_and_hides_the_key(server: BatchServer, call: str, answer: Behaviour, reason: FailureReason) -> None:
    asks = lane(server.url)
    ended(asks, submit(asks))
    server.before = [(call, answer)]
    error = failure(lambda: CALLS[call](asks))
    assert error.reason is reason
    assert KEY not in str(error)
    assert (error.__cause__, error.__context__) == (None, None), "the library's errors hold the key"


def test_an_endpoint_that_hangs_up_cannot_be_reached(server: BatchServer) -> None:
    server.before = [("POST /batches", hang_up)]
    assert failure(lambda: submit(lane(server.url))).reason is FailureReason.UNREACHABLE
    server.stop()
    assert failure(lambda: lane(server.url).state("b")).reason is FailureReason.UNREACHABLE


@pytest.mark.parametrize("call", ["GET /batches/", "GET /batches"])
def test_a_strange_answer_about_a_batch_may_pass(server: BatchServer, call: str) -> None:
    """A log-in page in between is no reason to send everything another way, and pay twice."""
    asks = lane(server.url)
    submit(asks)
    server.before = [(call, html)]
    error = failure(lambda: CALLS[call](asks))
    assert error.reason is FailureReason.SERVER_ERROR
    assert "--batch" not in str(error)


def test_a_batch_or_file_that_is_gone_is_named(server: BatchServer) -> None:
    asks = lane(server.url)
    gone = failure(lambda: asks.state("b"))
    assert "the-endpoint knows no batch “b”: it was sent with another key, or it is gone." in str(gone)
    ended(asks, submit(asks))
    server.before = [("GET /files/", status(404))]
    lost = failure(lambda: asks.results("batch_0"))
    assert "the-endpoint no longer has the replies of a batch" in str(lost)
    assert [(e.__cause__, e.__context__) for e in (gone, lost)] == [(None, None)] * 2


def test_a_key_that_cannot_be_sent_is_told_before_anything_is_sent(server: BatchServer) -> None:
    for key in ("sk-secret\n-123", "sk-schlüssel"):
        error = failure(lambda key=key: submit(lane(server.url, key=key)))  # type: ignore[misc]
        assert error.reason is FailureReason.KEY_REJECTED
        assert key not in str(error)
    assert server.calls == []


def test_the_key_is_in_no_log(server: BatchServer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    key = "of-this-test-only-24680"
    server.before = [("POST /files", lambda exchange: exchange.send(500, b"{}", x_echo=key, retry_after_ms="1"))]
    found(server, key=key)
    assert caplog.text
    assert key not in caplog.text


def test_a_reply_that_gives_the_whole_key_away_is_cleaned(server: BatchServer) -> None:
    key = "sk-proj-0123456789abcdef"
    reply = found(server, says(f"The key is {key}."), key=key)
    assert isinstance(reply, ChatReply)
    assert reply.text == "The key is [key]."
