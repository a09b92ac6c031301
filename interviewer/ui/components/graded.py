"""A graded answer: the candidate's words with marks, the points with verdict and quote. Untrusted text is escaped here."""

from __future__ import annotations

from html import escape

import streamlit as st

from interviewer.domain.grade import Attempt, Evidence, FigureResult, Grade, PointResult, Verdict
from interviewer.domain.question import Kind, Point, PointKind
from interviewer.review.highlight import marks_of, pieces
from interviewer.review.report import CONFIDENCE, Item
from interviewer.ui.components.words import VERDICTS

TO_SAY = 2
"""Accepted wordings shown of a point that was not met."""


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
    """Every point with its verdict, quote, reasoning and flags; then what else was wrong, unsure, or said to the grader."""
    by_id = {p.id: p for p in item.question.points}
    rows = [_point(number, by_id[r.point], r) for number, r in enumerate(grade.points, start=1)]
    rows += [_figure(grade.figure)] if grade.figure else []
    listed = {m.id: m for m in item.question.misconceptions}
    for number, wrong in enumerate(grade.misconceptions, start=1):
        text = f"{listed[wrong.misconception].claim} In fact: {listed[wrong.misconception].correction}"
        rows.append(_row("contradicted", f"✗ Misconception M{number}", text, [_said(wrong.evidence), _why(wrong.reasoning)]))
    rows += [_row("wrong", "✗ Wrong", claim.note, [_said(claim.evidence)]) for claim in grade.wrong]
    rows += [_row("unsure", "? Unsure", claim.note, [_said(claim.evidence)]) for claim in grade.unsure]
    rows += [_attempt(attempt) for attempt in grade.attempts]
    st.html(f'<div class="iv-points" role="list">{"".join(rows)}</div>')


def _point(number: int, point: Point, result: PointResult) -> str:
    worth = "bonus" if point.kind is PointKind.BONUS else f"weight {point.weight}"
    label = f"{VERDICTS[result.verdict]} · {number}{CONFIDENCE[result.sure]}"
    below = [_said(result.evidence), _why(result.reasoning), _why("; ".join(result.flags), name="Note")]
    if result.second:
        below.append(_why(f"{VERDICTS[result.second.verdict]}. {result.second.reasoning}", name=f"Second opinion, {result.second.model}"))
    if result.verdict is not Verdict.MET and point.accept:
        below.append(_why(", or ".join(f"“{wording}”" for wording in point.accept[:TO_SAY]), name="What would have counted"))
    return _row(result.verdict.value, label, f"{point.claim} ({worth})", below)


def _figure(figure: FigureResult) -> str:
    tone, label = ("met", "✓ Figure") if figure.right else ("not_met", "○ Figure")
    text = f"Asked for: {figure.wanted}. " + (
        "Yours is within that." if figure.right else "Yours is not." if figure.said else "Code could read none of that kind in your answer."
    )
    return _row(tone, label, text, [_said(figure.evidence)])


def _attempt(attempt: Attempt) -> str:
    text = "This reads as if it spoke to the grader. It is no answer, and by itself it costs you nothing."
    return _row("unsure", "@ To the grader", text, [_said(attempt.evidence), _why(attempt.note)])


def _row(tone: str, label: str, text: str, below: list[str]) -> str:
    return f'<div role="listitem"><span class="iv-verdict {tone}">{escape(label)}</span><div>{escape(text)}</div>{"".join(below)}</div>'


def _said(evidence: Evidence | None) -> str:
    return f'<div class="iv-why">You said: <q>{escape(_short(evidence.text))}</q></div>' if evidence else ""


def _why(text: str, *, name: str = "") -> str:
    """A quiet line, with what it is in front; nothing for nothing."""
    label = f"<b>{escape(name)}:</b> " if name else ""
    return f'<div class="iv-why">{label}{escape(text.strip())}</div>' if text.strip() else ""


def _short(text: str, most: int = 280) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[: most - 1].rstrip() + "…"


def is_code(item: Item) -> bool:
    """Whether the answer is shown in a monospace face."""
    return item.question.kind is Kind.CODING
