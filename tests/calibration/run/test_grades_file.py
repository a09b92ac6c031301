"""The file of grades: what is kept over runs, and that nobody's file is overwritten."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from interviewer.calibration.data.items import Item
from interviewer.calibration.run.grades_file import GradesFile, Wanted, wanted
from interviewer.domain.errors import DataError, FailureReason
from interviewer.domain.grade import Grade, Ungraded
from tests.calibration.rows import lines
from tests.fakes import START, FixedGrader, provenance
from tests.samples import POINTS, question

ASKED = question()
GRADER = FixedGrader([POINTS[0]])
FAILED = Ungraded(reason=FailureReason.TIMEOUT, sentence="Too late.", provenance=provenance(ASKED))


def planned(*texts: str, identity: str = "one", attempts: Sequence[int] = (0,)) -> tuple[Wanted, ...]:
    items = [
        Item(line=n, answer_id=f"a{n}", question_id="sample", question=ASKED, text=text, groups={}) for n, text in enumerate(texts, start=1)
    ]
    return wanted(items, identity=identity, attempts=attempts)


def graded(row: Wanted) -> Grade | Ungraded:
    return GRADER.grade(row.task.question, row.task.answer, attempt=row.task.attempt, now=START)


def fill(path: Path, rows: Sequence[Wanted]) -> None:
    with GradesFile(path) as file:
        for row in rows:
            file.append(row.item, row.task, graded(row))


def finish(path: Path, rows: Sequence[Wanted]) -> int:
    with GradesFile(path) as file:
        return file.finish(rows)


def known(path: Path, rows: Sequence[Wanted]) -> list[bool]:
    """Which of these a new run finds graded."""
    with GradesFile(path) as file:
        return [row.task.key in file for row in rows]


def test_a_key_hangs_on_answer_question_grader_and_attempt() -> None:
    keys = {row.task.key for row in (*planned("a", "b", attempts=(0, 1)), *planned("a", identity="two"))}
    assert len(keys) == 5
    other = Item(line=1, answer_id="", question_id="", question=question("other"), text="a", groups={})
    assert wanted([other], identity="one", attempts=[0])[0].task.key not in keys
    assert planned("x", "a")[1].task.key == planned("a")[0].task.key


def test_in_the_end_the_file_has_the_order_of_the_answers_and_a_line_for_each(tmp_path: Path) -> None:
    rows = planned("a", "b", "a", attempts=(0, 1))
    fill(tmp_path / "g.jsonl", [rows[3], rows[0], rows[1], rows[2]])
    with GradesFile(tmp_path / "g.jsonl") as file:
        assert file.finish(rows) == 0
        assert [row.item.line for row, _ in file.grade_lines(rows)] == [1, 1, 2, 2, 3, 3]
    found = lines(tmp_path / "g.jsonl")
    assert [(f["line"], f["attempt"], f["answer_id"]) for f in found] == [
        (1, 0, "a1"),
        (1, 1, "a1"),
        (2, 0, "a2"),
        (2, 1, "a2"),
        (3, 0, "a3"),
        (3, 1, "a3"),
    ]
    assert found[0]["key"] == found[4]["key"]


def test_grades_are_kept_over_runs_and_ungraded_ones_asked_again(tmp_path: Path) -> None:
    rows = planned("a", "b")
    with GradesFile(tmp_path / "g.jsonl") as file:
        file.append(rows[0].item, rows[0].task, graded(rows[0]))
        file.append(rows[1].item, rows[1].task, FAILED)
        assert file.why_not() == {"Too late.": 1}
        file.finish(rows)
    assert [line["outcome"]["outcome"] for line in lines(tmp_path / "g.jsonl")] == ["grade", "ungraded"]
    assert known(tmp_path / "g.jsonl", rows) == [True, False]
    fill(tmp_path / "g.jsonl", rows[1:])
    finish(tmp_path / "g.jsonl", rows)
    assert [line["outcome"]["outcome"] for line in lines(tmp_path / "g.jsonl")] == ["grade", "grade"]


@pytest.mark.parametrize("cut", [1, 50, 400])
def test_a_torn_last_line_is_cut_off(tmp_path: Path, cut: int) -> None:
    rows = planned("a", "b")
    fill(tmp_path / "g.jsonl", rows)
    content = (tmp_path / "g.jsonl").read_bytes()
    (tmp_path / "g.jsonl").write_bytes(content[:-cut])
    kept = cut == 1  # only its end of line is lost
    assert known(tmp_path / "g.jsonl", rows) == [True, kept]
    fill(tmp_path / "g.jsonl", rows[1:])
    assert len(lines(tmp_path / "g.jsonl")) == 2 + kept


def test_what_belongs_to_other_answers_follows_unchanged(tmp_path: Path) -> None:
    """Another grader's, another attempt's, an ungraded one's, and another answer with the same text."""
    others = [*planned("z", identity="two"), *planned("a", "b", attempts=(1,)), *planned("b", "b")[1:], *planned("a")]
    fill(tmp_path / "g.jsonl", others)
    with GradesFile(tmp_path / "g.jsonl") as file:
        failed = planned("never graded")[0]
        file.append(failed.item, failed.task, FAILED)
    before = lines(tmp_path / "g.jsonl")
    rows = planned("b")
    assert finish(tmp_path / "g.jsonl", rows) == len(before)
    after = lines(tmp_path / "g.jsonl")
    assert (after[0]["line"], after[0]["answer_id"], after[0]["key"]) == (1, "a1", rows[0].task.key)
    assert after[1:] == before
    assert finish(tmp_path / "g.jsonl", rows) == len(before)
    assert lines(tmp_path / "g.jsonl") == after


