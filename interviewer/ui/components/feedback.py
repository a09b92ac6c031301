"""Study mode: hints at a cost, and feedback on the last attempt."""

from __future__ import annotations

import streamlit as st

from interviewer.domain.interview import Interview
from interviewer.domain.question import Question
from interviewer.ports import GraderName
from interviewer.review.report import Progress
from interviewer.ui import state
from interviewer.ui.components import item as item_view
from interviewer.wiring import App

POLL = 1.0


def hints(app: App, interview: Interview, question: Question) -> None:
    """The hints taken so far, and the next one's price."""
    taken = interview.turns[interview.current].hints
    for number, hint in enumerate(question.hints[:taken], start=1):
        st.info(f"Hint {number}: {hint}", icon=":material/lightbulb:")
    if taken < len(question.hints) and st.button(
        f"Hint {taken + 1} of {len(question.hints)} (costs 10 % of this question)", key=f"hint-{interview.current}-{taken}"
    ):
        with state.told():
            app.interviews.take_hint(interview.id, interview.current)
        st.rerun()


def show(app: App, interview: Interview, number: int) -> None:
    """The graded attempt with the reference; without an own attempt the reference stays hidden until the end."""
    found = app.report(interview).items[number]
    pending = found.progress is Progress.PENDING

    @st.fragment(run_every=POLL if pending else None)
    def body() -> None:
        with state.shown():
            draw()

    def draw() -> None:
        item = app.report(interview).items[number]
        if pending and item.progress is not Progress.PENDING:
            st.rerun()
        if interview.turns[number].blank:
            st.info("No attempt of your own, so the answer stays hidden until the review at the end.", icon=":material/visibility_off:")
            return
        with st.container(border=True):
            st.markdown(item_view.label(item))
            item_view.show(item, regrade=regrade, model_set=app.settings.uses_model)

    def regrade(grader: GraderName) -> None:
        if found.answer:
            with state.told():
                app.interviews.regrade(found.answer.id, grader=grader)
            st.rerun()

    body()
