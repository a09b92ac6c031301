"""One question of a session under review: answer, verdicts, advice, reference, provenance, retry."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import streamlit as st

from interviewer.domain.grade import Grade, Ungraded
from interviewer.domain.question import Question
from interviewer.ports import GraderName
from interviewer.review.cost import paid
from interviewer.review.report import CAUSES, Item, Progress, time_allowed, time_used
from interviewer.ui.components import graded
from interviewer.ui.components.words import LEVELS, alert_html, count


def label(item: Item) -> str:
    """The heading of a question in a list of expanders."""
    if item.grade:
        state = f"{item.grade.score:.0f} · {item.grade.band.value}{' (estimate)' if item.grade.estimate else ''}"
    else:
        state = {
            Progress.PENDING: "being graded…",
            Progress.FAILED: "not graded",
            Progress.NOT_REACHED: "not reached",
        }.get(item.progress, "open")
    return f"**{item.number + 1}.** {item.question.question}  —  **{state}**"


def show(item: Item, *, regrade: Callable[[GraderName], None], model_set: bool, reference: bool = True) -> None:
    """Draw everything about one question. `regrade` gets the grader to ask again."""
    used = f"time used {time_used(item.turn)}{time_allowed(item.turn)}" if item.answer else "not reached"
    cause = f" · {CAUSES[item.answer.cause]}" if item.answer else ""
    hints = f" · hints taken: {item.answer.hints}" if item.answer and item.answer.hints else ""
    st.caption(f"{item.question.topic.title} · {LEVELS[item.question.difficulty]} · {item.question.kind.value} · {used}{cause}{hints}")
    if item.answer and item.answer.text.strip():
        st.markdown("###### Your answer")
        graded.answer_text(item.answer.text, code=graded.is_code(item), grade=item.grade)
    if item.progress is Progress.PENDING:
        st.info("Being graded. This page fills in by itself.", icon=":material/hourglass_top:")
    elif isinstance(item.outcome, Ungraded):
        _failed(item, item.outcome, regrade=regrade, model_set=model_set)
    elif isinstance(item.outcome, Grade):
        _grade(item, item.outcome)
        if item.outcome.estimate and model_set and st.button("Grade with the model", key=f"model-{item.number}"):
            regrade("llm")
    if reference:
        reference_answer(item.question, key=f"ref-{item.number}")
    if item.gradings:
        _provenance(item)


def _grade(item: Item, grade: Grade) -> None:
    if grade.gate:
        st.info(f"{grade.gate} It scores 0.", icon=":material/block:")
    if grade.advice:
        st.html(f'<p class="iv-quiet" style="margin:0">The one change worth most</p><p>{escape(grade.advice)}</p>')
    for note in grade.notes:
        st.html(alert_html("Note.", note, tone="quiet"))
    st.markdown("###### Point by point" + (" · estimate" if grade.estimate else ""))
    graded.points(item, grade)


def _failed(item: Item, outcome: Ungraded, *, regrade: Callable[[GraderName], None], model_set: bool) -> None:
    st.html(alert_html("Not graded.", outcome.sentence))
    with st.container(horizontal=True):
        if model_set and st.button("Try again", key=f"again-{item.number}"):
            regrade("llm")
        if st.button("Take the built-in estimate", key=f"estimate-{item.number}"):
            regrade("embedded")


def reference_answer(question: Question, *, key: str) -> None:
    """The reference answer and where to read more."""
    with st.expander("Reference answer", key=key):
        st.markdown(question.reference_answer)
        if question.references:
            st.markdown("**Read more**")
            for source in question.references:
                st.markdown(f"- [{source.title}]({source.url})")
        st.caption(f"Checked {question.as_of}")


def _provenance(item: Item) -> None:
    with st.popover("Where this grade comes from", type="tertiary"):
        for grading in reversed(item.gradings):
            outcome = grading.outcome
            if outcome is None:
                st.text(f"Attempt {grading.request.attempt + 1}: being graded")
                continue
            source = outcome.provenance
            used = source.usage
            facts = {
                "attempt": grading.request.attempt + 1,
                "graded by": f"{source.grader} {source.model}".strip(),
                "endpoint": source.endpoint,
                "prompts": ", ".join(f"{name} {sha[:12]}" for name, sha in source.prompts.items()),
                "policy": source.policy,
                "when": f"{source.graded_at:%Y-%m-%d %H:%M:%S} UTC",
                "question": f"{source.question_id} {source.question_sha256[:12]}",
                "time": f"{source.latency_ms / 1000:.1f} s in {count(source.calls, 'call')}" if source.calls else "",
                "tokens": f"{used.prompt} in, {used.completion} out, {used.cached or 0} cached" if used.prompt is not None else "",
                "cost": paid(source),
                "removed or replaced": ", ".join(f"{n} {kind}" for kind, n in source.dropped.items()),
                "result": outcome.reason.value if isinstance(outcome, Ungraded) else f"{outcome.score:.1f}",
            }
            st.text("\n".join(f"{name}: {value}" for name, value in facts.items() if value != ""))
            if source.raw_reply:
                st.code(source.raw_reply, language=None, wrap_lines=True, height=200)
