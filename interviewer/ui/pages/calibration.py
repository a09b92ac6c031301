"""Is the grader right? Every grader known, with its latest calibration reports."""

from __future__ import annotations

import streamlit as st

from interviewer.ui import state
from interviewer.ui.components import calibration

app = state.app()
st.title("Is the grader right?")
state.flashes()
st.caption(
    "Each grader is held against answers that examiners scored. Scores and errors are points of 100; "
    "where an interval stands beside a figure, it is the 95 % one."
)
shelf = app.reports()
calibration.problems(shelf)
for grader in calibration.known(app, shelf):
    calibration.show(
        grader, shelf.of(grader.name, grader.model), active=grader.name == app.settings.active_grader and bool(grader.identity)
    )
