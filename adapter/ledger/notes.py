"""Small things to remember: Amazon's buckets, what the infobase can do, copies of slow reads, people's decisions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Table, delete, select
from sqlalchemy.dialects.sqlite import insert

from adapter.ledger.database import Database, moment_of, to_text
from adapter.ledger.schema import buckets, capabilities, copies, decisions
from adapter.model.bucket import Bucket

_FORGOTTEN_AFTER: Final = timedelta(days=30)


class Notes:
    """The tables `buckets`, `capabilities`, `copies` and `decisions`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._capabilities: dict[tuple[str, str], str | None] = {}

    def load_bucket(self, seller: str, operation: str) -> Bucket | None:
        """The bucket as it was kept last."""
        query = select(buckets).where(buckets.c.seller == seller, buckets.c.operation == operation)
        with self._database.transaction() as connection:
            row = connection.execute(query).mappings().first()
        if row is None:
            return None
        at = moment_of(row["at"])
        return Bucket(row["tokens"], at, row["rate"])

    def save_bucket(self, seller: str, operation: str, bucket: Bucket) -> None:
        """Keep a bucket; on the disk when this returns."""
        values = {
            "seller": seller,
            "operation": operation,
            "tokens": bucket.tokens,
            "at": to_text(bucket.at),
            "rate": bucket.rate,
        }
        self._put(buckets, ("seller", "operation"), values)

    def capability(self, entity_set: str, name: str) -> str | None:
        """What was last seen of this infobase, None where nothing was. Asked for every document: read only once."""
        if (entity_set, name) not in self._capabilities:
            query = select(capabilities.c.value).where(
                capabilities.c.entity_set == entity_set, capabilities.c.name == name
            )
            with self._database.transaction() as connection:
                self._capabilities[entity_set, name] = connection.execute(query).scalar()
        return self._capabilities[entity_set, name]

    def keep_capability(self, entity_set: str, name: str, value: str, now: datetime) -> None:
        """Remember what this infobase does."""
        if self.capability(entity_set, name) != value:
            values = {"entity_set": entity_set, "name": name, "value": value, "seen_at": to_text(now)}
            self._put(capabilities, ("entity_set", "name"), values)
            self._capabilities[entity_set, name] = value

    def copy(self, name: str) -> tuple[str, datetime] | None:
        """A kept copy and when it was read."""
        with self._database.transaction() as connection:
            row = connection.execute(select(copies).where(copies.c.name == name)).mappings().first()
        if row is None:
            return None
        read_at = moment_of(row["read_at"])
        return row["content"], read_at

    def keep_copy(self, name: str, content: str, now: datetime) -> None:
        """Keep a copy of what was read. Anybody may: commands that only look keep theirs beside a running service.

        Copies that have become useless, of another infobase or of what no mapping reads any more, go after a month.
        """
        values = {"name": name, "content": content, "read_at": to_text(now)}
        with self._database.transaction() as connection:
            connection.execute(insert(copies).values(values).on_conflict_do_update(["name"], set_=values))
            connection.execute(delete(copies).where(copies.c.read_at < to_text(now - _FORGOTTEN_AFTER)))

    def forget_copies(self) -> None:
        """Read everything anew."""
        with self._database.transaction() as connection:
            connection.execute(delete(copies))

    def decision(self, account: str, order_id: str, kind: str) -> str | None:
        """What a person decided for this order."""
        query = select(decisions.c.value).where(
            decisions.c.account == account, decisions.c.order_id == order_id, decisions.c.kind == kind
        )
        with self._database.transaction() as connection:
            return connection.execute(query).scalar()

    def decisions(self, kind: str) -> dict[tuple[str, str], str]:
        """All decisions of a kind by (account, order id)."""
        query = select(decisions).where(decisions.c.kind == kind)
        with self._database.transaction() as connection:
            return {(row["account"], row["order_id"]): row["value"] for row in connection.execute(query).mappings()}

    def decide(self, account: str, order_id: str, kind: str, value: str, now: datetime) -> None:
        """Keep what a person decided."""
        values = {
            "account": account,
            "order_id": order_id,
            "kind": kind,
            "value": value,
            "decided_at": to_text(now),
        }
        self._put(decisions, ("account", "order_id", "kind"), values)

    def _put(self, table: Table, key: tuple[str, ...], values: Mapping[str, object]) -> None:
        with self._database.transaction() as connection:
            self._database.check_owner(connection)
            connection.execute(insert(table).values(values).on_conflict_do_update(key, set_=values))
