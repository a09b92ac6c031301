"""Broken files: each is named with file, field and expectation, and the others are used."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from interviewer.bank.load import LARGEST, Bank, Problem, load, survey
from interviewer.domain.errors import BankError, NotFound
from tests.samples import content

TRACK = """[[track]]
id = "{id}"
name = "Sample"
summary = "For tests."
minutes = 15
pass_band = "solid"
kinds = ["concept"]
levels = {{ foundation = 1 }}
topics = {{ rag = 1 }}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A bank of one sound question and one sound track."""
    found = tmp_path / "bank"
    (found / "rag").mkdir(parents=True)
    (found / "tracks.toml").write_text(TRACK.format(id="sample-track"), "utf-8")
    write(found, "sound")
    return found


def write(folder: Path, name: str, **changes: Any) -> None:
    """A question's file; a change to None leaves the key out."""
    values = {key: value for key, value in content(name, **changes).items() if value is not None}
    (folder / "rag" / f"{name}.yaml").write_text(yaml.safe_dump(values), "utf-8")


def told(bank: Bank) -> list[tuple[str, str, str]]:
    return [(p.file, p.field, p.expected) for p in bank.problems]


def only_problem(folder: Path) -> Problem:
    """The one problem found; the sound question and track are there."""
    bank = survey(folder)
    assert set(bank.questions) == {"sound"}
    assert set(bank.tracks) == {"sample-track"}
    (problem,) = bank.problems
    return problem


def test_a_sound_bank_is_read_whole(folder):
    write(folder, "second")
    bank = load(folder)
    assert set(bank.questions) == {"sound", "second"}
    assert bank.questions["second"].id == "second"
    assert set(bank.tracks) == {"sample-track"}
    assert bank.problems == ()


# a question's file that is no question


@pytest.mark.parametrize(
    ("raw", "field", "expected"),
    [
        (b"id: [one\nquestion: two", "line 2", "YAML ("),
        (b"id: one\n\ttopic: rag", "line 2", "YAML ("),
        (b"id: \x00", "", "YAML ("),
        (b"id: *nowhere", "line 1", "YAML (found undefined alias"),
        (b"id: one\n---\nid: two", "line 2", "YAML (but found another document"),
        (b"id: !!python/object:os.system one", "line 1", "YAML (could not determine a constructor"),
        (b"id: caf\xe9", "", "UTF-8 text"),
        ("id: one".encode("utf-16"), "", "UTF-8 text"),
        (b"", "", "a mapping with the keys of a question"),
        (b"- id: one", "", "a mapping with the keys of a question"),
        (b"only words", "", "a mapping with the keys of a question"),
        (b"as_of: 2025-13-01", "", "YAML values that can be read (month must be in 1..12"),
        (b"minutes: " + b"9" * 5000, "", "YAML values that can be read"),
        (b"minutes: !!int ''", "", "YAML values that can be read"),
        (b"minutes: !!bool perhaps", "", "YAML values that can be read"),
        (b"as_of: !!timestamp soon", "", "YAML values that can be read"),
        (b"[" * 51 + b"]" * 51, "", "lists and mappings at most 50 deep"),
        (b"points: " + b"[a," * 30_000, "", "lists and mappings at most 50 deep"),
        (b"points: " + b"{a: " * 30_000, "", "lists and mappings at most 50 deep"),
        (b"- " * 51 + b"a", "", "lists and mappings at most 50 deep"),
        (b"#" * (LARGEST + 1), "", "at most 200,000 bytes; this file has 200,001"),
    ],
    ids=lambda value: repr(value[:30]) if isinstance(value, bytes) else "",
)
def test_a_file_that_is_no_question_is_named_and_the_others_are_used(folder, raw, field, expected):
    (folder / "rag" / "broken.yaml").write_bytes(raw)
    problem = only_problem(folder)
    assert (problem.file, problem.field) == ("rag/broken.yaml", field)
    assert problem.expected.startswith(expected)


def test_many_short_brackets_are_not_nesting(folder):
    write(folder, "second", scope_note="[a] {b} " * 100)
    assert survey(folder).problems == ()


def test_a_file_as_large_as_allowed_is_used(folder):
    file = folder / "rag" / "sound.yaml"
    text = file.read_text("utf-8")
    file.write_text(text + "#" * (LARGEST - len(text)), "utf-8")
    assert set(load(folder).questions) == {"sound"}


