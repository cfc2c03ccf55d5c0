"""Proof that an order's charges add up to the total that Amazon tells."""

from __future__ import annotations

from dataclasses import dataclass

from adapter.model.money import CurrencyMismatch, Money, total
from adapter.model.order import Order


@dataclass(frozen=True, slots=True)
class Proof:
    """An order's arithmetic.

    Attributes:
        total: Amazon's total; None where it told none.
        charges: the sum of all charges but the tax that the marketplace collects; None where there is no charge or
            where they are in several currencies.
        marketplace_tax: the sum of that tax; None as above.
        marketplace_tax_inside: whether `total` contains it; None where there is none or where neither adds up.
        difference: `total` minus what it should be; zero means proven. None where it cannot be told.
    """

    total: Money | None
    charges: Money | None
    marketplace_tax: Money | None
    marketplace_tax_inside: bool | None
    difference: Money | None

    @property
    def proven(self) -> bool | None:
        """Whether the charges add up to Amazon's total; None where Amazon told no total."""
        if self.total is None:
            return None
        return self.difference is not None and not self.difference


def prove(order: Order) -> Proof:
    """Add up an order's charges and compare them with Amazon's total.

    Amazon does not say whether a tax that it collects itself is part of the total: both are accepted.
    """
    currency = order.currency
    if currency is None:
        return Proof(None, None, None, None, None)
    try:
        charges = total((charge.amount for charge in order.all_charges() if not charge.by_marketplace), currency)
        tax = total((charge.amount for charge in order.all_charges() if charge.by_marketplace), currency)
    except CurrencyMismatch:
        return Proof(order.total, None, None, None, None)
    if order.total is None:
        return Proof(None, charges, tax, None, None)
    without_tax = order.total - charges
    with_tax = without_tax - tax
    if not tax:
        return Proof(order.total, charges, tax, None, without_tax)
    inside = True if not with_tax else False if not without_tax else None
    return Proof(order.total, charges, tax, inside, without_tax if inside is False else with_tax)
