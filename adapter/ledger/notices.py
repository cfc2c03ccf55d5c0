"""Notices: what an operator has to know of a seller account until it is put right."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert

from adapter.ledger.database import Database, from_text, to_text
from adapter.ledger.schema import notices


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice.

    Attributes:
        kind: one word, at most one notice of a kind for an account.
        value: words or JSON, as the kind wants it; never a secret.
        since: when it came up first, aware, UTC.
    """

    account: str
    kind: str
    value: str
    since: datetime


class Notices:
    """The table `notices`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, account: str, kind: str, value: str, now: datetime) -> bool:
        """Keep a notice; one of this kind stays as old as it was.

        Returns:
            Whether there was none of this kind, or another value.
        """
        values = {"account": account, "kind": kind, "value": value, "since": to_text(now)}
        with self._database.transaction() as connection:
            self._database.check_owner(connection)
            new = insert(notices).values(values)
            changed = new.on_conflict_do_update(
                ["account", "kind"], set_={"value": value}, where=notices.c.value != value
            )
            return connection.execute(changed).rowcount > 0

    def drop(self, account: str, kind: str) -> bool:
        """Whether there was one to drop."""
        gone = delete(notices).where(notices.c.account == account, notices.c.kind == kind)
        with self._database.transaction() as connection:
            self._database.check_owner(connection)
            return connection.execute(gone).rowcount > 0

    def all(self, kind: str | None = None) -> list[Notice]:
        """All notices, or those of a kind, by account."""
        query = select(notices).order_by(notices.c.account, notices.c.kind)
        if kind is not None:
            query = query.where(notices.c.kind == kind)
        with self._database.transaction() as connection:
            rows = connection.execute(query).mappings().all()
        return [
            Notice(row["account"], row["kind"], row["value"], since)
            for row in rows
            if (since := from_text(row["since"])) is not None
        ]
