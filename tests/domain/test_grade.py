"""Stored grades: those of the first version are still read, and what a grade cost is the sum of who was asked."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from interviewer.domain.grade import Attempt, Evidence, Grade, Outcome, Provenance, SecondVerdict, Ungraded, Verdict
from tests import samples
from tests.fakes import START, provenance

QUESTION = samples.question()
OUTCOMES: TypeAdapter[Grade | Ungraded] = TypeAdapter(Outcome)
SOURCE_1: dict[str, Any] = {
    "grader": "llm",
    "question_id": "sample",
    "question_sha256": "ab" * 32,
    "policy": "policy-1",
    "graded_at": "2026-11-20T09:00:00Z",
    "model": "m-1",
    "endpoint": "api.example.org",
    "prompt_id": "grade",
    "prompt_sha256": "df" * 32,
    "parameters": {"temperature": 0.0, "tokens: rules": 900},
    "point_order": ["b", "a"],
    "latency_ms": 1200,
    "calls": 1,
    "usage": {"prompt": 1500, "completion": 300, "cached": None},
    "raw_reply": "{}",
    "dropped": {},
}
"""A provenance as the first version wrote it."""
GRADE_1: dict[str, Any] = {
    "outcome": "grade",
    "score": 61.5,
    "band": "solid",
    "points": [
        {
            "point": "a",
            "verdict": "met",
            "reasoning": "Said.",
            "evidence": {"start": 0, "end": 4, "text": "Said", "repaired": False},
            "flags": [],
        },
        {"point": "b", "verdict": "not_met", "reasoning": "", "evidence": None, "flags": []},
    ],
    "misconceptions": [],
    "wrong": [],
    "unsure": [],
    "advice": "Say b.",
    "gate": "",
    "estimate": False,
    "notes": [],
    "provenance": SOURCE_1,
}


def test_a_provenance_of_the_first_version_is_read() -> None:
    found = Provenance.model_validate(SOURCE_1)
    assert found.prompts == {"grade": "df" * 32}
    assert (found.model, found.point_order, found.calls) == ("m-1", ("b", "a"), 1)
    assert (found.cost, found.canary, found.second, found.form, found.parts) == (None, None, None, "", 1)


def test_a_provenance_of_the_first_version_without_a_model_names_no_prompt() -> None:
    gate = SOURCE_1 | {"grader": "gate", "prompt_id": "", "prompt_sha256": ""}
    assert Provenance.model_validate(gate).prompts == {}


def test_reading_changes_nothing_of_what_was_stored() -> None:
    stored = dict(SOURCE_1)
    Provenance.model_validate(stored)
    assert stored == SOURCE_1
    assert "prompt_id" in stored


def test_a_grade_of_the_first_version_is_read_and_written_as_one_of_today() -> None:
    found = OUTCOMES.validate_python(GRADE_1)
    assert isinstance(found, Grade)
    assert (found.score, found.attempts, found.figure, found.points[0].second) == (61.5, (), None, None)
    assert OUTCOMES.validate_json(found.model_dump_json()) == found
    assert "prompt_id" not in found.model_dump_json()


def test_a_failure_of_the_first_version_is_read() -> None:
    found = OUTCOMES.validate_python({"outcome": "ungraded", "reason": "timeout", "sentence": "Too late.", "provenance": SOURCE_1})
    assert isinstance(found, Ungraded)
    assert found.provenance.prompts == {"grade": "df" * 32}


@pytest.mark.parametrize("changes", [{"prompt": "grade"}, {"prompt_sha256": "df" * 32, "prompt_id": "grade", "score": 3}])
def test_any_other_unknown_key_is_refused(changes: dict[str, object]) -> None:
    stored = {name: value for name, value in SOURCE_1.items() if not name.startswith("prompt")}
    with pytest.raises(ValidationError, match="Extra inputs"):
        Provenance.model_validate(stored | changes)


def test_everything_new_survives_being_stored() -> None:
    second = provenance(QUESTION).model_copy(update={"calls": 1, "cost": 0.02, "canary": True})
    source = provenance(QUESTION).model_copy(
        update={"prompts": {"grade@2": "ab"}, "form": "tool", "parts": 3, "canary": False, "second": second}
    )
    opinion = SecondVerdict(verdict=Verdict.NOT_MET, reasoning="No.", model="m-2")
    given = samples.grade(QUESTION, provenance=source)
    given = given.model_copy(
        update={
            "points": (given.points[0].model_copy(update={"second": opinion}), *given.points[1:]),
            "attempts": (Attempt(evidence=Evidence(start=0, end=2, text="Hi"), by="code", note="Talks."),),
        }
    )
    assert OUTCOMES.validate_json(given.model_dump_json()) == given


# costs


def asked(cost: float | None, *, calls: int = 1, second: Provenance | None = None) -> Provenance:
    return provenance(QUESTION, START).model_copy(update={"calls": calls, "cost": cost, "second": second})


@pytest.mark.parametrize(
    ("source", "costs"),
    [
        (asked(None, calls=0), ()),
        (asked(0.0), (0.0,)),
        (asked(None), (None,)),
        (asked(0.01, calls=3), (0.01,)),
        (asked(0.01, second=asked(0.02)), (0.01, 0.02)),
        (asked(None, second=asked(0.02)), (None, 0.02)),
        (asked(0.01, second=asked(None, calls=0)), (0.01,)),
    ],
    ids=["nobody asked", "free", "unknown", "three calls", "two models", "one unknown", "second not asked"],
)
def test_costs_are_of_each_model_that_was_asked(source: Provenance, costs: tuple[float | None, ...]) -> None:
    assert source.costs == costs
