"""Broken files around the app, and the other way to start it."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from interviewer.settings import ROOT
from tests.browser import drive, steps

pytestmark = pytest.mark.browser

FILE = "embeddings-vector-search/vector-database-versus-relational.yaml"


def test_a_broken_bank_file_is_named_with_field_and_expectation_and_the_rest_is_asked(serve, page: Page, tmp_path: Path):
    folder = tmp_path / "bank"
    shutil.copytree(ROOT / "question_bank", folder)
    text = (folder / FILE).read_text("utf-8")
    (folder / FILE).write_text(text.replace("minutes: 3", "minutes: a few"), "utf-8")
    server = serve(INTERVIEWER_BANK=str(folder))
    page.goto(server.url)
    page.get_by_text("1 file of the question bank can't be used").click()
    expect(page.get_by_text(f"{FILE}: minutes: Input should be a valid integer")).to_be_visible()
    steps.start(page, server)
    steps.box(page).fill("It still works.")
    steps.submit(page)
    steps.on_question(page, 2)
    assert drive.texts(server) == ["It still works."]


def test_a_bank_without_a_usable_file_is_told_on_the_page(serve, page: Page, tmp_path: Path):
    (tmp_path / "bank").mkdir()
    server = serve(INTERVIEWER_BANK=str(tmp_path / "bank"))
    page.goto(server.url)
    expect(page.get_by_role("alert")).to_contain_text("cannot be used")
    expect(page.get_by_role("alert")).to_contain_text("interviewer bank check")
    shutil.copytree(ROOT / "question_bank", tmp_path / "bank", dirs_exist_ok=True)
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("button", name="Start interview")).to_be_visible()


def test_a_data_folder_that_is_a_file_is_told_on_every_page_and_can_be_put_right(serve, page: Page, tmp_path: Path):
    home = tmp_path / "data"
    home.write_text("not a folder")
    server = serve(INTERVIEWER_HOME=str(home))
    for where in ("settings", "history", "bank", "interview?s=" + "a" * 32, ""):
        page.goto(f"{server.url}/{where}")
        expect(page.get_by_role("alert")).to_contain_text(f"The data folder {home} cannot be used")
        expect(page.get_by_role("alert")).to_contain_text("INTERVIEWER_HOME")
    home.unlink()
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("button", name="Start interview")).to_be_visible()


def test_streamlit_run_serves_the_same_app_with_its_drafts(serve, page: Page):
    server = serve(command=(sys.executable, "-m", "streamlit", "run", "app.py", "--server.port"), cwd=ROOT)
    steps.start(page, server)
    steps.box(page).fill("Typed under streamlit run, half a sent")
    steps.saved(page)
    page.reload()
    expect(steps.ready(page)).to_have_value("Typed under streamlit run, half a sent")
    assert "default-src 'self'" in server.request("/").headers["content-security-policy"]
    assert server.request("/api/draft", body=b"{}").status == 403
    steps.submit(page)
    steps.on_question(page, 2)
    assert drive.texts(server) == ["Typed under streamlit run, half a sent"]
