"""Amounts of an order's JSON as decimals, all in the order's one currency."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from adapter.amazon.errors import quoted
from adapter.amazon.wire import orders_2026_01_01 as wire
from adapter.model.money import Money

# Enough for any price, and few enough for sums of them to be exact in 28 digits.
DECIMAL = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,8})?")
CURRENCY = re.compile(r"[A-Z]{3}")


class Amounts:
    """Reads amounts; what it cannot read is left out and becomes a doubt.

    Args:
        currency: of the order; None where no amount names one.
        doubts: is added to.
    """

    def __init__(self, currency: str | None, doubts: list[str]) -> None:
        self.currency = currency
        self.doubts = doubts

    def read(self, money: wire.Money | None, what: str) -> Decimal | None:
        """The amount, or None with a doubt that names `what`."""
        if money is None or money.amount is None:
            self.doubts.append(f"{what}: Amazon gives no amount")
            return None
        text = money.amount.strip()
        if not DECIMAL.fullmatch(text):
            self.doubts.append(f"{what}: {quoted(text)!r} is no amount")
            return None
        if money.currency_code is None or not CURRENCY.fullmatch(money.currency_code):
            self.doubts.append(f"{what}: {text} has no currency")
            return None
        if money.currency_code != self.currency:
            self.doubts.append(
                f"{what}: {text} {money.currency_code} is left out, the order being in {self.currency or 'no currency'}"
            )
            return None
        return Decimal(text)

    def money(self, amount: Decimal) -> Money:
        """An amount that was read here, with its currency."""
        assert self.currency is not None  # noqa: S101 - `read` gives no amount without one
        return Money(amount, self.currency)

    def optional(self, money: wire.Money | None, what: str) -> Money | None:
        """The amount with its currency; None where there is none, without a doubt if Amazon left it out."""
        amount = None if money is None else self.read(money, what)
        return None if amount is None else self.money(amount)


def currency_of(order: wire.Order) -> str | None:
    """The currency of the order's total, else of the first amount that names one."""
    named = (money.currency_code for money in _amounts(order) if money is not None)
    return next((code for code in named if code is not None and CURRENCY.fullmatch(code)), None)


def _amounts(order: wire.Order) -> Iterator[wire.Money | None]:
    if order.proceeds is not None:
        yield order.proceeds.grand_total
        yield from (part.subtotal for part in order.proceeds.breakdowns)
    for item in order.order_items:
        if item.proceeds is not None:
            yield item.proceeds.proceeds_total
            yield from (part.subtotal for part in item.proceeds.breakdowns)
        if item.product is not None and item.product.price is not None:
            yield item.product.price.unit_price
