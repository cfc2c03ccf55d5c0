"""The ledger's tables. A change here comes with a migration of the same shape in `migrations/versions`.

Times are texts in ISO 8601, UTC, with microseconds, so that they sort as they pass. JSON is text.
"""

from __future__ import annotations

from sqlalchemy import REAL, Column, Double, Index, Integer, MetaData, Table, Text
from sqlalchemy.types import TypeEngine

metadata = MetaData()

REAL_NUMBER: TypeEngine[float] = Double().with_variant(REAL(), "sqlite")


def _table(name: str, *columns: Column[object] | Index) -> Table:
    return Table(name, metadata, *columns, sqlite_strict=True)


owner = _table(
    "owner",  # one row: who may write; the epoch grows with every start
    Column("id", Integer, primary_key=True),
    Column("epoch", Integer, nullable=False),
    Column("started_at", Text, nullable=False),
)

orders = _table(
    "orders",  # every order that Amazon showed, as it showed it last
    Column("account", Text, primary_key=True),
    Column("order_id", Text, primary_key=True),
    Column("reader", Text, nullable=False),  # which form `content` has, such as "orders/2026-01-01"
    Column("content", Text, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("amazon_updated_at", Text),
    Column("first_seen_at", Text, nullable=False),
    Column("changed_at", Text, nullable=False),
    Column("settled_hash", Text),  # content_hash for which nothing is left to do
    Index("orders_open", "account", "settled_hash", "content_hash"),
)

wanted = _table(
    "wanted",  # orders that have to be asked for one by one; gone when they are stored
    Column("account", Text, primary_key=True),
    Column("order_id", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("head", Text),  # what a page told of it already
    Column("head_updated_at", Text),
    Column("tries", Integer, nullable=False),
    Column("not_before", Text),
    Column("wanted_at", Text, nullable=False),
)

entries = _table(
    "entries",  # one row for each document of each order
    Column("account", Text, primary_key=True),
    Column("order_id", Text, primary_key=True),
    Column("document", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("entity_set", Text, nullable=False),
    Column("ref_key", Text),
    Column("operation", Text),
    Column("attempt", Integer, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("wanted", Text),
    Column("written", Integer, nullable=False),
    Column("posted", Integer, nullable=False),
    Column("marked", Integer, nullable=False),
    Column("data_version", Text, nullable=False),
    Column("order_hash", Text, nullable=False),
    Column("material", Text, nullable=False),
    Column("mapping_version", Text, nullable=False),
    Column("reasons", Text, nullable=False),
    Column("hold", Text),
    Column("not_before", Text),
    Column("summary", Text, nullable=False),
    Column("updated_at", Text, nullable=False),
    Index("entries_by_state", "state"),
    Index("entries_by_order", "order_id"),
)

elements = _table(
    "elements",  # catalog elements that we create: one creator for each natural key
    Column("entity_set", Text, primary_key=True),
    Column("natural_key", Text, primary_key=True),
    Column("ref_key", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("not_before", Text),
    Column("updated_at", Text, nullable=False),
)

events = _table(
    "events",  # every transition, appended, never changed
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("order_id", Text, nullable=False),
    Column("document", Text, nullable=False),
    Column("state_from", Text),
    Column("state_to", Text, nullable=False),
    Column("operation", Text),
    Column("attempt", Integer, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("cause", Text, nullable=False),
    Index("events_by_order", "order_id", "id"),
)

cursors = _table(
    "cursors",  # how far each account has been read
    Column("account", Text, primary_key=True),
    Column("updated_after", Text, nullable=False),
    Column("window_before", Text),  # upper bound of a sweep under way
    Column("page_token", Text),  # where that sweep goes on; gone when its last page is stored
    Column("token_at", Text),
    Column("polled_at", Text),  # when the last sweep ended
)

buckets = _table(
    "buckets",  # Amazon's token buckets as we believe them to be
    Column("seller", Text, primary_key=True),
    Column("operation", Text, primary_key=True),
    Column("tokens", REAL_NUMBER, nullable=False),
    Column("at", Text, nullable=False),
    Column("rate", REAL_NUMBER, nullable=False),
)

account_notes = _table(
    "account_notes",  # what was found out about a seller account, such as its marketplaces
    Column("account", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("content", Text, nullable=False),
    Column("noted_at", Text, nullable=False),
)

items = _table(
    "items",  # what Amazon's catalog tells of a product; no content: Amazon does not know it
    Column("marketplace_id", Text, primary_key=True),
    Column("asin", Text, primary_key=True),
    Column("content", Text),
    Column("read_at", Text, nullable=False),
)

capabilities = _table(
    "capabilities",  # what this infobase was seen to do
    Column("entity_set", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
    Column("seen_at", Text, nullable=False),
)

copies = _table(
    "copies",  # copies of what is slow to read: $metadata, catalogs, resolved references
    Column("name", Text, primary_key=True),
    Column("content", Text, nullable=False),
    Column("read_at", Text, nullable=False),
)

decisions = _table(
    "decisions",  # what a person decided for an order
    Column("account", Text, primary_key=True),
    Column("order_id", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("value", Text, nullable=False),
    Column("decided_at", Text, nullable=False),
)

remembered = _table(
    "remembered",  # what people decided about buyers, for their next orders; digests, no buyer's data
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("kind", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("hint", Text, nullable=False),
    Column("ref_key", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("order_id", Text, nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("decided_at", Text, nullable=False),
    Column("revoked_by", Text),
    Column("revoked_at", Text),
    Index("remembered_in_force", "revoked_at", "kind", "digest"),
)

notices = _table(
    "notices",  # what an operator has to know of an account until it is put right; never a secret
    Column("account", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("value", Text, nullable=False),
    Column("since", Text, nullable=False),
)
