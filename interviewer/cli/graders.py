"""Which grader a command was told to use: the embedded one, or the model of the settings or of its options."""

from __future__ import annotations

from dataclasses import dataclass

import click
from pydantic import SecretStr

from interviewer import wiring
from interviewer.bank.load import Bank
from interviewer.calibration.data.points import Deriver
from interviewer.domain.errors import SettingsError
from interviewer.ports import Grader, GraderName
from interviewer.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """A grader with the settings it was made from; `words` name it for a person, `slug` in a file's name."""

    name: GraderName
    settings: Settings
    grader: Grader
    words: str

    @property
    def slug(self) -> str:
        """Letters, digits, dots and hyphens only: model names hold slashes and colons."""
        named = self.settings.interviewer_grader_model if self.name == "llm" else self.name
        return "".join(c if c.isascii() and (c.isalnum() or c in ".-") else "-" for c in named).strip(".-") or self.name

    def deriver(self) -> Deriver:
        """Who takes reference answers apart: the model that grades, or code."""
        return wiring.deriver(self.settings if self.name == "llm" else None)


def choose(
    settings: Settings, bank: Bank, name: GraderName | None, *, model: str | None, base_url: str | None, workers: int | None = None
) -> Chosen:
    """The grader named, or the one of the settings. Raises `SettingsError`, `PromptError`, `click.UsageError`."""
    name = name or ("llm" if model or base_url else settings.active_grader)
    if name == "embedded":
        if model or base_url:
            raise click.UsageError("--model and --base-url belong to --grader llm.")
        grader = wiring.build_graders(settings.model_copy(update={"interviewer_grader": "embedded"}), bank)["embedded"]
        return Chosen(name=name, settings=settings, grader=grader, words="the embedded grader")
    settings = at(settings, model, base_url)
    if workers:
        settings = settings.model_copy(update={"interviewer_grading_workers": workers})
    return Chosen(name=name, settings=settings, grader=wiring.llm_grader(settings), words=described(settings))


def at(settings: Settings, model: str | None, base_url: str | None) -> Settings:
    """The settings with another model or endpoint. The key goes to its own endpoint only. Raises `SettingsError`."""
    changed: dict[str, object] = {"interviewer_grader": "llm"}
    if model:
        changed["interviewer_grader_model"] = model
    if base_url and base_url != settings.endpoint.url:
        changed |= {"openai_base_url": base_url, "openai_api_key": SecretStr("")}
        if settings.second:  # it stays where it is, and so does its key
            changed |= {"interviewer_second_base_url": settings.second.url, "interviewer_second_api_key": settings.second.key}
    found = settings.model_copy(update=changed)
    if not found.llm_ready:
        raise SettingsError("No model is set. Give --model, and set OPENAI_API_KEY or give --base-url; then start again.")
    if not found.endpoint.usable:
        raise SettingsError("--base-url is not an address like https://host:port/v1. Correct it, then start again.")
    if found.second and (found.second.model, found.second.address) == (found.endpoint.model, found.endpoint.address):
        raise SettingsError("INTERVIEWER_SECOND_MODEL is this model too; asked twice it repeats its errors. Name another one with --model.")
    return found


def described(settings: Settings) -> str:
    """The models of the settings in words for a person."""
    second = f", second opinion by {settings.second.model}" if settings.second else ""
    return f"{settings.interviewer_grader_model} at {settings.endpoint_host}{second}"
