"""Which way of asking for JSON a server understands: found out once per endpoint and model, and kept."""

from __future__ import annotations

import json
from typing import Any

import pytest

from interviewer.domain.errors import FailureReason, ModelError
from interviewer.domain.grade import Usage
from interviewer.llm.forms import Learned, refuses_temperature
from interviewer.llm.replies import Refusal
from tests.llm.calls import SAID, SCHEMA, ask, chat, failure
from tests.llm.personalities import ANSWER, llama_cpp_python, lm_studio, openai, talkative, tool_call, tools_only
from tests.openai_server import Behaviour, Exchange, OpenAIServer, refuse, says, status


def forms(server: OpenAIServer) -> list[str]:
    """The form each request asked for."""
    return [str(body.get("response_format", {}).get("type", "tool" if "tools" in body else "")) for body in server.requests]


def only(form: str, *, otherwise: Behaviour) -> Behaviour:
    """A JSON object for this form, something else for every other."""

    def behave(exchange: Exchange) -> None:
        asked = str(exchange.body.get("response_format", {}).get("type", "tool" if "tools" in exchange.body else ""))
        if asked != form:
            return otherwise(exchange)
        return tool_call(exchange) if form == "tool" else exchange.reply(ANSWER)

    return behave


def test_a_server_that_knows_schemas_is_asked_once(openai_server: OpenAIServer) -> None:
    reply = ask(openai_server, openai(), schema=SCHEMA)
    assert (reply.text, reply.form, forms(openai_server)) == (ANSWER, "json_schema", ["json_schema"])


@pytest.mark.parametrize("code", [400, 422, 500, 501])
@pytest.mark.parametrize("form", ["json_object", "tool"])
def test_a_refused_form_leads_to_the_next(openai_server: OpenAIServer, code: int, form: str) -> None:
    reply = ask(openai_server, only(form, otherwise=status(code)), schema=SCHEMA)
    assert (reply.text, reply.form, reply.finish) == (ANSWER, form, "stop")
    assert forms(openai_server) == ["json_schema", "json_object", "tool"][: 2 if form == "json_object" else 3]


@pytest.mark.parametrize("text", ["Sure!", "", "[1]", "null", f"```json\n{ANSWER}\n```"])
def test_a_reply_that_is_no_object_leads_to_the_next(openai_server: OpenAIServer, text: str) -> None:
    reply = ask(openai_server, only("json_object", otherwise=says(text)), schema=SCHEMA)
    assert (reply.text, reply.form) == (ANSWER, "json_object")


def test_what_was_found_out_is_kept_for_every_model_object_of_the_process(openai_server: OpenAIServer) -> None:
    openai_server.otherwise = only("json_object", otherwise=status(400))
    model = chat(openai_server.url)
    for caller in (model, model, chat(openai_server.url)):
        assert caller.complete(SAID, schema=SCHEMA).form == "json_object"
    assert forms(openai_server) == ["json_schema", "json_object", "json_object", "json_object"]


def test_another_model_of_the_endpoint_is_found_out_anew(openai_server: OpenAIServer) -> None:
    openai_server.otherwise = only("json_object", otherwise=status(400))
    one, other = chat(openai_server.url), chat(openai_server.url, model="m-2")
    one.complete(SAID, schema=SCHEMA)
    other.complete(SAID, schema=SCHEMA)
    assert forms(openai_server) == ["json_schema", "json_object"] * 2


def test_a_form_known_beforehand_is_not_found_out(openai_server: OpenAIServer) -> None:
    assert ask(openai_server, says("no JSON"), schema=SCHEMA, form="tool").text == "no JSON"
    assert forms(openai_server) == ["tool"]


def test_wrong_content_is_no_matter_of_form(openai_server: OpenAIServer) -> None:
    reply = ask(openai_server, says('{"surprise": 1}'), schema=SCHEMA)
    assert (reply.text, reply.form, len(openai_server.requests)) == ('{"surprise": 1}', "json_schema", 1)


