"""Requests run on one loop: one deadline for everything, one connection for many requests, and a silent end."""

from __future__ import annotations

import asyncio
import gc
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from interviewer.domain.errors import FailureReason, ModelError
from interviewer.settings import ROOT
from tests.llm.calls import HELLO, SAID, chat, failure
from tests.openai_server import OpenAIServer, after, status

ENDING = """
import sys
from interviewer.llm.openai_client import OpenAIChat
chat = OpenAIChat(model="m", base_url=sys.argv[1], endpoint="e", api_key="k", timeout=20, temperature=None)
print(chat.complete([{"role": "user", "content": "Hi."}], schema=None).text)
"""


def until(condition: object, seconds: float = 10) -> bool:
    """Whether it becomes true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():  # type: ignore[operator]
            return True
        time.sleep(0.01)
    return False


def test_requests_in_a_row_use_one_connection(openai_server: OpenAIServer) -> None:
    openai_server.otherwise = HELLO
    model = chat(openai_server.url)
    for _ in range(5):
        model.complete(SAID, schema=None)
    assert (len(openai_server.requests), openai_server.connections) == (5, 1)


def test_models_of_one_endpoint_share_the_connection(openai_server: OpenAIServer) -> None:
    openai_server.otherwise = HELLO
    one, other = chat(openai_server.url), chat(openai_server.url + "/", model="m-2", key="another-key")
    one.complete(SAID, schema=None)
    other.complete(SAID, schema=None)
    assert openai_server.connections == 1
    assert openai_server.keys == ["Bearer sk-secret-123", "Bearer another-key"]


def test_a_silent_server_is_given_up_at_the_deadline_and_not_asked_again(openai_server: OpenAIServer) -> None:
    error = failure(openai_server, after(60), timeout=0.2, retries=2)
    assert error.reason is FailureReason.TIMEOUT
    assert "did not answer within 0.2 s" in str(error)
    assert len(openai_server.requests) == 1


def test_a_server_that_trickles_does_not_outlive_the_deadline(openai_server: OpenAIServer) -> None:
    error = failure(openai_server, lambda exchange: exchange.trickle(every=0.02), timeout=0.3)
    assert error.reason is FailureReason.TIMEOUT
    assert until(lambda: openai_server.gone == 1), "the connection was left open"


def test_retries_count_against_the_deadline(openai_server: OpenAIServer) -> None:
    """The second try of four would come after half a second."""
    error = failure(openai_server, status(500), timeout=0.3, retries=4)
    assert error.reason is FailureReason.TIMEOUT


def test_a_waiting_caller_can_be_interrupted(openai_server: OpenAIServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The caller's exception passes through, and the request is given up at once, not at its deadline."""
    started = asyncio.run_coroutine_threadsafe

    def interrupted(*args: object) -> object:
        future = started(*args)  # type: ignore[arg-type]

        def result(timeout: float | None = None) -> None:
            assert until(lambda: openai_server.requests)
            raise KeyboardInterrupt

        future.result = result  # type: ignore[assignment]
        return future

    openai_server.otherwise = lambda exchange: exchange.trickle(every=0.02)
    model = chat(openai_server.url, timeout=60)
    with monkeypatch.context() as patch:
        patch.setattr(asyncio, "run_coroutine_threadsafe", interrupted)
        with pytest.raises(KeyboardInterrupt):
            model.complete(SAID, schema=None)
    assert until(lambda: openai_server.gone == 1)


def test_many_threads_are_served_by_one_loop(openai_server: OpenAIServer) -> None:
    openai_server.otherwise = after(0.05, HELLO)
    model = chat(openai_server.url, concurrency=4)
    texts: list[str] = []
    threads = [threading.Thread(target=lambda: texts.append(model.complete(SAID, schema=None).text)) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert texts == ["hello"] * 12
    assert openai_server.busiest <= 4
    assert sum(thread.name == "model requests" for thread in threading.enumerate()) == 1


def test_waiting_in_line_does_not_count_against_the_deadline(openai_server: OpenAIServer) -> None:
    """Ten requests of 0.15 s, one at a time: the last waits longer than its deadline before it is sent."""
    openai_server.otherwise = after(0.15, HELLO)
    model = chat(openai_server.url, concurrency=1, timeout=1.2)
    outcomes: list[str] = []

    def one() -> None:
        try:
            outcomes.append(model.complete(SAID, schema=None).text)
        except ModelError as error:
            outcomes.append(str(error))

    threads = [threading.Thread(target=one) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes == ["hello"] * 10


def test_the_end_of_the_process_is_silent(openai_server: OpenAIServer, tmp_path: Path) -> None:
    """No warning of open sockets, transports, loops or tasks, in the interpreter's most talkative mode."""
    openai_server.otherwise = HELLO
    script = tmp_path / "ending.py"
    script.write_text(ENDING, encoding="utf-8")
    env = dict(os.environ) | {"PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "default::ResourceWarning"}
    done = subprocess.run(
        [sys.executable, "-X", "dev", str(script), openai_server.url], capture_output=True, text=True, env=env, check=False
    )
    assert (done.returncode, done.stdout.strip()) == (0, "hello")
    assert "Warning" not in done.stderr
    assert "destroyed" not in done.stderr
    assert "Traceback" not in done.stderr


def test_an_endpoint_nobody_uses_any_more_is_closed(openai_server: OpenAIServer) -> None:
    openai_server.otherwise = HELLO
    model = chat(openai_server.url)
    connections = model._shared.http
    model.complete(SAID, schema=None)
    del model
    assert until(lambda: gc.collect() >= 0 and connections.is_closed)
