"""Answers ready to be graded: each with its question, its rubric, and what people said of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from interviewer.calibration.data.graded_set import GradedAnswer
from interviewer.calibration.data.open_question import OpenQuestion, open_question
from interviewer.calibration.data.rows import GivenPoint, Row, Rows, bank_problem
from interviewer.domain.grade import Verdict
from interviewer.domain.question import Question
from interviewer.domain.scoring import POLICY_1

Points = Callable[[Row], Sequence[GivenPoint]]
"""The points of a row that brings a question without any."""


@dataclass(frozen=True, kw_only=True)
class Human:
    """What people said of an answer: `score` 0–100 (the mean, where several scored), each annotator's, and verdicts by annotator."""

    score: float
    by_annotator: tuple[float, ...] = ()
    verdicts: tuple[Mapping[str, Verdict], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Item:
    """An answer to grade. `line`: where it stands in its file; `groups`: what it is counted under, by dimension."""

    line: int
    answer_id: str
    question_id: str
    question: Question
    text: str
    groups: Mapping[str, str]
    human: Human | None = None


@dataclass(frozen=True, kw_only=True)
class Items:
    """What can be graded, and what cannot and why."""

    items: tuple[Item, ...]
    problems: tuple[str, ...]


def of_rows(rows: Rows, bank: Mapping[str, Question], points: Points) -> Items:
    """The items of a file's rows; `points` is asked for a question that comes without."""
    items: list[Item] = []
    problems = list(rows.problems)
    opened: dict[str, OpenQuestion] = {}
    for numbered in rows.rows:
        row = numbered.row
        try:
            question = _opened(row, points, opened) if row.is_open else bank.get(row.question_id or "")
            problem = bank_problem(row, bank) or (_unknown_points(row, question) if question else "")
        except ValidationError as error:
            question, problem = None, f"the points cannot be used: {error.errors(include_url=False, include_input=False)[0]['msg']}"
        if problem or question is None:
            problems.append(f"{rows.name}, line {numbered.line}: {problem}")
            continue
        items.append(_item(numbered.line, row, question))
    return Items(items=tuple(items), problems=tuple(problems))


def _opened(row: Row, points: Points, known: dict[str, OpenQuestion]) -> OpenQuestion:
    """One question for all rows with the same text, reference and points."""
    key = repr(row.rubric_key)
    if key not in known:
        known[key] = open_question(row, row.points or points(row))
    return known[key]


def _unknown_points(row: Row, question: Question) -> str:
    ids = {p.id for p in question.points}
    for annotator, said in row.verdicts_by_annotator.items():
        if said.keys() != ids:
            return f"the verdicts of “{annotator}” do not decide exactly the points of the question"
    return ""


def _item(line: int, row: Row, question: Question) -> Item:
    open_groups = {"kind": row.kind, "difficulty": row.difficulty}
    own_groups = {"kind": question.kind.value, "difficulty": question.difficulty.value}
    groups = (open_groups if row.is_open else own_groups) | {"split": row.split, "level": row.level}
    return Item(
        line=line,
        answer_id=row.answer_id,
        question_id=row.question_id or question.id,
        question=question,
        text=row.answer,
        groups={name: value for name, value in groups.items() if value},
        human=_human(row, question),
    )


def _human(row: Row, question: Question) -> Human | None:
    """Scores on 0–100. Where there are verdicts only, code adds them up, as it does for a grader."""
    verdicts = tuple(row.verdicts_by_annotator.values())
    scale = row.max_score or 1.0
    each = tuple(_of_hundred(mark, scale) for mark in row.scores_by_annotator.values())
    each = each or tuple(POLICY_1.score(question, said) or 0.0 for said in verdicts)
    if row.score is not None:
        return Human(score=_of_hundred(row.score, scale), by_annotator=each, verdicts=verdicts)
    return Human(score=sum(each) / len(each), by_annotator=each, verdicts=verdicts) if each else None


def _of_hundred(mark: float, scale: float) -> float:
    """Rounded, so that 0.66 of 1.1 is 60 and not a hair below the band."""
    return round(100 * mark / scale, 9)


def of_graded_set(answers: Iterable[GradedAnswer]) -> tuple[Item, ...]:
    """The project's own set, numbered in its order."""
    return tuple(
        Item(
            line=number,
            answer_id=answer.id,
            question_id=answer.question.id,
            question=answer.question,
            text=answer.text,
            groups={"kind": answer.question.kind.value, "difficulty": answer.question.difficulty.value, "level": answer.level.value},
            human=Human(
                score=sum(answer.scores) / len(answer.scores),
                by_annotator=answer.scores,
                verdicts=tuple(labels.verdicts for labels in answer.labels),
            ),
        )
        for number, answer in enumerate(answers, start=1)
    )
