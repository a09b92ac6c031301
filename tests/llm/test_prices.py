"""Prices: the user's own first, then the list that came with the installation; never a guess."""

from __future__ import annotations

import pytest

from interviewer.domain.grade import Usage
from interviewer.llm.prices import Price, is_local, parse_prices, price_of
from tests.llm.calls import ask, chat
from tests.openai_server import OpenAIServer, says

OPENAI = "https://api.openai.com/v1"
USED = Usage(prompt=1_000_000, completion=1_000_000, cached=400_000)


def test_prices_are_read() -> None:
    assert parse_prices(" my-model: 0.5/0.1/2 ; llama3.1:8b: 1/3;;") == {
        "my-model": Price(input=0.5, cached=0.1, output=2),
        "llama3.1:8b": Price(input=1, cached=None, output=3),
    }
    assert parse_prices("  ") == {}


@pytest.mark.parametrize(
    "text", ["0.5/0.1/2", "m: 1", "m: 1/2/3/4", "m: a/b", "m: -1/2", "m: nan/1", "m: inf/1", ": 1/2", "m", "m: 1/2; m: 1/2", "m: 1//2"]
)
def test_a_price_that_cannot_be_read_is_told_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match=r"my-model: 0\.5/0\.1/2"):
        parse_prices(text)


@pytest.mark.parametrize(
    ("price", "cost"),
    [(Price(input=1, cached=0.5, output=2), 0.6 + 0.2 + 2), (Price(input=1, output=2), 3.0), (Price(input=0, output=0), 0.0)],
)
def test_own_prices_count_cached_tokens_apart(price: Price, cost: float) -> None:
    assert price_of(USED, model="m", base_url=OPENAI, own={"m": price}) == pytest.approx(cost)


def test_own_prices_go_before_the_list() -> None:
    listed = price_of(USED, model="gpt-4o-mini", base_url=OPENAI, own={})
    own = price_of(USED, model="gpt-4o-mini", base_url=OPENAI, own={"gpt-4o-mini": Price(input=100, output=100)})
    assert listed is not None
    assert own == pytest.approx(200)
    assert listed < own


def test_the_list_knows_openai_and_azure_and_cached_tokens_are_cheaper() -> None:
    for url in (OPENAI, "https://mine.openai.azure.com/openai/v1"):
        whole = price_of(Usage(prompt=1000, completion=10), model="gpt-4o-mini", base_url=url, own={})
        cached = price_of(Usage(prompt=1000, completion=10, cached=900), model="gpt-4o-mini", base_url=url, own={})
        assert whole is not None
        assert cached is not None
        assert 0 < cached < whole


@pytest.mark.parametrize(
    ("model", "url"),
    [
        ("no-such-model", OPENAI),
        ("gpt-4o-mini", "https://example.com/v1"),
        ("gpt-4o-mini", "http://localhost:11434/v1"),
        ("gpt-4o-mini", "http://192.168.1.5/v1"),
        ("", OPENAI),
    ],
)
def test_where_no_price_is_known_there_is_none(model: str, url: str) -> None:
    assert price_of(USED, model=model, base_url=url, own={}) is None


@pytest.mark.parametrize("usage", [Usage(), Usage(prompt=5), Usage(completion=5)])
def test_uncounted_tokens_have_no_price(usage: Usage) -> None:
    assert price_of(usage, model="m", base_url=OPENAI, own={"m": Price(input=1, output=1)}) is None


def test_more_cached_tokens_than_there_are_cost_nothing_extra() -> None:
    odd = Usage(prompt=10, completion=0, cached=99)
    assert price_of(odd, model="m", base_url=OPENAI, own={"m": Price(input=1, cached=1, output=1)}) == pytest.approx(1e-5)
    assert price_of(odd, model="gpt-4o-mini", base_url=OPENAI, own={}) is not None


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://127.0.0.1:8080/v1", True),
        ("http://[::1]:8080/v1", True),
        ("http://10.0.0.7/v1", True),
        ("http://169.254.1.1/v1", True),
        ("http://ollama:11434/v1", True),
        ("http://gpu.local/v1", True),
        ("http://host.docker.internal:1234/v1", True),
        ("https://api.openai.com/v1", False),
        ("https://8.8.8.8/v1", False),
    ],
)
def test_which_addresses_are_local(url: str, local: bool) -> None:
    assert is_local(url) is local


def test_a_reply_says_what_it_cost(openai_server: OpenAIServer) -> None:
    own = {"m-1": Price(input=1, cached=0.5, output=2)}
    assert ask(openai_server, prices=own).cost == pytest.approx((936 + 32 + 400) / 1e6)
    assert ask(openai_server).cost is None
    assert ask(openai_server, says("x", usage=False), prices=own).cost is None


def test_a_model_tells_the_price_of_tokens_not_yet_used(openai_server: OpenAIServer) -> None:
    assert chat(openai_server.url, prices={"m-1": Price(input=1, output=2)}).price(USED) == pytest.approx(3)
    assert chat(OPENAI, model="gpt-4o-mini").price(USED) is not None
