"""A verdict per point, and what they add up to: `Grade`, or `Ungraded` with the reason. Never a sentinel number."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from interviewer.domain.errors import FailureReason


class Band(StrEnum):
    """The four bands of a score."""

    WEAK = "weak"
    DEVELOPING = "developing"
    SOLID = "solid"
    STRONG = "strong"


class Verdict(StrEnum):
    """What the grader says of one point."""

    MET = "met"
    NOT_MET = "not_met"
    CONTRADICTED = "contradicted"
    CANNOT_ASSESS = "cannot_assess"


class Record(BaseModel):
    """A stored value: frozen, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Evidence(Record):
    """A quote found in the candidate's own words: characters `start` to `end` of the raw answer."""

    start: int
    end: int
    text: str
    repaired: bool = Field(default=False, description="the grader's quote was a near match, replaced by the exact span")


class PointResult(Record):
    """The verdict on one point. `flags` say what code changed or doubted, in words for the user."""

    point: str
    verdict: Verdict
    reasoning: str = ""
    evidence: Evidence | None = None
    flags: tuple[str, ...] = ()


class MisconceptionResult(Record):
    """A listed misconception the candidate asserted, with the words that assert it."""

    misconception: str
    evidence: Evidence
    reasoning: str = ""


class Claim(Record):
    """A claim of the candidate's that stands on no list: wrong (with a correction), or newer than the reference."""

    evidence: Evidence
    note: str


class Usage(Record):
    """Tokens of the calls a grade took, as the server counted them; None where it did not say."""

    prompt: int | None = None
    completion: int | None = None
    cached: int | None = None


class Provenance(Record):
    """Everything needed to say where a grade came from."""

    grader: Literal["llm", "embedded", "gate"]
    question_id: str
    question_sha256: str
    policy: str
    graded_at: datetime
    model: str = ""
    endpoint: str = ""
    prompt_id: str = ""
    prompt_sha256: str = ""
    parameters: dict[str, str | int | float | None] = Field(default_factory=dict)
    point_order: tuple[str, ...] = ()
    latency_ms: int = 0
    calls: int = 0
    usage: Usage = Usage()
    raw_reply: str = ""
    dropped: dict[str, int] = Field(default_factory=dict, description="characters the sanitiser dropped, by kind")


class Grade(Record):
    """A scored answer."""

    outcome: Literal["grade"] = "grade"
    score: float = Field(ge=0, le=100)
    band: Band
    points: tuple[PointResult, ...]
    misconceptions: tuple[MisconceptionResult, ...] = ()
    wrong: tuple[Claim, ...] = ()
    unsure: tuple[Claim, ...] = ()
    advice: str = Field(default="", description="the one change worth most")
    gate: str = Field(default="", description="why no model was asked; empty when the answer was graded")
    estimate: bool = Field(default=False, description="by the embedded grader: an estimate, never mixed with model grades")
    notes: tuple[str, ...] = ()
    provenance: Provenance


class Ungraded(Record):
    """No grade, and why. Never a zero, never a default."""

    outcome: Literal["ungraded"] = "ungraded"
    reason: FailureReason
    sentence: str
    provenance: Provenance


Outcome = Annotated[Grade | Ungraded, Field(discriminator="outcome")]
