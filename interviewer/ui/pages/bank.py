"""The question bank: search, filter, read. Answers stay closed while an exam is under way."""

from __future__ import annotations

import re

import streamlit as st

from interviewer.domain.interview import Mode, Status
from interviewer.domain.question import Difficulty, Question, Topic
from interviewer.text.words import words
from interviewer.ui import state
from interviewer.ui.components import bank_item
from interviewer.ui.components.words import LEVELS, count

PAGE = 15


def matches(question: Question, search: str) -> bool:
    """Whether words of the question, its topic or its kind begin with all words of the search: "fid" is not in "confidently"."""
    hay = f"{question.question} {question.topic.title} {question.kind.value} {question.id}".lower()
    return all(re.search(rf"(?<!\w){re.escape(word)}", hay) for word in words(search))


app = state.app()
st.title("Questions")
state.flashes()
exam = next(
    (
        r.interview
        for r in app.store.interviews(owner_id=app.owner_id)
        if r.interview.mode is Mode.EXAM and r.interview.status is not Status.FINISHED
    ),
    None,
)
if exam:
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown("An exam is under way, so answers are closed.", width="stretch")
        if st.button("Back to the exam", type="primary"):
            state.open_session(exam, "interview")
search = st.text_input("Search", placeholder="attention, LoRA, drift …", key="search")
topics = st.multiselect("Topics", list(Topic), format_func=lambda t: t.title, placeholder="All topics", key="bank-topics")
levels = st.pills("Difficulty", list(Difficulty), selection_mode="multi", format_func=lambda d: LEVELS[d], key="levels")
found = [
    q
    for q in app.bank.questions.values()
    if matches(q, search) and (not topics or q.topic in topics) and (not levels or q.difficulty in levels)
]
st.caption(count(len(found), "question"))
if not found:
    st.write("No question matches. Take away a filter, or search for fewer words.")
shown = st.session_state.setdefault("bank-shown", PAGE)
for found_question in found[:shown]:
    bank_item.show(found_question, answers=exam is None)
if len(found) > shown and st.button("Show more"):
    st.session_state["bank-shown"] = shown + PAGE
    st.rerun()