@pytest.mark.parametrize("behaviour", [says('{"rea', finish="length"), refuse], ids=["cut off", "refused"])
def test_a_cut_off_or_refused_reply_says_nothing_about_the_form(openai_server: OpenAIServer, behaviour: Behaviour) -> None:
    model = chat(openai_server.url)
    openai_server.otherwise = behaviour
    assert model.complete(SAID, schema=SCHEMA).finish in ("length", "refusal")
    assert len(openai_server.requests) == 1
    assert model._learned.form == ""


def test_when_no_form_is_accepted_the_first_error_is_told_and_nothing_is_kept(openai_server: OpenAIServer) -> None:
    openai_server.script = [status(422), status(400), status(400)]
    model = chat(openai_server.url)
    with pytest.raises(ModelError) as caught:
        model.complete(SAID, schema=SCHEMA)
    assert caught.value.reason is FailureReason.BAD_REQUEST
    assert "HTTP 422" in str(caught.value)
    openai_server.otherwise = says(ANSWER)
    assert model.complete(SAID, schema=SCHEMA).form == "json_schema"


def test_a_model_that_cannot_write_json_is_paid_for_three_replies_once(openai_server: OpenAIServer) -> None:
    openai_server.otherwise = says("I would rather not.")
    model = chat(openai_server.url)
    first, second = (model.complete(SAID, schema=SCHEMA) for _ in range(2))
    assert (first.text, second.text) == ("I would rather not.",) * 2
    assert forms(openai_server) == ["json_schema", "json_object", "tool", "json_schema"]
    openai_server.otherwise = status(400)
    with pytest.raises(ModelError):
        model.complete(SAID, schema=SCHEMA)
    assert len(openai_server.requests) == 7, "a refusal still leads to the other forms"


def test_what_finding_out_costs_is_in_the_reply(openai_server: OpenAIServer) -> None:
    reply = ask(openai_server, only("tool", otherwise=says("Sure!")), schema=SCHEMA)
    assert reply.usage == Usage(prompt=3000, completion=600, cached=192)


@pytest.mark.parametrize("code", [401, 403, 404, 429, 502, 503])
def test_other_errors_are_no_matter_of_form(openai_server: OpenAIServer, code: int) -> None:
    failure(openai_server, status(code), schema=SCHEMA)
    assert len(openai_server.requests) == 1


def test_a_404_that_names_the_form_is(openai_server: OpenAIServer) -> None:
    def gateway(exchange: Exchange) -> None:
        exchange.send(404, b'{"error": {"message": "No provider supports response_format for this model.", "code": 404}}')

    assert ask(openai_server, only("tool", otherwise=gateway), schema=SCHEMA).form == "tool"


def test_a_500_that_names_the_form_is_not_tried_again(openai_server: OpenAIServer) -> None:
    reply = ask(openai_server, llama_cpp_python, schema=SCHEMA, retries=2)
    assert (reply.form, forms(openai_server)) == ("json_object", ["json_schema", "json_object"])


def test_a_passing_500_is_got_over_without_losing_the_form(openai_server: OpenAIServer) -> None:
    openai_server.script = [status(500)]
    assert ask(openai_server, says(ANSWER), schema=SCHEMA, retries=2).form == "json_schema"


def test_a_broken_server_is_not_asked_nine_times(openai_server: OpenAIServer) -> None:
    assert failure(openai_server, status(500), schema=SCHEMA, retries=2).reason is FailureReason.SERVER_ERROR
    assert forms(openai_server) == ["json_schema"] * 3 + ["json_object", "tool"]


def test_json_mode_tells_the_schema_in_the_first_message_only(openai_server: OpenAIServer) -> None:
    messages = [{"role": "system", "content": "Rules."}, {"role": "user", "content": "Answer."}]
    openai_server.otherwise = only("json_object", otherwise=status(400))
    chat(openai_server.url).complete(messages, schema=SCHEMA)
    asked, told = openai_server.requests
    assert asked["messages"] == messages
    assert told["messages"][1:] == messages[1:]
    assert told["messages"][0]["content"].startswith("Rules.\n")
    assert json.loads(told["messages"][0]["content"].rsplit("\n", 1)[1]) == SCHEMA


