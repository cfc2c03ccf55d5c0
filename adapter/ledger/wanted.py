"""Orders that still have to be asked for one by one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, case, delete, func, or_, select, update
from sqlalchemy.dialects.sqlite import insert

from adapter.ledger.database import Database, from_text, to_text
from adapter.ledger.schema import orders, wanted
from adapter.model.wish import CAN_WAIT


@dataclass(frozen=True, slots=True)
class Wanted:
    """An order to ask Amazon for.

    Attributes:
        reason: why, as `model.wish` has it.
        head: what a page told of it already, in the reader's own JSON.
        updated_at: Amazon's time of the last change as told there, aware, UTC; an order of which the ledger already has
            this version is not wanted.
        tries: how often it could not be read.
    """

    account: str
    order_id: str
    reason: str
    head: str | None = None
    updated_at: datetime | None = None
    tries: int = 0


class WantedOrders:
    """The table `wanted`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, several: Iterable[Wanted], now: datetime) -> int:
        """Want orders; one that is wanted already keeps its place, unless it could wait, and the newer head counts.

        Returns:
            How many were not wanted before.
        """
        added = 0
        with self._database.transaction() as connection:
            self._database.check_owner(connection)
            for one in several:
                if not self._known(one):
                    added += self._add(one, now)
        return added

    def _known(self, one: Wanted) -> bool:
        if one.updated_at is None:
            return False
        query = select(orders.c.order_id).where(
            orders.c.account == one.account,
            orders.c.order_id == one.order_id,
            orders.c.amazon_updated_at >= to_text(one.updated_at),
        )
        with self._database.transaction() as connection:
            return connection.execute(query).first() is not None

    def _add(self, one: Wanted, now: datetime) -> bool:
        values = {
            "account": one.account,
            "order_id": one.order_id,
            "reason": one.reason,
            "head": one.head,
            "head_updated_at": to_text(one.updated_at) if one.updated_at else None,
            "tries": 0,
            "not_before": None,
            "wanted_at": to_text(now),
        }
        with self._database.transaction() as connection:
            if connection.execute(insert(wanted).values(values).on_conflict_do_nothing()).rowcount:
                return True
            newer = and_(
                _is(one),
                or_(wanted.c.head_updated_at.is_(None), wanted.c.head_updated_at <= (values["head_updated_at"] or "")),
            )
            fresh = {name: values[name] for name in ("head", "head_updated_at", "tries", "not_before")}
            connection.execute(update(wanted).where(newer).values(fresh))
            if one.reason not in CAN_WAIT:
                could_wait = and_(_is(one), wanted.c.reason.in_(CAN_WAIT))
                connection.execute(update(wanted).where(could_wait).values(reason=one.reason))
        return False

    def next(self, account: str, now: datetime, most: int) -> list[Wanted]:
        """Those that may be asked for now, the oldest wish first.

        Behind them come those that can wait, the newest order first: searches for them begin with the oldest,
        and both meet in the middle.
        """
        can_wait = wanted.c.reason.in_(CAN_WAIT)
        query = (
            select(wanted)
            .where(wanted.c.account == account)
            .where(or_(wanted.c.not_before.is_(None), wanted.c.not_before <= to_text(now)))
            .order_by(
                can_wait,
                case((can_wait, wanted.c.head_updated_at)).desc().nulls_first(),
                wanted.c.wanted_at,
                wanted.c.order_id,
            )
            .limit(most)
        )
        return self._read(query)

    def oldest(self, account: str, before: datetime, most: int) -> list[Wanted]:
        """Those that can wait and of which Amazon's time of the last change is known, from the oldest on."""
        query = (
            select(wanted)
            .where(wanted.c.account == account, wanted.c.reason.in_(CAN_WAIT), wanted.c.head.is_(None))
            .where(wanted.c.head_updated_at < to_text(before))
            .order_by(wanted.c.head_updated_at, wanted.c.order_id)
            .limit(most)
        )
        return self._read(query)

    def unknown_time(self, several: Iterable[Wanted]) -> None:
        """These orders have changed since: a search for the time that was known does not find them."""
        with self._database.transaction() as connection:
            self._database.check_owner(connection)
            for one in several:
                connection.execute(update(wanted).where(_is(one)).values(head_updated_at=None))

    def _read(self, query: Select[tuple[object, ...]]) -> list[Wanted]:
        with self._database.transaction() as connection:
            return [
                Wanted(
                    row["account"],
                    row["order_id"],
                    row["reason"],
                    row["head"],
                    from_text(row["head_updated_at"]),
                    row["tries"],
                )
                for row in connection.execute(query).mappings()
            ]

    def among(self, pairs: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
        """Those of these (account, order id) that are still wanted."""
        query = select(wanted.c.order_id)
        with self._database.transaction() as connection:
            return {
                pair
                for pair in pairs
                if connection.execute(query.where(wanted.c.account == pair[0], wanted.c.order_id == pair[1])).first()
            }

    def next_at(self, account: str) -> datetime | None:
        """When the first of the postponed orders may be asked for again; None where none is postponed."""
        query = select(func.min(wanted.c.not_before)).where(wanted.c.account == account)
        with self._database.transaction() as connection:
            return from_text(connection.execute(query).scalar())

    def postpone(self, one: Wanted, until: datetime) -> None:
        """Ask again later."""
        with self._database.transaction() as connection:
            self._database.check_owner(connection)
            values = {"tries": one.tries + 1, "not_before": to_text(until)}
            connection.execute(update(wanted).where(_is(one)).values(values))

    def forget(self, one: Wanted) -> None:
        """It is no longer wanted."""
        with self._database.transaction() as connection:
            self._database.check_owner(connection)
            connection.execute(delete(wanted).where(_is(one)))

    def counts(self) -> dict[str, int]:
        """How many orders of each account are wanted."""
        query = select(wanted.c.account, func.count()).group_by(wanted.c.account)
        with self._database.transaction() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}


def _is(one: Wanted) -> ColumnElement[bool]:
    return and_(wanted.c.account == one.account, wanted.c.order_id == one.order_id)
