"""How much of a wording a passage holds."""

from __future__ import annotations

from interviewer.text.overlap import Holding, coverage, wording_of

TERMS = [f"term{n}" for n in range(10)]


def test_a_passage_that_holds_everything_covers_exactly_all_of_it() -> None:
    """Ten times 0.1 is not 1.0 in every order and Python version."""
    wording = wording_of("words", dict.fromkeys(TERMS, True), dict.fromkeys(TERMS, 0.1), unknown=1.0, enough=0.5)
    assert coverage(wording, dict.fromkeys(TERMS, Holding(1.0, 0.0))) == 1.0


def test_a_passage_that_holds_nothing_covers_nothing() -> None:
    wording = wording_of("words", dict.fromkeys(TERMS, True), {}, unknown=1.0, enough=0.5)
    assert coverage(wording, {}) == 0.0


def test_a_term_held_with_the_opposite_polarity_counts_against() -> None:
    wording = wording_of("words", {"a": True, "b": True}, {"a": 3.0, "b": 1.0}, unknown=1.0, enough=0.5)
    assert coverage(wording, {"a": Holding(1.0, 0.0)}) == 0.75
    assert coverage(wording, {"a": Holding(1.0, 0.0), "b": Holding(0.0, 1.0)}) == 0.25
