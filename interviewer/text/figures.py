"""Figures in running text: their values, the words and signs of units about them, and where they stand. No text makes it raise.

`1,000,000`, `1 000 000`, `1_000_000`, `0,98`, `3.07e12`, `3.07 × 10^12`, `2^20`, `200k`, `0.98 million`, `-4`, `10–12`, `1/16`,
`one in five` and "thirteen thousand eight hundred" are figures; the digits of "GPT-4", "FP16", "top-10" and "1st" are not.
Superscripts have to come as `10^12`: see `grading.figures`, which writes them so.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from interviewer.text.words import STOP

FROM_WORDS = {w: float(n) for n, w in enumerate("zero one two three four five six seven eight nine ten eleven twelve".split())}
FROM_WORDS |= {w: float(n) for n, w in enumerate("thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(), start=13)}
FROM_WORDS |= {w: 10.0 * n for n, w in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)}
SCALES = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "mio": 1e6, "mn": 1e6, "mln": 1e6, "bn": 1e9}
SUFFIXES = {"k": 1e3, "K": 1e3, "M": 1e6, "T": 1e12}
UNCLEAR = {"B": 1e9, "b": 1e9, "m": 1e6}
"""Letters stuck to a number that may be a scale or a unit: 70B parameters, 96B (bytes). A noun behind them makes them a scale."""
SHARES = {w: float(n) for n, w in enumerate("third fourth fifth sixth seventh eighth ninth tenth".split(), start=3)}
SHARES |= {"half": 2.0, "quarter": 4.0, "twelfth": 12.0, "sixteenth": 16.0, "twentieth": 20.0, "hundredth": 100.0, "thousandth": 1000.0}
SHARES |= {f"{word}s": parts for word, parts in SHARES.items() if word != "half"}
ORDINALS = frozenset("st nd rd th".split())
OPERATORS = frozenset("times over plus minus divided multiplied x".split())
MOST_WORDS = 7

_SCALE_WORDS = "|".join(sorted(SCALES, key=len, reverse=True))
_SPELLED = "|".join(
    sorted([*FROM_WORDS, *SHARES, "hundred", "thousand", "million", "billion", "trillion", "point", "oh"], key=len, reverse=True)
)
_NUMBER = r"""
    (?: \d{1,3} (?: (?: , | \{,\} ) \d{3} )++ (?!\d) (?:\.\d++)?
      | \d{1,3} (?: [ '_] \d{3} ){1,5}+ (?! [ ]?\d ) (?:\.\d++)?
      | \d++ (?: [.,] \d++ )*+
      | (?<!\w) \.\d++ )
"""
_EXPONENT = r"\s?+(?:\^|\*\*)\s?+[{(]?(?P<NAME>[-+\u2212]?\d{1,4})[)}]?"
_SCAN = re.compile(
    rf"""
    (?P<spelled> (?i: \b (?:(?:a|an)\s+(?=(?:half|quarter|third|fifth|tenth|hundred|thousand|million|billion|trillion)\b))?
        (?:{_SPELLED}) \b (?: (?:\s+|-) (?:and\s+|an?\s+|of\s+a\s+)? (?:{_SPELLED}) \b ){{0,10}} ) )
  | (?: (?:USD|EUR)(?=\d) | (?<=[\d\s)])[x\u00d7](?=\s*\d) )
  | (?P<name> [^\W\d_]\w*+ (?: [-.@] \w++ )*+ | _\w*+ )
  | (?P<number> {_NUMBER} )
    (?P<e> [eE][-+\u2212]?\d{{1,4}} (?!\w) )?
    (?: (?: \s?+ (?:[x\u00d7*\u00b7]|\\times|\\cdot) \s?+ 10 {_EXPONENT.replace("NAME", "ten")} )
      | (?: {_EXPONENT.replace("NAME", "power")} ) )?
    """,
    re.VERBOSE,
)
_PRONOUN = re.compile(
    r"\b(?:the|this|that|which|each|every|any|another|other|an?|no)\s+"
    r"(?:(?!(?:is|are|be|was|equals|gives|makes|to|of|about|only|just|times|plus|minus|over|by)\b)[a-z-]+\s+){0,2}$", re.I)  # fmt: skip
"""What stands before a "one" that counts nothing: "this one", "the better one"."""
_HALF_A = re.compile(r"half a(?= per ?cent)", re.I)
_SCALE = re.compile(
    rf"[ \n-]?(?i:(?P<word>hundred|{_SCALE_WORDS})\b)|(?P<letter>[kKMT])(?![^\W_])|[ ](?P<spaced>[kM])(?=[ ][a-z]{{3}}|[.,;)]|$)"
)
_WORD = re.compile(
    r"(?P<gap>[*_`]{0,3}(?:[ \t]*+(?:\r?\n[ \t]*+)?|-|~|\\[,; ]?(?:(?:text|mathrm|rm)\{\s?)?)[*_`]{0,3})"
    r"(?P<word>/|%|\u2030|[$\u20ac\u00a3]|[^\W\d_]+(?:['\u2019-][^\W_]+)*|(?<=[a-z] )\d{1,3}-[a-z]+)"
)
_CURRENCY = re.compile(r"(?:US)?(\$|\u20ac|\u00a3)\s?$|\b(USD|EUR)\s{0,2}$")
_NUMBER_NEXT = re.compile(rf"\s*(?:[\d$(]|(?i:{_SPELLED})\b)")
_RATIO = re.compile(r"\s?[/\u2044]\s?|\s+(?:out\s+of|in)\s+(?:every\s+)?|\s+over\s+")
_RANGE = re.compile(r"\s?[-\u2013\u2014]\s?|\s+to\s+")
_SIGN = re.compile(r"(?:^|[\s(=\u2248~:,])[-\u2212]$")
_LIST_MARK = re.compile(r"[.)](?=\s)")
_LINE_START = re.compile(r"(?:^|\n)[ \t>*_-]*$")


@dataclass(frozen=True, kw_only=True)
class Word:
    """A word or sign behind a number. `gap` is what stands before it: nothing, a hyphen or a blank."""

    text: str
    gap: str
    end: int


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A number at characters `start` to `end`; `upto` is the upper end of a range; `after` the words that may name its unit."""

    value: float
    upto: float | None = None
    currency: str = ""
    after: tuple[Word, ...] = ()
    start: int
    end: int

    @property
    def whole(self) -> bool:
        """Whether it is a whole number, as counts are."""
        return self.value == math.floor(self.value)


def figures(text: str) -> list[Figure]:
    """Every figure of the text, in order. Linear in its length."""
    return list(_joined(text, list(_single(text))))


def _single(text: str) -> Iterator[Figure]:
    at = 0
    while match := _SCAN.search(text, at):
        at = match.end()
        if match["spelled"]:
            value, at = _spelled(text, match.start(), match.end())
            pronoun = text[match.start() : at].lower() == "one" and _PRONOUN.search(text[max(0, match.start() - 40) : match.start()])
            if value is not None and not pronoun:
                half_a = _HALF_A.match(text, match.start())
                yield _with_unit(text, Figure(value=value, start=match.start(), end=half_a.end() if half_a else at))
        elif match["number"]:
            found = _number(text, match)
            if found is not None:
                yield found
                at = max(at, found.end)


def _number(text: str, match: re.Match[str]) -> Figure | None:
    """The figure at this match; None for list markers, ordinals and what has no finite value."""
    value = _value(match)
    start = match.start()
    if value is None or (_LIST_MARK.match(text, match.end()) and _LINE_START.search(text[max(0, start - 12) : start])):
        return None
    sign = _SIGN.search(text[max(0, start - 2) : start])
    found = _scaled(text, Figure(value=-value if sign else value, start=start - bool(sign), end=match.end()))
    if money := _CURRENCY.search(text[max(0, start - 6) : start]):
        if money[1] == "$" and text[found.end : found.end + 1] == "$":  # $3.07$ is a formula
            return replace(found, after=following(text, found.end + 1))
        currency = {"USD": "$", "EUR": "\u20ac"}.get(money[2], money[1])
        found = replace(found, currency=currency, start=max(0, start - 6) + money.start())
    found = _with_unit(text, found)
    return None if found.after and not found.after[0].gap and found.after[0].text in ORDINALS else found


def _value(match: re.Match[str]) -> float | None:
    digits = re.sub(r"[ '_]|\{,\}", "", match["number"])
    if digits.count(".") > 1 or ("," in digits and "." in digits and digits.rfind(",") > digits.rfind(".")):
        groups = digits.split(",")[0].split(".")
        if any(len(group) != 3 for group in groups[1:]) or digits.count(",") > 1:
            return None  # 3.5.1 is a version
        digits = digits.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"0,\d+|\d+,(?!\d{3}$)\d+", digits):
        digits = digits.replace(",", ".")
    elif digits.count(",") > 1 and not re.fullmatch(r"\d{1,3}(,\d{2,3})*,\d{3}(\.\d+)?", digits):
        return None  # 8,16,32 is a list
    try:
        value = float(digits.replace(",", "") + (match["e"] or "").replace("\u2212", "-"))
        if match["ten"]:
            value *= 10.0 ** int(match["ten"].replace("\u2212", "-"))
        if match["power"]:
            value = value ** int(match["power"].replace("\u2212", "-"))
    except (OverflowError, ZeroDivisionError):
        return None
    return value if math.isfinite(value) else None


