"""What the models cannot see: the rules of writing. `interviewer bank check` prints what this finds."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

from rapidfuzz import fuzz

from interviewer.bank.duplicates import near_pairs
from interviewer.bank.load import OVERLAPS, Bank, Problem
from interviewer.domain.question import Kind, Point, Question
from interviewer.domain.sources import place
from interviewer.grading.figures import states_right_figure, wanted_words
from interviewer.ports import Similarity
from interviewer.text.words import NEGATORS, stem, words

SHORTEST, LONGEST = 80, 350
SAME = 95.0
FILLERS = frozenset("a an the that very also".split())


def schema() -> str:
    """The JSON schema of a question file, as question_bank/schema.json holds it."""
    return json.dumps(Question.model_json_schema(), indent=2, ensure_ascii=False) + "\n"


def check(bank: Bank, folder: Path, similarity: Similarity) -> list[Problem]:
    """Problems of loading, then of each question, then of the bank as a whole. Raises `ModelError`."""
    problems = list(bank.problems)
    for question in bank.questions.values():
        file = f"{question.topic.value}/{question.id}.yaml"
        problems += [Problem(file=file, field=field, expected=expected) for field, expected in lint(question)]
    schema_file = folder / "schema.json"
    if not schema_file.is_file() or schema_file.read_text("utf-8", errors="replace") != schema():
        problems.append(Problem(file="schema.json", field="", expected="what the models generate: run `interviewer bank schema`"))
    return [*problems, *_near_questions(bank, similarity)]


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
        if any(says_the_same(wording, near) for wording in point.accept for near in point.reject):
            yield f"points.{number}", "no wording in both accept and reject"
    if not question.misconceptions and not behavioural:
        yield "misconceptions", "at least one"
    if not question.references and not behavioural:
        yield "references", "at least one paper, specification or documentation page"
    for number, source in enumerate(question.sources):
        if not place(source).exists:
            yield f"sources.{number}", f"a row that {place(source).document.value} has: 1 to {place(source).document.rows}"
    yield from _contradictions(question)
    yield from _figure(question)


def says_the_same(first: str, second: str) -> bool:
    """Whether the same words stand in nearly the same order, but for articles and endings; "before" for "after" is another statement."""
    one, other = ([stem(word) for word in words(text) if word not in FILLERS] for text in (first, second))
    return set(one) == set(other) and fuzz.ratio(" ".join(one), " ".join(other)) >= SAME and _turns(first) == _turns(second)


def _turns(text: str) -> tuple[int, list[str]]:
    """Negations and the signs that `words` leaves out: what a statement can be turned round by."""
    negations = sum(word in NEGATORS or word.endswith("n't") for word in words(text))
    return negations, re.findall(r"[<>=+*/^%\u2264\u2265\u2260\u2212\u00d7]", text)


def _contradictions(question: Question) -> Iterator[tuple[str, str]]:
    """Points that say the same twice, and words that earn credit in one place and cost some in another."""
    for number, point in enumerate(question.points):
        for earlier in question.points[:number]:
            if says_the_same(point.claim, earlier.claim):
                yield f"points.{number}.claim", f"another claim than that of “{earlier.id}”"
        for wrong in question.misconceptions:
            if says_the_same(point.claim, wrong.claim):
                yield f"points.{number}.claim", f"another claim than the misconception “{wrong.id}”"
            for index, wording in enumerate(point.accept):
                if says_the_same(wording, wrong.claim):
                    yield f"points.{number}.accept.{index}", f"another wording than the misconception “{wrong.id}”"


def _figure(question: Question) -> Iterator[tuple[str, str]]:
    """The figure that code looks for stands wherever it has to, and nowhere it must not."""
    if question.number is None:
        return
    wanted = wanted_words(question.number)
    if states_right_figure(question, question.reference_answer) is not True:
        yield "reference_answer", f"the figure that `number` asks for, {wanted}"
    for field, texts in (("question", (question.question,)), ("hints", question.hints)):
        if any(states_right_figure(question, text) for text in texts):
            yield field, f"no figure that answers the question ({wanted})"
    if question.number.point is None:
        yield "number.point", "the id of the point that states the figure"
    for number, point in enumerate(question.points):
        if point.id == question.number.point:
            yield from _figure_of(question, number, point, wanted)


def _figure_of(question: Question, number: int, point: Point, wanted: str) -> Iterator[tuple[str, str]]:
    if states_right_figure(question, point.claim) is not True:
        yield f"points.{number}.claim", f"the figure {wanted}"
    for index, wording in enumerate(point.accept):
        if states_right_figure(question, wording) is not True:
            yield f"points.{number}.accept.{index}", f"the figure {wanted}, for the point earns nothing with a wrong one"
    for index, wording in enumerate(point.reject):
        if states_right_figure(question, wording):
            yield f"points.{number}.reject.{index}", f"no figure that is right ({wanted})"


def _near_questions(bank: Bank, similarity: Similarity) -> Iterator[Problem]:
    """Questions near each other are one question too many, or a person has told them apart in overlaps.toml."""
    for number, overlap in enumerate(bank.overlaps, start=1):
        for unknown in sorted({*overlap.questions} - {*bank.questions}):
            yield Problem(file=f"{OVERLAPS}, overlap {number}", field="questions", expected=f"ids of the bank; there is no “{unknown}”")
    told_apart = {frozenset(pair) for overlap in bank.overlaps for pair in combinations(overlap.questions, 2)}
    for pair in near_pairs(list(bank.questions.values()), similarity):
        if {pair.first, pair.second} not in told_apart:
            how = f"words {pair.words:.2f}, meaning {pair.meaning:.2f}"
            yield Problem(
                file=f"{bank.question(pair.second).topic.value}/{pair.second}.yaml",
                field="question",
                expected=f"another question than {pair.first} ({how}): merge the two, or say in {OVERLAPS} what tells them apart",
            )
