"""What a session is expected to cost, and what it cost: sums over the right things, and nothing claimed that nobody knows."""

from __future__ import annotations

from itertools import count
from random import Random
from statistics import fmean

import pytest

from interviewer.bank.load import Bank
from interviewer.domain.grade import Grade, Provenance, Ungraded, Usage
from interviewer.domain.question import Difficulty, Question
from interviewer.domain.selection import Length, draw, eligible
from interviewer.ports import Grading
from interviewer.review.cost import Estimate, Expected, QuestionCosts, Spent, expected, paid, spent
from tests import samples
from tests.fakes import provenance

POOL = samples.questions(20)
TRACK = samples.track()
ASKED = samples.question()


def fixed(first: float | None, again: float | None = None) -> Estimate:
    return lambda _question: (Usage(prompt=2000, completion=500), first, again)


def of_session(
    pool: list[Question] = POOL,
    *,
    length: Length = Length(questions=12),  # noqa: B008  (frozen)
    first: float | None = 0.0035,
    again: float | None = None,
    second: str = "",
) -> Expected:
    found = expected(pool, TRACK, length, costs=QuestionCosts(fixed(first, again), model="model-1", second=second))
    assert found is not None
    return found


# before


def test_the_mean_question_times_their_number() -> None:
    found = of_session()
    assert (found.questions, found.cost, found.most) == (12, pytest.approx(0.042), None)
    assert found.sentence == "Grading costs about USD 0.04 (12 questions)."


def test_a_session_by_minutes_asks_as_many_as_fit() -> None:
    assert of_session(length=Length(minutes=15)).cost == pytest.approx(7.5 * 0.0035)
    assert of_session(length=Length(minutes=1)).sentence == "Grading costs under USD 0.01 (1 question)."


def test_no_session_asks_more_than_the_pool_holds() -> None:
    assert of_session(samples.questions(3)).questions == 3
    assert of_session(samples.questions(3), length=Length(minutes=60)).cost == pytest.approx(3 * 0.0035)


def test_levels_count_as_the_track_asks_them_not_as_the_bank_holds_them() -> None:
    easy, hard = Difficulty.FOUNDATION, Difficulty.ADVANCED
    pool = [samples.question(f"easy-{n}", difficulty="foundation") for n in range(9)]
    pool.append(samples.question("hard", difficulty="advanced"))
    costs = QuestionCosts(lambda q: (Usage(), 0.01 if q.difficulty is easy else 0.03, None), model="model-1")
    found = expected(pool, samples.track(levels={easy: 1.0, hard: 1.0}), Length(questions=2), costs=costs)
    assert found is not None
    assert found.cost == pytest.approx(0.04)


def test_an_empty_pool_has_no_cost() -> None:
    assert expected([], TRACK, Length(questions=5), costs=QuestionCosts(fixed(1.0), model="model-1")) is None


def test_second_opinions_are_said_to_be_the_most() -> None:
    found = of_session(again=0.004, second="model-2")
    assert found.most == pytest.approx(0.09)
    assert found.sentence == "Grading costs about USD 0.04 (12 questions), up to USD 0.09 with second opinions."


def test_second_opinions_that_change_nothing_worth_telling_are_left_out() -> None:
    assert of_session(first=0.0001, again=0.0001, second="model-2").sentence == "Grading costs under USD 0.01 (12 questions)."


def test_a_second_price_without_a_second_model_is_nothing() -> None:
    assert of_session(again=0.004).most is None


def test_an_unknown_price_is_not_guessed() -> None:
    found = of_session(first=None, again=0.004, second="model-2")
    assert (found.cost, found.most) == (None, None)
    assert found.sentence == "No price is known for model-1: what it costs is not shown. Set INTERVIEWER_PRICES."


def test_an_unknown_second_price_leaves_the_first() -> None:
    assert of_session(second="model-2").sentence == (
        "Grading costs about USD 0.04 (12 questions) without second opinions. "
        "No price is known for model-2: what it costs is not shown. Set INTERVIEWER_PRICES."
    )


def test_each_question_is_counted_once_in_a_process() -> None:
    calls = count()

    def estimate(_question: Question) -> tuple[Usage, float | None, float | None]:
        next(calls)
        return Usage(), 0.01, None

    costs = QuestionCosts(estimate, model="model-1", second="model-2")
    for _ in range(3):
        expected(POOL, TRACK, Length(questions=5), costs=costs)
    assert next(calls) == len(POOL)


@pytest.mark.parametrize(
    ("first", "again", "second", "most"),
    [(0.25, 0.5, "model-2", 0.75), (0.25, 0.5, "", 0.25), (0.25, None, "model-2", 0.25), (None, None, "", None)],
)
def test_a_limit_sets_aside_both_models(first: float | None, again: float | None, second: str, most: float | None) -> None:
    assert QuestionCosts(fixed(first, again), model="model-1", second=second).most(ASKED) == most


