"""What all converters share: finding and reading the files of a set, and telling what in them cannot be used.

The files come from elsewhere: a broken one is named and the others are still converted, and no XML file may declare entities.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from interviewer.domain.errors import DataError

Fields = dict[str, object]
"""A row as it is written: one JSON object."""


@dataclass(frozen=True, kw_only=True)
class Converted:
    """The rows of a set, and what was left out: file, line and reason."""

    rows: tuple[Fields, ...]
    problems: tuple[str, ...]


Converter = Callable[[Path], Converted]
"""Reads a file or folder. Raises `DataError` when nothing in it can be used."""


class Unusable(Exception):
    """One file or answer cannot be used; the message is the reason."""


@dataclass(frozen=True, kw_only=True)
class Document:
    """An XML file: its root, and the line (from 1) on which each element begins."""

    root: Element
    lines: dict[Element, int]


def files(source: Path, suffixes: Collection[str]) -> tuple[Path, ...]:
    """The file itself, or all files with these endings in the folder and below it, by path; hidden ones are passed over.

    Raises `DataError` for a source that is not there.
    """
    if source.is_file():
        return (source,)
    if not source.is_dir():
        raise DataError(f"{source} is not there. Nothing was converted; name the folder or file that holds the set.")
    found = (path for path in source.rglob("*") if path.suffix.casefold() in suffixes and not path.name.startswith("."))
    return tuple(sorted(path for path in found if path.is_file()))


def name_of(path: Path, source: Path) -> str:
    """What problems call a file: its path below the source, as files of several splits share their names."""
    return path.name if path == source else path.relative_to(source).as_posix()


def nearest(path: Path, told: Callable[[str], str]) -> str:
    """What the file's name or else the nearest folder above it tells, both in small letters; empty if none tells anything."""
    parts = (path.stem, *reversed(path.absolute().parent.parts))
    return next((found for part in parts if (found := told(part.casefold()))), "")


def read_text(path: Path) -> str:
    """A file's text, without a byte order mark. Raises `Unusable`; no other encoding than UTF-8 is guessed."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise Unusable(f"it cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise Unusable(f"it is not UTF-8 text (byte {error.start + 1}); save it as UTF-8 first") from error


def parse_xml(path: Path, *, root: str) -> Document:
    """Parse a file whose outermost element is `root`. Raises `Unusable`; for any DOCTYPE too, before an entity is declared."""
    builder, lines = TreeBuilder(), dict[Element, int]()
    parser = expat.ParserCreate()

    def start(tag: str, attributes: dict[str, str]) -> None:
        lines[builder.start(tag, attributes)] = parser.CurrentLineNumber

    parser.StartElementHandler = start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        parser.Parse(path.read_bytes(), True)
    except OSError as error:
        raise Unusable(f"it cannot be read ({error.strerror})") from error
    except expat.ExpatError as error:
        raise Unusable(f"line {error.lineno}: it is not well-formed XML ({expat.ErrorString(error.code)})") from error
    except (LookupError, ValueError) as error:
        raise Unusable(f"its encoding cannot be read ({error})") from error
    found = builder.close()
    if found.tag != root:
        raise Unusable(f"it holds a <{found.tag}> where a <{root}> should be")
    return Document(root=found, lines=lines)


def _refuse_doctype(*_: object) -> NoReturn:
    raise Unusable("it has a DOCTYPE, which can declare entities that expand without end; no file of these sets needs one")


def text_of(element: Element | None) -> str:
    """The text in an element and the elements in it, without spaces at the ends; empty for no element."""
    return "" if element is None else "".join(element.itertext()).strip()


def references_of(question: Element) -> tuple[Element, ...]:
    """The reference answers of a <question> that are not empty. Raises `Unusable` if there is none."""
    found = tuple(element for element in question.iterfind("referenceAnswers/referenceAnswer") if text_of(element))
    if not found:
        raise Unusable("it has no reference answer")
    return found


def one_paragraph(text: str) -> str:
    """A question whose lines were broken to fit a page, on one line."""
    return re.sub(r"\s*\n\s*", " ", text.strip())


def needed(text: str, what: str) -> str:
    """The text. Raises `Unusable` if it is empty."""
    if not text:
        raise Unusable(f"it has no {what}")
    return text


def number(text: str, what: str, *, most: float = math.inf) -> float:
    """A score from 0 to `most`. Raises `Unusable`."""
    try:
        value = float(needed(text.strip(), what))
    except ValueError:
        raise Unusable(f"its {what} “{text.strip()}” is not a number") from None
    if not math.isfinite(value) or value < 0:
        raise Unusable(f"its {what} {text.strip()} is not a number from 0 up")
    if value > most:
        raise Unusable(f"its {what} {text.strip()} is over the highest there can be, {most:g}")
    return value


def name_from(question: str) -> str:
    """An id for a question that the set gives none: the same text has the same id."""
    return hashlib.sha256(question.encode("utf-8")).hexdigest()[:10]


def filled(fields: Fields) -> Fields:
    """The fields that have a value: what the set does not say is not in the row."""
    return {name: value for name, value in fields.items() if value not in (None, "", [], {})}


def converted(source: Path, rows: Sequence[Fields], problems: Sequence[str]) -> Converted:
    """The result. Raises `DataError` if there is not one row."""
    if rows:
        return Converted(rows=tuple(rows), problems=tuple(problems))
    told = (
        f"The first of {len(problems)} problems: {problems[0]}."
        if problems
        else "It has no file of this format, or none with an answer in it."
    )
    raise DataError(
        f"{source} holds no answer that can be used. {told} Nothing was converted; check that format and source belong together."
    )
