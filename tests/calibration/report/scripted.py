"""A set whose truth is known, and scripted graders of known behaviour on it.

Each grader departs from the truth in one way and by a known amount, so that what a report says of it can be held against what it is.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from random import Random

from interviewer.calibration.data.items import Human, Item
from interviewer.calibration.report.columns import Held, held
from interviewer.domain.errors import FailureReason
from interviewer.domain.grade import Grade, PointResult, Provenance, Ungraded, Verdict
from interviewer.domain.question import Question
from interviewer.domain.scoring import POLICY_1, band_of
from tests.fakes import START
from tests.samples import question

QUESTIONS, ANSWERS, POINTS = 60, 12, 8
MET, MISSED = Verdict.MET, Verdict.NOT_MET


@cache
def truth() -> tuple[Item, ...]:
    """Answers of all qualities and, apart from that, of all lengths."""
    rng = Random(1)
    items = []
    for number in range(QUESTIONS):
        points = [{"id": f"p{n}", "claim": f"Claim {n}."} for n in range(POINTS)]
        follow_ups = [{"point": "p0", "ask": "And?"}, {"point": "p1", "ask": "And?"}]
        asked = question(f"q{number}", points=points, follow_ups=follow_ups)
        for _ in range(ANSWERS):
            quality = rng.random()
            said = {f"p{n}": MET if rng.random() < quality else MISSED for n in range(POINTS)}
            items.append(_item(asked, len(items) + 1, said, length=rng.randint(20, 400)))
    return tuple(items)


def _item(asked: Question, line: int, said: dict[str, Verdict], *, length: int) -> Item:
    human = Human(score=POLICY_1.score(asked, said) or 0.0, verdicts=(said,))
    return Item(
        line=line,
        answer_id=str(line),
        question_id=asked.id,
        question=asked,
        text=f"{line} " + "word " * length,
        groups={"kind": "concept", "level": "long" if length > 200 else "short"},
        human=human,
    )


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What a scripted grader decides one point by: the truth, where the point is shown (0–1), and the answer's length in words."""

    met: bool
    place: float
    length: int
    rng: Random


Rule = Callable[[Seen], bool]
UNGRADED = 0.1
LENIENT, STRICT, EARLY, FLAKY = 0.3, 0.25, 0.4, 0.1


def perfect(seen: Seen) -> bool:
    return seen.met


def lenient(seen: Seen) -> bool:
    """Credits so much of what is not met."""
    return seen.met or seen.rng.random() < LENIENT


def strict(seen: Seen) -> bool:
    """Credits so much less of what is met."""
    return seen.met and seen.rng.random() >= STRICT


def guessing(seen: Seen) -> bool:
    return seen.rng.random() < 0.5


def order_biased(seen: Seen) -> bool:
    """Credits so much of what is not met, when it stands in the first half."""
    return seen.met or (seen.place < 0.5 and seen.rng.random() < EARLY)


def length_biased(seen: Seen) -> bool:
    """Credits more of what is not met, the longer the answer is."""
    return seen.met or seen.rng.random() < 0.15 * math.log(seen.length / 20)


def flaky(seen: Seen) -> bool:
    """Turns so many verdicts round, anew at each attempt."""
    return seen.met != (seen.rng.random() < FLAKY)


def graded(rule: Rule, *, attempts: int = 1, ungraded: float = 0.0, seed: int = 7) -> list[Held]:
    """The set as this rule grades it."""
    rng = Random(seed)
    return [held(item, [_outcome(item, rule, rng, ungraded) for _ in range(attempts)]) for item in truth()]


def _outcome(item: Item, rule: Rule, rng: Random, ungraded: float) -> Grade | Ungraded:
    assert item.human is not None
    order = rng.sample([p.id for p in item.question.points], POINTS)
    source = Provenance(
        grader="llm",
        question_id=item.question.id,
        question_sha256="0" * 64,
        policy=POLICY_1.name,
        graded_at=START,
        point_order=(*order[:3], "sealed-card-1234-567", *order[3:]),
    )
    if rng.random() < ungraded:
        return Ungraded(reason=FailureReason.TIMEOUT, sentence="Late.", provenance=source)
    verdicts = {p: MET if rule(_seen(item, p, order, rng)) else MISSED for p in (f"p{n}" for n in range(POINTS))}
    score = POLICY_1.score(item.question, verdicts)
    assert score is not None
    results = tuple(PointResult(point=p, verdict=v) for p, v in verdicts.items())
    return Grade(score=score, band=band_of(score), points=results, provenance=source)


def _seen(item: Item, point: str, order: Sequence[str], rng: Random) -> Seen:
    assert item.human is not None
    met = item.human.verdicts[0][point] is MET
    return Seen(met=met, place=order.index(point) / (POINTS - 1), length=len(item.text.split()), rng=rng)
