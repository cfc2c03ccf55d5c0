"""Orders that were read without something that the mapping needs: held, and asked for again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from adapter.amazon.details import included_of
from adapter.ledger import Ledger
from adapter.ledger.orders import SeenOrder
from adapter.ledger.wanted import Wanted
from adapter.model.wish import DATA_SETS
from adapter.reading.account import Account
from adapter.reading.refusals import refusal_of

_AT_ONCE: Final = 100


def not_told(missing: Sequence[str]) -> str:
    """Why such an order is held."""
    return f"it was read without {', '.join(missing)}, which the mapping needs; it is asked for again by itself"


def want_again(accounts: Sequence[Account], ledger: Ledger, orders: Sequence[SeenOrder], now: datetime) -> None:
    """Want the orders that lack something, unless Amazon refuses it at present.

    The mapping may have come to need more since they were read, or Amazon has refused it for a while.
    """
    by_name = {account.name: account for account in accounts}
    for name in {order.account for order in orders} & set(by_name):
        refusal = refusal_of(ledger, name)
        refused = set(refusal.data_sets) if refusal is not None else set()
        lacking = [
            Wanted(name, order.order_id, DATA_SETS)
            for order in orders
            if order.account == name
            and (missing := by_name[name].lacking(_included(order.content)))
            and not refused & set(missing)
        ]
        room = _AT_ONCE - ledger.wanted.counts().get(name, 0)
        if lacking and room > 0:
            ledger.wanted.add(lacking[:room], now)


def _included(content: str) -> frozenset[str] | None:
    try:
        data = json.loads(content)
    except ValueError:
        return None
    return included_of(data) if isinstance(data, dict) else None
