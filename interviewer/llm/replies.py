"""Reading what an endpoint answered: a chat reply, an error in any of the shapes servers use, or a list of models."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from interviewer.domain.grade import Usage
from interviewer.ports import ChatReply

Form = Literal["", "json_schema", "json_object", "tool"]
THOUGHTS = re.compile(r"(?:\s*<think(?:ing)?>.*?|[^{]*?)</think(?:ing)?>\s*", re.IGNORECASE | re.DOTALL)
"""Some templates open the thoughts in the request, so that the reply holds their end only."""


def _whole(value: object) -> object:
    """Text without halves of characters (lone surrogates), which nothing can send on or store."""
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else value


def _sane(value: object) -> object:
    """A count of tokens that can be one; a server's nonsense is no count."""
    return value if isinstance(value, int) and 0 <= value <= MOST_TOKENS else None


MOST_TOKENS = 100_000_000
Count = Annotated[int | None, BeforeValidator(_sane)]
Text = Annotated[str, BeforeValidator(_whole)]


class Wire(BaseModel):
    """A part of a server's answer. Unknown keys are passed over: every server adds its own."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class _Function(Wire):
    arguments: Text = ""


class _ToolCall(Wire):
    function: _Function = _Function()


class _Message(Wire):
    content: Text | None = None
    refusal: Text | None = None
    tool_calls: tuple[_ToolCall, ...] | None = None
    reasoning_content: Text | None = None
    reasoning: Text | None = None


class _Choice(Wire):
    message: _Message
    finish_reason: Text | None = None


class _Details(Wire):
    cached_tokens: Count = None


class _Usage(Wire):
    prompt_tokens: Count = None
    completion_tokens: Count = None
    prompt_tokens_details: _Details | None = None


class _Completion(Wire):
    model: Text | None = None
    choices: Annotated[tuple[_Choice, ...], Field(min_length=1)]
    usage: _Usage | None = None


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """An answer with an error status, its parts as far as they could be told apart. All of it is the server's: untrusted."""

    status: int
    message: str
    code: str = ""
    kind: str = ""
    param: str = ""

    @property
    def names(self) -> tuple[str, str]:
        """Code and type: different servers use different ones for the same thing."""
        return self.code.casefold(), self.kind.casefold()


def read_reply(body: str, *, model: str, form: Form, latency_ms: int) -> ChatReply | None:
    """The chat reply in this answer; None when there is none in it."""
    try:
        read = _Completion.model_validate(json.loads(body))
    except (ValidationError, ValueError, RecursionError):
        return None
    choice, used = read.choices[0], read.usage or _Usage()
    said = choice.message
    refused = bool(said.refusal) or choice.finish_reason == "content_filter"
    cached = used.prompt_tokens_details.cached_tokens if used.prompt_tokens_details else None
    return ChatReply(
        text=said.refusal or _text(said),
        finish="refusal" if refused else "length" if choice.finish_reason == "length" else "stop",
        model=read.model or model,
        usage=Usage(prompt=used.prompt_tokens, completion=used.completion_tokens, cached=cached),
        latency_ms=latency_ms,
        form=form,
    )


def _text(said: _Message) -> str:
    """What counts as the reply: the tool call's arguments, else the content without thoughts in front of it.

    Some servers' reasoning parsers put the whole of a constrained reply among the thoughts and leave the content empty.
    """
    if said.tool_calls:
        return said.tool_calls[0].function.arguments
    content = THOUGHTS.sub("", said.content or "", count=1) if THOUGHTS.match(said.content or "") else said.content or ""
    thoughts = said.reasoning_content or said.reasoning or ""
    return thoughts if not content.strip() and is_object(thoughts) else content


def is_object(text: str) -> bool:
    """Whether the text is one JSON object, whatever is in it."""
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False


def read_refusal(status: int, body: str) -> Refusal:
    """OpenAI's {"error": {…}}, vLLM's older {"object": "error", …}, {"error": "…"}, {"detail": …}, or any other text."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return Refusal(status=status, message=body)
    parts: dict[str, Any] = content if isinstance(content, dict) else {}
    inner = parts.get("error", parts)
    if isinstance(inner, str):
        return Refusal(status=status, message=inner)
    if not isinstance(inner, dict):
        return Refusal(status=status, message=body)
    message = inner.get("message", inner.get("detail"))
    return Refusal(
        status=status,
        message=message if isinstance(message, str) else body,
        code=_word(inner.get("code")),
        kind=_word(inner.get("type")),
        param=_word(inner.get("param")),
    )


def _word(value: object) -> str:
    return str(_whole(str(value)))[:100] if isinstance(value, str | int) else ""


def read_models(body: str) -> tuple[str, ...]:
    """The names in an answer to GET /models; empty when there are none."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return ()
    return tuple(dict.fromkeys(_names(content)))


def _names(content: object) -> Iterator[str]:
    rows = content.get("data", content.get("models")) if isinstance(content, dict) else content
    for row in rows if isinstance(rows, list) else ():
        name = row.get("id", row.get("name")) if isinstance(row, dict) else row
        if isinstance(name, str) and name.strip():
            yield str(_whole(name))
