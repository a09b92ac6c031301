"""The only reader of the environment and of .streamlit/secrets.toml. docs/settings.md lists every setting."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from interviewer.domain.errors import SettingsError

ROOT = Path(__file__).resolve().parent.parent
SECRETS = Path(".streamlit/secrets.toml")
OPENAI = "https://api.openai.com/v1"


def data_folder(name: str) -> Path:
    """A folder that ships with the project, beside the package: the program runs from a checkout."""
    return ROOT / name


class Settings(BaseModel):
    """Every choice made outside the app. Field names are the variables' names in small letters."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    interviewer_home: Path = Field(description="data folder: database, jobs, backups")
    interviewer_database_url: str = Field(
        default="", description="SQLAlchemy URL; empty: SQLite in the data folder, the only database tested so far"
    )
    interviewer_bank: Path = Field(default_factory=lambda: data_folder("question_bank"), description="folder of the question bank")
    interviewer_prompts: Path = Field(default_factory=lambda: data_folder("prompts"), description="folder of the prompts")
    interviewer_grader: Literal["auto", "llm", "embedded"] = Field(
        default="auto", description="auto: the model when one is set, else the built-in estimate"
    )
    interviewer_grader_model: str = Field(default="", description="the grading model's name; without it no text leaves the machine")
    interviewer_grader_timeout: float = Field(default=60, gt=0, le=600, description="seconds one request may take")
    interviewer_grader_temperature: float | None = Field(
        default=0, ge=0, le=2, description='sampling temperature; "none" leaves it out for models that refuse it'
    )
    interviewer_grading_workers: int = Field(default=12, ge=1, le=64, description="gradings at the same time")
    openai_api_key: SecretStr = Field(default=SecretStr(""), description="key of the endpoint; never shown, never stored")
    openai_base_url: str = Field(default="", description="an OpenAI-compatible endpoint; empty: OpenAI's own")

    @property
    def endpoint_url(self) -> str:
        """The endpoint's address."""
        return self.openai_base_url or OPENAI

    @property
    def endpoint_host(self) -> str:
        """Its host and port, without path or credentials: what the user is shown."""
        parts = urlsplit(self.endpoint_url)
        return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)

    @property
    def llm_ready(self) -> bool:
        """Whether a model is named and there is somewhere to send to."""
        return bool(self.interviewer_grader_model and (self.openai_api_key.get_secret_value() or self.openai_base_url))

    @property
    def uses_model(self) -> bool:
        """Whether answers are sent to a model."""
        return self.active_grader == "llm"

    @property
    def active_grader(self) -> Literal["llm", "embedded"]:
        """The grader that new answers go to."""
        if self.interviewer_grader == "auto":
            return "llm" if self.llm_ready else "embedded"
        return self.interviewer_grader


def load(environ: Mapping[str, str] | None = None, secrets: Path = SECRETS) -> Settings:
    """Environment first, then secrets.toml, then defaults. Raises `SettingsError` that names the setting."""
    given = dict(os.environ if environ is None else environ)  # noqa: TID251  (the one reader)
    values: dict[str, object] = {}
    for source in (_secrets(secrets), given):
        for name in Settings.model_fields:
            value = source.get(name.upper(), source.get(name))
            if value is not None and str(value).strip():
                values[name] = str(value).strip()
    if str(values.get("interviewer_grader_temperature", "")).lower() == "none":
        values["interviewer_grader_temperature"] = None
    values.setdefault("interviewer_home", platformdirs.user_data_dir("interviewer", appauthor=False))
    try:
        values["interviewer_home"] = Path(str(values["interviewer_home"])).expanduser()
    except RuntimeError:
        raise SettingsError("The setting INTERVIEWER_HOME cannot be used: it names a user who has no home folder.") from None
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = ".".join(str(part) for part in first["loc"]).upper()
        raise SettingsError(f"The setting {name} cannot be used: {first['msg']}. Correct it or leave it out, then start again.") from None
    if settings.interviewer_grader == "llm" and not settings.llm_ready:
        raise SettingsError(
            "INTERVIEWER_GRADER is “llm”, but no model is set. Set INTERVIEWER_GRADER_MODEL, and OPENAI_API_KEY or OPENAI_BASE_URL."
        )
    try:
        known = urlsplit(settings.endpoint_url)
        usable = known.scheme in ("http", "https") and bool(known.hostname) and known.port != 0 and not set(known.netloc) & set(" \\<>")
    except ValueError:
        usable = False
    if not usable:
        raise SettingsError("OPENAI_BASE_URL is not an address like https://host:port/v1. Correct it or leave it out, then start again.")
    return settings


def _secrets(path: Path) -> dict[str, object]:
    """Top-level values of the project's or the working folder's secrets file."""
    for place in (path, ROOT / path):
        if place.is_file():
            try:
                return tomllib.loads(place.read_text("utf-8"))
            except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
                raise SettingsError(f"{path} is not readable TOML: {error}. Correct it, then start again.") from None
    return {}
