"""The money of an order line: what the buyer saw in the shop, split into the amounts that the API sends.

Amazon documents neither the sign of discounts nor whether tax that it collects itself counts as the seller's
proceeds; `MoneyStyle` makes both a choice, so that a reader can be tested against either.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from adapter.simulators.amazon.wire import Wire, amount_of, money, rounded

BREAKDOWN_ORDER = ("ITEM", "SHIPPING", "GIFT_WRAP", "COD_FEE", "DISCOUNT", "TAX")


@dataclass(frozen=True, slots=True)
class MoneyStyle:
    """How amounts are written where Amazon's documents leave it open.

    Attributes:
        discount_sign: of DISCOUNT subtotals, their details, and the TAX detail DISCOUNT. With -1 all breakdowns add up
            to the total. The TAX subtotal is the tax that remains after discounts, with either sign.
        collected_tax_inside: whether tax that Amazon collects and remits is part of proceedsTotal and grandTotal. Its
            breakdown is sent in any case.
    """

    discount_sign: Literal[-1, 1] = -1
    collected_tax_inside: bool = True


@dataclass(frozen=True, slots=True)
class Taxing:
    """How a sale is taxed.

    Attributes:
        rate: a fraction, such as 0.19.
        included: shown prices contain the tax.
        shown: tax is reported apart; otherwise amounts keep what tax they contain and no TAX breakdown is sent.
        collected: by the marketplace, which remits it.
    """

    currency: str
    rate: Decimal
    included: bool
    shown: bool
    collected: bool

    def split(self, amount: Decimal) -> Split:
        """Split an amount as shown in the shop."""
        if not self.shown:
            return Split(amount, Decimal(0))
        if not self.included:
            return Split(amount, rounded(amount * self.rate, self.currency))
        tax = rounded(amount * self.rate / (1 + self.rate), self.currency)
        return Split(amount - tax, tax)


@dataclass(frozen=True, slots=True)
class Split:
    """An amount without the tax reported apart, and that tax."""

    net: Decimal
    tax: Decimal


@dataclass(frozen=True, slots=True)
class LineMoney:
    """What the buyer saw for one line: whole line, as shown in the shop, all of them positive or zero.

    `charges` knows ITEM, SHIPPING, GIFT_WRAP and COD_FEE, `discounts` ITEM and SHIPPING; each holds only what
    there is.
    """

    charges: Mapping[str, Decimal]
    discounts: Mapping[str, Decimal]


def line_proceeds(line: LineMoney, taxing: Taxing, style: MoneyStyle) -> Wire:
    """The block `proceeds` of an order item.

    Source: SP-API model orders_2026-01-01, ItemProceeds; the migration guide for ITEM being without tax and DISCOUNT
    holding the discount of the shipping too.
    """
    currency = taxing.currency
    charges = {kind: taxing.split(amount) for kind, amount in line.charges.items()}
    discounts = {kind: taxing.split(amount) for kind, amount in line.discounts.items()}
    net_discount = sum((split.net for split in discounts.values()), Decimal(0))
    tax_discount = sum((split.tax for split in discounts.values()), Decimal(0))
    tax = sum((split.tax for split in charges.values()), Decimal(0)) - tax_discount
    breakdowns = [{"type": kind, "subtotal": money(split.net, currency)} for kind, split in charges.items()]
    if discounts:
        details = {kind: style.discount_sign * split.net for kind, split in discounts.items()}
        breakdowns.append(_detailed("DISCOUNT", style.discount_sign * net_discount, details, currency))
    if taxing.shown and taxing.rate:
        details = {kind: split.tax for kind, split in charges.items() if split.tax}
        if tax_discount:
            details["DISCOUNT"] = style.discount_sign * tax_discount
        breakdowns.append(_detailed("TAX", tax, details, currency))
    total = sum((split.net for split in charges.values()), Decimal(0)) - net_discount
    if not taxing.collected or style.collected_tax_inside:
        total += tax
    return {"proceedsTotal": money(total, currency), "breakdowns": breakdowns}


def order_proceeds(lines: Iterable[Wire], currency: str, tip: Decimal | None = None) -> Wire:
    """The block `proceeds` of an order from those of its items; `tip` is what the courier got."""
    sums: dict[str, Decimal] = {}
    total = Decimal(0)
    for line in lines:
        total += amount_of(line["proceedsTotal"])
        for breakdown in line["breakdowns"]:
            kind = breakdown["type"]
            sums[kind] = sums.get(kind, Decimal(0)) + amount_of(breakdown["subtotal"])
    breakdowns = [{"type": kind, "subtotal": money(sums[kind], currency)} for kind in BREAKDOWN_ORDER if kind in sums]
    if tip is not None:
        total += tip
        breakdowns.append({"type": "DELIVERY_TIP", "status": "FINALIZED", "subtotal": money(tip, currency)})
    return {"grandTotal": money(total, currency), "breakdowns": breakdowns}


def tax_in(proceeds: Wire) -> Decimal:
    """The TAX subtotal of a block `proceeds`, 0 where there is none."""
    return sum((amount_of(part["subtotal"]) for part in proceeds["breakdowns"] if part["type"] == "TAX"), Decimal(0))


def _detailed(kind: str, subtotal: Decimal, details: Mapping[str, Decimal], currency: str) -> Wire:
    return {
        "type": kind,
        "subtotal": money(subtotal, currency),
        "detailedBreakdowns": [
            {"subtype": subtype, "value": money(value, currency)} for subtype, value in details.items()
        ],
    }
