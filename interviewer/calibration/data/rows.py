"""Rows of answers: one JSON object a line, to a question of the bank or to any other, with or without people's scores.

What a line lacks or has wrong is told by its number, and the rest is used. Keys that are not listed here are passed over, so
that public sets can be read as they are.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from interviewer.domain.errors import DataError
from interviewer.domain.grade import Verdict
from interviewer.domain.question import Line, Question, Slug

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Name = Annotated[str, BeforeValidator(lambda value: str(value) if isinstance(value, int) else value)]
"""An id or the name of a group; some sets number theirs."""
MOST = 1_000_000
Mark = Annotated[float, Field(ge=0, le=MOST, allow_inf_nan=False)]
Weight = Annotated[float, Field(ge=0.001, le=MOST, allow_inf_nan=False)]


class GivenPoint(BaseModel):
    """A point of a rubric that comes with a row; `weight` in any unit."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    claim: Line
    id: Slug | None = None
    weight: Weight = 1
    accept: tuple[Line, ...] = ()
    reject: tuple[Line, ...] = ()


class Row(BaseModel):
    """One answer. `score` of `max_score` is what people gave it; `verdicts_by_annotator` what they decided of each point.

    `full_weight`: the weight of points that earns all marks, where the points are worth more than that together.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    answer: str
    answer_id: Name = ""
    question_id: Name | None = None
    question: Text | None = None
    reference_answer: Text | None = None
    reference_answers_all: tuple[Text, ...] = ()
    points: tuple[GivenPoint, ...] = ()
    full_weight: Weight | None = None
    score: Mark | None = None
    max_score: Weight | None = None
    scores_by_annotator: dict[str, Mark] = {}
    verdicts_by_annotator: dict[str, dict[Slug, Verdict]] = {}
    dataset: Name = ""
    split: Name = ""
    kind: Name = ""
    difficulty: Name = ""
    level: Name = ""

    @model_validator(mode="after")
    def usable(self) -> Self:
        """A question to hold the answer against, and scores on a known scale."""
        if (self.question is None) != (self.reference_answer is None):
            raise ValueError("`question` and `reference_answer` go together")
        if self.question is None and self.question_id is None:
            raise ValueError("neither `question_id` of the bank nor `question` and `reference_answer` are there")
        if not self.is_open and (self.points or self.full_weight):
            raise ValueError("`points` belong to rows with a `question` and `reference_answer`; the bank's questions have their own")
        marks = [m for m in (self.score, *self.scores_by_annotator.values()) if m is not None]
        if marks and not self.max_score:
            raise ValueError("there is a score, but no `max_score` above 0 that tells its scale")
        if self.max_score and any(m > self.max_score for m in marks):
            raise ValueError(f"a score is over `max_score` ({self.max_score:g})")
        if any(Verdict.CANNOT_ASSESS in said.values() for said in self.verdicts_by_annotator.values()):
            raise ValueError("a person says met, not_met or contradicted")
        return self

    @property
    def is_open(self) -> bool:
        """Whether it brings its own question."""
        return self.question is not None

    @property
    def rubric_key(self) -> list[object]:
        """What its points hang on, as JSON."""
        given = [p.model_dump(mode="json") for p in self.points]
        return [self.question, self.reference_answer, given, self.full_weight]


@dataclass(frozen=True, kw_only=True)
class Numbered:
    """A row and the line it stands in, from 1."""

    line: int
    row: Row


@dataclass(frozen=True, kw_only=True)
class Rows:
    """The rows that can be used, what is wrong with the others, and the sha256 of the file."""

    name: str
    sha256: str
    rows: tuple[Numbered, ...]
    problems: tuple[str, ...]


def read(path: Path, *, rubrics: Path | None = None, only: Mapping[str, str] | None = None, limit: int | None = None) -> Rows:
    """Read a JSONL file; `only` keeps rows whose keys have these values, `limit` the first so many of them.

    `rubrics`: a file of points by question id. Raises `DataError` for a file that cannot be read, and for mixed scales.
    """
    content = _bytes(path)
    marks = _rubrics(rubrics) if rubrics else {}
    rows: list[Numbered] = []
    problems: list[str] = []
    for number, raw in _lines(content):
        if limit is not None and len(rows) == limit:
            break
        try:
            values = _values(raw)
            if _wanted(values, only or {}):
                rows.append(Numbered(line=number, row=_with_rubric(Row.model_validate(values), marks)))
        except ValidationError as error:
            problems.append(f"{path.name}, line {number}: {_told(error)}")
        except ValueError as error:
            problems.append(f"{path.name}, line {number}: {error}")
    _one_scale(path.name, rows)
    return Rows(name=path.name, sha256=hashlib.sha256(content).hexdigest(), rows=tuple(rows), problems=tuple(problems))


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}. Name a JSONL file, one answer a line.") from error


def _lines(content: bytes) -> Iterator[tuple[int, bytes]]:
    for number, line in enumerate(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        if line.strip():
            yield number, line


def _values(raw: bytes) -> dict[str, object]:
    """The JSON object of a line. Raises `ValueError` with the reason."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise ValueError("this is not UTF-8 text") from None
    try:
        values = json.loads(text)
        text.encode("utf-8")
        json.dumps(values, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        raise ValueError("it holds half a character (a lone surrogate)") from None
    except (ValueError, RecursionError):
        raise ValueError("this is not JSON") from None
    if not isinstance(values, dict):
        raise ValueError("this is not a JSON object")
    return {name: value for name, value in values.items() if value is not None}


def _wanted(values: Mapping[str, object], only: Mapping[str, str]) -> bool:
    return all(_said(values.get(name)) == wanted for name, wanted in only.items())


def _said(value: object) -> str:
    return json.dumps(value) if isinstance(value, bool) else str(value)


def _told(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    said = str(first["ctx"]["error"]) if first["type"] == "value_error" else first["msg"]
    return f"{where}: {said}" if where else said


def _one_scale(name: str, rows: Iterable[Numbered]) -> None:
    """One question, one scale: "3" of 5 and "3" of 10 cannot be told apart by anybody who reads the figures."""
    scales: dict[object, Numbered] = {}
    for numbered in rows:
        row = numbered.row
        if row.max_score is None:
            continue
        first = scales.setdefault(row.question_id or row.question, numbered)
        if first.row.max_score != row.max_score:
            raise DataError(
                f"{name} mixes scales: line {first.line} gives `max_score` {first.row.max_score:g} and line {numbered.line} "
                f"{row.max_score:g} to the same question. Bring each question to one scale, and try again."
            )


class _Mark(BaseModel):
    """A key element as the published SAF rubrics have it; `points` in marks."""

    key_element: Line
    points: Weight


def _rubrics(path: Path) -> dict[str, list[GivenPoint]]:
    """`{question id: [{"key_element": …, "points": …}, …]}`."""
    try:
        content = json.loads(_bytes(path).decode("utf-8"))
        found = {name: [_Mark.model_validate(mark) for mark in marks] for name, marks in content.items()}
    except (ValueError, AttributeError, TypeError, RecursionError) as error:
        told = _told(error) if isinstance(error, ValidationError) else "it is not that"
        raise DataError(
            f"{path} cannot be used as rubrics, a JSON object of lists of key_element and points by question id: {told}."
        ) from None
    return {name: [GivenPoint(claim=mark.key_element, weight=mark.points) for mark in marks] for name, marks in found.items()}


def _with_rubric(row: Row, rubrics: Mapping[str, list[GivenPoint]]) -> Row:
    """The row with its question's rubric, whose marks are of the row's scale: more points than it has marks are alternatives."""
    points = rubrics.get(row.question_id or "")
    if not points or row.points or not row.is_open:
        return row
    worth = sum(p.weight for p in points)
    full = row.max_score if row.max_score and row.max_score < worth else None
    return row.model_copy(update={"points": tuple(points), "full_weight": full})


def bank_problem(row: Row, bank: Mapping[str, Question]) -> str:
    """Why the bank cannot serve a row without a question of its own; empty when it can."""
    if row.is_open or row.question_id in bank:
        return ""
    return f"there is no question “{row.question_id}” in the bank, and the row brings no `question` and `reference_answer`"
