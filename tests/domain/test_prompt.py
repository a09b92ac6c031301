from __future__ import annotations

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interviewer.domain.errors import PromptError
from interviewer.domain.prompt import Prompt


def prompt(text: str = "Ask {{question}} with {{points}}.", variables: tuple[str, ...] = ("question", "points")) -> Prompt:
    return Prompt(id="sample", version=1, purpose="A test.", variables=variables, text=text)


@settings(deadline=None)
@given(st.text(), st.text())
def test_values_are_put_in_whatever_they_hold(question: str, points: str) -> None:
    assert prompt().fill(question=question, points=points) == f"Ask {question} with {points}."


def test_a_mark_inside_a_value_is_not_filled() -> None:
    assert prompt().fill(question="{{points}}", points="SECRET") == "Ask {{points}} with SECRET."


def test_a_variable_may_stand_twice() -> None:
    assert prompt("{{question}}/{{question}}", ("question",)).fill(question="x") == "x/x"


@pytest.mark.parametrize("values", [{"question": "x"}, {"question": "x", "points": "y", "more": "z"}, {}])
def test_exactly_the_declared_variables_must_be_given(values: dict[str, str]) -> None:
    with pytest.raises(PromptError, match="sample"):
        prompt().fill(**values)


def test_the_hash_is_that_of_the_text() -> None:
    assert prompt("abc", ()).sha256 == hashlib.sha256(b"abc").hexdigest()
