"""Points for questions that come without: by code, by a model, and the file they are kept in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from interviewer.calibration.data.points import MOST, ByCode, ByModel, Kept, PointsFile, derive_all
from interviewer.calibration.data.rows import Row
from interviewer.domain.errors import DataError, ModelError
from interviewer.llm.openai_client import OpenAIChat
from interviewer.prompts import PromptFolder
from interviewer.settings import ROOT
from tests.calibration.rows import REFERENCE, open_row
from tests.openai_server import OpenAIServer, says

CLAIMS = ["A cache keeps results of earlier requests.", "Repeated reads get fast.", "It can serve stale data."]


def row(**changes: object) -> Row:
    return Row.model_validate(open_row(**changes))


def claims(reference: str) -> list[str]:
    return [p.claim for p in ByCode()("What is it?", reference)]


def test_by_code_a_point_is_a_sentence_or_a_clause() -> None:
    assert claims(REFERENCE) == [
        "A cache keeps results of earlier requests near the reader.",
        "It makes repeated reads fast,",
        "but it can serve stale data.",
    ]
    assert claims("It keeps earlier results close, and it makes every repeated read very fast; stale data can be served instead.") == [
        "It keeps earlier results close,",
        "and it makes every repeated read very fast;",
        "stale data can be served instead.",
    ]


@pytest.mark.parametrize("reference", ["Salt.", "water evaporates", "p", "…", "Yes. No."])
def test_by_code_every_reference_has_a_point(reference: str) -> None:
    assert claims(reference) == [reference]


def test_by_code_list_marks_are_no_part_of_a_point() -> None:
    rows = [
        "1. The table maps stations.",
        "2) Empty tables flood every line.",
        "- Frames carry source addresses.",
        "3.5 seconds pass before expiry.",
    ]
    listed = "\n".join(rows)
    assert [claim.split()[0] for claim in claims(listed)] == ["The", "Empty", "Frames", "3.5"]


def test_by_code_there_are_not_too_many() -> None:
    long = " ".join(f"The number {n} belongs to station {n} of line {n}." for n in range(40))
    assert len(claims(long)) == MOST
    assert " ".join(claims(long)) == long


def model(server: OpenAIServer) -> ByModel:
    chat = OpenAIChat(model="m", base_url=server.url, endpoint="here", api_key="", timeout=10, temperature=0, retries=0, form="json_object")
    return ByModel(chat, PromptFolder(ROOT / "prompts").get("derive-points"))


def reply(points: object) -> str:
    return json.dumps({"points": points})


def test_a_model_takes_the_reference_apart(openai_server: OpenAIServer) -> None:
    openai_server.otherwise = says(reply(CLAIMS))
    assert [p.claim for p in model(openai_server)("What is a cache?", REFERENCE)] == CLAIMS
    sent = openai_server.requests[0]["messages"]
    assert json.loads(sent[1]["content"]) == {"question": "What is a cache?", "reference_answer": REFERENCE}
    assert f"One to {MOST} points" in sent[0]["content"]


@pytest.mark.parametrize(
    "bad",
    ["no JSON", reply([]), reply([1]), reply(["x"] * 13), reply(["Elephants dance."]), '{"points": ["a cache"], "more": 1}', reply([" "])],
)
def test_a_reply_that_cannot_be_used_is_told_and_asked_again(openai_server: OpenAIServer, bad: str) -> None:
    openai_server.script = [says(bad), says(reply(CLAIMS))]
    assert len(model(openai_server)("What is a cache?", REFERENCE)) == 3
    assert "could not be used" in openai_server.requests[1]["messages"][-1]["content"]


def test_after_three_tries_it_is_given_up(openai_server: OpenAIServer) -> None:
    openai_server.otherwise = says(reply(["Elephants dance."]))
    with pytest.raises(ModelError, match="is not in the reference answer"):
        model(openai_server)("What is a cache?", REFERENCE)
    assert len(openai_server.requests) == 3


def derived(path: Path, rows: list[Row]) -> list[Kept]:
    new: list[Kept] = []
    derive_all(rows, PointsFile(path), ByCode(), workers=4, told=new.append)
    return new


def test_each_question_is_taken_apart_once_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "points.jsonl"
    rows = [row(), row(answer="Another answer."), row(question="Another question?"), row(points=[{"claim": "given"}])]
    assert {k.question for k in derived(path, rows)} == {"What is a cache?", "Another question?"}
    assert derived(path, rows) == []
    assert len(path.read_text("utf-8").splitlines()) == 2


def test_what_is_edited_by_hand_is_used(tmp_path: Path) -> None:
    path = tmp_path / "points.jsonl"
    derived(path, [row()])
    line = json.loads(path.read_text("utf-8"))
    line["points"][0]["claim"] = "A cache keeps results of yesterday."
    path.write_text(json.dumps(line) + "\n", "utf-8")
    found = PointsFile(path).find(row())
    assert found is not None
    assert found.points[0].claim == "A cache keeps results of yesterday."


def test_other_full_answers_are_wordings_of_a_single_point(tmp_path: Path) -> None:
    path = tmp_path / "points.jsonl"
    derived(path, [row(reference_answer="It is evaporated.", reference_answers_all=["It is evaporated.", "The water boils off."])])
    assert json.loads(path.read_text("utf-8"))["points"][0]["accept"] == ["The water boils off."]


def test_a_torn_last_line_is_told_and_kept_for_it_may_be_somebodys_edit(tmp_path: Path) -> None:
    path = tmp_path / "points.jsonl"
    derived(path, [row(), row(question="Another question?")])
    path.write_text(path.read_text("utf-8")[:-40], "utf-8")
    before = path.read_bytes()
    with pytest.raises(DataError, match=r"line 2 is no line of points\. Mend or remove it"):
        PointsFile(path)
    assert path.read_bytes() == before


def test_a_last_line_that_lacks_its_end_only_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "points.jsonl"
    derived(path, [row()])
    path.write_text(path.read_text("utf-8").rstrip("\n"), "utf-8")
    assert len(derived(path, [row(), row(question="Another question?")])) == 1
    assert len(path.read_text("utf-8").splitlines()) == 2


def test_a_line_that_is_none_is_told_and_nothing_is_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "points.jsonl"
    path.write_text("my notes\n", "utf-8")
    with pytest.raises(DataError, match="line 1 is no line of points"):
        PointsFile(path)
    assert path.read_text("utf-8") == "my notes\n"


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(DataError, match="could not be written"):
        derived(tmp_path / "file" / "points.jsonl", [row()])
