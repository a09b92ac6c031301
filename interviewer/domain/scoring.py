"""From verdicts to a score and a band: pure, named and versioned. The model never names a total."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from interviewer.domain.grade import Band, Verdict
from interviewer.domain.question import PointKind, Question

BAND_FLOORS = ((80.0, Band.STRONG), (60.0, Band.SOLID), (40.0, Band.DEVELOPING), (0.0, Band.WEAK))


def band_of(score: float) -> Band:
    """Below 40 weak, 40 developing, 60 solid, 80 strong."""
    return next(band for floor, band in BAND_FLOORS if score >= floor)


def reaches(band: Band, wanted: Band) -> bool:
    """Whether `band` is at least `wanted`."""
    order = [b for _, b in reversed(BAND_FLOORS)]
    return order.index(band) >= order.index(wanted)


@dataclass(frozen=True, kw_only=True)
class ScoringPolicy:
    """How verdicts become a score in 0–100."""

    name: str
    contradicted: float = 0.5
    bonus: float = 3.0
    misconception: float = 10.0
    misconceptions_at_most: float = 30.0
    hint: float = 0.10
    probe: float = 0.75
    undecided_at_most: float = 1 / 3

    def score(
        self,
        question: Question,
        verdicts: Mapping[str, Verdict],
        *,
        misconceptions: int = 0,
        hints: int = 0,
        by_probe: Iterable[str] = (),
    ) -> float | None:
        """The score, or None when too much of the required weight could not be assessed."""
        total = question.full_weight
        unsure = sum(p.weight for p in question.required if verdicts.get(p.id) is Verdict.CANNOT_ASSESS)
        if unsure > total * self.undecided_at_most:
            return None
        probed = set(by_probe)
        earned = extra = 0.0
        for point in question.points:
            share = self.probe if point.id in probed else 1.0
            verdict = verdicts.get(point.id, Verdict.NOT_MET)
            if point.kind is PointKind.BONUS:
                extra += self.bonus * point.weight * share if verdict is Verdict.MET else 0.0
            elif verdict is Verdict.MET:
                earned += point.weight * share
            elif verdict is Verdict.CONTRADICTED:
                earned -= point.weight * self.contradicted
        raw = 100 * earned / total + extra - min(self.misconception * misconceptions, self.misconceptions_at_most)
        raw *= max(0.0, 1 - self.hint * hints)
        return round(min(100.0, max(0.0, raw)), 1)


POLICY_1 = ScoringPolicy(name="policy-1")
