"""The first form of the ledger."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

REAL_NUMBER: sa.types.TypeEngine[float] = sa.Double().with_variant(sa.REAL(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "buckets",
        sa.Column("seller", sa.Text, primary_key=True),
        sa.Column("operation", sa.Text, primary_key=True),
        sa.Column("tokens", REAL_NUMBER, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("rate", REAL_NUMBER, nullable=False),
        sqlite_strict=True,
    )
    op.create_table(
        "capabilities",
        sa.Column("entity_set", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("seen_at", sa.Text, nullable=False),
        sqlite_strict=True,
    )
    op.create_table(
        "copies",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("read_at", sa.Text, nullable=False),
        sqlite_strict=True,
    )
    op.create_table(
        "cursors",
        sa.Column("account", sa.Text, primary_key=True),
        sa.Column("updated_after", sa.Text, nullable=False),
        sa.Column("window_before", sa.Text),
        sa.Column("page_token", sa.Text),
        sa.Column("token_at", sa.Text),
        sa.Column("polled_at", sa.Text),
        sqlite_strict=True,
    )
    op.create_table(
        "decisions",
        sa.Column("account", sa.Text, primary_key=True),
        sa.Column("order_id", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("decided_at", sa.Text, nullable=False),
        sqlite_strict=True,
    )
    op.create_table(
        "elements",
        sa.Column("entity_set", sa.Text, primary_key=True),
        sa.Column("natural_key", sa.Text, primary_key=True),
        sa.Column("ref_key", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("not_before", sa.Text),
        sa.Column("updated_at", sa.Text, nullable=False),
        sqlite_strict=True,
    )
    op.create_table(
        "entries",
        sa.Column("account", sa.Text, primary_key=True),
        sa.Column("order_id", sa.Text, primary_key=True),
        sa.Column("document", sa.Text, primary_key=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("entity_set", sa.Text, nullable=False),
        sa.Column("ref_key", sa.Text),
        sa.Column("operation", sa.Text),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("wanted", sa.Text),
        sa.Column("written", sa.Integer, nullable=False),
        sa.Column("posted", sa.Integer, nullable=False),
        sa.Column("marked", sa.Integer, nullable=False),
        sa.Column("data_version", sa.Text, nullable=False),
        sa.Column("order_hash", sa.Text, nullable=False),
        sa.Column("material", sa.Text, nullable=False),
        sa.Column("mapping_version", sa.Text, nullable=False),
        sa.Column("reasons", sa.Text, nullable=False),
        sa.Column("hold", sa.Text),
        sa.Column("not_before", sa.Text),
        sa.Column("summary", sa.Text, nullable=False),
        sa.Column("updated_at", sa.Text, nullable=False),
        sqlite_strict=True,
    )
    op.create_index("entries_by_state", "entries", ["state"])
    op.create_index("entries_by_order", "entries", ["order_id"])
    op.create_table(
        "events",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("order_id", sa.Text, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("state_from", sa.Text),
        sa.Column("state_to", sa.Text, nullable=False),
        sa.Column("operation", sa.Text),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("cause", sa.Text, nullable=False),
        sqlite_strict=True,
    )
    op.create_index("events_by_order", "events", ["order_id", "id"])
    op.create_table(
        "orders",
        sa.Column("account", sa.Text, primary_key=True),
        sa.Column("order_id", sa.Text, primary_key=True),
        sa.Column("reader", sa.Text, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("content_hash", sa.Text, nullable=False),
        sa.Column("amazon_updated_at", sa.Text),
        sa.Column("first_seen_at", sa.Text, nullable=False),
        sa.Column("changed_at", sa.Text, nullable=False),
        sa.Column("settled_hash", sa.Text),
        sqlite_strict=True,
    )
    op.create_index("orders_open", "orders", ["account", "settled_hash", "content_hash"])
    op.create_table(
        "owner",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("started_at", sa.Text, nullable=False),
        sqlite_strict=True,
    )
