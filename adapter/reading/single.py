"""Orders asked for one by one: because a page told only a part of them, or because somebody wants to know now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from adapter.amazon.errors import BadAnswer, BadRequest, OrderNotFound, Throttled
from adapter.amazon.page import WireOrder
from adapter.ledger import Ledger
from adapter.ledger.orders import SeenOrder
from adapter.ledger.wanted import Wanted
from adapter.reading.account import Account, ReadReport

_CHUNK = 50
_FIRST_DELAY = timedelta(minutes=5)
_LONGEST_DELAY = timedelta(hours=6)


def read_wanted(
    account: Account, ledger: Ledger, now: Callable[[], datetime], stopped: Callable[[], bool] = lambda: False
) -> ReadReport:
    """Ask for the orders that are wanted, as far as the budget allows, the oldest wish first.

    Raises:
        Unavailable, ConfigurationError: Amazon cannot be asked; what was read is stored, the rest stays wanted.
    """
    report = ReadReport()
    while wanted := ledger.wanted.next(account.name, now(), _CHUNK):
        for one in wanted:
            if stopped():
                return _with_rest(report, account, ledger)
            try:
                changed = _read_one(account, ledger, one, now)
            except Throttled as later:
                return _with_rest(replace(report, wait_seconds=later.seconds), account, ledger)
            except OrderNotFound as problem:
                ledger.wanted.forget(one)
                report = replace(report, problems=(*report.problems, str(problem)))
            except (BadAnswer, BadRequest) as problem:
                # One order that Amazon cannot tell never keeps the others waiting.
                ledger.wanted.postpone(one, now() + _delay(one.tries))
                report = replace(report, problems=(*report.problems, str(problem)))
            else:
                report = replace(report, orders=report.orders + 1, changed=report.changed + changed)
    return _with_rest(report, account, ledger)


def seen(account: Account, order: WireOrder) -> SeenOrder:
    """An order of this account as the ledger keeps it."""
    return SeenOrder(account.name, order.order_id, order.content, account.client.version, order.updated_at)


def _read_one(account: Account, ledger: Ledger, one: Wanted, now: Callable[[], datetime]) -> bool:
    order = account.client.get_order(one.order_id, account.included, one.head)
    return ledger.orders.store_one(seen(account, order), now())


def _delay(tries: int) -> timedelta:
    doublings: int = 2 ** min(tries, 10)
    return min(_FIRST_DELAY * doublings, _LONGEST_DELAY)


def _with_rest(report: ReadReport, account: Account, ledger: Ledger) -> ReadReport:
    return replace(report, waiting=ledger.wanted.counts().get(account.name, 0))
