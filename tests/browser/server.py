"""A real server process on a free port with its own data folder, which a test may kill and start again."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path
from typing import Any

from interviewer.bank.load import Bank
from interviewer.domain.interview import GRACE, Event, Interview, Mode, Pace, turn_for
from interviewer.domain.question import Question
from interviewer.storage.engine import DATABASE, open_engine
from interviewer.storage.store import SqlStore
from interviewer.wiring import LOCAL_OWNER

UP_WITHIN = 30.0
OURS = ("OPENAI_", "INTERVIEWER_", "STREAMLIT_")


_ports = cycle(range(10_000 + os.getpid() * 100 % 20_000, 32_000))
"""Below the ports that systems hand out for connections, one of which may be taken between our look and the server's start."""


def free_port() -> int:
    """A port that nobody listens on; another one each time."""
    for port in _ports:
        with closing(socket.socket()) as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("unreachable: the ports go round")


def now() -> datetime:
    return datetime.now(UTC)


def _naive(moment: datetime) -> str:
    """As SQLAlchemy stores it in SQLite."""
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f")


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What an HTTP request got, whatever its status."""

    status: int
    headers: dict[str, str]
    text: str

    def json(self) -> Any:
        return json.loads(self.text)


def until(holds: Callable[[], object], what: str, *, seconds: float = 20.0) -> None:
    """Wait for something outside the browser; where it shows on a page, use `expect`."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"waited {seconds:.0f} s, but {what} did not come"
        time.sleep(0.05)


