"""The store: what the use cases read and write. One transaction a method; writers lock at once."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from sqlalchemy import ColumnElement, Connection, Engine, and_, delete, func, insert, select, update
from sqlalchemy.engine import Row
from sqlalchemy.exc import IntegrityError

from interviewer.domain.errors import AlreadyAnswered, Conflict, NewerDraft, NotFound
from interviewer.domain.grade import Grade, Ungraded
from interviewer.domain.interview import Cause, Event, Interview
from interviewer.domain.question import Question
from interviewer.ports import Answer, Draft, Grading, GradingRequest, InterviewRow, Work
from interviewer.storage import gradings
from interviewer.storage import tables as t
from interviewer.storage.engine import translated

CACHED_QUESTIONS = 1000
PATIENCE = 10.0
UNKNOWN = "There is no such interview here. It may have been deleted, or the link is incomplete."


class SqlStore:
    """`Store` on SQLAlchemy."""

    def __init__(self, engine: Engine) -> None:
        self._reader = engine
        self._writer = engine.execution_options(writes=True)
        self._question = lru_cache(maxsize=CACHED_QUESTIONS)(self._read_question)

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with translated("The data could not be read"), self._reader.connect() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with translated("This could not be saved"), self._writer.begin() as connection:
            yield connection

    # interviews

    def create(self, interview: Interview, questions: Sequence[Question], event: Event) -> None:
        """A new interview, with its questions as asked."""
        with self._writing() as c:
            c.execute(insert(t.interviews).values(id=interview.id, created_at=interview.created_at, **_columns(interview, event)))
            for number, question in enumerate(questions):
                if not c.execute(select(t.questions.c.sha256).where(t.questions.c.sha256 == question.sha256)).first():
                    content = question.model_dump_json()
                    c.execute(insert(t.questions).values(sha256=question.sha256, question_id=question.id, content=content))
                c.execute(
                    insert(t.asked).values(
                        interview_id=interview.id, turn=number, owner_id=interview.owner_id, question_sha256=question.sha256
                    )
                )
            c.execute(insert(t.events).values(**_event(interview, event)))

    def commit(self, work: Work) -> None:
        """Interview, answer, grading request and event in one transaction, if nobody was first."""
        mine = and_(t.interviews.c.id == work.before.id, t.interviews.c.version == work.before.version)
        with self._writing() as c:
            done = c.execute(update(t.interviews).where(mine).values(**_columns(work.after, work.event)))
            if done.rowcount != 1:
                raise Conflict("The interview was changed in another tab a moment ago. Nothing was changed by this action.")
            try:
                if work.draft and work.answer:
                    newest = c.execute(select(t.drafts.c.revision).where(_draft_key(work.after.id, work.answer.turn))).scalar()
                    if (newest or 0) != work.draft.revision:
                        raise Conflict("Newer text was saved a moment ago.")
                if work.answer:
                    c.execute(insert(t.answers).values(**vars(work.answer)))
                if work.request:
                    c.execute(insert(t.grading_requests).values(**vars(work.request)))
            except IntegrityError as error:
                raise Conflict("This question was answered already. The first answer stands.") from error
            c.execute(insert(t.events).values(**_event(work.after, work.event)))

    def interview(self, interview_id: str, *, owner_id: str | None = None) -> Interview:
        """One interview; of this owner, when given."""
        with self._reading() as c:
            row = c.execute(select(t.interviews).where(t.interviews.c.id == interview_id)).first()
        if row is None or (owner_id is not None and row.owner_id != owner_id):
            raise NotFound(UNKNOWN)
        return Interview.model_validate_json(row.state)

    def interviews(self, *, owner_id: str) -> list[InterviewRow]:
        """All of an owner's, latest first."""
        query = select(t.interviews).where(t.interviews.c.owner_id == owner_id).order_by(t.interviews.c.created_at.desc())
        with self._reading() as c:
            rows = c.execute(query).all()
        return [InterviewRow(interview=Interview.model_validate_json(r.state), updated_at=r.updated_at) for r in rows]

    def question(self, sha256: str) -> Question:
        """A question as it was asked. What a hash names never changes, so it is read once."""
        return self._question(sha256)

    def _read_question(self, sha256: str) -> Question:
        with self._reading() as c:
            content = c.execute(select(t.questions.c.content).where(t.questions.c.sha256 == sha256)).scalar()
        if content is None:
            raise NotFound("This question is not in the store.")
        return Question.model_validate_json(content)

    def events(self, interview_id: str) -> list[Event]:
        """An interview's audit log, oldest first."""
        with self._reading() as c:
            rows = c.execute(select(t.events).where(t.events.c.interview_id == interview_id).order_by(t.events.c.version)).all()
        return [Event(kind=r.kind, at=r.at, turn=r.turn, data=json.loads(r.data)) for r in rows]

    def delete(self, interview_id: str, *, owner_id: str) -> None:
        """Remove an interview, what hangs on it, and question copies nobody else uses; in the backups too."""
        with self._writing() as c:
            mine = and_(t.interviews.c.id == interview_id, t.interviews.c.owner_id == owner_id)
            if c.execute(delete(t.interviews).where(mine)).rowcount != 1:
                raise NotFound(UNKNOWN)
            c.execute(delete(t.questions).where(t.questions.c.sha256.not_in(select(t.asked.c.question_sha256))))
        if self._writer.dialect.name == "sqlite" and self._writer.url.database:
            with translated("The interview is deleted, but the disk space was not cleared"):
                _forget(Path(self._writer.url.database), interview_id)

    def close(self) -> None:
        """Close the connections; the next use opens new ones."""
        self._reader.dispose()

    # answers and drafts

    def answer(self, answer_id: str) -> Answer:
        """One answer."""
        with self._reading() as c:
            row = c.execute(select(t.answers).where(t.answers.c.id == answer_id)).first()
        if row is None:
            raise NotFound("This answer was deleted.")
        return _answer(row)

    def answers(self, interview_id: str) -> list[Answer]:
        """An interview's answers by turn."""
        with self._reading() as c:
            rows = c.execute(select(t.answers).where(t.answers.c.interview_id == interview_id).order_by(t.answers.c.turn)).all()
        return [_answer(row) for row in rows]

    def draft(self, interview_id: str, turn: int) -> Draft:
        """The saved text of a turn; empty when there is none."""
        with self._reading() as c:
            row = c.execute(select(t.drafts).where(_draft_key(interview_id, turn))).first()
        return Draft(text=row.text, revision=row.revision, tab=row.tab) if row else Draft()

    def save_draft(self, interview_id: str, turn: int, draft: Draft, *, base: int, now: datetime) -> Draft:
        """Store it if the turn is open, and `base` is the saved revision or this tab wrote it; else `AlreadyAnswered`, `NewerDraft`."""
        key = _draft_key(interview_id, turn)
        with self._writing() as c:
            state = c.execute(select(t.interviews.c.state).where(t.interviews.c.id == interview_id)).scalar()
            if state is None:
                raise NotFound(UNKNOWN)
            interview = Interview.model_validate_json(state)
            if turn != interview.current or interview.turn is None or not interview.turn.open:
                raise AlreadyAnswered("This question is closed; its answer stands as it was submitted.")
            saved = c.execute(select(t.drafts.c.revision, t.drafts.c.tab).where(key)).first()
            revision, tab = (saved.revision, saved.tab) if saved else (0, draft.tab)
            if base != revision and tab != draft.tab:
                raise NewerDraft("Newer text of this answer was written in another tab.")
            values = {"text": draft.text, "revision": revision + 1, "tab": draft.tab, "saved_at": now}
            if saved:
                c.execute(update(t.drafts).where(key).values(**values))
            else:
                c.execute(insert(t.drafts).values(interview_id=interview_id, turn=turn, owner_id=interview.owner_id, **values))
        return Draft(text=draft.text, revision=revision + 1, tab=draft.tab)

    # gradings

    def request_grading(self, request: GradingRequest) -> bool:
        """Ask for a grading; False when the same key was asked for before."""
        with self._writing() as c:
            return gradings.ask(c, request)

    def grading(self, key: str) -> Grading | None:
        """One request with its outcome; None when its interview was deleted."""
        with self._reading() as c:
            return gradings.one(c, key)

    def open_requests(self) -> list[GradingRequest]:
        """Requests without an outcome, oldest first."""
        with self._reading() as c:
            return gradings.open_requests(c)

    def add_grading(self, request: GradingRequest, outcome: Grade | Ungraded) -> None:
        """Append an outcome and what it cost; a second one of the same key, or one of a deleted answer, adds only its cost."""
        with self._writing() as c:
            gradings.add(c, request, outcome)

    def gradings(self, interview_id: str) -> list[Grading]:
        """All of an interview's gradings, oldest request first."""
        with self._reading() as c:
            return gradings.of_interview(c, interview_id)

    def spent(self, *, since: datetime) -> float:
        """USD the gradings since then cost: all owners', deleted interviews' too."""
        with self._reading() as c:
            return gradings.spent(c, since=since)

    def spent_in(self, interview_id: str) -> float:
        """USD an interview's gradings cost so far, failed ones included."""
        with self._reading() as c:
            return gradings.spent_in(c, interview_id)

    # the clock

    def due(self, now: datetime) -> list[str]:
        """Ids of the interviews to sweep: deadline and grace are over."""
        with self._reading() as c:
            return list(c.execute(select(t.interviews.c.id).where(t.interviews.c.sweep_at <= now)).scalars())

    def ticking(self) -> list[str]:
        """Ids of the interviews whose clock runs."""
        with self._reading() as c:
            return list(c.execute(select(t.interviews.c.id).where(t.interviews.c.sweep_at.is_not(None))).scalars())

    def alive_at(self) -> datetime | None:
        """When a server last said it was alive."""
        with self._reading() as c:
            found: datetime | None = c.execute(select(func.max(t.heartbeat.c.alive_at, type_=t.Utc))).scalar()
        return found

    def beat(self, now: datetime) -> None:
        """Say that a server is alive."""
        with self._writing() as c:
            if c.execute(update(t.heartbeat).where(t.heartbeat.c.id == 1).values(alive_at=now)).rowcount == 0:
                c.execute(insert(t.heartbeat).values(id=1, alive_at=now))


