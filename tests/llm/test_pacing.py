"""The pace of an endpoint: halved by a 429, held by Retry-After, grown by successes, untouched by errors of the server's own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.domain.errors import FailureReason, ModelError
from interviewer.llm.pacing import Held, Pace, retry_after
from tests.llm.calls import HELLO, SAID, chat, failure
from tests.openai_server import OpenAIServer, after, status


class Watch:
    """A monotonic clock that the test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def paced(test: Coroutine[Any, Any, None]) -> None:
    """Run a test on a loop of its own."""
    with asyncio.Runner() as runner:
        runner.run(test)


def heard(pace: Pace, watch: Watch, *statuses: int, headers: dict[str, str] | None = None) -> None:
    """Answers in a row, each to a request of its own."""

    async def hear() -> None:
        for code in statuses:
            watch.now += 1
            pace.heard(code, headers or {}, sent=watch.now - 0.5)

    paced(hear())


def test_a_429_halves_down_to_one() -> None:
    watch = Watch()
    pace = Pace(12, monotonic=watch)
    allowed = []
    for _ in range(5):
        heard(pace, watch, 429)
        allowed.append(pace.allowed)
    assert allowed == [6, 3, 1, 1, 1]


def test_a_burst_halves_once() -> None:
    """Twelve requests were under way when the first 429 came: the others were sent before it."""
    watch = Watch()
    pace = Pace(12, monotonic=watch)

    async def burst() -> None:
        for _ in range(12):
            watch.now += 0.01
            pace.heard(429, {}, sent=99.0)

    paced(burst())
    assert pace.allowed == 6


@pytest.mark.parametrize("code", [500, 502, 503, 408, 400])
def test_other_errors_do_not_shrink(code: int) -> None:
    watch = Watch()
    pace = Pace(12, monotonic=watch)
    heard(pace, watch, *[code] * 20)
    assert pace.allowed == 12


@pytest.mark.parametrize("code", [400, 404, 500, 503])
def test_errors_are_no_successes(code: int) -> None:
    watch = Watch()
    pace = Pace(12, monotonic=watch)
    heard(pace, watch, 429, *[code] * 20)
    assert pace.allowed == 6


def test_each_run_of_successes_lets_it_grow_by_one_up_to_the_most() -> None:
    watch = Watch()
    pace = Pace(4, monotonic=watch)
    heard(pace, watch, 429)
    assert pace.allowed == 2
    heard(pace, watch, 200)
    assert pace.allowed == 2
    heard(pace, watch, 200)
    assert pace.allowed == 3
    heard(pace, watch, *[200] * 50)
    assert pace.allowed == 4


@given(st.lists(st.sampled_from([200, 429, 500, 404]), max_size=60), st.integers(1, 20))
def test_allowed_stays_between_one_and_the_most(statuses: list[int], most: int) -> None:
    watch = Watch()
    pace = Pace(most, monotonic=watch)
    heard(pace, watch, *statuses)
    assert 1 <= pace.allowed <= most


DATE = "Sat, 21 Nov 2026 12:00:00 GMT"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7),
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after-ms": "250"}, 0.25),
        ({"retry-after-ms": "250", "retry-after": "7"}, 0.25),
        ({"retry-after": "Sat, 21 Nov 2026 12:00:20 GMT", "date": DATE}, 20),
        ({"retry-after": "Sat, 21 Nov 2026 11:00:00 GMT", "date": DATE}, 0),
        ({"retry-after": "Sat, 21 Nov 2026 12:00:20 GMT"}, None),
        ({"retry-after": "soon", "date": DATE}, None),
        ({"retry-after": "-3"}, 0),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "Sat, 99 Nov 2026 99:00:00 GMT", "date": DATE}, None),
    ],
)
def test_retry_after_is_read_in_all_its_forms(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers) == seconds


def test_a_server_is_believed_for_an_hour_at_most() -> None:
    watch = Watch()
    pace = Pace(2, monotonic=watch)
    heard(pace, watch, 429, headers={"retry-after": "inf"})
    assert pace.hold_left() == 3600


def test_who_waits_when_a_long_hold_comes_is_told() -> None:
    async def line() -> None:
        pace = Pace(1)
        async with pace.slot():

            async def next_one() -> None:
                async with pace.slot():
                    pass

            waiting = asyncio.create_task(next_one())
            await asyncio.sleep(0)
            pace.heard(429, {"retry-after": "600"}, sent=pace._monotonic())
            with pytest.raises(Held):
                await waiting
        with pytest.raises(Held) as caught:
            await next_one()
        assert 590 < caught.value.seconds <= 600
        assert pace.running == 0

    paced(line())


