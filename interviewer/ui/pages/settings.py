"""Settings: which grader is active, what leaves the machine, and a test of the endpoint. The key is never shown."""

from __future__ import annotations

from html import escape

import streamlit as st

from interviewer.ui import state
from interviewer.ui.components import calibration, cost, endpoint
from interviewer.ui.components.words import count

LEAVES = """
For each answer that a model grades, these are sent to the endpoint and nothing else:
- the question, its reference answer, its points and misconceptions from the bank,
- your answer to that question, without invisible characters,
- the grading prompt.

A second model, where one is set, gets the same for the points it is asked about.

Not sent: your other answers, your history, hints, the session's link, anything about you or this machine.
"""
WHICH = {"doubtful": "doubtful points", "all": "every credited point"}


def grader() -> None:
    """The active grader and where its settings come from."""
    settings = app.settings
    if settings.active_grader == "llm":
        st.success(
            f"Graded by the model **{settings.interviewer_grader_model}** at **{settings.endpoint_host}**.",
            icon=":material/cloud:",
        )
    else:
        st.success("Graded by the **built-in estimate**. Nothing leaves this machine.", icon=":material/computer:")
    key = "set" if settings.openai_api_key.get_secret_value() else "not set"
    if key == "set" and not settings.interviewer_grader_model:
        st.info("A key is set, but no model is named, so nothing is sent anywhere. Set INTERVIEWER_GRADER_MODEL to grade with a model.")
    second = settings.second
    asked = f"{second.model} at {second.host}, for {WHICH[settings.interviewer_second_opinion]}" if second else "not set"
    rows = {
        "INTERVIEWER_GRADER": settings.interviewer_grader,
        "INTERVIEWER_GRADER_MODEL": settings.interviewer_grader_model or "not set",
        "OPENAI_BASE_URL": settings.endpoint_host if settings.openai_base_url else "not set",
        "OPENAI_API_KEY": f"{key} (never shown or stored)",
        "INTERVIEWER_SECOND_MODEL": asked,
    }
    cells = "".join(f"<code>{name}</code><span>{escape(value)}</span>" for name, value in rows.items())
    st.html(f'<div class="iv-facts">{cells}</div>')
    st.caption("Set these in the environment or in .streamlit/secrets.toml, then start again. The README has examples.")


app = state.app()
st.title("Settings")
state.flashes()
st.subheader("Grading")
grader()
calibration.line(app)
endpoint.test(app)
cost.today(app)
st.subheader("What leaves this machine")
if app.settings.active_grader == "llm":
    st.markdown(LEAVES)
else:
    st.write("Nothing. With a model set, the question, its rubric and your answer would be sent to it, and nothing else.")
st.subheader("Your data")
st.write(f"{count(len(app.store.interviews(owner_id=app.owner_id)), 'session')}, in one folder:")
st.code(str(app.settings.interviewer_home), language=None)
st.caption("INTERVIEWER_HOME sets another folder. Single sessions are exported and deleted in the history.")
