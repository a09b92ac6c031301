"""Texts of known worth: which there are, what counts as off, and that a hint is graded as a candidate's words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from interviewer.calibration.gradability import Off, off, samples
from interviewer.domain.errors import FailureReason
from interviewer.domain.grade import Ungraded
from interviewer.domain.question import Question
from interviewer.grading.embedded_grader import EmbeddedGrader
from tests.fakes import START, FixedGrader, provenance
from tests.samples import POINTS, question

SOUND = question(
    "caching",
    question="What does a cache change for a web service?",
    reference_answer=(
        "Answers that were computed once are kept in fast memory, so a repeated request skips the database. "
        "Stale entries appear when the underlying row is updated but the cached copy is left in place. "
        "Eviction throws out the least recently read entry once the memory is full. "
    ),
    points=[
        {
            "id": "skips-database",
            "claim": "A repeated request is answered from fast memory and skips the database.",
            "accept": ["the second identical request never reaches the database", "hits are served from memory"],
            "reject": ["a cache is fast"],
        },
        {
            "id": "stale",
            "claim": "A cached copy goes stale when the underlying row is updated.",
            "accept": ["after an update the cached copy is outdated", "stale entries appear when the row changes"],
            "reject": ["entries are encrypted"],
        },
        {
            "id": "eviction",
            "claim": "Eviction throws out the least recently read entry once memory is full.",
            "accept": ["when it is full the least recently used entry goes", "LRU eviction frees memory"],
            "reject": ["memory is bought"],
        },
    ],
    misconceptions=[{"id": "always-fresh", "claim": "Every reader sees new values instantly.", "correction": "Copies go stale."}],
    follow_ups=[{"point": "stale", "ask": "What can go wrong?"}, {"point": "eviction", "ask": "And with little space?"}],
    hints=["Follow one request.", "Follow a second one like it."],
)


def found(asked: Question) -> list[Off]:
    return list(off(EmbeddedGrader([asked]), asked, now=START))


def test_every_text_of_known_worth_is_a_sample():
    names = [sample.name for sample in samples(SOUND)]
    assert names == ["reference answer", "misconception “always-fresh”", "hint 1", "hint 2", "follow-up 1", "follow-up 2"]


def test_a_sound_question_has_nothing_off():
    assert found(SOUND) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"hints": ("Think.", SOUND.points[1].claim)}, "rag/caching: hint 2 scores 33.3, wanted at most 15 (stale)"),
        (
            {"follow_ups": (SOUND.follow_ups[0].model_copy(update={"ask": SOUND.points[2].accept[0]}), SOUND.follow_ups[1])},
            "rag/caching: follow-up 1 scores 33.3, wanted at most 15 (eviction)",
        ),
        (
            {"misconceptions": (SOUND.misconceptions[0].model_copy(update={"claim": f"{SOUND.points[0].claim} {SOUND.points[1].claim}"}),)},
            "rag/caching: misconception “always-fresh” scores 66.7, wanted at most 25 (skips-database, stale)",
        ),
        (
            {"reference_answer": SOUND.reference_answer.partition("Eviction")[0]},
            "rag/caching: reference answer scores 66.7, wanted at least 95 (eviction)",
        ),
    ],
)
def test_what_is_off_is_named_with_the_points_concerned(changes: dict[str, object], said: str):
    assert [str(each) for each in found(SOUND.model_copy(update=changes))] == [said]


def test_whatever_gives_every_point_is_off_everywhere_but_on_the_reference():
    listed = list(off(FixedGrader(POINTS), question(), now=START))
    assert [each.sample.name for each in listed] == [sample.name for sample in samples(question())][1:]
    assert {each.score for each in listed} == {100}


def test_a_text_without_a_grade_is_off():
    grader = FixedGrader(outcome=Ungraded(reason=FailureReason.UNDECIDED, sentence="No.", provenance=provenance(question())))
    listed = list(off(grader, question(), now=START))
    assert len(listed) == len(list(samples(question())))
    assert str(listed[0]) == "rag/sample: reference answer was not graded, wanted at least 95"
    assert replace(listed[0], score=0.4, points=("looks-up",)).points == ("looks-up",)
