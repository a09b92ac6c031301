"""The tables. Nothing in them is SQLite-only; times are UTC; `owner_id` stands on every row that belongs to somebody."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.engine import Dialect

metadata = MetaData()


class Utc(TypeDecorator[datetime]):
    """A moment in UTC, also where the database keeps no zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a moment without a zone."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


OWNER = String(64)
KEY = String(64)

interviews = Table(
    "interviews",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("owner_id", OWNER, nullable=False),
    Column("track_id", String(80), nullable=False),
    Column("status", String(16), nullable=False),
    Column("version", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("sweep_at", Utc, nullable=True),
    Column("created_at", Utc, nullable=False),
    Column("updated_at", Utc, nullable=False),
    Index("interviews_by_owner", "owner_id", "created_at"),
    Index("interviews_to_sweep", "sweep_at"),
)

events = Table(
    "events",
    metadata,
    Column("interview_id", KEY, ForeignKey("interviews.id", ondelete="CASCADE"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("owner_id", OWNER, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("turn", Integer, nullable=False),
    Column("at", Utc, nullable=False),
    Column("data", Text, nullable=False),
)

questions = Table(
    "questions",
    metadata,
    Column("sha256", KEY, primary_key=True),
    Column("question_id", String(80), nullable=False),
    Column("content", Text, nullable=False),
)

asked = Table(
    "asked",
    metadata,
    Column("interview_id", KEY, ForeignKey("interviews.id", ondelete="CASCADE"), primary_key=True),
    Column("turn", Integer, primary_key=True),
    Column("owner_id", OWNER, nullable=False),
    Column("question_sha256", KEY, ForeignKey("questions.sha256"), nullable=False, index=True),
)

answers = Table(
    "answers",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("interview_id", KEY, ForeignKey("interviews.id", ondelete="CASCADE"), nullable=False),
    Column("owner_id", OWNER, nullable=False),
    Column("turn", Integer, nullable=False),
    Column("question_sha256", KEY, nullable=False),
    Column("text", Text, nullable=False),
    Column("cause", String(16), nullable=False),
    Column("submitted_at", Utc, nullable=False),
    Column("used", Float, nullable=False),
    Column("hints", Integer, nullable=False),
    UniqueConstraint("interview_id", "turn", name="one_answer_a_turn"),
)

drafts = Table(
    "drafts",
    metadata,
    Column("interview_id", KEY, ForeignKey("interviews.id", ondelete="CASCADE"), primary_key=True),
    Column("turn", Integer, primary_key=True),
    Column("owner_id", OWNER, nullable=False),
    Column("text", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("tab", String(64), nullable=False),
    Column("saved_at", Utc, nullable=False),
)

grading_requests = Table(
    "grading_requests",
    metadata,
    Column("key", KEY, primary_key=True),
    Column("answer_id", KEY, ForeignKey("answers.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("owner_id", OWNER, nullable=False),
    Column("grader", String(16), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("requested_at", Utc, nullable=False),
)

gradings = Table(
    "gradings",
    metadata,
    Column("key", KEY, ForeignKey("grading_requests.key", ondelete="CASCADE"), primary_key=True),
    Column("owner_id", OWNER, nullable=False),
    Column("score", Float, nullable=True),
    Column("estimate", Boolean, nullable=False),
    Column("content", Text, nullable=False),
    Column("graded_at", Utc, nullable=False),
)

spending = Table(
    "spending",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("interview_id", KEY, ForeignKey("interviews.id", ondelete="SET NULL"), nullable=True),
    Column("at", Utc, nullable=False),
    Column("cost", Float, nullable=False),
    Index("spending_by_moment", "at"),
    Index("spending_by_interview", "interview_id"),
)
"""USD a grading cost, and when. It outlives its interview and then belongs to nobody: a day's limit must not forget money."""

heartbeat = Table(
    "heartbeat",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("alive_at", Utc, nullable=False),
)
