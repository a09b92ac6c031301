"""Figures and their units: however they are written, they are worth the same."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.text.figures import Figure, figures
from interviewer.text.units import Unit, measure


def values(text: str) -> list[float]:
    return [found.value for found in figures(text)]


def only(text: str) -> Figure:
    (found,) = figures(text)
    return found


def worth(text: str, unit: str) -> float | None:
    """The first figure of the text, in this unit."""
    reading = measure(figures(text)[0], Unit.of(unit))
    return None if reading is None else round(reading.value, 9)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1,000,000", 1e6),
        ("1 000 000", 1e6),
        ("1_000_000", 1e6),
        ("1.000.000", 1e6),
        ("131{,}072", 131072),
        ("0.98 million", 980_000),
        ("0,98 million", 980_000),
        ("3,07", 3.07),
        ("3.07e12", 3.07e12),
        ("3.07 × 10^12", 3.07e12),
        ("3.07x10^12", 3.07e12),
        ("3.07 * 10**12", 3.07e12),
        (r"3.07 \times 10^{12}", 3.07e12),
        ("10^-3", 0.001),
        ("10^\u22123", 0.001),
        ("2^20", 1048576),
        ("200k", 200_000),
        ("200K", 200_000),
        ("980 k tokens", 980_000),
        ("1.2M", 1.2e6),
        ("3T tokens", 3e12),
        ("70B parameters", 70e9),
        ("1.5bn", 1.5e9),
        ("2 billion", 2e9),
        ("3 hundred thousand", 300_000),
        ("-5", -5),
        ("(\u22125)", -5),
        (".5", 0.5),
        ("1/16", 0.0625),
        ("450 / 2,440", 450 / 2440),
        ("1\u20444", 0.25),
        ("one in five", 0.2),
        ("the answer is one", 1),
        ("1 in 5.5", 1 / 5.5),
        ("four out of five", 0.8),
        ("two over 512", 2 / 512),
        ("~30", 30),
        ("**980,000**", 980_000),
        ("eleven", 11),
        ("twenty-one", 21),
        ("a hundred", 100),
        ("one hundred and thirty one thousand", 131_000),
        ("thirteen thousand eight hundred", 13_800),
        ("nine hundred eighty thousand", 980_000),
        ("two million three hundred thousand and five", 2_300_005),
        ("half a million", 500_000),
        ("a quarter", 0.25),
        ("one sixteenth", 0.0625),
        ("two thirds", 2 / 3),
        ("zero point one eight", 0.18),
        ("three point oh seven", 3.07),
        ("one point five million", 1.5e6),
    ],
)
def test_a_figure_has_its_value_however_it_is_written(written: str, value: float) -> None:
    assert only(f"So it is {written}.").value == pytest.approx(value)


@pytest.mark.parametrize(
    "text",
    [
        "GPT-4 in FP16 on an H100, top-10, recall@10, p99, x_2 and W2",
        "1. First\n2) second\n  3. third",
        "the 1st, 2nd, 3rd and 4th",
        "the third layer, oh, a point of order",
        "version 3.5.1, or 8,16,32",
        "9" * 400,
        "2^9999 and 0^-1",
        "The longer answer is the better one, this one, another one, and each smaller one",
    ],
)
def test_these_are_no_figures(text: str) -> None:
    assert values(text) == []


@pytest.mark.parametrize(
    ("written", "low", "high"),
    [
        ("10–12", 10, 12),
        ("10-12", 10, 12),
        ("10 to 12", 10, 12),
        ("1.1 to 1.3 million", 1.1e6, 1.3e6),
        ("1.1 TB to 1.3 TB", 1.1, 1.3),
        ("3-4 TB", 3, 4),
        ("ten to twelve", 10, 12),
    ],
)
def test_a_range_has_both_ends(written: str, low: float, high: float) -> None:
    found = only(f"about {written}.")
    assert (found.value, found.upto) == (pytest.approx(low), pytest.approx(high))


@pytest.mark.parametrize("text", ["12 - 10", "3 and 4", "10, 12", "3 GB to 1 TB", "11 in 60 GB", "three and four", "2x32", "3 in 2024"])
def test_two_figures_that_are_no_range_and_no_ratio_stay_two(text: str) -> None:
    assert len(values(text)) == 2


def test_the_terms_of_a_calculation_are_figures() -> None:
    assert values("2 x 32 x 8 * 128 × 2 times forty over 4.5") == [2, 32, 8, 128, 2, 40, 4.5]


def test_a_figure_knows_where_it_stands() -> None:
    text = "It costs about USD 13,800 a month, or −4 °C"
    assert [text[found.start : found.end] for found in figures(text)] == ["USD 13,800", "−4"]


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("3072 GB", "TB", 3.072),
        ("3.07e12 bytes", "TB", 3.07),
        ("2 TiB", "TB", 2.199023256),
        ("3tb", "TB", 3.0),
        ("three terabytes", "TB", 3.0),
        ("a third of a terabyte", "TB", 0.333333333),
        ("96B.", "kB", 0.096),
        ("16-bit", "bytes", 2.0),
        ("128 KiB per token", "kB per token", 131.072),
        ("131 kB/token", "kB per token", 131.0),
        ("131 kB a token", "kB per token", 131.0),
        ("131 kB for each token", "kB per token", 131.0),
        ("131 kB", "kB per token", 131.0),
        ("131 kB per layer", "kB per token", None),
        ("131 kB", "TB per token", 1.31e-7),
        ("131", "kB per token", None),
        ("131 ms", "kB per token", None),
        ("50 ms", "s", 0.05),
        ("two hours", "minutes", 120.0),
        ("3 days", "hours", 72.0),
        ("18.4 %", "%", 18.4),
        ("18.4%", "%", 18.4),
        ("18 percent", "%", 18.0),
        ("18 per cent", "%", 18.0),
        ("0.184", "%", 18.4),
        ("one in five alerts", "%", 20.0),
        ("half a percent", "%", 0.5),
        ("18", "%", None),
        ("$13,800", "USD per 30-day month", 13800.0),
        ("$13.8k/month", "USD per 30-day month", 13800.0),
        ("13.8k USD monthly", "USD per 30-day month", 13800.0),
        ("13,800 dollars in a 30-day month", "USD per 30-day month", 13800.0),
        ("US$ 460 a day", "USD per 30-day month", None),
        ("USD 2 per million output tokens", "USD per 30-day month", None),
        ("23 cents", "USD", 0.23),
        ("€13,800", "USD", None),
        ("980,000 input tokens", "tokens", 980000.0),
        ("980,000 token", "tokens", 980000.0),
        ("980k", "tokens", 980000.0),
        ("$980,000", "tokens", None),
        ("980,000 users", "tokens", None),
        ("11 concurrent 16k-token requests", "concurrent requests", 11.0),
        ("11 concurrent requests", "concurrent requests", 11.0),
        ("11 sequences", "concurrent requests", 11.0),
        ("11 fit", "concurrent requests", 11.0),
        ("11 layers", "concurrent requests", None),
        ("11 GPUs", "concurrent requests", None),
        ("11-layer net", "concurrent requests", None),
        ("11x", "concurrent requests", None),
        ("0.0625 works", "standard deviation", 0.0625),
        ("1/16", "standard deviation", 0.0625),
        ("10.8", "nats per token", 10.8),
        ("15.6 bits per token", "nats per token", 10.813096001),
        ("16 bits", "nats per token", None),
        ("0.552 nats per byte", "bits per byte (model B)", 0.796367663),
        ("0.797", "bits per byte (model B)", 0.797),
        ("0.797 bits per token", "bits per byte (model B)", None),
        ("3 GFLOPs", "FLOPs", 3e9),
    ],
)
def test_a_figure_in_another_unit(text: str, unit: str, value: float | None) -> None:
    assert worth(text, unit) == (value if value is None else pytest.approx(value))


WAYS = (
    "{0}",
    "{0:,}",
    "{0:_}",
    "about {0:,} or so",
    "~{0}",
    "**{0:,}**",
    "({0})",
    "= {0:,}.",
    "{0}e0",
    "{0} × 10^0",
    "{1} thousand",
    "{1}k",
    "{1}K",
    "{1}e3",
    "{1} × 10^3",
    "{2} million",
    "{2}M",
    "{2}e6",
    r"{2} \times 10^{{6}}",
)


@given(st.integers(1, 10**12), st.sampled_from(WAYS))
def test_every_way_to_write_a_figure_has_its_value(value: int, way: str) -> None:
    written = way.format(value, f"{value / 1e3:.17f}".rstrip("0").rstrip("."), f"{value / 1e6:.17f}".rstrip("0").rstrip("."))
    assert only(f"We get {written}").value == pytest.approx(value)


@given(st.floats(1e-12, 1e15), st.sampled_from(["{0!r}", "{0:.12e}", "-{0!r}", "$ {0!r} $"]))
def test_a_decimal_has_its_value_and_sign(value: float, way: str) -> None:
    found = only(f"It is {way.format(value)}")
    assert found.value == pytest.approx(-value if way[0] == "-" else value)


PIECES = st.sampled_from(
    "1|,|000| |.|5|e|^|{|}|-|\u2212|/| to |x|×|10|one|point|oh|half|a |of |hundred|and |million|third|per |token|TB|B|k|%|$".split("|")
    + "USD|in |out of |\n|*|_|\u0663|\u00b2|\u2044|\\text{|'".split("|")
)


@given(st.text() | st.lists(PIECES, max_size=30).map("".join))
def test_no_text_raises_and_every_figure_stands_in_it(text: str) -> None:
    after = 0
    for found in figures(text):
        assert math.isfinite(found.value)
        assert after <= found.start < found.end <= len(text)
        assert all(found.end <= word.end <= len(text) for word in found.after)
        after = found.end
        for unit in ("TB", "%", "tokens", "USD per month", "nats per token"):
            measure(found, Unit.of(unit))


@given(st.text())
def test_any_name_is_a_unit(name: str) -> None:
    assert Unit.of(name).factor > 0


@pytest.mark.parametrize("piece", ["1", "1,111", "1 111 ", "one hundred and ", "2 x ", "3 x 10 ", "5\n", "a-", "* ", "3. ", "1 to "])
def test_a_hundred_kilobytes_are_read_to_their_end(piece: str) -> None:
    """Work that grew with the square of the length would run into the time limit of every test."""
    text = piece * (100_000 // len(piece))
    assert figures(f"{text}. Then there are 42 tokens.")[-1].value == 42
