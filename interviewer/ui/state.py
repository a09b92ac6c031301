"""What every page needs: the app, the session a link names, and errors drawn as sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from interviewer import wiring
from interviewer.domain.errors import InterviewerError, NewerDraft, Refused, TooLong
from interviewer.domain.interview import Interview
from interviewer.text.markdown import plain

SESSION = "s"
FLASH = "flash"
TOKEN = re.compile(r"[0-9a-f]{32}")


def app() -> wiring.App:
    """The process's app; where it cannot be built, the page says why and stops."""
    try:
        return wiring.running()
    except InterviewerError as error:
        st.error(plain(str(error)), icon=":material/error:")
        if st.button("Try again"):
            st.rerun()
        st.stop()


@contextmanager
def told(*, quietly: bool = False) -> Iterator[None]:
    """A refusal or failure inside becomes a sentence on top of the page after the next run; `quietly`: what was done already is no news."""
    try:
        yield
    except InterviewerError as error:
        if quietly and isinstance(error, Refused) and not isinstance(error, NewerDraft | TooLong):
            return
        st.session_state.setdefault(FLASH, []).append(str(error))


@contextmanager
def shown() -> Iterator[None]:
    """What goes wrong while a page or fragment is drawn becomes a sentence where it would have stood."""
    try:
        yield
    except InterviewerError as error:
        st.error(plain(str(error)), icon=":material/error:")


def flashes() -> None:
    """Draw the sentences that were left for this run."""
    for sentence in st.session_state.pop(FLASH, []):
        st.warning(plain(sentence), icon=":material/info:")


def session_from_link() -> Interview | None:
    """The interview that `?s=` names; None without one. An unknown or malformed link gets a friendly page."""
    token = st.query_params.get(SESSION, "")
    if not token:
        return None
    try:
        if not TOKEN.fullmatch(token):
            raise InterviewerError("This link is not complete. Open the interview from the history.")
        return app().interview(token)
    except InterviewerError as error:
        st.title("This session can't be opened")
        st.write(plain(str(error)))
        st.page_link("pages/home.py", label="Start an interview", icon=":material/play_arrow:")
        st.page_link("pages/history.py", label="History", icon=":material/history:")
        st.stop()


def open_session(interview: Interview, page: str) -> None:
    """Go to a page of this session."""
    st.switch_page(f"pages/{page}.py", query_params={SESSION: interview.id})


def leave(sentence: str) -> None:
    """Go to the history with a sentence, because what this page showed is gone."""
    st.session_state.setdefault(FLASH, []).append(sentence)
    st.switch_page("pages/history.py")
