"""What the grader does on questions of the bank that its model never saw: python -m training.folds RUN [--folds 3]

For each fold a model is trained without the fold's questions, exported and given a head, by the recipe of the one that ships; then it
grades texts of known worth of the fold's questions (calibration/gradability.py), and every accepted and rejected wording. Both runs
and figures stay in RUN, so that the command can be interrupted. Prints the shares with 95 % intervals over questions.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from interviewer.bank.load import load
from interviewer.calibration.gradability import off, samples
from interviewer.domain.grade import Grade, Verdict
from interviewer.domain.question import Question
from interviewer.embedded.minilm import VECTORS, MiniLM
from interviewer.grading.embedded.grader import EmbeddedGrader
from training.answers import BEGINNING, answer_of
from training.export import export
from training.head import fit
from training.pairs import ROOT, usable_questions
from training.train import Recipe, fold_of, train
from training.vectors import build

NOW = datetime(2026, 11, 1, tzinfo=UTC)
RESAMPLES = 2_000
Counts = dict[str, list[int]]
"""For each kind of text: how many there are of one question, and how many are graded as they should be."""


def weights_of(run: Path, recipe: Recipe) -> Path:
    """The files of a trained model, made unless they are there."""
    weights = run / "weights"
    if not (weights / "done").exists():
        train(run, recipe)
        export(run, weights)
        build(weights / VECTORS)
        fit(weights)
        (weights / "done").touch()
    return weights


def counted(grader: EmbeddedGrader, question: Question) -> Counts:
    """One question's texts."""
    counts: Counts = defaultdict(lambda: [0, 0])
    missed = {each.sample.name for each in off(grader, question, now=NOW)}
    for sample in samples(question):
        kind = sample.name.split(maxsplit=1)[0]
        counts[kind][0] += 1
        counts[kind][1] += sample.name not in missed
    for point in question.points:
        for kind, wordings, wanted in (("accepted", point.accept, True), ("rejected", point.reject, False)):
            for wording in wordings:
                counts[kind][0] += 1
                counts[kind][1] += _met(grader, question, point.id, wording) is wanted
    return dict(counts)


def _met(grader: EmbeddedGrader, question: Question, point: str, text: str) -> bool:
    found = grader.grade(question, answer_of(question, text), attempt=0, now=BEGINNING)
    return isinstance(found, Grade) and any(r.point == point and r.verdict is Verdict.MET for r in found.points)


def told(counts: Iterable[Counts]) -> dict[str, str]:
    """Shares of texts, and of questions with every text right, with intervals over questions."""
    by_kind: defaultdict[str, list[list[int]]] = defaultdict(list)
    for each in counts:
        for kind, pair in each.items():
            by_kind[kind].append(pair)
    rng = np.random.default_rng(0)
    report = {}
    for kind, pairs in by_kind.items():
        table = np.array(pairs)
        drawn = table[rng.integers(0, len(table), (RESAMPLES, len(table)))]
        shares = drawn[..., 1].sum(axis=1) / drawn[..., 0].sum(axis=1)
        whole = (drawn[..., 0] == drawn[..., 1]).mean(axis=1)
        report[kind] = (
            f"{table[:, 1].sum() / table[:, 0].sum():.1%} ({_interval(shares)}) of {table[:, 0].sum():,} texts; "
            f"all of them right in {(table[:, 0] == table[:, 1]).mean():.1%} ({_interval(whole)}) of {len(table)} questions"
        )
    return report


def _interval(drawn: np.ndarray) -> str:
    low, high = np.percentile(drawn, [2.5, 97.5])
    return f"{low:.1%} to {high:.1%}"


def main() -> None:
    """Every fold, then the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("run", type=Path)
    parser.add_argument("--folds", type=int, default=3)
    parser.add_argument("--epochs", type=int, default=Recipe.epochs)
    options = parser.parse_args()
    bank = load(ROOT / "question_bank").questions
    found: dict[str, Counts] = {}
    for fold in range(options.folds):
        run = options.run / f"fold-{fold}"
        weights = weights_of(run, Recipe(folds=options.folds, fold=fold, epochs=options.epochs))
        kept = run / "counts.json"
        if not kept.exists():
            grader = EmbeddedGrader(bank.values(), MiniLM(weights))
            mine = [q for q in usable_questions() if fold_of(q.id, options.folds) == fold]
            kept.write_text(json.dumps({q.id: counted(grader, q) for q in mine}), "utf-8")
        found |= json.loads(kept.read_text("utf-8"))
    print(json.dumps(told(found.values()), indent=1))


if __name__ == "__main__":
    main()
