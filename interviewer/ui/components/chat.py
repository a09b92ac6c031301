"""The conversation as chat messages: the interviewer's lines, and the candidate's words as text."""

from __future__ import annotations

import streamlit as st

from interviewer.conversation import lines
from interviewer.domain.interview import Interview, Status
from interviewer.domain.question import Kind
from interviewer.review.report import CAUSES
from interviewer.ui import state
from interviewer.ui.components.graded import answer_text
from interviewer.ui.components.words import count
from interviewer.wiring import App


def head(app: App, now: Interview) -> None:
    """Where we are, and the way out. While the last question is looked at, that one is where we are."""
    number = now.current - 1 if now.status is Status.WAITING else now.current
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(f"**{now.track_name}** · question {number + 1} of {len(now.turns)}")
        with st.popover("End early", type="tertiary"):
            left = len(now.turns) - number - 1
            st.write(f"What you have written so far is submitted as it stands. {count(left, 'question')} won't be asked.")
            if st.button("End the interview", type="primary"):
                with state.told():
                    app.interviews.end(now.id)
                st.rerun()


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
