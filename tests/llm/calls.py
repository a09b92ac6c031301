"""Calls of a model behind the scripted server, in short."""

from __future__ import annotations

from typing import Any

import pytest

from interviewer.domain.errors import ModelError
from interviewer.llm.openai_client import OpenAIChat
from interviewer.ports import ChatReply
from tests.openai_server import Behaviour, OpenAIServer, says

KEY = "sk-secret-123"
SAID = [{"role": "user", "content": "Grade this."}]
HELLO = says("hello")
SCHEMA: dict[str, object] = {
    "type": "object",
    "properties": {"ready": {"type": "boolean"}},
    "required": ["ready"],
    "additionalProperties": False,
}


def chat(url: str, *, timeout: float = 5, retries: int = 0, temperature: float | None = 0, key: str = KEY, **options: Any) -> OpenAIChat:
    values: dict[str, Any] = {"model": "m-1", "endpoint": "the-endpoint"} | options
    return OpenAIChat(base_url=url, api_key=key, timeout=timeout, temperature=temperature, retries=retries, **values)


def ask(server: OpenAIServer, behaviour: Behaviour = HELLO, *, schema: dict[str, object] | None = None, **options: Any) -> ChatReply:
    server.otherwise = behaviour
    return chat(server.url, **options).complete(SAID, schema=schema)


def failure(server: OpenAIServer, behaviour: Behaviour, **options: Any) -> ModelError:
    with pytest.raises(ModelError) as caught:
        ask(server, behaviour, **options)
    return caught.value


def long(words: int) -> list[dict[str, str]]:
    """Messages of so many words."""
    return [{"role": "user", "content": "word " * words}]
