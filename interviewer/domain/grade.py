"""A verdict per point, and what they add up to: `Grade`, or `Ungraded` with the reason. Never a sentinel number."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

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


class SecondVerdict(Record):
    """What the second model said of a point that the first one credited. Credit needs both."""

    verdict: Verdict
    reasoning: str = ""
    model: str


class PointResult(Record):
    """The verdict on one point. `flags` say what code changed or doubted, in words for the user."""

    point: str
    verdict: Verdict
    reasoning: str = ""
    evidence: Evidence | None = None
    flags: tuple[str, ...] = ()
    probability: float | None = Field(default=None, ge=0, le=1, description="that the point is met, where the grader estimates it")
    sure: bool | None = Field(default=None, description="whether the grader is sure of the verdict; None: it does not say")
    second: SecondVerdict | None = None


class MisconceptionResult(Record):
    """A listed misconception the candidate asserted, with the words that assert it."""

    misconception: str
    evidence: Evidence
    reasoning: str = ""


class Claim(Record):
    """A claim of the candidate's that stands on no list: wrong (with a correction), or newer than the reference."""

    evidence: Evidence
    note: str


class Attempt(Record):
    """A passage that talks to the grader instead of answering. It is shown, and changes no verdict."""

    evidence: Evidence
    by: Literal["code", "model"]
    note: str = ""


class FigureResult(Record):
    """What code found when the question asks for a figure: `said` is the nearest figure of the answer in the wanted unit."""

    right: bool
    wanted: str
    said: str = ""
    evidence: Evidence | None = None


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
    prompts: dict[str, str] = Field(default_factory=dict, description="sha256 of each prompt's text, by id and version")
    parameters: dict[str, str | int | float | None] = Field(default_factory=dict)
    form: str = Field(default="", description="how the reply's form was asked for: json_schema, json_object or tool")
    point_order: tuple[str, ...] = ()
    parts: int = Field(default=1, description="requests the answer had to be divided over")
    canary: bool | None = Field(default=None, description="whether the point that no answer can meet was credited; None: not asked")
    latency_ms: int = 0
    calls: int = 0
    usage: Usage = Usage()
    cost: float | None = Field(default=None, description="USD of these calls, as far as it is known; None: not at all")
    raw_reply: str = ""
    dropped: dict[str, int] = Field(default_factory=dict, description="characters the sanitiser dropped or replaced, by kind")
    second: Provenance | None = Field(default=None, description="where the second opinion comes from")

    @model_validator(mode="before")
    @classmethod
    def one_prompt(cls, values: object) -> object:
        """Grades of the first version named one prompt in two fields."""
        if isinstance(values, dict) and "prompt_id" in values:
            values = dict(values)
            name, sha = values.pop("prompt_id"), values.pop("prompt_sha256", "")
            values["prompts"] = {name: sha} if name else {}
        return values

    @property
    def costs(self) -> tuple[float | None, ...]:
        """USD of the calls of each model that was asked: nothing for none."""
        mine = (self.cost,) if self.calls else ()
        return mine + (self.second.costs if self.second else ())


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
    attempts: tuple[Attempt, ...] = ()
    figure: FigureResult | None = None
    provenance: Provenance


class Ungraded(Record):
    """No grade, and why. Never a zero, never a default."""

    outcome: Literal["ungraded"] = "ungraded"
    reason: FailureReason
    sentence: str
    provenance: Provenance


Outcome = Annotated[Grade | Ungraded, Field(discriminator="outcome")]
