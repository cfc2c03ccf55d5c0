"""Sweeps: all orders changed since the last one, page by page; the cursor moves only after the last page is stored."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from adapter.amazon.errors import BadAnswer, BadRequest, OrderNotFound, PageTokenExpired, Throttled
from adapter.amazon.page import Page, WireOrder
from adapter.amazon.query import SearchQuery
from adapter.errors import Unavailable
from adapter.ledger import Ledger
from adapter.ledger.orders import Cursor, SeenOrder
from adapter.ledger.wanted import Wanted
from adapter.model.wish import ITEMS
from adapter.reading.account import Account, ReadReport
from adapter.reading.bulk import search_wanted
from adapter.reading.single import read_wanted, seen

OVERLAP = timedelta(minutes=10)
"""How far each sweep goes back behind the last one's end: Amazon shows some changes minutes late."""

TOKEN_LIFE = timedelta(hours=23)
"""Amazon keeps a page token for 24 hours. Source: SP-API Orders model 2026-01-01, pagination."""


def read_orders(
    account: Account, ledger: Ledger, now: Callable[[], datetime], stopped: Callable[[], bool] = lambda: False
) -> ReadReport:
    """Bring the ledger up to date with Amazon, as far as the budgets allow; a later call goes on where this ended.

    Raises:
        Unavailable, ConfigurationError: Amazon cannot be asked; what was read is stored.
    """
    swept = _sweep(account, ledger, now, stopped)
    bulk = search_wanted(account, ledger, now, stopped) if swept.complete else ReadReport()
    single = read_wanted(account, ledger, now, stopped)
    waits = [report.wait_seconds for report in (swept, single) if report.wait_seconds]
    return replace(
        swept,
        pages=swept.pages + bulk.pages,
        orders=swept.orders + bulk.orders + single.orders,
        changed=swept.changed + bulk.changed + single.changed,
        waiting=single.waiting,
        wait_seconds=min(waits, default=0.0),
        again_seconds=single.again_seconds,
        problems=(*swept.problems, *bulk.problems, *single.problems),
    )


def _sweep(account: Account, ledger: Ledger, now: Callable[[], datetime], stopped: Callable[[], bool]) -> ReadReport:
    report = ReadReport()
    cursor = ledger.orders.cursor(account.name) or Cursor(account.read_from)
    if cursor.page_token and (cursor.token_at is None or now() - cursor.token_at > TOKEN_LIFE):
        cursor = _from_the_start(cursor)
    given = {cursor.page_token}
    while not stopped():
        try:
            page = account.client.search(_query(account, cursor), cursor.page_token)
        except Throttled as later:
            return replace(report, wait_seconds=later.seconds)
        except PageTokenExpired:
            if cursor.page_token is None:
                raise
            cursor = _from_the_start(cursor)
            continue
        circle = page.next_token is not None and page.next_token in given
        given.add(page.next_token)
        cursor = _from_the_start(cursor) if circle else _moved(cursor, page, now())
        orders = [seen(account, order) for order in page.orders]
        with ledger.transaction():
            changed = ledger.orders.store_page(account.name, orders, cursor, now())
            ledger.wanted.add([_wanted(account, head) for head in page.heads], now())
        if circle:
            raise _repeated(account)
        report = replace(
            report,
            pages=report.pages + 1,
            orders=report.orders + len(orders),
            changed=report.changed + changed,
            problems=(*report.problems, *page.problems),
        )
        if cursor.page_token is None:
            return replace(report, complete=True)
    return report


def peek_orders(account: Account, ledger: Ledger) -> tuple[list[SeenOrder], ReadReport]:
    """What `read_orders` would bring, kept in memory: no cursor moves, no order's state changes."""
    cursor = ledger.orders.cursor(account.name) or Cursor(account.read_from)
    token: str | None = None
    given: set[str] = set()
    found: dict[str, SeenOrder] = {}
    report = ReadReport()
    while True:
        try:
            page = account.client.search(_query(account, cursor), token)
        except Throttled as later:
            return list(found.values()), replace(report, wait_seconds=later.seconds)
        found |= {order.order_id: seen(account, order) for order in page.orders}
        try:
            for head in page.heads:
                try:
                    whole = account.client.get_order(head.order_id, account.included, head.content)
                except (BadAnswer, BadRequest, OrderNotFound) as problem:
                    # As in the true run, one order that Amazon cannot tell never keeps the others waiting.
                    report = replace(report, problems=(*report.problems, str(problem)))
                else:
                    found[head.order_id] = seen(account, whole)
        except Throttled as later:
            return list(found.values()), replace(report, wait_seconds=later.seconds)
        report = replace(
            report,
            pages=report.pages + 1,
            orders=report.orders + len(page.orders),
            problems=(*report.problems, *page.problems),
        )
        if page.next_token is None:
            return list(found.values()), replace(report, complete=True)
        if page.next_token in given:
            raise _repeated(account)
        token = page.next_token
        given.add(token)


def _query(account: Account, cursor: Cursor) -> SearchQuery:
    """The same for every page of a sweep, as Amazon demands."""
    return SearchQuery(
        updated_after=cursor.updated_after, marketplace_ids=account.marketplace_ids, included=account.included
    )


def _moved(cursor: Cursor, page: Page, now: datetime) -> Cursor:
    """Where to go on after a page: with its token, or with the next sweep after the last page."""
    # The first page's bound counts: what changes while we turn pages comes with the next sweep.
    bound = cursor.window_before or page.upper_bound
    if page.next_token is not None:
        shown = [at for at in (cursor.shown_from, cursor.shown_to) if at is not None]
        shown += [order.updated_at for order in (*page.orders, *page.heads) if order.updated_at is not None]
        return replace(
            cursor,
            window_before=bound,
            page_token=page.next_token,
            token_at=cursor.token_at or now,
            pages=cursor.pages + 1,
            shown_from=min(shown, default=None),
            shown_to=max(shown, default=None),
        )
    end = (bound or cursor.updated_after) - OVERLAP
    return Cursor(max(cursor.updated_after, end), polled_at=now)


def _from_the_start(cursor: Cursor) -> Cursor:
    """The sweep under way begins anew."""
    return Cursor(cursor.updated_after, polled_at=cursor.polled_at)


def _repeated(account: Account) -> Unavailable:
    return Unavailable(f"account {account.name}: Amazon repeats its pages; the sweep begins anew next time")


def _wanted(account: Account, head: WireOrder) -> Wanted:
    return Wanted(account.name, head.order_id, ITEMS, head.content, head.updated_at)
