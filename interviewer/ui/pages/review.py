"""A session looked back on: overall, per topic, and every question with its verdicts. Fills in as grades arrive."""

from __future__ import annotations

import streamlit as st

from interviewer.domain.interview import Mode, Status
from interviewer.ports import GraderName
from interviewer.review.report import Item, Report
from interviewer.ui import state
from interviewer.ui.components import actions, summary
from interviewer.ui.components import item as item_view
from interviewer.ui.components.words import about, count

POLL = 1.0


def question(item: Item, *, reference: bool) -> None:
    """One question, folded."""

    def regrade(grader: GraderName) -> None:
        if item.answer:
            with state.told():
                app.interviews.regrade(item.answer.id, grader=grader)
            st.rerun()

    with st.expander(item_view.label(item), key=f"question-{item.number}", expanded=item.number == 0):
        item_view.show(item, regrade=regrade, model_set=app.settings.uses_model, reference=reference)


def failures(report: Report) -> None:
    """One way out for everything that was not graded."""
    if not report.failed:
        return
    st.warning(f"{count(report.failed, 'answer')} could not be graded. The answers are kept.", icon=":material/cloud_off:")
    with st.container(horizontal=True):
        choices: list[tuple[GraderName, str]] = [("embedded", "Take the built-in estimate for these")]
        if app.settings.uses_model:
            choices.insert(0, ("llm", "Try all again"))
        for grader, label in choices:
            if st.button(label, key=f"all-{grader}"):
                with state.told():
                    app.interviews.retry_failed(interview.id, grader=grader)
                st.rerun()


app = state.app()
found = state.session_from_link()
if found is None:
    st.switch_page("pages/history.py")
interview = found
if interview.status is not Status.FINISHED and interview.mode is Mode.EXAM:
    st.title("Not finished yet")
    st.write("In an exam the review opens when the interview is over.")
    if st.button("Go on with the interview", type="primary"):
        state.open_session(interview, "interview")
    st.stop()
pending = app.report(interview).pending


@st.fragment(run_every=POLL if pending else None)
def body() -> None:
    """Everything that changes while grades arrive."""
    with state.shown():
        filled_in(app.report(interview))


def filled_in(report: Report) -> None:
    """The session as far as it is graded."""
    if pending and not report.pending:
        st.rerun()
    summary.show(report)
    failures(report)
    for item in report.items:
        if item.answer or interview.status is Status.FINISHED:
            question(item, reference=report.revealed(item))


st.title(f"{interview.track_name} interview")
st.caption(f"{interview.created_at.astimezone():%d %B %Y, %H:%M} · {about(interview)}")
state.flashes()
body()
actions.show(app, interview)
