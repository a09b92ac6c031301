"""All sessions: filter, open, export, delete."""

from __future__ import annotations

from datetime import date

import streamlit as st

from interviewer.domain.grade import Band
from interviewer.domain.interview import Interview, Mode, Status
from interviewer.review.report import Report
from interviewer.ui import state
from interviewer.ui.components import actions
from interviewer.ui.components.words import about, count, where

PAGE = 20


def wanted(interview: Interview, tracks: list[str], bands: list[Band], since: date | None) -> bool:
    """Whether a session passes the filters; its grades are read only when a band is asked for."""
    day = interview.created_at.astimezone().date()
    if (tracks and interview.track_name not in tracks) or (since is not None and day < since):
        return False
    return not bands or (interview.status is Status.FINISHED and app.report(interview).overall.band in bands)


def row(report: Report) -> None:
    """One session."""
    interview = report.interview
    overall = report.overall
    if interview.status is not Status.FINISHED:
        result = where(interview)
    elif overall.score is None or overall.band is None:
        result = "not graded yet"
    else:
        result = f"**{overall.score:.0f}** · {overall.band.value}{' (estimate)' if overall.estimate else ''}"
        result += f" · {overall.missing} not graded" if overall.missing else ""
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            when = f"{interview.created_at.astimezone():%d %b %Y, %H:%M}"
            st.markdown(f"**{interview.track_name}** · {when}  \n{result}  \n:gray[{about(interview)}]", width="stretch")
            running = interview.status is not Status.FINISHED
            if running and st.button("Go on", key=f"go-{interview.id}", type="primary"):
                state.open_session(interview, "interview")
            if (not running or interview.mode is Mode.STUDY) and st.button("Open", key=f"open-{interview.id}"):
                state.open_session(interview, "review")
        with st.expander("Export or delete", key=f"more-{interview.id}", on_change="rerun") as more:
            if more.open:
                actions.show(app, interview)


app = state.app()
st.title("History")
state.flashes()
interviews = [r.interview for r in app.store.interviews(owner_id=app.owner_id)]
if not interviews:
    st.write("No interviews yet.")
    st.page_link("pages/home.py", label="Start one", icon=":material/play_arrow:")
    st.stop()
with st.expander("Filter"):
    tracks = st.multiselect("Track", sorted({i.track_name for i in interviews}), placeholder="All tracks", key="tracks")
    bands = st.multiselect("Band", list(Band), format_func=lambda b: b.value, placeholder="All bands", key="bands")
    since = st.date_input("Since", value=None, key="since")
found = [i for i in interviews if wanted(i, tracks, bands, since if isinstance(since, date) else None)]
st.caption(f"{count(len(found), 'session')}")
shown = st.session_state.setdefault("shown", PAGE)
for interview in found[:shown]:
    row(app.report(interview))
if len(found) > shown and st.button("Show more"):
    st.session_state["shown"] = shown + PAGE
    st.rerun()
