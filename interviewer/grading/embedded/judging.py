"""Which passages are judged for a claim, and what comes of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from interviewer.grading.embedded.features import features_of, fit_of
from interviewer.grading.embedded.head import Head
from interviewer.grading.embedded.passages import Passage, passages_of, pieces_of
from interviewer.grading.embedded.rubric import Fits, Rubric, Wanted
from interviewer.ports import Judged, PointJudge

PAIRS = 8
"""Passages judged for all points of an answer together, and at least one for each: the model takes nearly all of the time."""
MISCONCEPTION_FROM = 0.75
"""Cosine from which a misconception is worth judging."""


def each_of(points: int, *, pairs: int = PAIRS) -> int:
    """How many passages are judged for each of so many points."""
    return max(1, pairs // max(1, points))


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A passage judged for a claim. `probability`: that it asserts the claim, by the head."""

    passage: Passage
    judged: Judged
    features: tuple[float, ...]
    probability: float


class Reading:
    """An answer's text, read once against a question's rubric."""

    def __init__(self, text: str, rubric: Rubric, judge: PointJudge, head: Head) -> None:
        self.text = text
        pieces = pieces_of(text)
        self._passages = passages_of(text, pieces)
        self._rubric, self._judge, self._head = rubric, judge, head
        self._fits: Fits | None = rubric.fits(text, pieces, self._passages) if self._passages else None

    def points(self, *, pairs: int = PAIRS) -> Iterator[tuple[Wanted, list[Finding]]]:
        """Each point with its judged passages, the likeliest first; none where there is nothing to read."""
        each = each_of(len(self._rubric.points), pairs=pairs)
        for wanted in self._rubric.points:
            yield wanted, self._findings(wanted, each)

    def misconceptions(self) -> Iterator[tuple[Wanted, Finding]]:
        """Misconceptions that some passage comes close to."""
        for wanted in self._rubric.misconceptions:
            for finding in self._findings(wanted, 1, at_least=MISCONCEPTION_FROM):
                yield wanted, finding

    def _findings(self, wanted: Wanted, most: int, *, at_least: float = 0.0) -> list[Finding]:
        """The nearest passages judged, the likeliest first. `at_least`: the cosine under which nothing is worth judging."""
        if self._fits is None:
            return []
        fit = fit_of(wanted, self._fits, self._passages)
        near = fit @ np.array(self._head.nearness, np.float32)
        nearest = np.argsort(-np.round(near, 4), kind="stable")[:most]  # of equal ones the narrower
        cosines = self._fits.cosine[:, list(wanted.own)].max(axis=1)
        found = [self._finding(wanted, fit[at].tolist(), self._passages[at]) for at in nearest.tolist() if cosines[at] >= at_least]
        return sorted(found, key=lambda f: -f.probability)

    def _finding(self, wanted: Wanted, fit: Sequence[float], passage: Passage) -> Finding:
        said = self.text[passage.start : passage.end]
        judged = self._judge.judge(wanted.claim, " ".join(said.split()))
        features = features_of(fit, wanted, said, judged)
        weighing = self._head.weighing(bare=wanted.bare)
        return Finding(passage=passage, judged=judged, features=features, probability=weighing.probability(features))
