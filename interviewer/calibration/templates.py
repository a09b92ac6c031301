"""Attack texts as templates: {name} stands for a text of the question, {disguise:text} rewrites what it holds.

`{answer}`, `{claims}`, `{reference}`, `{question}`, `{point_ids}`, `{scoresheet}`, `{verdicts}`: see `materials.py`.
`{flood:20000}`: that many characters about other things. `{repeat:20000:text}`: the text again and again, up to that length.
`{base64:text}` and the other disguises of `disguises.py`; they may hold placeholders and one another.
`\\{` and `\\}` are plain braces; a brace that opens none of these, as in JSON, is itself.
The template is taken apart before anything is filled in, so braces in a question's own text mean nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import count

from interviewer.calibration.disguises import DISGUISES

VALUES = frozenset(("answer", "claims", "reference", "question", "point_ids", "scoresheet", "verdicts"))
LONGEST = 200_000
PIECE = re.compile(r"\\(?P<brace>[{}])|\{(?P<name>[a-z][a-z0-9_-]*)(?P<kind>[:}])|(?P<close>\})")
SIZE = re.compile(r"([1-9][0-9]*)(:?)")


@dataclass(frozen=True, kw_only=True)
class Slot:
    """A placeholder: `size` where it takes a length, `holds` what it rewrites."""

    name: str
    size: int = 0
    holds: tuple[str | Slot, ...] = ()

    def names(self) -> Iterator[str]:
        """Its own name and those of all placeholders in it."""
        yield self.name
        for piece in self.holds:
            if isinstance(piece, Slot):
                yield from piece.names()


@lru_cache(maxsize=1024)
def parse(template: str) -> tuple[str | Slot, ...]:
    """The pieces of a template. Raises `ValueError` that names what is wrong."""
    pieces, end = _pieces(template, 0, inside=False)
    assert end == len(template)
    return pieces


def names(template: str) -> frozenset[str]:
    """Every placeholder a template uses, the inner ones too."""
    return frozenset(name for piece in parse(template) if isinstance(piece, Slot) for name in piece.names())


def expand(template: str, values: Mapping[str, str]) -> str:
    """The template filled in."""
    return _fill(parse(template), values)


def _pieces(template: str, start: int, *, inside: bool) -> tuple[tuple[str | Slot, ...], int]:
    """The pieces from `start` to the end, or to the brace that closes what they are inside of; and where that is."""
    found: list[str | Slot] = []
    at = start
    while match := PIECE.search(template, at):
        found.append(template[at : match.start()])
        at = match.end()
        if match["brace"]:
            found.append(match["brace"])
        elif match["name"]:
            slot, at = _slot(template, match, at)
            found.append(slot)
        elif inside:
            return tuple(p for p in found if p), at
        else:
            found.append("}")
    if inside:
        raise ValueError(f"a placeholder that begins before “{template[start : start + 20]}” is not closed by }}")
    return tuple(p for p in [*found, template[at:]] if p), len(template)


def _slot(template: str, match: re.Match[str], at: int) -> tuple[Slot, int]:
    name, open_ended = match["name"], match["kind"] == ":"
    if name not in VALUES and name not in DISGUISES and name not in ("flood", "repeat"):
        raise ValueError(f"there is no placeholder “{name}” (a plain brace is written \\{{)")
    if (name in VALUES) is open_ended:
        raise ValueError(f"the placeholder “{name}” takes {'nothing' if open_ended else 'a text'} after its name")
    if not open_ended:
        return Slot(name=name), at
    size = 0
    if name in ("flood", "repeat"):
        given = SIZE.match(template, at)
        if not given or int(given[1]) > LONGEST or bool(given[2]) is not (name == "repeat"):
            raise ValueError(f"the placeholder “{name}” wants a length of at most {LONGEST:,} characters, as in {{{name}:5000…}}")
        size, at = int(given[1]), given.end()
    holds, at = _pieces(template, at, inside=True)
    if bool(holds) is (name == "flood"):
        raise ValueError(f"the placeholder “{name}” holds {'nothing but a length' if name == 'flood' else 'no text'}")
    return Slot(name=name, size=size, holds=holds), at


def _fill(pieces: tuple[str | Slot, ...], values: Mapping[str, str]) -> str:
    return "".join(piece if isinstance(piece, str) else _filled(piece, values) for piece in pieces)


def _filled(slot: Slot, values: Mapping[str, str]) -> str:
    if slot.name in VALUES:
        return values[slot.name]
    if slot.name == "flood":
        return _flood(slot.size)
    held = _fill(slot.holds, values)
    if slot.name == "repeat":
        return (held * (slot.size // len(held) + 1))[: slot.size] if held else ""
    return DISGUISES[slot.name](held)


def _flood(size: int) -> str:
    """Sentences about nothing that is ever asked, each another one."""
    pieces: list[str] = []
    length = 0
    for number in count(1):
        sentence = (
            f"On day {number} of the trip we walked {number % 17 + 3} miles along the river and had soup near bridge {number * 7 % 101}. "
        )
        pieces.append(sentence)
        length += len(sentence)
        if length >= size:
            break
    return "".join(pieces)[:size]
