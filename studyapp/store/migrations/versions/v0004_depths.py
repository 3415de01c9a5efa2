"""How a person differs from the average with the depth of their memories: three more columns of what is derived."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns. What they hold is made anew when the store is opened."""
    for name in ("leaning", "spread_depth", "spread_depth2"):
        op.add_column("memory", sa.Column(name, sa.Float(), nullable=False, server_default="0"))
