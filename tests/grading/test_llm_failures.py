"""What the endpoint may do wrong: each ends in a grade after another try, or in an honest Ungraded."""

from __future__ import annotations

import json
import socket
from typing import Any

import pytest

from interviewer.domain.errors import FailureReason
from interviewer.domain.grade import Grade, Ungraded
from tests.fakes import START, answer_of
from tests.grading.scripted import ANSWER, KEY, LORA, Letters, grade, grader, gullible, met, outcome
from tests.openai_server import Behaviour, Exchange, OpenAIServer, after, cut_off, graded, html, no_choices, refuse, says, status

GOOD = met("frozen", "low-rank", "optimizer")


def changed(change: Any) -> Behaviour:
    """A right reply but for what `change` does to its content."""

    def behave(exchange: Exchange) -> None:
        content = json.loads(graded(exchange.body))
        change(content)
        exchange.reply(json.dumps(content))

    return behave


def first_point(**values: Any) -> Behaviour:
    return changed(lambda content: content["points"][0].update(values))


BROKEN = {
    "extra key": (changed(lambda c: c.update(score=100)), "score: Extra inputs"),
    "extra key in a point": (first_point(confidence=1), "confidence: Extra inputs"),
    "missing key": (changed(lambda c: c.pop("wrong")), "wrong: Field required"),
    "unknown id": (first_point(point="invented"), "point ids unknown: invented"),
    "missing id": (changed(lambda c: c["points"].pop()), "point ids missing"),
    "the same id twice": (changed(lambda c: c["points"].append(c["points"][0])), "point ids given twice"),
    "missing misconception": (changed(lambda c: c.update(misconceptions=[])), "misconception ids missing: shrinks"),
    "verdict off the menu": (first_point(verdict="mostly"), "verdict: Input should be 'met'"),
    "not JSON": (says("All points are met, well done!"), "Invalid JSON"),
    "fenced JSON": (lambda e: e.reply(f"```json\n{graded(e.body)}\n```"), "Invalid JSON"),
    "two objects": (lambda e: e.reply(graded(e.body) * 2), "Invalid JSON"),
    "empty": (says(""), "Invalid JSON"),
    "null": (lambda e: e.reply(None), "Invalid JSON"),
}


@pytest.mark.parametrize(("behaviour", "problem"), BROKEN.values(), ids=BROKEN)
def test_a_malformed_reply_is_tried_again_with_the_error_told(openai_server: OpenAIServer, behaviour: Behaviour, problem: str) -> None:
    openai_server.script = [behaviour]
    given = grade(openai_server, GOOD)
    first, second = openai_server.requests
    assert second["messages"][:2] == first["messages"]
    assert problem in second["messages"][-1]["content"]
    assert (given.score, given.provenance.calls) == (100, 2)


@pytest.mark.parametrize("behaviour", [b for b, _ in BROKEN.values()], ids=BROKEN)
def test_three_malformed_replies_are_the_end(openai_server: OpenAIServer, behaviour: Behaviour) -> None:
    given = outcome(openai_server, behaviour)
    assert isinstance(given, Ungraded)
    assert (given.reason, len(openai_server.requests), given.provenance.calls) == (FailureReason.MALFORMED, 3, 3)
    assert "Your answer is kept" in given.sentence


def test_a_third_reply_may_still_be_right(openai_server: OpenAIServer) -> None:
    openai_server.script = [says("no"), says("still no")]
    assert grade(openai_server, GOOD).provenance.calls == 3


def test_the_last_malformed_reply_is_kept_for_the_record(openai_server: OpenAIServer) -> None:
    openai_server.script = [says("first"), says("second")]
    given = outcome(openai_server, says("third"))
    assert given.provenance.raw_reply == "third"


def test_a_cut_off_reply_is_tried_again_with_the_advice_to_be_brief(openai_server: OpenAIServer) -> None:
    openai_server.script = [cut_off]
    grade(openai_server, GOOD)
    assert "be brief" in openai_server.requests[1]["messages"][-1]["content"]


def test_a_reply_cut_off_three_times_is_the_end(openai_server: OpenAIServer) -> None:
    given = outcome(openai_server, cut_off)
    assert isinstance(given, Ungraded)
    assert (given.reason, len(openai_server.requests)) == (FailureReason.CUT_OFF, 3)


def test_a_whole_reply_marked_as_cut_off_is_not_trusted(openai_server: OpenAIServer) -> None:
    given = outcome(openai_server, lambda exchange: exchange.reply(graded(exchange.body), finish="length"))
    assert isinstance(given, Ungraded)
    assert given.reason is FailureReason.CUT_OFF


def test_a_refusal_is_the_end_at_once(openai_server: OpenAIServer) -> None:
    given = outcome(openai_server, refuse)
    assert isinstance(given, Ungraded)
    assert (given.reason, len(openai_server.requests)) == (FailureReason.REFUSED, 1)


