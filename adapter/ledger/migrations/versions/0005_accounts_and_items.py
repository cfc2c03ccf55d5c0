"""What was found out about seller accounts, and what Amazon's catalog tells of products."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "account_notes",
        sa.Column("account", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("noted_at", sa.Text, nullable=False),
        sqlite_strict=True,
    )
    op.create_table(
        "items",
        sa.Column("marketplace_id", sa.Text, primary_key=True),
        sa.Column("asin", sa.Text, primary_key=True),
        sa.Column("content", sa.Text),
        sa.Column("read_at", sa.Text, nullable=False),
        sqlite_strict=True,
    )
