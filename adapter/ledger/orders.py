"""Orders as Amazon showed them, and how far each account has been read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, delete, func, or_, select, update
from sqlalchemy.dialects.sqlite import insert

from adapter.ledger.database import Database, from_text, moment_of, to_text
from adapter.ledger.schema import cursors, orders, wanted
from adapter.model.wish import CAN_WAIT, NEEDS_ITS_OWN_CALL

_SETTLED = (
    update(orders)
    .where(orders.c.account == bindparam("its_account"), orders.c.order_id == bindparam("its_order_id"))
    .values(settled_hash=bindparam("settled_hash"))
)

_NEW = insert(orders)
_STORED = _NEW.on_conflict_do_update(
    ["account", "order_id"],
    set_={
        name: _NEW.excluded[name] for name in ("reader", "content", "content_hash", "amazon_updated_at", "changed_at")
    },
    where=and_(
        orders.c.content_hash != _NEW.excluded.content_hash,
        or_(
            orders.c.amazon_updated_at.is_(None),
            _NEW.excluded.amazon_updated_at.is_(None),
            _NEW.excluded.amazon_updated_at >= orders.c.amazon_updated_at,
        ),
    ),
)
"""Keeps an order unless the one that is kept already is newer, or the same."""

_FULFILLED = delete(wanted).where(
    wanted.c.account == bindparam("its_account"),
    wanted.c.order_id == bindparam("its_order_id"),
    wanted.c.reason.not_in(NEEDS_ITS_OWN_CALL),
    or_(
        wanted.c.head_updated_at <= bindparam("shown"),
        and_(wanted.c.head_updated_at.is_(None), wanted.c.reason.in_(CAN_WAIT)),
    ),
)


@dataclass(frozen=True, slots=True)
class SeenOrder:
    """An order as the ledger keeps it: `content` is Amazon's own JSON, `reader` says in which form.

    Attributes:
        updated_at: Amazon's time of the last change, aware, UTC; None where Amazon gave no readable one.
    """

    account: str
    order_id: str
    content: str
    reader: str = "orders/2026-01-01"
    updated_at: datetime | None = None

    @property
    def content_hash(self) -> str:
        """Equal for equal content. Amazon's time of the last change is a part of it: a new one is looked at again."""
        return hashlib.sha256(self.content.encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far an account has been read.

    Attributes:
        updated_after: lower bound of the sweep under way, or of the next one.
        window_before: upper bound that Amazon gave to the sweep under way.
        page_token, token_at: where that sweep goes on, and since when Amazon has been keeping the token (24 hours).
        polled_at: when the last complete sweep ended.
        pages: how many pages of the sweep under way are stored.
        shown_from, shown_to: the oldest and the newest change on them.
    """

    updated_after: datetime
    window_before: datetime | None = None
    page_token: str | None = None
    token_at: datetime | None = None
    polled_at: datetime | None = None
    pages: int = 0
    shown_from: datetime | None = None
    shown_to: datetime | None = None


class Orders:
    """The tables `orders` and `cursors`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def cursor(self, account: str) -> Cursor | None:
        """How far this account has been read; None before the first sweep."""
        with self._database.transaction() as connection:
            row = connection.execute(select(cursors).where(cursors.c.account == account)).mappings().first()
        if row is None:
            return None
        after = moment_of(row["updated_after"])
        return Cursor(
            after,
            from_text(row["window_before"]),
            row["page_token"],
            from_text(row["token_at"]),
            from_text(row["polled_at"]),
            row["pages"],
            from_text(row["shown_from"]),
            from_text(row["shown_to"]),
        )

    def store_page(self, account: str, page: Sequence[SeenOrder], cursor: Cursor, now: datetime) -> int:
        """Store a page and where to go on, together: neither is ever kept without the other.

        An order that was wanted and is on the page, as new as it is known to be, is no longer wanted.

        Returns:
            How many of the orders were new or had changed. An order older than the one we know is left out.
        """
        with self._database.transaction() as connection:
            self._database.check_owner(connection)
            changed = sum(self._store(order, now) for order in page)
            self._fulfil(connection, page)
            values = {
                "account": account,
                "updated_after": to_text(cursor.updated_after),
                "window_before": to_text(cursor.window_before) if cursor.window_before else None,
                "page_token": cursor.page_token,
                "token_at": to_text(cursor.token_at) if cursor.token_at else None,
                "polled_at": to_text(cursor.polled_at) if cursor.polled_at else None,
                "pages": cursor.pages,
                "shown_from": to_text(cursor.shown_from) if cursor.shown_from else None,
                "shown_to": to_text(cursor.shown_to) if cursor.shown_to else None,
            }
            connection.execute(insert(cursors).values(values).on_conflict_do_update(["account"], set_=values))
        return changed

    def store_one(self, order: SeenOrder, now: datetime, *, still_wanted: bool = False) -> bool:
        """Store an order that was asked for by itself; it is no longer wanted.

        Args:
            still_wanted: the order is known to have changed again since: the wish stays.

        Returns:
            Whether it was new or had changed.
        """
        with self._database.transaction() as connection:
            self._database.check_owner(connection)
            if not still_wanted:
                connection.execute(
                    delete(wanted).where(wanted.c.account == order.account, wanted.c.order_id == order.order_id)
                )
            return self._store(order, now)

    def store_several(self, account: str, several: Sequence[SeenOrder], now: datetime) -> int:
        """Store orders that a search for wanted ones has brought: those that are, and those that are known already.

        Returns:
            How many of them were wanted, and are no longer.
        """
        with self._database.transaction() as connection:
            self._database.check_owner(connection)
            ids = [order.order_id for order in several]
            known = set(
                connection.scalars(
                    select(wanted.c.order_id)
                    .where(wanted.c.account == account, wanted.c.order_id.in_(ids))
                    .union(select(orders.c.order_id).where(orders.c.account == account, orders.c.order_id.in_(ids)))
                )
            )
            kept = [order for order in several if order.order_id in known]
            for order in kept:
                self._store(order, now)
            return self._fulfil(connection, kept)

    def _fulfil(self, connection: Connection, several: Sequence[SeenOrder]) -> int:
        """Drop the wishes that these orders fulfil: not those for what a page does not tell, or did not tell before."""
        if connection.execute(select(wanted.c.order_id).limit(1)).first() is None:
            return 0
        rows = [
            {
                "its_account": order.account,
                "its_order_id": order.order_id,
                # Amazon's own messages and reports may cut off parts of seconds, or keep those that the order has not.
                "shown": to_text(order.updated_at.replace(microsecond=999_999)) if order.updated_at else "",
            }
            for order in several
        ]
        return sum(connection.execute(_FULFILLED, row).rowcount for row in rows)

    def _store(self, order: SeenOrder, now: datetime) -> bool:
        moment = to_text(now)
        values = {
            "account": order.account,
            "order_id": order.order_id,
            "reader": order.reader,
            "content": order.content,
            "content_hash": order.content_hash,
            "amazon_updated_at": to_text(order.updated_at) if order.updated_at else None,
            "first_seen_at": moment,
            "changed_at": moment,
        }
        with self._database.transaction() as connection:
            return connection.execute(_STORED, values).rowcount > 0

    def open(self, account: str | None = None) -> list[SeenOrder]:
        """The orders with something left to do, oldest first."""
        wanted = or_(orders.c.settled_hash.is_(None), orders.c.settled_hash != orders.c.content_hash)
        query = select(orders).where(wanted).order_by(orders.c.amazon_updated_at, orders.c.order_id)
        if account is not None:
            query = query.where(orders.c.account == account)
        return self._read(query)

    def by_id(self, order_id: str) -> list[SeenOrder]:
        """The order with this id in every account that has it."""
        return self._read(select(orders).where(orders.c.order_id == order_id))

    def latest(self, limit: int) -> list[SeenOrder]:
        """The orders that Amazon changed last, settled ones too, the newest first."""
        return self._read(select(orders).order_by(orders.c.amazon_updated_at.desc(), orders.c.order_id).limit(limit))

    def _read(self, query: object) -> list[SeenOrder]:
        with self._database.transaction() as connection:
            rows = connection.execute(query).mappings().all()  # type: ignore[call-overload]
        return [
            SeenOrder(
                row["account"],
                row["order_id"],
                row["content"],
                row["reader"],
                from_text(row["amazon_updated_at"]),
            )
            for row in rows
        ]

    def settle(self, settled: Iterable[tuple[str, str, str]]) -> None:
        """Nothing is left to do for these (account, order id, content hash), until Amazon shows other content."""
        rows = [
            {"its_account": account, "its_order_id": order_id, "settled_hash": content_hash}
            for account, order_id, content_hash in settled
        ]
        with self._database.transaction() as connection:
            self._database.check_owner(connection)
            if rows:
                connection.execute(_SETTLED, rows)

    def reopen(self, account: str, order_id: str) -> None:
        """Plan this order again."""
        with self._database.transaction() as connection:
            self._database.check_owner(connection)
            connection.execute(
                update(orders)
                .where(orders.c.account == account, orders.c.order_id == order_id)
                .values(settled_hash=None)
            )

    def counts(self) -> dict[str, int]:
        """How many orders each account has shown."""
        query = select(orders.c.account, func.count()).group_by(orders.c.account)
        with self._database.transaction() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}
