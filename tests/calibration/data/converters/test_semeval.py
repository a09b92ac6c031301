from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from interviewer.calibration.data.converters.semeval import convert

ONE = (("", "The water was evaporated."),)
SEVERAL = (("MINIMAL", "Not connected."), ("BEST", "Separated by the gap."), ("BEST", "A gap."))


def document(*answers: tuple[str, str, str], references: tuple[tuple[str, str], ...] = ONE, id_: str = "EM_45b") -> str:
    """`answers`: id, label and text."""
    told = "".join(
        f'<referenceAnswer id="r"{f" category={category!r}" if category else ""}>{text}</referenceAnswer>' for category, text in references
    )
    said = "".join(
        f'<studentAnswer count="1" id="{id_}" accuracy="{label}">{escape(text)}</studentAnswer>\n' for id_, label, text in answers
    )
    return (
        f'<question qtype="Q" id="{id_}" module="EM" stype="EVALUATE">\n<questionText>How did you\nseparate  them?</questionText>\n'
        f"<referenceAnswers>{told}</referenceAnswers>\n<studentAnswers>\n{said}</studentAnswers>\n</question>"
    )


def labelled(label: str) -> str:
    return document(("EM.45b.1", label, "By <heat>."))


@pytest.fixture
def put(tmp_path: Path):
    def write(name: str, content: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8")
        return tmp_path

    return write


def test_a_row_has_the_fields_of_the_set(put):
    (row,) = convert(put("training/3way/sciEntsBank/EM-inv1-45b.xml", labelled("contradictory"))).rows
    assert row == {
        "dataset": "scientsbank",
        "answer_id": "EM.45b.1",
        "question_id": "EM_45b",
        "module": "EM",
        "question": "How did you separate  them?",
        "reference_answer": "The water was evaporated.",
        "answer": "By <heat>.",
        "score": 0.0,
        "max_score": 1.0,
        "label": "contradictory",
        "split": "train",
        "label_2way": "incorrect",
        "label_3way": "contradictory",
    }


def test_labels_of_all_kinds_are_joined_by_answer(put):
    put("semeval-3way/test/2way/beetle/test-unseen-answers/q.xml", labelled("incorrect"))
    put("semeval-3way/test/3way/beetle/test-unseen-answers/q.xml", labelled("contradictory"))
    found = convert(put("semeval-5way/beetle/test-unseen-answers/Core/q.xml", labelled("contradictory")))
    (row,) = found.rows
    assert found.problems == ()
    assert (row["dataset"], row["split"], row["label"]) == ("beetle", "test-unseen-answers", "contradictory")
    assert [row[f"label_{kind}"] for kind in ("2way", "3way", "5way")] == ["incorrect", "contradictory", "contradictory"]


@pytest.mark.parametrize(
    ("kind", "label", "score", "known"),
    [
        ("5way", "partially_correct_incomplete", 0.0, ("incorrect", "incorrect", "partially_correct_incomplete")),
        ("5way", "Partially-Correct-Incomplete", 0.0, ("incorrect", "incorrect", "partially_correct_incomplete")),
        ("5way", "contradictory", 0.0, ("incorrect", "contradictory", "contradictory")),
        ("5way", "correct", 1.0, ("correct", "correct", "correct")),
        ("3way", "correct", 1.0, ("correct", "correct", None)),
        ("2way", "incorrect", 0.0, ("incorrect", None, None)),
    ],
)
def test_coarser_labels_follow_from_finer_ones(put, kind: str, label: str, score: float, known: tuple[str | None, ...]):
    (row,) = convert(put(f"{kind}/beetle/train/q.xml", labelled(label))).rows
    assert tuple(row.get(f"label_{each}") for each in ("2way", "3way", "5way")) == known
    assert (row["score"], row["label"]) == (score, known[1] or known[0])


@pytest.mark.parametrize(
    ("labels", "known"),
    [
        (("correct", "incorrect"), {"label_2way"}),
        (("correct", "contradictory", "incorrect"), {"label_2way", "label_3way"}),
        (("correct", "irrelevant"), {"label_2way", "label_3way", "label_5way"}),
    ],
)
def test_where_no_folder_tells_the_kind_the_labels_do(put, labels: tuple[str, ...], known: set[str]):
    source = put("mine/q.xml", document(*((str(place), label, "Said.") for place, label in enumerate(labels))))
    rows = convert(source).rows
    assert len(rows) == len(labels)
    assert {name for name in rows[0] if name.startswith("label_")} == known
    assert rows[0]["dataset"] == "semeval"
    assert "split" not in rows[0]


def test_the_first_best_reference_is_the_reference(put):
    source = put("3way/beetle/train/q.xml", document(("1", "correct", "A gap."), references=SEVERAL))
    (row,) = convert(source).rows
    assert row["reference_answer"] == "Separated by the gap."
    assert row["reference_answers_all"] == ["Not connected.", "Separated by the gap.", "A gap."]
    assert row["reference_categories"] == ["MINIMAL", "BEST", "BEST"]


def test_one_reference_with_a_category_has_no_list_of_texts(put):
    source = put("3way/beetle/train/q.xml", document(("1", "correct", "A gap."), references=(("GOOD", "A gap."),)))
    (row,) = convert(source).rows
    assert (row["reference_answer"], row["reference_categories"], "reference_answers_all" in row) == ("A gap.", ["GOOD"], False)


def test_what_repeats_the_answers_is_passed_over(put):
    put("semeval-5way/beetle/train/Extra/q.xml", labelled("irrelevant"))
    put("semeval-5way/beetle/reliability/q.xml", labelled("non_domain"))
    found = convert(put("semeval-5way/beetle/train/Core/q.xml", labelled("correct")))
    assert found.problems == ()
    assert [row["label_5way"] for row in found.rows] == ["correct"]


@pytest.mark.parametrize(
    ("broken", "problem"),
    [
        (("2", "", "Said."), "3way/q.xml, line 7: it has no label"),
        (("2", "unknown", "Said."), "3way/q.xml, line 7: “unknown” is none of the 3way labels"),
        (("2", "irrelevant", "Said."), "3way/q.xml, line 7: “irrelevant” is none of the 3way labels"),
        (("2", "correct", " "), "3way/q.xml, line 7: it has no answer"),
        (("", "correct", "Said."), "3way/q.xml, line 7: it has no id"),
        (("1", "incorrect", "Said."), "3way/q.xml, line 7: 1 has a label already: 3way/q.xml, line 6"),
    ],
)
def test_an_answer_that_cannot_be_used_is_named_and_the_rest_kept(put, broken: tuple[str, str, str], problem: str):
    found = convert(put("3way/q.xml", document(("1", "correct", "A."), broken, ("3", "incorrect", "B."))))
    assert found.problems == (problem,)
    assert [(row["answer_id"], row["score"]) for row in found.rows] == [("1", 1.0), ("3", 0.0)]


def test_labels_that_contradict_each_other_are_named_and_left_out(put):
    put("2way/q.xml", document(("1", "correct", "A."), ("2", "correct", "B.")))
    found = convert(put("3way/q.xml", document(("1", "incorrect", "A."), ("2", "correct", "B."))))
    assert found.problems == (
        "2way/q.xml, line 6: it is correct and not correct: “correct” of the 2way labels, “incorrect” of the 3way labels",
    )
    assert [row["answer_id"] for row in found.rows] == ["2"]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (labelled("correct")[:-5], "3way/bad.xml: line 8: it is not well-formed XML"),
        ("<!DOCTYPE question>" + labelled("correct"), "3way/bad.xml: it has a DOCTYPE"),
        (document(("1", "correct", "A."), references=(("BEST", " "),)), "3way/bad.xml: it has no reference answer"),
        ("<other/>", "3way/bad.xml: it holds a <other>"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_and_the_rest_kept(put, content: str, problem: str):
    put("3way/bad.xml", content)
    found = convert(put("3way/good.xml", labelled("correct")))
    assert len(found.problems) == 1
    assert found.problems[0].startswith(problem)
    assert [row["answer_id"] for row in found.rows] == ["EM.45b.1"]
