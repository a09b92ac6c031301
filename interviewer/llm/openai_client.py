"""The only file that imports `openai`: one chat request to any OpenAI-compatible endpoint, with every failure named."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import openai
from openai.types.chat import ChatCompletion
from pydantic import ValidationError

from interviewer.domain.errors import FailureReason, ModelError
from interviewer.domain.grade import Usage
from interviewer.ports import ChatReply

RETRIES = 2
KEPT = "Your answer is kept."
NO_KEY = "not-needed"


class OpenAIChat:
    """A chat model behind the OpenAI protocol. The client library retries 408, 429 (by Retry-After), 5xx and lost connections."""

    def __init__(
        self, *, model: str, base_url: str, endpoint: str, api_key: str, timeout: float, temperature: float | None, retries: int = RETRIES
    ) -> None:
        self.model = model
        self.endpoint = endpoint
        self.parameters: dict[str, str | int | float | None] = {} if temperature is None else {"temperature": temperature}
        self._timeout = timeout
        self._client = openai.OpenAI(api_key=api_key or NO_KEY, base_url=base_url, timeout=timeout, max_retries=retries)

    def complete(self, messages: Sequence[dict[str, str]], *, schema: dict[str, object] | None) -> ChatReply:
        """One request. Raises `ModelError` with a sentence for the user."""
        extra: dict[str, object] = {}
        if schema is not None:
            extra["response_format"] = {
                "type": "json_schema",
                "json_schema": {"name": "reply", "strict": True, "schema": schema},
            }
        started = time.monotonic()
        with self._translated():
            reply = self._client.chat.completions.create(model=self.model, messages=messages, **self.parameters, **extra)  # type: ignore[call-overload]
            return self._read(reply, round((time.monotonic() - started) * 1000))

    def _read(self, reply: object, latency_ms: int) -> ChatReply:
        if not isinstance(reply, ChatCompletion) or not getattr(reply, "choices", None):
            raise ModelError(
                FailureReason.NOT_AN_ENDPOINT,
                f"{self.endpoint} answered, but not like a chat endpoint. Check the address (it usually ends in /v1). {KEPT}",
            )
        choice, used = reply.choices[0], reply.usage
        refusal = getattr(choice.message, "refusal", None)
        refused = refusal or choice.finish_reason == "content_filter"
        details = used.prompt_tokens_details if used else None
        return ChatReply(
            text=_whole(refusal or choice.message.content or ""),
            finish="refusal" if refused else "length" if choice.finish_reason == "length" else "stop",
            model=_whole(reply.model or self.model),
            usage=Usage(
                prompt=used.prompt_tokens if used else None,
                completion=used.completion_tokens if used else None,
                cached=details.cached_tokens if details else None,
            ),
            latency_ms=latency_ms,
        )

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Foreign errors end here. The server's own words are not passed on: they may hold part of the key."""
        try:
            yield
        except openai.APITimeoutError:
            raise ModelError(
                FailureReason.TIMEOUT,
                f"{self.endpoint} did not answer within {self._timeout:g} s, {self._client.max_retries + 1} times. {KEPT}",
            ) from None
        except openai.APIConnectionError:
            raise ModelError(
                FailureReason.UNREACHABLE, f"{self.endpoint} cannot be reached. Check the address and the network. {KEPT}"
            ) from None
        except openai.APIStatusError as error:
            raise self._by_status(error) from None
        except (openai.OpenAIError, ValidationError, ValueError, TypeError, AttributeError):
            raise ModelError(
                FailureReason.NOT_AN_ENDPOINT, f"{self.endpoint} sent something that is not a chat reply. Check the address. {KEPT}"
            ) from None

    def _by_status(self, error: openai.APIStatusError) -> ModelError:
        status, code = error.status_code, str(getattr(error, "code", "") or "")
        if status in (401, 403):
            return ModelError(FailureReason.KEY_REJECTED, f"{self.endpoint} rejected the key. Set OPENAI_API_KEY anew. {KEPT}")
        if status == 404:
            return ModelError(
                FailureReason.NO_SUCH_MODEL,
                f"{self.endpoint} knows no model “{self.model}”, or the address is wrong. "
                f"Check INTERVIEWER_GRADER_MODEL and OPENAI_BASE_URL. {KEPT}",
            )
        if status == 429 and code in ("insufficient_quota", "billing_hard_limit_reached"):
            return ModelError(FailureReason.QUOTA, f"The account's quota at {self.endpoint} is used up. {KEPT}")
        if status == 429:
            return ModelError(FailureReason.RATE_LIMITED, f"{self.endpoint} is limiting requests. Try again in a minute. {KEPT}")
        if status >= 500:
            return ModelError(FailureReason.SERVER_ERROR, f"{self.endpoint} had an error of its own (HTTP {status}). {KEPT}")
        return ModelError(
            FailureReason.BAD_REQUEST,
            f"{self.endpoint} did not accept the request (HTTP {status}). It may know no structured output or no temperature. {KEPT}",
        )


def _whole(text: str) -> str:
    """The text without halves of characters (lone surrogates), which nothing can send on or store. Fails on anything but text."""
    return text.encode("utf-8", "replace").decode("utf-8")
