"""The conversation as chat messages: the interviewer's lines, and the candidate's words as text."""

from __future__ import annotations

import streamlit as st

from interviewer.conversation import lines
from interviewer.domain.interview import Interview
from interviewer.domain.question import Kind
from interviewer.review.report import CAUSES
from interviewer.ui.components.graded import answer_text
from interviewer.wiring import App


def interviewer(*paragraphs: str, asks: str = "") -> None:
    """Something the interviewer says: scripted lines, and a question of the bank set apart from them."""
    with st.chat_message("Interviewer", avatar=":material/forum:"):
        for text in paragraphs:
            st.markdown(text)
        if asks:
            with st.container(key="asked"):
                st.markdown(asks)


def earlier(app: App, interview: Interview) -> None:
    """What was said so far, folded, so that the question at hand stays in sight."""
    if interview.current == 0:
        return
    answers = {answer.turn: answer for answer in app.store.answers(interview.id)}
    with st.expander("Earlier in this interview", key=f"earlier-{interview.id}"):
        for number, turn in enumerate(interview.turns[: interview.current]):
            interviewer(app.store.question(turn.question_sha256).question)
            answer = answers.get(number)
            with st.chat_message("You", avatar=":material/person:"):
                if answer and answer.text.strip():
                    answer_text(answer.text, code=turn.kind is Kind.CODING)
                else:
                    st.caption(CAUSES[turn.cause] if turn.cause else "no answer")


def closing(interview: Interview) -> None:
    """The interviewer's last words."""
    answered = [n for n, turn in enumerate(interview.turns) if turn.cause]
    interviewer(lines.after(interview, answered[-1]) if answered else lines.CLOSINGS[0])
