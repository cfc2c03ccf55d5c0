"""What Amazon's catalog told of products."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert

from adapter.ledger.database import Database, moment_of, to_text
from adapter.ledger.schema import items

_AT_ONCE = 500


class Items:
    """The table `items`; its content is the reader's own JSON, None where Amazon does not know the product."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, marketplace_id: str, asins: Collection[str]) -> dict[str, tuple[str | None, datetime]]:
        """ASIN -> what is kept, and since when, aware UTC; without those that nobody has asked for."""
        found = {}
        wanted = sorted(asins)
        with self._database.transaction() as connection:
            for start in range(0, len(wanted), _AT_ONCE):
                query = select(items).where(
                    items.c.marketplace_id == marketplace_id, items.c.asin.in_(wanted[start : start + _AT_ONCE])
                )
                for row in connection.execute(query).mappings():
                    read_at = moment_of(row["read_at"])
                    found[row["asin"]] = (row["content"], read_at)
        return found

    def keep(self, marketplace_id: str, told: Mapping[str, str | None], now: datetime) -> None:
        """Keep what was told. Anybody may, as with copies: nothing depends on it but how often Amazon is asked."""
        with self._database.transaction() as connection:
            for asin, content in told.items():
                values = {"marketplace_id": marketplace_id, "asin": asin, "content": content, "read_at": to_text(now)}
                statement = insert(items).values(values)
                connection.execute(statement.on_conflict_do_update(["marketplace_id", "asin"], set_=values))
