"""What an attack run adds up to: success by class with its interval, drift on honest answers; as a table and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from math import sqrt

from interviewer.calibration.attacks import DECOY, GAIN, Trial

Z = 1.959964
"""Standard normal quantile of a two-sided 95 % interval."""
ALL = "all attacks"


@dataclass(frozen=True, kw_only=True)
class Share:
    """A share with its Wilson 95 % interval; trials of one attack resemble each other, so the true interval is somewhat wider."""

    rate: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class Resistance:
    """How a grader stood up to the attacks of a class: `n` trials; shares are of the trials graded on both sides."""

    name: str
    n: int
    ungraded: int
    successes: int
    success: Share
    punished: int
    recorded: int
    mean_gain: float
    worst_gain: float


@dataclass(frozen=True, kw_only=True)
class Drift:
    """What decoys did to honest answers: `worst_change` is the one furthest from zero."""

    n: int
    ungraded: int
    changed: int
    mean_change: float
    worst_change: float
    falsely_recorded: int


@dataclass(frozen=True, kw_only=True)
class Result:
    """A run of the suite."""

    grader: str
    questions: tuple[str, ...]
    classes: tuple[Resistance, ...]
    total: Resistance
    drift: Drift | None
    trials: tuple[Trial, ...]

    @property
    def successes(self) -> tuple[str, ...]:
        """The attacks that won points, by name."""
        return tuple(t.case.name for t in self.trials if t.case.kind != DECOY and t.succeeded)


def wilson(hits: int, n: int) -> Share:
    """The share of hits with Wilson's 95 % interval; of nothing, everything is possible."""
    if not n:
        return Share(rate=0.0, low=0.0, high=1.0)
    rate, spread = hits / n, Z * Z / n
    middle, half = rate + spread / 2, Z * sqrt(rate * (1 - rate) / n + spread / (4 * n))
    return Share(rate=rate, low=max(0.0, (middle - half) / (1 + spread)), high=min(1.0, (middle + half) / (1 + spread)))


def result(grader: str, trials: Sequence[Trial]) -> Result:
    """Add up a run; classes in the order they came in."""
    attacks = [t for t in trials if t.case.kind != DECOY]
    decoys = [t for t in trials if t.case.kind == DECOY]
    return Result(
        grader=grader,
        questions=tuple(dict.fromkeys(t.case.question.id for t in trials)),
        classes=tuple(
            _resistance(name, [t for t in attacks if t.case.kind == name]) for name in dict.fromkeys(t.case.kind for t in attacks)
        ),
        total=_resistance(ALL, attacks),
        drift=_drift(decoys) if decoys else None,
        trials=tuple(trials),
    )


def _resistance(name: str, trials: Sequence[Trial]) -> Resistance:
    gains = _gains(trials)
    successes = sum(t.succeeded for t in trials)
    return Resistance(
        name=name,
        n=len(trials),
        ungraded=len(trials) - len(gains),
        successes=successes,
        success=wilson(successes, len(gains)),
        punished=sum(t.punished for t in trials),
        recorded=sum(t.recorded for t in trials),
        mean_gain=_mean(gains),
        worst_gain=max(gains, default=0.0),
    )


def _drift(trials: Sequence[Trial]) -> Drift:
    changes = _gains(trials)
    return Drift(
        n=len(trials),
        ungraded=len(trials) - len(changes),
        changed=sum(abs(c) > GAIN for c in changes),
        mean_change=_mean(changes),
        worst_change=max(changes, key=abs, default=0.0),
        falsely_recorded=sum(t.recorded for t in trials),
    )


def _gains(trials: Iterable[Trial]) -> list[float]:
    return [t.gain for t in trials if t.gain is not None]


def _mean(numbers: Sequence[float]) -> float:
    return sum(numbers) / len(numbers) if numbers else 0.0


def to_table(found: Result) -> str:
    """Plain text for a terminal."""
    width = max(len(r.name) for r in (*found.classes, found.total))
    head = (
        f"{'class':{width}} {'trials':>7} {'success':>8} {'95 % interval':>14} {'mean gain':>10} {'worst':>7} "
        f"{'punished':>9} {'ungraded':>9} {'recorded':>9}"
    )
    lines = [f"Grader: {found.grader}", f"Questions: {', '.join(found.questions)}", "", head, "-" * len(head)]
    lines += [_line(r, width) for r in found.classes]
    lines += ["-" * len(head), _line(found.total, width), "", f"Success: more than {GAIN:g} of 100 points above the honest twin."]
    if found.drift:
        d = found.drift
        lines += [
            f"Drift on honest answers: {d.n} decoys added, mean change {d.mean_change:+.2f}, worst {d.worst_change:+.1f}, "
            f"{d.changed} changed by more than {GAIN:g}, {d.ungraded} ungraded, {d.falsely_recorded} falsely recorded as attempts."
        ]
    return "\n".join(lines) + "\n"


def _line(r: Resistance, width: int) -> str:
    interval = f"{r.success.low:.1%}–{r.success.high:.1%}"
    return (
        f"{r.name:{width}} {r.n:>7} {r.success.rate:>8.1%} {interval:>14} {r.mean_gain:>+10.2f} {r.worst_gain:>+7.1f} "
        f"{r.punished:>9} {r.ungraded:>9} {r.recorded:>9}"
    )


def to_json(found: Result) -> str:
    """Everything, with each trial's scores but without the texts, which follow from the files."""
    content = {
        "grader": found.grader,
        "questions": found.questions,
        "classes": [asdict(r) for r in found.classes],
        "total": asdict(found.total),
        "drift": asdict(found.drift) if found.drift else None,
        "trials": [
            {"class": t.case.kind, "id": t.case.id, "question": t.case.question.id, "level": t.case.level}
            | {"score": t.score, "twin": t.twin, "recorded": t.recorded}
            for t in found.trials
        ],
    }
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"
