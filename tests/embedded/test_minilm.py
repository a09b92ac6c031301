"""The shipped model itself: what it says of pairs nobody trained it on, and that it says the same each time, in any thread."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from interviewer.embedded.files import FOLDER
from interviewer.embedded.minilm import MODEL, MiniLM

MINILM = MiniLM()
shipped = pytest.mark.skipif(not (FOLDER / MODEL).exists(), reason="the cross-encoder is being trained and does not ship yet")
CLAIM = "Evicting the least recently used entry keeps the cache within its memory."
SAYS = "When it is full, whatever nobody asked for the longest is thrown out, so it never outgrows its RAM."
OPPOSITE = "The least recently used entry is never evicted, so the cache does not stay within its memory."
ELSE = "My grandmother bakes bread every Sunday morning."


@shipped
def test_a_paraphrase_is_asserted_a_denial_denied_and_anything_else_nothing():
    assert max(MINILM.judge(CLAIM, CLAIM)) == MINILM.judge(CLAIM, CLAIM).asserted
    assert MINILM.judge(CLAIM, SAYS).asserted > MINILM.judge(CLAIM, ELSE).asserted
    assert max(MINILM.judge(CLAIM, OPPOSITE)) == MINILM.judge(CLAIM, OPPOSITE).denied
    assert max(MINILM.judge(CLAIM, ELSE)) == MINILM.judge(CLAIM, ELSE).nothing


@shipped
@pytest.mark.parametrize("text", ["", "\ufffd", "…", "a " * 5_000, "\u4f4e\u79e9\u9002\u914d", "[SEP] [CLS] [PAD]"])
def test_any_text_gets_probabilities(text: str):
    for pair in ((CLAIM, text), (text, CLAIM), (text, text)):
        found = MINILM.judge(*pair)
        assert sum(found) == pytest.approx(1.0)
        assert min(found) >= 0.0


@shipped
def test_threads_and_a_fresh_model_say_the_same():
    pairs = [(CLAIM, text) for text in (SAYS, OPPOSITE, ELSE)] * 8
    alone = [MINILM.judge(*pair) for pair in pairs]
    fresh = MiniLM()
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda pair: fresh.judge(*pair), pairs)) == alone


def test_vectors_add_up_and_are_near_where_meanings_are():
    one, other, both = MINILM.vectors(["memory", "cache", "memory cache"])
    assert np.allclose(one + other, both, atol=1e-4)

    def cosine(a: str, b: str) -> float:
        x, y = MINILM.vectors([a, b])
        return float(x @ y / np.linalg.norm(x) / np.linalg.norm(y))

    assert cosine("graphics card", "GPU") > cosine("graphics card", "bread")
    assert MINILM.vectors([]).shape == (0, one.shape[0])
    assert not MINILM.vectors([""]).any()
