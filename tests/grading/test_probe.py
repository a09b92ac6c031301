"""Which missed point a follow-up aims at."""

from __future__ import annotations

from interviewer.domain.grade import Band, Grade, PointResult, Verdict
from interviewer.domain.question import Question
from interviewer.grading.probe import choose_probe
from interviewer.wiring import embedded_grader
from tests.fakes import START, answer_of, provenance
from tests.grading.test_gradability import SOUND


def with_weights(*weights: int) -> Question:
    points = [p.model_copy(update={"weight": w}) for p, w in zip(SOUND.points, weights, strict=True)]
    return SOUND.model_copy(update={"points": tuple(points)})


def grade(question: Question, *said: tuple[Verdict, float]) -> Grade:
    points = [PointResult(point=p.id, verdict=v, probability=x) for p, (v, x) in zip(question.points, said, strict=True)]
    return Grade(score=0, band=Band.WEAK, points=tuple(points), provenance=provenance(question))


MET, MISSED, AGAINST = Verdict.MET, Verdict.NOT_MET, Verdict.CONTRADICTED


def aimed_at(question: Question, *said: tuple[Verdict, float], asked: tuple[str, ...] = ()) -> str | None:
    probe = choose_probe(question, grade(question, *said), asked=asked)
    return probe.point if probe else None


def test_the_heaviest_missed_point():
    assert aimed_at(with_weights(3, 1, 2), (MET, 1), (MISSED, 0.4), (MISSED, 0.0)) == "eviction"


def test_of_equally_heavy_ones_the_one_that_was_nearly_said():
    assert aimed_at(with_weights(1, 2, 2), (MET, 1), (MISSED, 0.1), (MISSED, 0.4)) == "eviction"
    assert aimed_at(with_weights(1, 2, 2), (MET, 1), (MISSED, 0.4), (MISSED, 0.1)) == "stale"


def test_no_point_twice_and_none_that_was_made():
    assert aimed_at(SOUND, (MISSED, 0), (MISSED, 0.4), (MISSED, 0.1), asked=("stale",)) == "eviction"
    assert aimed_at(SOUND, (MISSED, 0), (MISSED, 0.4), (MET, 1), asked=("stale",)) is None
    assert aimed_at(SOUND, (MISSED, 0), (MET, 1), (MET, 1)) is None


def test_what_was_contradicted_comes_last():
    assert aimed_at(with_weights(1, 3, 1), (MET, 1), (AGAINST, 0.0), (MISSED, 0.0)) == "eviction"
    assert aimed_at(SOUND, (MET, 1), (AGAINST, 0.0), (MET, 1)) == "stale"


def test_from_the_embedded_graders_verdicts():
    text = f"{SOUND.points[0].claim} {SOUND.points[1].claim}"
    found = embedded_grader([SOUND]).grade(SOUND, answer_of(SOUND, text), attempt=0, now=START)
    assert isinstance(found, Grade)
    probe = choose_probe(SOUND, found)
    assert probe is not None
    assert probe.point == "eviction"
