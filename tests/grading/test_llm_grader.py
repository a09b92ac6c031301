"""Verdicts, quotes and scores: what becomes of a usable reply."""

from __future__ import annotations

import pytest

from interviewer.domain.errors import FailureReason
from interviewer.domain.grade import Grade, Ungraded, Usage, Verdict
from interviewer.domain.interview import Cause
from interviewer.grading import evidence
from tests.fakes import START, answer_of
from tests.grading.scripted import ANSWER, KEY, LORA, PROMPT, QUOTES, grade, grader, judges, met, outcome, point
from tests.openai_server import OpenAIServer, after, graded, says, well


def test_all_required_points_met_is_a_hundred(openai_server: OpenAIServer) -> None:
    given = grade(openai_server, met("frozen", "low-rank", "optimizer"))
    assert (given.score, given.band, given.gate, given.estimate) == (100, "strong", "", False)
    assert len(openai_server.requests) == 1


def test_the_points_come_back_in_the_questions_order_with_their_quotes(openai_server: OpenAIServer) -> None:
    given = grade(openai_server, met("frozen", "low-rank"))
    assert [p.point for p in given.points] == [p.id for p in LORA.points]
    frozen = point(given, "frozen").evidence
    assert frozen is not None
    assert ANSWER[frozen.start : frozen.end] == frozen.text == QUOTES["frozen"]


def test_the_score_is_by_code(openai_server: OpenAIServer) -> None:
    verdicts = {"frozen": ("met", QUOTES["frozen"]), "optimizer": ("contradicted", QUOTES["optimizer"])}
    assert grade(openai_server, judges(verdicts)).score == 30  # (2 - 1 / 2) of 5


def test_each_hint_taken_costs(openai_server: OpenAIServer) -> None:
    assert grade(openai_server, met("frozen", "low-rank", "optimizer"), hints=2).score == 80


def test_a_slow_model_gives_the_same_grade(openai_server: OpenAIServer) -> None:
    assert grade(openai_server, after(0.4, met("frozen", "low-rank", "optimizer"))).score == 100


@pytest.mark.parametrize("verdict", ["met", "contradicted"])
@pytest.mark.parametrize(
    ("quote", "flag"),
    [
        ("adapters can be merged afterwards", evidence.NOT_THERE),
        (LORA.reference_answer[:60], evidence.NOT_THERE),
        ("", evidence.NO_QUOTE),
        ("frozen", evidence.TOO_LITTLE),
    ],
)
def test_a_verdict_without_a_good_quote_counts_for_nothing_and_is_flagged(
    openai_server: OpenAIServer, verdict: str, quote: str, flag: str
) -> None:
    given = grade(openai_server, judges({"frozen": (verdict, quote)}))
    frozen = point(given, "frozen")
    assert (frozen.verdict, frozen.evidence, frozen.flags) == (Verdict.NOT_MET, None, (flag,))
    assert given.score == 0


def test_a_quote_from_the_question_earns_nothing(openai_server: OpenAIServer) -> None:
    text = f"{LORA.question} {ANSWER}"
    given = grade(openai_server, judges({"frozen": ("met", "How does LoRA adapt a large model")}), text)
    assert (given.score, point(given, "frozen").flags) == (0, (evidence.THE_QUESTIONS,))


def test_a_nearly_verbatim_quote_is_repaired_and_flagged(openai_server: OpenAIServer) -> None:
    given = grade(openai_server, judges({"frozen": ("met", "base weigths stay frozen")}))
    frozen = point(given, "frozen")
    assert frozen.verdict is Verdict.MET
    assert frozen.evidence is not None
    assert (frozen.evidence.text, frozen.evidence.repaired) == ("base weights stay frozen", True)
    assert "nearly verbatim" in frozen.flags[0]


def test_a_point_not_met_needs_no_quote_and_has_no_flag(openai_server: OpenAIServer) -> None:
    frozen = point(grade(openai_server, met("low-rank")), "frozen")
    assert (frozen.verdict, frozen.flags) == (Verdict.NOT_MET, ())


def test_too_much_that_cannot_be_assessed_is_ungraded(openai_server: OpenAIServer) -> None:
    given = outcome(openai_server, judges({"frozen": ("cannot_assess", ""), "low-rank": ("met", QUOTES["low-rank"])}))
    assert isinstance(given, Ungraded)
    assert given.reason is FailureReason.UNDECIDED


