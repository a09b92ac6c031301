"""The bank that ships, and the rules of writing that `interviewer bank check` applies."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from random import Random

import pytest

from interviewer.bank.check import check, lint, says_the_same, schema
from interviewer.bank.load import Bank, survey
from interviewer.domain.question import Difficulty, Question, Topic
from interviewer.domain.selection import Length, draw, eligible
from interviewer.settings import ROOT
from interviewer.ui.components.choices import MINUTES
from interviewer.wiring import similarity
from tests.samples import POINTS, content, question

FOLDER = ROOT / "question_bank"

SPARE = 3
"""Minutes that an interview may be shorter than asked for, rather than ask something again."""


# the real bank


def test_the_bank_has_no_problem(bank):
    assert [str(p) for p in check(bank, FOLDER, similarity())] == []


def test_every_topic_has_questions_of_two_difficulties_or_more(bank):
    levels = {topic: {q.difficulty for q in bank.questions.values() if q.topic is topic} for topic in Topic}
    assert {topic for topic, found in levels.items() if len(found) < 2} == set()
    assert set().union(*levels.values()) == set(Difficulty)


def test_every_file_of_the_bank_is_a_question_that_was_read(bank):
    assert {path.stem for path in FOLDER.rglob("*.yaml")} == set(bank.questions)


def test_schema_json_is_what_the_models_generate():
    assert (FOLDER / "schema.json").read_text("utf-8") == schema()
    assert set(json.loads(schema())["properties"]) == set(Question.model_fields)


def test_every_file_points_editors_at_the_schema():
    for path in FOLDER.rglob("*.yaml"):
        assert path.read_text("utf-8").startswith("# yaml-language-server: $schema=../schema.json\n"), path


def test_every_track_has_enough_questions_for_its_minutes(bank):
    for found in bank.tracks.values():
        pool = eligible(list(bank.questions.values()), found)
        assert sum(q.minutes for q in pool) >= found.minutes, found.id
        assert {q.difficulty for q in pool} == set(found.levels), found.id
        assert {q.topic for q in pool} == set(found.topics), found.id


def test_an_interview_of_any_offered_length_can_be_drawn_five_times_without_a_repeat(bank):
    every = list(bank.questions.values())
    for track in bank.tracks.values():
        for length in (Length(questions=12), *(Length(minutes=m) for m in {*MINUTES, track.minutes})):
            asked: list[str] = []
            for again in range(5):
                found = draw(every, track, length, asked=asked, overlaps=bank.overlaps, rng=Random(again))
                assert len(found) == (length.questions or len(found)), (track.id, length)
                assert length.minutes is None or length.minutes - sum(q.minutes for q in found) <= SPARE, (track.id, length)
                asked += [q.id for q in found]
            assert len(asked) == len(set(asked)), (track.id, length)


def test_every_question_is_asked_by_some_track(bank):
    asked = {q.id for track in bank.tracks.values() for q in eligible(list(bank.questions.values()), track)}
    assert asked == set(bank.questions)


def test_a_candidate_who_goes_on_meets_every_question_of_a_track(bank):
    track, every = bank.tracks["advanced"], list(bank.questions.values())
    asked: list[str] = []
    rng = Random(1)
    while len(asked) < len(every) / min(track.levels.values()) * sum(track.levels.values()):
        asked += [q.id for q in draw(every, track, Length(questions=5), asked=asked, rng=rng)]
    assert set(asked) == {q.id for q in eligible(every, track)}


def test_a_follow_up_does_not_say_the_point_it_aims_at(bank):
    for found in bank.questions.values():
        claims = {p.id: p.claim.lower().rstrip(".") for p in found.points}
        assert not [f.ask for f in found.follow_ups if claims[f.point] in f.ask.lower()], found.id


# the rules of writing


def points(**changes: object) -> list[dict[str, object]]:
    """The sample's points, the first one changed."""
    first, *others = content()["points"]
    return [first | changes, *others]


def more_points(count: int, kind: str) -> list[dict[str, object]]:
    wordings = {"accept": ["a", "b", "c"], "reject": ["d", "e"]}
    return [*content()["points"], *({"id": f"more-{n}", "claim": f"Claim {n}.", "kind": kind} | wordings for n in range(count))]


def test_a_question_that_keeps_the_rules_has_nothing_to_mend():
    assert list(lint(question())) == []


@pytest.mark.parametrize(
    ("changes", "field", "expected"),
    [
        ({"reference_answer": "word " * 79}, "reference_answer", "80 to 350 words; this one has 79"),
        ({"reference_answer": "word " * 351}, "reference_answer", "80 to 350 words; this one has 351"),
        ({"reference_answer": "word " * 79 + "\n```\nmore code\n```"}, "reference_answer", "this one has 79"),
        ({"points": more_points(6, "required")}, "points", "at most 8 required points"),
        ({"points": more_points(4, "bonus")}, "points", "at most 3 bonus points"),
        ({"points": points(accept=["one", "two"])}, "points.0.accept", "three or more wordings"),
        ({"points": points(reject=["four"])}, "points.0.reject", "two or more near misses"),
        ({"points": points(reject=["one", "five"])}, "points.0", "no wording in both accept and reject"),
        ({"misconceptions": []}, "misconceptions", "at least one"),
        ({"references": []}, "references", "at least one paper"),
        ({"sources": ["genai-75#75", "genai-75#76"]}, "sources.1", "a row that genai-75 has: 1 to 75"),
    ],
)
def test_a_broken_rule_of_writing_is_named(changes, field, expected):
    ((found, said),) = lint(question(**changes))
    assert found == field
    assert expected in said


