"""A calibration report as one HTML page: it holds all it shows, asks no network for anything, and runs no script."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC
from html import escape
from pathlib import Path

from interviewer.calibration.report import plots
from interviewer.calibration.report.figures import AGREEMENT, CONDUCT, MEASURES, POINTS, SCORES, written
from interviewer.calibration.report.markup import cell, figures_table, interval, shown, table, value_cell
from interviewer.calibration.report.published import Published, published_on
from interviewer.calibration.report.report import Group, Report
from interviewer.calibration.report.words import FEW_QUESTIONS, NOT_MEASURED, Target, count, figure, targets, verdict
from interviewer.text.money import usd

CSS = (Path(__file__).parent / "page.css").read_text("utf-8")
MAIN = ("bias", "mae", "point_tpr", "point_tnr")
GROUPED = ("rmse", "bias", "qwk", "point_macro_f1", "point_tpr", "point_tnr")
DIMENSIONS = {
    "band": "band of the examiners' score",
    "kind": "kind of question",
    "level": "what the answer was written to be",
    "split": "split of the data",
}
MARKS = {"met": "✓", "missed": "✗", "cannot be told": "?", "not measured": "–"}
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def to_html(report: Report) -> str:
    """The whole page."""
    sections = {
        "measured": ("What was measured", _measured(report)),
        "figures": ("All figures", _figures(report)),
        "targets": ("Targets", _targets(targets(report))),
        "plots": ("Plots", _plots(report)),
        "examiners": ("Examiners with one another", _agreement(report)),
        "groups": ("Groups", _groups(report)),
        "reading": ("How to read it", _reading(report)),
        "published": ("Published figures", _published(report, published_on(report.data.name))),
    }
    kept = {id_: (title, body) for id_, (title, body) in sections.items() if body}
    links = "".join(f'<li><a href="#{id_}">{title}</a></li>' for id_, (title, _) in kept.items())
    bodies = "".join(f'<section aria-labelledby="{id_}"><h2 id="{id_}">{title}</h2>{body}</section>' for id_, (title, body) in kept.items())
    title = f"Calibration of {shown(report.grader.words)} on {shown(report.data.name)}"
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">'
        f"<title>{title}</title><style>{CSS}</style></head>\n<body><main>{_head(report)}"
        f'<nav aria-label="Contents"><ul>{links}</ul></nav>{bodies}'
        f"<footer>Made by <code>interviewer calibrate</code>, {_made(report)}.</footer></main></body></html>\n"
    )


def _head(report: Report) -> str:
    data = report.data
    facts = []
    for name in MAIN:
        measure, found = MEASURES[name], figure(report, name)
        value = written(measure, found.value) if found.value is not None else "–"
        beside = interval(measure, found) or ("no interval" if found.value is not None else "not defined")
        facts.append(f"<div><dt>{measure.title}</dt><dd>{value}<small>{beside}</small></dd></div>")
    about = f'<p class="note">{shown(data.about)}</p>' if data.about else ""
    return (
        f'<p class="eyebrow">Calibration report</p><h1>Is {shown(report.grader.words)} right?</h1>'
        f'<p class="quiet">held against <b>{shown(data.name)}</b>: {_asked(report)}</p>'
        f'<div class="verdict"><h2>Verdict</h2><p>{shown(verdict(report))}</p><dl class="main-figures">{"".join(facts)}</dl></div>{about}'
    )


def _measured(report: Report) -> str:
    data, grader = report.data, report.grader
    cost = usd(report.cost) if report.cost is not None else "not known"
    rows = {
        "Grader": grader.words,
        "Model": grader.model or "none: it runs on this machine",
        "Data": data.name,
        "sha256 of the data": data.sha256,
        "Answers": _asked(report),
        "Examiners": f"{data.annotators:,}",
        "Rubric points decided": f"{data.points:,}",
        "Left out": f"{count(data.left_out, 'line')} that could not be used" if data.left_out else "nothing",
        "About the data": data.about or "nothing is said of it",
        "Attempts": f"each answer graded {count(report.attempts, 'time')}",
        "Resamples": f"{report.resamples:,}, seed {report.seed}",
        "Cost": "nothing" if grader.name == "embedded" else cost,
        "Made": _made(report),
        "Version of the grader": grader.identity,
    }
    codes = {"sha256 of the data", "Version of the grader"}
    cells = ((name, f"<code>{shown(value)}</code>" if name in codes else shown(value)) for name, value in rows.items())
    return f'<dl class="facts">{"".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in cells)}</dl>'


def _figures(report: Report) -> str:
    kinds = {"Scores": SCORES, "Points of the rubric": POINTS, "Conduct": CONDUCT}
    return "".join(figures_table(caption, ((m, figure(report, m.name)) for m in measures)) for caption, measures in kinds.items())


def _targets(found: Iterable[Target]) -> str:
    rows = "".join(
        f'<tr><th scope="row">{escape(t.measure.title)}<small>{escape(t.goal)}</small></th>{value_cell(t.measure, t.found)}'
        f'<td class="outcome {t.outcome.replace(" ", "-")}">{MARKS[t.outcome]} {t.outcome}</td></tr>'
        for t in found
    )
    note = (
        "They are set for a grading model on points that two examiners decided. Met or missed where the whole interval is; "
        "where the bound lies inside it, it cannot be told."
    )
    return f"<p>{note}</p>{table('What is asked of a grader', ('Figure and target', 'Found', 'Outcome'), rows, kind='targets')}"


def _plots(report: Report) -> str:
    drawn = []
    if report.bins:
        drawn.append(
            _figure("Score against score", "on the dashed line both agree; the larger, the more answers", plots.calibration(report.bins))
        )
    if any(score is not None for answer in report.answers for score in answer.scores):
        drawn.append(_figure("Errors", "how many single grades are how far off", plots.errors(report.answers)))
    if any(map(sum, report.bands)):
        drawn.append(_figure("Bands", "weak below 40, developing to 60, solid to 80, strong above", plots.bands(report.bands)))
    for dimension, groups in report.groups.items():
        if all(group.figures.get("bias", NOT_MEASURED).value is None for group in groups):
            continue
        drawing = plots.intervals(MEASURES["bias"], groups, figure(report, "bias"))
        drawn.append(_figure(f"Bias by {_by(dimension)}", "mean of grader minus examiners, with its interval", drawing))
    return f'<div class="plots">{"".join(drawn)}</div>' if drawn else "<p>There is nothing to draw: no answer was graded.</p>"


def _figure(caption: str, hint: str, drawing: str) -> str:
    return f"<figure><figcaption>{shown(caption)}<small>{shown(hint)}</small></figcaption>{drawing}</figure>"


def _agreement(report: Report) -> str:
    if not report.agreement:
        return "<p>One examiner alone scored, so nothing is known of how well examiners agree.</p>"
    return figures_table(
        "No grader can be known to be nearer to the examiners than they are to one another",
        ((m, figure(report, m.name)) for m in AGREEMENT),
    )


def _groups(report: Report) -> str:
    parts = []
    for dimension, groups in report.groups.items():
        title = f"By {_by(dimension)}"
        parts.append(f"<h3>{shown(title)}</h3>{_group_table(title, groups)}{_undefined(groups)}")
    return "".join(parts) or "<p>The data names no groups.</p>"


def _by(dimension: str) -> str:
    return DIMENSIONS.get(dimension, dimension)


def _group_table(title: str, groups: Iterable[Group]) -> str:
    rows = []
    for group in groups:
        cells = "".join(cell(MEASURES[name], group.figures.get(name, NOT_MEASURED)) for name in GROUPED)
        rows.append(f'<tr><th scope="row">{shown(group.name)}</th><td class="num">{group.answers:,}</td>{cells}</tr>')
    heads = ("Group", "Answers", *(MEASURES[name].title for name in GROUPED))
    return _scrolled(title, table("Below each figure its 95 % interval", heads, "".join(rows)))


def _undefined(groups: Iterable[Group]) -> str:
    """Why figures of these groups are not defined, each reason once."""
    why: dict[str, set[str]] = {}
    for group in groups:
        for name in GROUPED:
            found = group.figures.get(name, NOT_MEASURED)
            if found.value is None:
                why.setdefault(found.undefined or "no reason is given", set()).add(group.name)
    lines = "; ".join(f"{reason} ({', '.join(sorted(names))})" for reason, names in why.items())
    return f'<p class="quiet">Not defined: {shown(lines)}.</p>' if lines else ""


def _scrolled(name: str, content: str) -> str:
    """A table that may be wider than a phone: a region that scrolls by itself, by keyboard too."""
    return f'<div class="wide" role="region" tabindex="0" aria-label="{shown(name)}, scrolls sideways">{content}</div>'


def _reading(report: Report) -> str:
    resampled = (
        f"Intervals hold 95 % of {report.resamples:,} resamples, fewer for groups and plots. Whole questions are drawn with "
        f"replacement, since answers to one question are alike. With fewer than {FEW_QUESTIONS} questions such intervals are too narrow."
    )
    lines = (
        "Examiners are those whose scores the grader is held against: people, unless the data says otherwise. "
        "Where several scored an answer, their mean counts.",
        "Scores and errors are points of 100.",
        resampled if report.resamples else "No intervals were computed for this report.",
        "A grader whose grades merely scatter looks lenient on weak answers and strict on strong ones: nobody can give "
        "less than 0 or more than 100. Look at the bias over all answers first.",
        "“Not defined” is said, with its reason, where a figure cannot be computed; it is never counted as zero.",
    )
    return f"<ul>{''.join(f'<li>{line}</li>' for line in lines)}</ul>"


def _published(report: Report, rows: Iterable[Published]) -> str:
    """Empty where nothing is known to be published on this data."""
    body = ""
    for row in rows:
        found, scale = figure(report, row.measure), 100 if MEASURES[row.measure].unit == "points" else 1
        here = "not defined" if found.value is None else f"{found.value / scale:.3f}".removeprefix("0")
        body += f'<tr><th scope="row">{escape(row.figure)}</th><td>{escape(row.said)}</td><td class="num">{here}</td></tr>'
    if not body:
        return ""
    note = (
        "Published errors are on 0–1, ours are points of 100; here both are on 0–1. "
        "They compare only where the rows are the same: mind the split."
    )
    return f"<p>{note}</p>{table('Published on this data', ('Figure', 'Published', 'This report'), body)}"


def _asked(report: Report) -> str:
    return f"{count(report.data.answers, 'answer')} to {count(report.data.questions, 'question')}"


def _made(report: Report) -> str:
    made = report.made_at
    return f"{made.astimezone(UTC) if made.tzinfo else made:%d %B %Y, %H:%M} UTC"
