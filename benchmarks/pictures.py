"""Takes the README's pictures from the real app: python -m benchmarks.pictures. Look at them before you commit them."""

from __future__ import annotations

import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from benchmarks.session import chromium_path, open_page, serve, stop
from interviewer import wiring
from interviewer.domain.question import Question
from interviewer.domain.selection import Length
from interviewer.interviews import Choice
from interviewer.settings import ROOT
from interviewer.settings import load as load_settings

PICTURES = ROOT / "docs" / "pictures"
SIZE = {"width": 1120, "height": 860}


def main() -> None:
    """An interview about transformers and RAG: typed, submitted, reviewed."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=["--no-sandbox", "--disable-gpu"])
        home = Path(folder)
        server, address = serve(home, {})
        open_page(browser, address).context.close()
        app = wiring.build(load_settings({"INTERVIEWER_HOME": str(home / "data")}, secrets=home / "none"))
        bank = [app.bank.question("transformer-versus-rnn"), app.bank.question("rag-vs-plain-llm")]
        choice = Choice(track=app.bank.tracks["foundation"], length=Length(questions=2))
        interview = app.interviews.start(choice, bank, owner_id=app.owner_id)
        page = browser.new_context(viewport=SIZE).new_page()
        page.goto(f"{address}interview?s={interview.id}")
        for number, turn in enumerate(interview.turns, start=1):
            page.get_by_text(f"question {number} of 2").wait_for()
            page.get_by_role("textbox", name="Your answer").fill(_answer(app.store.question(turn.question_sha256)))
            page.get_by_text("Saved", exact=True).wait_for()
            if number == 1:
                page.screenshot(path=str(PICTURES / "interview.png"))
            page.get_by_role("button", name="Submit answer").click()
        page.get_by_role("button", name="See the review").click()
        page.get_by_text("mean of 2 graded answers").wait_for()
        page.wait_for_timeout(800)
        page.screenshot(path=str(PICTURES / "review.png"))
        stop(server)
        browser.close()


def _answer(question: Question) -> str:
    """What a middling candidate might say: a misconception, and wordings of all required points but the last two."""
    said = [question.misconceptions[0].claim.rstrip("."), *(p.accept[1] for p in question.required[:-2])]
    return ". ".join(text[0].upper() + text[1:] for text in said) + "."


if __name__ == "__main__":
    main()
