"""One whole interview, as a candidate goes through it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from interviewer.bank.load import Bank
from tests.browser import steps
from tests.browser.server import Server
from tests.openai_server import Behaviour, Exchange, OpenAIServer, graded

pytestmark = pytest.mark.browser

BUTTON = "By the button: the first words count as evidence for a point, and three more as a wrong claim."
CTRL_ENTER = "By Ctrl and Enter: the first words count as evidence here as well, zanzibar."
KEYBOARD = "By the keyboard only: every control can be reached with Tab."
HALF = "Half a sentence, and then the time was"
WORDS = ("✓ Met · 1", "✗ Contradicted · 2", "? Could not be assessed · 3", "○ Missed · 4", "✗ Wrong", "? Unsure")

DEEPEST = """() => { let a = document.activeElement;
  while (a && a.shadowRoot && a.shadowRoot.activeElement) a = a.shadowRoot.activeElement;
  return a.tagName === 'TEXTAREA' ? 'the box' : a.innerText.trim().split('\\n')[0]; }"""


def every_verdict(bank: Bank) -> Behaviour:
    """Met, contradicted, could not be assessed, and missed for the rest; one wrong claim, one unsure."""
    rubrics = [[point.id for point in question.points] for question in bank.questions.values()]

    def behave(exchange: Exchange) -> None:
        reply = json.loads(graded(exchange.body, verdict="not_met"))
        given = {point["point"]: point for point in reply["points"]}  # the model sees them shuffled
        rubric = next(rubric for rubric in rubrics if given.keys() >= set(rubric))  # all but the one that no answer can meet
        shown = [given[point] for point in rubric]
        for point, verdict in zip(shown, ("met", "contradicted", "cannot_assess"), strict=False):
            point["verdict"] = verdict
        quote = shown[0]["quote"]
        reply["wrong"], reply["unsure"] = [{"quote": quote, "note": "Not so."}], [{"quote": quote, "note": "Perhaps."}]
        exchange.reply(json.dumps(reply))

    return behave


def tab_to(page: Page, name: str) -> list[str]:
    """Press Tab until this control has the focus; the controls on the way."""
    passed: list[str] = []
    while not passed or passed[-1] != name:
        assert len(passed) < 60, f"{name} was not reached: {passed}"
        if page.evaluate(DEEPEST) == "the box":
            page.keyboard.press("Escape")  # a box for code takes Tab for itself until Escape
        page.keyboard.press("Tab")
        passed.append(page.evaluate(DEEPEST))
    return passed


def begin(page: Page, server: Server) -> str:
    """Choose a track and a number of questions on the start page."""
    page.goto(server.url)
    page.get_by_role("radio", name=re.compile("Advanced")).locator("xpath=ancestor::label").click()
    page.get_by_text("Adjust topics, length, mode and pace").click()
    page.get_by_role("button", name="Questions", exact=True).or_(page.get_by_role("radio", name="Questions", exact=True)).click()
    expect(page.get_by_text(re.compile("Advanced · 5 questions"))).to_be_visible()
    page.get_by_role("button", name="Start interview").click()
    steps.on_question(page, 1)
    return page.url.partition("s=")[2]


def test_a_whole_interview_from_track_to_deletion(serve, page: Page, bank: Bank, openai_server: OpenAIServer):
    openai_server.otherwise = every_verdict(bank)
    server = serve(OPENAI_BASE_URL=openai_server.url, INTERVIEWER_GRADER_MODEL="scripted")
    session = begin(page, server)
    assert server.interview().track_id == "advanced"
    answered_by_button(page)
    reloaded_in_the_middle(page, server)
    answered_by_ctrl_enter(page)
    answered_by_keyboard(page)
    timed_out_half_typed(page, server)
    steps.end_early(page)
    steps.review(page)
    reviewed(page)
    exported(page, server)
    deleted(page, server, session)


def answered_by_button(page: Page) -> None:
    steps.box(page).fill(BUTTON)
    steps.submit(page)
    steps.on_question(page, 2)
    expect(steps.box(page)).to_have_value("")


def reloaded_in_the_middle(page: Page, server: Server) -> None:
    """The reload comes at once after the last key: nothing that was typed may be missing."""
    question = page.locator(".st-key-asked").last.inner_text()
    steps.box(page).press_sequentially("By Ctrl and Enter: the first")
    page.reload()
    steps.on_question(page, 2)
    expect(steps.box(page)).to_have_value("By Ctrl and Enter: the first")
    assert page.locator(".st-key-asked").last.inner_text() == question
    assert steps.shown_seconds(page) == pytest.approx(server.seconds_left(), abs=2)


def answered_by_ctrl_enter(page: Page) -> None:
    steps.box(page).fill(CTRL_ENTER)
    steps.box(page).press("Control+Enter")
    steps.on_question(page, 3)


def answered_by_keyboard(page: Page) -> None:
    """The box has the focus by itself; from there Tab goes round everything that can be done."""
    page.keyboard.type(KEYBOARD)
    reached = tab_to(page, "the box")
    assert {"Practise", "History", "End early", "Submit answer", "I don't know", "Skip"} <= set(reached)
    tab_to(page, "Submit answer")
    page.keyboard.press("Enter")
    steps.on_question(page, 4)


def timed_out_half_typed(page: Page, server: Server) -> None:
    """What was typed in the last moment, and not saved as a draft, is in the answer."""
    steps.box(page).press_sequentially(HALF)
    server.leave(3)
    steps.take_the_servers_clock(page, server, "")
    end = server.interview().turns[3].deadline
    assert end
    steps.type_just_before(page, end, " up")
    steps.on_question(page, 5)


def reviewed(page: Page) -> None:
    """Every verdict in words; the quotes marked in the answer; what was not answered said."""
    first = page.locator(".st-key-question-0")
    for word in WORDS:
        expect(first.locator(".iv-verdict").get_by_text(word, exact=True).first).to_be_visible()
    quoted = " ".join(BUTTON.split()[:8])
    mark = first.locator(".iv-answer mark")
    expect(mark).to_contain_text(quoted)
    assert re.findall(r"[^\s,]+", " ".join(mark.locator("sup").all_inner_texts())) == ["1", "2", "!", "?"]
    expect(first.locator(".iv-points q").first).to_have_text(quoted)
    fourth = page.locator(".st-key-question-3")
    fourth.locator("summary").first.click()
    expect(fourth.get_by_text("time ran out")).to_be_visible()
    expect(fourth.locator(".iv-answer")).to_contain_text("Half a sentence")
    expect(page.locator(".iv-tag.estimate")).to_have_count(0)


def exported(page: Page, server: Server) -> None:
    """Both files hold every answer, verdict and question."""
    with page.expect_download() as download:
        page.get_by_role("button", name="Export Markdown").click()
    assert re.fullmatch(r"interview-advanced-[\d-]+\.md", download.value.suggested_filename)
    text = Path(download.value.path()).read_text("utf-8")
    with page.expect_download() as download:
        page.get_by_role("button", name="Export JSON").click()
    content = json.loads(Path(download.value.path()).read_text("utf-8"))
    texts = [q["answer"]["text"] for q in content["questions"]]
    assert texts == [BUTTON, CTRL_ENTER, KEYBOARD, HALF + " up", ""]
    assert [q["answer"]["cause"] for q in content["questions"]] == ["submitted", "submitted", "submitted", "timed_out", "ended"]
    verdicts = [p["verdict"] for p in content["questions"][0]["gradings"][0]["outcome"]["points"]]
    assert verdicts[:4] == ["met", "contradicted", "cannot_assess", "not_met"]
    for said in (*texts[:4], *(q.question for q in server.questions())):
        assert said in text
    for word in ("**met**", "**contradicted**", "**could not be assessed**", "**missed**", "**wrong**", "**unsure**", "time ran out"):
        assert word in text


def deleted(page: Page, server: Server, session: str) -> None:
    """No row, no byte of the answers, no page."""
    page.get_by_role("button", name="Delete", exact=True).click()
    page.get_by_role("button", name="Delete for good").click()
    expect(page.get_by_text("session was deleted")).to_be_visible()
    expect(page.get_by_text("No interviews yet.")).to_be_visible()
    for table in ("interviews", "answers", "drafts", "gradings", "grading_requests", "events", "questions"):
        assert server.rows(f"SELECT * FROM {table}") == [], table
    files = [file for file in server.home.rglob("*") if file.is_file()]
    assert [file for file in files if b"zanzibar" in file.read_bytes()] == []
    for name in ("interview", "review"):
        page.goto(server.link(session, name))
        expect(page.get_by_role("heading", name="This session can't be opened")).to_be_visible()
        expect(page.get_by_text("There is no such interview here.")).to_be_visible()
