"""Back-fills: old orders that somebody wants read, and how far each of their windows is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import RowMapping, and_, delete, exists, func, select, update
from sqlalchemy.dialects.sqlite import insert

from adapter.ledger.database import Database, from_text, moment_of, to_text
from adapter.ledger.schema import backfill_parts, backfilled, backfills, orders, wanted
from adapter.model.wish import BACKFILL

OPEN, DONE, STOPPED, FAILED = "open", "done", "stopped", "failed"
"""States of a back-fill."""

NEW, ORDERED, SEARCHED = "new", "ordered", "searched"
"""States of a window: nobody has begun with it; its report is ordered; it is searched page by page. Then `DONE`."""


@dataclass(frozen=True, slots=True)
class Backfill:
    """A back-fill.

    Attributes:
        since, until: bounds of the orders' creation, inclusive, aware, UTC.
        way: how the orders are found: `search`, `reports` or `both`.
        words: why it failed.
    """

    number: int
    account: str
    since: datetime
    until: datetime
    way: str
    asked_at: datetime
    state: str = OPEN
    words: str = ""


@dataclass(frozen=True, slots=True)
class Window:
    """A part of a back-fill, found in one piece; both bounds inclusive, aware, UTC.

    Attributes:
        report_id: of the report that is to tell its orders.
        page_token: where its search goes on.
        at: when the report was ordered, or since when Amazon keeps the page tokens.
        not_before: when to look at it again.
        tries: reports of it that came to nothing.
        found: orders that Amazon has told of.
    """

    since: datetime
    until: datetime
    state: str = NEW
    report_id: str | None = None
    page_token: str | None = None
    at: datetime | None = None
    not_before: datetime | None = None
    tries: int = 0
    found: int = 0


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a back-fill is.

    Attributes:
        windows, windows_done: of all of it, and of those whose orders are all known.
        found: orders that Amazon has told of so far, those that were known before included.
        waiting: those of them that still have to be asked for one by one.
        share: of the time between its bounds that is searched through or told by a report, 0 to 1.
    """

    windows: int
    windows_done: int
    found: int
    waiting: int
    share: float


