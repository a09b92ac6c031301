"""Whole answers of known truth, composed from written texts: for each point one that asserts it, one that does not, or nothing.

The small head that weighs the model's probabilities with the features is fitted on them, over questions that the model did not see.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from interviewer.domain.question import Question
from training.negatives import WAFFLE
from training.pairs import AGAINST, MET, NOT, Written

ASSERTED = ("plain", "terse")
LEFT_OUT = "left out"
QUALITIES = (0.1, 0.3, 0.5, 0.7, 0.9)
"""How many of the points a candidate makes, by candidate."""


@dataclass(frozen=True, kw_only=True)
class Composed:
    """An answer and what is true of each point."""

    question: Question
    text: str
    truth: Mapping[str, int]


def answers(questions: Sequence[Question], texts: Mapping[tuple[str, str], Written], rng: Random) -> Iterator[Composed]:
    """One answer for each question and quality."""
    for question in questions:
        if all((question.id, p.id) in texts for p in question.points):
            for quality in QUALITIES:
                yield _one(question, texts, quality, rng)


def _one(question: Question, texts: Mapping[tuple[str, str], Written], quality: float, rng: Random) -> Composed:
    said: list[str] = []
    truth = {}
    for point in question.points:
        how = _how(quality, rng)
        truth[point.id] = MET if how in ASSERTED else AGAINST if how == "wrong" else NOT
        if how != LEFT_OUT:
            said.append(_ended(getattr(texts[question.id, point.id], how)))
    if rng.random() < 0.3:
        said.insert(rng.randrange(len(said) + 1), rng.choice(WAFFLE))
    if rng.random() < 0.5:
        rng.shuffle(said)
    return Composed(question=question, text=" ".join(said) or rng.choice(WAFFLE), truth=truth)


def _how(quality: float, rng: Random) -> str:
    if rng.random() < quality:
        return rng.choice(ASSERTED)
    return rng.choice(("wrong", "near", LEFT_OUT, LEFT_OUT))


def _ended(text: str) -> str:
    return text if text.rstrip()[-1:] in ".!?" else f"{text.rstrip()}."
