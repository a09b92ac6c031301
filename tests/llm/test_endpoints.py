"""The servers of docs/endpoints.md, each with what is odd about it. The personalities answer as those servers do."""

from __future__ import annotations

import re
from typing import Any

import pytest

from interviewer.domain.errors import FailureReason, ModelError
from interviewer.grading.verdicts import reply_schema
from interviewer.ports import ChatReply
from interviewer.settings import ROOT
from tests.llm import personalities as servers
from tests.llm.calls import SCHEMA, ask, chat, failure, long
from tests.llm.personalities import ANSWER, LIMIT
from tests.openai_server import Behaviour, OpenAIServer

PAGE = (ROOT / "docs" / "endpoints.md").read_text(encoding="utf-8")
ALL: dict[str, Behaviour] = {
    "OpenAI": servers.openai(),
    "OpenAI, reasoning": servers.openai(reasoning=True),
    "Azure OpenAI": servers.azure("m-1"),
    "vLLM": servers.vllm("m-1"),
    "llama.cpp `llama-server`": servers.llama_server(),
    "llama-cpp-python": servers.llama_cpp_python,
    "Ollama": servers.ollama("m-1"),
    "LM Studio": servers.lm_studio(),
}


def overlong(server: OpenAIServer, behaviour: Behaviour, **options: Any) -> ModelError | ChatReply:
    """What a request over the context ends in."""
    server.otherwise = behaviour
    try:
        return chat(server.url, **options).complete(long(2 * LIMIT), schema=SCHEMA)
    except ModelError as error:
        return error


@pytest.mark.parametrize("behaviour", ALL.values(), ids=ALL)
def test_each_server_gives_a_reply_in_form(openai_server: OpenAIServer, behaviour: Behaviour) -> None:
    openai_server.otherwise = behaviour
    model = chat(openai_server.url)
    for _ in range(2):
        reply = model.complete([{"role": "user", "content": "Grade this, in JSON."}], schema=SCHEMA)
        assert (reply.text, reply.finish) == (ANSWER, "stop")
    assert len(openai_server.requests) <= 3, "what is odd is found out once"


@pytest.mark.parametrize(
    "behaviour",
    [
        servers.openai(),
        servers.vllm("m-1"),
        servers.vllm("m-1", older=True),
        servers.llama_server(),
        servers.lm_studio(),
        servers.ollama("m-1"),
    ],
    ids=["OpenAI", "vLLM", "vLLM, older", "llama-server", "LM Studio", "Ollama"],
)
def test_a_request_over_the_context_is_told_as_that(openai_server: OpenAIServer, behaviour: Behaviour) -> None:
    error = overlong(openai_server, behaviour)
    assert isinstance(error, ModelError)
    assert error.reason is FailureReason.TOO_LARGE
    assert "set INTERVIEWER_GRADER_CONTEXT lower" in str(error)
    assert len(openai_server.requests) == 1, "another form does not help"


def test_openai_takes_the_schema_that_grading_uses(openai_server: OpenAIServer) -> None:
    assert servers.problems(reply_schema()) == []
    assert ask(openai_server, servers.openai(), schema=reply_schema()).form == "json_schema"


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "object", "properties": {"a": {"type": "string"}}, "required": [], "additionalProperties": False},
        {"type": "object", "properties": {}, "required": []},
        {**SCHEMA, "properties": {"ready": {"type": "array", "items": {"type": "object", "properties": {}, "required": []}}}},
    ],
    ids=["not required", "open", "open inside"],
)
def test_openai_refuses_a_loose_schema_and_json_mode_gets_on(openai_server: OpenAIServer, schema: dict[str, object]) -> None:
    """The personality does check; the word JSON that JSON mode asks for is in what is added to the first message."""
    assert ask(openai_server, servers.openai(), schema=schema).form == "json_object"


def test_azure_names_deployments_not_models(openai_server: OpenAIServer) -> None:
    openai_server.models = ["gpt-4o", "gpt-4o-mini"]
    sentence = str(failure(openai_server, servers.azure("mine"), model="gpt-4o", schema=SCHEMA))
    assert "has no deployment “gpt-4o”" in sentence
    assert "gpt-4o-mini" not in sentence, "its list of models is no list of deployments"


def test_azures_filter_is_a_refusal(openai_server: OpenAIServer) -> None:
    openai_server.otherwise = servers.azure("m-1")
    reply = chat(openai_server.url).complete([{"role": "user", "content": "violence"}], schema=SCHEMA)
    assert (reply.finish, reply.cost, len(openai_server.requests)) == ("refusal", None, 1)