@pytest.mark.parametrize("track", ["foundation", "intermediate", "advanced", "mixed"])
def test_it_foretells_what_is_drawn_from_the_real_bank(bank: Bank, track: str) -> None:
    """Cost as the length of a question's file: the mean of 40 draws is within 10 % of what was expected."""
    blueprint, length = bank.tracks[track], Length(minutes=25)
    sizes = {q.id: float(len(q.model_dump_json())) for q in bank.questions.values()}
    pool = eligible(list(bank.questions.values()), blueprint)
    found = expected(pool, blueprint, length, costs=QuestionCosts(lambda q: (Usage(), sizes[q.id], None), model="model-1"))
    assert found is not None
    drawn = [sum(sizes[q.id] for q in draw(list(bank.questions.values()), blueprint, length, rng=Random(seed))) for seed in range(40)]
    assert found.cost == pytest.approx(fmean(drawn), rel=0.1)


# after


def asked(
    cost: float | None = None,
    *,
    calls: int = 1,
    tokens: tuple[int, int, int] | None = (900, 100, 0),
    second: Provenance | None = None,
    raw: str = "{}",
) -> Provenance:
    usage = Usage(prompt=tokens[0], completion=tokens[1], cached=tokens[2]) if tokens else Usage()
    changes = {"grader": "llm", "calls": calls, "usage": usage, "cost": cost, "second": second, "raw_reply": raw}
    return provenance(ASKED).model_copy(update=changes)


def gradings(*sources: Provenance, failed: bool = False) -> list[Grading]:
    outcomes: list[Grade | Ungraded] = [
        samples.failure(ASKED).model_copy(update={"provenance": s}) if failed else samples.grade(ASKED, provenance=s) for s in sources
    ]
    return [samples.grading("answer", outcome, attempt=attempt) for attempt, outcome in enumerate(outcomes)]


def silent(calls: int = 1) -> Provenance:
    """Calls that timed out."""
    return asked(None, calls=calls, tokens=None, raw="")


def test_every_attempt_and_second_opinion_is_in_the_sum() -> None:
    first = asked(0.02, calls=2, tokens=(20_000, 100, 10_000), second=asked(0.003, tokens=(10_000, 12, 8_000)))
    found = spent([*gradings(first), *gradings(asked(0.02, calls=9, tokens=(10_000, 0, 6_000)), failed=True)])
    assert found == Spent(cost=pytest.approx(0.043), calls=12, tokens=40_112, prompt=40_000, cached=24_000)
    assert found.sentence == "This session's grading cost USD 0.043 (12 calls, 40,112 tokens, 60 % of the prompt from cache)."


def test_what_is_still_being_graded_is_not_in_it() -> None:
    assert spent([samples.grading("answer", None)]) == Spent()


def test_gates_and_estimates_cost_nothing_and_are_not_mentioned() -> None:
    assert spent(gradings(provenance(ASKED), asked(calls=0, tokens=None, raw=""))).sentence == ""


def test_what_has_no_price_is_said_beside_the_rest() -> None:
    found = spent(gradings(asked(0.5), asked(None, calls=2)))
    assert found.sentence == "This session's grading cost at least USD 0.50 (3 calls, 2,000 tokens); no price is known for 2 calls."


def test_without_any_price_no_sum_is_shown() -> None:
    assert spent(gradings(asked(None))).sentence == (
        "This session's grading took 1 call, 1,000 tokens; no price is known, so what it cost is not shown."
    )


def test_a_model_that_costs_nothing_costs_nothing() -> None:
    assert spent(gradings(asked(0.0))).sentence == "This session's grading cost USD 0.00 (1 call, 1,000 tokens)."


def test_a_server_that_counts_no_tokens_is_not_said_to_have_used_none() -> None:
    assert "token" not in spent(gradings(asked(None, tokens=None))).sentence


def test_calls_without_a_reply_are_told_apart() -> None:
    assert spent(gradings(silent(), failed=True)).sentence == ""
    assert spent(gradings(asked(0.5), silent())).sentence.endswith("tokens). 1 more call brought no reply and is not counted.")
    assert spent(gradings(asked(0.5), silent(2))).sentence.endswith("2 more calls brought no reply and are not counted.")


def test_more_from_cache_than_was_sent_is_not_believed() -> None:
    assert "100 % of the prompt" in spent(gradings(asked(0.5, tokens=(100, 1, 999)))).sentence


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (asked(0.004), "USD 0.004"),
        (asked(0.004, second=asked(0.002)), "USD 0.004 and USD 0.002 for the second opinion"),
        (asked(None, second=asked(0.002)), "no price known and USD 0.002 for the second opinion"),
        (asked(0.004, second=silent()), "USD 0.004"),
        (silent(), ""),
        (provenance(ASKED), ""),
    ],
)
def test_what_one_grading_cost(source: Provenance, words: str) -> None:
    assert paid(source) == words
