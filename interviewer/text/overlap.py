"""How much of one text's meaning-bearing words another text holds, weighted by how rare they are, and with what polarity."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from rapidfuzz import fuzz, process

NEAR_WORD = 85.0
NEAR_CREDIT = 0.85

Near = Mapping[str, Mapping[str, float]]
"""For each term of an answer, the wanted terms it counts for, with the credit."""


@dataclass(frozen=True, kw_only=True)
class Wording:
    """A text to look for: the weight of each term, whether the term is said or denied (None: both), and the share that is enough."""

    text: str
    weights: Mapping[str, float]
    said: Mapping[str, bool | None]
    total: float
    enough: float


@dataclass(frozen=True)
class Holding:
    """The credit (0–1) with which a passage says a term, and denies it."""

    said: float = 0.0
    denied: float = 0.0

    def __or__(self, other: Holding) -> Holding:
        """Both passages together."""
        return Holding(max(self.said, other.said), max(self.denied, other.denied))


Held = Mapping[str, Holding]


def idf_of(documents: Iterable[Iterable[str]]) -> dict[str, float]:
    """Smoothed inverse document frequency of each term: log((1 + N) / (1 + n)) + 1."""
    count = 0
    having: Counter[str] = Counter()
    for document in documents:
        count += 1
        having.update(set(document))
    return {term: math.log((1 + count) / (1 + n)) + 1 for term, n in having.items()}


def near_terms(wanted: Iterable[str], vocabulary: Collection[str]) -> Near:
    """For each term of `vocabulary`, the wanted terms it counts for (credit 1 for itself, less for a near spelling)."""
    pool = list(vocabulary)
    found: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for term in sorted(set(wanted)):
        if term in vocabulary:
            found[term][term] = 1.0
        if len(term) > 4:
            for other, _, _ in process.extract(term, pool, scorer=fuzz.ratio, score_cutoff=NEAR_WORD, limit=5):
                if other != term and len(other) > 3:
                    found[other][term] = NEAR_CREDIT
    return found


def wording_of(text: str, said: Mapping[str, bool | None], weights: Mapping[str, float], *, unknown: float, enough: float) -> Wording:
    """A wording with the weights of its own terms."""
    own = {term: weights.get(term, unknown) for term in said}
    return Wording(text=text, weights=own, said=said, total=sum(own.values()), enough=enough)


def pooled(wordings: Sequence[Wording], *, enough: float) -> Wording:
    """The terms of all wordings together, measured against the weight of a typical one: a paraphrase borrows from several."""
    said: dict[str, bool | None] = {}
    weights: dict[str, float] = {}
    for wording in wordings:
        weights |= wording.weights
        for term, how in wording.said.items():
            said[term] = how if said.get(term, how) is how else None
    total = median(w.total for w in wordings)
    return Wording(text=wordings[0].text, weights=weights, said=said, total=total, enough=enough)


def held_terms(said: Mapping[str, bool | None], near: Near) -> dict[str, Holding]:
    """What a passage with these terms holds of the wanted ones."""
    held: dict[str, Holding] = {}
    for term, how in said.items():
        for wanted, credit in near.get(term, {}).items():
            held[wanted] = held.get(wanted, Holding()) | Holding(credit if how is not False else 0.0, credit if how is not True else 0.0)
    return held


def coverage(wording: Wording, held: Held, *, against: float = 2.0) -> float:
    """Share (0–1) of the wording's weight that is held; a term held with the opposite polarity takes `against` times its weight away."""
    got = 0.0
    for term, weight in wording.weights.items():
        if (found := held.get(term)) is None:
            continue
        how = wording.said[term]
        if how is None:
            got += weight * max(found.said, found.denied)
            continue
        same, other = (found.said, found.denied) if how else (found.denied, found.said)
        got += weight * (same or -against * other)
    # rounded, because Python 3.12 and newer sum floats another way, and equal shares must stay equal
    return round(min(1.0, max(0.0, got / wording.total)), 9) if wording.total else 0.0
