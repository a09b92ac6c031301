"""Reading what an endpoint says of its batches: the record of one, a page of them, and the files of replies. All of it is untrusted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, Field, ValidationError

from interviewer.llm.replies import Count, Refusal, Text, Wire, read_refusal

ENDED = frozenset({"completed", "failed", "expired", "cancelled"})
Id = Annotated[Text, Field(min_length=1, max_length=300)]
WIRE = TypeVar("WIRE", bound=Wire)


class _Counts(Wire):
    completed: Count = None
    failed: Count = None


class BatchRecord(Wire):
    """A batch, as far as it matters here. `status` is in small letters: servers differ."""

    id: Id
    status: Annotated[Text, AfterValidator(str.casefold)]
    output_file_id: Id | None = None
    error_file_id: Id | None = None
    request_counts: _Counts | None = None
    metadata: Any = None
    errors: Any = None

    @property
    def ended(self) -> bool:
        """Whether nothing more will come."""
        return self.status in ENDED

    @property
    def done(self) -> int:
        """Requests answered."""
        return (self.request_counts.completed if self.request_counts else None) or 0

    @property
    def failed(self) -> int:
        """Requests failed."""
        return (self.request_counts.failed if self.request_counts else None) or 0

    @property
    def error(self) -> Refusal:
        """The first thing that was wrong with the batch as a whole; one error may stand for every line."""
        rows = self.errors.get("data") if isinstance(self.errors, dict) else self.errors
        first = rows[0] if isinstance(rows, list) and rows else rows
        return read_refusal(400, json.dumps({"error": first or ""}))

    def told(self, name: str) -> str:
        """A value of the batch's metadata; empty when it is not there."""
        value = self.metadata.get(name) if isinstance(self.metadata, dict) else None
        return value if isinstance(value, str) else ""


class Page(Wire):
    """A page of the account's batches, the newest first."""

    data: tuple[BatchRecord, ...]
    has_more: bool = False


class _File(Wire):
    id: Id


class _Response(Wire):
    status_code: int = 200
    body: Any = None


class _Error(Wire):
    code: Text | None = None
    message: Text | None = None


class _Line(Wire):
    custom_id: Text
    response: _Response | None = None
    error: _Error | None = None


@dataclass(frozen=True, kw_only=True)
class Failed:
    """A request that never came before the model, in the endpoint's words."""

    code: str
    message: str = ""


def read_page(body: str) -> Page:
    """The answer to GET /batches. Raises `ValueError`."""
    return _read(Page, body)


def read_batch(body: str) -> BatchRecord:
    """The answer to POST /batches and GET /batches/ID. Raises `ValueError`."""
    return _read(BatchRecord, body)


def read_file_id(body: str) -> str:
    """The id in the answer to POST /files. Raises `ValueError`."""
    return _read(_File, body).id


def by_custom_id(content: bytes) -> Iterator[tuple[str, str | Refusal | Failed]]:
    """The lines of a file of replies: the body of a chat reply, the answer with an error status, or why there is neither."""
    for line in content.split(b"\n"):
        try:
            read = _read(_Line, line.decode("utf-8", "replace"))
        except ValueError:
            continue
        if read.response is not None:
            body, status = read.response.body, read.response.status_code
            text = body if isinstance(body, str) else json.dumps(body)
            yield read.custom_id, text if 200 <= status < 300 else read_refusal(status, text)
        elif read.error is not None:
            yield read.custom_id, Failed(code=read.error.code or "", message=read.error.message or "")


def _read(kind: type[WIRE], body: str) -> WIRE:
    try:
        return kind.model_validate(json.loads(body))
    except (ValidationError, RecursionError) as error:
        raise ValueError("not what was asked for") from error
