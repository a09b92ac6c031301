"""What speaks for and against a passage asserting a claim, as numbers: what the model says, and how words and vectors fit.

The head (`head.py`) weighs them. Their order and meaning belong to its fitted weights: whoever changes them fits it anew.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from interviewer.grading.embedded.passages import Passage
from interviewer.grading.embedded.rubric import Fits, Wanted
from interviewer.ports import Judged
from interviewer.text.figures import figures
from interviewer.text.lexicon import Matrix

FIT = (
    "claim words",
    "accepted words",
    "pooled words",
    "rejected words",
    "turned words",
    "claim vector",
    "accepted vector",
    "rejected vector",
    "echo",
    "length",
)
"""What is known of every passage before the model is asked."""
NAMES = (*FIT, "figures", "asserted", "denied")
LEAST = 1e-3
NEAR_FIGURE = 0.02
"""Relative difference up to which two figures are the same."""


def fit_of(wanted: Wanted, fits: Fits, passages: Sequence[Passage]) -> Matrix:
    """(passages, FIT): how each passage fits the claim and its wordings."""
    own, rejected = list(wanted.own), list(wanted.rejected)
    words, vectors = fits.coverage[:, own].max(axis=1), fits.cosine[:, own].max(axis=1)
    none = np.zeros_like(words)
    columns = (
        fits.coverage[:, own[0]],
        words,
        fits.coverage[:, wanted.pool],
        fits.coverage[:, rejected].max(axis=1) - words if rejected else none,
        fits.undenied[:, own].max(axis=1) - words,
        fits.cosine[:, own[0]],
        vectors,
        fits.cosine[:, rejected].max(axis=1) - vectors if rejected else none,
        fits.echo,
        np.log1p([p.length for p in passages]),
    )
    return np.stack(columns, axis=1).astype(np.float32)


def features_of(fit: Sequence[float], wanted: Wanted, text: str, judged: Judged) -> tuple[float, ...]:
    """One passage, in the order of `NAMES`."""
    return (*fit, _wrong_figures(wanted, text), _logit(judged.asserted), _logit(judged.denied))


def _wrong_figures(wanted: Wanted, text: str) -> float:
    """The share of the claim's figures that are not in the passage, where the passage has any of its own."""
    said = [f.value for f in figures(text)] if wanted.figures else []
    if not said:
        return 0.0
    missing = [w for w in wanted.figures if not any(abs(w - s) <= NEAR_FIGURE * abs(w) for s in said)]
    return len(missing) / len(wanted.figures)


def _logit(share: float) -> float:
    bounded = min(max(share, LEAST), 1 - LEAST)
    return math.log(bounded / (1 - bounded))