FAILURES: dict[str, tuple[Behaviour, FailureReason]] = {
    "wrong key": (status(401, "invalid_api_key"), FailureReason.KEY_REJECTED),
    "wrong model": (status(404, "model_not_found"), FailureReason.NO_SUCH_MODEL),
    "quota": (status(429, "insufficient_quota"), FailureReason.QUOTA),
    "rate limit": (status(429, Retry_After="1"), FailureReason.RATE_LIMITED),
    "server error": (status(500), FailureReason.SERVER_ERROR),
    "bad request": (status(400), FailureReason.BAD_REQUEST),
    "web page": (html, FailureReason.NOT_AN_ENDPOINT),
    "no choices": (no_choices, FailureReason.NOT_AN_ENDPOINT),
    "error with status 200": (
        lambda e: e.send(200, json.dumps({"error": {"message": f"scripted: bad key {KEY}"}}).encode()),
        FailureReason.NOT_AN_ENDPOINT,
    ),
    "refusal": (refuse, FailureReason.REFUSED),
    "cut off": (cut_off, FailureReason.CUT_OFF),
    "malformed": (says("{}"), FailureReason.MALFORMED),
}


@pytest.mark.parametrize(("behaviour", "reason"), FAILURES.values(), ids=FAILURES)
def test_a_failure_is_ungraded_with_its_reason_and_a_sentence(
    openai_server: OpenAIServer, behaviour: Behaviour, reason: FailureReason
) -> None:
    given = outcome(openai_server, behaviour)
    assert isinstance(given, Ungraded)
    assert given.reason is reason
    assert given.sentence.endswith(".")
    assert "Your answer is kept" in given.sentence
    assert given.provenance.question_sha256 == LORA.sha256


@pytest.mark.parametrize("behaviour", [b for b, _ in FAILURES.values()], ids=FAILURES)
def test_the_key_is_in_no_outcome(openai_server: OpenAIServer, behaviour: Behaviour) -> None:
    assert KEY not in outcome(openai_server, behaviour).model_dump_json()


@pytest.mark.parametrize("name", ["wrong key", "wrong model", "quota", "rate limit", "server error"])
def test_the_servers_words_are_in_no_outcome_that_our_own_explain(openai_server: OpenAIServer, name: str) -> None:
    assert "scripted" not in outcome(openai_server, FAILURES[name][0]).model_dump_json()


def test_what_is_no_reply_is_told_shortened(openai_server: OpenAIServer) -> None:
    given = outcome(openai_server, lambda e: e.send(200, b"<title>Welcome</title>" + b"x" * 100_000, "text/html"))
    assert isinstance(given, Ungraded)
    assert "Welcome" in given.sentence
    assert len(given.model_dump_json()) < 5_000


def test_a_credited_canary_is_untrusted_after_three_tries(openai_server: OpenAIServer) -> None:
    given = outcome(openai_server, gullible("frozen", "low-rank", "optimizer"))
    assert isinstance(given, Ungraded)
    assert (given.reason, given.provenance.calls, len(openai_server.requests)) == (FailureReason.UNTRUSTED, 3, 3)
    assert "no answer can meet" in given.sentence
    assert "Your answer is kept" in given.sentence


def test_a_canary_credited_once_is_told_and_the_next_grade_counts(openai_server: OpenAIServer) -> None:
    openai_server.script = [gullible("frozen", "low-rank", "optimizer")]
    given = grade(openai_server, met("frozen"))
    assert (given.score, given.provenance.calls, given.provenance.canary) == (40, 2, False)


def test_a_server_that_cut_the_request_is_too_small_for_it(openai_server: OpenAIServer) -> None:
    def behave(exchange: Exchange) -> None:
        sent = sum(Letters().count(m["content"]) for m in exchange.body["messages"][:2])
        exchange.message({"content": "What a good answer!"}, read=int(0.45 * sent))

    given = outcome(openai_server, behave)
    assert isinstance(given, Ungraded)
    assert given.reason is FailureReason.TOO_LARGE
    assert given.sentence.endswith("tokens: raise the server's context length.")


def test_a_hanging_endpoint_is_a_timeout(openai_server: OpenAIServer) -> None:
    given = outcome(openai_server, after(60), timeout=0.1)
    assert isinstance(given, Ungraded)
    assert given.reason is FailureReason.TIMEOUT


def test_nobody_listening_is_unreachable() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        given = grader(f"http://127.0.0.1:{taken.getsockname()[1]}/v1").grade(LORA, answer_of(LORA, ANSWER), attempt=0, now=START)
    assert isinstance(given, Ungraded)
    assert given.reason is FailureReason.UNREACHABLE


@pytest.mark.parametrize("first", [status(429, Retry_After="0.1"), status(500)], ids=["rate limit", "server error"])
def test_a_passing_failure_still_ends_in_a_grade(openai_server: OpenAIServer, first: Behaviour) -> None:
    openai_server.script = [first]
    given = outcome(openai_server, GOOD, retries=2)
    assert isinstance(given, Grade)
    assert given.score == 100


def test_a_failure_after_a_malformed_reply_has_the_failures_reason(openai_server: OpenAIServer) -> None:
    openai_server.script = [says("nonsense")]
    given = outcome(openai_server, status(401))
    assert isinstance(given, Ungraded)
    assert (given.reason, given.provenance.calls) == (FailureReason.KEY_REJECTED, 2)
