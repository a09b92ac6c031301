"""What went wrong, as `ModelError` with a sentence of our own. A server's words are added where they help, made fit to show."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from interviewer.domain.errors import FailureReason, ModelError
from interviewer.llm.redaction import page_title, shown
from interviewer.llm.replies import Refusal

KEPT = "Your answer is kept."
NAMES = 12
NAME_LENGTH = 60
READ = 400
OVERFLOW_NAMES = frozenset({"context_length_exceeded", "exceed_context_size_error"})
OVERFLOW = re.compile(
    r"maximum context length|model's context length|available context size|context size has been exceeded|context length of only"
    r"|exceeds? (?:the )?(?:model's )?context (?:window|length|size)|n_keep.{0,20}n_ctx",
    re.IGNORECASE,
)
NO_MODEL_NAMES = frozenset({"model_not_found", "deploymentnotfound", "no_such_model"})
QUOTA_NAMES = frozenset({"insufficient_quota", "billing_hard_limit_reached"})
FILTER_NAMES = frozenset({"content_filter", "responsibleaipolicyviolation"})


@dataclass(frozen=True, kw_only=True)
class SettingNames:
    """The settings to name in advice."""

    model: str = "INTERVIEWER_GRADER_MODEL"
    url: str = "OPENAI_BASE_URL"
    key: str = "OPENAI_API_KEY"
    timeout: str = "INTERVIEWER_GRADER_TIMEOUT"
    context: str = "INTERVIEWER_GRADER_CONTEXT"


def is_overflow(refusal: Refusal) -> bool:
    """Whether request and reply together are longer than the model's context."""
    named = bool(OVERFLOW_NAMES.intersection(refusal.names))
    return named or (refusal.status in (400, 413, 422, 500) and bool(OVERFLOW.search(refusal.message[:READ])))


def is_filtered(refusal: Refusal) -> bool:
    """Whether a content filter in front of the model stopped the request."""
    return refusal.status == 400 and bool(FILTER_NAMES.intersection(refusal.names))


def is_no_model(refusal: Refusal) -> bool:
    """Whether the server does not have the model."""
    named = bool(NO_MODEL_NAMES.intersection(refusal.names)) or refusal.param == "model"
    return refusal.status == 404 or (refusal.status == 400 and named)


