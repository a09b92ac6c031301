"""The overall score of a session and of each topic, and what they leave out."""

from __future__ import annotations

from html import escape

import streamlit as st

from interviewer.review.report import Report
from interviewer.ui.components import cost
from interviewer.ui.components.words import count, score_html


def show(report: Report) -> None:
    """The overall score and what it leaves out."""
    with st.container(border=True):
        st.html(score_html(report.overall))
        if report.pending:
            st.caption(f"{count(report.pending, 'answer')} still being graded; the numbers fill in.")
        if report.passed is not None:
            word = "reached" if report.passed else "not reached"
            st.caption(f"This track asks for at least “{report.interview.pass_band.value}”: {word}.")
        if report.not_reached:
            st.caption(f"{count(report.not_reached, 'question')} not reached and left out of the average.")
        if report.others:
            st.caption(f"{count(report.others, 'answer')} graded by the built-in estimate and left out of this average.")
        cost.after(report)
    rows = []
    for topic, average in report.topics:
        share, shown = (average.score, f"{average.score:.0f}") if average.score is not None else (0, "–")
        bar = f'<div class="iv-bar"><i style="width:{share:.0f}%"></i></div>'
        rows.append(f'<div class="iv-row"><span>{escape(topic.title)}</span>{bar}<span class="iv-num">{shown}</span></div>')
    if rows:
        st.html("".join(rows))
