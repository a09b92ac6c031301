"""A second, different model looks at what is doubtful. Credit needs both; a disagreement is shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from interviewer.domain.grade import Attempt, PointResult, SecondVerdict, Verdict
from interviewer.domain.question import Point
from interviewer.domain.scoring import BAND_FLOORS
from interviewer.grading.evidence import shared_words
from interviewer.grading.examiner import Findings, Task
from interviewer.text.words import is_prose

Which = Literal["doubtful", "all"]
EDGE = 5.0
"""Points of 100 above a band's floor within which one veto changes the band."""
FEW_WORDS = 2
"""A quote with fewer words of the point than this may be about something else: so are 95 of 100 sentences of other
questions' answers, and 28 of 100 right wordings (over the bank, each wording against its point's others)."""

SHARED_BY = 2
"""Points that one passage may show; a passage quoted for more is looked at again for all of them."""


def doubtful(findings: Findings, score: float | None, *, attempts: Sequence[Attempt], task: Task, which: Which) -> frozenset[str]:
    """Ids of the credited points that a second model should see.

    All of them when the first model credited the canary, when the answer talks to the grader or is no prose, and when
    the score lies just above a band's floor; else those that code has flagged, those whose quote has hardly a word of
    the point, and those whose passage is quoted for several others. A second model can only take credit away, so what
    was not credited is never asked about.
    """
    everything = which == "all" or findings.canary or attempts or not is_prose(task.spoken.clean.text) or near_edge(score)
    points = {p.id: p for p in task.question.points}
    credited = [p for p in findings.points if p.verdict is Verdict.MET]
    return frozenset(p.point for p in credited if everything or p.flags or _thin(p, points[p.point]) or _worn(p, credited))


def _thin(result: PointResult, point: Point) -> bool:
    return result.evidence is None or shared_words(result.evidence, point) < FEW_WORDS


def _worn(result: PointResult, credited: Sequence[PointResult]) -> bool:
    spans = [(p.evidence.start, p.evidence.end) for p in credited if p.evidence]
    mine = result.evidence
    return mine is not None and sum(start < mine.end and mine.start < end for start, end in spans) > SHARED_BY


def near_edge(score: float | None) -> bool:
    """Whether the score lies less than `EDGE` above the floor of a band."""
    return score is not None and any(floor and 0 <= score - floor < EDGE for floor, _ in BAND_FLOORS)


def agreed(first: Sequence[PointResult], second: Sequence[PointResult], *, model: str) -> tuple[PointResult, ...]:
    """The first model's results, with credit only where the second gives it too."""
    said = {p.point: p for p in second}
    results = []
    for point in first:
        other = said.get(point.point)
        if other is None:
            results.append(point)
            continue
        doubts = () if other.verdict is Verdict.MET else other.flags  # why it did not credit what it wanted to
        reasoning = " ".join([other.reasoning, *(f"({doubt})" for doubt in doubts)])
        opinion = SecondVerdict(verdict=other.verdict, reasoning=reasoning, model=model)
        verdict = point.verdict if other.verdict is Verdict.MET else Verdict.NOT_MET
        flags = point.flags if other.verdict is Verdict.MET else (*point.flags, DISAGREE)
        results.append(point.model_copy(update={"verdict": verdict, "flags": flags, "second": opinion}))
    return tuple(results)


DISAGREE = "the two models disagree, so it earned nothing"
