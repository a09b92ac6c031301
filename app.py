"""Start here: `streamlit run app.py`, or `interviewer run`, which serves the same app.

Streamlit finds `app` by reading this file, so it is assigned here literally.
"""

import streamlit as st

from interviewer import server

app = st.App("interviewer/ui/main.py", routes=server.routes(), middleware=server.middleware(), lifespan=server.lifespan)
