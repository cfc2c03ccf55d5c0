"""What is slow to read from an infobase, kept in the ledger for a while."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from adapter.ledger import Ledger
from adapter.onec.client import InfobaseClient


@dataclass(frozen=True, slots=True)
class Copies:
    """Reads from one infobase through the ledger's copies. Those of another infobase are never taken for its own.

    Args:
        max_age: how old a copy may be; zero reads everything anew.
        metadata_age: the same for the schema, which is slow to read and seldom changes.
    """

    ledger: Ledger
    client: InfobaseClient
    now: Callable[[], datetime]
    max_age: timedelta
    metadata_age: timedelta = timedelta(days=1)

    def get(self, name: str, read: Callable[[], str]) -> str:
        """The kept text, or the one that `read` brings, which is then kept.

        A copy from the future, after the clock was put back, does not count.
        """
        kept = self.ledger.notes.copy(self._known_as(name))
        if kept is not None and timedelta(0) <= self.now() - kept[1] < self.max_age:
            return kept[0]
        content = read()
        self.keep(name, content)
        return content

    def kept(self, name: str) -> tuple[str, datetime] | None:
        """What was kept and when it was read, however long ago."""
        return self.ledger.notes.copy(self._known_as(name))

    def keep(self, name: str, content: str, *, at: datetime | None = None) -> None:
        """Keep what was just read; a command that only looks keeps nothing.

        Args:
            at: when the reading began, where it took long.
        """
        if self.ledger.owned:
            self.ledger.notes.keep_copy(self._known_as(name), content, at or self.now())

    def _known_as(self, name: str) -> str:
        return f"{name} of {self.client.address}"
