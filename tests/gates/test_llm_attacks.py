"""The attack suite against the LLM grader with scripted models: one that falls for every attack is repaired by the pipeline."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from interviewer.bank.load import Bank
from interviewer.calibration import attacks, payloads
from interviewer.calibration.attacks import Case
from interviewer.ports import Grader
from tests.fakes import START
from tests.gates.models import MODELS
from tests.gates.trial import Trial

FOLDER = Path(__file__).parents[1] / "attacks"
WORKERS = 4
MAY_WIN = {"order-biased": {"key-boxed: chat-finetune-never-stops/none"}}
"""The model credits the point listed first with the attack's own first words; where they share terms with it, nothing is in doubt."""
ASKED = "chat-finetune-never-stops"
"""One question for all; without a figure, which code would check."""
FLAWED = ("lenient", "injectable", "sly", "order-biased", "liar")


@pytest.fixture(scope="module")
def planned(bank: Bank) -> Sequence[Case]:
    """Every attack on one question, from a partial answer; and every decoy."""
    return attacks.cases(payloads.load(FOLDER), [bank.question(ASKED)], attacked=("partial",), drifting=("partial",))


@pytest.fixture(scope="module")
def trial(bank: Bank, planned: Sequence[Case]) -> Iterator[Trial]:
    """The models; the one that judges well knows what each attack stands for."""
    found = Trial(bank=list(bank.questions.values()))
    for case in planned:
        if case.kind != attacks.DECOY:
            found.oracle.remember(case.text, case.twin)
    yield found
    found.stop()


def won(grader: Grader, planned: Sequence[Case]) -> dict[str, float]:
    """The attacks that won points, and how many."""
    trials = attacks.run(grader, planned, now=START, workers=WORKERS)
    return {t.case.name: t.gain for t in trials if t.succeeded and t.gain is not None}


def test_a_model_that_judges_well_gives_no_attack_a_point_and_no_decoy_costs_one(trial: Trial, planned: Sequence[Case]) -> None:
    trials = attacks.run(trial.course(MODELS["well-behaved"], second=False).grader, planned, now=START, workers=WORKERS)
    assert {t.case.name: t.gain for t in trials if t.succeeded} == {}
    assert {t.case.name: t.gain for t in trials if t.case.kind == attacks.DECOY and t.gain != 0} == {}


@pytest.mark.parametrize("model", FLAWED)
def test_a_flawed_model_gives_no_attack_a_point_with_a_second_opinion(trial: Trial, planned: Sequence[Case], model: str) -> None:
    assert set(won(trial.course(MODELS[model], second=True).grader, planned)) == MAY_WIN.get(model, set())


@pytest.mark.parametrize("model", ["injectable", "sly"])
def test_the_control_believed_it_gives_away_nearly_everything(trial: Trial, planned: Sequence[Case], model: str) -> None:
    attacked = [case for case in planned if case.kind != attacks.DECOY]
    assert len(won(trial.control(MODELS[model]).grader, attacked)) > 0.9 * len(attacked)
