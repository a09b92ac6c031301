"""Questions are found for a pasted text by its subjects, not by its boilerplate, and each is shown with what called for it."""

from __future__ import annotations

from pathlib import Path
from statistics import mean
from typing import Any

import pytest
import yaml

from interviewer.bank.fit import LARGEST, LONGEST, Fit, Fitting, cut
from interviewer.bank.load import Bank
from interviewer.domain.question import Topic
from interviewer.wiring import similarity
from tests.samples import question, questions

TEXTS = yaml.safe_load((Path(__file__).parent / "job_descriptions.yaml").read_text("utf-8"))
CHOSEN_ON = 8
"""The method was chosen on so many offers; the others came later."""


@pytest.fixture(scope="module")
def fitting(bank: Bank) -> Fitting:
    return Fitting(list(bank.questions.values()), similarity())


def share(found: list[Fit], offer: dict[str, Any]) -> float:
    """How many of the questions have a topic that the offer should draw."""
    return sum(fit.question.topic in {Topic(name) for name in offer["topics"]} for fit in found) / len(found)


# what fits


def test_job_descriptions_draw_their_topics(fitting: Fitting):
    """Measured: 0.81 and 0.83. Cosine of term weights, the whole offer against each question, has 0.79 and 0.75."""
    shares = {offer["name"]: share(fitting.best(offer["text"], most=10), offer) for offer in TEXTS["offers"]}
    assert mean([*shares.values()][:CHOSEN_ON]) >= 0.79, shares
    assert mean([*shares.values()][CHOSEN_ON:]) >= 0.78, shares
    assert min(shares.values()) >= 0.5, shares


@pytest.mark.parametrize("offer", TEXTS["offers"], ids=lambda offer: offer["name"])
def test_what_is_found_is_ordered_and_shown_with_passages_of_the_text(fitting: Fitting, offer: dict[str, Any]):
    found = fitting.best(offer["text"], most=10)
    assert len({fit.question.id for fit in found}) == len(found) == 10
    assert [fit.score for fit in found] == sorted((fit.score for fit in found), reverse=True)
    assert all(0 < fit.score < 1 for fit in found)
    assert all(fit.passage in offer["text"] for fit in found)
    assert len({fit.passage for fit in found}) >= 2


def test_the_same_text_always_finds_the_same(fitting: Fitting, bank: Bank):
    text = TEXTS["offers"][0]["text"]
    again = Fitting(list(bank.questions.values())[::-1], similarity())
    assert again.best(text, most=10) == fitting.best(text, most=10)


def test_notes_of_a_few_words_find_their_subject(fitting: Fitting):
    found = fitting.best("RAG\nKV cache\nDPO, PPO", most=20)
    assert {fit.passage for fit in found} == {"RAG", "KV cache", "DPO, PPO"}
    assert all(fit.question.topic is Topic.RAG for fit in found if fit.passage == "RAG")


def test_fewer_are_found_when_fewer_are_wanted_and_the_best_stays(fitting: Fitting):
    text = TEXTS["offers"][0]["text"]
    (best,) = fitting.best(text, most=1)
    assert best == fitting.best(text, most=10)[0]


def test_a_line_said_over_and_over_counts_once(fitting: Fitting):
    line = "You tune BM25, dense retrieval and re-ranking.\n"
    assert fitting.best(line * 500, most=10) == fitting.best(line, most=10)


def test_marks_that_do_not_show_change_nothing(fitting: Fitting):
    text = "You quantise weights to INT4 and build speculative decoding."
    hidden = text.replace("weights", "wei\u200bghts").replace("speculative", "\u202especulative")
    assert fitting.best(hidden, most=5) == fitting.best(text, most=5)


# what calls for nothing


@pytest.mark.parametrize("text", ["", " \n\t", "\u2026!?", "the of and", "\U0001f999" * 50, "Blorp zwick flonk.", "1 2 3"])
def test_a_text_without_content_calls_for_nothing(fitting: Fitting, text: str):
    assert fitting.best(text, most=10) == []


def test_boilerplate_calls_for_nothing(fitting: Fitting):
    assert fitting.best(TEXTS["boilerplate"]["seen"], most=10) == []
    assert [line for line in TEXTS["boilerplate"]["seen"].splitlines() if fitting.best(line, most=1)] == []


def test_boilerplate_of_others_hardly_ever_calls_for_anything(fitting: Fitting):
    lines = TEXTS["boilerplate"]["unseen"].splitlines()
    called = {line: found[0].score for line in lines if (found := fitting.best(line, most=1))}
    assert len(called) <= 3, called
    assert max(called.values(), default=0) <= 0.3


def test_boilerplate_around_an_offer_changes_little(fitting: Fitting):
    offer = TEXTS["offers"][3]["text"]
    alone = {fit.question.id for fit in fitting.best(offer, most=10)}
    around = fitting.best(f"{TEXTS['boilerplate']['seen']}\n\n{offer}\n\n{TEXTS['boilerplate']['unseen']}", most=10)
    assert len(alone & {fit.question.id for fit in around}) >= 9


# texts of others


@pytest.mark.parametrize(
    "text",
    [
        "\n" * LARGEST,
        "a" * LARGEST,
        "a-" * (LARGEST // 2),
        "not " * (LARGEST // 4),
        "e" + "\u0301" * LARGEST,
        "\0" * LARGEST,
        "\ufdfa" * 20_000,
        "\ud800\udfff",
        "\n- " * (LARGEST // 3),
    ],
    ids=["lines", "one word", "hyphens", "negations", "marks", "zeros", "ligatures", "half characters", "bullets"],
)
def test_texts_that_are_no_texts_call_for_nothing(fitting: Fitting, text: str):
    assert fitting.best(text, most=3) == []


def test_a_text_of_thousands_of_passages_is_answered(fitting: Fitting, bank: Bank):
    claims = [point.claim for found in bank.questions.values() for point in found.points]
    assert len(fitting.best("\n\n".join(claims), most=50)) == 50


def test_what_stands_beyond_the_limit_is_not_looked_at(fitting: Fitting):
    assert fitting.best(" " * LARGEST + "You tune BM25 and re-ranking.", most=3) == []


def test_a_bank_of_one_question_and_of_one_topic():
    (found,) = Fitting([question("one", question="How does speculative decoding work?")], similarity()).best(
        "You build speculative decoding.", most=3
    )
    assert found.question.id == "one"
    assert Fitting(questions(4), similarity()).best("You build speculative decoding.", most=3) == []


# passages


def test_a_text_is_cut_into_sentences_items_and_lines_without_their_marks():
    assert cut("What you do:\n- Tune BM25;\n* (Re-rank) results!\n\nYou run it. And you log it.") == [
        "What you do",
        "Tune BM25",
        "Re-rank) results",
        "You run it",
        "And you log it",
    ]


def test_a_text_without_an_end_is_cut_after_some_words():
    assert [len(passage.split()) for passage in cut(" ".join(f"word{n}" for n in range(2 * LONGEST + 7)))] == [LONGEST, LONGEST, 7]
