from __future__ import annotations

from collections.abc import Callable

import pytest

from interviewer.bank.load import survey
from interviewer.domain.grade import Band, Verdict
from interviewer.domain.interview import Cause
from interviewer.domain.question import Question
from interviewer.grading.gates import gate, zero
from interviewer.settings import ROOT
from interviewer.text.words import words
from tests.fakes import START, answer_of
from tests.grading.scripted import ANSWER, LORA

BANK = list(survey(ROOT / "question_bank").questions.values())


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
        "I can't answer this question.",
        "I don't know. I forgot. Sorry!",
        "Honestly I have no clue",
        "I'm not sure, I don't remember",
        "Never heard of it.",
        "Ich weiß es nicht.",
        "Keine Ahnung, sorry",
        "Je ne sais pas.",
        "No sé",
        "Non lo so",
        "Não sei",
        "Не знаю.",
        "我不知道。",
        "わかりません。",
        "모르겠습니다",
        "मुझे नहीं पता।",
        "لا أعرف",
        "N\u043e idea",
    ],
)
def test_not_knowing_is_understood(text: str) -> None:
    assert reason(text) == "You said you don't know."


@pytest.mark.parametrize(
    "text",
    [
        "Solution",
        "Solution:",
        "**Solution**",
        "Let's think step by step.",
        "Let\u2019s think step by step",
        "Yes.",
        "Thought process:",
        "Thought process: Solution:",
        "**Answer** \u2014 Let's think step by step.\n\nSolution:",
        "Sure! Here is my final answer:",
        "Step 1:",
        "S\u043elution",
        "Solution " * 500,
        "解",
        "解答：答案：",
        "让我们一步一步地思考",
        "かいせつ",
        "答えは",
        "Respuesta",
        "Lösung:",
        "Die Antwort lautet:",
        "La réponse est :",
        "Ответ:",
        "الحل:",
        "उत्तर:",
        "정답은",
    ],
)
def test_a_master_key_is_only_an_opening(text: str) -> None:
    assert reason(text).startswith("No answer: only an opening")


@pytest.mark.parametrize(
    "change",
    [
        str,
        str.upper,
        lambda q: q.rstrip("?"),
        lambda q: f"“{q}”",
        lambda q: q.replace(" ", "\n"),
        lambda q: f"{q} {q}",
        lambda q: f"{q}\n" * 7,
        lambda q: f"Solution: {q}",
        lambda q: f"{q}\nHere is my answer:",
        lambda q: f"The question is: {q.replace('adapt', 'adabt')}",
        lambda q: q.partition(",")[0],
    ],
)
def test_the_question_given_back_is_noticed(change: Callable[[str], str]) -> None:
    assert reason(change(LORA.question)) == "No answer: this is the question given back."


@pytest.mark.parametrize("text", ["What is trained?", "what is in memory? Let me think.", "What is trained? What is trained?"])
def test_the_interviewers_other_words_given_back_are_noticed(text: str) -> None:
    assert reason(text) == "No answer: these are the interviewer's words given back."


@pytest.mark.parametrize(
    "text",
    [
        ANSWER,
        "I don't know all of it, but the base weights are frozen.",
        "Not sure about that, but it freezes the base.",
        "Nothing is trained but the adapters.",
        "None of the weights",
        "Frozen base.",
        "Adam",
        "No",
        "O(1)",
        "1",
        "The answer is 1.",
        "Skip-gram",
        "pass@k",
        "A solution of salt",
        "Step size",
        "The base",
        "adapt a large model",
        "Chain of thought",
        "Yes, because the base weights are frozen.",
        "低秩适应冻结权重",
        LORA.question + " Adam",
        LORA.question + " It freezes the base and trains two thin matrices beside it.",
        f"{LORA.question} {LORA.question} The base is frozen.",
    ],
)
def test_an_answer_that_says_something_must_be_graded(text: str) -> None:
    assert reason(text) == ""


@pytest.mark.parametrize("question", BANK, ids=lambda q: q.id)
def test_nothing_that_the_bank_accepts_is_gated(question: Question) -> None:
    texts = [question.reference_answer, *(text for p in question.points for text in (p.claim, *p.accept) if words(text))]
    assert {text: why for text in texts if (why := gate(question, answer_of(question, text)))} == {}


@pytest.mark.parametrize("question", BANK, ids=lambda q: q.id)
def test_every_question_given_back_is_noticed(question: Question) -> None:
    asked = question.question
    for text in (asked, f"{asked} {asked}", f"{asked}\n\nSolution:", f"Let's think step by step. {asked}"):
        assert gate(question, answer_of(question, text)) == "No answer: this is the question given back."


@pytest.mark.parametrize("text", ["solution ", "i don't know. ", "解", "sorry ", LORA.question, "a"])
def test_a_very_long_answer_is_no_trouble(text: str) -> None:
    most = 100_000
    assert isinstance(reason((text * most)[:most]), str)


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
