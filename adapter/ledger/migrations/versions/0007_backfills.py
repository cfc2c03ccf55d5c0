"""Old orders that somebody wants read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "backfills",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("since", sa.Text, nullable=False),
        sa.Column("until", sa.Text, nullable=False),
        sa.Column("way", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("asked_at", sa.Text, nullable=False),
        sa.Column("ended_at", sa.Text),
        sa.Index("backfills_by_account", "account", "state"),
        sqlite_strict=True,
    )
    op.create_table(
        "backfill_parts",
        sa.Column("backfill", sa.Integer, primary_key=True),
        sa.Column("since", sa.Text, primary_key=True),
        sa.Column("until", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("report_id", sa.Text),
        sa.Column("page_token", sa.Text),
        sa.Column("at", sa.Text),
        sa.Column("not_before", sa.Text),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("found", sa.Integer, nullable=False),
        sqlite_strict=True,
    )
    op.create_table(
        "backfilled",
        sa.Column("account", sa.Text, primary_key=True),
        sa.Column("order_id", sa.Text, primary_key=True),
        sa.Column("backfill", sa.Integer, nullable=False),
        sqlite_strict=True,
    )
