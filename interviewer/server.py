"""Routes, lifespan and security headers around the Streamlit app, and the function that serves it."""

from __future__ import annotations

import asyncio
import gc
import ipaddress
import logging
import tomllib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import streamlit as st
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.runtime.pages_manager import PagesManager

from interviewer import wiring
from interviewer.domain.errors import InterviewerError, NewerDraft, NotFound, Refused, SettingsError, StorageError, TooLong
from interviewer.domain.interview import Interview
from interviewer.ports import Draft
from interviewer.settings import data_folder

log = logging.getLogger(__name__)

LARGEST_BODY = 1_500_000
HERE = Path(__file__).resolve().parent
MAIN = HERE / "ui" / "main.py"
HEADERS = {
    "Content-Security-Policy": "; ".join(
        (
            "default-src 'self'",
            "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'self'",
        )
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


class DraftBody(BaseModel):
    """What the answer box sends while the candidate types."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    interview: str = Field(pattern=r"^[0-9a-f]{32}$")
    turn: int = Field(ge=0, le=100)
    text: str
    tab: str = Field(pattern=r"^[0-9a-zA-Z-]{8,64}$")
    base: int = Field(ge=0)
    take_over: bool = False


async def save_draft(request: Request) -> Response:
    """Keep a draft. Always answers JSON: `ok` with the new revision and the time left, or a sentence."""
    problem = _not_from_our_page(request)
    if problem:
        return _refused(403, problem)
    try:
        body = DraftBody.model_validate_json(await _body(request))
    except TooLong as error:
        return _refused(413, str(error))
    except ValidationError:
        return _refused(422, "This draft was not understood. Reload the page; the last saved text is kept.")
    try:
        kept = await run_in_threadpool(_save, body)
    except NewerDraft as error:
        return _refused(409, str(error))
    except TooLong as error:
        return _refused(413, str(error))
    except NotFound as error:
        return _refused(404, str(error))
    except Refused as error:
        return _refused(410, str(error))
    except StorageError as error:
        return _refused(507, str(error))
    return JSONResponse({"ok": True, "revision": kept.draft.revision, "remaining_ms": kept.remaining_ms})


async def read_draft(request: Request) -> Response:
    """The saved text of a turn and its time left, for a page that was just opened, takes over, or compares its clock."""
    interview, turn = request.query_params.get("interview", ""), request.query_params.get("turn", "")
    if not turn.isdecimal() or len(turn) > 3:
        return _refused(422, "Which question?")
    try:
        kept = await run_in_threadpool(_read, interview, int(turn))
    except InterviewerError as error:
        return _refused(404, str(error))
    content = {"ok": True, "remaining_ms": kept.remaining_ms, **vars(kept.draft)}
    return JSONResponse(content, headers={"Cache-Control": "no-store"})


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A draft, and the milliseconds left for its question (None: closed, not shown or untimed)."""

    draft: Draft
    remaining_ms: int | None


def _save(body: DraftBody) -> Kept:
    app = wiring.running()
    left = _remaining_ms(app, app.interview(body.interview), body.turn)
    draft = app.interviews.save_draft(body.interview, body.turn, body.text, tab=body.tab, base=body.base, take_over=body.take_over)
    return Kept(draft=draft, remaining_ms=left)


def _read(interview: str, turn: int) -> Kept:
    app = wiring.running()
    found = app.interview(interview)
    return Kept(draft=app.store.draft(found.id, turn), remaining_ms=_remaining_ms(app, found, turn))


def _remaining_ms(app: wiring.App, interview: Interview, number: int) -> int | None:
    turn = interview.turns[number] if number < len(interview.turns) else None
    if turn is None or not turn.open or turn.deadline is None:
        return None
    return max(0, round((turn.deadline - app.clock.now()).total_seconds() * 1000))


def _not_from_our_page(request: Request) -> str:
    """Another site's page may not write: the Origin must be this server's, and the body declared as JSON."""
    origin = urlsplit(request.headers.get("origin", ""))
    if not origin.netloc or origin.netloc != request.headers.get("host", ""):
        return "Drafts are taken from this app's own pages only."
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        return "Drafts are sent as JSON."
    return ""


async def _body(request: Request) -> bytes:
    parts = bytearray()
    async for part in request.stream():
        parts += part
        if len(parts) > LARGEST_BODY:
            raise TooLong("The text is too long to be saved. The last shorter text is kept.")
    return bytes(parts)


def _refused(status: int, sentence: str) -> Response:
    return JSONResponse({"ok": False, "sentence": sentence}, status_code=status)


class SecurityHeaders:
    """Adds the headers to every response."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; put the headers into the answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        await self._app(scope, receive, with_headers)


@asynccontextmanager
async def lifespan(_app: object) -> AsyncIterator[None]:
    """Start the clock's sweep and the grading with the server, so that they run with no page open."""
    check_address(st.get_option("server.address"))
    # Until st.navigation was called once, Streamlit takes ui/pages for its older kind of app, and the first visitor of
    # any page but the start page would get it without main.py's navigation, title and styles.
    PagesManager.uses_pages_directory = False
    starting = asyncio.create_task(asyncio.to_thread(start_app))
    yield
    await starting
    await asyncio.to_thread(wiring.stop_running)


def start_app() -> None:
    """Build and start the app while the first browser is still loading the page; whoever needs it sooner waits for it."""
    try:
        wiring.running()
    except InterviewerError as error:
        log.error("%s", error)
    gc.collect()
    gc.freeze()


def check_address(address: str | None) -> None:
    """Refuse to listen beyond this machine: there is no login, so everybody could read every session."""
    try:
        loopback = address == "localhost" or ipaddress.ip_address(address or "::").is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise SettingsError(
            f"Refused to listen on {address or 'all addresses'}: there is no login, and whoever reaches the server would see every "
            "session. Listen on 127.0.0.1 and put a proxy with a login in front of it."
        )


def routes() -> list[Route]:
    """The app's own routes."""
    return [
        Route("/api/draft", save_draft, methods=["POST"]),
        Route("/api/draft", read_draft, methods=["GET"]),
    ]


def middleware() -> list[Middleware]:
    """The app's own middleware."""
    return [Middleware(SecurityHeaders)]


def serve(*, address: str, port: int) -> None:
    """Run the server until it is stopped. Options come from the project's config.toml, whatever the working folder."""
    check_address(address)
    app = st.App(MAIN, routes=routes(), middleware=middleware(), lifespan=lifespan)
    app.run(config=streamlit_options() | {"server.address": address, "server.port": port})


def streamlit_options() -> dict[str, Any]:
    """.streamlit/config.toml as dotted options; sections that hold lists of tables stay lists."""
    flat: dict[str, Any] = {}

    def walk(prefix: str, value: Any) -> None:
        if isinstance(value, dict):
            for key, inner in value.items():
                walk(f"{prefix}.{key}" if prefix else key, inner)
        else:
            flat[prefix] = value

    walk("", tomllib.loads((data_folder(".streamlit") / "config.toml").read_text("utf-8")))
    return flat
