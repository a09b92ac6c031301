"""A coding question: a box for code, with Tab for indenting and a way out for the keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser import drive, steps

pytestmark = pytest.mark.browser

CODE = "def f(x):\n    if x:\n        return x\n    return 0\n"


def test_code_is_typed_in_a_monospace_box_where_tab_indents_and_escape_then_tab_leaves(serve, page: Page):
    server = serve()
    drive.start_with(page, server, track="Advanced", topics=["Coding"])
    box = steps.box(page)
    assert "JetBrains Mono" in box.evaluate("element => getComputedStyle(element).fontFamily")
    expect(page.get_by_text("Tab indents, Esc then Tab leaves")).to_be_visible()

    box.focus()
    page.keyboard.type("def f(x):\n")
    page.keyboard.press("Tab")
    page.keyboard.type("if x:\n")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("return x\n")
    page.keyboard.press("Tab")
    page.keyboard.type("return 0\n")
    expect(box).to_have_value(CODE)
    expect(box).to_be_focused()

    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Submit answer")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(box).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(box).not_to_be_focused()
    expect(box).to_have_value(CODE)

    box.focus()
    page.keyboard.press("Escape")
    page.keyboard.type("x")
    page.keyboard.press("Tab")
    expect(box).to_be_focused()  # Escape counts for the very next key only
    box.fill(CODE)
    page.keyboard.press("Control+Enter")
    drive.open_review(page)
    answer = drive.item(page, 1).locator(".iv-answer.code")
    expect(answer).to_be_visible()
    assert "JetBrains Mono" in answer.evaluate("element => getComputedStyle(element).fontFamily")
    assert answer.evaluate("element => getComputedStyle(element).whiteSpace").startswith("pre")
    assert drive.texts(server) == [CODE]
