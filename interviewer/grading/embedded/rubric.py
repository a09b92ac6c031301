"""A question's wordings, weighed once: what each point and misconception accepts and rejects, by words and by vectors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from interviewer.domain.question import Question
from interviewer.grading.embedded.passages import Passage
from interviewer.ports import Similarity
from interviewer.text.figures import figures
from interviewer.text.lexicon import Held, Lexicon, Matrix
from interviewer.text.words import Span, terms

QUESTION_WORTH = 0.3
"""Words of the question count for so much of their weight."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A claim to look for. `own`: the rows of its claim and accepted wordings; `pool`: all of them together."""

    id: str
    claim: str
    own: tuple[int, ...]
    pool: int
    rejected: tuple[int, ...]
    figures: tuple[float, ...]

    @property
    def bare(self) -> bool:
        """Whether there is a claim alone."""
        return len(self.own) == 1


@dataclass(frozen=True, kw_only=True)
class Fits:
    """How each passage fits each wording, (passages, wordings): share of words held, with and without minding denials, and cosine."""

    coverage: Matrix
    undenied: Matrix
    cosine: Matrix
    echo: Matrix
    """(passages,) share of the passage's terms that are the question's."""


class Rubric:
    """Points and misconceptions with their wordings. A misconception's correction is what it rejects."""

    def __init__(self, question: Question, weights: Mapping[str, float], *, unknown: float, similarity: Similarity) -> None:
        self._texts: list[str] = []
        self.points = tuple(self._wanted(p.id, [p.claim, *p.accept], p.reject) for p in question.points)
        self.misconceptions = tuple(self._wanted(m.id, [m.claim], [m.correction]) for m in question.misconceptions)
        self._asked = frozenset(terms(question.question))
        demoted = {**weights, **{t: weights.get(t, unknown) * QUESTION_WORTH for t in self._asked}}
        self._lexicon = Lexicon(self._texts, demoted, unknown=unknown)
        self._similarity = similarity
        self._vectors = _of_length_one(similarity.vectors(self._texts))

    def _wanted(self, name: str, own: Sequence[str], rejected: Sequence[str]) -> Wanted:
        at = len(self._texts)
        self._texts += [*own, " ".join(own), *rejected]
        pool = at + len(own)
        rows = tuple(range(at, pool)), tuple(range(pool + 1, pool + 1 + len(rejected)))
        stated = tuple(f.value for f in figures(own[0]))
        return Wanted(id=name, claim=own[0], own=rows[0], pool=pool, rejected=rows[1], figures=stated)

    def fits(self, text: str, pieces: Sequence[Span], passages: Sequence[Passage]) -> Fits:
        """Every passage against every wording."""
        said = [text[span.start : span.end] for span in pieces]
        held = self._lexicon.held(said)
        joined = Held(
            said=np.stack([held.said[p.first : p.last + 1].max(axis=0) for p in passages]),
            denied=np.stack([held.denied[p.first : p.last + 1].max(axis=0) for p in passages]),
        )
        sums = np.concatenate([np.zeros((1, self._vectors.shape[1]), np.float32), self._similarity.vectors(said).cumsum(axis=0)])
        vectors = _of_length_one(np.stack([sums[p.last + 1] - sums[p.first] for p in passages]))
        return Fits(
            coverage=self._lexicon.coverage(joined),
            undenied=self._lexicon.coverage(joined, against=-1.0),
            cosine=vectors @ self._vectors.T,
            echo=np.array(list(self._echoes(said, passages)), np.float32),
        )

    def _echoes(self, said: Sequence[str], passages: Sequence[Passage]) -> Iterator[float]:
        found = [set(terms(piece)) for piece in said]
        for passage in passages:
            own = set().union(*found[passage.first : passage.last + 1])
            yield len(own & self._asked) / max(1, len(own))


def _of_length_one(rows: Matrix) -> Matrix:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9), np.float32)
