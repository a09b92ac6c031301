"""The first schema: interviews, events, questions as asked, answers, drafts, gradings, heartbeat."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

MOMENT = sa.DateTime(timezone=True)
KEY = sa.String(64)


def upgrade() -> None:
    """Make every table."""
    _interviews()
    _answers()
    _gradings()


def _interviews() -> None:
    op.create_table(
        "interviews",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("owner_id", KEY, nullable=False),
        sa.Column("track_id", sa.String(80), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("sweep_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
    )
    op.create_index("interviews_by_owner", "interviews", ["owner_id", "created_at"])
    op.create_index("interviews_to_sweep", "interviews", ["sweep_at"])
    op.create_table(
        "events",
        _interview_id(primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("owner_id", KEY, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("turn", sa.Integer, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("data", sa.Text, nullable=False),
    )
    op.create_table(
        "questions",
        sa.Column("sha256", KEY, primary_key=True),
        sa.Column("question_id", sa.String(80), nullable=False),
        sa.Column("content", sa.Text, nullable=False),
    )
    op.create_table(
        "asked",
        _interview_id(primary_key=True),
        sa.Column("turn", sa.Integer, primary_key=True),
        sa.Column("owner_id", KEY, nullable=False),
        sa.Column("question_sha256", KEY, sa.ForeignKey("questions.sha256"), nullable=False),
    )
    op.create_index("ix_asked_question_sha256", "asked", ["question_sha256"])


def _answers() -> None:
    op.create_table(
        "answers",
        sa.Column("id", KEY, primary_key=True),
        _interview_id(),
        sa.Column("owner_id", KEY, nullable=False),
        sa.Column("turn", sa.Integer, nullable=False),
        sa.Column("question_sha256", KEY, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("cause", sa.String(16), nullable=False),
        sa.Column("submitted_at", MOMENT, nullable=False),
        sa.Column("used", sa.Float, nullable=False),
        sa.Column("hints", sa.Integer, nullable=False),
        sa.UniqueConstraint("interview_id", "turn", name="one_answer_a_turn"),
    )
    op.create_table(
        "drafts",
        _interview_id(primary_key=True),
        sa.Column("turn", sa.Integer, primary_key=True),
        sa.Column("owner_id", KEY, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("tab", KEY, nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
    )


def _gradings() -> None:
    op.create_table(
        "grading_requests",
        sa.Column("key", KEY, primary_key=True),
        sa.Column("answer_id", KEY, sa.ForeignKey("answers.id", ondelete="CASCADE"), nullable=False),
        sa.Column("owner_id", KEY, nullable=False),
        sa.Column("grader", sa.String(16), nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("requested_at", MOMENT, nullable=False),
    )
    op.create_index("ix_grading_requests_answer_id", "grading_requests", ["answer_id"])
    op.create_table(
        "gradings",
        sa.Column("key", KEY, sa.ForeignKey("grading_requests.key", ondelete="CASCADE"), primary_key=True),
        sa.Column("owner_id", KEY, nullable=False),
        sa.Column("score", sa.Float, nullable=True),
        sa.Column("estimate", sa.Boolean, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("graded_at", MOMENT, nullable=False),
    )
    op.create_table(
        "heartbeat",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("alive_at", MOMENT, nullable=False),
    )


def _interview_id(*, primary_key: bool = False) -> sa.Column[str]:
    return sa.Column("interview_id", KEY, sa.ForeignKey("interviews.id", ondelete="CASCADE"), primary_key=primary_key, nullable=False)
