"""Points for a question that comes without: the reference answer taken apart, once per question, and kept in a file.

The file is for reading and editing: what stands in it is used as it is. By code a reference is cut where its sentences and
clauses end; a model is asked to restate it point by point.
"""

from __future__ import annotations

import json
import os
import re
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Protocol

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from interviewer.calibration.data.rows import GivenPoint, Row
from interviewer.domain.errors import DataError, FailureReason, ModelError
from interviewer.domain.prompt import Prompt
from interviewer.ports import ChatModel
from interviewer.text.words import sentences, terms

TRIES = 3
MOST = 12
CLAUSE_TERMS = 3
"""Fewer terms (words that carry meaning) than this are no clause of their own."""
CLAUSE = re.compile(r"(?<=[;:])\s+|(?<=,)\s+(?=(?:and|but|so|while|whereas|because|since|which|therefore)\b)", re.IGNORECASE)

LIST_MARK = re.compile(r"^(?:[-*+\u2022]|\d{1,2}[.)](?!\d)|[ivx]{1,4}\))\s*")


class Deriver(Protocol):
    """Takes a reference answer apart. `name` says who did it, `cost` what it took in USD so far."""

    name: str
    cost: float

    def __call__(self, question: str, reference: str) -> list[GivenPoint]:
        """Its points. Raises `ModelError`."""


class ByCode:
    """Cuts the reference where its sentences and clauses end; every piece is a point."""

    name = "code"
    cost = 0.0

    def __call__(self, question: str, reference: str) -> list[GivenPoint]:
        """The pieces, each with enough words of meaning; at most `MOST`."""
        pieces = [LIST_MARK.sub("", reference[s.start : s.end]) for s in sentences(reference)]
        clauses = [clause for piece in pieces if piece for clause in CLAUSE.split(piece)]
        return [GivenPoint(claim=" ".join(piece.split())) for piece in _fewer(_joined(clauses or [reference]))]


def _joined(pieces: Iterable[str]) -> list[str]:
    """Pieces that say too little by themselves go with the one before."""
    found: list[str] = []
    for piece in pieces:
        if found and (len(terms(piece)) < CLAUSE_TERMS or len(terms(found[-1])) < CLAUSE_TERMS):
            found[-1] = f"{found[-1]} {piece}"
        else:
            found.append(piece)
    return found


def _fewer(pieces: list[str]) -> list[str]:
    """At most `MOST`: the two shortest neighbours become one, until it fits."""
    while len(pieces) > MOST:
        at = min(range(len(pieces) - 1), key=lambda n: len(pieces[n]) + len(pieces[n + 1]))
        pieces[at : at + 2] = [f"{pieces[at]} {pieces[at + 1]}"]
    return pieces


