"""The plots of a calibration report, as SVG that stands in a page of its own or in the app.

Each says its figures in words too (`title`, `desc`). Colours are the page's custom properties `--ink`, `--quiet`, `--met`, `--bad`
and `--odd`, with a fallback; `standing_alone` gives them to a plot that is shown as an image, where no page's colours reach.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from math import ceil, floor, log10, sqrt

from interviewer.calibration.report.figures import MEASURES, Figure, Measure, told, written
from interviewer.calibration.report.markup import shown
from interviewer.calibration.report.report import Bin, Group, MeasuredAnswer
from interviewer.domain.grade import Band

WIDTH = 360
"""Units across: at 390 pixels a unit is about a pixel, so that the text can be read."""
INK, QUIET = "var(--ink,currentColor)", "var(--quiet,#7a838b)"
MET, BAD, ODD = "var(--met,#148f84)", "var(--bad,#d0463a)", "var(--odd,#b27716)"
LONGEST_NAME = 34
STEP = 10
"""Points of 100 across one bar of the histogram. The middle bar reaches from −5 to +5."""
SCORE = Measure(name="score", title="Score", meaning="points of 100", better="neither", unit="points")


def standing_alone(svg: str, colours: str) -> str:
    """The plot with these custom properties (`--ink:#000;…`) of its own."""
    return svg.replace("<svg ", f'<svg style="{colours}" ', 1)


def calibration(bins: Sequence[Bin]) -> str:
    """Mean score of the grader, with its interval, for each bin of the examiners' score; on the diagonal both agree."""
    left, top, side = 44, 12, 300
    drawn = [b for b in bins if b.grader.value is not None]

    def x(score: float) -> float:
        return left + side * _within(score, 0, 100) / 100

    def y(score: float) -> float:
        return top + side * (1 - _within(score, 0, 100) / 100)

    parts = []
    for tick in range(0, 101, 20):
        parts += [_line(x(0), y(tick), x(100), y(tick), opacity=0.16), _text(left - 7, y(tick) + 4, str(tick), anchor="end")]
        parts.append(_text(x(tick), top + side + 17, str(tick), anchor="middle"))
    parts.append(_line(x(0), y(0), x(100), y(100), dash="5 4", opacity=0.6))
    most = max((b.answers for b in drawn), default=1)
    for b in drawn:
        low, high = b.grader.low, b.grader.high
        if low is not None and high is not None:
            parts.append(_line(x(b.human), y(low), x(b.human), y(high), colour=MET, width=2))
        at = f'cx="{x(b.human):.1f}" cy="{y(b.grader.value or 0):.1f}" r="{3 + 5 * sqrt(b.answers / most):.1f}"'
        parts.append(f'<circle {at} fill="{MET}"><title>{shown(_bin_words(b))}</title></circle>')
    parts += [
        _text(x(5), top + 14, "▲ more than the examiners give"),
        _text(x(100) - 4, y(4), "▼ less", anchor="end"),
        _text(x(50), top + side + 36, "Score by the examiners", anchor="middle", colour=INK),
        f'<text transform="translate(12 {y(50):.0f}) rotate(-90)" text-anchor="middle" fill="{INK}">Mean score by the grader</text>',
    ]
    return _svg(top + side + 44, "The grader's score against the examiners'", calibration_words(bins), parts)


def calibration_words(bins: Iterable[Bin]) -> str:
    """What the calibration plot shows, in words."""
    words = "; ".join(_bin_words(b) for b in bins if b.grader.value is not None)
    return f"{words or 'There is nothing to draw: no answer was graded'}."


def intervals(measure: Measure, groups: Sequence[Group], overall: Figure) -> str:
    """One measure over the groups of a dimension, each with its interval; the value over all answers as a line."""
    found = [(group, group.figures.get(measure.name, Figure())) for group in groups]
    ends = [end for _, f in found for end in (f.value, f.low, f.high) if end is not None]
    ends += [end for end in (overall.value, 0.0 if measure.better == "zero" else None) if end is not None]
    low, high, step = _scale(ends)
    left, right, row, top = 6, WIDTH - 10, 42, 8
    bottom = top + row * len(found)

    def x(value: float) -> float:
        return left + (right - left) * (_within(value, low, high) - low) / (high - low)

    ticks = [round(low + step * n, 9) + 0.0 for n in range(round((high - low) / step) + 1)]
    parts = [_text(x(tick), bottom + 16, _tick(measure, tick), anchor=_anchor(tick, ticks)) for tick in ticks]
    for number, (group, figure) in enumerate(found):
        base = top + row * number
        parts += [_line(x(tick), base + 19, x(tick), base + 35, opacity=0.16) for tick in ticks]
        if measure.better == "zero":
            parts.append(_line(x(0), base + 17, x(0), base + 37, opacity=0.8))
        if overall.value is not None:
            parts.append(_line(x(overall.value), base + 17, x(overall.value), base + 37, colour=ODD, dash="3 2", width=1.5))
        parts += [_text(left, base + 12, _short(group.name), colour=INK), _text(right, base + 12, told(measure, figure), anchor="end")]
        if figure.value is not None:
            if figure.low is not None and figure.high is not None:
                parts.append(_line(x(figure.low), base + 27, x(figure.high), base + 27, colour=MET, width=3))
            parts.append(f'<circle cx="{x(figure.value):.1f}" cy="{base + 27}" r="5" fill="{MET}"/>')
    if overall.value is not None:
        parts.append(_text(left, bottom + 37, f"┊ all answers: {told(measure, overall)}", colour=ODD))
    words = "; ".join(f"{group.name}: {told(measure, figure)}" for group, figure in found)
    return _svg(bottom + 44, f"{measure.title} by group", f"All answers: {told(measure, overall)}; {words}.", parts)


