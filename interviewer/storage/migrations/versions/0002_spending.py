"""What gradings cost: a moment and an amount each, kept when the interview is deleted."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the table. No grade of the first schema knew its cost, so it begins empty."""
    op.create_table(
        "spending",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("interview_id", sa.String(64), sa.ForeignKey("interviews.id", ondelete="SET NULL"), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cost", sa.Float, nullable=False),
    )
    op.create_index("spending_by_moment", "spending", ["at"])
    op.create_index("spending_by_interview", "spending", ["interview_id"])
