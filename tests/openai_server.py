"""A real HTTP server that speaks the OpenAI chat protocol, told per request how to behave."""

from __future__ import annotations

import json
import re
import sys
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Behaviour = Callable[["Exchange"], None]
CANARY = "sealed card"
"""Words of the claim that no answer can meet: a model in its right mind never credits it."""


class Exchange:
    """One request, and the ways to answer it."""

    def __init__(self, handler: BaseHTTPRequestHandler, body: dict[str, Any], stopping: threading.Event) -> None:
        self.handler, self.body, self.stopping = handler, body, stopping

    def send(self, status: int, content: bytes, kind: str = "application/json", **headers: str) -> None:
        self.handler.send_response(status)
        self.handler.send_header("Content-Type", kind)
        self.handler.send_header("Content-Length", str(len(content)))
        for name, value in headers.items():
            self.handler.send_header(name.replace("_", "-"), value)
        self.handler.end_headers()
        self.handler.wfile.write(content)

    def error(self, status: int, code: str = "", **headers: str) -> None:
        content = {"error": {"message": "scripted sk-secret-123", "type": "error", "code": code or None, "param": None}}
        self.send(status, json.dumps(content).encode(), **headers)

    def reply(self, text: str | None, *, finish: str = "stop", refusal: str | None = None, usage: bool = True) -> None:
        self.message({"content": text, "refusal": refusal}, finish=finish, usage=usage)

    def message(self, message: dict[str, Any], *, finish: str = "stop", usage: bool = True, read: int = 0, **extra: Any) -> None:
        """A reply with any message; `read` tokens of the prompt, by default what a short prompt or this one has."""
        choice = {"index": 0, "finish_reason": finish, "message": {"role": "assistant", **message}}
        content: dict[str, Any] = {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 1,
            "model": "scripted-1",
            "choices": [choice],
        }
        if usage:
            prompt = read or max(1000, self.words)
            details = {"cached_tokens": 64}
            content["usage"] = {
                "prompt_tokens": prompt,
                "completion_tokens": 200,
                "total_tokens": prompt + 200,
                "prompt_tokens_details": details,
            }
        self.send(200, json.dumps(content | extra).encode())

    @property
    def words(self) -> int:
        """Words in the request's messages: no model counts fewer tokens."""
        return sum(len(str(message["content"]).split()) for message in self.body["messages"])

    def trickle(self, *, every: float) -> None:
        """A reply that never ends: a byte at a time, until the client is gone (which is noted) or the server stops."""
        self.handler.send_response(200)
        self.handler.send_header("Content-Type", "application/json")
        self.handler.send_header("Content-Length", "1000000")
        self.handler.end_headers()
        while not self.stopping.wait(every):
            self.handler.wfile.write(b" ")


def well(exchange: Exchange) -> None:
    """A correct grading: every point met with the first words of the answer as quote; any other request: that it is ready."""
    asked_to_grade = "# The points" in exchange.body["messages"][0]["content"]
    exchange.reply(graded(exchange.body) if asked_to_grade else '{"ready": true}')


def graded(body: dict[str, Any], *, verdict: str = "met", **changes: Any) -> str:
    """A reply in the right form for this request."""
    rules, last = body["messages"][0]["content"], body["messages"][1]["content"]
    points = listed(rules, "# The points")
    wrong = listed(rules, "# The misconceptions")
    match = re.search(r'<answer-\w+>\n(".*")\n</answer-', last, re.S)
    said = json.loads(match.group(1)) if match else ""
    quote = " ".join(said.split()[:8])
    content = {
        "points": [
            {"point": p["point"], "quote": quote, "reasoning": "It says so.", "verdict": "not_met" if CANARY in p["claim"] else verdict}
            for p in points
        ],
        "misconceptions": [{"misconception": m["misconception"], "quote": "", "reasoning": "Not said.", "asserted": False} for m in wrong],
        "wrong": [],
        "unsure": [],
        "attempts": [],
        "advice": "Give one example.",
    }
    return json.dumps(content | changes)


def listed(rules: str, heading: str) -> list[dict[str, Any]]:
    """The JSON list below a heading of a grading request."""
    found, _ = json.JSONDecoder().raw_decode(rules.split(heading + "\n", 1)[1].lstrip())
    return found  # type: ignore[no-any-return]


def after(seconds: float, then: Behaviour = well) -> Behaviour:
    """Answer late."""

    def behave(exchange: Exchange) -> None:
        if not exchange.stopping.wait(seconds):
            then(exchange)

    return behave


def status(code: int, name: str = "", **headers: str) -> Behaviour:
    """An error status."""
    return lambda exchange: exchange.error(code, name, **headers)


def html(exchange: Exchange) -> None:
    """A web page instead of JSON, with status 200."""
    exchange.send(200, b"<!doctype html><title>Welcome</title>", "text/html")


def says(text: str, *, finish: str = "stop", usage: bool = True) -> Behaviour:
    """Exactly this content."""
    return lambda exchange: exchange.reply(text, finish=finish, usage=usage)


def cut_off(exchange: Exchange) -> None:
    """Half a reply."""
    exchange.reply(graded(exchange.body)[:40], finish="length")


def refuse(exchange: Exchange) -> None:
    """A refusal."""
    exchange.reply(None, refusal="I can't help with that.")


def no_choices(exchange: Exchange) -> None:
    """A reply without choices."""
    exchange.send(200, json.dumps({"id": "x", "object": "chat.completion", "created": 1, "model": "m", "choices": []}).encode())


class _Quiet(ThreadingHTTPServer):
    """Says nothing of clients that are gone: some are killed on purpose."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class OpenAIServer:
    """`script` holds behaviours used up in order; then `otherwise` is used. `requests` are the bodies received.

    `connections` counts what clients opened, `gone` what they closed in the middle of a reply, `listings` the lists of
    models asked for; `models` is that list, None where the server has none. `busy` is how many requests are being answered
    now, `busiest` the most there were at once.
    """

    def __init__(self, port: int = 0) -> None:
        self.script: list[Behaviour] = []
        self.otherwise: Behaviour = well
        self.requests: list[dict[str, Any]] = []
        self.times: list[float] = []
        self.keys: list[str] = []
        self.models: list[str] | None = None
        self.connections = self.gone = self.listings = self.busy = self.busiest = 0
        self._lock, self._stopping = threading.Lock(), threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # else each reply on a kept connection waits 40 ms for an acknowledgement

            def setup(self) -> None:
                super().setup()
                with outer._lock:
                    outer.connections += 1

            def do_GET(self) -> None:
                with outer._lock:
                    outer.listings += 1
                exchange = Exchange(self, {}, outer._stopping)
                if outer.models is None or not self.path.endswith("/models"):
                    exchange.error(404)
                else:
                    rows = [{"id": name, "object": "model", "created": 1, "owned_by": "me"} for name in outer.models]
                    exchange.send(200, json.dumps({"object": "list", "data": rows}).encode())

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                with outer._lock:
                    outer.requests.append(body)
                    outer.times.append(time.monotonic())
                    outer.keys.append(self.headers.get("Authorization", ""))
                    behave = outer.script.pop(0) if outer.script else outer.otherwise
                    outer.busy += 1
                    outer.busiest = max(outer.busiest, outer.busy)
                try:
                    behave(Exchange(self, body, outer._stopping))
                except (BrokenPipeError, ConnectionResetError):
                    outer.gone += 1
                finally:
                    with outer._lock:
                        outer.busy -= 1

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._server = _Quiet(("127.0.0.1", port), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def url(self) -> str:
        """The base URL."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._server.shutdown()
        self._server.server_close()