@pytest.mark.parametrize("content", ["my notes\n", '{"question_id": "a", "answer": "b"}\n', '{"line": 1}\n{"line": 2}\n', "my notes"])
def test_a_file_that_is_none_is_refused_and_left_as_it_is(tmp_path: Path, content: str) -> None:
    path = tmp_path / "answers.jsonl"
    path.write_text(content, "utf-8")
    with pytest.raises(DataError, match=r"line 1 is not a grade that this version reads\. Name another file with --out"):
        known(path, [])
    assert path.read_text("utf-8") == content
    assert [p.name for p in tmp_path.iterdir()] == ["answers.jsonl"]


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(DataError, match="could not be written"):
        known(tmp_path / "file" / "g.jsonl", [])


def test_one_run_at_a_time(tmp_path: Path) -> None:
    rows = planned("a")
    with GradesFile(tmp_path / "g.jsonl") as first:
        with pytest.raises(DataError, match=r"Another run is writing .*g\.jsonl\. Let it end"):
            known(tmp_path / "g.jsonl", rows)
        first.append(rows[0].item, rows[0].task, graded(rows[0]))
    assert known(tmp_path / "g.jsonl", rows) == [True]
    assert [p.name for p in tmp_path.iterdir()] == ["g.jsonl"]


def test_a_link_stays_a_link_and_neighbours_stay(tmp_path: Path) -> None:
    (tmp_path / "g.jsonl.new").write_text("mine", "utf-8")
    (tmp_path / "link.jsonl").symlink_to(tmp_path / "g.jsonl")
    rows = planned("a")
    fill(tmp_path / "link.jsonl", rows)
    finish(tmp_path / "link.jsonl", rows)
    assert (tmp_path / "link.jsonl").is_symlink()
    assert len(lines(tmp_path / "g.jsonl")) == 1
    assert (tmp_path / "g.jsonl.new").read_text("utf-8") == "mine"
    assert len(list(tmp_path.iterdir())) == 3


def test_a_line_holds_the_whole_grade(tmp_path: Path) -> None:
    rows = planned("a")
    fill(tmp_path / "g.jsonl", rows)
    line = lines(tmp_path / "g.jsonl")[0]
    assert line["outcome"] == json.loads(graded(rows[0]).model_dump_json())
    assert (line["key"], line["question_id"]) == (rows[0].task.key, "sample")
