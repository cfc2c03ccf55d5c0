"""Catalog elements that we create: one creator for each natural key, whatever crashes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from adapter.ledger.database import Database, from_text, to_text
from adapter.ledger.schema import elements
from adapter.model.entry import State


@dataclass(frozen=True, slots=True)
class ElementEntry:
    """What the ledger says about an element: INTENT, UNKNOWN, DONE, or PLANNED again after a refusal."""

    entity_set: str
    natural_key: str
    ref_key: UUID
    name: str
    state: State
    not_before: datetime | None = None


class Elements:
    """The table `elements`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, entity_set: str, natural_key: str) -> ElementEntry | None:
        """What is known of this element."""
        found = self._read(
            select(elements).where(elements.c.entity_set == entity_set, elements.c.natural_key == natural_key)
        )
        return found[0] if found else None

    def in_state(self, *states: State) -> list[ElementEntry]:
        """All elements in these states."""
        return self._read(select(elements).where(elements.c.state.in_(states)))

    def _read(self, query: Any) -> list[ElementEntry]:
        with self._database.transaction() as connection:
            return [
                ElementEntry(
                    row["entity_set"],
                    row["natural_key"],
                    UUID(row["ref_key"]),
                    row["name"],
                    State(row["state"]),
                    from_text(row["not_before"]),
                )
                for row in connection.execute(query).mappings()
            ]

    def claim(self, element: ElementEntry, now: datetime) -> ElementEntry | None:
        """Become the one who creates an element, on whichever thread or host; on the disk when this returns.

        Returns:
            None where it is claimed, in the state INTENT; otherwise the entry that is in the way: somebody else
            creates this element, or has created it.
        """
        values = self._values(element, now)
        statement = insert(elements).values(values)
        free = statement.on_conflict_do_update(
            ["entity_set", "natural_key"], set_=values, where=elements.c.state == State.PLANNED
        )
        with self._database.transaction() as connection:
            self._database.check_owner(connection)
            claimed = connection.execute(free).rowcount > 0
        return None if claimed else self.find(element.entity_set, element.natural_key)

    def record(self, element: ElementEntry, now: datetime) -> None:
        """Keep the state of an element; on the disk when this returns."""
        values = self._values(element, now)
        statement = insert(elements).values(values).on_conflict_do_update(["entity_set", "natural_key"], set_=values)

        def change(connection: Connection) -> None:
            connection.execute(statement)

        self._database.together(change)

    def _values(self, element: ElementEntry, now: datetime) -> dict[str, Any]:
        return {
            "entity_set": element.entity_set,
            "natural_key": element.natural_key,
            "ref_key": str(element.ref_key),
            "name": element.name,
            "state": element.state,
            "epoch": self._database.epoch,
            "not_before": to_text(element.not_before) if element.not_before else None,
            "updated_at": to_text(now),
        }
