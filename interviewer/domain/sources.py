"""The five collections of interview questions that the bank covers, and where in them a question was asked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Document(StrEnum):
    """A collection, by the name that `sources` uses."""

    QUESTIONS_LIST = "questions-list"
    ML_LLM_ANSWERS = "ml-llm-answers"
    GENAI_PDF = "genai-pdf"
    GENAI_75 = "genai-75"
    GENAI_HANDBOOK = "genai-handbook"

    @property
    def title(self) -> str:  # type: ignore[override]
        """The name as a person reads it."""
        return _TITLES[self]

    @property
    def rows(self) -> int:
        """How many questions it asks, counted from 1."""
        return _ROWS[self]


_TITLES = {
    Document.QUESTIONS_LIST: "Generative AI question list",
    Document.ML_LLM_ANSWERS: "ML and LLM questions with answers",
    Document.GENAI_PDF: "Generative AI questions, PDF",
    Document.GENAI_75: "75 generative AI questions",
    Document.GENAI_HANDBOOK: "Generative AI handbook",
}
_ROWS = {
    Document.QUESTIONS_LIST: 207,
    Document.ML_LLM_ANSWERS: 65,
    Document.GENAI_PDF: 217,
    Document.GENAI_75: 75,
    Document.GENAI_HANDBOOK: 241,
}


@dataclass(frozen=True, order=True)
class Place:
    """One row of a collection."""

    document: Document
    row: int

    @property
    def exists(self) -> bool:
        """Whether the collection has so many rows."""
        return 1 <= self.row <= self.document.rows


def place(source: str) -> Place:
    """`document#row` taken apart; the question's model has checked the form."""
    name, _, row = source.partition("#")
    return Place(Document(name), int(row))


def places(sources: Iterable[str]) -> dict[Document, list[int]]:
    """The rows in each collection, both in order; collections without one are left out."""
    found = sorted({place(source) for source in sources}, key=lambda p: (list(Document).index(p.document), p.row))
    return {document: [p.row for p in found if p.document is document] for document in dict.fromkeys(p.document for p in found)}