def misconception(quote: str, *, asserted: bool) -> dict[str, object]:
    return {"misconceptions": [{"misconception": "shrinks", "quote": quote, "reasoning": "So said.", "asserted": asserted}]}


@pytest.mark.parametrize(
    ("quote", "asserted", "score"),
    [("base weights stay frozen", True, 30), ("base weights stay frozen", False, 40), ("it shrinks the model", True, 40)],
)
def test_a_misconception_costs_only_when_asserted_in_the_candidates_words(
    openai_server: OpenAIServer, quote: str, asserted: bool, score: float
) -> None:
    reply = judges({"low-rank": ("met", QUOTES["low-rank"])}, **misconception(quote, asserted=asserted))
    given = grade(openai_server, reply)
    assert given.score == score
    assert len(given.misconceptions) == (score == 30)


@pytest.mark.parametrize("where", ["wrong", "unsure"])
def test_a_claim_is_shown_only_with_the_candidates_words(openai_server: OpenAIServer, where: str) -> None:
    claims = [{"quote": QUOTES["optimizer"], "note": "Kept."}, {"quote": "never said at all", "note": "Dropped."}]
    given = grade(openai_server, judges({}, **{where: claims}))
    assert [claim.note for claim in getattr(given, where)] == ["Kept."]


def test_the_models_advice_is_shown(openai_server: OpenAIServer) -> None:
    assert grade(openai_server, judges({}, advice=" Say what is trained. ")).advice == "Say what is trained."


def test_advice_by_code_where_the_model_gave_none(openai_server: OpenAIServer) -> None:
    assert LORA.points[1].claim in grade(openai_server, judges({"frozen": ("met", QUOTES["frozen"])}, advice=" ")).advice


@pytest.mark.parametrize("text", ["", " \u200b ", "...", ":", "I don't know", "Solution", LORA.question])
def test_an_empty_answer_makes_no_request(openai_server: OpenAIServer, text: str) -> None:
    given = grade(openai_server, well, text)
    assert openai_server.requests == []
    assert (given.score, given.provenance.grader) == (0, "gate")
    assert given.gate


@pytest.mark.parametrize("cause", [Cause.SKIPPED, Cause.DONT_KNOW])
def test_a_passed_question_makes_no_request(openai_server: OpenAIServer, cause: Cause) -> None:
    given = grader(openai_server.url).grade(LORA, answer_of(LORA, ANSWER, cause=cause), attempt=0, now=START)
    assert isinstance(given, Grade)
    assert (given.score, openai_server.requests) == (0, [])


def test_two_candidates_share_the_first_message(openai_server: OpenAIServer) -> None:
    grade(openai_server, well, ANSWER)
    grade(openai_server, well, "Quite another answer with words of its own.")
    one, other = openai_server.requests
    assert one["messages"][0] == other["messages"][0]


def test_provenance_says_where_the_grade_came_from(openai_server: OpenAIServer) -> None:
    source = grade(openai_server, met("frozen")).provenance
    assert (source.grader, source.model, source.endpoint, source.calls) == ("llm", "scripted-1", "the-endpoint", 1)
    assert (source.prompt_id, source.prompt_sha256, source.policy) == ("grade", PROMPT.sha256, "policy-1")
    assert (source.question_id, source.question_sha256, source.graded_at) == (LORA.id, LORA.sha256, START)
    assert source.usage == Usage(prompt=1000, completion=200, cached=64)
    assert sorted(source.point_order) == sorted(p.id for p in LORA.points)
    assert '"verdict": "met"' in source.raw_reply


def test_missing_usage_stays_unknown(openai_server: OpenAIServer) -> None:
    given = grade(openai_server, lambda exchange: exchange.reply(graded(exchange.body), usage=False))
    assert given.provenance.usage == Usage(prompt=None, completion=None, cached=None)


def test_the_tokens_of_every_try_are_added_up(openai_server: OpenAIServer) -> None:
    openai_server.script = [says("nonsense")]
    source = grade(openai_server, met("frozen")).provenance
    assert (source.calls, source.usage.prompt, source.usage.completion) == (2, 2000, 400)


def test_identity_changes_with_what_grades(openai_server: OpenAIServer) -> None:
    names = {
        grader(openai_server.url).identity(),
        grader(openai_server.url, model="m-2").identity(),
        grader(openai_server.url, temperature=0.5).identity(),
        grader(openai_server.url, temperature=None).identity(),
    }
    assert len(names) == 4
    assert all(PROMPT.sha256 in name and "policy-1" in name and KEY not in name for name in names)
