"""Fit the head on answers of known truth to questions that the model was not trained on: python -m training.head WEIGHTS

Composed answers (`composed.py`), written ones (`answers/`), texts of no worth (hints, follow-ups, other questions' references, shuffled
words), and held-back answers of the public sets. What the head is fitted on, it is also measured on, question by question left out.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from interviewer.bank.load import load
from interviewer.embedded.files import MANIFEST
from interviewer.embedded.minilm import HEAD, VECTORS, MiniLM
from interviewer.grading.embedded.features import FIT, NAMES
from interviewer.grading.embedded.grader import EmbeddedGrader
from interviewer.grading.embedded.head import Head, Weighing
from interviewer.grading.embedded.judging import each_of
from training.pairs import ROOT, usable_questions
from training.samples import SETS, Sample, bare, held_back, samples

Numbers = npt.NDArray[np.float64]
LEAST_TNR = 0.88
"""The threshold may not let more through on what the head is fitted on: a little above the target, for other questions."""
ROUNDS = 3
"""The likeliest passage is chosen by the head, and the head is fitted on the likeliest passages."""
UNSURE_ERRORS = 0.25
"""Unsure are the probabilities at which at least so many verdicts are wrong."""
PLAIN = Weighing(weights=tuple(float(name == "asserted") for name in NAMES), bias=0.0, met=0.5, unsure=(0.3, 0.7))
START = Head(
    features=NAMES,
    nearness=tuple(float(name in ("pooled words", "turned words", "accepted vector")) for name in FIT),
    bank=PLAIN,
    bare=PLAIN,
    denied=0.8,
    misconception=0.9,
)
STEP = 0.05
ASSERTED = NAMES.index("asserted")
CANDIDATES = 4
"""Passages judged for each point, of which the nearest are to be the likeliest."""
C = 0.3
"""Inverse strength of the penalty on large weights."""
CLEARLY = 0.5
"""Difference of log odds from which one passage is better than another."""


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """One point of one sample: the features of each judged passage, and the truth."""

    group: str
    kind: str
    features: tuple[tuple[float, ...], ...]
    met: bool
    points: int


def judgements(grader: EmbeddedGrader, found: Iterable[Sample]) -> Iterator[Judgement]:
    """Every point of every sample with `CANDIDATES` passages, but those that nothing could be read for."""
    for sample in found:
        reading, count = grader.read(sample.question, sample.text), len(sample.question.points)
        for wanted, findings in reading.points(pairs=CANDIDATES * count):
            if findings:
                features = tuple(f.features for f in findings)
                yield Judgement(group=sample.question.id, kind=sample.kind, features=features, met=wanted.id in sample.met, points=count)


def nearness(rows: Sequence[Judgement]) -> tuple[float, ...]:
    """Weights by which the passage that the model takes for the best one, of a point that was made, is before the others."""
    differences = []
    for row in rows:
        table = np.array(row.features)
        best = table[:, ASSERTED].argmax()
        others = table[table[:, ASSERTED] < table[best, ASSERTED] - CLEARLY]
        if row.met and table[best, ASSERTED] > 0:
            differences += list(table[best, : len(FIT)] - others[:, : len(FIT)])
    signs = np.where(np.arange(len(differences)) % 2, 1, -1)
    scale = np.std(differences, axis=0) + 1e-9
    model = LogisticRegression(fit_intercept=False, max_iter=2000).fit(signs[:, None] * differences / scale, signs > 0)
    return tuple(round(float(w), 4) for w in model.coef_[0] / scale)


def nearest(rows: Iterable[Judgement], weights: Sequence[float]) -> list[Judgement]:
    """The rows with those passages only that would be judged by these weights."""
    found = []
    for row in rows:
        ordered = sorted(row.features, key=lambda f: -float(np.dot(weights, f[: len(FIT)])))
        found.append(replace(row, features=tuple(ordered[: each_of(row.points)])))
    return found


KIND_WORTH = {"written": 2.0, "composed": 0.7}
"""What a judgement counts in fitting: whole answers as people give them most."""


def fitted(rows: Sequence[Judgement], *, only: Sequence[int] | None = None) -> tuple[Numbers, float]:
    """Weights (features,) and bias. `only`: the columns that may count."""
    columns = list(only if only is not None else range(len(NAMES)))
    met = np.array([r.met for r in rows])
    worth = np.array([KIND_WORTH.get(r.kind, 1.0) for r in rows])
    weights, bias = np.array(PLAIN.weights), 0.0
    for _ in range(ROUNDS):
        best = np.array([max(r.features, key=lambda f: float(np.dot(weights, f))) for r in rows])
        scale = best[:, columns].std(axis=0) + 1e-9
        model = LogisticRegression(C=C, max_iter=2000).fit(best[:, columns] / scale, met, sample_weight=worth)
        weights = np.zeros(len(NAMES))
        weights[columns], bias = model.coef_[0] / scale, float(model.intercept_[0])
    return weights, bias


def probabilities(rows: Sequence[Judgement], weights: Numbers, bias: float) -> Numbers:
    """(rows,) of the likeliest passage."""
    scores = np.array([max(float(np.dot(weights, f)) for f in r.features) for r in rows]) + bias
    return np.asarray(1 / (1 + np.exp(-scores)))


def left_out(rows: Sequence[Judgement], *, only: Sequence[int] | None = None) -> Numbers:
    """(rows,) probabilities by heads fitted without the row's question."""
    found = np.zeros(len(rows))
    for train, test in GroupKFold(5).split(rows, groups=[r.group for r in rows]):
        weights, bias = fitted([rows[n] for n in train], only=only)
        found[test] = probabilities([rows[n] for n in test], weights, bias)
    return found


