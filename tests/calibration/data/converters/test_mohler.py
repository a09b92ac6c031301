from __future__ import annotations

from pathlib import Path

import pytest

from interviewer.calibration.data.converters.mohler import convert
from interviewer.domain.errors import DataError

HEADER = "id,question,desired_answer,student_answer,score_me,score_other,score_avg"
FIRST = '1.1,"What is a stack, in short?",Last in first out.,"It is ""LIFO"".",5,4,4.5'


@pytest.fixture
def put(tmp_path: Path):
    def write(*lines: str, name: str = "mohler.csv", end: str = "\n", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes((end.join(lines) + end).encode(encoding))
        return path

    return write


def test_a_row_has_the_fields_of_the_set(put):
    found = convert(put(f",{HEADER}", f"0,{FIRST}", f"1,{FIRST}"))
    assert found.problems == ()
    assert found.rows[0] == {
        "dataset": "mohler",
        "answer_id": "1.1:1",
        "question_id": "1.1",
        "question": "What is a stack, in short?",
        "reference_answer": "Last in first out.",
        "answer": 'It is "LIFO".',
        "score": 4.5,
        "max_score": 5.0,
        "scores_by_annotator": {"me": 5.0, "other": 4.0},
    }
    assert found.rows[1]["answer_id"] == "1.1:2"


@pytest.mark.parametrize(("separator", "name"), [(";", "mohler.csv"), ("\t", "mohler.tsv"), ("\t", "mohler.csv")])
def test_other_separators_line_ends_and_a_byte_order_mark_are_read(put, separator: str, name: str):
    header = HEADER.replace(",", separator)
    line = separator.join(("1.1", "What, is it?", "A\u00e9.", '"Two\r\nlines."', "5", "4", "4.5"))
    (row,) = convert(put(header, line, name=name, end="\r\n", encoding="utf-8-sig")).rows
    assert (row["question"], row["reference_answer"], row["answer"], row["score"]) == ("What, is it?", "Aé.", "Two\r\nlines.", 4.5)


def test_other_names_of_columns_are_known(put):
    source = put(
        "ID,Question,Instructor Answer,Student-Answer,score_grader_1,score_grader_2,score_avg",
        "E01.Q01.A01,What?,That.,This.,2,3,2.5",
        "E01.Q01.A02,What?,That.,That.,5,5,5",
    )
    rows = convert(source).rows
    assert [row["answer_id"] for row in rows] == ["E01.Q01.A01", "E01.Q01.A02"]
    assert rows[0]["question_id"] == rows[1]["question_id"]
    assert rows[0]["scores_by_annotator"] == {"grader_1": 2.0, "grader_2": 3.0}


def test_the_mean_of_the_graders_is_the_score_where_none_is_stated(put):
    without = put(HEADER.removesuffix(",score_avg"), FIRST.removesuffix(",4.5"))
    assert convert(without).rows[0]["score"] == 4.5
    empty = put(HEADER, FIRST.replace(",4,4.5", ",,"))
    assert convert(empty).rows[0]["score"] == 5.0
    assert convert(empty).rows[0]["scores_by_annotator"] == {"me": 5.0}


def test_a_table_without_graders_or_ids_will_do(put):
    rows = convert(put("question,reference_answer,answer,score", "What?,That.,This.,0", "What?,That.,That.,5", "Why?,So.,So.,5")).rows
    assert [row["score"] for row in rows] == [0.0, 5.0, 5.0]
    assert "scores_by_annotator" not in rows[0]
    assert rows[0]["question_id"] == rows[1]["question_id"] != rows[2]["question_id"]
    assert len({row["answer_id"] for row in rows}) == 3


def test_two_questions_with_one_id_are_told_apart(put):
    rows = convert(put(HEADER, "12.1,What?,That.,This.,5,5,5", "12.1,Why?,So.,So.,5,5,5", "12.1,What?,That.,That.,5,5,5")).rows
    first, other, again = (row["question_id"] for row in rows)
    assert first == again == "12.1" != other
    assert len({row["answer_id"] for row in rows}) == 3


@pytest.mark.parametrize(
    ("broken", "problem"),
    [
        ("1.1,What?,That.,This.,,,", "mohler.csv, line 3: it has no score"),
        ("1.1,What?,That.,This.,5,4,good", "mohler.csv, line 3: its score “good” is not a number"),
        ("1.1,What?,That.,This.,5,x,4", "mohler.csv, line 3: its score by “other” “x” is not a number"),
        ("1.1,What?,That.,This.,5,4,7", "mohler.csv, line 3: its score 7 is over the highest there can be, 5"),
        ("1.1,What?,That.,This.,8,2,5", "mohler.csv, line 3: its score by “me” 8 is over the highest there can be, 5"),
        ("1.1,What?,That., ,5,4,4.5", "mohler.csv, line 3: it has no answer"),
        ("1.1,What?,,This.,5,4,4.5", "mohler.csv, line 3: it has no reference answer"),
        ("1.1,,That.,This.,5,4,4.5", "mohler.csv, line 3: it has no question"),
        ("1.1,What?,That.,5,4,4.5", "mohler.csv, line 3: it has 6 cells, and the header 7"),
        (
            '1.1,What?,That.,"This" and that.,5,4,4.5',
            "mohler.csv, lines 3 to 3: the quotation marks or separators are not those of a table",
        ),
    ],
)
def test_a_line_that_cannot_be_used_is_named_and_the_rest_kept(put, broken: str, problem: str):
    found = convert(put(HEADER, FIRST, broken, "", FIRST))
    assert len(found.problems) == 1
    assert found.problems[0].startswith(problem)
    assert [row["score"] for row in found.rows] == [4.5, 4.5]


def test_an_open_quotation_mark_names_all_lines_it_swallowed(put):
    found = convert(put(HEADER, FIRST, '1.1,What?,That.,"This,5,4,4.5', FIRST.replace('"', ""), "1.1,What?,That.,This.,5,4,4.5"))
    assert len(found.rows) == 1
    assert found.problems[0].startswith("mohler.csv, lines 3 to 5: ")


@pytest.mark.parametrize(
    ("lines", "encoding", "told"),
    [
        (
            (HEADER.replace("student_answer", "text"), FIRST),
            "utf-8",
            "no column for answer (student_answer or provided_answer or answer or",
        ),
        (("id,question,desired_answer,student_answer", "1.1,What?,That.,This."), "utf-8", "no column for score (score_avg or"),
        ((FIRST, FIRST), "utf-8", "no column for question"),
        ((HEADER, FIRST.replace("stack", "café")), "latin-1", "it is not UTF-8 text (byte "),
        ((HEADER, FIRST), "utf-16", "it is not UTF-8 text (byte 1)"),
        (("",), "utf-8", "no column for question"),
        ((HEADER,), "utf-8", "none with an answer in it"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused(put, lines: tuple[str, ...], encoding: str, told: str):
    with pytest.raises(DataError) as error:
        convert(put(*lines, encoding=encoding))
    assert told in str(error.value)
    assert "Nothing was converted" in str(error.value)
