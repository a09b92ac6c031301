"""A session as a file: Markdown to read, JSON to process. Untrusted text stays text in both."""

from __future__ import annotations

import json

from interviewer.domain.grade import Grade, Ungraded, Verdict
from interviewer.review.report import CAUSES, CONFIDENCE, Average, Item, Progress, Report, time_used
from interviewer.text.markdown import fenced, inline, plain

FORMAT = "interviewer-session-1"
VERDICTS = {
    Verdict.MET: "met",
    Verdict.NOT_MET: "missed",
    Verdict.CONTRADICTED: "contradicted",
    Verdict.CANNOT_ASSESS: "could not be assessed",
}
PROGRESS = {
    Progress.NOT_REACHED: "not reached",
    Progress.OPEN: "not answered yet",
    Progress.PENDING: "not graded yet",
    Progress.FAILED: "not graded",
}


def to_json(report: Report) -> str:
    """The session as data, without its link: interview, questions as asked, answers, all gradings."""
    interview = report.interview.model_dump(mode="json", exclude={"id", "owner_id", "version"})
    content = {
        "format": FORMAT,
        "interview": interview,
        "overall": _average(report.overall) if report.readable else None,
        "questions": [
            {
                "number": item.number + 1,
                "progress": item.progress.value,
                "question": item.question.model_dump(mode="json") if report.revealed(item) else None,
                "answer": None
                if item.answer is None
                else {
                    "text": item.answer.text,
                    "cause": item.answer.cause.value,
                    "submitted_at": item.answer.submitted_at.isoformat(),
                    "seconds_used": item.answer.used,
                    "hints_taken": item.answer.hints,
                },
                "gradings": [
                    {
                        "grader": g.request.grader,
                        "attempt": g.request.attempt,
                        "outcome": g.outcome.model_dump(mode="json") if g.outcome else None,
                    }
                    for g in item.gradings
                    if report.revealed(item)
                ],
            }
            for item in report.items
        ],
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def to_markdown(report: Report) -> str:
    """The graded transcript."""
    interview = report.interview
    lines = [
        f"# {interview.track_name} interview, {interview.created_at:%d %B %Y, %H:%M} UTC",
        "",
        f"{interview.mode.value} mode, pace {interview.pace.value}, {len(interview.turns)} questions",
        "",
        f"**Overall: {score_line(report.overall)}**" if report.readable else "Not finished yet.",
    ]
    if report.not_reached:
        lines += ["", f"Not reached: {report.not_reached} (left out of the average)"]
    for item in report.items:
        if report.revealed(item):
            lines += ["", *_item(item)]
        else:
            lines += ["", f"## {item.number + 1}. Not read yet"]
    return "\n".join(lines) + "\n"


def score_line(average: Average) -> str:
    """ "72 of 100, solid (estimate); 1 not graded yet"."""
    missing = f"; {average.missing} not graded" if average.missing else ""
    if average.score is None or average.band is None:
        return f"no grade yet{missing}"
    label = " (estimate by the built-in grader)" if average.estimate else ""
    return f"{average.score:.0f} of 100, {average.band.value}{label}, over {average.graded} answers{missing}"


def _item(item: Item) -> list[str]:
    heading = f"## {item.number + 1}. {item.question.question}"
    facts = f"{item.question.topic.title} · {item.question.difficulty.value} · {item.question.kind.value}"
    if item.answer is None:
        return [heading, "", facts, "", f"*{PROGRESS[item.progress]}*"]
    lines = [heading, "", f"{facts} · time used {time_used(item.turn)} · {CAUSES[item.answer.cause]}", "", "### Your answer", ""]
    lines += [fenced(item.answer.text) if item.answer.text.strip() else "*No answer.*", ""]
    outcome = item.outcome
    if isinstance(outcome, Grade):
        lines += _grade(item, outcome)
    elif isinstance(outcome, Ungraded):
        lines += [f"**Not graded:** {plain(outcome.sentence)}", ""]
    else:
        lines += ["**Not graded yet.**", ""]
    return [*lines, "### Reference answer", "", item.question.reference_answer]


def _grade(item: Item, grade: Grade) -> list[str]:
    label = " (estimate)" if grade.estimate else ""
    lines = [f"**Score: {grade.score:.0f} of 100, {grade.band.value}{label}**", ""]
    if grade.gate:
        lines += [grade.gate, ""]
    claims = {point.id: point for point in item.question.points}
    for result in grade.points:
        point = claims[result.point]
        bonus = " (bonus)" if point.kind.value == "bonus" else ""
        lines.append(f"- **{VERDICTS[result.verdict]}{CONFIDENCE[result.sure]}**{bonus}: {point.claim}")
        if result.evidence:
            lines.append(f"  - your words: {inline(result.evidence.text)}")
        if result.reasoning:
            lines.append(f"  - {plain(result.reasoning)}")
        lines += [f"  - note: {plain(flag)}" for flag in result.flags]
        if result.second:
            lines.append(
                f"  - second opinion ({plain(result.second.model)}): {VERDICTS[result.second.verdict]}. {plain(result.second.reasoning)}"
            )
    listed = {m.id: m for m in item.question.misconceptions}
    for wrong in grade.misconceptions:
        lines.append(f"- **misconception**: {inline(wrong.evidence.text)}: {listed[wrong.misconception].correction}")
    for claim in grade.wrong:
        lines.append(f"- **wrong**: {inline(claim.evidence.text)}: {plain(claim.note)}")
    for claim in grade.unsure:
        lines.append(f"- **unsure**: {inline(claim.evidence.text)}: {plain(claim.note)}")
    if grade.figure:
        said = inline(grade.figure.said) if grade.figure.said else "none"
        lines.append(
            f"- **figure**: asked for {plain(grade.figure.wanted)}; yours: {said} ({'right' if grade.figure.right else 'not right'})"
        )
    for attempt in grade.attempts:
        lines.append(f"- **addressed to the grader**: {inline(attempt.evidence.text)} {plain(attempt.note)}")
    lines += [f"- *{plain(note)}*" for note in grade.notes]
    advice = ["", f"**Worth most:** {plain(grade.advice)}"] if grade.advice else []
    source = grade.provenance
    told = f"Graded by {plain(source.model) or 'no model'} ({source.grader}), {source.policy}, {source.graded_at:%Y-%m-%d %H:%M} UTC."
    return [*lines, *advice, "", f"*{told}*", ""]


def _average(average: Average) -> dict[str, object]:
    return {
        "score": average.score,
        "band": average.band.value if average.band else None,
        "graded": average.graded,
        "not_graded": average.missing,
        "estimate": average.estimate,
    }
