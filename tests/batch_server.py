"""The scripted server with OpenAI's Batch API beside its chat: files, batches, and what can go wrong with them."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

from tests.openai_server import Behaviour, Exchange, OpenAIServer

PAGE = 2
"""Batches in a page of the list, however many are asked for."""
EXPIRED = {"code": "batch_expired", "message": "This request could not be executed before the completion window expired."}
CANCELLED = {"code": "batch_cancelled", "message": "This batch was cancelled before this request was executed."}
Rows = list[dict[str, Any]]


class Line(Exchange):
    """A line of a batch, answered by the same behaviours as a request; the answer is kept instead of sent."""

    def __init__(self, body: dict[str, Any], stopping: threading.Event) -> None:
        super().__init__(cast("BaseHTTPRequestHandler", None), body, stopping)
        self.status, self.content = 0, b""

    def send(self, status: int, content: bytes, kind: str = "application/json", **headers: str) -> None:
        self.status, self.content = status, content

    @property
    def response(self) -> dict[str, Any]:
        try:
            body = json.loads(self.content)
        except ValueError:
            body = self.content.decode()
        return {"status_code": self.status, "request_id": "req-1", "body": body}


def hang_up(exchange: Exchange) -> None:
    """No answer at all: the connection ends."""
    exchange.handler.connection.shutdown(socket.SHUT_RDWR)
    exchange.handler.close_connection = True


class BatchServer(OpenAIServer):
    """Each look at a batch brings it on: validating, in_progress, then its end. Lines are answered when it is in progress.

    `ends` are the ends of the next batches (then: completed); an expired or cancelled one answers the first half of its lines.
    `wrong`: what fails the next batch as a whole. `holds`: nothing gets on. `spoil` changes the lines of the files of replies.
    `before` and `after` are used up by requests to this API before they are heard, and after, instead of the answer.
    `batches` are the requests' lines by batch id, `paid` the bodies the model answered with status 200; `notes` by batch id.
    """

    def __init__(self, port: int = 0) -> None:
        super().__init__(port)
        self.ends: list[str] = []
        self.wrong: Rows = []
        self.holds, self.offers = False, True
        self.spoil: Callable[[list[bytes]], list[bytes]] = lambda lines: lines
        self.before: list[tuple[str, Behaviour]] = []
        self.after: list[tuple[str, Behaviour]] = []
        self.batches: dict[str, Rows] = {}
        self.paid: Rows = []
        self.notes: dict[str, str] = {}
        self.calls: list[str] = []
        self._files: dict[str, bytes] = {}
        self._records: dict[str, dict[str, Any]] = {}
        self._api = threading.RLock()
        outer, base = self, cast("type[BaseHTTPRequestHandler]", self._server.RequestHandlerClass)

        class Handler(base):
            def do_GET(self) -> None:  # noqa: N802
                if "/batches" in self.path or "/files" in self.path:
                    outer._serve(self, b"")
                else:
                    super().do_GET()

            def do_POST(self) -> None:  # noqa: N802
                if self.path.endswith(("/batches", "/files")):
                    outer._serve(self, self.rfile.read(int(self.headers["Content-Length"])))
                else:
                    super().do_POST()

        self._server.RequestHandlerClass = Handler

    def _serve(self, handler: BaseHTTPRequestHandler, content: bytes) -> None:
        exchange = Exchange(handler, {}, self._stopping)
        name = f"{handler.command} {urlsplit(handler.path).path.removeprefix('/v1')}"
        with self._api:
            self.calls.append(name)
            self.keys.append(handler.headers.get("Authorization", ""))
            instead = self._instead(self.before, name)
            if instead is None and self.offers:
                status, answer = self._answer(name, handler, content)
                instead = self._instead(self.after, name)
        if instead is not None:
            instead(exchange)
        elif not self.offers:
            exchange.error(404)
        else:
            exchange.send(status, answer if isinstance(answer, bytes) else json.dumps(answer).encode())

    def _instead(self, scripted: list[tuple[str, Behaviour]], name: str) -> Behaviour | None:
        return scripted.pop(0)[1] if scripted and name.startswith(scripted[0][0]) else None

    def _answer(self, name: str, handler: BaseHTTPRequestHandler, content: bytes) -> tuple[int, Any]:
        what, _, id_ = name.removeprefix("GET ").removeprefix("POST ").strip("/").partition("/")
        if name == "POST /files":
            return 200, self._upload(handler, content)
        if name == "POST /batches":
            return 200, self._create(json.loads(content))
        if name == "GET /batches":
            return 200, self._page(parse_qs(urlsplit(handler.path).query))
        if what == "batches" and id_ in self._records:
            return 200, self._advance(self._records[id_])
        if what == "files" and (file := self._files.get(id_.removesuffix("/content"))) is not None:
            return 200, file
        return 404, {"error": {"message": f"No such object: {id_}", "type": "invalid_request_error", "code": None, "param": "id"}}

    def _upload(self, handler: BaseHTTPRequestHandler, content: bytes) -> dict[str, Any]:
        head = f"Content-Type: {handler.headers['Content-Type']}\r\n\r\n".encode()
        parts = {}
        for part in BytesParser(policy=HTTP).parsebytes(head + content).iter_parts():
            parts[part.get_param("name", header="content-disposition")] = part
        assert parts["purpose"].get_content().strip() == "batch"
        file_id = self._file(parts["file"].get_payload(decode=True))
        return {"id": file_id, "object": "file", "bytes": 1, "created_at": 1, "filename": "f", "purpose": "batch", "status": "processed"}

    def _file(self, content: bytes) -> str:
        file_id = f"file-{len(self._files)}"
        self._files[file_id] = content
        return file_id

    def _create(self, asked: dict[str, Any]) -> dict[str, Any]:
        assert (asked["endpoint"], asked["completion_window"]) == ("/v1/chat/completions", "24h")
        batch_id = f"batch_{len(self._records)}"
        rows = [json.loads(line) for line in self._files[asked["input_file_id"]].splitlines()]
        self.batches[batch_id], self.notes[batch_id] = rows, asked["metadata"]["interviewer_note"]
        wrong = self.wrong.pop(0) if self.wrong else _wrong(rows)
        self._records[batch_id] = {
            "id": batch_id,
            "object": "batch",
            "endpoint": asked["endpoint"],
            "completion_window": "24h",
            "created_at": 1,
            "input_file_id": asked["input_file_id"],
            "status": "validating",
            "metadata": asked["metadata"],
            "errors": {"object": "list", "data": [wrong]} if wrong else None,
            "end": "failed" if wrong else self.ends.pop(0) if self.ends else "completed",
            "request_counts": {"total": len(rows), "completed": 0, "failed": 0},
        }
        return self._shown(self._records[batch_id])

    def _page(self, asked: dict[str, list[str]]) -> dict[str, Any]:
        ids = list(reversed(self._records))
        start = ids.index(asked["after"][0]) + 1 if "after" in asked else 0
        page = ids[start : start + min(PAGE, int(asked["limit"][0]))]
        return {"object": "list", "data": [self._shown(self._records[i]) for i in page], "has_more": start + len(page) < len(ids)}

    def _advance(self, record: dict[str, Any]) -> dict[str, Any]:
        if not self.holds:
            if record["status"] == "validating":
                record["status"] = "failed" if record["end"] == "failed" else "in_progress"
            elif record["status"] == "in_progress":
                self._execute(record)
        return self._shown(record)

    def _execute(self, record: dict[str, Any]) -> None:
        rows, end = self.batches[record["id"]], record["end"]
        lost = {"expired": EXPIRED, "cancelled": CANCELLED}.get(end)
        reached = len(rows) if lost is None else len(rows) // 2
        good, bad = [], []
        for number, row in enumerate(rows):
            line = Line(row["body"], self._stopping)
            if number >= reached:
                bad.append({"id": "r", "custom_id": row["custom_id"], "response": None, "error": lost})
                continue
            self.requests.append(row["body"])
            (self.script.pop(0) if self.script else self.otherwise)(line)
            answer = {"id": "r", "custom_id": row["custom_id"], "response": line.response, "error": None}
            (good if line.status == 200 else bad).append(answer)
            if line.status == 200:
                self.paid.append(row["body"])
        for name, answers in (("output_file_id", good), ("error_file_id", bad)):
            if answers:  # in any order: here the last first
                lines = self.spoil([json.dumps(answer).encode() for answer in reversed(answers)])
                record[name] = self._file(b"\n".join(lines) + b"\n")
        record["request_counts"] |= {"completed": len(good), "failed": len(bad)}
        record["status"] = end

    def _shown(self, record: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in record.items() if name != "end"}


def _wrong(rows: Rows) -> dict[str, Any] | None:
    """What the endpoint itself finds wrong with a file."""
    ids = [row["custom_id"] for row in rows]
    faults = {
        "empty_file": not rows,
        "duplicate_custom_id": len(set(ids)) < len(ids),
        "custom_id_too_long": any(len(id_) > 64 for id_ in ids),
        "mismatched_model": len({row["body"]["model"] for row in rows}) > 1,
        "invalid_url": any((row["method"], row["url"]) != ("POST", "/v1/chat/completions") for row in rows),
    }
    code = next((code for code, found in faults.items() if found), None)
    return {"code": code, "message": f"The batch has the fault {code}.", "line": 1, "param": None} if code else None
