"""Reports made by hand: one as the built-in grader may get, and changes of it that are hard to show."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

from interviewer.calibration.report.figures import AGREEMENT, CONDUCT, POINTS, SCORES, Figure
from interviewer.calibration.report.report import Bin, Group, MeasuredAnswer, MeasuredData, MeasuredGrader, Report, to_json
from interviewer.domain.grade import Band
from interviewer.domain.scoring import band_of

MADE = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
HOSTILE = "<script>alert(1)</script>\"'&<b>\x1b[31m\u202egnp https://evil.test/x.png"
VALUES = {
    "pearson": (0.713, 0.652, 0.766),
    "spearman": (0.694, 0.633, 0.748),
    "rmse": (27.4, 25.1, 29.6),
    "weighted_rmse": (29.8, 26.9, 32.7),
    "mae": (18.9, 16.8, 21.0),
    "qwk": (0.668, 0.601, 0.729),
    "bias": (6.2, 3.9, 8.6),
    "point_macro_f1": (0.803, 0.781, 0.824),
    "point_tpr": (0.881, 0.858, 0.902),
    "point_tnr": (0.742, 0.708, 0.775),
    "ungraded": (0.0042, 0.0, 0.0104),
    "flips": (0.0, 0.0, 0.0),
    "band_flips": (0.0, 0.0, 0.0),
    "length_bias": (0.124, 0.021, 0.226),
    "order_bias": (0.006, -0.018, 0.031),
    "alpha_scores": (0.982, 0.974, 0.988),
    "alpha_points": (0.964, 0.952, 0.975),
    "human_macro_f1": (0.984, 0.978, 0.989),
    "human_rmse": (4.1, 3.2, 5.0),
    "human_pearson": (0.995, 0.993, 0.997),
}
GROUPS = {
    "band": (("weak", 262, 80), ("developing", 41, 33), ("solid", 29, 24), ("strong", 148, 80)),
    "kind": (("concept", 210, 35), ("compare", 72, 12), ("design", 72, 12), ("debugging", 48, 8), ("behavioural", 18, 3)),
    "difficulty": (("foundation", 120, 20), ("intermediate", 192, 32), ("advanced", 168, 28)),
    "level": (("strong", 80, 80), ("adequate", 80, 80), ("partial", 80, 80), ("fluent-wrong", 80, 80), ("off-topic", 80, 80)),
}


def undefined(names: Iterable[str], reason: str) -> dict[str, Figure]:
    return {name: Figure(undefined=reason) for name in names}


def figures(*, shift: float = 0.0, wide: float = 1.0) -> dict[str, Figure]:
    """Of a group: the overall ones moved and widened a little."""
    names = [m.name for m in (*SCORES, *POINTS, *CONDUCT) if m.name in VALUES]
    found = {}
    for name in names:
        value, low, high = VALUES[name]
        move = shift * (10 if value > 1 else 0.1)
        found[name] = Figure(value=value + move, low=value + move - wide * (value - low), high=value + move + wide * (high - value))
    return found | undefined(["two_way_f1"], "people gave more than two different scores")


def answers(*, attempts: int = 1) -> tuple[MeasuredAnswer, ...]:
    """480 answers whose grades scatter round the examiners' scores, a little above."""
    chance, found = Random(8), []
    for number in range(480):
        human = max(0.0, min(100.0, chance.choice((0, 0, 0, 12, 18, 35, 45, 60, 75, 98, 100, 100)) + chance.uniform(-6, 6)))
        scores = tuple(round(max(0.0, min(100.0, human * 0.86 + 12 + chance.gauss(0, 16))), 1) for _ in range(attempts))
        found.append(
            MeasuredAnswer(
                id=f"{number:064x}", question=f"q-{number % 80}", human=round(human, 1), scores=scores if number % 240 else (None,)
            )
        )
    return tuple(found)


def graded(found: Iterable[MeasuredAnswer]) -> list[tuple[float, float]]:
    """Human score and grader's, of every answer with a grade."""
    return [(a.human, a.scores[0]) for a in found if a.scores[0] is not None]


def bins(pairs: list[tuple[float, float]]) -> tuple[Bin, ...]:
    found = []
    for low in range(0, 100, 10):
        inside = [(human, score) for human, score in pairs if low <= human < low + 10 or (low == 90 and human == 100)]
        if inside:
            n, mean = len(inside), sum(score for _, score in inside) / len(inside)
            grader = Figure(value=mean, low=max(0.0, mean - 30 / n**0.5), high=min(100.0, mean + 30 / n**0.5))
            found.append(Bin(low=low, high=low + 10, answers=n, human=sum(human for human, _ in inside) / n, grader=grader))
    return tuple(found)


