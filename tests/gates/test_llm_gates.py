"""The LLM grader's gates with scripted models: whatever the first model's flaw, the pipeline passes; the control does not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from interviewer.bank.load import Bank
from interviewer.domain.errors import FailureReason
from interviewer.domain.grade import Ungraded
from interviewer.domain.question import Question
from tests.fakes import START, answer_of
from tests.gates.gates import GATES, missing
from tests.gates.models import MODELS, honest
from tests.gates.trial import Trial

EVERY = 3
"""Every third question for the model that judges well; one of each topic for the flawed ones."""

pytestmark = pytest.mark.timeout(900)  # each gate grades the whole bank


@pytest.fixture(scope="module")
def trial(bank: Bank) -> Iterator[Trial]:
    """One for the module: what was graded once is not graded again for the next gate."""
    found = Trial(bank=list(bank.questions.values()))
    yield found
    found.stop()


def one_of_each_topic(trial: Trial) -> list[Question]:
    """The first question of each topic."""
    return list({question.topic: question for question in reversed(trial.bank)}.values())


@pytest.mark.parametrize("gate", GATES)
def test_a_model_that_judges_well_passes_every_gate_alone(trial: Trial, gate: str) -> None:
    assert missing(trial.course(honest, second=False), gate, trial.bank[::EVERY]) == set()


@pytest.mark.parametrize("gate", GATES)
@pytest.mark.parametrize("model", [name for name in MODELS if name not in ("well-behaved", "generous")])
def test_a_flawed_model_passes_every_gate_with_a_second_opinion(trial: Trial, model: str, gate: str) -> None:
    assert missing(trial.course(MODELS[model], second=True), gate, one_of_each_topic(trial)) == set()


@pytest.mark.parametrize("gate", GATES)
def test_a_generous_model_passes_every_gate_when_all_it_credits_is_asked_again(trial: Trial, gate: str) -> None:
    assert missing(trial.course(MODELS["generous"], second=True, which="all"), gate, one_of_each_topic(trial)) == set()


@pytest.mark.parametrize("gate", ["another reference <= 10", "salad <= 20", "negated reference <= 30"])
def test_the_control_a_lenient_model_that_is_believed_misses_the_gates(trial: Trial, gate: str) -> None:
    sample = one_of_each_topic(trial)
    assert missing(trial.control(MODELS["lenient"]), gate, sample) == {q.id for q in sample}


@pytest.mark.parametrize("model", ["liar", "order-biased", "generous"])
def test_the_control_misses_gates_with_every_flaw_that_shows_in_honest_answers(trial: Trial, model: str) -> None:
    sample = one_of_each_topic(trial)
    assert any(missing(trial.control(MODELS[model]), gate, sample) for gate in GATES)


def test_a_lenient_model_without_a_second_opinion_gives_no_grade(trial: Trial) -> None:
    """It credits the canary each time it is asked, so nothing of what it says is believed."""
    question = trial.bank[0]
    course = trial.course(MODELS["lenient"], second=False)
    found = course.grader.grade(question, answer_of(question, question.reference_answer), attempt=0, now=START)
    assert isinstance(found, Ungraded)
    assert found.reason is FailureReason.UNTRUSTED
