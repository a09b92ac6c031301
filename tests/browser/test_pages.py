"""Links that lead nowhere, first visits, and the question bank while an exam is under way."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from interviewer.domain.sources import Document, places
from tests.browser import steps

pytestmark = pytest.mark.browser

ID = "vector-database-versus-relational"
CLOSED = "The answer can be read when your exam is over."


def test_the_first_visit_of_a_fresh_server_may_be_any_page(serve, page: Page):
    server = serve()
    page.goto(f"{server.url}/settings")
    expect(page).to_have_title("Settings · Interviewer")
    expect(page.get_by_role("heading", name="Settings")).to_be_visible()
    links = page.get_by_role("navigation", name="App pages").get_by_role("link")
    assert links.all_inner_texts() == ["Practise", "History", "Questions", "Calibration", "Settings"]
    expect(page.get_by_test_id("stSidebar")).to_have_count(0)


def test_unknown_and_malformed_links_get_a_friendly_page_with_ways_on(serve, page: Page):
    server = serve()
    short = "This link is not complete. Open the interview from the history."
    cases = {"0" * 32: "There is no", "zzz": short, "A" * 32: short, "0" * 31 + "%00": short, "0" * 32 + "'--": short}
    for token, sentence in cases.items():
        for where in ("interview", "review"):
            page.goto(f"{server.url}/{where}?s={token}")
            expect(page.get_by_role("heading", name="This session can't be opened")).to_be_visible()
            expect(page.get_by_role("main").get_by_text(sentence)).to_be_visible()
    page.get_by_role("main").get_by_role("link", name="History").click()
    expect(page.get_by_text("No interviews yet.")).to_be_visible()
    page.get_by_role("main").get_by_role("link", name="Start one").click()
    expect(page.get_by_role("button", name="Start interview")).to_be_visible()
    assert server.rows("SELECT count(*) AS n FROM interviews") == [{"n": 0}]


def test_without_a_session_the_interview_leads_to_the_start_and_the_review_to_the_history(serve, page: Page):
    server = serve()
    page.goto(f"{server.url}/interview")
    expect(page.get_by_role("button", name="Start interview")).to_be_visible()
    page.goto(f"{server.url}/review")
    expect(page.get_by_role("heading", name="History")).to_be_visible()
    page.goto(f"{server.url}/interview?s=")
    expect(page.get_by_role("button", name="Start interview")).to_be_visible()


def test_the_bank_is_searched_filtered_and_read(serve, page: Page, bank):
    server = serve()
    question = bank.questions[ID]
    page.goto(f"{server.url}/bank")
    expect(page.get_by_text(f"{len(bank.questions)} questions", exact=True)).to_be_visible()
    search = page.get_by_role("textbox", name="Search")
    search.fill(question.question)
    search.press("Enter")
    expect(page.get_by_text("1 question", exact=True)).to_be_visible()
    page.get_by_text(question.question).click()
    expect(page.get_by_text("What earns the marks")).to_be_visible()
    expect(page.get_by_text(question.points[0].claim)).to_be_visible()
    expect(page.get_by_role("link", name=question.references[0].title)).to_be_visible()
    first = places(question.sources)[Document.QUESTIONS_LIST][0]
    expect(page.get_by_text(f"Asked in: {Document.QUESTIONS_LIST.title} (no. {first}")).to_be_visible()

    search.fill("elational")  # inside a word, and at no word's beginning
    search.press("Enter")
    expect(page.get_by_text("No question matches.")).to_be_visible()
    search.fill("")
    search.press("Enter")
    page.get_by_role("button", name="Advanced").click()
    advanced = [q for q in bank.questions.values() if q.difficulty.value == "advanced"]
    expect(page.get_by_text(f"{len(advanced)} questions", exact=True)).to_be_visible()
    box = page.get_by_role("combobox", name="Topics")
    box.click()
    box.fill("Coding")
    page.get_by_role("option", name="Coding").click()
    both = [q for q in advanced if q.topic.value == "coding"]
    expect(page.get_by_text(f"{len(both)} question{'' if len(both) == 1 else 's'}", exact=True)).to_be_visible()
    expect(page.get_by_text(both[0].question.split(".")[0]).first).to_be_visible()


def test_answers_in_the_bank_are_closed_while_an_exam_is_under_way_and_open_after_it(serve, page: Page, bank):
    server = serve()
    question = bank.questions[ID]
    session = server.given(bank, ID, "ttft-versus-tpot")
    page.goto(server.link(session))
    steps.ready(page)
    reader = page.context.new_page()
    read(reader, server.url, question.question)
    expect(reader.get_by_text("An exam is under way, so answers are closed.")).to_be_visible()
    expect(reader.get_by_text(CLOSED)).to_be_visible()
    assert question.points[0].claim not in reader.content()
    reader.get_by_role("button", name="Back to the exam").click()
    steps.ready(reader)
    assert reader.url == server.link(session)

    steps.end_early(page)
    read(page, server.url, question.question)
    expect(page.get_by_text("What earns the marks")).to_be_visible()
    expect(page.get_by_text(question.points[0].claim)).to_be_visible()
    expect(page.get_by_text(CLOSED)).to_have_count(0)


def test_the_review_of_an_exam_stays_closed_until_it_is_over(serve, page: Page, bank):
    server = serve()
    session = server.given(bank, ID)
    page.goto(server.link(session))
    steps.ready(page)
    page.goto(server.link(session, "review"))
    expect(page.get_by_text("In an exam the review opens when the interview is over.")).to_be_visible()
    assert bank.questions[ID].points[0].claim not in page.content()
    page.get_by_role("button", name="Go on with the interview").click()
    steps.ready(page)


def read(page: Page, url: str, question: str) -> None:
    """Unfold a question of the bank."""
    page.goto(f"{url}/bank")
    page.get_by_role("textbox", name="Search").fill(question)
    page.get_by_role("textbox", name="Search").press("Enter")
    expect(page.get_by_text("1 question", exact=True)).to_be_visible()
    page.get_by_text(question).click()
