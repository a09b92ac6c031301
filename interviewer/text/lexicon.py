"""How much of many wordings' meaning-bearing words each of many passages holds, as matrices, and with what polarity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from interviewer.text.words import polarity

Matrix = npt.NDArray[np.float32]

DENIED = 2.0
"""A term that is said where the wording denies it, or denied where it says it, takes so many times its weight away."""


@dataclass(frozen=True, kw_only=True)
class Held:
    """What passages hold of a lexicon's terms, (passages, terms) of 0 or 1 each: said, and denied. A term may be both."""

    said: Matrix
    denied: Matrix


class Lexicon:
    """The wordings to look for, each the weights of its terms, in matrices of (wordings, terms) by whether it says or denies them."""

    def __init__(self, wordings: Sequence[str], weights: Mapping[str, float], *, unknown: float) -> None:
        """`weights`: how much each term counts; `unknown` for one that is not among them."""
        said = [polarity(text) for text in wordings]
        self._column = {term: at for at, term in enumerate(sorted(set().union(*said)))}
        shape = len(said), len(self._column)
        self._says, self._denies, self._either = np.zeros(shape, np.float32), np.zeros(shape, np.float32), np.zeros(shape, np.float32)
        for row, found in enumerate(said):
            for term, how in found.items():
                into = self._either if how is None else self._says if how else self._denies
                into[row, self._column[term]] = weights.get(term, unknown)
        self._total = np.maximum((self._says + self._denies + self._either).sum(axis=1), 1e-9)

    def held(self, passages: Sequence[str]) -> Held:
        """What each passage holds."""
        said, denied = np.zeros((len(passages), len(self._column)), np.float32), np.zeros((len(passages), len(self._column)), np.float32)
        for row, text in enumerate(passages):
            for term, how in polarity(text).items():
                if (column := self._column.get(term)) is not None:
                    said[row, column] = how is not False
                    denied[row, column] = how is not True
        return Held(said=said, denied=denied)

    def coverage(self, held: Held, *, against: float = DENIED) -> Matrix:
        """Shares (0–1) of each wording's weight that each passage holds: (passages, wordings)."""
        either = np.maximum(held.said, held.denied)
        here = either.any(axis=0)  # few of a lexicon's terms are in an answer
        said, denied, either = held.said[:, here], held.denied[:, here], either[:, here]
        says = np.where(said > 0, said, -against * denied)
        denies = np.where(denied > 0, denied, -against * said)
        got = says @ self._says[:, here].T + denies @ self._denies[:, here].T + either @ self._either[:, here].T
        return np.asarray(np.clip(got / self._total, 0.0, 1.0), np.float32)
