"""Which questions an interview asks."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.domain.errors import Refused
from interviewer.domain.question import Difficulty, Question, Topic
from interviewer.domain.selection import LEVELS, Length, draw, eligible
from interviewer.domain.track import Overlap
from tests.samples import question, questions, track

POOL = [
    question(f"{topic.value}-{level.value}-{number}", topic=topic.value, difficulty=level.value, minutes=2 + number)
    for topic in (Topic.RAG, Topic.PROMPTING, Topic.EVALUATION)
    for level in Difficulty
    for number in range(4)
]
WIDE = track(topics={Topic.RAG: 1, Topic.PROMPTING: 1, Topic.EVALUATION: 1})


def drawn(length: Length, *, seed: int = 1, **how: object) -> tuple[Question, ...]:
    return draw(POOL, how.pop("by", WIDE), length, rng=Random(seed), **how)  # type: ignore[arg-type]


@given(count=st.integers(1, 36), seed=st.integers())
def test_as_many_questions_as_wished_none_twice_and_easier_ones_first(count, seed):
    found = drawn(Length(questions=count), seed=seed)
    assert len({q.id for q in found}) == len(found) == count
    levels = [LEVELS.index(q.difficulty) for q in found]
    assert levels == sorted(levels)


@given(minutes=st.integers(2, 60), seed=st.integers())
def test_questions_fit_into_the_minutes_and_no_other_would(minutes, seed):
    found = drawn(Length(minutes=minutes), seed=seed)
    left = minutes - sum(q.minutes for q in found)
    assert left >= 0
    assert all(q.minutes > left for q in POOL if q not in found)


@given(seed=st.integers())
def test_levels_come_in_the_tracks_shares(seed):
    by = WIDE.model_copy(update={"levels": {Difficulty.FOUNDATION: 2, Difficulty.INTERMEDIATE: 3, Difficulty.ADVANCED: 1}})
    found = Counter(q.difficulty for q in drawn(Length(questions=6), seed=seed, by=by))
    assert found == {Difficulty.FOUNDATION: 2, Difficulty.INTERMEDIATE: 3, Difficulty.ADVANCED: 1}


@given(seed=st.integers())
def test_topics_alternate_as_long_as_they_weigh_alike(seed):
    assert set(Counter(q.topic for q in drawn(Length(questions=6), seed=seed)).values()) == {2}


def test_a_heavier_topic_comes_more_often():
    by = track(topics={Topic.RAG: 3, Topic.PROMPTING: 1})
    found = Counter(q.topic for seed in range(50) for q in drawn(Length(questions=4), seed=seed, by=by))
    assert found[Topic.RAG] > 2 * found[Topic.PROMPTING]


def test_the_same_chance_draws_the_same_questions():
    assert drawn(Length(questions=5), seed=3) == drawn(Length(questions=5), seed=3)
    assert len({drawn(Length(questions=5), seed=seed) for seed in range(10)}) > 1


@pytest.mark.parametrize(
    ("limit", "left_out"),
    [
        ({"topics": {Topic.PROMPTING: 1}}, {"topic": "rag"}),
        ({"kinds": ("compare",)}, {"kind": "concept"}),
        ({"levels": {"advanced": 1}}, {"difficulty": "foundation"}),
    ],
)
def test_the_blueprint_decides_what_is_asked(limit, left_out):
    wanted = question("in", topic="prompting", kind="compare", difficulty="advanced")
    out = question("out", **{"topic": "prompting", "kind": "compare", "difficulty": "advanced"} | left_out)
    by = track(**{"topics": {Topic.PROMPTING: 1, Topic.RAG: 1}} | limit)
    assert eligible([wanted, out], by) == [wanted]


def test_topics_asked_for_narrow_the_track_and_never_widen_it():
    assert {q.topic for q in eligible(POOL, WIDE, [Topic.RAG, Topic.CODING])} == {Topic.RAG}


@given(seed=st.integers())
def test_what_was_asked_lately_is_not_asked_while_something_else_is_there(seed):
    pool = questions(6)
    asked = [q.id for q in pool[:4]]
    found = draw(pool, track(), Length(questions=2), asked=asked, rng=Random(seed))
    assert {q.id for q in found} == {"sample-4", "sample-5"}


def test_an_interview_ends_a_little_early_rather_than_ask_again_what_happens_to_fit():
    short, long = question("short", minutes=2), questions(3, minutes=4)
    found = draw([short, *long], track(), Length(minutes=10), asked=["short"], rng=Random(1))
    assert [q.minutes for q in found] == [4, 4]


def test_what_was_asked_is_asked_again_when_nothing_else_fits_at_all():
    short, long = question("short", minutes=2), question("long", minutes=9)
    assert draw([short, long], track(), Length(minutes=3), asked=["short"], rng=Random(1)) == (short,)


def test_when_all_was_asked_the_longest_ago_comes_first():
    pool = questions(4)
    found = draw(pool, track(), Length(questions=2), asked=["sample-2", "sample-0", "sample-3", "sample-1"], rng=Random(1))
    assert {q.id for q in found} == {"sample-2", "sample-0"}


def test_fresh_questions_of_another_level_do_not_crowd_out_the_tracks_level():
    hard, easy = questions(2, difficulty="advanced"), [question(f"easy-{n}") for n in range(5)]
    by = track(levels={"advanced": 4, "foundation": 1})
    found = draw([*hard, *easy], by, Length(questions=2), asked=[q.id for q in hard], rng=Random(1))
    assert [q.difficulty for q in found] == [Difficulty.ADVANCED, Difficulty.ADVANCED]


@given(seed=st.integers())
def test_of_questions_that_overlap_one_is_asked(seed):
    near = (Overlap(questions=("sample-0", "sample-1", "sample-2"), apart="x"), Overlap(questions=("sample-2", "sample-3"), apart="x"))
    found = {q.id for q in draw(questions(6), track(), Length(questions=3), overlaps=near, rng=Random(seed))}
    assert len(found) == 3
    assert all(len(found & {*overlap.questions}) <= 1 for overlap in near)


def test_questions_that_overlap_are_asked_together_when_nothing_else_is_left():
    near = (Overlap(questions=("sample-0", "sample-1"), apart="x"),)
    assert len(draw(questions(2), track(), Length(questions=2), overlaps=near, rng=Random(1))) == 2


def test_topics_nothing_is_about_are_refused_with_advice():
    with pytest.raises(Refused, match="Choose more topics"):
        drawn(Length(questions=3), topics=[Topic.CODING])


def test_too_little_time_for_any_question_is_refused_with_advice():
    with pytest.raises(Refused, match="Choose a longer interview"):
        drawn(Length(minutes=1))


def test_more_questions_than_there_are_gives_all_of_them():
    assert len(draw(questions(3), track(), Length(questions=9), rng=Random(1))) == 3
