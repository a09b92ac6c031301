"""The app's frame: navigation, page titles, styles."""

import streamlit as st

from interviewer.ui.components.style import apply_style
from interviewer.ui.state import shown

PAGES = [
    st.Page("pages/home.py", title="Practise", default=True),
    st.Page("pages/interview.py", title="Interview", visibility="hidden"),
    st.Page("pages/review.py", title="Review", visibility="hidden"),
    st.Page("pages/history.py", title="History"),
    st.Page("pages/bank.py", title="Questions"),
    st.Page("pages/calibration.py", title="Calibration"),
    st.Page("pages/settings.py", title="Settings"),
]

page = st.navigation(PAGES, position="top")
st.set_page_config(page_title=f"{page.title} · Interviewer", page_icon="💬", layout="centered")
apply_style()
with shown():
    page.run()
