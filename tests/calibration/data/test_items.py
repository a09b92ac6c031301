"""From rows to answers that can be graded: questions, weights, people's scores on 0–100."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from interviewer.calibration.data.items import Human, Item, Items, of_rows
from interviewer.calibration.data.rows import GivenPoint, read
from interviewer.domain.grade import Verdict
from interviewer.domain.scoring import POLICY_1
from tests.calibration.rows import open_row, scored, write
from tests.samples import POINTS, question

BANK = {"sample": question("sample")}


def items(tmp_path: Path, *rows: dict[str, Any]) -> Items:
    return of_rows(read(write(tmp_path / "a.jsonl", list(rows))), BANK, lambda row: [GivenPoint(claim="derived")])


def one(tmp_path: Path, row: dict[str, Any]) -> Item:
    found = items(tmp_path, row)
    assert found.problems == ()
    return found.items[0]


def test_a_question_of_the_bank(tmp_path: Path) -> None:
    item = one(tmp_path, {"question_id": "sample", "answer": "x", "answer_id": 7, "split": "test", "kind": "mine"})
    assert item.question is BANK["sample"]
    assert (item.answer_id, item.human) == ("7", None)
    assert item.groups == {"kind": "concept", "difficulty": "foundation", "split": "test"}


def test_a_question_that_the_bank_has_not_is_told(tmp_path: Path) -> None:
    found = items(tmp_path, {"question_id": "sample", "answer": "x"}, {"question_id": "nope", "answer": "x"})
    assert len(found.items) == 1
    assert found.problems == (
        "a.jsonl, line 2: there is no question “nope” in the bank, and the row brings no `question` and `reference_answer`",
    )


def test_a_question_of_its_own_wins_over_an_id_that_the_bank_has_too(tmp_path: Path) -> None:
    item = one(tmp_path, open_row(question_id="sample"))
    assert item.question.question == "What is a cache?"
    assert item.question_id == "sample"


def test_given_points_keep_their_weights(tmp_path: Path) -> None:
    points = [{"claim": "a", "weight": 0.25}, {"claim": "b", "weight": 1, "id": "bee"}, {"claim": "c", "weight": 0.125}]
    asked = one(tmp_path, open_row(points=points)).question
    assert [(p.id, p.weight) for p in asked.points] == [("p1", 2), ("bee", 8), ("p3", 1)]
    assert asked.full_weight == 11
    assert POLICY_1.score(asked, {"bee": Verdict.MET}) == pytest.approx(100 * 8 / 11, abs=0.05)


def test_more_points_than_marks_are_alternatives(tmp_path: Path) -> None:
    points = [{"claim": c, "weight": 0.5} for c in "abcd"]
    asked = one(tmp_path, open_row(points=points, full_weight=1)).question
    assert POLICY_1.score(asked, {"p1": Verdict.MET}) == 50
    assert POLICY_1.score(asked, {"p1": Verdict.MET, "p3": Verdict.MET}) == 100
    assert POLICY_1.score(asked, {p.id: Verdict.MET for p in asked.points}) == 100


def test_two_points_of_one_id_are_told(tmp_path: Path) -> None:
    found = items(tmp_path, open_row(points=[{"claim": "a", "id": "x"}, {"claim": "b", "id": "x"}]))
    assert "point ids are not unique" in found.problems[0]


def test_a_reference_may_hold_what_looks_like_html(tmp_path: Path) -> None:
    reference = "Use vector<int> v; and include <vector>, if a<b or c>d."
    assert one(tmp_path, open_row(reference_answer=reference)).question.reference_answer == reference


def test_rows_of_one_question_share_it_and_other_points_make_another(tmp_path: Path) -> None:
    found = items(tmp_path, open_row("a"), open_row("b"), open_row("c", points=[{"claim": "other"}])).items
    assert found[0].question is found[1].question
    assert found[2].question.sha256 != found[0].question.sha256
    assert found[2].question.id != found[0].question.id


def test_scores_are_brought_to_a_hundred(tmp_path: Path) -> None:
    human = one(tmp_path, scored("x", 2, scores_by_annotator={"a": 1, "b": 4})).human
    assert human is not None
    assert (human.score, human.by_annotator) == (40, (20, 80))
    assert one(tmp_path, scored("x", 0.66, max_score=1.1)).human == Human(score=60)
    alone = one(tmp_path, open_row(max_score=5, scores_by_annotator={"a": 1, "b": 4})).human
    assert alone is not None
    assert alone.score == 50


def test_verdicts_alone_are_added_up_by_code(tmp_path: Path) -> None:
    first = dict.fromkeys(POINTS, "met")
    second = first | {POINTS[0]: "contradicted"}
    human = one(tmp_path, {"question_id": "sample", "answer": "x", "verdicts_by_annotator": {"a": first, "b": second}}).human
    assert human is not None
    assert human.by_annotator == (100, 50)
    assert human.score == 75
    assert human.verdicts[1][POINTS[0]] is Verdict.CONTRADICTED


def test_verdicts_on_other_points_are_told(tmp_path: Path) -> None:
    found = items(tmp_path, {"question_id": "sample", "answer": "x", "verdicts_by_annotator": {"a": {"nope": "met"}}})
    assert found.items == ()
    assert "the verdicts of “a” do not decide exactly the points" in found.problems[0]