def test_first_come_first_served_and_giving_up_frees_the_place() -> None:
    async def line() -> None:
        pace = Pace(1)
        order: list[int] = []

        async def one(number: int) -> None:
            async with pace.slot():
                order.append(number)
                await asyncio.sleep(0)

        tasks = [asyncio.create_task(one(number)) for number in range(5)]
        await asyncio.sleep(0)
        tasks[2].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert order == [0, 1, 3, 4]
        assert pace.running == 0

    paced(line())


def test_a_place_given_to_someone_who_just_gave_up_is_passed_on() -> None:
    async def line() -> None:
        pace = Pace(1)
        held = pace.slot()
        await held.__aenter__()
        waiting = asyncio.create_task(pace.slot().__aenter__())
        await asyncio.sleep(0)
        await held.__aexit__(None, None, None)  # lets the waiting one in …
        waiting.cancel()  # … at the same moment
        with pytest.raises(asyncio.CancelledError):
            await waiting
        async with asyncio.timeout(1), pace.slot():
            assert pace.running == 1

    paced(line())


def test_a_429_holds_back_every_request_of_the_endpoint(openai_server: OpenAIServer) -> None:
    """Another model's request, made while the first waits, comes after the hold as well."""
    openai_server.script = [status(429, Retry_After="1")]
    openai_server.otherwise = HELLO
    one, other = chat(openai_server.url, retries=1), chat(openai_server.url, model="m-2")
    first = threading.Thread(target=lambda: one.complete(SAID, schema=None))
    first.start()
    while len(openai_server.requests) < 1 or other._shared.pace.hold_left() == 0:
        threading.Event().wait(0.005)
    other.complete(SAID, schema=None)
    first.join()
    start, *later = openai_server.times
    assert len(later) == 2
    assert all(moment - start >= 0.95 for moment in later)


def test_the_retries_of_others_are_held_back_too(openai_server: OpenAIServer) -> None:
    """One request waits to be tried again after an error when another one's 429 asks for peace for longer."""
    openai_server.script = [status(500, Retry_After="0.8"), status(429, Retry_After="1.3")]
    openai_server.otherwise = HELLO
    one, other = chat(openai_server.url, retries=1), chat(openai_server.url, model="m-2")
    first = threading.Thread(target=lambda: one.complete(SAID, schema=None))
    first.start()
    while not openai_server.requests:
        threading.Event().wait(0.005)
    with pytest.raises(ModelError):
        other.complete(SAID, schema=None)
    first.join()
    _, limited, again = openai_server.times
    assert again - limited >= 1.25


def test_being_held_back_before_the_first_try_does_not_count_against_the_deadline(openai_server: OpenAIServer) -> None:
    one, other = chat(openai_server.url), chat(openai_server.url, model="m-2", timeout=0.6)
    openai_server.script = [status(429, Retry_After="1")]
    openai_server.otherwise = HELLO
    with pytest.raises(ModelError):
        one.complete(SAID, schema=None)
    assert other.complete(SAID, schema=None).text == "hello"


def test_a_hold_that_outlasts_the_deadline_is_told_at_once(openai_server: OpenAIServer) -> None:
    error = failure(openai_server, status(429, Retry_After="50"), retries=2, timeout=15)
    assert error.reason is FailureReason.RATE_LIMITED
    assert "Try again in 50 s" in str(error), "after the deadline it would be 35 s"
    assert len(openai_server.requests) == 1


def test_a_hold_of_many_minutes_is_told_without_asking(openai_server: OpenAIServer) -> None:
    model = chat(openai_server.url)
    openai_server.otherwise = status(429, Retry_After="900")
    told = []
    for _ in range(2):
        with pytest.raises(ModelError) as caught:
            model.complete(SAID, schema=None)
        told.append(str(caught.value))
    assert len(openai_server.requests) == 1
    assert "Try again in 15 min" in told[1]


def test_the_server_sees_fewer_requests_at_once_after_a_429(openai_server: OpenAIServer) -> None:
    openai_server.otherwise = after(0.05, HELLO)
    model = chat(openai_server.url, concurrency=8, retries=2)
    openai_server.script = [status(429, Retry_After="0.1")]
    model.complete(SAID, schema=None)
    assert model._shared.pace.allowed == 4
    openai_server.busiest = 0
    threads = [threading.Thread(target=lambda: model.complete(SAID, schema=None)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert openai_server.busiest <= 4
