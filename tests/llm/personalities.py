"""Behaviours of the servers people use, as far as they differ: each answers as that server does. Sources in docs/endpoints.md."""

from __future__ import annotations

import json
from typing import Any

from tests.openai_server import Behaviour, Exchange

ANSWER = '{"ready": true}'
LIMIT = 5_000


def refused(exchange: Exchange, status: int, content: object) -> None:
    """An error in this server's own shape."""
    exchange.send(status, json.dumps(content).encode())


def error(message: str, *, kind: str = "invalid_request_error", param: str | None = None, code: object = None) -> dict[str, Any]:
    """OpenAI's shape."""
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}


def asked_for(exchange: Exchange) -> str:
    """What form the request asks for."""
    return str(exchange.body.get("response_format", {}).get("type", "tool" if "tools" in exchange.body else ""))


def problems(schema: object, where: str = "()") -> list[str]:
    """What OpenAI's strict mode has against a schema: every object closed, every property required, all the way down."""
    found: list[str] = []
    if isinstance(schema, list):
        return [problem for item in schema for problem in problems(item, where)]
    if not isinstance(schema, dict):
        return found
    if schema.get("type") == "object" or "properties" in schema:
        if schema.get("additionalProperties") is not False:
            found.append(f"In context={where}, 'additionalProperties' must be false.")
        if set(schema.get("required", [])) != set(schema.get("properties", {})):
            found.append(f"In context={where}, 'required' must name every property.")
    for name, part in schema.items():
        inner = part.values() if name in ("properties", "$defs") and isinstance(part, dict) else [part]
        found += [problem for item in inner for problem in problems(item, f"{where}.{name}")]
    return found


def openai(*, reasoning: bool = False) -> Behaviour:
    """OpenAI: checks the schema; a reasoning model takes no temperature."""

    def behave(exchange: Exchange) -> None:
        if reasoning and "temperature" in exchange.body:
            message = "Unsupported value: 'temperature' must be left at 1 with this model, its only supported value."
            return refused(exchange, 400, error(message, param="temperature", code="unsupported_value"))
        form = exchange.body.get("response_format", {})
        if form.get("type") == "json_object" and "json" not in json.dumps(exchange.body["messages"]).lower():
            return refused(exchange, 400, error("'messages' must contain the word 'json'.", param="messages"))
        if form.get("type") == "json_schema" and (found := problems(form["json_schema"]["schema"])):
            return refused(exchange, 400, error(f"Invalid schema for response_format 'reply': {found[0]}", param="response_format"))
        if exchange.words > LIMIT:
            message = f"This model's maximum context length is {LIMIT} tokens."
            return refused(exchange, 400, error(message, param="messages", code="context_length_exceeded"))
        return exchange.reply(ANSWER)

    return behave


def azure(deployment: str) -> Behaviour:
    """Azure OpenAI: models are deployments; a filter in front refuses with a 400, and adds its findings to every reply."""

    def behave(exchange: Exchange) -> None:
        if exchange.body["model"] != deployment:
            message = "There is no API deployment for this resource; wait a moment if it is new."
            return refused(exchange, 404, {"error": {"code": "DeploymentNotFound", "message": message}})
        if "violence" in exchange.body["messages"][-1]["content"]:
            content = error("The prompt triggered the content management policy.", kind="", param="prompt", code="content_filter")
            content["error"] |= {"status": 400, "innererror": {"code": "ResponsibleAIPolicyViolation", "content_filter_result": {}}}
            return refused(exchange, 400, content)
        return exchange.message({"content": ANSWER}, prompt_filter_results=[{"prompt_index": 0, "content_filter_results": {}}])

    return behave


def vllm(model: str, *, older: bool = False, thinks: str = "") -> Behaviour:
    """vLLM: its own error shape in older versions, codes that are numbers; thoughts in a field, or all of the reply there."""

    def shaped(status: int, message: str, kind: str) -> dict[str, Any]:
        inner = {"message": message, "type": kind, "param": None, "code": status}
        return {"object": "error", **inner} if older else {"error": inner}

    def behave(exchange: Exchange) -> None:
        if exchange.body["model"] != model:
            return refused(exchange, 404, shaped(404, f"The model `{exchange.body['model']}` does not exist.", "NotFoundError"))
        if exchange.words > LIMIT:
            words = (
                f"This model's maximum context length is {LIMIT} tokens, you asked for more."
                if older
                else f"You passed {exchange.words} input tokens. However, the model's context length is only {LIMIT} tokens."
            )
            return refused(exchange, 400, shaped(400, words, "BadRequestError"))
        if thinks == "all":
            return exchange.message({"content": None, "reasoning": ANSWER, "tool_calls": []})
        if thinks == "field":
            return exchange.message({"content": ANSWER, "reasoning_content": "Let me see.", "tool_calls": []})
        return exchange.reply(f"<think>\nLet me see: {{}}\n</think>\n\n{ANSWER}" if thinks == "text" else ANSWER)

    return behave


