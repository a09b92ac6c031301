"""Study mode: hints at a cost, feedback at once, and no reference without an attempt."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from interviewer.domain.interview import Mode
from tests.browser import steps

pytestmark = pytest.mark.browser

IDS = ("ttft-versus-tpot", "rag-vs-plain-llm", "perplexity-measures")


def phrase(markdown: str) -> str:
    """Some plain words of a reference answer, as they stand on the page."""
    return next(part.strip() for part in markdown.replace("\n", " ").replace("**", ".").split(".") if len(part.split()) > 8)


def test_hint_then_feedback_then_dont_know_keeps_the_reference_hidden(serve, page: Page, bank):
    server = serve()
    first, second, _ = (bank.questions[id_] for id_ in IDS)
    session = server.given(bank, *IDS, mode=Mode.STUDY)
    page.goto(server.link(session))
    steps.ready(page)

    expect(page.get_by_text(first.hints[0])).to_have_count(0)
    page.get_by_role("button", name=f"Hint 1 of {len(first.hints)} (costs 10 % of this question)").click()
    expect(page.get_by_text(f"Hint 1: {first.hints[0]}")).to_be_visible()
    expect(page.get_by_role("button", name=f"Hint 2 of {len(first.hints)} (costs 10 % of this question)")).to_be_visible()
    assert server.interview().turns[0].hints == 1

    steps.box(page).fill(steps.good_answer(first))
    steps.submit(page)
    expect(page.get_by_text("Point by point · estimate")).to_be_visible()
    expect(page.get_by_text("hints taken: 1")).to_be_visible()
    expect(page.get_by_text("✓ Met").first).to_be_visible()
    page.get_by_text("Reference answer", exact=True).click()
    expect(page.get_by_text(phrase(first.reference_answer)).first).to_be_visible()
    (row,) = server.rows("SELECT score, content FROM gradings")
    assert '"grader":"embedded"' in row["content"].replace(": ", ":")
    assert server.interview().turn.shown_at is None, "the clock of the next question stands still"

    page.get_by_role("button", name="Next question").click()
    steps.on_question(page, 2)
    steps.box(page).fill("A few words that will not count.")
    page.get_by_role("button", name="I don't know").click()
    expect(steps.banner(page)).to_contain_text("You have written something.")
    assert server.interview().turns[1].cause is None, "one click throws nothing away"
    page.get_by_role("button", name="I don't know").click()
    expect(page.get_by_text("No attempt of your own, so the answer stays hidden until the review at the end.")).to_be_visible()
    assert phrase(second.reference_answer) not in page.content()
    expect(page.get_by_text("Reference answer", exact=True)).to_have_count(0)
    page.get_by_role("button", name="Next question").click()
    steps.on_question(page, 3)
    assert [row["cause"] for row in server.rows("SELECT cause FROM answers ORDER BY turn")] == ["submitted", "dont_know"]


def test_every_hint_lowers_the_score(serve, page: Page, bank):
    server = serve()
    question = bank.questions[IDS[0]]
    scores = []
    for hints in (0, 2):
        session = server.given(bank, question.id, mode=Mode.STUDY)
        page.goto(server.link(session))
        steps.ready(page)
        for number in range(1, hints + 1):
            page.get_by_role("button", name=f"Hint {number} of").click()
            expect(page.get_by_text(f"Hint {number}: ")).to_be_visible()
        steps.box(page).fill(" ".join(f"{p.accept[0]}." for p in question.required[:3]))  # no bonus that makes up for a hint
        steps.submit(page)
        steps.review(page)
        query = "SELECT score FROM gradings JOIN grading_requests USING (key) JOIN answers ON answer_id = answers.id WHERE interview_id = ?"
        scores += [row["score"] for row in server.rows(query, session)]
    assert scores[0] > 20
    assert scores[1] == pytest.approx(scores[0] * 0.8, abs=0.2)
