"""What the bank holds: a question with its reference answer and the atomic points an answer is graded by."""

from __future__ import annotations

import hashlib
import json
import re
from enum import StrEnum
from functools import cached_property
from typing import Annotated, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Topic(StrEnum):
    """The bank's 21 topics; a topic is also the folder of its questions."""

    ML_FOUNDATIONS = "ml-foundations"
    NEURAL_NETWORKS = "neural-networks"
    REINFORCEMENT_LEARNING = "reinforcement-learning"
    NLP_BASICS = "nlp-basics"
    GENERATIVE_MODELS = "generative-models"
    MEDIA_GENERATION = "media-generation"
    TRANSFORMERS = "transformers"
    LLM_TRAINING = "llm-training"
    FINE_TUNING_ALIGNMENT = "fine-tuning-alignment"
    EMBEDDINGS_VECTOR_SEARCH = "embeddings-vector-search"
    PROMPTING = "prompting"
    RAG = "rag"
    AGENTS_APPLICATIONS = "agents-applications"
    EVALUATION = "evaluation"
    MULTIMODAL = "multimodal"
    RESPONSIBLE_AI = "responsible-ai"
    SYSTEM_DESIGN = "system-design"
    DEPLOYMENT_OPS = "deployment-ops"
    TOOLING = "tooling"
    CODING = "coding"
    BEHAVIOURAL = "behavioural"

    @property
    def title(self) -> str:  # type: ignore[override]
        """The topic's name as a person reads it."""
        return TOPIC_TITLES[self]


TOPIC_TITLES = {
    Topic.ML_FOUNDATIONS: "ML foundations",
    Topic.NEURAL_NETWORKS: "Neural networks",
    Topic.REINFORCEMENT_LEARNING: "Reinforcement learning",
    Topic.NLP_BASICS: "NLP basics",
    Topic.GENERATIVE_MODELS: "Generative models",
    Topic.MEDIA_GENERATION: "Media generation",
    Topic.TRANSFORMERS: "Transformers",
    Topic.LLM_TRAINING: "LLM training",
    Topic.FINE_TUNING_ALIGNMENT: "Fine-tuning and alignment",
    Topic.EMBEDDINGS_VECTOR_SEARCH: "Embeddings and vector search",
    Topic.PROMPTING: "Prompting",
    Topic.RAG: "RAG",
    Topic.AGENTS_APPLICATIONS: "Agents and applications",
    Topic.EVALUATION: "Evaluation",
    Topic.MULTIMODAL: "Multimodal",
    Topic.RESPONSIBLE_AI: "Responsible AI",
    Topic.SYSTEM_DESIGN: "System design",
    Topic.DEPLOYMENT_OPS: "Deployment and operations",
    Topic.TOOLING: "Tooling",
    Topic.CODING: "Coding",
    Topic.BEHAVIOURAL: "Behavioural",
}


class Kind(StrEnum):
    """What sort of answer a question wants."""

    CONCEPT = "concept"
    COMPARE = "compare"
    DEBUGGING = "debugging"
    DESIGN = "design"
    INCIDENT = "incident"
    CODING = "coding"
    BEHAVIOURAL = "behavioural"


class Difficulty(StrEnum):
    """What is asked of the candidate, not how hard the topic is."""

    FOUNDATION = "foundation"
    INTERMEDIATE = "intermediate"
    ADVANCED = "advanced"


class PointKind(StrEnum):
    """Whether the point is part of a full answer or goes beyond it."""

    REQUIRED = "required"
    BONUS = "bonus"


class BankModel(BaseModel):
    """Frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Point(BankModel):
    """One atomic, checkable statement that a full answer makes."""

    id: Slug
    claim: Line
    kind: PointKind = PointKind.REQUIRED
    weight: int = Field(default=1, ge=1, le=3, description="share of the question's worth")
    accept: tuple[Line, ...] = Field(default=(), description="wordings or examples that count")
    reject: tuple[Line, ...] = Field(default=(), description="near misses that do not count")


class Misconception(BankModel):
    """A wrong claim candidates make, and what is right."""

    id: Slug
    claim: Line
    correction: Line


class FollowUp(BankModel):
    """A probe for one missed point; it never contains the point's answer."""

    point: Slug
    ask: Line


