from __future__ import annotations

import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from interviewer.text.sanitise import sanitise
from interviewer.text.spans import Found, find_quote

ANSWER = "LoRA keeps the base weights frozen \u2014 it\u2019s the adapters that learn.\n\nMerged,  it adds no latency at all."
VISIBLE = st.characters(exclude_categories=["C", "Z"])
WORDS = st.lists(st.text(VISIBLE, min_size=1, max_size=8).filter(lambda w: any(c.isalnum() for c in w)), min_size=3, max_size=15)
GAPS = st.lists(st.sampled_from([" ", "  ", "\n", "\n\n", "\t", " \u200b"]), min_size=15, max_size=15)


def found(quote: str, answer: str = ANSWER) -> Found | None:
    return find_quote(quote, sanitise(answer), len(answer))


def text_of(quote: str, answer: str = ANSWER) -> str:
    place = found(quote, answer)
    assert place is not None
    return answer[place.start : place.end]


def folded(text: str) -> str:
    """The words of a text as the comparison sees them, without outer quotation marks."""
    plain = sanitise(text).text.translate(str.maketrans("\u2018\u2019\u201c\u201d\u2013\u2014\u2212", "''\"\"---"))
    return re.sub(r"\s+", " ", "".join(c.lower() for c in plain)).strip().strip("\"'").strip()


@settings(deadline=None)
@given(WORDS, GAPS, st.data())
def test_any_three_words_or_more_are_found_exactly(words: list[str], gaps: list[str], data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(words) - 3))
    last = data.draw(st.integers(first + 3, len(words)))
    parts = [word + gap for word, gap in zip(words, gaps, strict=False)]
    answer = "".join(parts)
    quote = "".join(parts[first:last])
    assume(folded(quote))
    place = found(quote, answer)
    assert place is not None
    assert not place.repaired
    assert folded(answer[place.start : place.end]) == folded(quote)


@settings(deadline=None)
@given(st.text(max_size=60), st.text(max_size=200))
def test_a_span_always_lies_inside_the_answer(quote: str, answer: str) -> None:
    place = found(quote, answer)
    assert place is None or 0 <= place.start < place.end <= len(answer)


@pytest.mark.parametrize(
    ("quote", "span"),
    [
        ("base weights frozen", "base weights frozen"),
        ("BASE Weights   frozen", "base weights frozen"),
        ("it's the adapters", "it\u2019s the adapters"),
        ("frozen - it's the", "frozen \u2014 it\u2019s the"),
        ("learn. Merged, it adds", "learn.\n\nMerged,  it adds"),
        ("\u201cadds no latency\u201d", "adds no latency"),
        ('" adds no latency at all. "', "adds no latency at all."),
    ],
)
def test_case_white_space_and_typography_do_not_matter(quote: str, span: str) -> None:
    place = found(quote)
    assert place is not None
    assert not place.repaired
    assert ANSWER[place.start : place.end] == span


@pytest.mark.parametrize(
    "quote",
    ["keeps the base wieghts frozen", "it keep the base weights frozen", "eeps the base weights frosen"],
)
def test_a_near_match_is_repaired_to_whole_words_of_the_answer(quote: str) -> None:
    answer = "It keeps the base weights frozen, always."
    place = found(quote, answer)
    assert place is not None
    assert place.repaired
    span = answer[place.start : place.end]
    assert "base weights frozen" in span
    assert span == span.strip()
    assert not answer[place.end].isalnum()
    assert place.start == 0 or not answer[place.start - 1].isalnum()


def test_an_ellipsis_is_repaired_to_its_longest_part() -> None:
    place = found("LoRA keeps \u2026 the adapters that learn")
    assert place is not None
    assert place.repaired
    assert ANSWER[place.start : place.end] == "the adapters that learn"


@pytest.mark.parametrize(
    "quote",
    ["", "   ", '""', "it shrinks the model for inference", "frozzen", "a quote longer than the whole answer " * 20],
)
def test_what_was_not_said_is_not_found(quote: str) -> None:
    assert found(quote) is None


def test_the_span_refers_to_the_raw_text() -> None:
    raw = "\u202eThe ba\u200bse we\u00adights\ufe0f stay\U000e0041 frozen."
    assert text_of("base weights stay frozen", raw) == "ba\u200bse we\u00adights\ufe0f stay\U000e0041 frozen"


def test_half_a_ligature_takes_the_whole_character() -> None:
    assert text_of("fine tuning works", "\ufb01ne tuning works") == "\ufb01ne tuning works"
    assert text_of("ine tuning works", "\ufb01ne tuning works") == "\ufb01ne tuning works"


def test_half_a_word_takes_the_whole_word_and_counts_as_repaired() -> None:
    """ "able to" inside "unable to" says the opposite."""
    answer = "a small model is unable to do it"
    assert text_of("able to do it", answer) == "unable to do it"
    place = found("able to do it", answer)
    assert place is not None
    assert place.repaired


def test_a_near_match_that_lacks_the_not_is_no_match() -> None:
    assert found("LoRA does cut the inference cost of the model", "LoRA does not cut the inference cost of the model") is None


def test_a_very_long_stray_quote_is_given_up_soon() -> None:
    answer = " ".join(f"w{n * 7919 % 5003}x" for n in range(18_000))
    quote = " ".join(f"v{n * 104_729 % 5003}y" for n in range(9_000))
    assert found(quote, answer) is None
