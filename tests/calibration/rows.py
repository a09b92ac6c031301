"""Rows of answers for tests, and the files they stand in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

REFERENCE = "A cache keeps results of earlier requests near the reader. It makes repeated reads fast, but it can serve stale data."


def open_row(answer: str = "It keeps results near the reader.", **changes: Any) -> dict[str, Any]:
    """A row with a question of its own."""
    return {"question": "What is a cache?", "reference_answer": REFERENCE, "answer": answer} | changes


def scored(answer: str, score: float, **changes: Any) -> dict[str, Any]:
    """The same, with people's score of 5."""
    return open_row(answer, question_id="cache", score=score, max_score=5) | changes


def write(path: Path, rows: list[dict[str, Any] | str]) -> Path:
    """One row a line; a text stands as it is."""
    path.write_text("".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows), "utf-8")
    return path


def lines(path: Path) -> list[dict[str, Any]]:
    """What stands in a JSONL file."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
