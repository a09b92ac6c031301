"""The calibrated head: which passages are worth judging, and the probability that a judged one asserts its claim."""

from __future__ import annotations

import math
from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, model_validator

from interviewer.grading.embedded.features import FIT, NAMES


class Weighing(BaseModel):
    """A logistic regression over all features. From the probability `met` a point is met; between the two of `unsure` it is unsure."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    weights: tuple[float, ...]
    bias: float
    met: float
    unsure: tuple[float, float]

    def probability(self, features: Sequence[float]) -> float:
        """0 to 1."""
        score = self.bias + sum(w * x for w, x in zip(self.weights, features, strict=True))
        return 1 / (1 + math.exp(-min(max(score, -30.0), 30.0)))


class Head(BaseModel):
    """What `training/` fits to a model.

    `nearness`: weights of what is known before the model is asked; the passage with the highest sum is judged. `bank`: for points
    with accepted wordings; `bare`: for points with a claim alone, as rows from outside have them. `denied`: the model's probability
    from which a point that is not met is contradicted; `misconception`: the head's from which a misconception is asserted.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    features: tuple[str, ...]
    nearness: tuple[float, ...]
    bank: Weighing
    bare: Weighing
    denied: float
    misconception: float

    @model_validator(mode="after")
    def of_these_features(self) -> Head:
        """A head for other features would weigh the wrong numbers."""
        lengths = {len(self.bank.weights), len(self.bare.weights)}
        if self.features != NAMES or lengths != {len(NAMES)} or len(self.nearness) != len(FIT):
            raise ValueError("this head was fitted for other features")
        return self

    def weighing(self, *, bare: bool) -> Weighing:
        """The one for such a point."""
        return self.bare if bare else self.bank