# points that contradict each other


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("The KV cache grows with the context.", "the kv cache  grows with the context"),
        ("The KV cache grows with the context.", "The KV caches grow with context."),
        ("It is not cheaper.", "It is NOT cheaper!"),
    ],
)
def test_the_same_statement_in_nearly_the_same_words(first, second):
    assert says_the_same(first, second)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            "It normalises the input of each sub-layer before the attention.",
            "It normalises the input of each sub-layer after the attention.",
        ),
        (
            "The cache of keys and values grows with the context length.",
            "The cache of keys and values does not grow with the context length.",
        ),
        (
            "A model with a loss of 0.0345 at the end of the training is good.",
            "A model with a loss of 0.0346 at the end of the training is good.",
        ),
        (
            "It increases the memory that is needed for each of the tokens.",
            "It decreases the memory that is needed for each of the tokens.",
        ),
        ("a < b", "a > b"),
    ],
)
def test_opposites_in_nearly_the_same_words_are_no_contradiction(first, second):
    assert not says_the_same(first, second)


@pytest.mark.parametrize(
    ("changes", "field", "expected"),
    [
        ({"points": points(reject=["ONE.", "five"])}, "points.0", "no wording in both accept and reject"),
        ({"points": points(claim="The claim of no-training!")}, "points.2.claim", "another claim than that of “looks-up”"),
        ({"points": points(claim="it  trains a model")}, "points.0.claim", "another claim than the misconception “it-trains”"),
        ({"points": points(accept=["one", "two", "It trains the model"])}, "points.0.accept.2", "another wording than the misconception"),
    ],
)
def test_contradictory_points_are_named(changes, field, expected):
    ((found, said),) = lint(question(**changes))
    assert found == field
    assert expected in said


# a question that asks for a figure


def with_figure(**changes: object) -> Question:
    """A sound question for 3.07 TB."""
    stated = {"claim": "It takes 3 TB.", "accept": ["3.07 TB", "about 3,000 GB", "3 terabytes"], "reject": ["a few GB", "30 TB"]}
    number = {"value": 3.07, "unit": "TB", "tolerance": 0.1, "working": "by hand", "point": "looks-up"}
    reference = "word " * 80 + "so it takes 3.07 TB."
    point = {key: value for key, value in changes.items() if key in stated}
    others = {key: value for key, value in changes.items() if key not in stated}
    return question(**({"points": points(**(stated | point)), "number": number, "reference_answer": reference} | others))


def test_a_sound_question_with_a_figure_has_nothing_to_mend():
    assert list(lint(with_figure())) == []


@pytest.mark.parametrize(
    ("changes", "field", "expected"),
    [
        ({"number": {"value": 3.07, "unit": "TB", "tolerance": 0.1, "working": "by hand"}}, "number.point", "the id of the point"),
        ({"reference_answer": "word " * 80}, "reference_answer", "the figure that `number` asks for, 3.07 TB"),
        ({"reference_answer": "word " * 80 + "30 TB"}, "reference_answer", "the figure that `number` asks for"),
        ({"question": "Why does it take 3 TB?"}, "question", "no figure that answers the question (3.07 TB)"),
        ({"hints": ["A nudge.", "Think of 3 terabytes."]}, "hints", "no figure that answers the question"),
        ({"claim": "It takes much."}, "points.0.claim", "the figure 3.07 TB"),
        ({"claim": "It takes 30 TB, always."}, "points.0.claim", "the figure 3.07 TB"),
        ({"accept": ["3 TB", "3000 GB", "much"]}, "points.0.accept.2", "the figure 3.07 TB, for the point earns nothing with a wrong one"),
        ({"accept": ["3 TB", "30 GB", "3000 GB"]}, "points.0.accept.1", "the figure 3.07 TB"),
        ({"reject": ["30 TB", "3,070 gigabytes"]}, "points.0.reject.1", "no figure that is right (3.07 TB)"),
    ],
)
def test_a_figure_that_is_missing_or_misplaced_is_named(changes, field, expected):
    ((found, said),) = lint(with_figure(**changes))
    assert found == field
    assert expected in said


def test_every_number_of_the_bank_names_its_point(bank):
    assert [q.id for q in bank.questions.values() if q.number and not q.number.point] == []


@pytest.mark.parametrize("count", [80, 350])
def test_reference_answers_at_the_limits_are_kept(count):
    assert list(lint(question(reference_answer="word " * count))) == []


def test_a_behavioural_question_needs_no_wordings_misconceptions_or_references():
    bare = [{"id": p, "claim": f"The claim of {p}."} for p in POINTS]
    short = question(kind="behavioural", points=bare, misconceptions=[], references=[], reference_answer="word " * 30)
    assert list(lint(short)) == []


@pytest.mark.parametrize("raw", [None, b"{}", b"\xff"], ids=["missing", "stale", "not UTF-8"])
def test_a_schema_that_is_not_the_models_is_named(tmp_path, raw):
    if raw is not None:
        (tmp_path / "schema.json").write_bytes(raw)
    (problem,) = check(Bank(questions={}, tracks={}, problems=()), tmp_path, similarity())
    assert (problem.file, problem.expected) == ("schema.json", "what the models generate: run `interviewer bank schema`")


def test_check_repeats_the_problems_of_loading(tmp_path: Path):
    shutil.copytree(FOLDER, tmp_path / "bank")
    (tmp_path / "bank" / "rag" / "broken.yaml").write_bytes(b"\xff")
    assert [str(p) for p in check(survey(tmp_path / "bank"), tmp_path / "bank", similarity())] == ["rag/broken.yaml: UTF-8 text"]
