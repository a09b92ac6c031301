"""What can be done with a session: export and delete."""

from __future__ import annotations

import streamlit as st

from interviewer.domain.interview import Interview
from interviewer.review import export
from interviewer.review.report import Report
from interviewer.ui import state
from interviewer.wiring import App


def show(app: App, interview: Interview) -> None:
    """Export as Markdown or JSON, once it may be read; delete after a second click."""
    report = app.report(interview)
    with st.container(horizontal=True, vertical_alignment="center"):
        if report.readable:
            _exports(report)
        else:
            st.caption("An exam can be exported when it is finished.", width="content")
        with st.popover("Delete", type="tertiary", key=f"delete-{interview.id}"):
            st.write("Deletes this session with its answers, drafts and grades, in the backups too. It cannot be undone.")
            if st.button("Delete for good", type="primary", key=f"really-{interview.id}"):
                with state.told():
                    app.store.delete(interview.id, owner_id=app.owner_id)
                    state.leave(f"The {interview.track_name} session was deleted.")
                st.rerun()


def _exports(report: Report) -> None:
    interview = report.interview
    name = f"interview-{interview.track_id}-{interview.created_at.astimezone():%Y-%m-%d-%H%M}"
    for label, text, ending, kind in (
        ("Export Markdown", export.to_markdown(report), "md", "text/markdown"),
        ("Export JSON", export.to_json(report), "json", "application/json"),
    ):
        st.download_button(label, text, f"{name}.{ending}", kind, key=f"{ending}-{interview.id}", on_click="ignore")
