"""What tokens cost in USD: the user's own prices first, then a price list that came with the installation. Never a guess."""

from __future__ import annotations

import ipaddress
import math
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from interviewer.domain.grade import Usage

MILLION = 1_000_000
HINT = "Write it like “my-model: 0.5/0.1/2; other: 1/1/3” (USD per million tokens: input/cached/output)."
LOCAL_NAMES = (".local", ".localhost", ".internal", ".lan", ".home.arpa")


@dataclass(frozen=True, kw_only=True)
class Price:
    """USD per million tokens. `cached` None: the same as `input`."""

    input: float
    cached: float | None = None
    output: float


def parse_prices(text: str) -> dict[str, Price]:
    """The value of INTERVIEWER_PRICES, by model name. Raises `ValueError` with a sentence."""
    prices: dict[str, Price] = {}
    for entry in filter(None, (part.strip() for part in text.split(";"))):
        model, _, numbers = (part.strip() for part in entry.rpartition(":"))
        try:
            values = [float(number) for number in numbers.split("/")]
        except ValueError:
            values = []
        if not model or len(values) not in (2, 3) or not all(math.isfinite(value) and value >= 0 for value in values):
            raise ValueError(f"“{entry}” is no price. {HINT}")
        if model in prices:
            raise ValueError(f"“{model}” has two prices. {HINT}")
        prices[model] = Price(input=values[0], cached=values[1] if len(values) == 3 else None, output=values[-1])
    return prices


def price_of(usage: Usage, *, model: str, base_url: str, own: Mapping[str, Price]) -> float | None:
    """USD of these tokens; None where the server did not count them, or no price is known.

    A server on this machine or in this network has no list price, whatever its model is called.
    """
    if usage.prompt is None or usage.completion is None:
        return None
    cached = min(usage.cached or 0, usage.prompt)
    if price := own.get(model):
        rest = price.input if price.cached is None else price.cached
        return ((usage.prompt - cached) * price.input + cached * rest + usage.completion * price.output) / MILLION
    if is_local(base_url):
        return None
    import genai_prices  # slow to import (0.2 s), and not needed for local servers

    tokens = genai_prices.Usage(input_tokens=usage.prompt, cache_read_tokens=cached, output_tokens=usage.completion)
    try:
        return float(genai_prices.calc_price(tokens, model, provider_api_url=base_url).total_price)
    except (LookupError, ValueError):
        return None


def is_local(url: str) -> bool:
    """Whether the address is on this machine or in a private network."""
    host = (urlsplit(url).hostname or "").rstrip(".")
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return "." not in host or host.endswith(LOCAL_NAMES)
    return address.is_private or address.is_loopback or address.is_link_local