def errors(answers: Iterable[MeasuredAnswer]) -> str:
    """How often the grader is how far from the examiners: a histogram of grader minus examiners, over all gradings."""
    found = [_within(score - answer.human, -100, 100) for answer in answers for score in answer.scores if score is not None]
    title = "How far single grades are from the examiners' scores"
    if not found:
        return _svg(40, title, "There is nothing to draw: no answer was graded.", [_text(WIDTH / 2, 24, "no grades", anchor="middle")])
    counts = Counter(floor((error + STEP / 2) / STEP) for error in found)
    reach = max(3, *(abs(place) for place in counts))
    left, right, top, height = 6, WIDTH - 6, 34, 150
    wide, most = (right - left) / (2 * reach + 1), max(counts.values())
    parts = [_line(left, top + height, right, top + height, opacity=0.5)]
    for place in range(-reach, reach + 1):
        tall = height * counts[place] / most
        colour = MET if place == 0 else BAD if place < 0 else ODD
        at = f'x="{left + wide * (place + reach) + 1:.1f}" y="{top + height - tall:.1f}" width="{wide - 2:.1f}" height="{tall:.1f}"'
        words = f"{STEP * place - STEP // 2:+d} to {STEP * place + STEP // 2:+d}: {counts[place]:,} of {len(found):,} gradings"
        parts.append(f'<rect {at} rx="2" fill="{colour}" fill-opacity="0.85"><title>{words.replace("-", "−")}</title></rect>')
        if place % max(1, ceil(reach / 3)) == 0:
            label = f"{STEP * place:+d}".replace("-", "−") if place else "0"
            parts.append(_text(left + wide * (place + reach + 0.5), top + height + 17, label, anchor="middle"))
    share = {sign: sum(n for place, n in counts.items() if (place > 0) - (place < 0) == sign) / len(found) for sign in (-1, 0, 1)}
    parts += [
        _text(left, 16, f"{_percent(share[-1])} lower", colour=BAD),
        _text(WIDTH / 2, 16, f"{_percent(share[0])} within 5 points", anchor="middle", colour=MET),
        _text(right, 16, f"{_percent(share[1])} higher", anchor="end", colour=ODD),
        _text(WIDTH / 2, top + height + 38, "Grader minus examiners, points of 100", anchor="middle", colour=INK),
    ]
    words = (
        f"Of {len(found):,} gradings {_percent(share[0])} are within 5 points of the examiners' score, {_percent(share[-1])} lower and "
        f"{_percent(share[1])} higher; from {min(found):+.0f} to {max(found):+.0f}."
    )
    return _svg(top + height + 46, title, words.replace("-", "−"), parts)


def bands(counts: Sequence[Sequence[int]]) -> str:
    """An HTML table: the examiners' band (rows) against the grader's (columns), the darker the larger its share of the row."""
    names = [band.value for band in Band]
    head = "".join(f'<th scope="col">{name}</th>' for name in names)
    rows = []
    for name, row in zip(names, counts, strict=False):
        whole = sum(row) or 1
        cells = "".join(_heat(count, count / whole, same=names[column] == name) for column, count in enumerate(row[: len(names)]))
        rows.append(f'<tr><th scope="row">{name}</th>{cells}</tr>')
    caption = "Answers by band: the examiners' in rows, the grader's in columns"
    return (
        f'<table class="heat"><caption>{caption}</caption><thead><tr><th scope="col">examiners ↓ grader →</th>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table>"
    )


def _heat(count: int, share: float, *, same: bool) -> str:
    ground = f"background:color-mix(in srgb,{MET if same else ODD} {round(60 * share)}%,transparent)"
    return f'<td class="num{" same" if same else ""}" style="{ground}">{count:,}<small>{_percent(share)}</small></td>'


def _bin_words(b: Bin) -> str:
    answers = f"{b.answers:,} answer{'' if b.answers == 1 else 's'}"
    return f"Examiners {written(SCORE, b.human)}, grader {told(MEASURES['mae'], b.grader)}, {answers}"


def _svg(height: float, title: str, desc: str, parts: Iterable[str]) -> str:
    named = f"<title>{shown(title)}</title><desc>{shown(desc)}</desc>"
    at = f'viewBox="0 0 {WIDTH} {height:.0f}" font-family="Inter, system-ui, sans-serif" font-size="12"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" role="img" {at}>{named}{"".join(parts)}</svg>'


def _text(x: float, y: float, text: str, *, anchor: str = "start", colour: str = QUIET) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">{shown(text)}</text>'


def _line(x1: float, y1: float, x2: float, y2: float, *, colour: str = INK, width: float = 1, dash: str = "", opacity: float = 1) -> str:
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    ends = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
    return f'<line {ends} stroke="{colour}" stroke-width="{width:g}" stroke-opacity="{opacity:g}"{dashed}/>'


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _within(value: float, low: float, high: float) -> float:
    return min(max(value, low), high)


def _scale(ends: Sequence[float]) -> tuple[float, float, float]:
    """Round ends of an axis that holds all of these, and the distance of its ticks."""
    low, high = min(ends, default=0.0), max(ends, default=1.0)
    raw = max(high - low, 0.01) / 4
    power = 10.0 ** floor(log10(raw))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= raw)
    first, last = floor(low / step), ceil(high / step)
    return step * first, step * max(last, first + 1), step


def _tick(measure: Measure, value: float) -> str:
    if measure.unit == "share":
        return f"{100 * value:.0f} %".replace("-", "−")
    return f"{value:{'+' if measure.better == 'zero' and value else ''}g}".replace("-", "−")


def _anchor(tick: float, ticks: Sequence[float]) -> str:
    return "start" if tick == ticks[0] else "end" if tick == ticks[-1] else "middle"


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1].rstrip()}…"
