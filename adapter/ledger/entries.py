"""Entries and their history: every move is checked, conditional and leaves an event."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Insert, RowMapping, Update, bindparam, func, select, tuple_
from sqlalchemy.dialects.sqlite import insert

from adapter.ledger.database import Database, NotOurs, from_text, moment_of, to_json, to_text
from adapter.ledger.schema import entries, events
from adapter.model.entry import ALLOWED, Entry, HoldCause, Key, Operation, State

_CHUNK = 300

# Built once: building and comparing a statement takes longer than carrying it out.
_KEY = ("account", "order_id", "document")
_NEW_ENTRY = insert(entries).on_conflict_do_nothing()
_MOVED_ENTRY = (
    entries.update()
    .where(*(entries.c[name] == bindparam(f"its_{name}") for name in _KEY))
    .where(entries.c.state == bindparam("state_before"), entries.c.epoch == bindparam("epoch_before"))
    .values({column.name: bindparam(column.name) for column in entries.c if column.name not in _KEY})
)
_NEW_EVENT = events.insert()


@dataclass(frozen=True, slots=True)
class Event:
    """One line of an order's history. `at` is aware, UTC."""

    at: datetime
    key: Key
    state_from: State | None
    state_to: State
    operation: Operation | None
    attempt: int
    epoch: int
    cause: str


class Entries:
    """The tables `entries` and `events`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_orders(self, wanted: Iterable[tuple[str, str]]) -> dict[Key, Entry]:
        """All entries of these (account, order id)."""
        pairs = list(wanted)
        found: dict[Key, Entry] = {}
        with self._database.transaction() as connection:
            for start in range(0, len(pairs), _CHUNK):
                chunk = pairs[start : start + _CHUNK]
                query = select(entries).where(tuple_(entries.c.account, entries.c.order_id).in_(chunk))
                for row in connection.execute(query).mappings():
                    entry = _entry(row)
                    found[entry.key] = entry
        return found

    def in_states(self, *states: State) -> list[Entry]:
        """All entries in these states, the oldest change first."""
        query = select(entries).where(entries.c.state.in_(states)).order_by(entries.c.updated_at, entries.c.order_id)
        with self._database.transaction() as connection:
            return [_entry(row) for row in connection.execute(query).mappings()]

    def of_order(self, order_id: str) -> list[Entry]:
        """The entries of an order in every account."""
        query = select(entries).where(entries.c.order_id == order_id).order_by(entries.c.account, entries.c.document)
        with self._database.transaction() as connection:
            return [_entry(row) for row in connection.execute(query).mappings()]

    def counts(self) -> dict[State, int]:
        """How many entries are in each state."""
        query = select(entries.c.state, func.count()).group_by(entries.c.state)
        with self._database.transaction() as connection:
            return {State(state): count for state, count in connection.execute(query)}

    def move(self, before: Entry | None, after: Entry, cause: str, now: datetime, *, wait: bool = True) -> Entry:
        """Move an entry from the state we know to another, with an event; on the disk when this returns.

        Args:
            before: the entry as we read it, None for a new one.
            after: the entry as it shall be; epoch and time are set here.
            cause: why, in words for a person, without personal data.
            wait: False lets it come to the disk with the next move, or with `Ledger.flush`, which then tells of
                `NotOurs`: for what a crash may forget.

        Raises:
            NotOurs: somebody else has moved it, or has taken the ledger over: stop working on it.
            ValueError: the move is not allowed from that state.
        """
        state_from = before.state if before else None
        if after.state not in ALLOWED[state_from]:
            raise ValueError(f"{after.key}: no way leads from {state_from} to {after.state}")
        after = replace(after, epoch=self._database.epoch, updated_at=now)
        statement: Insert | Update = _NEW_ENTRY
        values = _values(after)
        if before is not None:
            statement = _MOVED_ENTRY
            values |= {f"its_{name}": values.pop(name) for name in _KEY}
            values |= {"state_before": before.state, "epoch_before": before.epoch}
        event = _event_values(state_from, after, cause)

        def change(connection: Connection) -> None:
            if not connection.execute(statement, values).rowcount:
                raise NotOurs(f"{after.key} was changed by another process; this one stops working on it")
            connection.execute(_NEW_EVENT, event)

        self._database.together(change, wait=wait)
        return after

    def history(self, order_id: str) -> list[Event]:
        """Everything that ever happened to an order, in order."""
        query = select(events).where(events.c.order_id == order_id).order_by(events.c.id)
        with self._database.transaction() as connection:
            return [_event(row) for row in connection.execute(query).mappings()]


def _values(entry: Entry) -> dict[str, Any]:
    return {
        "account": entry.key.account,
        "order_id": entry.key.order_id,
        "document": entry.key.document,
        "state": entry.state,
        "entity_set": entry.entity_set,
        "ref_key": str(entry.ref_key) if entry.ref_key else None,
        "operation": entry.operation,
        "attempt": entry.attempt,
        "epoch": entry.epoch,
        "wanted": None if entry.wanted is None else to_json(entry.wanted),
        "written": int(entry.written),
        "posted": int(entry.posted),
        "marked": int(entry.marked),
        "data_version": entry.data_version,
        "order_hash": entry.order_hash,
        "material": entry.material,
        "mapping_version": entry.mapping_version,
        "reasons": to_json(list(entry.reasons)),
        "hold": entry.hold,
        "not_before": to_text(entry.not_before) if entry.not_before else None,
        "summary": to_json(dict(entry.summary)),
        "updated_at": to_text(entry.updated_at) if entry.updated_at else "",
    }


def _event_values(state_from: State | None, after: Entry, cause: str) -> dict[str, Any]:
    return {
        "at": to_text(after.updated_at) if after.updated_at else "",
        "account": after.key.account,
        "order_id": after.key.order_id,
        "document": after.key.document,
        "state_from": state_from,
        "state_to": after.state,
        "operation": after.operation,
        "attempt": after.attempt,
        "epoch": after.epoch,
        "cause": cause,
    }


def _entry(row: RowMapping) -> Entry:
    reasons: Sequence[str] = json.loads(row["reasons"])
    summary: Mapping[str, Any] = json.loads(row["summary"])
    return Entry(
        key=Key(row["account"], row["order_id"], row["document"]),
        state=State(row["state"]),
        entity_set=row["entity_set"],
        ref_key=UUID(row["ref_key"]) if row["ref_key"] else None,
        operation=Operation(row["operation"]) if row["operation"] else None,
        attempt=row["attempt"],
        epoch=row["epoch"],
        wanted=json.loads(row["wanted"]) if row["wanted"] else None,
        written=bool(row["written"]),
        posted=bool(row["posted"]),
        marked=bool(row["marked"]),
        data_version=row["data_version"],
        order_hash=row["order_hash"],
        material=row["material"],
        mapping_version=row["mapping_version"],
        reasons=tuple(reasons),
        hold=HoldCause(row["hold"]) if row["hold"] else None,
        not_before=from_text(row["not_before"]),
        summary=summary,
        updated_at=from_text(row["updated_at"] or None),
    )


def _event(row: RowMapping) -> Event:
    return Event(
        at=moment_of(row["at"]),
        key=Key(row["account"], row["order_id"], row["document"]),
        state_from=State(row["state_from"]) if row["state_from"] else None,
        state_to=State(row["state_to"]),
        operation=Operation(row["operation"]) if row["operation"] else None,
        attempt=row["attempt"],
        epoch=row["epoch"],
        cause=row["cause"],
    )
