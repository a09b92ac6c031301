"""The rules of writing, one by one."""

from __future__ import annotations

from pathlib import Path

import pytest

from interviewer.bank.check import check, lint, schema, statistics
from interviewer.bank.load import Bank, Problem
from interviewer.domain.question import Question
from tests.samples import content, question, track

SOUND = {"reference_answer": "word " * 100}


def broken(**changes: object) -> dict[str, str]:
    """Field and expectation of the rules that this question breaks."""
    return dict(lint(question(**SOUND | changes)))


def points(count: int, **changes: object) -> list[dict[str, object]]:
    first = content()["points"][0]
    return [*content()["points"], *({**first, "id": f"more-{n}"} | changes for n in range(count))]


def bank_of(*found: Question, problems: tuple[Problem, ...] = ()) -> Bank:
    return Bank(questions={q.id: q for q in found}, tracks={"sample-track": track()}, problems=problems)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A bank's folder with the right schema.json."""
    (tmp_path / "schema.json").write_text(schema())
    return tmp_path


def test_a_sound_question_breaks_no_rule():
    assert broken() == {}


@pytest.mark.parametrize(("count", "fine"), [(79, False), (80, True), (350, True), (351, False)])
def test_a_reference_answer_has_80_to_350_words(count, fine):
    assert broken(reference_answer="word " * count) == ({} if fine else {"reference_answer": f"80 to 350 words; this one has {count}"})


def test_code_is_not_counted():
    assert "has 10" in broken(reference_answer="word " * 10 + "\n```python\n" + "x = 1\n" * 100 + "```")["reference_answer"]


def test_a_behavioural_answer_may_be_shorter():
    assert broken(kind="behavioural", reference_answer="word " * 30) == {}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"points": points(6)}, "points"),
        ({"points": points(4, kind="bonus")}, "points"),
        ({"points": points(1, accept=["one", "two"])}, "points.3.accept"),
        ({"points": points(1, reject=["six"])}, "points.3.reject"),
        ({"points": points(1, accept=["one", "two", "four"], reject=["four", "five"])}, "points.3"),
        ({"misconceptions": []}, "misconceptions"),
        ({"references": []}, "references"),
    ],
)
def test_what_a_question_lacks_is_named(changes, field):
    assert list(broken(**changes)) == [field]


def test_a_behavioural_question_needs_no_misconceptions_references_or_wordings():
    bare = [{"id": p["id"], "claim": p["claim"]} for p in points(6)]
    assert broken(kind="behavioural", points=bare, misconceptions=[], references=[]) == {}
    assert "points" in broken(kind="behavioural", points=[*bare, {"id": "tenth", "claim": "Too many."}])


def test_the_check_tells_problems_of_loading_first(folder):
    problem = Problem(file="rag/bad.yaml", field="", expected="UTF-8 text")
    found = check(bank_of(question(hints=["a", "b"], references=[]), problems=(problem,)), folder)
    assert [p.file for p in found] == ["rag/bad.yaml", "rag/sample.yaml"]


def test_the_same_question_asked_twice_is_told(folder):
    asked = "What is retrieval-augmented generation, and when would you use it?"
    same = asked.replace("when would you", "when would you").upper()
    found = check(bank_of(question("a-first", question=asked, **SOUND), question("b-second", question=same, **SOUND)), folder)
    assert [(p.file, p.field, p.expected) for p in found] == [("rag/b-second.yaml", "question", "another question than a-first")]


@pytest.mark.parametrize("text", [None, "{}"])
def test_a_missing_or_stale_schema_is_told(tmp_path, text):
    if text is not None:
        (tmp_path / "schema.json").write_text(text)
    (problem,) = check(bank_of(question(**SOUND)), tmp_path)
    assert problem.file == "schema.json"


def test_the_statistics_count_topics_levels_and_kinds():
    text = statistics(bank_of(question("one"), question("two", difficulty="advanced"), question("three", topic="coding", kind="concept")))
    rows = {line.split()[0]: line.split()[1:] for line in text.splitlines() if line}
    assert rows["rag"] == ["1", "0", "1", "2"]
    assert rows["all"] == ["2", "0", "1", "3"]
    assert rows["kinds:"] == ["concept", "3"]
