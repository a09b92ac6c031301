"""The project's own graded answers: read, held against the bank, and scored by code from their labels.

`calibration_data/answers.jsonl` holds the answers, `labels-a.jsonl` and `labels-b.jsonl` what two examiners independently
decided of every point. What cannot be used is named by file and line, and the rest is used.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator

from interviewer.domain.grade import Verdict
from interviewer.domain.question import Line, Question, Slug
from interviewer.domain.scoring import POLICY_1

ANSWERS = "answers.jsonl"
LABELS = ("labels-a.jsonl", "labels-b.jsonl")
ROWS = TypeVar("ROWS", bound="Row")


class Level(StrEnum):
    """What an answer was written to be. The examiners did not know it."""

    STRONG = "strong"
    ADEQUATE = "adequate"
    PARTIAL = "partial"
    FLUENT_WRONG = "fluent-wrong"
    OFF_TOPIC = "off-topic"
    PLAIN = "plain"


class Row(BaseModel):
    """One line of a file, about one answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    answer_id: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{10}$")]


class WrittenAnswer(Row):
    """An answer, and the question as it was when the answer was labelled."""

    question_id: Slug
    question_sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    level: Level
    answer: Annotated[str, StringConstraints(min_length=1)]


class Labels(Row):
    """What one examiner decided: a verdict on every point, and the misconceptions the answer holds."""

    verdicts: dict[Slug, Verdict]
    misconceptions: tuple[Slug, ...] = ()
    note: Line | None = Field(default=None, description="what made it hard")

    @field_validator("verdicts")
    @classmethod
    def decided(cls, verdicts: dict[str, Verdict]) -> dict[str, Verdict]:
        """An examiner may not leave a point open."""
        if Verdict.CANNOT_ASSESS in verdicts.values():
            raise ValueError("an examiner says met, not_met or contradicted")
        return verdicts


@dataclass(frozen=True, kw_only=True)
class GradedAnswer:
    """An answer with the labels of both examiners."""

    id: str
    question: Question
    level: Level
    text: str
    labels: tuple[Labels, Labels]

    @property
    def scores(self) -> tuple[float, float]:
        """0–100 by each examiner's labels, added up as a grader's verdicts are."""
        first, second = (
            POLICY_1.score(self.question, found.verdicts, misconceptions=len(found.misconceptions)) or 0.0 for found in self.labels
        )
        return first, second


@dataclass(frozen=True, kw_only=True)
class GradedSet:
    """The answers that can be used, and the problems of the others."""

    answers: tuple[GradedAnswer, ...]
    problems: tuple[str, ...]


def load(folder: Path, bank: Mapping[str, Question]) -> GradedSet:
    """Read the set. An answer to a question that has changed since it was labelled is left out, and said to be."""
    problems: list[str] = []
    written = _rows(folder / ANSWERS, WrittenAnswer, problems)
    first, second = (_rows(folder / name, Labels, problems) for name in LABELS)
    answers = []
    for row in written.values():
        question = bank.get(row.question_id)
        labels = (first.get(row.answer_id), second.get(row.answer_id))
        if fault := _fault(row, question, labels):
            problems.append(f"{ANSWERS}: {row.answer_id}: {fault}")
        elif question and labels[0] and labels[1]:
            answers.append(
                GradedAnswer(id=row.answer_id, question=question, level=row.level, text=row.answer, labels=(labels[0], labels[1]))
            )
    problems += [
        f"{name}: {id_}: no such answer"
        for name, found in zip(LABELS, (first, second), strict=True)
        for id_ in found.keys() - written.keys()
    ]
    return GradedSet(answers=tuple(answers), problems=tuple(problems))


def sha256(folder: Path) -> str:
    """Of the answers and both label files together."""
    digest = hashlib.sha256()
    for name in (ANSWERS, *LABELS):
        digest.update((folder / name).read_bytes())
    return digest.hexdigest()


def _fault(row: WrittenAnswer, question: Question | None, labels: tuple[Labels | None, Labels | None]) -> str:
    """Why this answer cannot be used; empty when it can."""
    if question is None:
        return f"there is no question “{row.question_id}” in the bank"
    if question.sha256 != row.question_sha256:
        return f"“{row.question_id}” has changed since its answers were labelled: label them anew"
    points = {point.id for point in question.points}
    wrong = {misconception.id for misconception in question.misconceptions}
    for name, found in zip(LABELS, labels, strict=True):
        if found is None:
            return f"{name} has no labels for it"
        if found.verdicts.keys() != points:
            return f"{name} does not decide exactly the points of “{row.question_id}”"
        if set(found.misconceptions) - wrong:
            return f"{name} names misconceptions that “{row.question_id}” has not"
    return ""


def _rows(path: Path, kind: type[ROWS], problems: list[str]) -> dict[str, ROWS]:
    """The rows of a JSONL file by answer."""
    found: dict[str, ROWS] = {}
    for number, line in _lines(path, problems):
        try:
            row = kind.model_validate_json(line)
        except ValidationError as error:
            detail = error.errors(include_url=False, include_input=False)[0]
            where = ".".join(str(part) for part in detail["loc"])
            problems.append(
                f"{path.name}, line {number}: {where}: {detail['msg']}" if where else f"{path.name}, line {number}: {detail['msg']}"
            )
            continue
        if row.answer_id in found:
            problems.append(f"{path.name}, line {number}: {row.answer_id} stands in an earlier line too")
        else:
            found[row.answer_id] = row
    return found


def _lines(path: Path, problems: list[str]) -> Iterator[tuple[int, str]]:
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        problems.append(f"{path.name}: cannot be read ({reason})")
        return
    yield from ((number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip())