def test_a_tool_is_forced_and_its_arguments_are_the_text(openai_server: OpenAIServer) -> None:
    ask(openai_server, tools_only(400), schema=SCHEMA)
    body: dict[str, Any] = openai_server.requests[-1]
    assert body["tool_choice"] == {"type": "function", "function": {"name": body["tools"][0]["function"]["name"]}}
    assert body["tools"][0]["function"]["parameters"] == SCHEMA
    assert "response_format" not in body


@pytest.mark.parametrize("behaviour", [talkative, tools_only(422), lm_studio(schema=False)], ids=["fences", "422", "bare error"])
def test_servers_that_only_know_tools_are_understood(openai_server: OpenAIServer, behaviour: Behaviour) -> None:
    assert ask(openai_server, behaviour, schema=SCHEMA).form == "tool"


def test_of_two_forms_found_out_at_once_the_stricter_stays() -> None:
    learned = Learned()
    learned.works("json_object")
    learned.works("json_schema")
    learned.works("tool")
    assert learned.form == "json_schema"


def test_a_refused_temperature_is_left_out_from_then_on(openai_server: OpenAIServer) -> None:
    openai_server.otherwise = openai(reasoning=True)
    model = chat(openai_server.url)
    assert [model.complete(SAID, schema=SCHEMA).text for _ in range(2)] == [ANSWER] * 2
    assert [body.get("temperature") for body in openai_server.requests] == [0, None, None]
    assert forms(openai_server) == ["json_schema"] * 3
    assert model.parameters == {"temperature": 0}, "what is configured stays what it is"


def test_the_temperature_is_not_blamed_for_another_error(openai_server: OpenAIServer) -> None:
    model = chat(openai_server.url)
    openai_server.otherwise = lambda exchange: exchange.send(400, b'{"error": "temperature and model are not supported"}')
    with pytest.raises(ModelError):
        model.complete(SAID, schema=None)
    assert model._learned.temperature, "without it the request failed as well"


@pytest.mark.parametrize(
    ("refusal", "refused"),
    [
        (Refusal(status=400, message="x", param="temperature"), True),
        (Refusal(status=400, message="'temperature' is not supported with this model"), True),
        (Refusal(status=400, message="`temperature` is deprecated for this model"), True),
        (Refusal(status=500, message="'temperature' is not supported"), False),
        (Refusal(status=400, message="body: input: 'A higher temperature flattens the distribution.'"), False),
    ],
)
def test_when_a_temperature_counts_as_refused(refusal: Refusal, refused: bool) -> None:
    assert refuses_temperature(refusal) is refused


def test_without_a_schema_no_form_is_asked_for(openai_server: OpenAIServer) -> None:
    assert ask(openai_server, says("hello")).form == ""
    assert forms(openai_server) == [""]


def test_a_form_that_one_lucky_reply_taught_is_given_up_when_it_does_not_hold(openai_server: OpenAIServer) -> None:
    openai_server.script = [says(ANSWER)]
    model = chat(openai_server.url)
    assert model.complete(SAID, schema=SCHEMA).form == "json_schema"
    openai_server.otherwise = only("json_object", otherwise=says("Sure!"))
    assert [model.complete(SAID, schema=SCHEMA).form for _ in range(2)] == ["json_object"] * 2
    assert forms(openai_server) == ["json_schema", "json_schema", "json_object", "json_object"]


def test_a_paid_reply_is_not_lost_when_the_next_form_fails(openai_server: OpenAIServer) -> None:
    openai_server.script = [says("Sure!"), lambda exchange: exchange.send(200, b"<html>")]
    reply = chat(openai_server.url).complete(SAID, schema=SCHEMA)
    assert (reply.text, reply.usage.prompt) == ("Sure!", 1000)


@pytest.mark.parametrize("text", [f"Let me see.</think>\n{ANSWER}", f"<think>a {{}} b</think>{ANSWER}"])
def test_thoughts_whose_beginning_stands_in_the_request_are_left_out(openai_server: OpenAIServer, text: str) -> None:
    assert ask(openai_server, says(text), schema=SCHEMA).text == ANSWER
