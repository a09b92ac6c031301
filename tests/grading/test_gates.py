from __future__ import annotations

import pytest

from interviewer.domain.grade import Band, Verdict
from interviewer.domain.interview import Cause
from interviewer.grading.gates import gate, zero
from tests.fakes import START, answer_of
from tests.grading.scripted import ANSWER, LORA


def reason(text: str, cause: Cause = Cause.SUBMITTED) -> str:
    return gate(LORA, answer_of(LORA, text, cause=cause))


@pytest.mark.parametrize("text", ["", "   ", "\n\t\r\n", "\u200b\u200d", "\u3164", "\u202e\U000e0041", "\x00\x07"])
def test_a_blank_answer_is_said_to_be_empty(text: str) -> None:
    assert reason(text) == "No answer: the box was empty."


@pytest.mark.parametrize("text", [".", ":", "?!", "---", "…", "**", "\U0001f642", "\U0001f9d1\u200d\U0001f52c\U0001f389"])
def test_punctuation_and_emoji_hold_no_words(text: str) -> None:
    assert reason(text) == "No answer: there are no words in it."


@pytest.mark.parametrize(
    "text",
    [
        "I don't know",
        "I don\u2019t know.",
        "i dont know",
        "I do not know the answer",
        "Sorry, I really don't know this one",
        "Hmm... I'm not sure",
        "idk",
        "No idea, sorry!",
        "I have no clue",
        "pass",
        "N/A",
        "I don\u200b't know",
    ],
)
def test_not_knowing_is_understood(text: str) -> None:
    assert reason(text) == "You said you don't know."


@pytest.mark.parametrize(
    "text", ["Solution", "Solution:", "**Solution**", "Let's think step by step.", "Let\u2019s think step by step", "Yes."]
)
def test_a_master_key_is_only_an_opening(text: str) -> None:
    assert reason(text).startswith("No answer: only an opening")


@pytest.mark.parametrize("change", [str, str.upper, lambda q: q.rstrip("?"), lambda q: f"“{q}”", lambda q: q.replace(" ", "\n")])
def test_the_question_given_back_is_noticed(change: object) -> None:
    assert callable(change)
    assert reason(change(LORA.question)) == "No answer: this is the question given back."


@pytest.mark.parametrize(
    "text",
    [
        ANSWER,
        "I don't know all of it, but the base weights are frozen.",
        "Frozen base.",
        "Yes, because the base weights are frozen.",
        "低秩适应冻结权重",
        LORA.question + " It freezes the base and trains two thin matrices beside it.",
    ],
)
def test_an_answer_that_says_something_must_be_graded(text: str) -> None:
    assert reason(text) == ""


def test_a_passed_question_needs_no_grader_whatever_was_typed() -> None:
    assert reason(ANSWER, Cause.SKIPPED) == "You skipped this question."
    assert reason(ANSWER, Cause.DONT_KNOW) == "You said you don't know."


@pytest.mark.parametrize("cause", [Cause.SUBMITTED, Cause.TIMED_OUT, Cause.ENDED])
def test_a_typed_answer_is_graded_however_it_ended(cause: Cause) -> None:
    assert reason(ANSWER, cause) == ""


def test_a_gated_answer_gets_zero_with_the_reason_and_no_model() -> None:
    grade = zero(LORA, "No answer: the box was empty.", now=START)
    assert (grade.score, grade.band, grade.gate) == (0, Band.WEAK, "No answer: the box was empty.")
    assert {p.point: p.verdict for p in grade.points} == {p.id: Verdict.NOT_MET for p in LORA.points}
    assert (grade.provenance.grader, grade.provenance.calls, grade.provenance.question_sha256) == ("gate", 0, LORA.sha256)
