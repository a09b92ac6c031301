"""Failures with more to say than their name: models the server has, prompts over the context, servers that still load."""

from __future__ import annotations

import json

import pytest

from interviewer.domain.errors import FailureReason, ModelError
from interviewer.llm.failures import SettingNames, is_overflow
from interviewer.llm.replies import Refusal, read_models, read_refusal
from tests.llm.calls import KEY, chat, failure, long
from tests.openai_server import OpenAIServer, says, status


def test_the_models_a_server_has_are_listed_nearest_first(openai_server: OpenAIServer) -> None:
    openai_server.models = ["whisper-1", "gpt-4o", "gpt-4o-mini", "text-embedding-3-small"]
    error = failure(openai_server, status(404), model="gpt-4o-mni")
    assert error.reason is FailureReason.NO_SUCH_MODEL
    sentence = str(error)
    assert sentence.startswith("the-endpoint knows no model “gpt-4o-mni”. It has: gpt-4o-mini, gpt-4o, ")
    assert sentence.endswith(". Set INTERVIEWER_GRADER_MODEL to one of them. Your answer is kept.")
    assert openai_server.listings == 1


def test_of_many_models_twelve_are_listed(openai_server: OpenAIServer) -> None:
    openai_server.models = [f"model-{n}" for n in range(40)]
    sentence = str(failure(openai_server, status(404), model="model-7"))
    assert "It has: " not in sentence, "the model is there: it is something else"
    sentence = str(failure(openai_server, status(404), model="mdel-7"))
    assert sentence.count(",") == 11
    assert "It has: model-7, " in sentence
    assert " and 28 more. " in sentence


def test_names_of_models_are_cleaned_and_shortened(openai_server: OpenAIServer) -> None:
    openai_server.models = [f"evil\u202e\n{KEY}", "x" * 500]
    sentence = str(failure(openai_server, status(404)))
    assert KEY not in sentence
    assert "\u202e" not in sentence
    assert "\n" not in sentence
    assert len(sentence) < 400


@pytest.mark.parametrize("models", [None, []])
def test_without_a_list_the_settings_to_check_are_told(openai_server: OpenAIServer, models: list[str] | None) -> None:
    openai_server.models = models
    assert str(failure(openai_server, status(404))) == (
        "the-endpoint knows no model “m-1”, or the address is wrong. Check INTERVIEWER_GRADER_MODEL and OPENAI_BASE_URL. "
        "Your answer is kept."
    )


def test_the_settings_named_are_those_of_the_model(openai_server: OpenAIServer) -> None:
    names = SettingNames(model="INTERVIEWER_SECOND_MODEL", url="INTERVIEWER_SECOND_BASE_URL", key="INTERVIEWER_SECOND_API_KEY")
    assert "INTERVIEWER_SECOND_MODEL and INTERVIEWER_SECOND_BASE_URL" in str(failure(openai_server, status(404), settings=names))
    assert "Set INTERVIEWER_SECOND_API_KEY anew" in str(failure(openai_server, status(401), settings=names))


@pytest.mark.parametrize("code", [401, 403])
def test_of_a_rejected_key_nothing_the_server_says_is_told(openai_server: OpenAIServer, code: int) -> None:
    assert str(failure(openai_server, status(code))) == "the-endpoint rejected the key. Set OPENAI_API_KEY anew. Your answer is kept."


@pytest.mark.parametrize(
    ("refusal", "overflow"),
    [
        (Refusal(status=400, message="", code="context_length_exceeded"), True),
        (Refusal(status=400, message="", kind="exceed_context_size_error"), True),
        (Refusal(status=500, message="Context size has been exceeded."), True),
        (Refusal(status=400, message="This model's maximum context length is 8192 tokens."), True),
        (Refusal(status=400, message="However, the model's context length is only 1024 tokens"), True),
        (Refusal(status=400, message="the request exceeds the available context size"), True),
        (Refusal(status=400, message="loaded with context length of only 4096 tokens"), True),
        (Refusal(status=400, message="Cannot truncate prompt with n_keep (4270) >= n_ctx (4096)"), True),
        (Refusal(status=400, message="Requested tokens (8031) exceed context window of 2048"), True),
        (Refusal(status=429, message="maximum context length"), False),
        (Refusal(status=400, message="unknown field: context"), False),
        (Refusal(status=400, message="x" * 500 + "maximum context length"), False),
    ],
)
def test_what_counts_as_over_the_context(refusal: Refusal, overflow: bool) -> None:
    assert is_overflow(refusal) is overflow


@pytest.mark.parametrize(
    ("body", "message", "code", "kind"),
    [
        ('{"error": {"message": "m", "code": "c", "type": "t"}}', "m", "c", "t"),
        ('{"object": "error", "message": "m", "type": "t", "code": 404}', "m", "404", "t"),
        ('{"error": "m"}', "m", "", ""),
        ('{"detail": "m"}', "m", "", ""),
        ('{"message": "m"}', "m", "", ""),
        ('{"error": {"message": ["m"]}}', '{"error": {"message": ["m"]}}', "", ""),
        ('{"error": null}', '{"error": null}', "", ""),
        ("404 page not found", "404 page not found", "", ""),
        ("[1]", "[1]", "", ""),
        ("", "", "", ""),
        ("[" * 100_000, "[" * 100_000, "", ""),
    ],
)
def test_errors_are_read_in_every_shape(body: str, message: str, code: str, kind: str) -> None:
    assert read_refusal(400, body) == Refusal(status=400, message=message, code=code, kind=kind)


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ('{"data": [{"id": "a"}, {"id": "b"}, {"id": "a"}]}', ("a", "b")),
        ('{"models": [{"name": "a"}]}', ("a",)),
        ('["a", {"id": 5}, null, " "]', ("a",)),
        ('{"data": "abc"}', ()),
        ("<html>", ()),
        ("5", ()),
        ('{"data": [{"id": "\\ud800"}]}', ("?",)),
    ],
)
def test_lists_of_models_are_read_in_every_shape(body: str, names: tuple[str, ...]) -> None:
    assert read_models(body) == names


def test_a_reply_nested_without_end_is_no_reply(openai_server: OpenAIServer) -> None:
    body = ("[" * 200_000).encode()
    assert failure(openai_server, lambda exchange: exchange.send(200, body)).reason is FailureReason.NOT_AN_ENDPOINT


@pytest.mark.parametrize(("read", "cached", "cut"), [(499, 0, True), (500, 0, False), (1, 500, False), (1, 400, True), (0, 0, False)])
def test_a_request_that_was_silently_cut_is_told(openai_server: OpenAIServer, read: int, cached: int, cut: bool) -> None:
    """Of 1,000 words the server counts fewer than 500 tokens. Some servers count cached ones apart, some count nothing."""
    content = {
        "choices": [{"message": {"content": "hello"}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": read, "completion_tokens": 1, "prompt_tokens_details": {"cached_tokens": cached}},
    }
    openai_server.otherwise = lambda exchange: exchange.send(200, json.dumps(content).encode())
    try:
        chat(openai_server.url).complete(long(1000), schema=None)
        assert not cut
    except ModelError as error:
        assert cut
        assert error.reason is FailureReason.TOO_LARGE


def test_a_request_that_was_not_counted_passes(openai_server: OpenAIServer) -> None:
    openai_server.otherwise = says("hello", usage=False)
    assert chat(openai_server.url).complete(long(1000), schema=None).text == "hello"