def _scaled(text: str, found: Figure) -> Figure:
    """The figure with the scale behind it worked in: "0.98 million", "200k", "3 hundred thousand"."""
    value, end = found.value, found.end
    for _ in range(2):
        match = _SCALE.match(text, end)
        if not match:
            break
        if match["word"]:
            value *= {"hundred": 100.0, **SCALES}[match["word"].lower()]
        else:
            value *= SUFFIXES[match["letter"] or match["spaced"]]
        end = match.end()
    return replace(found, value=value, end=end) if math.isfinite(value) else found


def _with_unit(text: str, found: Figure) -> Figure:
    words = following(text, found.end)
    if len(words) > 1 and not words[0].gap and words[0].text in UNCLEAR and words[1].text.isalpha() and words[1].text.lower() not in STOP:
        return replace(found, value=found.value * UNCLEAR[words[0].text], end=words[0].end, after=words[1:])
    return replace(found, after=words)


def following(text: str, at: int) -> tuple[Word, ...]:
    """The words that follow without punctuation between them, seven at most, up to an operator."""
    found: list[Word] = []
    while len(found) < MOST_WORDS and (match := _WORD.match(text, at)):
        word = match["word"]
        gap = match["gap"].strip("*_`")
        if (word == "/" and not text[match.end() : match.end() + 1].isalpha()) or (
            word.lower() in OPERATORS and _NUMBER_NEXT.match(text, match.end())
        ):
            break
        if word[0] in "$\u20ac\u00a3" and found:
            break
        if found and word.isalpha() and (word.lower() in FROM_WORDS or word == "USD"):
            break
        at = match.end()
        found.append(Word(text=word, gap=gap, end=at))
    return tuple(found)


