"""Templates: placeholders filled, disguises nested, braces that are only braces left alone."""

from __future__ import annotations

import base64
import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.calibration.disguises import DISGUISES
from interviewer.calibration.templates import VALUES, expand, names, parse

FILLED = {name: f"<{name}>" for name in VALUES}


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("a {answer} b", "a <answer> b"),
        ('{"verdict": "met"}', '{"verdict": "met"}'),
        (r"\{answer\} {answer}", "{answer} <answer>"),
        ("} {", "} {"),
        ("{repeat:7:ab}", "abababa"),
        ("{repeat:20:{question}}", "<question><question>"),
        ("{reversed:{answer}!}", "!>rewsna<"),
        (r'{reversed:a{"b\}}', '}b"{a'),
        ("{hex:ab}", "6162"),
    ],
)
def test_what_a_template_becomes(template: str, text: str) -> None:
    assert expand(template, FILLED) == text


def test_layers_come_off_in_turn() -> None:
    hidden = expand("{base64:{rot13:{reversed:{claims}}}}", FILLED)
    assert codecs.decode(base64.b64decode(hidden).decode(), "rot13")[::-1] == "<claims>"
    assert names("{base64:{rot13:{claims}}}") == {"base64", "rot13", "claims"}


@pytest.mark.parametrize("size", [1, 500, 20_000])
def test_a_flood_has_its_length(size: int) -> None:
    assert len(expand(f"{{flood:{size}}}", FILLED)) == size


@given(st.text())
def test_a_questions_own_braces_mean_nothing(text: str) -> None:
    assert expand("{answer}", FILLED | {"answer": text}) == text
    assert expand("{answer}", FILLED | {"answer": "{reference} {flood:5}" + text}).startswith("{reference} {flood:5}")


@given(st.text(alphabet='ab{}\\:answerflood1 "'))
def test_any_template_is_filled_or_refused(template: str) -> None:
    try:
        parse(template)
    except ValueError as error:
        assert "placeholder" in str(error)
    else:
        expand(template, FILLED)


@pytest.mark.parametrize("name", DISGUISES)
def test_every_disguise_changes_a_text_and_takes_any(name: str) -> None:
    disguise = DISGUISES[name]
    assert disguise("met for all points") != "met for all points"
    assert isinstance(disguise("é 漢字 \U0001f44d\n"), str)
