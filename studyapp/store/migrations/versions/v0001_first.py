"""The first schema: answers, sittings, places in lessons."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

MOMENT = sa.String(32)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "sitting",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("pack", sa.String(), nullable=False),
        sa.Column("blueprint_id", sa.String(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("started", MOMENT, nullable=False),
        sa.Column("ends", MOMENT, nullable=False),
        sa.Column("extra", sa.Float(), nullable=False),
    )
    op.create_index("ix_sitting_pack", "sitting", ["pack", "started"])
    op.create_table(
        "sitting_action",
        sa.Column("sitting_id", sa.String(), sa.ForeignKey("sitting.id"), primary_key=True),
        sa.Column("n", sa.Integer(), primary_key=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("item", sa.Integer()),
        sa.Column("response", sa.String()),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.create_table(
        "sitting_result",
        sa.Column("sitting_id", sa.String(), sa.ForeignKey("sitting.id"), primary_key=True),
        sa.Column("points", sa.Float(), nullable=False),
        sa.Column("out_of", sa.Float(), nullable=False),
        sa.Column("scaled", sa.Integer(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("ended", MOMENT, nullable=False),
    )
    op.create_table(
        "review",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("pack", sa.String(), nullable=False),
        sa.Column("question_id", sa.String(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("variant_number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("model_version", sa.String(), nullable=False),
        sa.Column("response", sa.String(), nullable=False),
        sa.Column("points", sa.Float(), nullable=False),
        sa.Column("out_of", sa.Float(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("misconception", sa.String()),
        sa.Column("certainty", sa.String()),
        sa.Column("shown_at", MOMENT, nullable=False),
        sa.Column("answered_at", MOMENT, nullable=False),
        sa.Column("sitting_id", sa.String(), sa.ForeignKey("sitting.id")),
    )
    op.create_index("ix_review_question", "review", ["pack", "question_id", "answered_at"])
    op.create_index("ix_review_time", "review", ["pack", "answered_at"])
    op.create_table(
        "lesson_place",
        sa.Column("pack", sa.String(), primary_key=True),
        sa.Column("lesson_id", sa.String(), primary_key=True),
        sa.Column("section", sa.Integer(), nullable=False),
        sa.Column("finished", sa.Boolean(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )
