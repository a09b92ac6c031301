"""The files of attacks and decoys: read, checked, and named by file and field when they cannot be used."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator

from interviewer.calibration.templates import names
from interviewer.domain.errors import PayloadError
from interviewer.domain.question import Line, Slug

DECOYS = "decoys.yaml"
LARGEST = 200_000
Text = Annotated[str, StringConstraints(min_length=1)]


class Payload(BaseModel):
    """Frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Attack(Payload):
    """A text that tries to win points without making them, and its honest twin. Both are templates, see `templates.py`."""

    id: Slug
    text: Text
    honest: str = Field(default="{answer}", description="what the same candidate would honestly have said")

    @field_validator("text", "honest")
    @classmethod
    def known_placeholders(cls, template: str) -> str:
        """A template that can be filled."""
        names(template)
        return template

    @property
    def uses_answer(self) -> bool:
        """Whether it hangs on an honest answer; if not, one level is enough."""
        return "answer" in names(self.text) | names(self.honest)


class AttackClass(Payload):
    """One file: the attacks of a class."""

    name: Slug = Field(alias="class")
    summary: Line
    attacks: tuple[Attack, ...] = Field(min_length=1)


class Decoy(Payload):
    """An honest text that looks like an attack. No template."""

    id: Slug
    text: Text


class DecoyFile(Payload):
    """The file of decoys."""

    summary: Line
    decoys: tuple[Decoy, ...] = Field(min_length=1)


@dataclass(frozen=True, kw_only=True)
class Payloads:
    """The attacks by class, and the decoys."""

    classes: tuple[AttackClass, ...]
    decoys: tuple[Decoy, ...] = ()

    def only(self, wanted: tuple[str, ...]) -> Payloads:
        """These classes (all, when none is named). Raises `PayloadError` for a class that is not there."""
        known = [c.name for c in self.classes]
        if unknown := [name for name in wanted if name not in known]:
            raise PayloadError(f"There is no class “{unknown[0]}” of attacks. There are: {', '.join(known)}.")
        return Payloads(classes=tuple(c for c in self.classes if not wanted or c.name in wanted), decoys=self.decoys)


def load(folder: Path) -> Payloads:
    """Every file of the folder. Raises `PayloadError` that names the first file that cannot be used, and what in it."""
    if not folder.is_dir():
        raise PayloadError(f"{folder} is not a folder. Name the folder with the attack files, one for each class.")
    files = sorted(folder.glob("*.yaml"))
    classes = tuple(_attack_class(path) for path in files if path.name != DECOYS)
    if not classes:
        raise PayloadError(f"{folder} holds no attack files. Name the folder with one YAML file for each class of attacks.")
    decoys = tuple(d for path in files if path.name == DECOYS for d in _read(path, DecoyFile).decoys)
    ids = Counter([a.id for c in classes for a in c.attacks] + [d.id for d in decoys])
    if twice := [name for name, number in ids.items() if number > 1]:
        raise PayloadError(f"{folder}: the id “{twice[0]}” is used more than once. Give each attack and decoy an id of its own.")
    return Payloads(classes=classes, decoys=decoys)


def _attack_class(path: Path) -> AttackClass:
    found = _read(path, AttackClass)
    if found.name != path.stem:
        raise PayloadError(f"{path.name}: class: “{path.stem}” is expected, like the file's name.")
    return found


Content = TypeVar("Content", bound=Payload)


def _read(path: Path, model: type[Content]) -> Content:
    try:
        raw = path.read_bytes()
        if len(raw) > LARGEST:
            raise PayloadError(f"{path.name}: at most {LARGEST:,} bytes are read; this file has {len(raw):,}. Use {{flood:…}} for length.")
        return model.model_validate(yaml.safe_load(raw.decode("utf-8")))
    except OSError as error:
        raise PayloadError(f"{path.name} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise PayloadError(f"{path.name} is not UTF-8 text. Save it as UTF-8.") from None
    except ValidationError as error:
        raise PayloadError(f"{path.name}: {_first(error)}. Correct it, then start again.") from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}: " if mark else ""
        raise PayloadError(f"{path.name}: {where}this is not YAML that can be read. Correct it, then start again.") from None


def _first(error: ValidationError) -> str:
    """The first fault: which field, and what is expected."""
    fault = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in fault["loc"]) or "the file"
    expected = {"extra_forbidden": "there is no such key", "missing": "this key is needed"}.get(
        fault["type"], fault["msg"].removeprefix("Value error, ")
    )
    return f"{where}: {expected}"
