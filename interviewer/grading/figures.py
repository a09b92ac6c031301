"""The figure a question asks for, checked by code: in the answer, with its unit and within the tolerance."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from interviewer.domain.grade import Evidence, FigureResult, PointResult, Verdict
from interviewer.domain.question import NumberAnswer, Question
from interviewer.grading.evidence import Spoken
from interviewer.text.figures import Figure, figures
from interviewer.text.units import Reading, Unit, measure, reads_as

RIGHT_BUT_MISSED = "your figure is right; the grader missed the rest of this point"
LONGEST_SAID = 60
LISTED = 4
"""Figures one after the other that are a list of guesses."""
WINDOW = 80
"""Characters about a figure that are read for what they say of it: the work stays linear whatever the answer."""

_BREAK = re.compile(r"[.!?;](?=\s)|\n\s*\n|\n(?=\s*(?:[-*+\u2022#]|\d+[.)])\s)")
_ROUGHLY = (
    r"(?:[\s*_`~\u2248$(]|about|around|roughly|approximately|approx\.?|nearly|almost|some|just|circa|ca\.?|only|under|over|a|an|the|bit"
    r"|little)*"
)
_EQUALS = re.compile(
    rf"(?:[=\u2248\u2243\u2192]|\\approx|->|=>|\b(?:is|are|gives?|makes?|made|equals?|yields?|comes to|that's|it's|totals?)\b){_ROUGHLY}$",
    re.I,
)
_LED = re.compile(rf"(?:\bso\b|:|,|about|around|roughly|approximately|\u2248|~)\s*{_ROUGHLY}$", re.I)
_OPERATOR = re.compile(
    r"[\s*_`)]*?(?:[\u00d7\u00b7/\u00f7+^]|\*{1,2}(?=\s*[\d(])|[-\u2212](?=\s*\d)|\\times|\\cdot|x(?=\s*[\d(])|(?:times|plus|minus|divided|multiplied|over)\b)",
    re.I,
)
_OPERATOR_BEFORE = re.compile(r"(?:[\u00d7\u00b7+/^]|[\d)]\s?\*\s?|\b(?:times|plus|minus|divided by|multiplied by|over))\s*$", re.I)
_NO_AMOUNT = re.compile(r"\b(?:ln|log2?|log10|exp|sqrt|top|step|section|chapter|figure|version|item|number|no\.|per)\s*[-(]?\s*$", re.I)
_NOT = re.compile(rf"(?:\bnot|n't|\brather than|\binstead of|\bnever|\bneither|\bnor)\s+(?:be\s+)?{_ROUGHLY}$", re.I)
_ANSWER = re.compile(
    r"\b(?:(?:my|the|final|so)\s+answer|answer\s*(?:is|=|:)|final\s+(?:figure|result|number|total|estimate)|i\s+mean|make\s+that|correction)\b\W*"
    r"(?:[\w'-]+\W+){0,4}$",
    re.I,
)
_TOTAL = re.compile(r"\b(?:in total|in all|all in all|altogether|total|overall)\b", re.I)
_TOTAL_BEFORE = re.compile(rf"{_TOTAL.pattern}\W*(?:[\w'-]+\W+){{0,4}}$", re.I)
_TOTAL_AFTER = re.compile(rf"[\s,*_]*{_TOTAL.pattern}", re.I)
_SUPPOSED = re.compile(r"\b(?:if|with|would|could|after|instead|per|each|down to|bring\w*|reduc\w*|sav\w*|alone|fixed)\b", re.I)
_BESIDE = re.compile(r"[\s,;*_]*(?:(?P<choice>(?:\bor|/)\s+(?:maybe |perhaps |even )?)|[,;]\s*)[\s*_~\u2248]*", re.I)
_NAMED = re.compile(r"\bin ([A-Za-z]+)\b")


@dataclass(frozen=True, kw_only=True)
class _Offer:
    """One figure of the answer in the wanted unit. `term`: only part of a calculation; `called`: said to be the answer."""

    start: int
    end: int
    right: bool
    stated: bool
    led: bool
    term: bool
    called: bool
    other_per: bool
    distance: float


def check_figure(question: Question, spoken: Spoken) -> FigureResult | None:
    """Whether the answer states the figure that the question asks for; None when it asks for none.

    Read are all figures in the wanted unit's family ("0.13 MB" for kB; 0.184 for 18.4 %; bare numbers for counts and for what has
    no dimension; "= 131,072" after a calculation in bytes), without those said per something else, denied ("not 3 TB") or offered
    beside a wrong one ("3 or 5 TB"). A range counts by its middle when both ends lie within twice the tolerance.

    An answer shows working and goes on to other sizes, so **a right figure anywhere counts**, except:
    - a later wrong figure is called the answer ("the answer is 5 TB", "I mean 5 TB"; "in total" too, where the question asks for a
      total): then that one stands;
    - the right one is only a term of a calculation ("3 TB x 2 = 6 TB") whose result, or another after it, is wrong.

    Where a bare number of the right size stands beside wrong figures ("input $9000, output $4800, 13,800 in all"), code cannot tell, and
    says that it found none.
    """
    number = question.number
    if number is None:
        return None
    text, origin = spoken.clean.text, spoken.clean.origin
    offers = _offers(text, number, totals=bool(_TOTAL.search(question.question)))
    chosen = _chosen(offers)
    if chosen and not (chosen.right or chosen.called) and _bare(text, number):
        chosen = None
    wanted = wanted_words(number)
    if chosen is None:
        return FigureResult(right=False, wanted=wanted)
    start = origin[chosen.start]
    last = origin[chosen.end - 1]
    end = next((at for at in origin[chosen.end :] if at > last), len(spoken.raw))
    words = spoken.raw[start:end]
    end = start + len(words.rstrip())
    said = re.sub(r"[*_`]", "", " ".join(words.split()))[:LONGEST_SAID]
    return FigureResult(right=chosen.right, wanted=wanted, said=said, evidence=Evidence(start=start, end=end, text=spoken.raw[start:end]))


def apply_figure(question: Question, results: Sequence[PointResult], figure: FigureResult | None) -> tuple[PointResult, ...]:
    """The verdicts with the figure taken into account: the point that states it earns nothing with a wrong one.

    A right figure alone earns nothing either: what the grader did not find met stays so, and a flag says why.
    """
    number = question.number
    if number is None or figure is None or number.point is None:
        return tuple(results)
    return tuple(_applied(result, number, figure) if result.point == number.point else result for result in results)


def wanted_words(number: NumberAnswer) -> str:
    """The figure as it is shown: "980,000 tokens"."""
    return f"{number.value:,.10g} {number.unit}"


def states_right_figure(question: Question, text: str) -> bool | None:
    """For checks of the bank: whether `text` has the right figure; None when it has none in the wanted unit."""
    found = check_figure(question, Spoken.of(text))
    return None if found is None or not found.said else found.right


def _applied(result: PointResult, number: NumberAnswer, figure: FigureResult) -> PointResult:
    if figure.right:
        missed = result.verdict is Verdict.NOT_MET and RIGHT_BUT_MISSED not in result.flags
        return result.model_copy(update={"flags": (*result.flags, RIGHT_BUT_MISSED)}) if missed else result
    if result.verdict is not Verdict.MET:
        return result
    if not figure.said:  # it may be there in a way that code cannot read: no reason to overrule the grader
        flag = f"code found no figure in {number.unit}; check that yours is there"
        return result.model_copy(update={"flags": (*result.flags, flag)})
    flag = f"the figure “{figure.said}” is not within {100 * number.tolerance:.3g} % of {figure.wanted}"
    return result.model_copy(update={"verdict": Verdict.NOT_MET, "flags": (*result.flags, flag)})


def _offers(text: str, number: NumberAnswer, *, totals: bool) -> list[_Offer]:
    """The figures in the wanted unit, in order, each with what the words about it make of it."""
    wanted = Unit.of(number.unit)
    breaks = [0, *(m.end() for m in _BREAK.finditer(text)), len(text)]
    offers: list[_Offer] = []
    size: float | None = None
    sentence = 0
    previous = 0
    for found in figures(text):
        while sentence + 1 < len(breaks) - 1 and breaks[sentence + 1] <= found.start:
            sentence, size = sentence + 1, None
        before = text[max(breaks[sentence], previous, found.start - WINDOW) : found.start]
        own = _size_of(found, wanted)
        size = own or _named(before, wanted) or size
        equals = bool(_EQUALS.search(before))
        reading = measure(found, wanted, named=size if own is None and (equals or not wanted.family or _named_bare(wanted)) else None)
        previous = found.end
        if reading is None:
            continue
        if not (_NOT.search(before) or _NO_AMOUNT.search(before)):
            supposed = totals and bool(
                _SUPPOSED.search(text, max(breaks[sentence], found.start - WINDOW), min(breaks[sentence + 1], found.end + WINDOW))
            )
            offers.append(_offer(text, found, reading, number, before=before, equals=equals, totals=totals and not supposed))
    return _without_alternatives(text, offers)


def _offer(text: str, found: Figure, reading: Reading, number: NumberAnswer, *, before: str, equals: bool, totals: bool) -> _Offer:
    after = text[reading.end : reading.end + 40]
    called = bool(_ANSWER.search(before)) or (totals and bool(_TOTAL_BEFORE.search(before) or _TOTAL_AFTER.match(after)))
    return _Offer(
        start=found.start,
        end=reading.end,
        right=_is_right(reading, number),
        stated=reading.stated,
        led=equals or bool(_LED.search(before)),
        term=not equals and bool(_OPERATOR.match(after) or _OPERATOR_BEFORE.search(before)),
        called=called and not reading.other_per,
        other_per=reading.other_per,
        distance=_distance(reading.value, number.value),
    )


def _bare(text: str, number: NumberAnswer) -> bool:
    """Whether a number without a unit of the family would be right in the wanted one: "13.8k a month", "3.07T", "18 in 100"."""
    wanted = Unit.of(number.unit)
    previous = 0
    for found in figures(text):
        before, previous = text[max(previous, found.start - WINDOW) : found.start], found.end
        unusable = found.upto is not None or _size_of(found, wanted) or _NOT.search(before) or _NO_AMOUNT.search(before)
        if not unusable and any(_near(found.value / size, number) for size in (1.0, wanted.factor)):
            return True
    return False


def _near(value: float, number: NumberAnswer) -> bool:
    return abs(value - number.value) <= number.tolerance * abs(number.value) * (1 + 1e-9)


def _is_right(reading: Reading, number: NumberAnswer) -> bool:
    ends = [reading.value] if reading.upto is None else [reading.value, reading.upto]
    allowed = number.tolerance * abs(number.value) * (1 + 1e-9)
    middle = sum(ends) / len(ends)
    return abs(middle - number.value) <= allowed and all(abs(end - number.value) <= 2 * allowed for end in ends)


def _distance(value: float, wanted: float) -> float:
    """How many times too large or too small, as a logarithm."""
    return abs(math.log(value / wanted)) if value and wanted and (value > 0) == (wanted > 0) else math.inf


def _size_of(found: Figure, wanted: Unit) -> float | None:
    """What the unit said with the figure is worth in the wanted family, whatever it is per."""
    if found.currency:
        return reads_as(found.currency, wanted.family)
    return reads_as(found.after[0].text, wanted.family) if found.after else None


def _named(before: str, wanted: Unit) -> float | None:
    """The unit that "in nats" gives to the numbers after it."""
    sizes = [reads_as(name, wanted.family) for name in _NAMED.findall(before)]
    return next((size for size in reversed(sizes) if size), None)


def _named_bare(wanted: Unit) -> bool:
    return wanted.family == "information"


def _without_alternatives(text: str, offers: list[_Offer]) -> list[_Offer]:
    """Without right figures offered beside wrong ones: "3 TB or 5 TB" is no answer, nor is "1 TB, 2 TB, 3 TB, 4 TB"."""
    kept: list[_Offer] = []
    chain: list[_Offer] = []
    choice = False
    for offer in offers:
        link = _BESIDE.fullmatch(text[chain[-1].end : offer.start]) if chain and offer.start - chain[-1].end <= 20 else None
        if link is None or offer.other_per or chain[-1].other_per:
            kept += _unless_hedged(chain, choice=choice)
            chain, choice = [], False
        chain.append(offer)
        choice = choice or bool(link and link["choice"])
    return kept + _unless_hedged(chain, choice=choice)


def _unless_hedged(chain: list[_Offer], *, choice: bool) -> list[_Offer]:
    hedged = (choice or len(chain) >= LISTED) and not all(offer.right for offer in chain)
    return [offer for offer in chain if not (hedged and offer.right)]


def _chosen(offers: list[_Offer]) -> _Offer | None:
    """The figure that stands for the answer by the rule of `check_figure`; of wrong ones the nearest."""
    called = [offer for offer in offers if offer.called]
    last = called[-1] if called else None
    ends = [offer.start for offer in offers if not offer.right and not offer.term]
    right = [offer for offer in offers if offer.right and not (offer.term and ends and ends[-1] > offer.start)]
    if last and not last.right:
        right = [offer for offer in right if offer.start > last.start]
    if right:
        return max(right, key=lambda offer: (offer.called, offer.stated, offer.led))
    if last and not last.right:
        return last
    wrong = [offer for offer in offers if not offer.right]
    spoken = [offer for offer in wrong if offer.stated] or [offer for offer in wrong if offer.led and not offer.term]
    return min(spoken, key=lambda offer: offer.distance, default=None)
