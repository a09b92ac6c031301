"""The reply a model must give: what is refused, and the words it is told then."""

from __future__ import annotations

import json
from typing import Any

import pytest

from interviewer.domain.grade import Verdict
from interviewer.grading.verdicts import UnusableReply, advice_for, read, reply_schema
from tests.grading.scripted import LORA

IDS = [p.id for p in LORA.points]
WRONG = [m.id for m in LORA.misconceptions]


def content() -> dict[str, Any]:
    return {
        "points": [{"point": i, "quote": "", "reasoning": "Not said.", "verdict": "not_met"} for i in IDS],
        "misconceptions": [{"misconception": "shrinks", "quote": "", "reasoning": "Not said.", "asserted": False}],
        "wrong": [],
        "unsure": [],
        "attempts": [],
        "advice": "",
    }


def problem(text: str) -> str:
    with pytest.raises(UnusableReply) as caught:
        read(text, points=IDS, misconceptions=WRONG)
    return str(caught.value)


def broken(**changes: Any) -> str:
    return problem(json.dumps(content() | changes))


def broken_point(**changes: Any) -> str:
    first, *rest = content()["points"]
    return broken(points=[first | changes, *rest])


def test_a_right_reply_is_read() -> None:
    reply = read(json.dumps(content()), points=IDS, misconceptions=WRONG)
    assert [p.point for p in reply.points] == IDS


@pytest.mark.parametrize("text", ["", "Sorry!", '{"points": [', "[]", "null", "```json\n{}\n```", json.dumps(content()) + " Done."])
def test_what_is_not_one_json_object_is_refused(text: str) -> None:
    assert problem(text).startswith("the whole reply: ") or "points: " in problem(text)


@pytest.mark.parametrize("key", ["points", "misconceptions", "wrong", "unsure", "attempts", "advice"])
def test_a_missing_key_is_named(key: str) -> None:
    reply = content()
    del reply[key]
    assert problem(json.dumps(reply)) == f"{key}: Field required"


def test_an_extra_key_is_named() -> None:
    assert broken(score=100).startswith("score: Extra inputs")
    assert broken_point(score=100).startswith("points.0.score: Extra inputs")


def test_a_verdict_that_is_not_on_offer_is_named() -> None:
    assert broken_point(verdict="mostly_met").startswith("points.0.verdict: Input should be 'met'")


def test_an_unknown_id_is_named() -> None:
    assert broken_point(point="invented") == "point ids unknown: invented"


def test_a_missing_id_is_named() -> None:
    assert broken(points=content()["points"][1:]) == "point ids missing: frozen"


def test_an_id_given_twice_is_named() -> None:
    assert broken(points=[*content()["points"], content()["points"][0]]) == "point ids given twice: frozen"


def test_the_misconceptions_ids_are_checked_too() -> None:
    item = content()["misconceptions"][0]
    assert broken(misconceptions=[]) == "misconception ids missing: shrinks"
    assert broken(misconceptions=[item, item]) == "misconception ids given twice: shrinks"
    assert broken(misconceptions=[item, item | {"misconception": "other"}]) == "misconception ids unknown: other"


def test_the_ids_wanted_are_the_ones_asked_for_not_the_question_s() -> None:
    few = content() | {"points": content()["points"][:2], "misconceptions": []}
    assert [p.point for p in read(json.dumps(few), points=IDS[:2], misconceptions=[]).points] == IDS[:2]
    with pytest.raises(UnusableReply, match="point ids unknown: optimizer, swapping"):
        read(json.dumps(content() | {"misconceptions": []}), points=IDS[:2], misconceptions=[])


def test_many_unknown_ids_are_told_shortened() -> None:
    items = [{"point": f"made-up-{number}", "quote": "", "reasoning": "", "verdict": "met"} for number in range(1000)]
    assert len(broken(points=[*content()["points"], *items])) < 400


@pytest.mark.parametrize("where", ["wrong", "unsure", "attempts"])
def test_a_passage_needs_quote_and_note_and_nothing_else(where: str) -> None:
    assert broken(**{where: [{"quote": "x"}]}) == f"{where}.0.note: Field required"
    assert broken(**{where: [{"quote": "x", "note": "y", "by": "code"}]}).startswith(f"{where}.0.by: Extra inputs")


@pytest.mark.parametrize("asserted", ["true", 1, None])
def test_whether_a_misconception_is_asserted_is_true_or_false(asserted: object) -> None:
    item = content()["misconceptions"][0] | {"asserted": asserted}
    assert broken(misconceptions=[item]).startswith("misconceptions.0.asserted: Input should be a valid boolean")


def test_the_schema_is_strict_at_every_level() -> None:
    schema = reply_schema()
    definitions = schema["$defs"]
    assert isinstance(definitions, dict)
    for part in (schema, *definitions.values()):
        assert part["additionalProperties"] is False
        assert set(part["required"]) == set(part["properties"])


def test_the_schema_has_quote_and_reasoning_before_the_verdict() -> None:
    definitions = reply_schema()["$defs"]
    assert isinstance(definitions, dict)
    assert list(definitions["PointReply"]["properties"]) == ["point", "quote", "reasoning", "verdict"]


def test_advice_corrects_what_is_contradicted_first() -> None:
    verdicts = {"frozen": Verdict.NOT_MET, "low-rank": Verdict.MET, "optimizer": Verdict.CONTRADICTED}
    assert advice_for(LORA, verdicts) == f"Correct this first: {LORA.points[2].claim}"


def test_advice_adds_the_heaviest_missed_point() -> None:
    verdicts = {"frozen": Verdict.MET, "low-rank": Verdict.NOT_MET, "optimizer": Verdict.NOT_MET}
    assert advice_for(LORA, verdicts).endswith(f": {LORA.points[1].claim}")


def test_advice_prefers_the_heavier_point_whatever_the_order() -> None:
    light_first = LORA.model_copy(update={"points": tuple(reversed(LORA.points))})
    assert advice_for(light_first, dict.fromkeys(IDS, Verdict.NOT_MET)).endswith((LORA.points[0].claim, LORA.points[1].claim))


def test_a_bonus_point_is_no_advice() -> None:
    assert advice_for(LORA, dict.fromkeys(IDS, Verdict.MET) | {"swapping": Verdict.NOT_MET}) == ""


def test_a_full_answer_needs_no_advice() -> None:
    assert advice_for(LORA, dict.fromkeys(IDS, Verdict.MET)) == ""
