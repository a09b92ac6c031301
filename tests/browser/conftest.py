"""Fixtures for the browser tests: one Chromium per file, a new context and a real server per test.

    def test_something(serve, page, bank):
        server = serve()                                  # or serve(OPENAI_BASE_URL=openai_server.url, …); or take `server`
        session = server.given(bank, "ttft-versus-tpot")  # or steps.start(page, server) through the start page
        page.goto(server.link(session))

`page` is a page in a context of its own; `another_browser()` gives a page in a further context, `page.context.new_page()`
a second tab. All are watched: a console or page error fails the test at its end. A test that provokes one says so:
`watch.allow("status of 409")`, and `watch.allow_dead_server()` before it kills the server.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tests.browser.server import Server

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
HOW = "No Chromium was found: install one (Debian: apt-get install chromium) or name its path in CHROMIUM."
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--disable-sync",
]
PROBES = re.compile(r"/\w+/_stcore/(?:health|host-config)$")
GONE = r"ERR_CONNECTION_|ERR_EMPTY_RESPONSE|ERR_INCOMPLETE_CHUNKED|ERR_SOCKET|WebSocket|Failed to fetch|Network Error|_stcore"
GONE += "|disconnected from server|server is not responding"
CROSSED = re.compile(r"status of 410 .*/api/draft")
"""A save that was on its way when the answer was submitted: told so, and no news to the candidate."""
DEAD_SERVER = re.compile(GONE)


class Watch:
    """Collects console errors and page errors of every page it is shown."""

    def __init__(self) -> None:
        self.errors: list[str] = []
        self._allowed: list[re.Pattern[str]] = [CROSSED]

    def context(self, context: BrowserContext) -> None:
        context.on("page", self._page)

    def _page(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.errors.append(f"page error: {error}"))

    def _console(self, message: ConsoleMessage) -> None:
        where = message.location.get("url", "")
        probing = "status of 404" in message.text and PROBES.search(where)
        if message.type == "error" and not probing:  # Streamlit looks for its own address below the page's
            self.errors.append(f"{message.text} ({where})")

    def allow(self, pattern: str) -> None:
        """This error is what the test provokes."""
        self._allowed.append(re.compile(pattern))

    def allow_dead_server(self) -> None:
        """What a browser says of a server that is gone."""
        self._allowed.append(DEAD_SERVER)

    def unexpected(self) -> list[str]:
        return [error for error in self.errors if not any(pattern.search(error) for pattern in self._allowed)]


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if found:
        return found
    if os.environ.get("CI"):
        pytest.fail(HOW)
    pytest.skip(HOW)


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """One for all tests of a file, not of the session: its event loop runs in this thread, where DBOS takes none."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def watch() -> Iterator[Watch]:
    """The errors of this test's pages; there must be none but those it allows."""
    watch = Watch()
    yield watch
    assert watch.unexpected() == []


@pytest.fixture
def another_browser(browser: Browser, watch: Watch) -> Iterator[Callable[..., Page]]:
    """Makes a page in a new context: other cookies and storage, as a second browser has. Takes Playwright's context options."""
    contexts: list[BrowserContext] = []

    def make(**options: Any) -> Page:
        context = browser.new_context(**({"viewport": {"width": 1280, "height": 1000}} | options))
        context.set_default_timeout(20_000)
        watch.context(context)
        contexts.append(context)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def page(another_browser: Callable[..., Page]) -> Page:
    """A page in a context of its own."""
    return another_browser()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    server = getattr(item, "funcargs", {}).get("server")
    if report.failed and isinstance(server, Server):
        report.sections.append((f"log of {server.url}", server.said()))
    return report


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for a whole file: quicker, for tests that neither kill it nor count all rows."""
    server = Server(tmp_path_factory.mktemp("server"), env={})
    server.start()
    yield server
    server.stop()


@pytest.fixture
def serve(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Callable[..., Server]]:
    """Starts a server; keyword arguments are environment variables, `command` and `cwd` start it another way."""
    servers: list[Server] = []

    def start(*, command: tuple[str, ...] = (), cwd: Path | None = None, **env: str) -> Server:
        server = Server(tmp_path, env=env, command=command, cwd=cwd)
        servers.append(server)
        server.start()
        return server

    yield start
    for server in servers:
        server.stop()
        request.node.add_report_section("teardown", f"log of {server.url}", server.said())
