"""What grading costs, before a session, after it and today. The sentences come from `review.cost`."""

from __future__ import annotations

from html import escape

import streamlit as st

from interviewer.grading.spending import day_of
from interviewer.interviews import Choice
from interviewer.review.cost import spent
from interviewer.review.report import Report
from interviewer.text.markdown import plain
from interviewer.text.money import usd
from interviewer.wiring import App


def before(app: App, choice: Choice) -> None:
    """What a session of this choice is expected to cost; nothing where no model grades."""
    found = app.expected_cost(choice) if app.settings.uses_model else None
    if found:
        _line(found.sentence)


def after(report: Report) -> None:
    """What a session's gradings cost so far; nothing where no model was asked."""
    sentence = spent(grading for item in report.items for grading in item.gradings).sentence
    if sentence:
        _line(sentence)


def today(app: App) -> None:
    """What was spent since midnight (UTC), and the limits; nothing where no model grades and nothing was spent."""
    amount = app.store.spent(since=day_of(app.clock.now()))
    if not (amount or app.settings.uses_model):
        return
    day, session = app.settings.interviewer_spend_day, app.settings.interviewer_spend_session
    limits = {"INTERVIEWER_SPEND_DAY": day, "INTERVIEWER_SPEND_SESSION": session}
    rows = {"Spent today (UTC)": usd(amount), **{name: usd(most) if most else "no limit" for name, most in limits.items()}}
    cells = "".join(f"<code>{escape(name)}</code><span>{escape(value)}</span>" for name, value in rows.items())
    st.html(f'<div class="iv-facts">{cells}</div>')


def _line(sentence: str) -> None:
    """Quiet text. It may hold a model's name, which is not Markdown."""
    st.caption(plain(sentence))