@pytest.mark.parametrize("older", [True, False])
def test_vllm_names_the_models_it_serves(openai_server: OpenAIServer, older: bool) -> None:
    openai_server.models = ["org/Model-7B-Instruct"]
    error = failure(openai_server, servers.vllm("org/Model-7B-Instruct", older=older), model="Model-7B", schema=SCHEMA)
    assert error.reason is FailureReason.NO_SUCH_MODEL
    assert "It has: org/Model-7B-Instruct." in str(error)


@pytest.mark.parametrize("thinks", ["text", "field", "all"])
def test_thoughts_are_no_part_of_the_reply(openai_server: OpenAIServer, thinks: str) -> None:
    reply = ask(openai_server, servers.vllm("m-1", thinks=thinks), schema=SCHEMA)
    assert (reply.text, reply.form) == (ANSWER, "json_schema")


def test_llama_server_that_still_loads_is_waited_for_or_told(openai_server: OpenAIServer) -> None:
    assert ask(openai_server, servers.llama_server(loading=1), schema=SCHEMA, retries=1).text == ANSWER
    error = failure(openai_server, servers.llama_server(loading=9), schema=SCHEMA)
    assert error.reason is FailureReason.SERVER_ERROR
    assert "the-endpoint is still loading the model" in str(error)


def test_llama_server_takes_any_model_name(openai_server: OpenAIServer) -> None:
    assert ask(openai_server, servers.llama_server(), model="whatever", schema=SCHEMA).text == ANSWER


def test_ollama_names_the_models_that_were_pulled(openai_server: OpenAIServer) -> None:
    openai_server.models = ["llama3.1:8b", "qwen3:4b"]
    error = failure(openai_server, servers.ollama("llama3.1:8b"), model="llama3.1", schema=SCHEMA)
    assert error.reason is FailureReason.NO_SUCH_MODEL
    assert "It has: llama3.1:8b, qwen3:4b." in str(error)


def test_ollama_that_cuts_the_request_in_silence_is_found_out(openai_server: OpenAIServer) -> None:
    error = overlong(openai_server, servers.ollama("m-1"))
    assert str(error).startswith("Only 2,502 tokens of the request, not half of it, were read at the-endpoint. Raise its context length")


def test_lm_studio_has_no_json_mode_and_is_understood_by_its_bare_errors(openai_server: OpenAIServer) -> None:
    assert ask(openai_server, servers.lm_studio(), schema=SCHEMA, form="json_schema").text == ANSWER
    error = failure(openai_server, servers.lm_studio(), schema=SCHEMA, form="json_object")
    assert "It answered: “'response_format.type' must be 'json_schema' or 'text'”" in str(error)


def test_lm_studio_without_a_loaded_model_names_those_it_has(openai_server: OpenAIServer) -> None:
    openai_server.models = ["qwen/qwen3-4b"]
    error = failure(openai_server, servers.lm_studio(loaded=False), model="qwen3", schema=SCHEMA)
    assert (error.reason, len(openai_server.requests)) == (FailureReason.NO_SUCH_MODEL, 1)
    assert "It has: qwen/qwen3-4b." in str(error)


def test_lm_studio_that_replies_nothing_at_all_gives_no_grade(openai_server: OpenAIServer) -> None:
    """Its silent way to be over the context: an empty reply, which no grading takes for one."""
    outcome = overlong(openai_server, servers.lm_studio(loud=False))
    assert isinstance(outcome, ChatReply)
    assert (outcome.text, outcome.form) == ("", "json_schema")


@pytest.mark.parametrize("name", ["OpenAI", "Azure OpenAI", "vLLM", "llama.cpp `llama-server`", "Ollama", "LM Studio"])
def test_the_page_has_each_servers_settings(name: str) -> None:
    section = re.search(rf"^## {re.escape(name)}\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert section is not None, f"docs/endpoints.md has no section {name}"
    assert "export INTERVIEWER_GRADER_MODEL=" in section[1]
    assert name == "OpenAI" or "export OPENAI_BASE_URL=" in section[1]


def test_the_tests_the_page_names_exist() -> None:
    named = set(re.findall(r"`(test_\w+)`", PAGE))
    here = set(
        re.findall(r"^def (test_\w+)", "".join(p.read_text(encoding="utf-8") for p in (ROOT / "tests" / "llm").glob("test_*.py")), re.M)
    )
    assert named
    assert named <= here
