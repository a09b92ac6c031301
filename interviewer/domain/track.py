"""A track, by difficulty or by role: the blueprint an interview is drawn from; and questions that are not drawn together."""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from pydantic import Field, FiniteFloat, model_validator

from interviewer.domain.grade import Band
from interviewer.domain.question import BankModel, Difficulty, Kind, Line, Slug, Topic


class Group(StrEnum):
    """What a track is chosen by."""

    DIFFICULTY = "difficulty"
    ROLE = "role"


class Track(BankModel):
    """Topic mix, kinds, levels, minutes and the band that passes."""

    id: Slug
    name: Line
    summary: Line
    group: Group = Group.DIFFICULTY
    levels: dict[Difficulty, FiniteFloat] = Field(description="share of the questions at each level")
    topics: dict[Topic, FiniteFloat] = Field(description="weight of each topic; a topic left out is not asked")
    kinds: tuple[Kind, ...] = Field(min_length=1)
    minutes: int = Field(ge=5, le=120, description="length of a sensible interview of this track at the standard pace")
    pass_band: Band

    @model_validator(mode="after")
    def weights_are_positive(self) -> Self:
        """Shares must be above zero; leaving a key out is how a level or topic is not asked."""
        if not self.levels or min(self.levels.values()) <= 0:
            raise ValueError("levels: every share must be above 0")
        if not self.topics or min(self.topics.values()) <= 0:
            raise ValueError("topics: every weight must be above 0")
        return self


class Overlap(BankModel):
    """Questions near one another: a person has told them apart, and one interview asks only one of them."""

    questions: tuple[Slug, ...] = Field(min_length=2)
    apart: Line = Field(description="what each asks that the others do not")