def bands(pairs: list[tuple[float, float]]) -> tuple[tuple[int, ...], ...]:
    at = [(band_of(human), band_of(score)) for human, score in pairs]
    return tuple(tuple(at.count((row, column)) for column in Band) for row in Band)


def groups(dimension: str) -> tuple[Group, ...]:
    rows = GROUPS[dimension]
    return tuple(
        Group(name=name, answers=n, questions=q, figures=figures(shift=0.6 - 1.1 * place / len(rows), wide=(480 / n) ** 0.5))
        for place, (name, n, q) in enumerate(rows)
    )


def report(**changes: Any) -> Report:
    """The built-in estimate, held against the own set."""
    found = answers()
    pairs = graded(found)
    values: dict[str, Any] = {
        "made_at": MADE,
        "grader": MeasuredGrader(name="embedded", words="the embedded grader", identity="embedded-2/policy-1/0123456789abcdef"),
        "data": MeasuredData(
            name="own set",
            sha256="ab" * 32,
            answers=480,
            questions=80,
            annotators=2,
            points=4428,
            about="Written and labelled by language models, not by people.",
        ),
        "attempts": 1,
        "resamples": 2000,
        "seed": 8,
        "overall": Group(name="all", answers=480, questions=80, figures=figures()),
        "groups": {name: groups(name) for name in GROUPS},
        "agreement": {m.name: Figure(**dict(zip(("value", "low", "high"), VALUES[m.name], strict=True))) for m in AGREEMENT},
        "bins": bins(pairs),
        "bands": bands(pairs),
        "answers": found,
    }
    return Report(**(values | changes))


def llm(model: str = "sample-1", **changes: Any) -> Report:
    """A model's: three attempts, a price."""
    grader = MeasuredGrader(name="llm", words=f"{model} at models.test", model=model, identity=f"models.test/{model}/policy-1")
    overall = report().overall
    better = overall.figures | {"bias": Figure(value=-0.6, low=-1.7, high=0.5), "point_tnr": Figure(value=0.931, low=0.912, high=0.948)}
    values = {"grader": grader, "attempts": 3, "cost": 4.273, "overall": overall.model_copy(update={"figures": better})}
    return report(**(values | changes))


def without_figures() -> Report:
    """Of a set without spread: hardly anything is defined, and nothing was graded."""
    reason = "all answers have the same score"
    names = [m.name for m in (*SCORES, *POINTS, *CONDUCT)]
    one = Group(name="all", answers=6, questions=1, figures=undefined(names, reason))
    data = MeasuredData(name="flat.jsonl", sha256="cd" * 32, answers=6, questions=1, annotators=1, points=0, left_out=3)
    return report(data=data, overall=one, groups={"kind": (one,)}, agreement={}, bins=(), bands=(), answers=(), resamples=0)


def without_points() -> Report:
    """Public data: scores only, by one person each."""
    reason = "the set has no verdicts on points"
    kept = figures() | undefined([m.name for m in POINTS], reason) | undefined(["order_bias"], reason)
    kept["two_way_f1"] = Figure(value=0.712, low=0.671, high=0.75)
    data = MeasuredData(name="saf_en.jsonl", sha256="ef" * 32, answers=2981, questions=31, annotators=1, points=0)
    overall = Group(name="all", answers=2981, questions=31, figures=kept)
    split = tuple(
        Group(name=name, answers=n, questions=q, figures=kept)
        for name, n, q in (("training", 2000, 25), ("unseen_answers", 531, 25), ("unseen_questions", 450, 6))
    )
    return report(data=data, overall=overall, groups={"split": split}, agreement={})


def hostile() -> Report:
    """Every text that a file may name is markup."""
    base = report()
    named = Group(name=HOSTILE, answers=1, questions=1, figures=undefined([m.name for m in SCORES], HOSTILE))
    return base.model_copy(
        update={
            "grader": MeasuredGrader(name="llm", words=HOSTILE, model=HOSTILE, identity=HOSTILE),
            "data": base.data.model_copy(update={"name": HOSTILE, "sha256": HOSTILE, "about": HOSTILE}),
            "overall": base.overall.model_copy(update={"figures": base.overall.figures | undefined(["mae", "point_tpr"], HOSTILE)}),
            "groups": {HOSTILE: (named, *groups("kind"))},
            "agreement": base.agreement | undefined(["alpha_points"], HOSTILE),
        }
    )


def put(folder: Path, name: str, found: Report) -> Path:
    """Store a report as `interviewer calibrate` does."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.report.json"
    path.write_text(to_json(found), "utf-8")
    return path
