"""What can be done with a session: export and delete."""

from __future__ import annotations

import streamlit as st

from interviewer.domain.interview import Interview
from interviewer.review import export
from interviewer.ui import state
from interviewer.wiring import App


def show(app: App, interview: Interview) -> None:
    """Export as Markdown or JSON; delete after a second click."""
    report = app.report(interview)
    name = f"interview-{interview.track_id}-{interview.created_at:%Y-%m-%d-%H%M}"
    with st.container(horizontal=True):
        st.download_button(
            "Export Markdown", export.to_markdown(report), f"{name}.md", "text/markdown", key=f"md-{interview.id}", on_click="ignore"
        )
        st.download_button(
            "Export JSON", export.to_json(report), f"{name}.json", "application/json", key=f"json-{interview.id}", on_click="ignore"
        )
        with st.popover("Delete", type="tertiary", key=f"delete-{interview.id}"):
            st.write("Deletes this session with its answers, drafts and grades, in the backups too. It cannot be undone.")
            if st.button("Delete for good", type="primary", key=f"really-{interview.id}"):
                with state.told():
                    app.store.delete(interview.id, owner_id=app.owner_id)
                    state.leave(f"The {interview.track_name} session was deleted.")
                st.rerun()
