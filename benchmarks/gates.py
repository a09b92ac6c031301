"""What each rule repairs: scripted models with one flaw each, believed, checked, and checked with a second opinion.

Run by hand: python -m benchmarks.gates [--every 3]
"""

from __future__ import annotations

import argparse
import math
import statistics
from collections.abc import Sequence

from interviewer.bank.load import load
from interviewer.calibration import attacks, materials, payloads
from interviewer.domain.question import Question
from interviewer.settings import ROOT
from tests.fakes import START
from tests.gates.gates import GATES, Course, missing, negate, shuffled
from tests.gates.models import MODELS, honest
from tests.gates.trial import Trial

ATTACKS = ROOT / "tests" / "attacks"


def main() -> None:
    """Print a row for each model and way of grading."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--every", type=int, default=3)
    options = parser.parse_args()
    bank = list(load(ROOT / "question_bank").questions.values())
    trial = Trial(bank=bank)
    sample = bank[:: options.every]
    print(f"{len(sample)} questions, {len(GATES)} gates each. missed: questions x gates missed. scores: mean; – where no grade was given")
    planned = attacks.cases(payloads.load(ATTACKS), materials.chosen([q for q in bank if q.number is None], 1), attacked=("partial",))
    planned = tuple(case for case in planned if case.kind != attacks.DECOY)
    for case in planned:
        trial.oracle.remember(case.text, case.twin)
    print(
        f"attacks: of {len(planned)}, those that gain more than a point (none: those without a grade); second: answers it was asked about"
    )
    print(f"{'model':14}{'graded by':28}{'missed':>7}{'reference':>11}{'another':>9}{'salad':>9}{'negated':>9}{'second':>8}{'attacks':>16}")
    for name, flaw in MODELS.items():
        ways = {
            "believed (the control)": trial.control(flaw),
            "evidence and canary": trial.course(flaw, second=False),
            "and a second opinion": trial.course(flaw, second=True),
            "and one on all it credits": trial.course(flaw, second=True, which="all"),
        }
        for way, course in ways.items():
            before = len(trial.server(honest).requests)
            row = scores(course, sample)
            asked = (len(trial.server(honest).requests) - before) / (4 * len(sample)) if flaw is not honest else math.nan
            missed = sum(len(missing(course, gate, sample)) for gate in GATES)
            print(
                f"{name:14}{way:28}{missed:>7}{row[0]:>11}{row[1]:>9}{row[2]:>9}{row[3]:>9}{asked:>8.0%}{won(course, planned):>16}",
                flush=True,
            )
    trial.stop()


def scores(course: Course, sample: Sequence[Question]) -> list[str]:
    """Mean scores of the reference answer, another question's, salad and the negated reference."""
    texts = (
        lambda q: q.reference_answer,
        lambda q: course.of_next_topic(q).reference_answer,
        lambda q: shuffled(q.reference_answer),
        lambda q: negate(q.reference_answer),
    )
    return [mean([course.score(q, text(q)) for q in sample]) for text in texts]


def won(course: Course, planned: Sequence[attacks.Case]) -> str:
    """How many attacks gain more than a point, and how many end without a grade."""
    trials = attacks.run(course.grader, planned, now=START, workers=4)
    ungraded = sum(t.score is None for t in trials)
    return f"{sum(t.succeeded for t in trials)}" + (f" ({ungraded} none)" if ungraded else "")


def mean(values: Sequence[float]) -> str:
    """The mean of the grades; "–" when there is none; with the share ungraded when there are some."""
    known = [v for v in values if not math.isnan(v)]
    if not known:
        return "–"
    return f"{statistics.mean(known):.0f}" + (f" ({len(values) - len(known)}–)" if len(known) < len(values) else "")


if __name__ == "__main__":
    main()
