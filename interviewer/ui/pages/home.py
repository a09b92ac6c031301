"""Start page: one button starts a sensible interview; everything else is a choice."""

from __future__ import annotations

import streamlit as st

from interviewer.domain.interview import Status
from interviewer.ui import state
from interviewer.ui.components import choices, cost
from interviewer.ui.components.words import about, count, where


def unfinished() -> None:
    """Interviews that were interrupted, and the latest finished one: one click away."""
    rows = [row.interview for row in app.store.interviews(owner_id=app.owner_id)]
    for interview in [i for i in rows if i.status is not Status.FINISHED][:3]:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{interview.track_name}** interrupted at {where(interview)}  \n:gray[{about(interview)}]", width="stretch")
            if st.button("Go on", key=f"resume-{interview.id}", type="primary"):
                state.open_session(interview, "interview")
    finished = next((i for i in rows if i.status is Status.FINISHED), None)
    if finished and st.button(
        f"Review your last interview ({finished.track_name}, {finished.created_at.astimezone():%d %b})", type="tertiary"
    ):
        state.open_session(finished, "review")


def grader_line() -> str:
    """Who will grade, in a sentence."""
    if app.settings.active_grader == "llm":
        return f"Graded by {app.settings.interviewer_grader_model}; your answers are sent to {app.settings.endpoint_host}."
    return "Graded by the built-in estimate: no key, no network, nothing leaves this machine."


app = state.app()
bank = list(app.bank.questions.values())
st.title("Mock interview")
st.write("Real questions on generative AI, LLMs and machine learning, under a real clock, graded point by point.")
state.flashes()
unfinished()
choice = choices.rest(app, choices.track(app))
st.caption(choices.plan(app, choice))
if st.button("Start interview", type="primary", width="stretch"):
    with state.told():
        state.open_session(app.interviews.start(choice, bank, owner_id=app.owner_id, overlaps=app.bank.overlaps), "interview")
    st.rerun()
st.caption(grader_line())
price = st.container()
if app.bank.problems:
    with st.expander(f"{count(len({p.file for p in app.bank.problems}), 'file')} of the question bank can't be used"):
        st.text("\n".join(str(p) for p in app.bank.problems))
with price:  # last, because the first time it counts the tokens of many questions
    cost.before(app, choice)