def macro_f1(truth: npt.NDArray[np.bool_], said: npt.NDArray[np.bool_]) -> float:
    """Of met and not met."""
    return float(np.mean([2 * (t & s).sum() / max(1, t.sum() + s.sum()) for t, s in ((truth, said), (~truth, ~said))]))


def told(rows: Sequence[Judgement], found: Numbers, threshold: float) -> dict[str, dict[str, float]]:
    """Macro-F1, true positive and true negative rate by kind."""
    truth, kinds = np.array([r.met for r in rows]), np.array([r.kind for r in rows])
    report = {}
    for kind in sorted(set(kinds)):
        t, s = truth[kinds == kind], found[kinds == kind] >= threshold
        rates = {"tpr": float(s[t].mean()) if t.any() else 1.0, "tnr": float(1 - s[~t].mean()) if (~t).any() else 1.0}
        report[kind] = {"points": len(t), "macro_f1": round(macro_f1(t, s), 3)} | {k: round(v, 3) for k, v in rates.items()}
    return report


def best_threshold(rows: Sequence[Judgement], found: Numbers, *, kinds: Sequence[str], least_tnr: float) -> float:
    """The best macro-F1 on answers of these kinds, where their true negative rate is high enough."""
    own = np.array([r.kind in kinds for r in rows])
    truth, given = np.array([r.met for r in rows])[own], found[own]
    allowed = [t for t in np.arange(0.1, 0.95, 0.01) if (given[~truth] < t).mean() >= least_tnr]
    return round(float(max(allowed, key=lambda t: macro_f1(truth, given >= t))), 2)


def unsure_between(truth: npt.NDArray[np.bool_], found: Numbers, threshold: float) -> tuple[float, float]:
    """The widest probabilities about the threshold at which every twentieth of them is wrong often enough."""
    low = high = threshold
    while low > 0 and _wrong(truth[(found >= low - STEP) & (found < low)]) >= UNSURE_ERRORS:
        low -= STEP
    while high < 1 and _wrong(~truth[(found >= high) & (found < high + STEP)]) >= UNSURE_ERRORS:
        high += STEP
    return round(max(0.0, low), 2), round(min(1.0, high), 2)


def _wrong(cases: npt.NDArray[np.bool_]) -> float:
    return float(cases.mean()) if len(cases) else 0.0


def weighing(
    rows: Sequence[Judgement], found: Numbers, weights: Numbers, bias: float, *, kinds: Sequence[str], least_tnr: float
) -> Weighing:
    """Weights with the bounds that the left-out probabilities give on these kinds."""
    met = best_threshold(rows, found, kinds=kinds, least_tnr=least_tnr)
    own = np.array([r.kind in kinds for r in rows])
    between = unsure_between(np.array([r.met for r in rows])[own], found[own], met)
    return Weighing(weights=tuple(round(float(w), 4) for w in weights), bias=round(float(bias), 4), met=met, unsure=between)


def fitted_head(rows: Sequence[Judgement], near: tuple[float, ...]) -> tuple[Head, dict[str, dict[str, float]]]:
    """The head, and how it does on rows that it was not fitted on."""
    of_bank = [r for r in rows if r.kind not in SETS]
    of_sets = [r for r in rows if r.kind in SETS]
    found, given = left_out(of_bank), left_out(of_sets)
    bank = weighing(of_bank, found, *fitted(of_bank), kinds=("written",), least_tnr=LEAST_TNR)
    alone = weighing(of_sets, given, *fitted(of_sets), kinds=SETS, least_tnr=0.0)
    head = START.model_copy(update={"nearness": near, "bank": bank, "bare": alone})
    return head, told(of_bank, found, bank.met) | told(of_sets, given, alone.met)


def fit(folder: Path) -> None:
    """Fit, tell, write, and enter the file in the manifest."""
    enter(folder, START)
    questions = held_back(usable_questions())
    grader = EmbeddedGrader(load(ROOT / "question_bank").questions.values(), MiniLM(folder))
    judged = list(judgements(grader, [*samples(questions), *bare()]))
    near = nearness(judged)
    rows = nearest(judged, near)
    head, measured = fitted_head(rows, near)
    enter(folder, head)
    print(json.dumps({"head": head.model_dump(), "left out": measured}, indent=1))


def enter(folder: Path, head: Head) -> None:
    """Write the head, and its sha256 into the manifest."""
    (folder / HEAD).write_text(head.model_dump_json(indent=1) + "\n", "utf-8")
    manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    manifest |= {name: sha256((folder / name).read_bytes()).hexdigest() for name in (HEAD, VECTORS)}
    (folder / MANIFEST).write_text(json.dumps(dict(sorted(manifest.items())), indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("weights", type=Path)
    fit(parser.parse_args().weights)
