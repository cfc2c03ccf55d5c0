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
from adapter.model.wish import CAN_WAIT, NOTIFICATION
from adapter.reading.account import Account, ReadReport

_CHUNK = 50
_MANY = 10
_FIRST_DELAY = timedelta(minutes=5)
_LONGEST_DELAY = timedelta(hours=6)

# Amazon shows some changes minutes late, its own messages being quicker. After these looks the sweeps take over.
_LOOKS = 5
_FIRST_LOOK = timedelta(seconds=30)


def read_wanted(
    account: Account, ledger: Ledger, now: Callable[[], datetime], stopped: Callable[[], bool] = lambda: False
) -> ReadReport:
    """Ask for the orders that are wanted, as far as the budget allows, the oldest wish first.

    Those that can wait come last, and leave the reserve of the budget.

    Raises:
        Unavailable, ConfigurationError: Amazon cannot be asked; what was read is stored, the rest stays wanted.
    """
    report = ReadReport()
    while wanted := ledger.wanted.next(account.name, now(), _CHUNK):
        for left, one in zip(range(len(wanted), 0, -1), wanted, strict=True):
            if stopped():
                return _with_rest(report, account, ledger, now())
            if account.pace is not None and one.reason in CAN_WAIT and (wait := account.pace.wait_to_read_more()):
                return _with_rest(replace(report, wait_seconds=wait), account, ledger, now())
            try:
                changed = _read_one(account, ledger, one, now)
            except Throttled as later:
                wait = later.seconds
                if account.pace is not None and left >= _MANY:
                    wait = max(wait, account.pace.wait_for_several())
                return _with_rest(replace(report, wait_seconds=wait), account, ledger, now())
            except OrderNotFound as problem:
                if one.reason == NOTIFICATION and one.tries < _LOOKS:
                    ledger.wanted.postpone(one, now() + _until_shown(one.tries))
                    continue
                ledger.wanted.forget(one)
                report = replace(report, problems=(*report.problems, str(problem)))
            except (BadAnswer, BadRequest) as problem:
                # One order that Amazon cannot tell never keeps the others waiting.
                ledger.wanted.postpone(one, now() + _delay(one.tries))
                report = replace(report, problems=(*report.problems, str(problem)))
            else:
                report = replace(report, orders=report.orders + 1, changed=report.changed + changed)
    return _with_rest(report, account, ledger, now())


def seen(account: Account, order: WireOrder) -> SeenOrder:
    """An order of this account as the ledger keeps it."""
    return SeenOrder(account.name, order.order_id, order.content, account.client.version, order.updated_at)


def _read_one(account: Account, ledger: Ledger, one: Wanted, now: Callable[[], datetime]) -> bool:
    order = account.client.get_order(one.order_id, account.included, one.head)
    # A report's time of the last change is not always that of the Orders API.
    too_old = one.tries < _LOOKS and one.reason not in CAN_WAIT and _older(order, one)
    with ledger.transaction():
        if too_old:
            ledger.wanted.postpone(one, now() + _until_shown(one.tries))
        return ledger.orders.store_one(seen(account, order), now(), still_wanted=too_old)


def _older(order: WireOrder, one: Wanted) -> bool:
    """Whether Amazon shows the order as it was before the change that is known of; it may cut off parts of seconds."""
    if order.updated_at is None or one.updated_at is None:
        return False
    return order.updated_at < one.updated_at.replace(microsecond=0)


def _until_shown(tries: int) -> timedelta:
    doublings: int = 2**tries
    return _FIRST_LOOK * doublings


def _delay(tries: int) -> timedelta:
    doublings: int = 2 ** min(tries, 10)
    return min(_FIRST_DELAY * doublings, _LONGEST_DELAY)


def _with_rest(report: ReadReport, account: Account, ledger: Ledger, now: datetime) -> ReadReport:
    next_at = ledger.wanted.next_at(account.name)
    again = 0.0 if next_at is None else max(1.0, (next_at - now).total_seconds())
    return replace(report, waiting=ledger.wanted.counts().get(account.name, 0), again_seconds=again)
