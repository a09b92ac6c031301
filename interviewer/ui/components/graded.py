"""A graded answer: the candidate's words with marks, the points with verdict and quote. Untrusted text is escaped here."""

from __future__ import annotations

from html import escape

import streamlit as st

from interviewer.domain.grade import Grade, PointResult
from interviewer.domain.question import Kind, Point, PointKind
from interviewer.review.highlight import marks_of, pieces
from interviewer.review.report import Item
from interviewer.ui.components.words import VERDICTS


def answer_text(text: str, *, code: bool = False, grade: Grade | None = None) -> None:
    """The raw answer as text; with the evidence of each point marked when there is a grade."""
    body = []
    for piece in pieces(text, marks_of(grade) if grade else []):
        shown = escape(piece.text)
        if piece.marks:
            tone = next((m.tone for m in piece.marks if m.tone != "met"), "met")
            labels = f"<sup>{escape(', '.join(m.label for m in piece.ending))}</sup>" if piece.ending else ""
            title = escape(", ".join(f"{m.tone.replace('_', ' ')} {m.label}" for m in piece.marks))
            shown = f'<mark class="{tone}" title="{title}">{shown}{labels}</mark>'
        body.append(shown)
    style = "iv-answer code" if code else "iv-answer"
    st.html(f'<div class="{style}" tabindex="0" role="group" aria-label="Your answer">{"".join(body)}</div>')


def points(item: Item, grade: Grade) -> None:
    """Every point with its verdict, the quote and the reasoning; then what else was wrong or unsure."""
    by_id = {p.id: p for p in item.question.points}
    rows = [_point(number, by_id[r.point], r) for number, r in enumerate(grade.points, start=1)]
    listed = {m.id: m for m in item.question.misconceptions}
    for number, wrong in enumerate(grade.misconceptions, start=1):
        text = f"{listed[wrong.misconception].claim} In fact: {listed[wrong.misconception].correction}"
        rows.append(_row("contradicted", f"✗ Misconception M{number}", text, wrong.evidence.text, wrong.reasoning))
    rows += [_row("wrong", "✗ Wrong", claim.note, claim.evidence.text, "") for claim in grade.wrong]
    rows += [_row("unsure", "? Unsure", claim.note, claim.evidence.text, "") for claim in grade.unsure]
    st.html(f'<div class="iv-points" role="list">{"".join(rows)}</div>')


def _point(number: int, point: Point, result: PointResult) -> str:
    worth = "bonus" if point.kind is PointKind.BONUS else f"weight {point.weight}"
    label = f"{VERDICTS[result.verdict]} · {number}"
    quote = result.evidence.text if result.evidence else ""
    why = " ".join([result.reasoning, *(f"Note: {flag}." for flag in result.flags)])
    return _row(result.verdict.value, label, f"{point.claim} ({worth})", quote, why)


def _row(tone: str, label: str, text: str, quote: str, why: str) -> str:
    said = f'<div class="iv-why">You said: <q>{escape(_short(quote))}</q></div>' if quote else ""
    reason = f'<div class="iv-why">{escape(why.strip())}</div>' if why.strip() else ""
    return f'<div role="listitem"><span class="iv-verdict {tone}">{escape(label)}</span><div>{escape(text)}</div>{said}{reason}</div>'


def _short(text: str, most: int = 280) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[: most - 1].rstrip() + "…"


def is_code(item: Item) -> bool:
    """Whether the answer is shown in a monospace face."""
    return item.question.kind is Kind.CODING