def llama_server(*, loading: int = 0) -> Behaviour:
    """llama.cpp's own server: any model name will do; says 503 while it loads; codes are numbers."""
    left = [loading]

    def behave(exchange: Exchange) -> None:
        if left[0]:
            left[0] -= 1
            return refused(exchange, 503, {"error": {"code": 503, "message": "Loading model", "type": "unavailable_error"}})
        if exchange.words > LIMIT:
            message = f"request ({exchange.words} tokens) is over the available context size ({LIMIT} tokens)"
            content = {
                "code": 400,
                "message": message,
                "type": "exceed_context_size_error",
                "n_prompt_tokens": exchange.words,
                "n_ctx": LIMIT,
            }
            return refused(exchange, 400, {"error": content})
        return exchange.reply(ANSWER)

    return behave


def llama_cpp_python(exchange: Exchange) -> None:
    """The server of llama-cpp-python: a form it does not know is an error of its own, it says."""
    if asked_for(exchange) == "json_schema":
        message = (
            "[{'type': 'literal_error', 'loc': ('body', 'response_format', 'type'), 'msg': 'text or json_object', 'input': 'json_schema'}]"
        )
        return refused(exchange, 500, error(message, kind="internal_server_error"))
    return exchange.reply(ANSWER)


def ollama(*models: str) -> Behaviour:
    """Ollama: unknown models are to be pulled; of a prompt over the context it reads half the context, and says nothing."""

    def behave(exchange: Exchange) -> None:
        name = exchange.body["model"]
        if name not in models:
            return refused(exchange, 404, error(f'model "{name}" not found, try pulling it first', kind="api_error"))
        return exchange.message({"content": ANSWER}, read=LIMIT // 2 + 2 if exchange.words > LIMIT else 0)

    return behave


def lm_studio(*, loaded: bool = True, schema: bool = True, loud: bool = True) -> Behaviour:
    """LM Studio: errors are bare strings; no JSON mode; over the context it complains, or (`loud` False) replies nothing."""

    def behave(exchange: Exchange) -> None:
        if not loaded:
            return refused(exchange, 400, error("No models loaded. Load one with `lms load`.", param="model"))
        if asked_for(exchange) == "json_object" or (asked_for(exchange) == "json_schema" and not schema):
            return refused(exchange, 400, {"error": "'response_format.type' must be 'json_schema' or 'text'"})
        if exchange.words > LIMIT and not loud:
            return exchange.reply("")
        if exchange.words > LIMIT:
            message = f"Trying to keep {exchange.words} tokens when context overflows, with a context length of only {LIMIT} tokens"
            return refused(exchange, 400, {"error": message})
        if asked_for(exchange) == "tool":
            return tool_call(exchange)
        return exchange.reply(ANSWER)

    return behave


def tool_call(exchange: Exchange) -> None:
    """The reply as the arguments of the tool that was forced."""
    name = exchange.body["tool_choice"]["function"]["name"]
    call = {"id": "call-1", "type": "function", "function": {"name": name, "arguments": ANSWER}}
    exchange.message({"content": None, "tool_calls": [call]}, finish="tool_calls")


def tools_only(status: int) -> Behaviour:
    """A server that knows no response_format at all, but tools."""

    def behave(exchange: Exchange) -> None:
        if asked_for(exchange) == "tool":
            return tool_call(exchange)
        return refused(exchange, status, {"detail": "Unsupported parameter: response_format"})

    return behave


def talkative(exchange: Exchange) -> None:
    """A server that takes every form and heeds none but tools."""
    if asked_for(exchange) == "tool":
        return tool_call(exchange)
    return exchange.reply(f"Sure, here it is:\n```json\n{ANSWER}\n```")
