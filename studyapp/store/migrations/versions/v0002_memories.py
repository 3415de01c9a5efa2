"""What is derived of the answers to each family, what it was made by, and what somebody studies for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MOMENT = sa.String(32)


def upgrade() -> None:
    """Make the tables; the store fills them, because `derived` says that nothing has been."""
    op.create_table(
        "memory",
        sa.Column("pack", sa.String(), primary_key=True),
        sa.Column("question_id", sa.String(), primary_key=True),
        sa.Column("state", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer()),
        sa.Column("stability", sa.Float(), nullable=False),
        sa.Column("difficulty", sa.Float(), nullable=False),
        sa.Column("due", MOMENT, nullable=False),
        sa.Column("last_at", MOMENT, nullable=False),
        sa.Column("last_id", sa.String(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("variant_number", sa.Integer(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("lapses", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("first", sa.Float(), nullable=False),
        sa.Column("recalls", sa.Integer(), nullable=False),
        sa.Column("recalled", sa.Float(), nullable=False),
        sa.Column("expected", sa.Float(), nullable=False),
        sa.Column("spread", sa.Float(), nullable=False),
    )
    op.create_index("ix_memory_due", "memory", ["pack", "due"])
    op.create_table(
        "derived",
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("version", sa.String(), nullable=False),
    )
    op.create_table(
        "goal",
        sa.Column("pack", sa.String(), primary_key=True),
        sa.Column("exam_day", sa.String()),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )
