"""Pieces of HTML that a report is shown with: text made safe, tables, a figure with its interval."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape

from interviewer.calibration.report.figures import Better, Figure, Measure, written

UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
"""What XML refuses, UTF-8 cannot hold, or turns the direction of the text around it."""
BETTER: dict[Better, str] = {"higher": "higher is better", "lower": "lower is better", "zero": "best at zero", "neither": ""}


def shown(text: str) -> str:
    """Text of a report, as text and nothing else, in HTML or SVG."""
    return escape(UNPRINTABLE.sub("", text))


def interval(measure: Measure, figure: Figure) -> str:
    """ "4.1 to 8.4"; empty where there is none."""
    if figure.low is None or figure.high is None:
        return ""
    return f"{written(measure, figure.low)} to {written(measure, figure.high)}"


def cell(measure: Measure, figure: Figure) -> str:
    """A figure in a narrow column: its interval below it."""
    if figure.value is None:
        return '<td class="num none">not defined</td>'
    return f'<td class="num">{written(measure, figure.value)}<small>{interval(measure, figure)}</small></td>'


def value_cell(measure: Measure, figure: Figure) -> str:
    """A figure with its interval, or why there is no value."""
    if figure.value is None:
        return f'<td class="none">not defined: {shown(figure.undefined or "no reason is given")}</td>'
    return f'<td class="value num"><b>{written(measure, figure.value)}</b> <small>{interval(measure, figure) or "no interval"}</small></td>'


def figure_row(measure: Measure, figure: Figure) -> str:
    """A line of a table of figures: name and meaning, and the value."""
    meaning = "; ".join(part for part in (measure.meaning, BETTER[measure.better]) if part)
    return f'<tr><th scope="row">{escape(measure.title)}<small>{escape(meaning)}</small></th>{value_cell(measure, figure)}</tr>'


def figures_table(caption: str, rows: Iterable[tuple[Measure, Figure]]) -> str:
    """Measures with value, interval and meaning."""
    body = "".join(figure_row(measure, figure) for measure, figure in rows)
    return table(caption, ("Figure", "Value and 95 % interval"), body, kind="figures")


def table(caption: str, head: Sequence[str], body: str, *, kind: str = "") -> str:
    """A table with a caption and column heads. `caption` and `head` are text, `body` is made of rows."""
    cells = "".join(f'<th scope="col">{shown(name)}</th>' for name in head)
    return f'<table class="{kind}"><caption>{shown(caption)}</caption><thead><tr>{cells}</tr></thead><tbody>{body}</tbody></table>'