class Backfills:
    """The tables `backfills`, `backfill_parts` and `backfilled`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def ask(
        self, account: str, since: datetime, until: datetime, way: str, windows: Sequence[Window], now: datetime
    ) -> Backfill:
        """Ask for a back-fill. Any process may; the one that owns the ledger carries it out.

        There is one for an account at a time: where one is open already, that one is returned and nothing is asked for.
        """
        with self._database.transaction() as connection:
            if (under_way := self.open(account)) is not None:
                return under_way
            values = {
                "account": account,
                "since": to_text(since),
                "until": to_text(until),
                "way": way,
                "state": OPEN,
                "words": "",
                "asked_at": to_text(now),
                "ended_at": None,
            }
            number = connection.execute(insert(backfills).values(values).returning(backfills.c.id)).scalar_one()
            self._put_windows(number, windows)
        return Backfill(number, account, since, until, way, now)

    def open(self, account: str) -> Backfill | None:
        """The back-fill of an account that is not over."""
        query = select(backfills).where(backfills.c.account == account, backfills.c.state == OPEN)
        with self._database.transaction() as connection:
            row = connection.execute(query).mappings().first()
        return None if row is None else _backfill(row)

    def get(self, number: int) -> Backfill:
        """A back-fill by its number."""
        with self._database.transaction() as connection:
            return _backfill(connection.execute(select(backfills).where(backfills.c.id == number)).mappings().one())

    def accounts(self) -> set[str]:
        """The accounts with an open back-fill."""
        query = select(backfills.c.account).where(backfills.c.state == OPEN)
        with self._database.transaction() as connection:
            return {row[0] for row in connection.execute(query)}

    def last(self, account: str) -> Backfill | None:
        """The newest back-fill of an account, whatever its state."""
        query = select(backfills).where(backfills.c.account == account).order_by(backfills.c.id.desc()).limit(1)
        with self._database.transaction() as connection:
            row = connection.execute(query).mappings().first()
        return None if row is None else _backfill(row)

    def choose(self, number: int, way: str) -> None:
        """From now on its orders are found in this way."""
        with self._database.transaction() as connection:
            self._database.check_owner(connection)
            connection.execute(update(backfills).where(backfills.c.id == number).values(way=way))

    def end(self, number: int, state: str, now: datetime, words: str = "") -> None:
        """It is over: `DONE`, `STOPPED` or `FAILED`. What it still wanted of Amazon is forgotten, unless it is done.

        Any process may stop one; it is noticed before the next request.
        """
        with self._database.transaction() as connection:
            values = {"state": state, "words": words, "ended_at": to_text(now)}
            connection.execute(
                update(backfills).where(backfills.c.id == number, backfills.c.state == OPEN).values(values)
            )
            if state == STOPPED:
                its = exists().where(
                    backfilled.c.backfill == number,
                    backfilled.c.account == wanted.c.account,
                    backfilled.c.order_id == wanted.c.order_id,
                )
                connection.execute(delete(wanted).where(wanted.c.reason == BACKFILL, its))

    def windows(self, number: int) -> list[Window]:
        """Its windows that are not done, the oldest first."""
        query = (
            select(backfill_parts)
            .where(backfill_parts.c.backfill == number, backfill_parts.c.state != DONE)
            .order_by(backfill_parts.c.since)
        )
        with self._database.transaction() as connection:
            return [_window(row) for row in connection.execute(query).mappings()]

    def put(self, number: int, *windows: Window) -> None:
        """Keep where windows are."""
        with self._database.transaction() as connection:
            self._database.check_owner(connection)
            self._put_windows(number, windows)

    def _put_windows(self, number: int, windows: Iterable[Window]) -> None:
        with self._database.transaction() as connection:
            for window in windows:
                values = {
                    "backfill": number,
                    "since": to_text(window.since),
                    "until": to_text(window.until),
                    "state": window.state,
                    "report_id": window.report_id,
                    "page_token": window.page_token,
                    "at": to_text(window.at) if window.at else None,
                    "not_before": to_text(window.not_before) if window.not_before else None,
                    "tries": window.tries,
                    "found": window.found,
                }
                connection.execute(
                    insert(backfill_parts).values(values).on_conflict_do_update(["backfill", "since"], set_=values)
                )

    def brought(self, backfill: Backfill, order_ids: Iterable[str]) -> None:
        """Note that these orders come from it; one that the ledger knows already, from elsewhere, does not."""
        with self._database.transaction() as connection:
            self._database.check_owner(connection)
            for order_id in order_ids:
                values = {"account": backfill.account, "order_id": order_id, "backfill": backfill.number}
                connection.execute(insert(backfilled).values(values).on_conflict_do_nothing())

    def known(self, account: str, order_ids: Iterable[str]) -> set[str]:
        """Those of these orders that the ledger has."""
        query = select(orders.c.order_id).where(orders.c.account == account)
        with self._database.transaction() as connection:
            return {one for one in order_ids if connection.execute(query.where(orders.c.order_id == one)).first()}

    def among(self, pairs: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
        """Those of these (account, order id) that a back-fill has brought."""
        query = select(backfilled.c.order_id)
        with self._database.transaction() as connection:
            return {
                pair
                for pair in pairs
                if connection.execute(
                    query.where(backfilled.c.account == pair[0], backfilled.c.order_id == pair[1])
                ).first()
            }

    def progress(self, backfill: Backfill) -> Progress:
        """How far it is."""
        mine = backfill_parts.c.backfill == backfill.number
        query = select(backfill_parts).where(mine)
        its = and_(backfilled.c.account == wanted.c.account, backfilled.c.order_id == wanted.c.order_id)
        left = (
            select(func.count())
            .select_from(backfilled.join(wanted, its))
            .where(backfilled.c.backfill == backfill.number, wanted.c.reason == BACKFILL)
        )
        with self._database.transaction() as connection:
            windows = [_window(row) for row in connection.execute(query).mappings()]
            waiting = int(connection.execute(left).scalar_one())
        whole = (backfill.until - backfill.since).total_seconds()
        done = [window for window in windows if window.state == DONE]
        covered = sum((window.until - window.since).total_seconds() for window in done)
        return Progress(
            len(windows),
            len(done),
            sum(window.found for window in windows),
            waiting,
            1.0 if len(done) == len(windows) else min(1.0, covered / whole if whole else 0.0),
        )


def _backfill(row: RowMapping) -> Backfill:
    return Backfill(
        row["id"],
        row["account"],
        moment_of(row["since"]),
        moment_of(row["until"]),
        row["way"],
        moment_of(row["asked_at"]),
        row["state"],
        row["words"],
    )


def _window(row: RowMapping) -> Window:
    return Window(
        moment_of(row["since"]),
        moment_of(row["until"]),
        row["state"],
        row["report_id"],
        row["page_token"],
        from_text(row["at"]),
        from_text(row["not_before"]),
        row["tries"],
        row["found"],
    )


def split(window: Window) -> tuple[Window, Window]:
    """The window as two halves that nobody has begun with; an order of the instant between them is told by both."""
    middle = (window.since + (window.until - window.since) / 2).replace(microsecond=0)
    return Window(window.since, middle), Window(middle, window.until)
