"""The words about a question of the bank."""

from __future__ import annotations

from interviewer.ui.components.bank_item import asked_in
from tests.samples import question


def test_where_a_question_was_asked_is_a_sentence():
    asked = question(sources=["genai-handbook#150", "genai-handbook#149", "questions-list#50"])
    assert asked_in(asked) == "Asked in: Generative AI question list (no. 50) · Generative AI handbook (no. 149, no. 150)"


def test_our_own_question_says_so():
    assert asked_in(question()) == "Our own question: none of the five collections asks it."