def _spelled(text: str, start: int, end: int) -> tuple[float | None, int]:
    """Value and end of the number words from `start` on: as many of them as make one number."""
    total, current, stop = 0.0, -1.0, start
    for match in re.finditer(r"[A-Za-z]+", text[start:end]):
        word = match[0].lower()
        if start + match.start() < stop:
            continue  # a digit behind "point"
        if word in ("and", "of", "a", "an"):
            if word == "and" and (current % 100 or current <= 0) and not (current < 0 < total):
                break
            continue
        if word == "oh":
            break  # a nought only behind "point"
        if word == "point":
            digits, stop_at = _decimals(text, start + match.end(), end)
            if not digits or current < 0:
                break
            current, stop = current + float(f"0.{digits}"), stop_at
            continue
        if word in FROM_WORDS:
            if current >= 0 and not _fits(current, FROM_WORDS[word]):
                break
            current = max(current, 0.0) + FROM_WORDS[word]
        elif word in SHARES:
            if stop == start and word != "half" and match.start() == 0:
                break  # "third" alone is an ordinal
            current = (total + (current if current >= 0 else 1.0)) / SHARES[word]
            total = 0.0
        elif word == "hundred":
            current = (current if current >= 0 else 1.0) * 100
        else:
            total += (current if current >= 0 else 1.0) * SCALES[word]
            current = -1.0
        stop = start + match.end()
    return (None, end) if stop == start else (total + max(current, 0.0), stop)