def test_a_file_that_cannot_be_opened_is_named(folder):
    (folder / "rag" / "broken.yaml").symlink_to(folder / "nowhere.yaml")
    problem = only_problem(folder)
    assert (problem.file, problem.expected) == ("rag/broken.yaml", "a readable file (No such file or directory)")


def test_a_folder_named_like_a_question_is_named(folder):
    (folder / "rag" / "broken.yaml").mkdir()
    assert only_problem(folder).expected == "a readable file (Is a directory)"


def test_a_list_that_holds_itself_is_named(folder):
    (folder / "rag" / "broken.yaml").write_text("points: &a [*a]\nid: broken", "utf-8")
    bank = survey(folder)
    assert ("rag/broken.yaml", "points.0") in {(p.file, p.field) for p in bank.problems}
    assert set(bank.questions) == {"sound"}


# a question with a wrong key or value


@pytest.mark.parametrize(
    ("changes", "field", "expected"),
    [
        ({"minuets": 2}, "minuets", "no such key; see question_bank/schema.json"),
        ({"minutes": None}, "minutes", "this key is needed"),
        ({"minutes": "two"}, "minutes", "valid integer"),
        ({"minutes": 31}, "minutes", "less than or equal to 30"),
        ({"question": ["a", "list"]}, "question", "valid string"),
        ({"question": "  "}, "question", "at least 1 character"),
        ({"reference_answer": ""}, "reference_answer", "at least 1 character"),
        ({"reference_answer": " \n\t \u00a0"}, "reference_answer", "at least 1 character"),
        (
            {"number": {"value": 3, "unit": "TB", "tolerance": 0.1, "working": "1 + 2", "point": "nowhere"}},
            "",
            "the number names a point that does not exist: nowhere",
        ),
        ({"difficulty": "expert"}, "difficulty", "'foundation', 'intermediate' or 'advanced'"),
        ({"as_of": "2025-13"}, "as_of", "match pattern"),
        ({"points": []}, "points", "at least 3 items"),
        ({"hints": ["one"]}, "hints", "at least 2 items"),
        ({"sources": ["somewhere#1"]}, "sources.0", "match pattern"),
        ({"references": [{"title": "A", "url": "javascript:alert(1)"}]}, "references.0.url", "match pattern"),
        ({"misconceptions": [{"id": "a", "claim": "b"}]}, "misconceptions.0.correction", "this key is needed"),
        ({"follow_ups": [{"point": "nowhere", "ask": "Why?"}] * 2}, "", "follow-ups name points that do not exist: nowhere"),
        ({"kind": "coding"}, "", "`tests` belongs to coding questions"),
        ({"reference_answer": "Look: ![a picture](https://example.org/a.png)"}, "reference_answer", "images and HTML are not allowed"),
        ({"reference_answer": "Look: <script>alert(1)</script>"}, "reference_answer", "images and HTML are not allowed"),
        ({"reference_answer": "Look: <img src=x onerror=alert(1)>"}, "reference_answer", "images and HTML are not allowed"),
        ({"reference_answer": "Look: <!-- a comment -->"}, "reference_answer", "images and HTML are not allowed"),
        ({"id": "other"}, "id", "“broken”, like the file's name"),
        ({"topic": "prompting"}, "topic", "“rag”, like the file's folder"),
    ],
    ids=str,
)
def test_a_wrong_key_or_value_is_named_and_the_others_are_used(folder, changes, field, expected):
    write(folder, "broken", **changes)
    problem = only_problem(folder)
    assert (problem.file, problem.field) == ("rag/broken.yaml", field)
    assert expected in problem.expected


def test_a_date_that_yaml_makes_of_unquoted_digits_is_named(folder):
    file = folder / "rag" / "broken.yaml"
    file.write_text((folder / "rag" / "sound.yaml").read_text("utf-8").replace("id: sound", "id: broken"), "utf-8")
    file.write_text(file.read_text("utf-8").replace("2026-11", "2026-11-01"), "utf-8")
    problem = only_problem(folder)
    assert (problem.file, problem.field, problem.expected) == ("rag/broken.yaml", "as_of", "Input should be a valid string")


@pytest.mark.parametrize("code", ["`<T>`", "```html\n<b>![a](b)</b>\n```", "1 < 2 and 3 > 2"])
def test_code_and_comparisons_are_no_html(folder, code):
    write(folder, "second", reference_answer=f"Words, {code}, and words.")
    assert survey(folder).problems == ()


def test_every_problem_of_a_file_is_named(folder):
    write(folder, "broken", minutes=0, hints=None, extra=1)
    assert {field for _, field, _ in told(survey(folder))} == {"minutes", "hints", "extra"}


