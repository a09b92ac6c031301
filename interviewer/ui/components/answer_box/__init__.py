"""The answer box with its clocks: one component, so that the text typed until the last moment arrives."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Literal

import streamlit as st
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from interviewer.domain.interview import Interview
from interviewer.domain.question import Kind
from interviewer.ports import Draft

HERE = Path(__file__).parent

_component = st.components.v2.component(
    "interviewer_answer_box",
    html=(HERE / "box.html").read_text("utf-8"),
    css=(HERE / "box.css").read_text("utf-8"),
    js=(HERE / "box.js").read_text("utf-8"),
)


class BoxEvent(BaseModel):
    """What the box reports. It comes from a browser, so it is checked like any input."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    kind: Literal["submit", "clock", "skip", "dont_know", "stale"]
    turn: int
    text: str = ""
    tab: str = ""
    base: int = -1
    again: bool = False
    id: str = Field(default="", max_length=100)


def show(interview: Interview, draft: Draft, now: datetime, *, on_event: Callable[[BoxEvent], None]) -> None:
    """Draw the box for the open turn; `on_event` gets what the candidate, or the clock, does."""
    turn = interview.turns[interview.current]
    key = f"box-{interview.id}-{interview.current}"
    timed = turn.deadline is not None

    def changed() -> None:
        try:
            event = BoxEvent.model_validate(dict((st.session_state.get(key) or {}).get("event") or {}))
        except ValidationError:
            return
        st.session_state[f"{key}-seen"] = event.id
        on_event(event)

    _component(
        key=key,
        on_event_change=changed,
        data={
            "interview": interview.id,
            "turn": interview.current,
            "text": draft.text,
            "revision": draft.revision,
            "tab": draft.tab,
            "seen": st.session_state.get(f"{key}-seen", ""),
            "code": turn.kind is Kind.CODING,
            "timed": timed,
            "remaining_ms": _ms(now, turn.deadline),
            "whole_ms": _ms(turn.shown_at, turn.deadline),
            "interview_ms": _ms(now, interview.ends_at),
        },
    )


def _ms(start: datetime | None, end: datetime | None) -> int | None:
    return None if start is None or end is None else max(0, round((end - start).total_seconds() * 1000))
