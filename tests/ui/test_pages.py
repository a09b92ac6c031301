"""Every page runs under Streamlit's AppTest, on a real data folder; what needs a browser is in tests/browser/."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from interviewer import wiring
from interviewer.domain.errors import FailureReason
from interviewer.domain.grade import Ungraded
from interviewer.domain.interview import Interview, Mode
from interviewer.domain.selection import Length
from interviewer.domain.track import Group
from interviewer.grading.perform import perform
from interviewer.interviews import Choice
from interviewer.settings import ROOT
from tests.fakes import FixedGrader, provenance

MAIN = str(ROOT / "interviewer" / "ui" / "main.py")


@pytest.fixture(autouse=True)
def own_app(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The process's app, on this test's data folder."""
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "INTERVIEWER_GRADER_MODEL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("INTERVIEWER_HOME", str(home))
    yield
    wiring.stop_running()


def open_page(name: str = "", **query: str) -> AppTest:
    page = AppTest.from_file(MAIN, default_timeout=60)
    page.run()
    for key, value in query.items():
        page.query_params[key] = value
    if name:
        page.switch_page(f"pages/{name}.py").run()
    assert not page.exception
    return page


def finished(*, mode: Mode = Mode.EXAM, texts: tuple[str, ...] = ("Both trade memory for speed.",)) -> Interview:
    """A finished interview, answered with these texts; the grading requests are still open."""
    app = wiring.running()
    choice = Choice(track=app.bank.tracks["foundation"], length=Length(questions=len(texts)), mode=mode)
    interview = app.interviews.start(choice, list(app.bank.questions.values()), owner_id=app.owner_id)
    for number, text in enumerate(texts):
        interview = app.interviews.show(app.interviews.go_on(interview.id))
        interview = app.interviews.submit(interview.id, number, text)
    return interview


def grade_all(interview: Interview, grader: FixedGrader) -> None:
    app = wiring.running()
    work = partial(perform, store=app.store, graders={"embedded": grader}, clock=app.clock)
    for grading in app.store.gradings(interview.id):
        work(grading.request.key)


def words_of(page: AppTest) -> str:
    parts = [*page.title, *page.markdown, *page.caption, *page.text, *page.warning, *page.info, *page.error, *page.success]
    parts += [*page.get("html")]
    return "\n".join(str(getattr(part, "value", None) or getattr(part.proto, "body", "")) for part in parts)


@pytest.mark.parametrize("name", ["home", "history", "bank", "settings"])
def test_a_page_opens_for_a_newcomer(name: str) -> None:
    assert open_page(name).title


def test_tracks_are_listed_by_difficulty_or_by_role() -> None:
    page = open_page()
    assert "Mixed" in page.radio(key="track-difficulty").options
    page.button_group(key="group").set_value(Group.ROLE).run()
    assert page.radio(key="track-role").options[2] == "RAG and search engineer"
    page.button[0].click().run()
    assert not page.exception
    (row,) = wiring.running().store.interviews(owner_id=wiring.running().owner_id)
    assert row.interview.track_id == "llm-application-engineer"


def test_the_start_page_offers_one_button_and_says_who_grades() -> None:
    page = open_page()
    assert [b.label for b in page.button] == ["Start interview"]
    assert "nothing leaves this machine" in words_of(page)


@pytest.mark.parametrize("token", ["0" * 32, "zzz", "../../etc"])
@pytest.mark.parametrize("name", ["interview", "review"])
def test_an_unknown_link_gets_a_friendly_page(name: str, token: str) -> None:
    assert open_page(name, s=token).title[0].value == "This session can't be opened"


def test_the_review_of_a_session_still_being_graded_says_so() -> None:
    interview = finished()
    assert "no grade yet" in words_of(open_page("review", s=interview.id))


def test_the_review_shows_a_failed_grading_with_its_reason_and_a_way_out() -> None:
    interview = finished()
    question = wiring.running().store.question(interview.turns[0].question_sha256)
    failed = Ungraded(reason=FailureReason.TIMEOUT, sentence="It took too long.", provenance=provenance(question))
    grade_all(interview, FixedGrader(outcome=failed))
    page = open_page("review", s=interview.id)
    assert "It took too long." in words_of(page)
    assert "Take the built-in estimate" in [b.label for b in page.button]


def test_the_history_leaves_out_what_the_filter_excludes() -> None:
    finished()
    page = open_page("history")
    assert "1 session" in words_of(page)
    page.multiselect(key="bands").set_value(["strong"]).run()
    assert "0 sessions" in words_of(page)


def test_the_bank_is_searched_by_words_and_level() -> None:
    page = open_page("bank")
    page.text_input(key="search").set_value("beam-search-decoding").run()
    assert "1 question" in words_of(page)
    page.text_input(key="search").set_value("no such words anywhere").run()
    assert "No question matches" in words_of(page)


def test_a_data_folder_that_cannot_be_used_is_said_on_the_page(home: Path) -> None:
    home.parent.mkdir(parents=True, exist_ok=True)
    home.write_text("a file, not a folder")
    page = open_page()
    assert "cannot be used" in page.error[0].value


def test_a_broken_bank_file_is_named_and_the_others_are_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "bank"
    (folder / "rag").mkdir(parents=True)
    (folder / "tracks.toml").write_text((ROOT / "question_bank" / "tracks.toml").read_text())
    whole = (ROOT / "question_bank" / "rag" / "rag-vs-plain-llm.yaml").read_text()
    (folder / "rag" / "rag-vs-plain-llm.yaml").write_text(whole)
    (folder / "rag" / "broken.yaml").write_text(whole.replace("minutes:", "minuets:"))
    monkeypatch.setenv("INTERVIEWER_BANK", str(folder))
    shown = words_of(open_page())
    assert "rag/broken.yaml: minuets" in shown
    assert "rag/broken.yaml: minutes" in shown
