from __future__ import annotations

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interviewer.text.sanitise import sanitise

INVISIBLE = "\u200b\u200d\u2060\ufeff\u00ad\u3164\u2063\u202e\u2066\u200f\u061c\U000e0041\U000e007f\ufe0f\U000e0100\x00\x07\x1b\ud800"
TRICKY = st.text(st.one_of(st.characters(), st.sampled_from(INVISIBLE + "e\u0301\u0323\uff76\uff9e\ufb01\u1100\u1161\u00bd")), max_size=40)


@settings(deadline=None)
@given(TRICKY)
def test_every_clean_character_has_an_origin_in_the_raw_text(raw: str) -> None:
    clean = sanitise(raw)
    assert len(clean.origin) == len(clean.text)
    assert all(0 <= at < len(raw) for at in clean.origin)


@settings(deadline=None)
@given(TRICKY)
def test_origins_never_go_back(raw: str) -> None:
    assert all(a <= b for a, b in pairwise(sanitise(raw).origin))


@settings(deadline=None)
@given(TRICKY)
def test_cleaning_twice_is_cleaning_once(raw: str) -> None:
    once = sanitise(raw).text
    again = sanitise(once)
    assert again.text == once
    assert again.dropped == {}


@settings(deadline=None)
@given(TRICKY)
def test_what_is_dropped_is_counted(raw: str) -> None:
    dropped = sum(sanitise(raw).dropped.values())
    assert dropped == sum(char in INVISIBLE or not sanitise(char).text for char in raw)


@settings(deadline=None)
@given(st.text(st.characters(max_codepoint=0x7E, min_codepoint=0x20)))
def test_plain_text_is_left_as_it_is(raw: str) -> None:
    clean = sanitise(raw)
    assert clean.text == raw
    assert clean.origin == tuple(range(len(raw)))


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        ("fro\u200bzen", "zero-width characters"),
        ("fro\u00adzen", "zero-width characters"),
        ("fro\u2063zen", "zero-width characters"),
        ("fro\u3164zen", "zero-width characters"),
        ("fro\u202ezen", "direction marks"),
        ("fro\u2067zen", "direction marks"),
        ("fro\U000e0041zen", "tag characters"),
        ("fro\ufe0fzen", "variation selectors"),
        ("fro\U000e0100zen", "variation selectors"),
        ("fro\x00zen", "control characters"),
        ("fro\x1bzen", "control characters"),
        ("fro\ud800zen", "control characters"),
    ],
)
def test_an_invisible_character_is_dropped_and_named(raw: str, kind: str) -> None:
    clean = sanitise(raw)
    assert clean.text == "frozen"
    assert clean.origin == (0, 1, 2, 4, 5, 6)
    assert clean.dropped == {kind: 1}


def test_line_ends_and_tabs_stay() -> None:
    assert sanitise("a\r\n\tb").text == "a\r\n\tb"


def test_both_letters_of_a_ligature_come_from_its_one_raw_character() -> None:
    clean = sanitise("a\ufb01b")
    assert clean.text == "afib"
    assert clean.origin == (0, 1, 1, 2)


@pytest.mark.parametrize("raw", ["cafe\u0301", "cafe\u200d\u0301", "caf\u00e9"])
def test_accents_are_composed_whatever_stands_between(raw: str) -> None:
    assert sanitise(raw).text == "caf\u00e9"


def test_fullwidth_letters_become_plain_ones() -> None:
    assert sanitise("\uff2c\uff4f\uff32\uff21 \u00b2").text == "LoRA 2"


@settings(deadline=None)
@given(st.text(st.sampled_from("ae\u0301\u0323\u0327 \ufb01\uff76\uff9e")))
def test_letters_with_marks_end_normalised(raw: str) -> None:
    assert unicodedata.is_normalized("NFKC", sanitise(raw).text)
