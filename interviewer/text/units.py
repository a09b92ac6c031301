"""Units: which figures measure the same thing, and what one is worth in the other's unit."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace

from interviewer.text.figures import UNCLEAR, Figure, Word
from interviewer.text.words import STOP, stem, words

Families = dict[str, float]
"""What a unit's word measures, and its size there: a bit is 1/8 in "data" and ln 2 in "information"."""


def _units() -> dict[str, Families]:
    found: dict[str, Families] = {}

    def add(family: str, factor: float, *names: str) -> None:
        for name in names:
            found.setdefault(name, {})[family] = factor

    add("data", 1, "B", "byte", "bytes")
    add("data", 1 / 8, "bit", "bits")
    add("factor", 1, "x", "times", "fold", "×")
    for power, (letter, name) in enumerate(zip("kMGTPE", "kilo mega giga tera peta exa".split(), strict=True), start=1):
        binary = f"{name[:2]}bi"
        # "Gb" and "gb" are read as gigabytes: careless writing is commoner in answers than gigabits, which have "Gbit"
        add("data", 1000.0**power, *(v for s in (letter, letter.upper(), letter.lower()) for v in (f"{s}B", f"{s}b")))
        add("data", 1000.0**power, f"{name}byte", f"{name}bytes", *(["gigs", "gig", "G"] if letter == "G" else []))
        add("data", 1024.0**power, f"{letter.upper()}iB", f"{letter}iB", f"{letter.lower()}ib", f"{binary}byte", f"{binary}bytes")
        add("data", 1000.0**power / 8, f"{letter}bit", f"{letter}bits", f"{letter}bps", f"{name}bit", f"{name}bits")
        add("operations", 1000.0**power, *(f"{letter.upper()}{v}" for v in ("FLOP", "FLOPs", "FLOPS")), f"{name}flop", f"{name}flops")
    add("operations", 1, "FLOP", "FLOPs", "FLOPS", "flop", "flops")
    add("time", 1e-9, "ns", "nanosecond", "nanoseconds")
    add("time", 1e-6, "us", "µs", "μs", "microsecond", "microseconds")
    add("time", 1e-3, "ms", "msec", "millisecond", "milliseconds")
    add("time", 1, "s", "sec", "secs", "second", "seconds")
    add("time", 60, "min", "mins", "minute", "minutes")
    add("time", 3600, "h", "hr", "hrs", "hour", "hours")
    for days, name in ((1, "day"), (7, "week"), (30, "month"), (365, "year")):
        add("time", 86400.0 * days, name, f"{name}s")
    add("share", 0.01, "%", "percent", "percents", "pct", "percentage")
    add("share", 0.001, "‰")
    add("dollars", 1, "$", "USD", "usd", "dollar", "dollars", "bucks")
    add("dollars", 0.01, "cent", "cents", "¢")
    add("euros", 1, "€", "EUR", "euro", "euros")
    add("pounds", 1, "£", "GBP", "pound", "pounds")
    add("information", 1, "nat", "nats")
    add("information", math.log(2), "bit", "bits", "bpb")
    return found


UNITS = _units()
BARE = frozenset(["", "share", "information", "factor"])
"""Families in which a number may stand without its unit: counts and numbers without dimension, 0.18 for 18 %, a loss in nats."""
SAME_COUNT = tuple(
    frozenset(group.split())
    for group in (
        "request sequenc prompt context convers session user queri stream",
        "token subword",
        "sweep iter",
        "judgement judgment rate comparison vote",
    )
)
VERBS = frozenset(
    "is was has does works gives keeps makes fits means comes goes leaves yields holds becomes seems looks stays follows gets needs takes"
    " costs as this thus plus minus times its versus always perhaps across runs lets preserves solves stops".split()
)
RATES = {"daily": "day", "monthly": "month", "hourly": "hour", "yearly": "year", "annually": "year", "weekly": "week"}
ARTICLES = frozenset("a an each every".split())


@dataclass(frozen=True, kw_only=True)
class Unit:
    """The unit a figure is wanted in. Without a `family` it counts things (`nouns`, as stems) or has no dimension."""

    name: str
    family: str
    factor: float
    nouns: frozenset[str]
    per: str

    @property
    def in_bits(self) -> bool:
        """Whether information is wanted in bits, which are also a size of data."""
        return self.factor != 1.0

    @staticmethod
    def of(name: str) -> Unit:
        """Read "kB per token", "USD per 30-day month", "concurrent requests", "bits per byte (model B)"."""
        plain = re.sub(r"\([^()]*\)", " ", name)
        head, _, per = re.sub(r"\s+per\s+|\s*/\s*", "\0", plain.strip()).partition("\0")
        heads = re.findall(r"[^\W\d_]+|[%$\u20ac\u00a3\u2030]", head)
        named = [families for word in heads if (families := _families(word))]
        over = words(per)
        if not named:
            nouns = {stem(word.lower()) for word in heads[-1:]}
            nouns |= {noun for group in SAME_COUNT if nouns & group for noun in group}
            return Unit(name=name, family="", factor=1.0, nouns=frozenset(nouns), per=stem(over[-1]) if over else "")
        family = "information" if "information" in named[0] else next(iter(named[0]))
        return Unit(name=name, family=family, factor=named[0][family], nouns=frozenset(), per=stem(over[-1]) if over else "")


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A figure in the wanted unit: value (and upper end of a range), end of its unit's words, and whether the unit was said."""

    value: float
    upto: float | None
    end: int
    stated: bool
    other_per: bool = False


