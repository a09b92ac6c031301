"""Which questions are nearly the same: by the words they use, and by an embedding learnt from the bank itself.

The embedding is latent semantic analysis (Deerwester et al., 1990): the bank's term weights in fewer dimensions, so that
words which keep company count as near. It needs no model and no network.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from interviewer.domain.question import Question
from interviewer.text.overlap import idf_of
from interviewer.text.words import terms

WORDS = 0.42
"""Cosine of the term weights from which two questions are near."""
EMBEDDING = 0.84
"""Cosine of the embeddings from which two questions are near."""
Matrix = npt.NDArray[np.float64]
DIMENSIONS = 100
FEWEST = 3 * DIMENSIONS
"""In a smaller bank the embedding has learnt nothing, and words alone decide."""


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two questions, by id, and how near they are (cosines, up to 1)."""

    first: str
    second: str
    words: float
    embedding: float


def near_pairs(questions: Sequence[Question]) -> Iterator[Pair]:
    """The pairs that ask or want nearly the same, from question and claims."""
    if len(questions) < 2:
        return
    found = sorted(questions, key=lambda q: q.id)
    words = _cosines(found)
    embedding = _embedded(words) if len(found) >= FEWEST else np.zeros_like(words)
    for one, other in zip(*np.nonzero(np.triu((words >= WORDS) | (embedding >= EMBEDDING), 1)), strict=True):
        yield Pair(first=found[one].id, second=found[other].id, words=float(words[one, other]), embedding=float(embedding[one, other]))


def _cosines(questions: Sequence[Question]) -> Matrix:
    """How much of their weighted terms each two questions share."""
    counted = [Counter(terms(" ".join([q.question, *(p.claim for p in q.points)]))) for q in questions]
    rarity = idf_of(counted)
    column = {term: at for at, term in enumerate(sorted(rarity))}
    weights = np.zeros((len(questions), len(column)))
    for row, counts in enumerate(counted):
        for term, count in counts.items():
            weights[row, column[term]] = (1 + math.log(count)) * rarity[term]
    weights = _of_length_one(weights)
    return weights @ weights.T


def _embedded(shared: Matrix) -> Matrix:
    """Cosines in the DIMENSIONS strongest directions; the eigenvectors of the cosines are the singular vectors of the weights."""
    values, vectors = np.linalg.eigh(shared)
    embedded = _of_length_one(vectors[:, -DIMENSIONS:] * np.sqrt(np.maximum(values[-DIMENSIONS:], 0)))
    return embedded @ embedded.T


def _of_length_one(rows: Matrix) -> Matrix:
    """Each row divided by its length; a question without a term that carries meaning stays zero, near to none."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    lengths[lengths == 0] = 1.0
    return np.asarray(rows / lengths)
