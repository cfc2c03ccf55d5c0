"""What was found out about seller accounts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert

from adapter.ledger.database import Database, moment_of, to_text
from adapter.ledger.schema import account_notes


class AccountNotes:
    """The table `account_notes`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, account: str, name: str) -> tuple[str, datetime] | None:
        """What was noted, and when, aware UTC; None where nothing was."""
        query = select(account_notes).where(account_notes.c.account == account, account_notes.c.name == name)
        with self._database.transaction() as connection:
            row = connection.execute(query).mappings().first()
        if row is None:
            return None
        noted_at = moment_of(row["noted_at"])
        return row["content"], noted_at

    def keep(self, account: str, name: str, content: str, now: datetime) -> None:
        """Note something, instead of what was noted before."""
        values = {"account": account, "name": name, "content": content, "noted_at": to_text(now)}
        with self._database.transaction() as connection:
            self._database.check_owner(connection)
            connection.execute(
                insert(account_notes).values(values).on_conflict_do_update(["account", "name"], set_=values)
            )

    def forget(self, account: str, name: str) -> None:
        """It is so no longer."""
        with self._database.transaction() as connection:
            self._database.check_owner(connection)
            connection.execute(
                delete(account_notes).where(account_notes.c.account == account, account_notes.c.name == name)
            )
