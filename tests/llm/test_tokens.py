from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
import tiktoken
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_socket import disable_socket

from interviewer.llm.tokens import CACHE_NAME, PIECE, SHA256, TiktokenCounter, place_encoding

EXACT = "gpt-4o-mini"


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What the counter tells tiktoken by the environment ends with the test."""
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path / "not-used"))


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory) -> TiktokenCounter:
    return TiktokenCounter(tmp_path_factory.mktemp("tiktoken"), EXACT)


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """tiktoken as in a new process, nothing loaded; and no socket at all."""
    monkeypatch.setattr(tiktoken.registry, "ENCODINGS", {})
    disable_socket()


@pytest.mark.usefixtures("fresh")
def test_an_empty_cache_and_no_network_are_enough(tmp_path: Path) -> None:
    assert TiktokenCounter(tmp_path / "new" / "cache", EXACT).count("hello world") == 2


@pytest.mark.usefixtures("fresh")
def test_a_damaged_cache_file_is_replaced_without_the_network(tmp_path: Path) -> None:
    (tmp_path / CACHE_NAME).write_bytes(b"damaged")
    assert TiktokenCounter(tmp_path, EXACT).count("hello world") == 2


def test_the_placed_file_is_the_checked_one_and_nothing_else_is_left(tmp_path: Path) -> None:
    place_encoding(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [CACHE_NAME]
    assert hashlib.sha256((tmp_path / CACHE_NAME).read_bytes()).hexdigest() == SHA256


def test_a_good_file_is_left_alone(tmp_path: Path) -> None:
    place_encoding(tmp_path)
    inode = (tmp_path / CACHE_NAME).stat().st_ino
    place_encoding(tmp_path)
    assert (tmp_path / CACHE_NAME).stat().st_ino == inode


def test_other_models_get_a_margin(counter: TiktokenCounter, tmp_path: Path) -> None:
    text = "word " * 1000
    assert TiktokenCounter(tmp_path, "llama-3").count(text) == round(counter.count(text) * 1.15)


def test_special_tokens_count_as_the_text_they_are(counter: TiktokenCounter) -> None:
    assert counter.count("<|endoftext|>") > 1


def test_a_hundred_thousand_equal_letters_are_counted(counter: TiktokenCounter) -> None:
    assert 0 < counter.count("a" * 100_000) <= 100_000


def test_lone_surrogates_are_counted(counter: TiktokenCounter) -> None:
    assert counter.count("a\ud800b") > 0


@settings(deadline=None)
@given(text=st.text(max_size=200), most=st.integers(0, 80))
def test_a_cut_is_a_beginning_of_the_text(counter: TiktokenCounter, text: str, most: int) -> None:
    assert text.startswith(counter.cut(text, most))


@settings(deadline=None)
@given(text=st.text(max_size=200))
def test_a_text_within_the_limit_is_not_cut(counter: TiktokenCounter, text: str) -> None:
    assert counter.cut(text, counter.count(text)) == text


@pytest.mark.parametrize("most", [0, 1, 100, 1500])
@pytest.mark.parametrize("model", [EXACT, "llama-3"])
def test_a_cut_keeps_to_the_limit_and_uses_it(tmp_path: Path, model: str, most: int) -> None:
    counter = TiktokenCounter(tmp_path, model)
    kept = counter.cut("The base weights stay frozen. " * (PIECE // 10), most)
    assert 0.98 * most - 2 <= counter.count(kept) <= most


def test_half_an_emoji_is_not_kept(counter: TiktokenCounter) -> None:
    text = "\U0001f9d1\u200d\U0001f52c" * 30
    assert all("\ufffd" not in counter.cut(text, most) for most in range(40))
