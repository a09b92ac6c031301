"""How much of a wording a passage holds."""

from __future__ import annotations

import pytest

from interviewer.text.lexicon import Lexicon

WEIGHTS = {"mask": 3.0, "hide": 1.0, "token": 2.0}


def share(wording: str, passage: str, *, against: float = 2.0) -> float:
    lexicon = Lexicon([wording], WEIGHTS, unknown=1.0)
    return float(lexicon.coverage(lexicon.held([passage]), against=against)[0, 0])


def test_a_passage_that_holds_everything_covers_all_of_it():
    assert share("the mask hides tokens", "a token is hidden by hiding it with a mask") == pytest.approx(1.0)


def test_a_passage_that_holds_nothing_covers_nothing():
    assert share("the mask hides tokens", "my brother plays the cello") == 0.0
    assert share("…", "my brother plays the cello") == 0.0


def test_terms_count_by_their_weight():
    assert share("the mask hides tokens", "the mask") == pytest.approx(3 / 6)
    assert share("the mask hides tokens", "the token") == pytest.approx(2 / 6)


def test_a_term_held_with_the_opposite_polarity_counts_against():
    assert share("the mask hides tokens", "the mask does not hide tokens") == 0.0
    assert share("the mask hides tokens", "the mask does not hide tokens", against=-1.0) == pytest.approx(1.0)
    assert share("the mask never hides tokens", "the mask does not hide tokens") == pytest.approx(1.0)


def test_several_passages_and_wordings_at_once():
    lexicon = Lexicon(["the mask", "the token"], WEIGHTS, unknown=1.0)
    assert lexicon.coverage(lexicon.held(["a token", "a mask", "rain"])).tolist() == [[0, 1], [1, 0], [0, 0]]
