"""A question of the bank, to be read: where it was asked, its reference answer, what earns the marks."""

from __future__ import annotations

import streamlit as st

from interviewer.domain.question import Question
from interviewer.domain.sources import places
from interviewer.ui.components.words import LEVELS


def show(question: Question, *, answers: bool) -> None:
    """Closed until it is opened; the answer only when it may be read."""
    with st.expander(question.question, key=f"q-{question.id}", on_change="rerun") as opened:
        if not opened.open:
            return
        st.caption(f"{question.topic.title} · {LEVELS[question.difficulty]} · {question.kind.value} · {question.minutes} min")
        if answers:
            _answer(question)
        else:
            st.caption("The answer can be read when your exam is over.")
        st.caption(f"{asked_in(question)}  \nChecked {question.as_of}")


def asked_in(question: Question) -> str:
    """Where the question was asked, as a sentence."""
    found = places(question.sources)
    if not found:
        return "Our own question: none of the five collections asks it."
    where = [f"{document.title} ({', '.join(f'no. {row}' for row in rows)})" for document, rows in found.items()]
    return f"Asked in: {' · '.join(where)}"


def _answer(question: Question) -> None:
    st.markdown(question.reference_answer)
    st.markdown("###### What earns the marks")
    for point in question.points:
        extra = " *(bonus)*" if point.kind.value == "bonus" else ""
        st.markdown(f"- {point.claim}{extra}")
    if question.misconceptions:
        st.markdown("###### Common misconceptions")
        for wrong in question.misconceptions:
            st.markdown(f"- ~~{wrong.claim}~~ {wrong.correction}")
    for source in question.references:
        st.markdown(f"[{source.title}]({source.url})")