def _fits(current: float, value: float) -> bool:
    """Whether "five" goes on from "twenty", and "sixty" from "one hundred"."""
    return (current >= 100 and current % 100 == 0 and value < 100) or (current % 100 >= 20 and current % 10 == 0 and 0 < value < 10)


def _decimals(text: str, at: int, end: int) -> tuple[str, int]:
    digits = ""
    for match in re.finditer(r"[\s-]+([A-Za-z]+)", text[at:end]):
        value = 0.0 if match[1].lower() == "oh" else FROM_WORDS.get(match[1].lower(), 10)
        if value > 9:
            break
        digits, stop = digits + str(int(value)), at + match.end()
    return (digits, stop) if digits else ("", at)


def _joined(text: str, single: list[Figure]) -> Iterator[Figure]:
    """Ratios and ranges made one figure of their two."""
    at = 0
    while at < len(single):
        first = single[at]
        second = single[at + 1] if at + 1 < len(single) else None
        joined = _join(text, first, second) if second else None
        yield joined or first
        at += 2 if joined else 1


def _join(text: str, first: Figure, second: Figure) -> Figure | None:
    between = text[first.end : second.start]
    if len(between) > 20:
        return None
    if _RATIO.fullmatch(between):
        return _ratio(first, second, between)
    words = [w for w in first.after if w.end <= second.start and w.text != "to"]
    if len(words) > 1 or not _RANGE.fullmatch(text[(words[-1].end if words else first.end) : second.start]):
        return None
    low = first.value
    if not words and second.value >= 1e3 > abs(low) and (scale := _scale_of(text, second)) > 1:
        low *= scale
    if not low < second.value or (words and second.after and words[0].text != second.after[0].text):
        return None
    return replace(second, value=low, upto=second.value, start=first.start, currency=first.currency or second.currency)


def _ratio(first: Figure, second: Figure, between: str) -> Figure | None:
    """1/16, 450 out of 2,440, one in five; not "11 in 60 GB" and not "3 in 2024"."""
    if not first.whole or first.value < 0 or second.value <= 0 or second.currency or ("/" in between and not second.whole):
        return None
    if " in " in between and (first.value > 9 or 1900 <= second.value < 2100 or (second.after and not second.after[0].text.islower())):
        return None
    if first.value >= second.value and "/" not in between:
        return None
    return Figure(value=first.value / second.value, start=first.start, end=second.end, after=second.after)


def _scale_of(text: str, found: Figure) -> float:
    """The scale that the figure's own words hold: 1.1 to 1.3 million means 1.1 million to 1.3 million."""
    tail = re.search(rf"[\d.,]\s?-?(?:(?i:({_SCALE_WORDS}))|([kKMT]))$", text[max(found.start, found.end - 20) : found.end])
    if not tail:
        return 1.0
    return SCALES[tail[1].lower()] if tail[1] else SUFFIXES[tail[2]]
