"""Near questions are found by their words and by an embedding, and a person tells them apart or merges them."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from interviewer.bank.check import check, schema
from interviewer.bank.duplicates import DIMENSIONS, EMBEDDING, WORDS, near_pairs
from interviewer.bank.load import OVERLAPS, Bank, survey
from interviewer.domain.question import Question
from interviewer.domain.track import Overlap
from interviewer.settings import ROOT
from tests.samples import POINTS, content, question

FOLDER = ROOT / "question_bank"


def said(id_: str, text: str) -> Question:
    """A question whose text and claims hold these words."""
    return question(id_, question=text, points=[content()["points"][0] | {"id": p, "claim": f"{text} {p}"} for p in POINTS])


def alike() -> tuple[Question, Question, Question]:
    """Two that ask the same in another order, and one about something else."""
    return (
        said("first", "Why does attention divide scores by the root of the head size?"),
        said("second", "By the root of the head size attention divides scores: why is that?"),
        said("third", "What keeps a vector index small?"),
    )


def test_the_same_words_in_another_order_are_near_and_others_are_not():
    (pair,) = near_pairs(alike())
    assert (pair.first, pair.second) == ("first", "second")
    assert WORDS < pair.words <= 1.0001


def test_no_bank_and_one_question_have_no_pairs():
    assert list(near_pairs([])) == list(near_pairs(alike()[:1])) == []


def test_questions_without_a_word_that_carries_meaning_are_near_to_none():
    empty = [
        question(f"e{n}", question="\u2026?", points=[content()["points"][0] | {"id": p, "claim": "\u2026"} for p in POINTS])
        for n in range(2)
    ]
    assert [(p.first, p.second) for p in near_pairs([*empty, *alike()])] == [("first", "second")]


def test_the_embedding_finds_two_that_share_a_subject_and_no_words():
    """A hundred subjects of eight words; two questions take the two halves of one subject."""
    rng = Random(1)
    subjects = [[f"word{subject}x{n}" for n in range(8)] for subject in range(DIMENSIONS)]
    pool = [said(f"q{n}", " ".join(rng.sample(subjects[n % DIMENSIONS], 5))) for n in range(8 * DIMENSIONS)]
    halves = [said("half-one", " ".join(subjects[0][:4])), said("half-two", " ".join(subjects[0][4:]))]
    found = {frozenset((p.first, p.second)): p for p in near_pairs([*pool, *halves])}
    pair = found[frozenset(("half-one", "half-two"))]
    assert pair.words < WORDS < EMBEDDING <= pair.embedding
    assert all(int(p.first[1:]) % DIMENSIONS == int(p.second[1:]) % DIMENSIONS for p in found.values() if "half" not in p.first)


def test_a_near_pair_is_a_problem_until_somebody_has_told_it_apart(tmp_path: Path):
    (tmp_path / "schema.json").write_text(schema(), "utf-8")
    bank = {q.id: q for q in alike()}
    (problem,) = check(Bank(questions=bank, tracks={}, problems=()), tmp_path)
    assert problem.file == "rag/second.yaml"
    assert "another question than first" in problem.expected
    assert "overlaps.toml" in problem.expected
    told = Overlap(questions=("third", "second", "first"), apart="The one asks why, the other how.")
    assert check(Bank(questions=bank, tracks={}, problems=(), overlaps=(told,)), tmp_path) == []


def test_an_overlap_that_names_no_question_is_a_problem(tmp_path: Path):
    (tmp_path / "schema.json").write_text(schema(), "utf-8")
    gone = Overlap(questions=("third", "gone"), apart="Nothing any more.")
    (problem,) = check(Bank(questions={"third": alike()[2]}, tracks={}, problems=(), overlaps=(gone,)), tmp_path)
    assert str(problem) == "overlaps.toml, overlap 1: questions: ids of the bank; there is no “gone”"


@pytest.mark.parametrize(
    ("text", "said_of"),
    [
        ("[[overlap]]\nquestions = ['one']\napart = 'x'", "overlap 1: questions"),
        ("[[overlap]]\nquestions = ['one', 'two']", "overlap 1: apart"),
        ("[overlap", "TOML"),
        ("overlap = 3", "tables that begin with [[overlap]]"),
    ],
)
def test_a_file_of_overlaps_that_cannot_be_read_is_named_and_the_bank_is_used(tmp_path: Path, text: str, said_of: str):
    (tmp_path / "rag").mkdir()
    source = next((FOLDER / "rag").glob("*.yaml"))
    (tmp_path / "rag" / source.name).write_bytes(source.read_bytes())
    (tmp_path / "tracks.toml").write_bytes((FOLDER / "tracks.toml").read_bytes())
    (tmp_path / OVERLAPS).write_text(text, "utf-8")
    bank = survey(tmp_path)
    assert [source.stem] == list(bank.questions)
    assert [said_of in str(p) for p in bank.problems] == [True]
    assert bank.overlaps == ()


def test_a_bank_without_overlaps_needs_no_file(tmp_path: Path):
    (tmp_path / "tracks.toml").write_bytes((FOLDER / "tracks.toml").read_bytes())
    assert survey(tmp_path).problems == ()
