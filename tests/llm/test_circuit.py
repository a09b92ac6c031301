"""An endpoint that failed several times in a row is left alone, and tried again by one request."""

from __future__ import annotations

import threading

import pytest

from interviewer.domain.errors import FailureReason, ModelError
from interviewer.llm.circuit import Circuit, Paused
from interviewer.llm.openai_client import OpenAIChat
from tests.llm.calls import HELLO, SAID, chat
from tests.openai_server import Behaviour, OpenAIServer, after, status

BAD_LUCK = ModelError(FailureReason.SERVER_ERROR, "x")


def reasons(model: OpenAIChat, times: int) -> list[FailureReason | None]:
    """How calls in a row end; None is a reply."""
    ends: list[FailureReason | None] = []
    for _ in range(times):
        try:
            model.complete(SAID, schema=None)
            ends.append(None)
        except ModelError as error:
            ends.append(error.reason)
    return ends


def time_passes(circuit: Circuit) -> None:
    """The pause is over."""
    circuit._breaker._opened -= 60


@pytest.mark.parametrize("behaviour", [status(500), status(503), after(60)], ids=["500", "503", "silence"])
def test_five_failures_in_a_row_pause_the_endpoint(openai_server: OpenAIServer, behaviour: Behaviour) -> None:
    openai_server.otherwise = behaviour
    model = chat(openai_server.url, timeout=0.2)
    ends = reasons(model, 8)
    assert FailureReason.PAUSED not in ends[:5]
    assert ends[5:] == [FailureReason.PAUSED] * 3
    assert len(openai_server.requests) == 5


def test_the_pause_is_told_with_what_was_kept_and_when_to_try_again(openai_server: OpenAIServer) -> None:
    openai_server.otherwise = status(500)
    model = chat(openai_server.url)
    reasons(model, 5)
    with pytest.raises(ModelError) as caught:
        model.complete(SAID, schema=None)
    left = model._shared.circuit._breaker.open_remaining
    assert 25 <= left <= 30
    assert str(caught.value).startswith("the-endpoint failed 5 times in a row, so it is left alone for ")
    assert str(caught.value).endswith(" s more. Your answer is kept; try again after that.")


def test_another_model_of_the_endpoint_is_paused_too(openai_server: OpenAIServer) -> None:
    openai_server.otherwise = status(500)
    model = chat(openai_server.url)
    reasons(model, 5)
    assert reasons(chat(openai_server.url, model="m-2"), 1) == [FailureReason.PAUSED]


@pytest.mark.parametrize("code", [400, 401, 404, 429])
def test_refusals_are_no_failures(openai_server: OpenAIServer, code: int) -> None:
    openai_server.otherwise = status(code)
    assert FailureReason.PAUSED not in reasons(chat(openai_server.url), 8)


def test_a_success_forgets_the_failures(openai_server: OpenAIServer) -> None:
    openai_server.script = [*[status(500)] * 4, HELLO, *[status(500)] * 4]
    openai_server.otherwise = HELLO
    assert FailureReason.PAUSED not in reasons(chat(openai_server.url), 10)


def test_after_the_pause_a_success_ends_it_and_a_failure_begins_another(openai_server: OpenAIServer) -> None:
    openai_server.otherwise = status(500)
    model = chat(openai_server.url, failures=2)
    assert reasons(model, 3)[-1] is FailureReason.PAUSED
    time_passes(model._shared.circuit)
    assert reasons(model, 2) == [FailureReason.SERVER_ERROR, FailureReason.PAUSED]
    time_passes(model._shared.circuit)
    openai_server.otherwise = HELLO
    assert reasons(model, 3) == [None, None, None]


def test_one_request_tries_the_endpoint_again_while_others_are_told(openai_server: OpenAIServer) -> None:
    openai_server.otherwise = status(500)
    model = chat(openai_server.url, failures=1)
    reasons(model, 1)
    time_passes(model._shared.circuit)
    let_go = threading.Event()

    def slow(exchange: object) -> None:
        let_go.wait(10)
        HELLO(exchange)  # type: ignore[arg-type]

    openai_server.otherwise = slow
    ends: list[FailureReason | None] = []
    probe = threading.Thread(target=lambda: ends.extend(reasons(model, 1)))
    probe.start()
    while len(openai_server.requests) < 2:
        threading.Event().wait(0.005)
    assert reasons(model, 3) == [FailureReason.PAUSED] * 3
    let_go.set()
    probe.join()
    assert ends == [None]
    assert len(openai_server.requests) == 2


def test_who_waited_in_line_when_the_endpoint_failed_does_not_ask_it(openai_server: OpenAIServer) -> None:
    openai_server.otherwise = after(0.1, status(500))
    model = chat(openai_server.url, concurrency=1, failures=2)
    ends: list[FailureReason | None] = []
    threads = [threading.Thread(target=lambda: ends.extend(reasons(model, 1))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(openai_server.requests) == 2
    assert ends.count(FailureReason.PAUSED) == 4


def test_failing_again_while_trying_keeps_the_count_and_frees_the_try() -> None:
    circuit = Circuit(failures=1)
    for _ in range(3):
        with pytest.raises(ModelError), circuit.attempt():
            raise BAD_LUCK
        with pytest.raises(Paused):
            circuit.check()
        time_passes(circuit)
    with circuit.attempt():
        pass
    circuit.check()
