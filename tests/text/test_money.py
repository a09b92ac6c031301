"""Money in words: never rounded to nothing, never more digits than are of use."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.text.money import about_usd, usd


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0.0, "USD 0.00"),
        (0.5, "USD 0.50"),
        (0.52, "USD 0.52"),
        (0.496, "USD 0.496"),
        (0.043, "USD 0.043"),
        (0.04, "USD 0.04"),
        (0.1 + 0.2, "USD 0.30"),
        (0.00042, "USD 0.00042"),
        (0.00001, "USD 0.00001"),
        (0.9999, "USD 1.00"),
        (1.0, "USD 1.00"),
        (12.345, "USD 12.35"),
        (1234.5, "USD 1,234.50"),
    ],
)
def test_an_amount_in_words(amount: float, words: str) -> None:
    assert usd(amount) == words


@pytest.mark.parametrize(
    ("amount", "words"),
    [(0.0, "under USD 0.01"), (0.0049, "under USD 0.01"), (0.005, "about USD 0.01"), (0.0449, "about USD 0.04"), (2.0, "about USD 2.00")],
)
def test_an_expected_amount_in_words(amount: float, words: str) -> None:
    assert about_usd(amount) == words


@given(st.floats(min_value=1e-9, max_value=1e6))
def test_what_is_read_back_is_within_five_per_cent(amount: float) -> None:
    assert float(usd(amount).removeprefix("USD ").replace(",", "")) == pytest.approx(amount, rel=0.05)
