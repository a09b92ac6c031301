from __future__ import annotations

import json
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from interviewer.calibration.data.converters.saf import convert
from interviewer.calibration.data.rows import read
from interviewer.domain.errors import DataError

QUESTION = "Name the two phases of\n  congestion control."
REFERENCE = "Slow start.\nCongestion avoidance, cwnd >= ss_thresh."


def answer(text: str = "Slow start & avoidance.", score: str = "1", *, id_: str = "1.6.1", label: str = "Correct") -> str:
    named = f' id="{id_}"' if id_ else ""
    return (
        f"<studentAnswer{named}>\n\t <response>{escape(text)}\n\t </response>\n<response_feedback>Well done. </response_feedback>"
        f"<score>{score}</score>\n<verification_feedback>{label}</verification_feedback></studentAnswer>\n"
    )


def document(*answers: str, question: str = QUESTION, references: tuple[str, ...] = (REFERENCE,), attributes: str = 'id="1.6"') -> str:
    told = "".join(f"<referenceAnswer>\n{escape(text)}\n</referenceAnswer>" for text in references)
    return (
        f"<?xml version='1.0' encoding='utf-8'?>\n<question {attributes}>\n<questionText>{question}</questionText>\n"
        f"<referenceAnswers>{told}</referenceAnswers>\n<studentAnswers>\n{''.join(answers)}</studentAnswers>\n</question>"
    )


