from __future__ import annotations

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interviewer.text.sanitise import sanitise

INVISIBLE = "\u200b\u200d\u2060\ufeff\u00ad\u3164\u2063\u202e\u2066\u200f\u061c\U000e0041\U000e007f\ufe0f\U000e0100\x00\x07\x1b\ud800"
CYRILLIC_A, GREEK_ALPHA, OMICRON = "\u0430", "\u03b1", "\u03bf"
BORROWED = CYRILLIC_A + OMICRON + "\u0435\u041d\u0585"
TRICKY = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from(INVISIBLE + "e\u0301\u0323\uff76\uff9e\ufb01\u1100\u1161\u00bd"),
        st.sampled_from(BORROWED + GREEK_ALPHA + "\u0436mrk\u0308"),
    ),
    max_size=40,
)


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
    counted = sanitise(raw).dropped
    dropped = sum(n for kind, n in counted.items() if kind != "look-alike letters")
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


MIXED = st.text(st.sampled_from("mark \u0301\u0308-1\u0436" + BORROWED + GREEK_ALPHA), max_size=24)


@settings(deadline=None)
@given(MIXED)
def test_look_alikes_keep_the_map_whole_and_the_text_no_longer(raw: str) -> None:
    once = sanitise(raw)
    assert len(once.origin) == len(once.text) <= len(raw)
    assert all(a <= b < len(raw) for a, b in pairwise(once.origin))
    assert unicodedata.is_normalized("NFKC", once.text)
    assert sanitise(once.text).text == once.text
    assert sanitise(once.text).dropped == {}


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_text_without_latin_letters_has_no_look_alikes(raw: str) -> None:
    other = "".join(char for char in raw if not any("LATIN" in unicodedata.name(c, "") for c in unicodedata.normalize("NFKC", char)))
    assert "look-alike letters" not in sanitise(other).dropped


@pytest.mark.parametrize(
    ("raw", "clean", "count"),
    [
        (f"m{CYRILLIC_A}rk", "mark", 1),
        ("s\u0441\u043er\u0435", "score", 3),
        (f"M{OMICRON}del", "Model", 1),
        ("\u0397ello", "Hello", 1),
        (f"m{GREEK_ALPHA}rk", "mark", 1),
        (f"m{CYRILLIC_A}\u0301rk", "m\u00e1rk", 1),
        (f"m{CYRILLIC_A}rk it m{CYRILLIC_A}rk", "mark it mark", 2),
    ],
)
def test_letters_borrowed_from_another_script_are_made_latin(raw: str, clean: str, count: int) -> None:
    found = sanitise(raw)
    assert found.text == clean
    assert found.dropped == {"look-alike letters": count}


@pytest.mark.parametrize(
    "text",
    [
        "\u044d\u0442\u043e \u0445\u043e\u0440\u043e\u0448\u043e",
        "LoRA\u0448\u043d\u044b\u0439",
        "\u03bd\u03b1\u03b9",
        "W + \u03b1x, k\u03a9, \u03bcs, \u0394W = BA, \u03c3(z), \u03b2\u2081".replace("\u2081", "1"),
        "lr\u00b7\u03b1, \u03b3logp, 2\u03b1x, B\u03b1A, \u03b1\u03b2-test, KL\u03c1",
    ],
)
def test_real_cyrillic_and_greek_and_symbols_stay(text: str) -> None:
    found = sanitise(text)
    assert found.text == text
    assert found.dropped == {}


def test_a_fold_does_not_move_what_follows() -> None:
    found = sanitise(f"fi\u200bx m{CYRILLIC_A}rk end")
    assert found.text == "fix mark end"
    assert found.origin == (0, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)


@pytest.mark.parametrize(
    ("raw", "clean"),
    [("O(n\u00b2)", "O(n^2)"), ("10\u00b2\u2074 FLOPs", "10^24 FLOPs"), ("3\u00bd h", "3 1\u20442 h"), ("\u00bd", "1\u20442")],
)
def test_a_power_and_a_fraction_do_not_melt_into_the_number(raw: str, clean: str) -> None:
    assert sanitise(raw).text == clean
