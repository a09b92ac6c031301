"""The reply a grading model must give, and the strict reading of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from interviewer.domain.grade import Verdict
from interviewer.domain.question import Question


class Reply(BaseModel):
    """Parts of a reply: every key must be there, no other may."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class PointReply(Reply):
    """Quote and reasoning come before the verdict: the model looks before it decides."""

    point: str
    quote: str
    reasoning: str
    verdict: Literal["met", "not_met", "contradicted", "cannot_assess"]


class MisconceptionReply(Reply):
    """Whether a listed misconception is asserted."""

    misconception: str
    quote: str
    reasoning: str
    asserted: bool


class NoteReply(Reply):
    """A passage with a note: what is wrong with it, why it is unsure, or what it tries with the grader."""

    quote: str
    note: str


class GradingReply(Reply):
    """The whole reply."""

    points: list[PointReply]
    misconceptions: list[MisconceptionReply]
    wrong: list[NoteReply]
    unsure: list[NoteReply]
    attempts: list[NoteReply]
    advice: str


class UnusableReply(Exception):
    """The reply breaks the schema; the message is told to the model on the next try."""


def read(text: str, *, points: Iterable[str], misconceptions: Iterable[str]) -> GradingReply:
    """Parse strictly: no unknown, missing or doubled ids, no extra keys, no verdict that is not on offer."""
    _no_key_twice(text)
    try:
        reply = GradingReply.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the whole reply"
        raise UnusableReply(f"{where}: {first['msg']}") from None
    _same_ids("point", [p.point for p in reply.points], list(points))
    _same_ids("misconception", [m.misconception for m in reply.misconceptions], list(misconceptions))
    return reply


def _no_key_twice(text: str) -> None:
    """JSON readers take the last of two equal keys; a verdict must not depend on that."""

    def pairs(items: list[tuple[str, object]]) -> dict[str, object]:
        names = [name for name, _ in items]
        if len(set(names)) != len(names):
            raise UnusableReply("a key stands twice in one object")
        return dict(items)

    with suppress(ValueError, RecursionError):  # what is no JSON at all is told by the reader below
        json.loads(text, object_pairs_hook=pairs)


def _same_ids(what: str, given: list[str], wanted: list[str]) -> None:
    for problem, ids in (
        ("unknown", [i for i in given if i not in wanted]),
        ("missing", [i for i in wanted if i not in given]),
        ("given twice", [i for i in wanted if given.count(i) > 1]),
    ):
        if ids:
            raise UnusableReply(f"{what} ids {problem}: {', '.join(sorted(set(ids)))[:300]}")


@cache
def reply_schema() -> dict[str, object]:
    """JSON schema of the reply, strict: all keys required, no others."""
    return GradingReply.model_json_schema()


def advice_for(question: Question, verdicts: Mapping[str, Verdict]) -> str:
    """The one change worth most, by code: correct the heaviest contradicted point, else add the heaviest missed one."""
    ranked = sorted(question.required, key=lambda p: -p.weight)
    for verdict, opening in ((Verdict.CONTRADICTED, "Correct this first"), (Verdict.NOT_MET, "Add this")):
        for point in ranked:
            if verdicts.get(point.id) is verdict:
                return f"{opening}: {point.claim}"
    return ""