@pytest.fixture
def put(tmp_path: Path):
    def write(name: str, content: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8")
        return tmp_path

    return write


def test_a_row_has_the_fields_of_the_set(put):
    source = put("training/english/1.6.xml", document(answer()))
    (row,) = convert(source).rows
    assert row == {
        "dataset": "saf_en",
        "answer_id": "1.6:1.6.1",
        "question_id": "1.6",
        "question": "Name the two phases of congestion control.",
        "reference_answer": REFERENCE,
        "answer": "Slow start & avoidance.",
        "score": 1.0,
        "max_score": 1.0,
        "label": "Correct",
        "feedback": "Well done.",
        "split": "training",
    }
    assert list(row)[:3] == ["dataset", "answer_id", "question_id"]


def test_the_highest_score_of_a_question_is_taken_over_all_splits(put):
    put("training/english/1.6.xml", document(answer(score="0.5")))
    put("unseen_answers/english/1.6.xml", document(answer(score="2.5", id_="1.6.9")))
    source = put("unseen_questions/english/1.2.xml", document(answer(score="2")))
    rows = convert(source).rows
    assert [(row["split"], row["score"], row["max_score"]) for row in rows] == [
        ("training", 0.5, 2.5),
        ("unseen_answers", 2.5, 2.5),
        ("unseen_questions", 2.0, 2.0),
    ]


def test_languages_and_answers_without_ids_are_told_apart(put):
    put("data/training/1.xml", document(answer()))
    source = put("data/training/german/1.xml", document(answer(score="0.5", id_=""), answer(id_="")))
    rows = convert(source).rows
    assert [(row["dataset"], row["answer_id"], row["max_score"]) for row in rows] == [
        ("saf_en", "1:1.6.1", 1.0),
        ("saf_de", "1:training.1", 1.0),
        ("saf_de", "1:training.2", 1.0),
    ]


def test_the_file_names_the_question_whatever_id_it_bears(put):
    put("training/2.1_DLL.xml", document(answer(), attributes='id="2.1" module="DLL"'))
    source = put("training/4.2_LM.xml", document(answer(), attributes='id="2.1" module="LM"'))
    assert [(row["question_id"], row["module"]) for row in convert(source).rows] == [("2.1_DLL", "DLL"), ("4.2_LM", "LM")]


def test_all_references_are_kept_where_there_are_several(put):
    source = put("1.6.xml", document(answer(), references=("One.", " ", "Two.")))
    (row,) = convert(source).rows
    assert (row["reference_answer"], row["reference_answers_all"]) == ("One.", ["One.", "Two."])
    assert "split" not in row


@pytest.mark.parametrize(
    ("broken", "problem"),
    [
        (answer(score=""), "training/1.6.xml, line 15: it has no score"),
        (answer(score="full"), "training/1.6.xml, line 15: its score “full” is not a number"),
        (answer(score="-0.5"), "training/1.6.xml, line 15: its score -0.5 is not a number from 0 up"),
        (answer(text=" "), "training/1.6.xml, line 15: it has no answer"),
        ("<studentAnswer/>", "training/1.6.xml, line 15: it has no answer"),
    ],
)
def test_an_answer_that_cannot_be_used_is_named_and_the_rest_kept(put, broken: str, problem: str):
    found = convert(put("training/1.6.xml", document(answer(), broken, answer(id_="1.6.3"))))
    assert found.problems == (problem,)
    assert [row["answer_id"] for row in found.rows] == ["1.6:1.6.1", "1.6:1.6.3"]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (document(answer()).replace("</studentAnswers>", ""), "it is not well-formed XML (mismatched tag)"),
        ("<!DOCTYPE question [<!ENTITY a 'aaaa'>]>" + document(answer()).partition("\n")[2], "bad.xml: it has a DOCTYPE"),
        (document(answer(), question=" "), "bad.xml: it has no question"),
        (document(answer(), references=()), "bad.xml: it has no reference answer"),
        (document(answer(score="0"), answer(score="0")), "question bad: no score is above 0, so its scale is unknown; answers left out: 2"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_and_the_rest_kept(put, content: str, problem: str):
    put("training/bad.xml", content)
    found = convert(put("training/1.6.xml", document(answer())))
    assert problem in found.problems[0]
    assert [row["question_id"] for row in found.rows] == ["1.6"]


def test_the_rows_can_be_graded(put, tmp_path: Path):
    rows = convert(put("training/english/1.6.xml", document(answer(), answer(score="0.25")))).rows
    target = tmp_path / "rows.jsonl"
    target.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    found = read(target)
    assert found.problems == ()
    assert [numbered.row.score for numbered in found.rows] == [1.0, 0.25]


# the dataset pages' form


def line(**changes: object) -> dict[str, object]:
    return {
        "id": "a1",
        "question": "What is frame bursting?",
        "reference_answer": "Many frames in one transmission.",
        "provided_answer": "Frames sent together.",
        "answer_feedback": "Correct.",
        "verification_feedback": "Correct",
        "score": 1.0,
    } | changes


def test_lines_of_the_dataset_pages_become_the_same_rows(put):
    source = put("saf_english/test_unseen_answers.jsonl", "\n".join(json.dumps(line(id=id_)) for id_ in ("a1", "a2")) + "\n\n")
    first, second = convert(source).rows
    assert first == {
        "dataset": "saf_en",
        "answer_id": f"{first['question_id']}:a1",
        "question_id": second["question_id"],
        "question": "What is frame bursting?",
        "reference_answer": "Many frames in one transmission.",
        "answer": "Frames sent together.",
        "score": 1.0,
        "max_score": 1.0,
        "label": "Correct",
        "feedback": "Correct.",
        "split": "unseen_answers",
    }


def test_a_list_of_objects_is_read_too(put):
    content = json.dumps([line(error_class="x"), "no object", line(id="a3", score=0.5, answer_feedback=None)])
    found = convert(put("saf_micro_job_german/train.json", content))
    assert [(row["dataset"], row["score"], row["max_score"]) for row in found.rows] == [("saf_de", 1.0, 1.0), ("saf_de", 0.5, 1.0)]
    assert "feedback" not in found.rows[1]
    assert [problem.partition(": ")[0] for problem in found.problems] == ["saf_micro_job_german/train.json, object 2"]


@pytest.mark.parametrize(
    ("broken", "problem"),
    [
        ("{", "train.jsonl, line 2: it is not JSON"),
        (json.dumps(line(score="good")), "train.jsonl, line 2: score: Input should be a valid number"),
        (json.dumps(line(score=None)), "train.jsonl, line 2: score: "),
        (json.dumps(line(score=-1)), "train.jsonl, line 2: score: Input should be greater than or equal to 0"),
        ('{"score": NaN}', "train.jsonl, line 2: "),
        (json.dumps(line(provided_answer=" ")), "train.jsonl, line 2: provided_answer: "),
        (json.dumps(line(provided_answer="half \ud800")), "train.jsonl, line 2: it is not JSON"),
        ("[1]", "train.jsonl, line 2: Input should be a valid dictionary"),
    ],
)
def test_a_line_that_cannot_be_used_is_named_and_the_rest_kept(put, broken: str, problem: str):
    found = convert(put("train.jsonl", f"{json.dumps(line())}\n{broken}\n{json.dumps(line(id='a3'))}\n"))
    assert found.problems[0].startswith(problem)
    assert [str(row["answer_id"]).partition(":")[2] for row in found.rows] == ["a1", "a3"]


def test_a_broken_list_is_refused(put):
    with pytest.raises(DataError, match=r"train\.json: it is not JSON"):
        convert(put("train.json", '[{"id": 1},'))
