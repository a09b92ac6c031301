"""One tiny request to the endpoint, on the settings page."""

from __future__ import annotations

import streamlit as st

from interviewer.domain.errors import ModelError
from interviewer.ui.components.words import alert_html
from interviewer.wiring import App

TINY: dict[str, object] = {
    "type": "object",
    "properties": {"ready": {"type": "boolean"}},
    "required": ["ready"],
    "additionalProperties": False,
}


def test(app: App) -> None:
    """A button that asks the endpoint something small; nothing where no model is set."""
    if not app.settings.uses_model or not st.button("Test the endpoint"):
        return
    try:
        with st.spinner("Asking …"):
            reply = app.model().complete([{"role": "user", "content": "Reply with ready set to true."}], schema=TINY)
    except ModelError as error:
        st.html(alert_html("It does not answer as it should.", str(error).partition(" Your answer is kept")[0]))
        return
    if reply.finish != "stop" or not reply.text.lstrip().startswith("{"):
        st.html(alert_html("It answers, but not in the form that grading needs.", f"It said: “{reply.text[:200] or 'nothing'}”"))
    else:
        st.success(f"The endpoint answers, in {reply.latency_ms / 1000:.1f} s.", icon=":material/check:")
        st.text(f"Model: {reply.model}\nForm: {reply.form}")
