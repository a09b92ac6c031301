"""Which missed point a follow-up should aim at, chosen by code from fast verdicts."""

from __future__ import annotations

from collections.abc import Collection

from interviewer.domain.grade import Grade, PointResult, Verdict
from interviewer.domain.question import FollowUp, Question


def choose_probe(question: Question, grade: Grade, *, asked: Collection[str] = ()) -> FollowUp | None:
    """The follow-up at the heaviest point that is missed; of equally heavy ones, the one the candidate came nearest to.

    `asked`: points that a probe aimed at before. None when nothing that has a follow-up is missing: then a probe would only waste time.
    A contradicted point is not probed first: who is sure of the opposite will say it again.
    """
    results = {r.point: r for r in grade.points}
    weight = {p.id: p.weight for p in question.points}
    missed = [f for f in question.follow_ups if f.point not in asked and results[f.point].verdict is not Verdict.MET]
    return min(missed, key=lambda f: _rank(results[f.point], weight[f.point]), default=None)


def _rank(result: PointResult, weight: int) -> tuple[bool, int, float]:
    return result.verdict is Verdict.CONTRADICTED, -weight, -(result.probability or 0.0)