class NumberAnswer(BankModel):
    """The figure a question asks for."""

    value: float
    unit: str
    tolerance: float = Field(gt=0, lt=1, description="relative: 0.1 accepts ten per cent either way")
    working: Line
    point: Slug | None = Field(default=None, description="the point that states the figure: it earns nothing with a wrong one")


class CodeTests(BankModel):
    """Checks of a coding answer: assert statements to run after the candidate's code."""

    entry: Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
    visible: tuple[Line, ...] = Field(min_length=1)
    hidden: tuple[Line, ...] = Field(min_length=1)


class Reference(BankModel):
    """A paper, specification or documentation page."""

    title: Line
    url: Annotated[str, StringConstraints(pattern=r"^https?://[^\s]+$")]


SOURCE = r"^(questions-list|ml-llm-answers|genai-pdf|genai-75|genai-handbook)#[1-9][0-9]*$"


class Question(BankModel):
    """One interview question: what is asked, what a strong answer says, and how an answer is graded."""

    FEWEST_REQUIRED: ClassVar[int] = 3

    id: Slug
    question: Line = Field(description="what the interviewer asks, as it would be said aloud")
    topic: Topic
    kind: Kind
    difficulty: Difficulty
    minutes: int = Field(ge=1, le=30, description="what a good spoken answer takes")
    reference_answer: Line
    points: tuple[Point, ...] = Field(min_length=3, max_length=12)
    misconceptions: tuple[Misconception, ...] = ()
    follow_ups: tuple[FollowUp, ...] = Field(min_length=2)
    hints: tuple[Line, ...] = Field(min_length=2, max_length=3)
    scope_note: Line | None = None
    number: NumberAnswer | None = None
    tests: CodeTests | None = None
    sources: tuple[Annotated[str, StringConstraints(pattern=SOURCE)], ...] = ()
    references: tuple[Reference, ...] = ()
    as_of: Annotated[str, StringConstraints(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$")]
    replaces: Slug | None = None

    @field_validator("reference_answer")
    @classmethod
    def no_images_or_html(cls, text: str) -> str:
        """Reference answers are shown as Markdown: nothing in them may load or run."""
        prose = re.sub(r"```.*?```|`[^`\n]*`", " ", text, flags=re.S)
        if "![" in prose or re.search(r"<[a-zA-Z/!][^<>]*>", prose):
            raise ValueError("images and HTML are not allowed in Markdown (code goes between backticks)")
        return text

    @model_validator(mode="after")
    def consistent(self) -> Self:
        """Ids are unique and follow-ups name points that exist."""
        ids = [point.id for point in self.points]
        marks = [m.id for m in self.misconceptions]
        for what, found in (("point", ids), ("misconception", marks)):
            if len(set(found)) != len(found):
                raise ValueError(f"{what} ids are not unique")
        unknown = [f.point for f in self.follow_ups if f.point not in ids]
        if unknown:
            raise ValueError(f"follow-ups name points that do not exist: {', '.join(unknown)}")
        if self.number and self.number.point not in (None, *ids):
            raise ValueError(f"the number names a point that does not exist: {self.number.point}")
        if len(self.required) < self.FEWEST_REQUIRED:
            raise ValueError(f"fewer than {self.FEWEST_REQUIRED} required points")
        if (self.kind is Kind.CODING) != (self.tests is not None):
            raise ValueError("`tests` belongs to coding questions, and only to them")
        return self

    @property
    def required(self) -> tuple[Point, ...]:
        """The points a full answer makes."""
        return tuple(p for p in self.points if p.kind is PointKind.REQUIRED)

    @property
    def full_weight(self) -> int:
        """The weight of points that earns all marks: that of the required ones together."""
        return sum(p.weight for p in self.required)

    @cached_property
    def sha256(self) -> str:
        """Hash of the whole content: the identity of the question as asked."""
        content = json.dumps(self.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(content.encode()).hexdigest()
