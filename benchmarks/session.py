"""The browser's side: start to first page, submit to next question, and a whole session graded by a slow endpoint.

Run by hand: python -m benchmarks.session [--questions 10] [--delay 8] [--starts 5]. Needs Chromium, as the tests do.
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from interviewer import wiring
from interviewer.domain.selection import Length
from interviewer.interviews import Choice
from interviewer.settings import ROOT
from interviewer.settings import load as load_settings
from tests.openai_server import OpenAIServer, after

ANSWER = "It trades one thing against another: more memory buys speed, and I would measure both before I decide."


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--questions", type=int, default=10)
    parser.add_argument("--delay", type=float, default=8.0)
    parser.add_argument("--starts", type=int, default=5)
    options = parser.parse_args()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path(), args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        starts(browser, options.starts)
        session(browser, options.questions, options.delay)
        browser.close()


def chromium_path() -> str | None:
    """The browser: CHROMIUM, or the first on the PATH."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")


def starts(browser: Browser, runs: int) -> None:
    """`make run` to the first page that takes a click, environment ready, empty data folder."""
    times = []
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as home:
            began = time.perf_counter()
            server, address = serve(Path(home), {})
            page = open_page(browser, address)
            times.append(time.perf_counter() - began)
            page.context.close()
            stop(server)
    print(f"make run to first interactive page: median {statistics.median(times):.2f} s over {runs} ({min(times):.2f}–{max(times):.2f})")


def session(browser: Browser, questions: int, delay: float) -> None:
    """One interview, every answer graded by an endpoint that takes `delay` seconds."""
    endpoint = OpenAIServer()
    endpoint.otherwise = after(delay)
    endpoint.start()
    with tempfile.TemporaryDirectory() as home:
        server, address = serve(Path(home), {"OPENAI_BASE_URL": endpoint.url, "INTERVIEWER_GRADER_MODEL": "scripted"})
        page = open_page(browser, address)
        page.goto(f"{address}interview?s={new_interview(Path(home) / 'data', questions)}")
        waits = []
        for number in range(1, questions + 1):
            page.get_by_text(f"question {number} of {questions}").wait_for()
            box = page.get_by_role("textbox", name="Your answer")
            box.fill(f"{ANSWER} Number {number}.")
            page.wait_for_timeout(700)
            began = time.perf_counter()
            box.press("Control+Enter")
            last = number == questions
            sign = page.get_by_role("button", name="See the review") if last else page.get_by_text(f"question {number + 1} of {questions}")
            sign.wait_for()
            waits.append((time.perf_counter() - began) * 1000)
        done = time.perf_counter()
        page.get_by_role("button", name="See the review").click()
        page.get_by_text(f"mean of {questions} graded answers").wait_for(timeout=120_000)
        graded = time.perf_counter() - done
        page.context.close()
        stop(server)
    endpoint.stop()
    spread = f"{min(waits):.0f}–{max(waits):.0f}"
    print(
        f"submit to next question visible, endpoint taking {delay:g} s: median {statistics.median(waits):.0f} ms of {questions} ({spread})"
    )
    calls = len(endpoint.requests)
    print(f"session of {questions} graded {graded:.1f} s after the last submit: {graded / delay:.2f} × one call ({calls} calls)")


def new_interview(home: Path, questions: int) -> str:
    """An interview of this length in the server's data folder."""
    app = wiring.build(load_settings({"INTERVIEWER_HOME": str(home)}, secrets=home / "none"))
    choice = Choice(track=app.bank.tracks["mixed"], length=Length(questions=questions))
    return app.interviews.start(choice, list(app.bank.questions.values()), owner_id=app.owner_id).id


def serve(home: Path, extra: dict[str, str]) -> tuple[subprocess.Popen[bytes], str]:
    """What `make run` runs, on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    keep = {k: v for k, v in os.environ.items() if not k.startswith(("OPENAI_", "INTERVIEWER_"))}
    command = ["make", "-s", "run", f"PORT={port}"]
    log = (home / "log").open("wb")
    server = subprocess.Popen(
        command, cwd=ROOT, env={**keep, "INTERVIEWER_HOME": str(home / "data"), **extra}, stdout=log, stderr=log, start_new_session=True
    )
    return server, f"http://127.0.0.1:{port}/"


def open_page(browser: Browser, address: str) -> Page:
    """The start page, as soon as it can be clicked."""
    while True:
        try:
            socket.create_connection(("127.0.0.1", int(address.rsplit(":", 1)[1].strip("/"))), 0.2).close()
            break
        except OSError:
            time.sleep(0.02)
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(address)
    page.get_by_role("button", name="Start interview").wait_for()
    return page


def stop(server: subprocess.Popen[bytes]) -> None:
    """End the server and make."""
    os.killpg(server.pid, 15)
    server.wait()


if __name__ == "__main__":
    main()