class _Reply(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
    points: list[str]


class ByModel:
    """Asks the grading model; its reply must hold one to `MOST` points, each with words of the reference."""

    def __init__(self, model: ChatModel, prompt: Prompt) -> None:
        self._model, self._prompt = model, prompt
        self.name = model.model
        self.cost = 0.0

    def __call__(self, question: str, reference: str) -> list[GivenPoint]:
        """Three told tries. Raises `ModelError`."""
        asked = json.dumps({"question": question, "reference_answer": reference}, ensure_ascii=False)
        messages = [{"role": "system", "content": self._prompt.fill(most=str(MOST))}, {"role": "user", "content": asked}]
        problem = ""
        for _ in range(TRIES):
            told = [{"role": "user", "content": f"Your reply could not be used: {problem}. Reply again."}] if problem else []
            reply = self._model.complete([*messages, *told], schema=_schema())
            self.cost += reply.cost or 0.0
            points, problem = _read(reply.text, reference)
            if not problem:
                return points
        raise ModelError(
            FailureReason.MALFORMED,
            f"The model “{self._model.model}” could not take a reference answer apart: {problem}. "
            "Add the points to the points file by hand, or name another model, and start again; what is graded is kept.",
        )


def _schema() -> dict[str, object]:
    points: dict[str, object] = {"type": "array", "items": {"type": "string"}}
    return {"type": "object", "properties": {"points": points}, "required": ["points"], "additionalProperties": False}


def _read(text: str, reference: str) -> tuple[list[GivenPoint], str]:
    """The points of a reply, or what is wrong with it."""
    try:
        claims = [" ".join(claim.split()) for claim in _Reply.model_validate_json(text).points]
    except ValidationError:
        return [], "it is not a JSON object with the key “points”, a list of strings"
    if not 1 <= len(claims) <= MOST:
        return [], f"it has {len(claims)} points, not 1 to {MOST}"
    known = set(terms(reference))
    for claim in claims:
        if not claim or (known and not known & set(terms(claim))):
            return [], f"the point {json.dumps(claim[:80], ensure_ascii=False)} is not in the reference answer"
    return [GivenPoint(claim=claim) for claim in claims], ""


class Kept(BaseModel):
    """A line of the points file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    question: str
    reference_answer: str
    by: str
    points: tuple[GivenPoint, ...] = Field(min_length=1)


class PointsFile:
    """The points by question and reference answer, one line each; a new one is written as soon as it is known."""

    def __init__(self, path: Path) -> None:
        """Reads what is there. Raises `DataError` with the line that cannot be used: it may hold somebody's work."""
        self.path = path
        self._writing = threading.Lock()
        self._kept: dict[tuple[str, str], Kept] = {}
        text = _text(path)
        for number, line in enumerate(text.split("\n"), start=1):
            if not line.strip():
                continue
            if (kept := _kept(line)) is None:
                raise DataError(f"{path}, line {number} is no line of points. Mend or remove it, and start again.")
            self._kept[kept.question, kept.reference_answer] = kept
        self._open_end = bool(text) and not text.endswith("\n")

    def find(self, row: Row) -> Kept | None:
        """What is kept for this row's question."""
        return self._kept.get(((row.question or ""), (row.reference_answer or "")))

    def derive(self, row: Row, deriver: Deriver) -> Kept:
        """Take the reference of a row apart and keep it. Raises `ModelError`, `DataError`."""
        question, reference = row.question or "", row.reference_answer or ""
        points = deriver(question, reference)
        others = tuple(text for text in row.reference_answers_all if text != reference)
        if len(points) == 1 and others:  # other full answers are other wordings of the one point
            points = [points[0].model_copy(update={"accept": others})]
        kept = Kept(question=question, reference_answer=reference, by=deriver.name, points=tuple(points))
        with self._writing:
            self._append(kept)
            self._kept[question, reference] = kept
        return kept

    def _append(self, kept: Kept) -> None:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a", encoding="utf-8") as file:
                file.write(("\n" if self._open_end else "") + kept.model_dump_json() + "\n")
                file.flush()
                os.fsync(file.fileno())
            self._open_end = False
        except OSError as error:
            raise DataError(f"{self.path} could not be written: {error.strerror}. Name another file with --points.") from error


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8") if path.exists() else ""
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise DataError(f"{path} cannot be read: {reason}. Name another file with --points.") from error


def _kept(line: str) -> Kept | None:
    try:
        return Kept.model_validate_json(line)
    except ValidationError:
        return None


def derive_all(rows: Sequence[Row], file: PointsFile, deriver: Deriver, *, workers: int, told: Callable[[Kept], None]) -> None:
    """Take apart every reference that no line of the file has; each is told as soon as it is known. Raises `ModelError`, `DataError`."""
    wanted = {(row.question, row.reference_answer): row for row in rows if row.is_open and not row.points and file.find(row) is None}
    pool = ThreadPoolExecutor(max_workers=workers)
    try:
        for future in as_completed([pool.submit(file.derive, row, deriver) for row in wanted.values()]):
            told(future.result())
    finally:
        pool.shutdown(cancel_futures=True)
