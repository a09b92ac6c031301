"""The interview: a chat, one question at a time, and the answer box with its clocks."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from interviewer.conversation import lines
from interviewer.domain.interview import Cause, Interview, Mode, Status
from interviewer.domain.question import Kind, Question
from interviewer.ui import state
from interviewer.ui.components import answer_box, chat, feedback
from interviewer.ui.components.answer_box import BoxEvent


def on_event(event: BoxEvent) -> None:
    """Carry out what the answer box reports."""
    with state.told(quietly=event.again):
        match event.kind:
            case "submit" | "clock":
                by: Literal["clock", "candidate"] = "clock" if event.kind == "clock" else "candidate"
                app.interviews.submit(interview.id, event.turn, event.text, tab=event.tab, base=event.base, by=by)
            case "skip":
                app.interviews.pass_turn(interview.id, event.turn, Cause.SKIPPED)
            case "dont_know":
                app.interviews.pass_turn(interview.id, event.turn, Cause.DONT_KNOW)


def waiting(now: Interview) -> None:
    """Between two questions: feedback in study mode, or the way back after a time-out nobody saw."""
    last = now.turns[now.current - 1]
    if now.mode is Mode.STUDY:
        feedback.show(app, now, now.current - 1)
    elif last.cause is Cause.TIMED_OUT:
        st.info("The clock ran out while you were away. What you had written is submitted, and the clock stands still until you go on.")
    if st.button("Next question", type="primary", key=f"next-{now.current}"):
        with state.told():
            app.interviews.go_on(now.id)
        st.rerun()


def ask(now: Interview, said: str, question: Question) -> None:
    """What the interviewer says and asks, hints in study mode, and the box."""
    chat.interviewer(said, asks=question.question)
    if question.scope_note:
        st.caption(question.scope_note)
    if question.kind is Kind.CODING and question.tests:
        st.code("\n".join(question.tests.visible), language="python")
    if now.mode is Mode.STUDY:
        feedback.hints(app, now, question)
    answer_box.show(now, app.store.draft(now.id, now.current), app.clock.now(), on_event=on_event)


app = state.app()
found = state.session_from_link()
if found is None:
    st.switch_page("pages/home.py")
interview = app.interviews.show(found)
state.flashes()
if interview.status is Status.FINISHED:
    chat.closing(interview)
    if st.button("See the review", type="primary"):
        state.open_session(interview, "review")
    st.stop()
chat.head(app, interview)
chat.earlier(app, interview)
said = lines.after(interview, interview.current - 1) if interview.current else lines.opening(interview)
if interview.status is Status.WAITING:
    chat.interviewer(lines.looking_back(interview, interview.current - 1) if interview.mode is Mode.STUDY else said)
    waiting(interview)
else:
    ask(interview, said, app.store.question(interview.turns[interview.current].question_sha256))
