from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interviewer.text.words import is_prose, polarity, sentences, stem, terms, words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Fine-tuning costs 0.5 GB.", ["fine-tuning", "costs", "0.5", "gb"]),
        ("don\u2019t", ["don't"]),
        ("q_proj, 2^10 and I/O", ["q_proj", "2^10", "and", "i/o"]),
        ("...!?", []),
        ("", []),
    ],
)
def test_words_are_lower_case_and_keep_their_inner_marks(text: str, found: list[str]) -> None:
    assert words(text) == found


def test_forms_of_a_word_have_one_stem() -> None:
    assert stem("weights") == stem("weight")
    assert stem("training") == stem("trained")


def test_terms_leave_out_stop_words_and_negators() -> None:
    assert terms("It does not train the base weights") == [stem("train"), stem("base"), stem("weights")]


def test_the_parts_of_a_hyphenated_word_are_terms() -> None:
    assert terms("low-rank") == ["low", "rank"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("LoRA cuts latency", True),
        ("LoRA does not cut latency", False),
        ("LoRA doesn\u2019t cut latency", False),
        ("LoRA never cuts latency", False),
        ("It is not true that LoRA cuts latency", False),
        ("It is not true that LoRA does not cut latency", True),
        ("LoRA does not only cut latency", True),
    ],
)
def test_a_negator_turns_its_clause(text: str, said: bool) -> None:
    assert polarity(text)["latenc"] is said


def test_without_denies_only_what_follows() -> None:
    found = polarity("adapters merge without extra latency")
    assert found["adapt"] is True
    assert found["latenc"] is False


def test_rather_than_denies_what_follows() -> None:
    found = polarity("train adapters rather than weights")
    assert found["adapt"] is True
    assert found["weight"] is False


def test_a_negator_stays_in_its_own_clause() -> None:
    found = polarity("the base weights are not updated at all, because the adapters learn everything instead")
    assert found["updat"] is False
    assert found["adapt"] is True


def test_a_term_said_and_denied_is_both() -> None:
    assert polarity("Latency grows with the context, but latency does not grow with the batch")["latenc"] is None


def test_prose_is_prose() -> None:
    assert is_prose("The base weights are frozen and only the adapters that stand beside them are trained, which saves memory.")


def test_shuffled_words_are_not_prose() -> None:
    assert not is_prose("the of weights a is base the and of to the is frozen of and adapters the the in a of memory")


def test_a_bare_list_of_keywords_is_not_prose() -> None:
    assert not is_prose("lora rank adapter frozen base weights memory optimizer gradient state merge latency quantised bits storage " * 2)


@settings(deadline=None)
@given(st.text())
def test_sentences_lie_in_order_and_hold_all_that_is_not_blank(text: str) -> None:
    spans = sentences(text)
    rest = text
    for span in reversed(spans):
        assert text[span.start : span.end].strip() == text[span.start : span.end] != ""
        rest = rest[: span.start] + rest[span.end :]
    assert not rest.strip()


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("0.5 is small", ["0.5 is small"]),
        ("- one\n- two", ["- one", "- two"]),
        ("Para one\n\nPara two", ["Para one", "Para two"]),
        ("First: second; third", ["First:", "second;", "third"]),
    ],
)
def test_where_sentences_end(text: str, cut: list[str]) -> None:
    assert [text[s.start : s.end] for s in sentences(text)] == cut


def test_a_wrapped_line_is_one_sentence() -> None:
    text = "word " * 17 + "end\nand goes on"
    assert len(sentences(text)) == 1
