"""Whose words a quote is, where they stand, and whether they are enough."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interviewer.domain.grade import Evidence
from interviewer.grading.evidence import NO_QUOTE, NOT_THERE, THE_QUESTIONS, TOO_LITTLE, Spoken, check, shared_words
from tests.grading.scripted import ANSWER, LORA


def checked(quote: str, said: str = ANSWER) -> Evidence | str:
    return check(quote, Spoken.of(said, LORA.question))


def test_a_verbatim_quote_is_evidence_with_its_place() -> None:
    found = checked("base weights stay frozen")
    assert isinstance(found, Evidence)
    assert (ANSWER[found.start : found.end], found.text, found.repaired) == ("base weights stay frozen", "base weights stay frozen", False)


def test_a_near_verbatim_quote_is_repaired_to_the_exact_words() -> None:
    found = checked("base weights stay frosen")
    assert isinstance(found, Evidence)
    assert (found.text, found.repaired) == ("base weights stay frozen", True)


@pytest.mark.parametrize("quote", ["", "  ", "\n"])
def test_no_quote_is_no_evidence(quote: str) -> None:
    assert checked(quote) == NO_QUOTE


@pytest.mark.parametrize("quote", ["the adapters can be merged afterwards", "\u200b", "[]", LORA.reference_answer])
def test_a_quote_that_was_not_said_is_no_evidence(quote: str) -> None:
    assert checked(quote) == NOT_THERE


def test_words_of_the_question_are_no_evidence() -> None:
    said = f"You ask: {LORA.question} It freezes the base weights."
    assert checked("How does LoRA adapt a large model", said) == THE_QUESTIONS
    assert checked("a large model, and what does it cost", said) == THE_QUESTIONS


def test_shuffled_words_of_the_question_are_no_evidence() -> None:
    assert checked("adapt LoRA model cost", "adapt LoRA model cost") == THE_QUESTIONS


def test_the_question_with_own_words_is_evidence() -> None:
    assert isinstance(checked("LoRA does adapt a frozen model", "LoRA does adapt a frozen model"), Evidence)


@pytest.mark.parametrize("quote", ["frozen", "stay frozen", "matrices is"])
def test_one_or_two_plain_words_are_too_little(quote: str) -> None:
    assert checked(quote) == TOO_LITTLE


@pytest.mark.parametrize("said", ["r = 8", "W+BA", "O(n^2)", "4096", "q_proj", "softmax(x)", "RMSNorm", "GQA", "√d"])
def test_a_formula_number_or_identifier_is_enough(said: str) -> None:
    assert isinstance(checked(said, f"I would say {said} here."), Evidence)


def test_an_identifier_of_the_question_is_not_enough() -> None:
    assert checked("LoRA", "LoRA it is.") == THE_QUESTIONS


def test_the_span_is_in_the_raw_text_with_its_invisible_characters() -> None:
    raw = "The ba\u200bse weights\u202e stay fro\u00adzen."
    found = checked("base weights stay frozen", raw)
    assert isinstance(found, Evidence)
    assert found.text == raw[found.start : found.end] == "ba\u200bse weights\u202e stay fro\u00adzen"
    assert not found.repaired


def test_a_quote_repaired_past_an_ellipsis_is_the_longest_piece() -> None:
    found = checked("The base weights stay frozen ... optimizer state")
    assert isinstance(found, Evidence)
    assert (found.text, found.repaired) == ("The base weights stay frozen", True)


@pytest.mark.parametrize(
    ("said", "point", "shared"),
    [
        ("base weights stay frozen", "frozen", 3),
        ("everything stays fixed here", "frozen", 2),
        ("product of two thin matrices", "low-rank", 4),
        ("it is cheaper to run", "optimizer", 0),
        ("it is what it is", "frozen", 0),
    ],
    ids=["claim", "accepted wording", "stems", "a rejected wording is no help", "stop words"],
)
def test_words_shared_with_a_point_are_counted_by_stem_without_stop_words(said: str, point: str, shared: int) -> None:
    found = checked(said, f"I say that {said}.")
    assert isinstance(found, Evidence)
    assert shared_words(found, next(p for p in LORA.points if p.id == point)) == shared


@settings(deadline=None)
@given(st.text(max_size=80), st.text(max_size=80), st.text(max_size=80))
def test_evidence_is_always_a_piece_of_the_answer(before: str, quote: str, after: str) -> None:
    raw = before + quote + after
    found = checked(quote, raw)
    assert isinstance(found, str) or found.text == raw[found.start : found.end] != ""