class Failures:
    """The sentences for one model at one endpoint."""

    def __init__(self, *, endpoint: str, model: str, key: str, timeout: float, settings: SettingNames) -> None:
        self._endpoint, self._model, self._key, self._timeout, self._settings = endpoint, model, key, timeout, settings

    def by_status(self, refusal: Refusal, *, hold: float = 0) -> ModelError:
        """The error for an answer with an error status; `hold` is for how many seconds the server wants peace."""
        status, who = refusal.status, self._endpoint
        if status in (401, 403):
            return self._error(FailureReason.KEY_REJECTED, f"{who} rejected the key. Set {self._settings.key} anew.")
        if is_overflow(refusal):
            return self.too_large("The request is longer than the model's context")
        if is_no_model(refusal):
            return self.no_model(refusal, ())
        if status == 402 or (status == 429 and QUOTA_NAMES.intersection(refusal.names)):
            return self._error(FailureReason.QUOTA, f"The account's quota at {who} is used up.")
        if status == 429:
            return self.limited(hold)
        if status == 503 and "loading" in refusal.message[:READ].casefold():
            return self._error(FailureReason.SERVER_ERROR, f"{who} is still loading the model. Try again in a minute.")
        if status >= 500:
            return self._error(FailureReason.SERVER_ERROR, f"{who} had an error of its own (HTTP {status}).")
        if 300 <= status < 400:
            return self._error(
                FailureReason.NOT_AN_ENDPOINT,
                f"{who} points to another address (HTTP {status}), which is not followed. Set {self._settings.url} to the final one.",
            )
        return self._error(
            FailureReason.BAD_REQUEST,
            f"{who} did not accept the request (HTTP {status}). It may know no structured output or no temperature.",
            refusal.message,
        )

    def not_a_reply(self, body: str, words: str) -> ModelError:
        """Something came back with status 200 that is no chat reply; `words` are what to show of it."""
        who, title = self._endpoint, page_title(body)
        told = "with a web page, not like a chat endpoint" if title else "but not like a chat endpoint"
        sentence = f"{who} answered, {told}. Check {self._settings.url} (it usually ends in /v1)."
        return self._error(FailureReason.NOT_AN_ENDPOINT, sentence, title or words)

    def no_model(self, refusal: Refusal, names: Sequence[str]) -> ModelError:
        """The server has no such model. `names` are those it has."""
        who, setting = self._endpoint, self._settings
        if "deploymentnotfound" in refusal.names:
            sentence = (
                f"{who} has no deployment “{self._model}”. {setting.model} takes the deployment's name, not the model's; "
                "a new deployment is there after some minutes."
            )
        elif names and self._model not in names:
            sentence = f"{who} knows no model “{self._model}”. It has: {self._listed(names)}. Set {setting.model} to one of them."
        else:
            sentence = f"{who} knows no model “{self._model}”, or the address is wrong. Check {setting.model} and {setting.url}."
        return self._error(FailureReason.NO_SUCH_MODEL, sentence)

    def _listed(self, names: Sequence[str]) -> str:
        near = process.extract(self._model, names, scorer=fuzz.WRatio, limit=NAMES)
        told = ", ".join(shown(name, self._key, most=NAME_LENGTH) for name, *_ in near)
        return told + (f" and {len(names) - len(near)} more" if len(names) > len(near) else "")

    def too_large(self, what: str) -> ModelError:
        """More than the model's context holds."""
        return self._error(
            FailureReason.TOO_LARGE,
            f"{what} at {self._endpoint}. Raise its context length, or set {self._settings.context} lower; "
            "longer answers are then graded in parts.",
        )

    def limited(self, seconds: float) -> ModelError:
        """Too many requests; `seconds` is how long the server wants peace, 0 when it did not say."""
        when = f"in {_duration(seconds)}" if seconds >= 1 else "in a minute"
        return self._error(FailureReason.RATE_LIMITED, f"{self._endpoint} is limiting requests. Try again {when}.")

    def paused(self, failures: int, seconds: int) -> ModelError:
        """The endpoint is left alone."""
        who = self._endpoint
        if not seconds:
            told = f"{who} failed {failures} times in a row, and one request is trying it now. Your answer is kept; try again in a moment."
        else:
            told = (
                f"{who} failed {failures} times in a row, so it is left alone for {seconds} s more. "
                "Your answer is kept; try again after that."
            )
        return ModelError(FailureReason.PAUSED, told)

    def late(self) -> ModelError:
        """The deadline passed."""
        sentence = f"{self._endpoint} did not answer within {self._timeout:g} s. For a slow model, set {self._settings.timeout} higher."
        return self._error(FailureReason.TIMEOUT, sentence)

    def unreachable(self) -> ModelError:
        """No connection."""
        return self._error(FailureReason.UNREACHABLE, f"{self._endpoint} cannot be reached. Check the address and the network.")

    def bad_key(self) -> ModelError:
        """A key that cannot even be sent."""
        sentence = (
            f"{self._endpoint} cannot be sent this key: it holds a line break or a letter that no key has. Set {self._settings.key} anew."
        )
        return self._error(FailureReason.KEY_REJECTED, sentence)

    def _error(self, reason: FailureReason, sentence: str, words: str = "") -> ModelError:
        told = shown(words, self._key)
        quoted = f" It answered: “{told}”" + ("" if told.endswith((".", "…", "!")) else ".") if told else ""
        return ModelError(reason, f"{sentence}{quoted} {KEPT}")


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min"
