"""What `interviewer bank stats` prints."""

from __future__ import annotations

from collections.abc import Sequence

from interviewer.bank.load import Bank, Problem
from interviewer.bank.stats import coverage, kinds_by_level, kinds_by_topic, statistics
from interviewer.domain.question import Question
from tests.samples import question, questions, track

ASKED = [
    *questions(2, sources=["questions-list#1", "genai-75#75"]),
    question("third", difficulty="advanced", kind="design", minutes=7, sources=["genai-75#3"]),
]


def tables(asked: Sequence[Question], *problems: Problem) -> list[list[list[str]]]:
    """Each table's rows, each row's cells."""
    text = statistics(Bank(questions={q.id: q for q in asked}, tracks={"t": track()}, problems=problems))
    return [[line.split() for line in table.splitlines()] for table in text.split("\n\n")]


def test_topics_by_difficulty_and_minutes():
    table = tables(ASKED)[0]
    assert table[0] == ["topic", "foundation", "intermediate", "advanced", "all", "minutes"]
    rows = {row[0]: row[1:] for row in table}
    assert rows["rag"] == rows["all"] == ["2", "0", "1", "3", "11"]
    assert rows["coding"] == ["0"] * 5


def test_topics_by_kind():
    assert kinds_by_topic(ASKED)[0] == ["topic", "concept", "compare", "debugging", "design", "incident", "coding", "behavioural"]
    rows = {row[0]: row[1:] for row in kinds_by_topic(ASKED)}
    assert rows["rag"] == rows["all"] == ["2", "0", "0", "1", "0", "0", "0"]


def test_difficulty_by_kind_with_median_minutes_and_figures():
    number = {"value": 3, "unit": "GB", "tolerance": 0.1, "working": "1 + 2", "point": "looks-up"}
    rows = {row[0]: row[1:] for row in kinds_by_level([*ASKED, question("fourth", minutes=5, number=number)])}
    assert rows["foundation"] == ["3 × 2", "–", "–", "–", "–", "–", "–", "3 × 2", "1"]
    assert rows["advanced"] == ["–", "–", "–", "1 × 7", "–", "–", "–", "1 × 7", "0"]
    assert rows["all"] == ["3 × 2", "–", "–", "1 × 7", "–", "–", "–", "4 × 3.5", "1"]


def test_coverage_counts_a_row_once_and_only_rows_that_exist():
    rows = {row[0]: row[1:] for row in coverage([*ASKED, question("fourth", sources=["genai-75#76", "genai-75#75"])])}
    assert rows["document"] == ["covered", "questions", "share"]
    assert rows["questions-list"] == ["1", "207", "0%"]
    assert rows["genai-75"] == ["2", "75", "3%"]
    assert rows["all"] == ["3", "805", "0%"]


def test_the_totals_count_our_own_questions_and_unusable_files():
    broken = [Problem(file="rag/a.yaml", field=field, expected="something else") for field in ("id", "minutes")]
    assert " ".join(tables([*ASKED, question("own")], *broken)[-1][0]) == (
        "4 questions, 1 of them our own, 12 points, files with problems: 1"
    )


def test_the_columns_stand_under_each_other():
    lines = statistics(Bank(questions={q.id: q for q in ASKED}, tracks={"t": track()}, problems=())).split("\n\n")[0].splitlines()
    assert len({len(line) for line in lines}) == 1


def test_an_empty_bank_has_statistics_too():
    assert tables([])[-1][0][:2] == ["0", "questions,"]
