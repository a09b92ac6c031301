"""What a run in batches has to remember over a `kill -9`: which requests were sent in which batch, and every reply received.

One file, `batches.jsonl`, to which lines are only appended. An intent is on the disk before its batch is made, so that
after a restart the endpoint can be asked for a batch with that note, instead of paying for its requests twice.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Annotated, Literal, Self

from pydantic import Field, TypeAdapter, ValidationError

from interviewer.calibration.run.locks import locked
from interviewer.domain.errors import DataError
from interviewer.domain.grade import Record
from interviewer.ports import ChatReply

NAME = "batches.jsonl"
LONGEST_ID = 64
"""Characters of a custom id. OpenAI names no limit; others that speak its protocol refuse longer ones."""
PART = 60
"""Characters of a key in the ids of its later requests."""


class Intended(Record):
    """A batch is about to be made; `requests`: the request's hash by custom id."""

    kind: Literal["intended"] = "intended"
    note: str
    lane: str
    requests: dict[str, str]


class Made(Record):
    """The endpoint has the batch."""

    kind: Literal["made"] = "made"
    note: str
    batch: str


class Dropped(Record):
    """The batch was never made."""

    kind: Literal["dropped"] = "dropped"
    note: str


class Replied(Record):
    """A reply to a request."""

    kind: Literal["replied"] = "replied"
    request: str
    reply: ChatReply


class Ended(Record):
    """The batch's replies are all kept."""

    kind: Literal["ended"] = "ended"
    note: str


class UsedUp(Record):
    """Replies that led to no grade: a later run asks anew."""

    kind: Literal["used_up"] = "used_up"
    requests: tuple[str, ...]


Entry = Intended | Made | Dropped | Replied | Ended | UsedUp
_entry: TypeAdapter[Entry] = TypeAdapter(Annotated[Entry, Field(discriminator="kind")])


@dataclass(kw_only=True)
class Batch:
    """A batch; `id` is empty until the endpoint is known to have it."""

    note: str
    lane: str
    requests: Mapping[str, str]
    id: str = ""
    ended: bool = False


class BatchFiles:
    """The file, open for one run at a time. What is written is on the disk when a method returns, but for `keep`."""

    def __init__(self, folder: Path) -> None:
        """Reads what is there and drops a torn last line. Raises `DataError`."""
        self.path = folder / NAME
        self.replies: dict[str, ChatReply] = {}
        self._batches: dict[str, Batch] = {}
        self._later: set[str] = set()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            busy = f"Another run is waiting for the batches of {folder}. Let it go on, or stop it first."
            self._file = locked(self.path, busy)
        except OSError as error:
            raise self._unusable(error) from error
        try:
            self._load()
        except OSError as error:
            self.close()
            raise self._unusable(error) from error
        except DataError:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def open_batches(self) -> list[Batch]:
        """Those whose replies are still to come."""
        return [batch for batch in self._batches.values() if not batch.ended]

    def numbers(self) -> Counter[str]:
        """How many requests were sent under each key."""
        return Counter(part_of(custom_id) for batch in self._batches.values() for custom_id in batch.requests)

    def intend(self, *, note: str, lane: str, requests: Mapping[str, str]) -> Batch:
        """A batch is about to be made."""
        self._write(Intended(note=note, lane=lane, requests=dict(requests)))
        return self._batches[note]

    def made(self, batch: Batch, batch_id: str) -> None:
        """The endpoint has it, under this id."""
        self._write(Made(note=batch.note, batch=batch_id))

    def drop(self, batch: Batch) -> None:
        """The endpoint has never had it: its requests may be sent."""
        self._write(Dropped(note=batch.note))

    def keep(self, request: str, reply: ChatReply) -> None:
        """A reply. It is sure to be on the disk when `end` returns."""
        self._write(Replied(request=request, reply=reply), sure=False)

    def end(self, batch: Batch) -> None:
        """All its replies were kept."""
        self._write(Ended(note=batch.note))

    def use_up(self, requests: Iterable[str]) -> None:
        """These replies led to no grade. They hold for this run; the next one asks anew."""
        self._write(UsedUp(requests=tuple(requests)))

    def _write(self, entry: Entry, *, sure: bool = True) -> None:
        try:
            self._file.write(_entry.dump_json(entry) + b"\n")
            if sure:
                self._file.flush()
                os.fsync(self._file.fileno())
        except OSError as error:
            raise self._unusable(error) from error
        self._note(entry)

    def _note(self, entry: Entry) -> None:
        """Take an entry into account."""
        match entry:
            case Intended():
                self._batches[entry.note] = Batch(note=entry.note, lane=entry.lane, requests=entry.requests)
            case Made():
                self._batches[entry.note].id = entry.batch
            case Dropped():
                del self._batches[entry.note]
            case Ended():
                self._batches[entry.note].ended = True
            case Replied():
                self.replies[entry.request] = entry.reply
                self._later.discard(entry.request)
            case UsedUp():
                self._later.update(entry.requests)

    def _load(self) -> None:
        self._file.seek(0)
        at = 0
        for number, line in enumerate(self._file, start=1):
            if not line.endswith(b"\n"):
                break
            try:
                self._note(_entry.validate_json(line))
            except (ValidationError, KeyError) as error:
                if not self._file.read(1):
                    break
                raise DataError(
                    f"{self.path}, line {number} cannot be read. The file says what was sent and paid for: mend that line; "
                    "without the file all is asked and paid for anew."
                ) from error
            at += len(line)
        self._file.truncate(at)
        for request in self._later:
            self.replies.pop(request, None)

    def _unusable(self, error: OSError) -> DataError:
        return DataError(f"{self.path} cannot be used: {error.strerror}. What is in it is kept; make room or mend that, and start again.")


def custom_id(key: str, number: int) -> str:
    """The id of the how-manieth request of a task: the grade's key itself, then -2, -3 and so on."""
    return key[:LONGEST_ID] if number == 1 else f"{key[:PART]}-{number}"


def part_of(custom_id: str) -> str:
    """What all ids of one key have in common."""
    return custom_id.partition("-")[0][:PART]
