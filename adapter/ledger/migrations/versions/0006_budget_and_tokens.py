"""Access tokens that outlive a restart, and how far a sweep has come."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the table and the columns."""
    op.create_table(
        "access_tokens",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("since", sa.Text, nullable=False),
        sa.Column("until", sa.Text, nullable=False),
        sqlite_strict=True,
    )
    op.add_column("cursors", sa.Column("pages", sa.Integer, nullable=False, server_default="0"))
    op.add_column("cursors", sa.Column("shown_from", sa.Text))
    op.add_column("cursors", sa.Column("shown_to", sa.Text))