def reads_as(word: str, family: str) -> float | None:
    """What the unit called so is worth in the family; None when it is no unit of it."""
    return _families(word).get(family)


def measure(found: Figure, wanted: Unit, *, named: float | None = None) -> Reading | None:
    """The figure in the wanted unit; None when it measures something else.

    `named` is the size of the unit that a bare number takes from the words around it. A wanted "per token" is met by a figure
    per token and by one that says no "per"; one that says another is something else.
    """
    after = found.after
    lead = 2 if len(after) > 2 and after[0].text == "of" and after[1].text in ("a", "an") else 0
    after = after[lead:]
    if after and after[0].text in ("US", "us") and len(after) > 1:
        after = after[1:]
    head = after[0] if after else None
    if found.currency:
        size, end, rest = reads_as(found.currency, wanted.family), found.end, after
        if head and reads_as(head.text, wanted.family):
            end, rest = head.end, after[1:]
        return _reading(found, wanted, size=size, end=end, rest=rest)
    if head and not head.gap and head.text in UNCLEAR and wanted.family in ("", "dollars"):
        larger = UNCLEAR[head.text]
        upto = found.upto * larger if found.upto is not None else None
        return measure(replace(found, value=found.value * larger, upto=upto, after=after[1:], end=head.end), wanted)
    if head and head.text == "per" and len(after) > 1 and after[1].text.lower() == "cent":
        head, after = Word(text="percent", gap=head.gap, end=after[1].end), after[1:]
    if head and (families := _families(head.text)):
        if wanted.family == "information" and "data" in families and not wanted.in_bits and (head.gap == "-" or found.whole):
            families = {}  # 16 bits is a size, 15.6 bits may be a loss
        return _reading(found, wanted, size=families.get(wanted.family), end=head.end, rest=after[1:])
    return _plain(found, wanted, after=after, named=named)


def _plain(found: Figure, wanted: Unit, *, after: tuple[Word, ...], named: float | None) -> Reading | None:
    """A number without a unit of a table: of the wanted things, or bare where that is enough."""
    for number, word in enumerate(after[:4]):
        if word.text == "/" or word.text.lower() in STOP:
            break
        if stem(re.split("-", word.text.lower())[-1]) in wanted.nouns:
            return _reading(found, wanted, size=1.0, end=word.end, rest=after[number + 1 :])
    if wanted.family not in BARE and named is None:
        return None
    if after and (after[0].gap == "-" or _is_thing(after[0].text)) and found.whole:
        return None
    size = named if named is not None else 1.0
    if wanted.family == "share" and named is None and abs(found.upto or found.value) > 1:
        return None
    if wanted.family == "information" and named is None:
        size = wanted.factor
    return _reading(found, wanted, size=size, end=found.end, rest=after, stated=False)


def _reading(found: Figure, wanted: Unit, *, size: float | None, end: int, rest: tuple[Word, ...], stated: bool = True) -> Reading | None:
    if size is None:
        return None
    over, over_end = _per(rest)
    if wanted.per and over and wanted.per not in over:
        return None
    scale = size / wanted.factor
    return Reading(
        value=found.value * scale,
        upto=None if found.upto is None else found.upto * scale,
        end=over_end if wanted.per and over else end,
        stated=stated,
        other_per=bool(over) and not wanted.per,
    )


def _per(rest: tuple[Word, ...]) -> tuple[frozenset[str], int]:
    """Stems of the words after "per", "/", "a" or "for each", and where they end."""
    said = [word.text.lower() for word in rest]
    at = None
    if said[:1] and said[0] in RATES:
        return frozenset([RATES[said[0]]]), rest[0].end
    if said[:1] and (said[0] in ARTICLES or said[0] == "/"):
        at = 1
    elif said[:2] and said[0] in ("for", "of", "in") and said[1:2] and said[1] in ("each", "every"):
        at = 2
    elif "per" in said[:5]:
        at = said.index("per") + 1
    elif "/" in said[:3]:
        at = said.index("/") + 1
    if at is None or at >= len(rest):
        return frozenset(), 0
    things: list[Word] = []
    for word in rest[at : at + 3]:
        if word.text == "/" or word.text.lower() in STOP:
            break
        things.append(word)
    stems = frozenset(stem(part) for word in things for part in re.split("-", word.text.lower()))
    return stems, things[0].end if things else 0


def _is_thing(word: str) -> bool:
    """Whether the word looks like the plural of something that is counted."""
    if word[:-1].isupper() and word.endswith("s"):
        return True  # GPUs
    low = word.lower()
    return low.endswith("s") and not low.endswith(("ss", "us", "is")) and low not in VERBS and low not in STOP


def _families(word: str) -> Families:
    return UNITS.get(word) or UNITS.get(word.lower()) or {}