def _columns(interview: Interview, event: Event) -> dict[str, object]:
    return {
        "owner_id": interview.owner_id,
        "track_id": interview.track_id,
        "status": interview.status.value,
        "version": interview.version,
        "state": interview.model_dump_json(),
        "sweep_at": interview.sweep_at,
        "updated_at": event.at,
    }


def _event(interview: Interview, event: Event) -> dict[str, object]:
    return {
        "interview_id": interview.id,
        "version": interview.version,
        "owner_id": interview.owner_id,
        "kind": event.kind,
        "turn": event.turn,
        "at": event.at,
        "data": json.dumps(event.data),
    }


def _answer(row: Row[tuple[object, ...]]) -> Answer:
    values = dict(row._mapping)
    return Answer(**{**values, "cause": Cause(values["cause"])})


def _draft_key(interview_id: str, turn: int) -> ColumnElement[bool]:
    return and_(t.drafts.c.interview_id == interview_id, t.drafts.c.turn == turn)


def _forget(path: Path, interview_id: str) -> None:
    """Clear the write-ahead log, and remove the interview from the backups."""
    with closing(sqlite3.connect(path, isolation_level=None, timeout=PATIENCE)) as database:
        busy, *_ = database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise sqlite3.OperationalError("another program reads the database; its log still holds what was written last")
    for copy in (path.parent / "backups").glob("*.sqlite3"):
        with closing(sqlite3.connect(copy, isolation_level=None)) as database:
            database.execute("PRAGMA foreign_keys=ON")
            database.execute("PRAGMA secure_delete=ON")
            database.execute("DELETE FROM interviews WHERE id = ?", (interview_id,))
