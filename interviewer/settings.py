"""The only reader of the environment and of .streamlit/secrets.toml. docs/settings.md lists every setting."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
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


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """A model at an address."""

    model: str
    url: str
    key: SecretStr

    @property
    def host(self) -> str:
        """Its host and port, without path or credentials: what the user is shown."""
        parts = urlsplit(self.url)
        return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)

    @property
    def address(self) -> tuple[str, str, int | None, str]:
        """The address as one compares it: a capital, the usual port or a slash at the end make no other."""
        try:
            parts = urlsplit(self.url)
            port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
        except ValueError:
            return "", self.url, None, ""
        return parts.scheme, str(parts.hostname), port, parts.path.rstrip("/")

    @property
    def usable(self) -> bool:
        """Whether the address is one that can be asked."""
        try:
            parts = urlsplit(self.url)
            return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0 and not set(parts.netloc) & set(" \\<>")
        except ValueError:
            return False


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
    interviewer_grader_timeout: float = Field(default=120, gt=0, le=1800, description="seconds one call may take in all, retries included")
    interviewer_grader_temperature: float | None = Field(
        default=0, ge=0, le=2, description='sampling temperature; "none" leaves it out for models that refuse it'
    )
    interviewer_grader_context: int = Field(
        default=24_000, ge=8_000, le=1_000_000, description="tokens of one request and its reply; longer answers are graded in parts"
    )
    interviewer_grading_workers: int = Field(default=12, ge=1, le=64, description="gradings, and calls to an endpoint, at the same time")
    interviewer_second_model: str = Field(default="", description="another model for second opinions; credit then needs both")
    interviewer_second_opinion: Literal["doubtful", "all"] = Field(
        default="doubtful", description="which credited points the second model judges too"
    )
    interviewer_second_base_url: str = Field(default="", description="its endpoint; empty: the first model's")
    interviewer_second_api_key: SecretStr = Field(default=SecretStr(""), description="its key; empty: the first model's")
    interviewer_prices: str = Field(
        default="", description="USD per million tokens, where no price is known: `model: input/cached/output; …`"
    )
    interviewer_spend_session: float | None = Field(default=None, gt=0, description="most USD one session may cost; empty: no limit")
    interviewer_spend_day: float | None = Field(
        default=None, gt=0, description="most USD all gradings of a day (UTC) may cost; empty: no limit"
    )
    openai_api_key: SecretStr = Field(default=SecretStr(""), description="key of the endpoint; never shown, never stored")
    openai_base_url: str = Field(default="", description="an OpenAI-compatible endpoint; empty: OpenAI's own")

    @property
    def endpoint(self) -> Endpoint:
        """Where answers are graded when a model is set."""
        return Endpoint(model=self.interviewer_grader_model, url=self.openai_base_url or OPENAI, key=self.openai_api_key)

    @property
    def second(self) -> Endpoint | None:
        """Where second opinions come from. The first endpoint's key goes to no other address."""
        if not (self.interviewer_second_model and self.uses_model):
            return None
        url = self.interviewer_second_base_url or self.endpoint.url
        key = self.interviewer_second_api_key
        found = Endpoint(model=self.interviewer_second_model, url=url, key=key)
        if not key.get_secret_value() and found.address == self.endpoint.address:
            return replace(found, key=self.openai_api_key)
        return found

    @property
    def endpoint_host(self) -> str:
        """Host and port of the first model's endpoint."""
        return self.endpoint.host

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
    _check_endpoints(settings)
    return settings


def _check_endpoints(settings: Settings) -> None:
    """Addresses that can be asked; and a second opinion is another model's, or it is none."""
    second = settings.second
    for name, endpoint in (("OPENAI_BASE_URL", settings.endpoint), ("INTERVIEWER_SECOND_BASE_URL", second)):
        if endpoint and not endpoint.usable:
            raise SettingsError(f"{name} is not an address like https://host:port/v1. Correct it or leave it out, then start again.")
    if second and (second.model, second.address) == (settings.endpoint.model, settings.endpoint.address):
        raise SettingsError(
            "INTERVIEWER_SECOND_MODEL is the first model again; asked twice it repeats its errors. Name another model, or leave it out."
        )


def _secrets(path: Path) -> dict[str, object]:
    """Top-level values of the project's or the working folder's secrets file."""
    for place in (path, ROOT / path):
        if place.is_file():
            try:
                return tomllib.loads(place.read_text("utf-8"))
            except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
                raise SettingsError(f"{path} is not readable TOML: {error}. Correct it, then start again.") from None
    return {}
