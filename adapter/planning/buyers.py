"""Whom the infobase is asked for once more before an order is held or a customer created."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple
from zoneinfo import ZoneInfo

from adapter.model.order import Order, OrderStatus
from adapter.planning.asking import asked_of
from adapter.planning.conditions import rules_for
from adapter.planning.customers import Undecided, decide_customer
from adapter.planning.inputs import Inputs
from adapter.planning.values import Context


class UnknownBuyers(NamedTuple):
    """What orders tell of buyers whom no policy knows."""

    names: frozenset[str]
    emails: frozenset[str]
    tax_ids: frozenset[str]


def unknown_buyers(orders: Iterable[Order], inputs: Inputs) -> UnknownBuyers:
    """The buyers who are named, and whom nobody has decided on."""
    names: set[str] = set()
    emails: set[str] = set()
    tax_ids: set[str] = set()
    zone = ZoneInfo(inputs.rules.infobase.time_zone)
    for order in orders:
        asked = asked_of(order)
        if order.status in _NEVER_WRITTEN or not (asked.company or asked.buyer):
            continue
        context = Context(order, inputs.books.references, zone)
        rules = rules_for(inputs.rules, context)
        found = decide_customer(context, rules, inputs)
        if isinstance(found, Undecided) or found.new is not None:
            names.update(_written(name) for name in (asked.company, asked.buyer) if name)
            emails.update(asked.evidence.emails)
            tax_ids.update(asked.evidence.tax_ids)
            if not isinstance(found, Undecided):
                names.add(_written(found.name))
    return UnknownBuyers(frozenset(names), frozenset(emails), frozenset(tax_ids))


_NEVER_WRITTEN = frozenset({OrderStatus.CANCELLED, OrderStatus.PENDING, OrderStatus.PENDING_AVAILABILITY})


def _written(name: str) -> str:
    """A name as a person enters it: without control characters and needless blanks."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in name).split())
