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


def fill(path: Path, rows: Sequence[Wanted]) -> GradesFile:
    with GradesFile(path) as file:
        for row in rows:
            file.append(row.item, row.task, graded(row))
    return file


def test_a_key_hangs_on_answer_question_grader_and_attempt() -> None:
    keys = {row.task.key for row in (*planned("a", "b", attempts=(0, 1)), *planned("a", identity="two"))}
    assert len(keys) == 5
    other = Item(line=1, answer_id="", question_id="", question=question("other"), text="a", groups={})
    assert wanted([other], identity="one", attempts=[0])[0].task.key not in keys
    assert planned("x", "a")[1].task.key == planned("a")[0].task.key


def test_in_the_end_the_file_has_the_order_of_the_answers_and_a_line_for_each(tmp_path: Path) -> None:
    rows = planned("a", "b", "a", attempts=(0, 1))
    file = fill(tmp_path / "g.jsonl", [rows[3], rows[0], rows[1], rows[2]])
    assert file.finish(rows) == 0
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
    assert [row.item.line for row, _ in file.grade_lines(rows)] == [1, 1, 2, 2, 3, 3]


def test_grades_are_kept_over_runs_and_ungraded_ones_asked_again(tmp_path: Path) -> None:
    rows = planned("a", "b")
    file = fill(tmp_path / "g.jsonl", rows[:1])
    file.append(rows[1].item, rows[1].task, FAILED)
    assert file.why_not() == {"Too late.": 1}
    file.finish(rows)
    assert [line["outcome"]["outcome"] for line in lines(tmp_path / "g.jsonl")] == ["grade", "ungraded"]
    again = GradesFile(tmp_path / "g.jsonl")
    assert [row.task.key in again for row in rows] == [True, False]
    assert len(lines(tmp_path / "g.jsonl")) == 1


@pytest.mark.parametrize("cut", [1, 50, 400])
def test_a_torn_last_line_is_dropped(tmp_path: Path, cut: int) -> None:
    rows = planned("a", "b")
    fill(tmp_path / "g.jsonl", rows)
    content = (tmp_path / "g.jsonl").read_bytes()
    (tmp_path / "g.jsonl").write_bytes(content[:-cut])
    again = GradesFile(tmp_path / "g.jsonl")
    kept = cut == 1  # only its end of line is lost
    assert [row.task.key in again for row in rows] == [True, kept]
    with again:
        again.append(rows[1].item, rows[1].task, graded(rows[1]))
    assert len(lines(tmp_path / "g.jsonl")) == 2 + kept


def test_what_belongs_to_other_answers_stays_at_the_end(tmp_path: Path) -> None:
    others = planned("z", identity="two")
    fill(tmp_path / "g.jsonl", [*others, *planned("a", "b")])
    before = {line["key"]: line for line in lines(tmp_path / "g.jsonl")}
    file = GradesFile(tmp_path / "g.jsonl")
    assert file.finish(planned("b")) == 2
    after = lines(tmp_path / "g.jsonl")
    assert after[0]["key"] == planned("b")[0].task.key
    assert after[1:] == [before[line["key"]] for line in after[1:]]
    assert {line["key"] for line in after} == set(before)


@pytest.mark.parametrize("content", ["my notes\n", '{"question_id": "a", "answer": "b"}\n', '{"key": "k"}\n{"key": "l"}\n'])
def test_a_file_that_is_none_is_refused_and_left_as_it_is(tmp_path: Path, content: str) -> None:
    path = tmp_path / "answers.jsonl"
    path.write_text(content, "utf-8")
    with pytest.raises(DataError, match=r"line 1 is not a grade\. Name another file with --out"):
        GradesFile(path)
    assert path.read_text("utf-8") == content


def test_notes_without_an_end_of_line_are_not_taken_for_a_torn_grade(tmp_path: Path) -> None:
    path = tmp_path / "answers.jsonl"
    path.write_text("my notes", "utf-8")
    with pytest.raises(DataError, match="line 1 is not a grade"):
        GradesFile(path)
    assert path.read_text("utf-8") == "my notes"


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(DataError, match="could not be written"):
        GradesFile(tmp_path / "file" / "g.jsonl")


def test_a_line_holds_the_whole_grade(tmp_path: Path) -> None:
    rows = planned("a")
    fill(tmp_path / "g.jsonl", rows)
    line = lines(tmp_path / "g.jsonl")[0]
    assert line["outcome"] == json.loads(graded(rows[0]).model_dump_json())
    assert (line["key"], line["question_id"]) == (rows[0].task.key, "sample")