class Server:
    """`python -m interviewer run` (or `command`), its data folder, and what the tests look at in it."""

    def __init__(self, folder: Path, *, env: dict[str, str], command: Sequence[str] = (), cwd: Path | None = None) -> None:
        self.port = free_port()
        self.home = Path(env.get("INTERVIEWER_HOME") or folder / "home")
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / f"server-{self.port}.log"
        self._cwd = cwd or folder
        self._command = [*(command or (sys.executable, "-m", "interviewer", "run", "--port")), str(self.port)]
        kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        self._env = kept | {"INTERVIEWER_HOME": str(self.home), "PYTHONUNBUFFERED": "1"} | env
        if cwd is None:  # so that no developer's secrets are read
            (folder / ".streamlit").mkdir(exist_ok=True)
            (folder / ".streamlit" / "secrets.toml").touch()
        self._process: subprocess.Popen[bytes] | None = None

    # the process

    def start(self) -> None:
        """Returns when the server answers."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(self._command, cwd=self._cwd, env=self._env, stdout=log, stderr=subprocess.STDOUT)
        end = time.monotonic() + UP_WITHIN
        while time.monotonic() < end:
            if self._process.poll() is not None:
                raise AssertionError(f"the server ended with {self._process.returncode}:\n{self.said()}")
            try:
                with urllib.request.urlopen(self.url + "/_stcore/health", timeout=5):
                    return
            except OSError:
                time.sleep(0.05)
        raise AssertionError(f"the server did not come up:\n{self.said()}")

    def kill9(self) -> None:
        """As a power cut would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """As Ctrl-C does; killed when that does not work."""
        self._end(signal.SIGINT)

    def restart(self) -> None:
        """On the same port and data folder."""
        self.stop()
        self.start()

    def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(how)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)

    def said(self) -> str:
        """The end of its log."""
        return self.log.read_text("utf-8", "replace")[-6000:] if self.log.exists() else ""

    # over HTTP, without a browser

    def request(self, path: str, *, body: bytes | None = None, headers: dict[str, str] | None = None) -> Reply:
        request = urllib.request.Request(self.url + path, data=body, headers=headers or {})
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return Reply(status=answer.status, headers=dict(answer.headers), text=answer.read().decode("utf-8", "replace"))
        except urllib.error.HTTPError as error:
            with error:
                return Reply(status=error.code, headers=dict(error.headers), text=error.read().decode("utf-8", "replace"))

    def post_draft(self, interview: str, turn: int, text: str, *, tab: str = "a" * 24, base: int = 0, **more: Any) -> Reply:
        """As the answer box does."""
        body = {"interview": interview, "turn": turn, "text": text, "tab": tab, "base": base} | more
        return self.request("/api/draft", body=json.dumps(body).encode(), headers={"Content-Type": "application/json", "Origin": self.url})

    # the data folder

    def rows(self, query: str, *values: Any) -> list[dict[str, Any]]:
        """Rows of the real database."""
        with closing(sqlite3.connect(self.home / DATABASE, timeout=10)) as database:
            database.row_factory = sqlite3.Row
            return [dict(row) for row in database.execute(query, values)]

    def interview(self, interview: str = "") -> Interview:
        """The stored interview; without an id, the only one."""
        query = "SELECT state FROM interviews WHERE id = ? OR ? = ''"
        (row,) = self.rows(query, interview, interview)
        return Interview.model_validate_json(row["state"])

    def questions(self, interview: str = "") -> list[Question]:
        """Its questions as asked."""
        contents = {row["sha256"]: row["content"] for row in self.rows("SELECT sha256, content FROM questions")}
        return [Question.model_validate_json(contents[turn.question_sha256]) for turn in self.interview(interview).turns]

    def seconds_left(self, interview: str = "") -> float:
        """Of the open question, by the stored deadline."""
        found = self.interview(interview)
        deadline = found.turns[found.current].deadline
        assert deadline is not None
        return (deadline - now()).total_seconds()

    def leave(self, seconds: float, interview: str = "") -> None:
        """Move the open question's deadline to `seconds` from now. Reload the page afterwards."""
        found = self.interview(interview)
        turn = found.turns[found.current]
        assert turn.open
        assert turn.deadline
        self._set_clock(found, shown_at=turn.shown_at, deadline=now() + timedelta(seconds=seconds))

    def pretend_down(self, seconds: float, interview: str = "") -> None:
        """While the server is dead: make it look dead for that much longer."""
        assert self._process is None
        found, gap = self.interview(interview), timedelta(seconds=seconds)
        turn = found.turns[found.current]
        assert turn.shown_at
        assert turn.deadline
        self._set_clock(found, shown_at=turn.shown_at - gap, deadline=turn.deadline - gap)
        (beat,) = self.rows("SELECT alive_at FROM heartbeat")
        self._write("UPDATE heartbeat SET alive_at = ?", _naive(datetime.fromisoformat(beat["alive_at"]) - gap))

    def _set_clock(self, found: Interview, *, shown_at: datetime | None, deadline: datetime) -> None:
        moved = found.turns[found.current].model_copy(update={"shown_at": shown_at, "deadline": deadline})
        turns = (*found.turns[: found.current], moved, *found.turns[found.current + 1 :])
        state = found.model_copy(update={"turns": turns}).model_dump_json()
        self._write("UPDATE interviews SET state = ?, sweep_at = ? WHERE id = ?", state, _naive(deadline + GRACE), found.id)

    def _write(self, statement: str, *values: str) -> None:
        with closing(sqlite3.connect(self.home / DATABASE, timeout=10)) as database, database:
            database.execute(statement, values)

    def given(self, bank: Bank, *ids: str, mode: Mode = Mode.EXAM, pace: Pace = Pace.STANDARD) -> str:
        """An interview with these questions of the bank, not yet shown; its id. Quicker than the start page."""
        questions = [bank.questions[id_] for id_ in ids]
        track = bank.tracks["mixed"]
        factor = pace.factor
        interview = Interview(
            id=os.urandom(16).hex(),
            owner_id=LOCAL_OWNER,
            track_id=track.id,
            track_name=track.name,
            mode=mode,
            pace=pace,
            pass_band=track.pass_band,
            seconds=None if factor is None else sum(q.minutes for q in questions) * 60 * factor,
            turns=tuple(turn_for(q) for q in questions),
            created_at=now(),
        )
        engine = open_engine(self.home)
        try:
            SqlStore(engine).create(interview, questions, Event(kind="started", at=now(), turn=0, data={}))
        finally:
            engine.dispose()
        return interview.id

    def answers(self, interview: str = "") -> list[tuple[int, str, str]]:
        """An interview's answers (without an id, all) as (turn, text, cause)."""
        rows = self.rows("SELECT turn, text, cause FROM answers WHERE interview_id = ? OR ? = '' ORDER BY turn", interview, interview)
        return [(row["turn"], row["text"], row["cause"]) for row in rows]

    def draft(self, interview: str, turn: int = 0) -> str:
        """The saved text of a turn."""
        rows = self.rows("SELECT text FROM drafts WHERE interview_id = ? AND turn = ?", interview, turn)
        return str(rows[0]["text"]) if rows else ""

    def gradings(self, interview: str) -> list[tuple[int, str, int, bool]]:
        """An interview's gradings as (turn, grader, attempt, whether there is an outcome)."""
        query = """SELECT a.turn, r.grader, r.attempt, g.key FROM grading_requests r JOIN answers a ON a.id = r.answer_id
            LEFT JOIN gradings g ON g.key = r.key WHERE a.interview_id = ? ORDER BY a.turn, r.attempt"""
        return [(r["turn"], r["grader"], r["attempt"], r["key"] is not None) for r in self.rows(query, interview)]

    def link(self, interview: str, page: str = "interview") -> str:
        """The address of a session's page."""
        return f"{self.url}/{page}?s={interview}"