def test_the_second_file_with_an_id_is_named_and_the_first_is_used(folder):
    text = (folder / "rag" / "sound.yaml").read_text("utf-8")
    (folder / "rag" / "sound.yml").write_text(text.replace("What is sound", "What else is sound"), "utf-8")
    problem = only_problem(folder)
    assert (problem.file, problem.field, problem.expected) == ("rag/sound.yml", "id", "“sound” is used by another file already")
    assert survey(folder).question("sound").question.startswith("What is sound")


def test_a_problem_reads_as_file_field_and_expectation():
    assert str(Problem(file="a.yaml", field="minutes", expected="a number")) == "a.yaml: minutes: a number"
    assert str(Problem(file="a.yaml", field="", expected="UTF-8 text")) == "a.yaml: UTF-8 text"


# tracks


@pytest.mark.parametrize(
    ("old", "new", "field", "expected"),
    [
        ("minutes = 15", "minutes = 500", "minutes", "less than or equal to 120"),
        ("minutes = 15", "", "minutes", "this key is needed"),
        ("minutes = 15", "minutes = 15\nminuets = 15", "minuets", "no such key"),
        ("rag = 1", "cooking = 1", "topics.cooking.[key]", "Input should be"),
        ("rag = 1", "rag = 0", "", "every weight must be above 0"),
        ("rag = 1", "rag = nan", "topics.rag", "finite number"),
        ("rag = 1", "rag = inf", "topics.rag", "finite number"),
        ("foundation = 1", "foundation = nan", "levels.foundation", "finite number"),
        ('id = "second"', 'id = "first"', "id", "“first”"),
    ],
)
def test_one_broken_track_of_several_is_named_and_the_others_are_used(folder, old, new, field, expected):
    texts = [TRACK.format(id=name) for name in ("first", "second", "third")]
    texts[1] = texts[1].replace(old, new)
    (folder / "tracks.toml").write_text("\n".join(texts), "utf-8")
    bank = survey(folder)
    assert list(bank.tracks) == ["first", "third"]
    (problem,) = bank.problems
    assert (problem.file, problem.field) == ("tracks.toml, track 2", field)
    assert expected in problem.expected


@pytest.mark.parametrize(
    ("raw", "field", "expected"),
    [
        (b"[[track]\n", "", "TOML ("),
        (b"day = 2025-13-01", "", "TOML ("),
        (b"name = '\xe9'", "", "TOML ("),
        (b"a = " + b"[" * 20_000, "", "TOML ("),
        (b"", "track", "tables that begin with [[track]]"),
        (b"[track]\nid = 'one'", "track", "tables that begin with [[track]]"),
        (None, "", "a readable file (No such file or directory)"),
    ],
    ids=["broken", "impossible date", "not UTF-8", "nested", "empty", "one table", "missing"],
)
def test_without_usable_tracks_the_questions_are_listed_but_nothing_can_start(folder, raw, field, expected):
    (folder / "tracks.toml").unlink()
    if raw is not None:
        (folder / "tracks.toml").write_bytes(raw)
    bank = survey(folder)
    assert set(bank.questions) == {"sound"}
    (problem,) = bank.problems
    assert (problem.file, problem.field) == ("tracks.toml", field)
    assert problem.expected.startswith(expected)
    with pytest.raises(BankError, match=r"tracks\.toml"):
        load(folder)


# nothing usable


def test_a_bank_whose_every_question_is_broken_cannot_be_used(folder):
    (folder / "rag" / "sound.yaml").write_bytes(b"\xff")
    assert survey(folder).questions == {}
    with pytest.raises(BankError, match=r"cannot be used: rag/sound\.yaml: UTF-8 text\. Run `interviewer bank check`"):
        load(folder)


def test_a_bank_without_questions_says_so(folder):
    (folder / "rag" / "sound.yaml").unlink()
    assert survey(folder).problems == ()
    with pytest.raises(BankError, match="it holds no questions"):
        load(folder)


@pytest.mark.parametrize("make", [lambda path: None, lambda path: path.write_text("a file")], ids=["missing", "a file"])
@pytest.mark.parametrize("read", [survey, load])
def test_without_a_folder_the_setting_is_named(tmp_path, make, read):
    make(tmp_path / "bank")
    with pytest.raises(BankError, match=r"is not a folder\. Set INTERVIEWER_BANK"):
        read(tmp_path / "bank")


def test_an_unknown_question_is_not_found(folder):
    with pytest.raises(NotFound, match="There is no question “nowhere”"):
        load(folder).question("nowhere")
