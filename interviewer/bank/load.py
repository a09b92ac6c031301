"""Reads the bank. A file that cannot be used is named, with field and expectation, and the others are used."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import ValidationError

from interviewer.domain.errors import BankError, NotFound
from interviewer.domain.question import Question
from interviewer.domain.track import Overlap, Track

LOADER: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
TRACKS = "tracks.toml"
OVERLAPS = "overlaps.toml"
LARGEST = 200_000
DEEPEST = 50
SIGNS_OF_DEPTH = re.compile(r"[\[{]|[-?] +(?=[-?] )|^ {20}", re.M)


@dataclass(frozen=True, kw_only=True)
class Problem:
    """What is wrong with one file: where in it, and what is expected."""

    file: str
    field: str
    expected: str

    def __str__(self) -> str:
        return f"{self.file}: {self.field}: {self.expected}" if self.field else f"{self.file}: {self.expected}"


@dataclass(frozen=True, kw_only=True)
class Bank:
    """The usable questions by id, the tracks by id, which questions overlap, and the problems found."""

    questions: dict[str, Question]
    tracks: dict[str, Track]
    problems: tuple[Problem, ...]
    overlaps: tuple[Overlap, ...] = ()

    def question(self, question_id: str) -> Question:
        """One question."""
        try:
            return self.questions[question_id]
        except KeyError:
            raise NotFound(f"There is no question “{question_id}” in the bank.") from None


def load(folder: Path) -> Bank:
    """Read every question and track below `folder`. Raises `BankError` when nothing in it can be used."""
    bank = survey(folder)
    if not bank.questions or not bank.tracks:
        what = "; ".join(str(p) for p in bank.problems[:3]) or "it holds no questions"
        raise BankError(f"The question bank {folder} cannot be used: {what}. Run `interviewer bank check` for the whole list.")
    return bank


def survey(folder: Path) -> Bank:
    """What is usable, and every problem; raises only when there is no folder."""
    if not folder.is_dir():
        raise BankError(f"The question bank {folder} is not a folder. Set INTERVIEWER_BANK to the folder that holds the questions.")
    problems: list[Problem] = []
    questions: dict[str, Question] = {}
    for path in sorted(p for p in folder.rglob("*") if p.suffix in {".yaml", ".yml"}):
        name = path.relative_to(folder).as_posix()
        question, found = read(path, name)
        if question and question.id in questions:
            found = [Problem(file=name, field="id", expected=f"“{question.id}” is used by another file already")]
        elif question:
            questions[question.id] = question
        problems += found
    tracks, found = _tracks(folder / TRACKS)
    problems += found
    overlaps, found = _overlaps(folder / OVERLAPS) if (folder / OVERLAPS).exists() else ([], [])
    problems += found
    return Bank(questions=questions, tracks=tracks, problems=tuple(problems), overlaps=tuple(overlaps))


def read(path: Path, name: str) -> tuple[Question | None, list[Problem]]:
    """One file: the question, or what is wrong with it."""
    try:
        raw = path.read_bytes()
        if len(raw) > LARGEST:
            return None, [Problem(file=name, field="", expected=f"at most {LARGEST:,} bytes; this file has {len(raw):,}")]
        text = raw.decode("utf-8")
        if _too_deep(text):
            return None, [Problem(file=name, field="", expected=f"lists and mappings at most {DEEPEST} deep")]
        content = yaml.load(text, Loader=LOADER)  # noqa: S506  (a safe loader, the C one where there is one)
    except OSError as error:
        return None, [Problem(file=name, field="", expected=f"a readable file ({error.strerror})")]
    except UnicodeDecodeError:
        return None, [Problem(file=name, field="", expected="UTF-8 text")]
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}" if mark else ""
        return None, [Problem(file=name, field=where, expected=f"YAML ({getattr(error, 'problem', None) or 'cannot be parsed'})")]
    except (ValueError, LookupError, AttributeError, RecursionError) as error:  # a value that YAML recognises but cannot make
        return None, [Problem(file=name, field="", expected=f"YAML values that can be read ({error}); put text between quotes")]
    if not isinstance(content, dict):
        return None, [Problem(file=name, field="", expected="a mapping with the keys of a question")]
    try:
        question = Question.model_validate(content)
    except ValidationError as error:
        return None, [_problem(name, e) for e in error.errors(include_url=False, include_input=False)]
    misplaced = [
        Problem(file=name, field=field, expected=f"“{wanted}”, like the file's {part}")
        for field, given, wanted, part in (
            ("id", question.id, path.stem, "name"),
            ("topic", question.topic.value, path.parent.name, "folder"),
        )
        if given != wanted
    ]
    return (None if misplaced else question), misplaced


def _too_deep(text: str) -> bool:
    """Nesting of thousands overflows the C parser's stack; events are read without a stack, where there are signs of it."""
    if len(SIGNS_OF_DEPTH.findall(text)) < DEEPEST:
        return False
    depth = 0
    for event in yaml.parse(text, Loader=LOADER):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            return True
    return False


def _problem(name: str, error: object) -> Problem:
    detail = dict(error)  # type: ignore[call-overload]
    where = ".".join(str(part) for part in detail["loc"])
    expected = detail["msg"].removeprefix("Value error, ")
    if detail["type"] == "extra_forbidden":
        expected = "no such key; see question_bank/schema.json"
    elif detail["type"] == "missing":
        expected = "this key is needed"
    return Problem(file=name, field=where, expected=expected)


def _tables(path: Path, key: str) -> tuple[list[object], list[Problem]]:
    """The tables `[[key]]` of a TOML file."""
    try:
        content = tomllib.loads(path.read_text("utf-8")).get(key, [])
    except OSError as error:
        return [], [Problem(file=path.name, field="", expected=f"a readable file ({error.strerror})")]
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        return [], [Problem(file=path.name, field="", expected=f"TOML ({error})")]
    if not isinstance(content, list) or not content:
        return [], [Problem(file=path.name, field=key, expected=f"tables that begin with [[{key}]]")]
    return content, []


def _tracks(path: Path) -> tuple[dict[str, Track], list[Problem]]:
    tables, problems = _tables(path, "track")
    tracks: dict[str, Track] = {}
    for number, table in enumerate(tables, start=1):
        try:
            track = Track.model_validate(table)
            if track.id in tracks:
                problems.append(Problem(file=f"{path.name}, track {number}", field="id", expected=f"“{track.id}” is another track's"))
            tracks.setdefault(track.id, track)
        except ValidationError as error:
            problems += [_problem(f"{path.name}, track {number}", e) for e in error.errors(include_url=False, include_input=False)]
    return tracks, problems


def _overlaps(path: Path) -> tuple[list[Overlap], list[Problem]]:
    tables, problems = _tables(path, "overlap")
    overlaps: list[Overlap] = []
    for number, table in enumerate(tables, start=1):
        try:
            overlaps.append(Overlap.model_validate(table))
        except ValidationError as error:
            problems += [_problem(f"{path.name}, overlap {number}", e) for e in error.errors(include_url=False, include_input=False)]
    return overlaps, problems
