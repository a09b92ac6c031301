"""What grading costs: expected before a session, from the pool it draws on, and real after it, from its gradings. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean

from interviewer.domain.grade import Provenance, Usage
from interviewer.domain.question import Question
from interviewer.domain.selection import Length
from interviewer.domain.track import Track
from interviewer.ports import Grading
from interviewer.text.money import about_usd, usd

NO_PRICE = "No price is known for {model}: what it costs is not shown. Set INTERVIEWER_PRICES."


Estimate = Callable[[Question], tuple[Usage, float | None, float | None]]
"""For a usual answer to a question: tokens, USD of the model, USD of the second one; None where no price is known."""


class QuestionCosts:
    """What grading an answer is expected to take. Each question is estimated once in a process: tokens are slow to count."""

    def __init__(self, estimate: Estimate, *, model: str, second: str = "") -> None:
        self.model, self.second = model, second
        self._estimate = estimate
        self._known: dict[str, tuple[float | None, float | None]] = {}

    def first(self, question: Question) -> float | None:
        """USD of the model."""
        return self._of(question)[0]

    def again(self, question: Question) -> float | None:
        """USD of the second opinion, if every point were judged again."""
        return self._of(question)[1]

    def most(self, question: Question) -> float | None:
        """USD of both, as far as prices are known: what a limit sets aside."""
        known = [cost for cost in self._of(question) if cost is not None]
        return sum(known) if known else None

    def _of(self, question: Question) -> tuple[float | None, float | None]:
        if question.sha256 not in self._known:
            _, first, again = self._estimate(question)
            self._known[question.sha256] = (first, again if self.second else None)
        return self._known[question.sha256]


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What a session is expected to cost in USD. `most`: with a second opinion on every answer; None where there is none.

    `unpriced` names the first model that has no known price.
    """

    questions: int
    cost: float | None
    most: float | None = None
    unpriced: str = ""

    @property
    def sentence(self) -> str:
        """For the user, before the session."""
        missing = NO_PRICE.format(model=self.unpriced)
        if self.cost is None:
            return missing
        amount = f"{about_usd(self.cost)} ({_count(self.questions, 'question')})"
        if self.unpriced:
            return f"Grading costs {amount} without second opinions. {missing}"
        more = self.most is not None and about_usd(self.most) != about_usd(self.cost)
        return f"Grading costs {amount}" + (f", up to {usd(round(self.most or 0, 2))} with second opinions." if more else ".")


def expected(pool: Sequence[Question], track: Track, length: Length, *, costs: QuestionCosts) -> Expected | None:
    """The mean over the pool, levels weighted as the track asks them, times the questions that fit; None for an empty pool."""
    if not pool:
        return None
    at_level = {level: sum(q.difficulty is level for q in pool) for level in track.levels}
    weights = [track.levels[q.difficulty] / at_level[q.difficulty] for q in pool]
    if length.questions is not None:
        number = float(length.questions)
    else:
        number = max(1.0, (length.minutes or track.minutes) / fmean([q.minutes for q in pool], weights))
    number = min(number, len(pool))

    def total(each: Callable[[Question], float | None]) -> float | None:
        known = [cost for q in pool if (cost := each(q)) is not None]
        return number * fmean(known, weights) if len(known) == len(pool) else None

    cost = total(costs.first)
    more = total(costs.again) if costs.second else None
    unpriced = costs.model if cost is None else costs.second if more is None else ""
    most = cost + more if cost is not None and more is not None else None
    return Expected(questions=round(number), cost=cost, most=most, unpriced=unpriced)


@dataclass(frozen=True, kw_only=True)
class Spent:
    """What gradings cost: USD of the calls with a price, and how many calls had none.

    `tokens` and `prompt` count what the servers told; `silent` calls brought no reply, so nobody told what they took.
    """

    cost: float = 0.0
    calls: int = 0
    unpriced: int = 0
    silent: int = 0
    tokens: int = 0
    prompt: int = 0
    cached: int = 0

    @property
    def sentence(self) -> str:
        """For the user, after the session; empty when no model replied."""
        if not self.calls:
            return ""
        detail = [_count(self.calls, "call")]
        if self.tokens:
            detail.append(_count(self.tokens, "token"))
        if self.cached:
            detail.append(f"{min(1.0, self.cached / self.prompt):.0%} of the prompt from cache".replace("%", " %"))
        silent = f" {_count(self.silent, 'more call')} brought no reply and {'is' if self.silent == 1 else 'are'} not counted."
        after = silent if self.silent else ""
        if self.unpriced == self.calls:
            return f"This session's grading took {', '.join(detail)}; no price is known, so what it cost is not shown.{after}"
        unknown = f"; no price is known for {_count(self.unpriced, 'call')}" if self.unpriced else ""
        return f"This session's grading cost {'at least ' if unknown else ''}{usd(self.cost)} ({', '.join(detail)}){unknown}.{after}"


def spent(gradings: Iterable[Grading]) -> Spent:
    """What these gradings took: every attempt, failed ones and second opinions too."""
    asked = [source for g in gradings if g.outcome for source in _models(g.outcome.provenance)]
    replied = [source for source in asked if not _silent(source)]
    return Spent(
        cost=sum(source.cost or 0.0 for source in replied),
        calls=sum(source.calls for source in replied),
        unpriced=sum(source.calls for source in replied if source.cost is None),
        silent=sum(source.calls for source in asked if _silent(source)),
        tokens=sum((source.usage.prompt or 0) + (source.usage.completion or 0) for source in replied),
        prompt=sum(source.usage.prompt or 0 for source in replied),
        cached=sum(source.usage.cached or 0 for source in replied if source.usage.prompt),
    )


def paid(source: Provenance) -> str:
    """What one grading cost, for the user: "USD 0.004 and USD 0.002 for the second opinion"; empty when no model replied."""
    amounts = []
    for number, asked in enumerate(_models(source)):
        if not _silent(asked):
            amount = "no price known" if asked.cost is None else usd(asked.cost)
            amounts.append(f"{amount} for the second opinion" if number else amount)
    return " and ".join(amounts)


def _models(source: Provenance | None) -> Iterator[Provenance]:
    """The calls of each model that was asked, the second opinion's after the first's."""
    while source:
        if source.calls:
            yield source
        source = source.second


def _silent(source: Provenance) -> bool:
    """Whether calls were made and nothing came back."""
    return source.cost is None and source.usage == Usage() and not source.raw_reply


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
