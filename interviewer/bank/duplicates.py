"""Which questions are nearly the same: by the words they use, and by what their statements mean.

Meaning is the similarity of word vectors. Each statement of a question, what is asked and each claim, looks for the statement of the
other question that is nearest to it. Questions on one subject are all near each other, so what counts is by how much a pair is nearer
than either of the two is to its nearest questions.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from interviewer.domain.question import Question
from interviewer.ports import Similarity
from interviewer.text.lexicon import Matrix
from interviewer.text.overlap import idf_of
from interviewer.text.words import STOP, terms, words

WORDS = 0.42
"""Cosine of the term weights from which two questions are near."""
MEANING = 0.10
"""`Pair.meaning` from which two questions are near."""
NEIGHBOURS = 5
FEWEST = 300
"""In a smaller bank a question has too few neighbours to be held against, and words alone decide."""


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two questions, by id, and how near they are.

    `words`: cosine of their term weights, up to 1. `meaning`: twice the closeness of their statements, less how close each is to
    its nearest questions on average; above 0 for a pair that stands out among them, 0 in a bank that is too small.
    """

    first: str
    second: str
    words: float
    meaning: float


@dataclass(frozen=True, kw_only=True)
class TermWeights:
    """Texts as rows of length 1 over the terms in `column`; `rarity` is each term's inverse document frequency."""

    rows: Matrix
    column: dict[str, int]
    rarity: Matrix


def near_pairs(questions: Sequence[Question], similarity: Similarity) -> Iterator[Pair]:
    """The pairs that ask or want nearly the same, from question and claims. Raises `ModelError`."""
    if len(questions) < 2:
        return
    found = sorted(questions, key=lambda q: q.id)
    weights = weigh([" ".join(statements(q)) for q in found]).rows
    shared = weights @ weights.T
    meaning = _standing_out(_closeness(found, similarity)) if len(found) >= FEWEST else np.zeros_like(shared)
    for one, other in zip(*np.nonzero(np.triu((shared >= WORDS) | (meaning >= MEANING), 1)), strict=True):
        yield Pair(first=found[one].id, second=found[other].id, words=float(shared[one, other]), meaning=float(meaning[one, other]))


def statements(question: Question) -> list[str]:
    """What is asked, and each claim of the answer."""
    return [question.question, *(point.claim for point in question.points)]


def weigh(texts: Sequence[str]) -> TermWeights:
    """Each text by its terms: the rarer in these texts and the more often in this one, the more weight."""
    counted = [Counter(terms(text)) for text in texts]
    rarity = idf_of(counted)
    column = {term: at for at, term in enumerate(sorted(rarity))}
    rows = np.zeros((len(texts), len(column)), np.float32)
    for row, counts in enumerate(counted):
        for term, count in counts.items():
            rows[row, column[term]] = (1 + math.log(count)) * rarity[term]
    return TermWeights(rows=of_length_one(rows), column=column, rarity=np.array([rarity[term] for term in column], np.float32))


def meanings(texts: Sequence[str], similarity: Similarity) -> Matrix:
    """Each text's direction: the mean of the directions of its words, those that carry no meaning left out. Raises `ModelError`."""
    said = [[word for word in words(text) if word not in STOP] for text in texts]
    known = sorted(set().union(*said))
    at = {word: row for row, word in enumerate(known)}
    directions = of_length_one(similarity.vectors(known))
    found = np.zeros((len(texts), directions.shape[1]), np.float32)
    for row, spoken in enumerate(said):
        found[row] = directions[[at[word] for word in spoken]].sum(axis=0)
    return of_length_one(found)


def of_length_one(rows: Matrix) -> Matrix:
    """Each row divided by its length; a text without a word that carries meaning stays zero, near to none."""
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9), np.float32)


def apart_from(usual: Matrix, rows: Matrix) -> Matrix:
    """Directions as seen from the usual one; a text that points nowhere still does."""
    return of_length_one(np.where(rows.any(axis=1, keepdims=True), rows - usual, np.float32(0.0)))


def _closeness(questions: Sequence[Question], similarity: Similarity) -> Matrix:
    """How near two questions' statements are, (questions, questions): the mean of each one's nearest in the other, both ways."""
    said = [statements(question) for question in questions]
    rows = meanings([text for texts in said for text in texts], similarity)
    rows = apart_from(rows.mean(axis=0), rows)  # what all questions of the bank share tells none of them apart
    starts = [0, *accumulate(len(texts) for texts in said)]
    held = np.zeros((len(said), len(said)), np.float32)
    for at in range(len(said)):
        near = rows[starts[at] : starts[at + 1]] @ rows.T
        held[at] = np.maximum.reduceat(near, starts[:-1], axis=1).mean(axis=0)
    return np.asarray((held + held.T) / 2, np.float32)


def _standing_out(closeness: Matrix) -> Matrix:
    """`Pair.meaning` of each two."""
    others = closeness.copy()
    np.fill_diagonal(others, -1.0)
    usual = np.sort(others, axis=1)[:, -NEIGHBOURS:].mean(axis=1)
    return np.asarray(2 * others - usual[:, None] - usual[None, :], np.float32)
