"""What the models cannot see: the rules of writing. `interviewer bank check` prints what this finds."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from rapidfuzz import fuzz

from interviewer.bank.load import Bank, Problem
from interviewer.domain.question import Difficulty, Kind, Question, Topic
from interviewer.text.words import words

SHORTEST, LONGEST = 80, 350
SAME = 95.0


def schema() -> str:
    """The JSON schema of a question file, as question_bank/schema.json holds it."""
    return json.dumps(Question.model_json_schema(), indent=2, ensure_ascii=False) + "\n"


def check(bank: Bank, folder: Path) -> list[Problem]:
    """Problems of loading, then of each question, then of the bank as a whole."""
    problems = list(bank.problems)
    for question in bank.questions.values():
        file = f"{question.topic.value}/{question.id}.yaml"
        problems += [Problem(file=file, field=field, expected=expected) for field, expected in lint(question)]
    schema_file = folder / "schema.json"
    if not schema_file.is_file() or schema_file.read_text("utf-8", errors="replace") != schema():
        problems.append(Problem(file="schema.json", field="", expected="what the models generate: run `interviewer bank schema`"))
    return [*problems, *_same_questions(bank)]


def lint(question: Question) -> Iterator[tuple[str, str]]:
    """Field and expectation of each rule this question breaks."""
    prose = re.sub(r"```.*?```", " ", question.reference_answer, flags=re.S)
    count = len(words(prose))
    shortest = 30 if question.kind in (Kind.BEHAVIOURAL, Kind.CODING) else SHORTEST
    longest = 450 if question.kind in (Kind.BEHAVIOURAL, Kind.CODING) else LONGEST
    if not shortest <= count <= longest:
        yield "reference_answer", f"{shortest} to {longest} words; this one has {count}"
    behavioural = question.kind is Kind.BEHAVIOURAL
    most = 9 if behavioural else 8
    if len(question.required) > most:
        yield "points", f"at most {most} required points"
    if len(question.points) - len(question.required) > 3:
        yield "points", "at most 3 bonus points"
    for number, point in enumerate(question.points):
        if not behavioural and len(point.accept) < 3:
            yield f"points.{number}.accept", f"three or more wordings that count for “{point.id}”"
        if not behavioural and len(point.reject) < 2:
            yield f"points.{number}.reject", f"two or more near misses of “{point.id}”"
        if set(point.accept) & set(point.reject):
            yield f"points.{number}", "no wording in both accept and reject"
    if not question.misconceptions and not behavioural:
        yield "misconceptions", "at least one"
    if not question.references and not behavioural:
        yield "references", "at least one paper, specification or documentation page"


def _same_questions(bank: Bank) -> Iterator[Problem]:
    found = sorted(bank.questions.values(), key=lambda q: q.id)
    for index, first in enumerate(found):
        for second in found[index + 1 :]:
            if fuzz.token_sort_ratio(first.question.lower(), second.question.lower()) >= SAME:
                yield Problem(file=f"{second.topic.value}/{second.id}.yaml", field="question", expected=f"another question than {first.id}")


def statistics(bank: Bank) -> str:
    """A table of topics by difficulty, as text."""
    counts = Counter((q.topic, q.difficulty) for q in bank.questions.values())
    levels = list(Difficulty)
    lines = [f"{'topic':26}" + "".join(f"{level.value:>14}" for level in levels) + f"{'all':>7}"]
    for topic in Topic:
        row = [counts[topic, level] for level in levels]
        lines.append(f"{topic.value:26}" + "".join(f"{n:>14}" for n in row) + f"{sum(row):>7}")
    totals = [sum(counts[topic, level] for topic in Topic) for level in levels]
    lines.append(f"{'all':26}" + "".join(f"{n:>14}" for n in totals) + f"{sum(totals):>7}")
    kinds = Counter(q.kind.value for q in bank.questions.values())
    lines.append("kinds: " + ", ".join(f"{kind} {n}" for kind, n in sorted(kinds.items())))
    lines.append(
        f"points: {sum(len(q.points) for q in bank.questions.values())}, files with problems: {len({p.file for p in bank.problems})}"
    )
    return "\n".join(lines)
