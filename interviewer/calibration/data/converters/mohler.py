"""Tables after Mohler et al. (ACL 2011), the "Texas" set, to rows: one answer a line with its question, 0–5 by two graders and their mean.

The set is passed around under several headers, which `COLUMNS` lists. Its ids name questions; some copies have read them as numbers,
so that 12.1 and 12.10 became one. Two questions with one id are told apart by their texts.
"""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from interviewer.calibration.data.converters.sources import (
    Converted,
    Fields,
    Unusable,
    converted,
    files,
    filled,
    name_from,
    name_of,
    needed,
    number,
    one_paragraph,
    read_text,
)

HIGHEST = 5.0
COLUMNS = {
    "id": ("id", "question_id", "qid"),
    "question": ("question", "question_text"),
    "reference answer": ("desired_answer", "instructor_answer", "reference_answer", "model_answer", "ideal_answer"),
    "answer": ("student_answer", "provided_answer", "answer", "response"),
    "score": ("score_avg", "avg_score", "average", "score", "grade"),
}
"""What a column is called in one copy or another; the first that is there counts."""
ANNOTATORS = {"score_me": "me", "score_other": "other", "score_grader_1": "grader_1", "score_grader_2": "grader_2"}
"""Columns of single graders, and their names in the row."""


@dataclass(frozen=True, kw_only=True)
class _Line:
    """A line's cells by what they are, or by the name of the grader."""

    number: int
    cells: Mapping[str, str]


def convert(source: Path) -> Converted:
    """Rows of the dataset `mohler` from a table with a header, separated by commas, semicolons or tabs.

    The score is the mean the table states, or else that of its graders. Raises `DataError` if nothing can be used.
    """
    problems: list[str] = []
    rows: list[Fields] = []
    for path in files(source, {".csv", ".tsv"}):
        name = name_of(path, source)
        try:
            lines = _lines(read_text(path), name, problems)
        except Unusable as error:
            problems.append(f"{name}: {error}")
        else:
            rows += _rows(lines, name, problems)
    return converted(source, rows, problems)


def _lines(text: str, name: str, problems: list[str]) -> list[_Line]:
    """The lines below the header that have as many cells as it has. Raises `Unusable` for a header that lacks a column."""
    records = _records(text, name, problems)
    _, header = next(records, (0, []))
    columns = _columns(header)
    lines = []
    for place, cells in records:
        if len(cells) == len(header):
            lines.append(_Line(number=place, cells={what: cells[column].strip() for what, column in columns.items()}))
        else:
            problems.append(f"{name}, line {place}: it has {len(cells)} cells, and the header {len(header)}")
    return lines


def _records(text: str, name: str, problems: list[str]) -> Iterator[tuple[int, list[str]]]:
    """The records that are not empty, and the lines on which they begin. The header tells the separator: what it has most of."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count), strict=True)
    while True:
        place = reader.line_num + 1
        try:
            record = next(reader, None)
        except csv.Error as error:
            problems.append(
                f"{name}, lines {place} to {reader.line_num}: the quotation marks or separators are not those of a table ({error})"
            )
            continue
        if record is None:
            return
        if any(cell.strip() for cell in record):
            yield place, record


def _columns(header: list[str]) -> dict[str, int]:
    """In which column each thing stands. Raises `Unusable` if there is none for something needed."""
    called = [name.strip().casefold().replace(" ", "_").replace("-", "_") for name in header]
    found = {what: called.index(name) for what, names in COLUMNS.items() if (name := next((n for n in names if n in called), ""))}
    graders = {who: called.index(name) for name, who in ANNOTATORS.items() if name in called}
    optional = {"id", "score"} if graders else {"id"}
    missing = [f"{what} ({' or '.join(names)})" for what, names in COLUMNS.items() if what not in found and what not in optional]
    if missing:
        raise Unusable(f"its header has no column for {', '.join(missing)}")
    return found | graders


def _rows(lines: list[_Line], name: str, problems: list[str]) -> list[Fields]:
    ids = Counter(line.cells.get("id", "") for line in lines)
    of_questions = max(ids.values(), default=0) > 1
    names: dict[str, str] = {}
    seen: dict[str, int] = defaultdict(int)
    rows = []
    for line in lines:
        question = one_paragraph(line.cells["question"])
        id_ = line.cells.get("id", "")
        if question not in names:
            names[question] = id_ if of_questions and id_ and id_ not in names.values() else name_from(question)
        seen[question] += 1
        answer_id = id_ if id_ and not of_questions else f"{names[question]}:{seen[question]}"
        try:
            rows.append(_row(line.cells, question=question, question_id=names[question], answer_id=answer_id))
        except Unusable as error:
            problems.append(f"{name}, line {line.number}: {error}")
    return rows


def _row(cells: Mapping[str, str], *, question: str, question_id: str, answer_id: str) -> Fields:
    annotators = {who: number(cells[who], f"score by “{who}”", most=HIGHEST) for who in ANNOTATORS.values() if cells.get(who)}
    stated = cells.get("score", "")
    return filled(
        {
            "dataset": "mohler",
            "answer_id": answer_id,
            "question_id": question_id,
            "question": needed(question, "question"),
            "reference_answer": needed(cells["reference answer"], "reference answer"),
            "answer": needed(cells["answer"], "answer"),
            "score": fmean(annotators.values()) if annotators and not stated else number(stated, "score", most=HIGHEST),
            "max_score": HIGHEST,
            "scores_by_annotator": annotators,
        }
    )
