"""Amounts of money in words. Every sum a user sees, in US dollars, is written here."""

from __future__ import annotations

from math import floor, log10

SMALLEST_SHOWN = 0.005


def usd(amount: float) -> str:
    """ "USD 0.50", "USD 0.043", "USD 0.00042", "USD 1,234.50": exact enough to add up, never rounded to nothing."""
    if not 0 < amount < 1:
        return f"USD {amount:,.2f}"
    digits = f"{amount:.{max(3, 1 - floor(log10(amount)))}f}".rstrip("0")
    whole, _, cents = digits.partition(".")
    return f"USD {whole}.{cents.ljust(2, '0')}"


def about_usd(amount: float) -> str:
    """ "about USD 0.04", "under USD 0.01": what is only expected has no more digits than it deserves."""
    return "under USD 0.01" if amount < SMALLEST_SHOWN else f"about USD {amount:,.2f}"
