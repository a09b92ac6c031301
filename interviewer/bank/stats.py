"""What the bank holds, as tables: `interviewer bank stats` prints them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from statistics import median

from interviewer.bank.load import Bank
from interviewer.domain.question import Difficulty, Kind, Question, Topic
from interviewer.domain.sources import Document, place

LEVELS, KINDS = list(Difficulty), list(Kind)


def statistics(bank: Bank) -> str:
    """Topics by difficulty and minutes, topics by kind, difficulty by kind and minutes, what is covered of the documents, and totals."""
    asked = list(bank.questions.values())
    points = sum(len(q.points) for q in asked)
    own = sum(not q.sources for q in asked)
    last = f"{len(asked)} questions, {own} of them our own, {points} points, files with problems: {len({p.file for p in bank.problems})}"
    tables = (by_topic(asked), kinds_by_topic(asked), kinds_by_level(asked), coverage(asked))
    return "\n\n".join([*map(_table, tables), last])


def by_topic(asked: Sequence[Question]) -> list[list[str]]:
    """A row for each topic: its questions at each level, all of them, and the minutes that they take."""
    rows = [["topic", *LEVELS, "all", "minutes"]]
    for topic in [*Topic, None]:
        here = [q for q in asked if topic in (q.topic, None)]
        levels = Counter(q.difficulty for q in here)
        rows.append([topic or "all", *(str(levels[level]) for level in LEVELS), str(len(here)), str(sum(q.minutes for q in here))])
    return rows


def kinds_by_topic(asked: Sequence[Question]) -> list[list[str]]:
    """A row for each topic: its questions of each kind."""
    rows = [["topic", *KINDS]]
    for topic in [*Topic, None]:
        kinds = Counter(q.kind for q in asked if topic in (q.topic, None))
        rows.append([topic or "all", *(str(kinds[kind]) for kind in KINDS)])
    return rows


def kinds_by_level(asked: Sequence[Question]) -> list[list[str]]:
    """A row for each level: questions of each kind with their median minutes, and how many have a figure checked by code."""
    rows = [["number × median minutes", *KINDS, "all", "figures"]]
    for level in [*LEVELS, None]:
        here = [q for q in asked if level in (q.difficulty, None)]
        cells = [_times([q.minutes for q in here if q.kind is kind]) for kind in KINDS]
        rows.append([level or "all", *cells, _times([q.minutes for q in here]), str(sum(q.number is not None for q in here))])
    return rows


def _times(minutes: Sequence[int]) -> str:
    return f"{len(minutes)} × {median(minutes):g}" if minutes else "–"


def coverage(asked: Iterable[Question]) -> list[list[str]]:
    """A row for each document: how many of its questions the bank covers."""
    covered = {place(source) for q in asked for source in q.sources}
    rows = [["document", "covered", "questions", "share"]]
    for document in [*Document, None]:
        found = sum(p.exists and document in (p.document, None) for p in covered)
        whole = document.rows if document else sum(d.rows for d in Document)
        rows.append([document or "all", str(found), str(whole), f"{found / whole:.0%}"])
    return rows


def _table(rows: Sequence[Sequence[str]]) -> str:
    """First column to the left, the others to the right, each as wide as its widest cell."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join("  ".join([row[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True))]) for row in rows)
