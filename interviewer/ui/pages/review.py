"""A session looked back on: overall, per topic, and every question with its verdicts. Fills in as grades arrive."""

from __future__ import annotations

from html import escape

import streamlit as st

from interviewer.domain.interview import Mode, Status
from interviewer.ports import GraderName
from interviewer.review.report import Item, Report
from interviewer.ui import state
from interviewer.ui.components import actions
from interviewer.ui.components import item as item_view
from interviewer.ui.components.words import about, count, score_html

POLL = 1.0


def summary(report: Report) -> None:
    """The overall score and what it leaves out."""
    with st.container(border=True):
        st.html(score_html(report.overall))
        if report.pending:
            st.caption(f"{count(report.pending, 'answer')} still being graded; the numbers fill in.")
        if report.passed is not None:
            word = "reached" if report.passed else "not reached"
            st.caption(f"This track asks for at least “{interview.pass_band.value}”: {word}.")
        if report.not_reached:
            st.caption(f"{count(report.not_reached, 'question')} not reached and left out of the average.")
        if report.others:
            st.caption(f"{count(report.others, 'answer')} graded by the built-in estimate and left out of this average.")
    rows = []
    for topic, average in report.topics:
        share, shown = (average.score, f"{average.score:.0f}") if average.score is not None else (0, "–")
        bar = f'<div class="iv-bar"><i style="width:{share:.0f}%"></i></div>'
        rows.append(f'<div class="iv-row"><span>{escape(topic.title)}</span>{bar}<span class="iv-num">{shown}</span></div>')
    if rows:
        st.html("".join(rows))


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
    summary(report)
    failures(report)
    for item in report.items:
        if item.answer or interview.status is Status.FINISHED:
            question(item, reference=report.revealed(item))


st.title(f"{interview.track_name} interview")
st.caption(f"{interview.created_at.astimezone():%d %B %Y, %H:%M} · {about(interview)}")
state.flashes()
body()
actions.show(app, interview)
