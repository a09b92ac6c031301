"""The report on one grader, held against one set of answers: what is stored as JSON, and how it is read again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from interviewer.calibration.report.figures import Figure, Record
from interviewer.domain.errors import DataError
from interviewer.text.terminal import printable

FORMAT: Literal["interviewer-calibration-report"] = "interviewer-calibration-report"
VERSION: Literal[1] = 1

Score = Annotated[float, Field(ge=0, le=100)]
Count = Annotated[int, Field(ge=0)]


class MeasuredGrader(Record):
    """Which grader was measured. `identity` is all that its grades depend on; `words` and `model` are for reading."""

    name: Literal["embedded", "llm"]
    words: str
    model: str = ""
    identity: str


class MeasuredData(Record):
    """What it was held against. `sha256` of the file; `left_out`: lines that could not be used."""

    name: str
    sha256: str
    answers: int
    questions: int
    annotators: int
    points: int = Field(description="points with a verdict by somebody, counted once per answer")
    left_out: int = 0
    about: str = Field(default="", description="what a reader must know of the set")


class Group(Record):
    """The figures of some of the answers."""

    name: str
    answers: int = Field(ge=0)
    questions: int = Field(ge=0)
    figures: dict[str, Figure]


class Bin(Record):
    """Answers whose human score lies from `low` to `high`: how many, and the mean score of the grader."""

    low: Score
    high: Score
    answers: int = Field(ge=1)
    human: Score
    grader: Figure


class MeasuredAnswer(Record):
    """One answer, as comparing two reports takes it. Verdicts by point: m(et), n(ot met), c(ontradicted), ? (cannot assess)."""

    id: str = Field(description="hash of question, answer and its id; the second with the same has -2")
    question: str
    human: Score
    scores: tuple[Score | None, ...] = Field(min_length=1, description="0–100 by attempt; None: no grade")
    said: str = ""
    truth: tuple[str, ...] = Field(default=(), description="by annotator")


class Report(Record):
    """Everything measured. Scores and errors are points of 100."""

    format: Literal["interviewer-calibration-report"] = FORMAT
    version: Literal[1] = VERSION
    made_at: Annotated[datetime, Field(ge=datetime(2000, 1, 1, tzinfo=UTC))]
    grader: MeasuredGrader
    data: MeasuredData
    attempts: int
    resamples: int
    seed: int
    cost: float | None = Field(default=None, description="USD, as far as it is known")
    overall: Group
    groups: dict[str, tuple[Group, ...]] = Field(description="by dimension: band, kind, difficulty, level, split")
    agreement: dict[str, Figure] = Field(description="people with people; empty where one alone scored")
    bins: tuple[Bin, ...]
    bands: tuple[tuple[Annotated[int, Field(ge=0)], ...], ...] = Field(
        description="answers by people's band (rows) and the grader's (columns), weak first"
    )
    answers: tuple[MeasuredAnswer, ...]


def to_json(report: Report) -> str:
    """One line a top-level key, and one for each answer, so that two reports can be compared by eye."""
    content = report.model_dump(mode="json")
    answers = ",\n".join(json.dumps(a, ensure_ascii=False) for a in content.pop("answers"))
    head = ",\n".join(f"{json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}" for name, value in content.items())
    return f'{{\n{head},\n"answers": [\n{answers}\n]\n}}\n'


def read_report(path: Path) -> Report:
    """A stored report. Raises `DataError`: it cannot be read, is none, or is of another version."""
    try:
        content = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError):
        raise DataError(f"{path} is not a report: it is not JSON.") from None
    if not isinstance(content, Mapping) or content.get("format") != FORMAT:
        raise DataError(f"{path} is not a report of `interviewer calibrate`.")
    if content.get("version") != VERSION:
        raise DataError(
            f"{path} is a report of version {printable(repr(content.get('version')), 40)}, and this program reads version {VERSION}. "
            "Make it anew with `interviewer calibrate`, or open it with the program that wrote it."
        )
    try:
        return Report.model_validate(content)
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors(include_url=False, include_input=False)[0]["loc"])
        raise DataError(
            f"{path} is damaged: {printable(where, 80)} is not as a report has it. Make it anew with `interviewer calibrate`."
        ) from None
