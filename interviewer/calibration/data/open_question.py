"""A question from outside the bank, as graders take questions: with its points, and without what only an interview needs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from fractions import Fraction
from math import lcm
from typing import ClassVar

from pydantic import Field, field_validator

from interviewer.calibration.data.rows import GivenPoint, Row
from interviewer.domain.question import Difficulty, FollowUp, Kind, Line, Point, Question, Topic

FINEST = 1000
"""Weights are kept to a thousandth."""
MOST_POINTS = 40


class OpenPoint(Point):
    """A point of a rubric from outside, whose marks need not be small whole numbers."""

    weight: int = Field(default=1, ge=1)


class OpenQuestion(Question):
    """Topic, kind, difficulty and minutes are of no meaning here; no report counts them. `full` is the weight that earns all marks,
    where a rubric offers more points than an answer needs."""

    FEWEST_REQUIRED: ClassVar[int] = 1

    topic: Topic = Topic.EVALUATION
    kind: Kind = Kind.CONCEPT
    difficulty: Difficulty = Difficulty.INTERMEDIATE
    minutes: int = 2
    points: tuple[OpenPoint, ...] = Field(min_length=1, max_length=MOST_POINTS)
    follow_ups: tuple[FollowUp, ...] = ()
    hints: tuple[Line, ...] = ()
    as_of: str = "2000-01"
    full: int | None = None

    @field_validator("reference_answer")
    @classmethod
    def no_images_or_html(cls, text: str) -> str:
        """Nothing shows this text as Markdown, and `vector<int>` may be a right answer."""
        return text

    @property
    def full_weight(self) -> int:
        """The weight of points that earns all marks."""
        return self.full or super().full_weight


def open_question(row: Row, points: Sequence[GivenPoint]) -> OpenQuestion:
    """The question of this row with these points. Raises `ValidationError` for points that are none."""
    full = row.full_weight
    weights = [_exact(p.weight) for p in points]
    scale = lcm(*(w.denominator for w in weights), _exact(full).denominator if full else 1)
    text = row.question or ""
    return OpenQuestion(
        id=f"open-{hashlib.sha256(json.dumps(row.rubric_key).encode()).hexdigest()[:12]}",
        question=text,
        reference_answer=row.reference_answer or "",
        points=tuple(
            OpenPoint(id=p.id or f"p{n}", claim=p.claim, weight=int(w * scale), accept=p.accept, reject=p.reject)
            for n, (p, w) in enumerate(zip(points, weights, strict=True), start=1)
        ),
        full=int(_exact(full) * scale) if full else None,
    )


def _exact(number: float) -> Fraction:
    return Fraction(number).limit_denominator(FINEST)
