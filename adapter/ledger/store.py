"""The ledger as one object: its parts, opened and closed together."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Self

from sqlalchemy import Connection

from adapter.ledger.accounts import AccountNotes
from adapter.ledger.database import Database, open_database
from adapter.ledger.elements import Elements
from adapter.ledger.entries import Entries
from adapter.ledger.items import Items
from adapter.ledger.notes import Notes
from adapter.ledger.notices import Notices
from adapter.ledger.orders import Orders
from adapter.ledger.remembered import RememberedCustomers
from adapter.ledger.wanted import WantedOrders


class Ledger:
    """What was seen, decided and written. Open it with `Ledger.open`, and `own` it before writing."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.orders = Orders(database)
        self.wanted = WantedOrders(database)
        self.entries = Entries(database)
        self.elements = Elements(database)
        self.notes = Notes(database)
        self.notices = Notices(database)
        self.accounts = AccountNotes(database)
        self.items = Items(database)
        self.remembered = RememberedCustomers(database)

    @classmethod
    def open(cls, directory: Path | None) -> Ledger:
        """Open the ledger in a state directory, creating or upgrading it; None keeps it in memory.

        Raises:
            LedgerBroken: the directory or file cannot be used.
        """
        return cls(open_database(directory))

    def own(self, now: datetime) -> Ledger:
        """Become the one process that writes.

        Raises:
            LedgerBusy: another process does.
        """
        self._database.own(now)
        return self

    @property
    def owned(self) -> bool:
        """Whether this process may write."""
        return self._database.epoch > 0

    @property
    def folder(self) -> Path:
        """Where to keep files beside the ledger; of a ledger in memory, one that is gone when it is closed."""
        return self._database.folder

    def transaction(self) -> AbstractContextManager[Connection]:
        """Several changes that are kept together or not at all."""
        return self._database.transaction()

    def flush(self) -> None:
        """Put on the disk what nobody has waited for.

        Raises:
            NotOurs, LedgerBroken, LedgerBusy: it cannot be kept.
        """
        self._database.flush()

    @property
    def waiting(self) -> int:
        """How many changes wait for the next commit."""
        return self._database.waiting

    def close(self) -> None:
        """Close the file and let another process write."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
