"""Rows of answers: what is read, what is told by line, and what is refused as a whole."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from interviewer.calibration.data.rows import read
from interviewer.domain.errors import DataError
from tests.calibration.rows import open_row, scored, write


def told(tmp_path: Path, row: dict[str, Any] | str) -> str:
    """What is said of the second of three lines, whose others are good."""
    found = read(write(tmp_path / "a.jsonl", [open_row(), row, open_row("Another.")]))
    assert [numbered.line for numbered in found.rows] == [1, 3]
    assert len(found.problems) == 1
    return found.problems[0]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("{", "this is not JSON"),
        ("[1]", "this is not a JSON object"),
        ('"\\ud800"', "half a character"),
        ({"question_id": "q"}, "answer: Field required"),
        ({"answer": "x"}, "neither `question_id` of the bank nor"),
        ({"answer": "x", "question": "Why?"}, "`question` and `reference_answer` go together"),
        ({"answer": 3, "question_id": "q"}, "answer: Input should be a valid string"),
        (open_row(score=3), "there is a score, but no `max_score`"),
        (open_row(score=3, max_score=0), "max_score: Input should be greater than or equal to 0.001"),
        (open_row(score=1e308, max_score=1e308), "score: Input should be less than or equal to 1000000"),
        (open_row(points=[{"claim": "x", "weight": 1e300}]), "points.0.weight"),
        (open_row(points=[{"claim": "x"}], full_weight=1e-9), "full_weight"),
        ({"question_id": "q", "answer": "x", "points": [{"claim": "x"}]}, "`points` belong to rows with a `question`"),
        (open_row(score=6, max_score=5), "a score is over `max_score` (5)"),
        (open_row(score=-1, max_score=5), "score: Input should be greater than or equal to 0"),
        (open_row(scores_by_annotator={"a": 6}, max_score=5), "a score is over"),
        (json.dumps(open_row(max_score=5)).replace("}", ', "score": NaN}'), "score: Input should be a finite number"),
        (open_row(points=[{"claim": " "}]), "points.0.claim"),
        (open_row(points=[{"claim": "x", "weight": 0}]), "points.0.weight"),
        (open_row(verdicts_by_annotator={"a": {"p1": "cannot_assess"}}), "a person says met"),
        ("[" * 100_000, "this is not JSON"),
    ],
)
def test_what_is_wrong_with_a_line_is_told_by_its_number(tmp_path: Path, row: dict[str, Any] | str, reason: str) -> None:
    said = told(tmp_path, row)
    assert said.startswith("a.jsonl, line 2: ")
    assert reason in said


def test_bytes_that_are_no_text_cost_their_line_only(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", [open_row()])
    path.write_bytes(path.read_bytes() + b'{"answer": "\xff"}\n' + path.read_bytes())
    found = read(path)
    assert len(found.rows) == 2
    assert found.problems == ("a.jsonl, line 2: this is not UTF-8 text",)


def test_a_mark_at_the_beginning_blank_lines_and_unknown_keys_are_no_problem(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(open_row(grade="A", question_id=7, split=None)).encode() + b"\r\n\n  \n")
    found = read(path)
    assert found.problems == ()
    assert [(n.row.question_id, n.row.split) for n in found.rows] == [("7", "")]


def test_a_blank_answer_is_an_answer(tmp_path: Path) -> None:
    assert len(read(write(tmp_path / "a.jsonl", [open_row("")])).rows) == 1


def test_mixed_scales_are_refused_with_both_lines(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", [scored("x", 1), scored("y", 1), scored("z", 1, max_score=10)])
    with pytest.raises(DataError, match=r"line 1 gives `max_score` 5 and line 3 10 to the same question"):
        read(path)


def test_other_questions_may_have_other_scales(tmp_path: Path) -> None:
    assert len(read(write(tmp_path / "a.jsonl", [scored("x", 1), scored("y", 1, max_score=10, question_id="other")])).rows) == 2


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="No such file"):
        read(tmp_path / "none.jsonl")


def test_only_some_rows_and_the_first_of_them(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", [open_row(str(n), split="test" if n % 2 else "train", sub=n > 2) for n in range(6)])
    assert [n.line for n in read(path, only={"split": "test"}).rows] == [2, 4, 6]
    assert [n.line for n in read(path, only={"split": "test", "sub": "true"}).rows] == [4, 6]
    assert [n.line for n in read(path, only={"split": "test"}, limit=2).rows] == [2, 4]


def test_rubrics_in_marks(tmp_path: Path) -> None:
    rubrics = tmp_path / "rubrics.json"
    rubrics.write_text(json.dumps({"cache": [{"key_element": "keeps results", "points": "2.5"}, {"key_element": "stale", "points": "5"}]}))
    row = read(write(tmp_path / "a.jsonl", [scored("x", 1)]), rubrics=rubrics).rows[0].row
    assert [(p.claim, p.weight) for p in row.points] == [("keeps results", 2.5), ("stale", 5.0)]
    assert row.full_weight == 5  # more points than the scale has marks: alternatives


@pytest.mark.parametrize("content", ["[]", "{", '{"a": 3}', '{"a": [{"key_element": "x"}]}', '{"a": [{"key_element": "x", "points": 0}]}'])
def test_rubrics_that_are_none_are_refused(tmp_path: Path, content: str) -> None:
    rubrics = tmp_path / "rubrics.json"
    rubrics.write_text(content)
    with pytest.raises(DataError, match="cannot be used as rubrics"):
        read(write(tmp_path / "a.jsonl", [scored("x", 1)]), rubrics=rubrics)


def test_the_hash_is_that_of_the_file(tmp_path: Path) -> None:
    import hashlib

    path = write(tmp_path / "a.jsonl", [open_row()])
    assert read(path).sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
