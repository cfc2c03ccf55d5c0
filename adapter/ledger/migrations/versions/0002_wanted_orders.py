"""Orders that are asked for one by one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "wanted",
        sa.Column("account", sa.Text, primary_key=True),
        sa.Column("order_id", sa.Text, primary_key=True),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("head", sa.Text),
        sa.Column("head_updated_at", sa.Text),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("not_before", sa.Text),
        sa.Column("wanted_at", sa.Text, nullable=False),
        sqlite_strict=True,
    )
