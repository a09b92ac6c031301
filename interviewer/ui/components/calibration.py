"""What is known of how right a grader is: its latest reports drawn, and one line for the settings page."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from interviewer.calibration.report import plots
from interviewer.calibration.report.figures import MEASURES
from interviewer.calibration.report.markup import figures_table, shown
from interviewer.calibration.report.page import to_html
from interviewer.calibration.report.shelf import OWN_SET, Shelf, Shelved
from interviewer.calibration.report.words import count, figure, phrase, verdict
from interviewer.ports import GraderName
from interviewer.text.markdown import plain
from interviewer.ui.components.style import colours
from interviewer.ui.components.words import alert_html
from interviewer.wiring import App

MAIN = ("bias", "mae", "qwk", "point_macro_f1", "point_tpr", "point_tnr", "flips", "ungraded")
HOW = {"embedded": "make calibrate", "llm": "interviewer calibrate --grader llm"}
STALE = "Measured with another version of the grader, its prompts or settings."


@dataclass(frozen=True, kw_only=True)
class Known:
    """A grader to be shown. `identity` is None where it is not set up now, and only its reports are left."""

    name: GraderName
    model: str
    identity: str | None

    @property
    def title(self) -> str:
        """What the page calls it."""
        return f"Model {self.model}" if self.name == "llm" else "Built-in estimate"


def active(app: App) -> Known:
    """The grader that new answers go to."""
    return next(found for found in _set_up(app) if found.name == app.settings.active_grader)


def known(app: App, shelf: Shelf) -> list[Known]:
    """The active grader, the others that are set up, and all that were measured."""
    found = sorted(_set_up(app), key=lambda each: each.name != app.settings.active_grader)
    there = {(each.name, each.model) for each in found}
    return found + [Known(name=name, model=model, identity=None) for name, model in shelf.graders() if (name, model) not in there]


def show(grader: Known, reports: tuple[Shelved, ...], *, active: bool) -> None:
    """A grader with its latest report on each data set; the first is open."""
    state = "grades your answers" if active else "" if grader.identity else "not set up now"
    tag = f' <span class="iv-tag">{state}</span>' if state else ""
    with st.container(border=True):
        st.html(f'<h2 class="iv-grader">{shown(grader.title)}{tag}</h2>')
        if not reports:
            st.html(f'<p class="iv-quiet">Not measured. Measure it with <code>{HOW[grader.name]}</code>.</p>')
        for number, found in enumerate(reports):
            if number == 0:
                _report(grader, found)
                continue
            with st.expander(plain(phrase(found.report)), key=f"more-{found.path}", on_change="rerun") as more:
                if more.open:
                    _report(grader, found)


def line(app: App) -> None:
    """The active grader's calibration in a phrase, with a way to the page."""
    grader = active(app)
    reports = app.reports().of(grader.name, grader.model)
    text = f"{phrase(reports[0].report)}." if reports else "Not measured."
    stale = f" {STALE}" if reports and reports[0].report.grader.identity != grader.identity else ""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**Calibration.** {plain(text + stale)}", width="stretch")
        st.page_link("pages/calibration.py", label="Is the grader right?", icon=":material/balance:", width="content")


def _set_up(app: App) -> list[Known]:
    models = {"llm": app.settings.interviewer_grader_model}
    return [Known(name=name, model=models.get(name, ""), identity=each.identity()) for name, each in app.interviews.graders.items()]


def _report(grader: Known, found: Shelved) -> None:
    report = found.report
    if grader.identity not in (None, report.grader.identity):
        anew = f" Measure it anew with: {HOW[grader.name]}" if report.data.name == OWN_SET else ""
        st.html(alert_html("Out of date.", STALE + anew))
    data = report.data
    rests_on = f"{count(data.answers, 'answer')} to {count(data.questions, 'question')}"
    st.html(
        f'<p class="iv-said">{shown(verdict(report))}</p><p class="iv-quiet">Held against <b>{shown(data.name)}</b>: '
        f"{rests_on}, {report.made_at:%d %B %Y}. {shown(data.about)}</p>"
    )
    figures, plot = st.columns(2, gap="medium")
    rows = ((MEASURES[name], figure(report, name)) for name in MAIN)
    figures.html(f'<div class="iv-report">{figures_table("Main figures", rows)}</div>')
    with plot:
        if report.bins:
            st.html('<p class="iv-caption">Grader’s score against the examiners’</p>')
            drawing = plots.standing_alone(plots.calibration(report.bins), colours())
            st.image(drawing, alt=f"Calibration plot. {plots.calibration_words(report.bins)}", width="stretch")
        if any(map(sum, report.bands)):
            st.html(f'<div class="iv-report">{plots.bands(report.bands)}</div>')
    name = f"calibration-{found.path.name.partition('.report.json')[0]}.html"
    label, key = "Download the whole report", f"html-{found.path}"
    st.download_button(label, lambda: to_html(found.whole()), name, "text/html", key=key, on_click="ignore")


def problems(shelf: Shelf) -> None:
    """Files that are no reports, or cannot be read."""
    for sentence in shelf.problems:
        st.html(alert_html("A report could not be opened.", sentence))
