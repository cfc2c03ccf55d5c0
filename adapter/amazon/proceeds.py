"""Amazon's proceeds as charges: what each part is for, signed as it changes the total.

Amazon's model leaves two things open. Whether discounts come with a minus: ours always have one. And whether a TAX
subtotal is before or after the tax on discounts: the reading is chosen in which the charges add up to the line's own
total. Source: SP-API Orders model 2026-01-01, ItemProceeds, ItemProceedsBreakdown, OrderProceedsBreakdown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from adapter.amazon.amounts import Amounts
from adapter.amazon.errors import quoted
from adapter.amazon.wire import orders_2026_01_01 as wire
from adapter.model.money import Money
from adapter.model.order import Charge, ChargeKind

_PLAIN = {
    "ITEM": ChargeKind.GOODS,
    "SHIPPING": ChargeKind.SHIPPING,
    "GIFT_WRAP": ChargeKind.GIFT_WRAP,
    "COD_FEE": ChargeKind.COD_FEE,
    "OTHER": ChargeKind.OTHER,
}
_DISCOUNTS = {
    "ITEM": ChargeKind.GOODS_DISCOUNT,
    "SHIPPING": ChargeKind.SHIPPING_DISCOUNT,
    "GIFT_WRAP": ChargeKind.GIFT_WRAP_DISCOUNT,
    "COD_FEE": ChargeKind.COD_FEE_DISCOUNT,
    "OTHER": ChargeKind.OTHER_DISCOUNT,
}
_TAXES = {
    "ITEM": ChargeKind.GOODS_TAX,
    "SHIPPING": ChargeKind.SHIPPING_TAX,
    "GIFT_WRAP": ChargeKind.GIFT_WRAP_TAX,
    "COD_FEE": ChargeKind.COD_FEE_TAX,
    "OTHER": ChargeKind.OTHER_TAX,
    "DISCOUNT": ChargeKind.DISCOUNT_TAX,
}
_OF_ORDER = {**_PLAIN, "DELIVERY_TIP": ChargeKind.TIP, "TAX": ChargeKind.TAX, "DISCOUNT": ChargeKind.DISCOUNT}
_MARKETPLACE_COLLECTS = {"MARKETPLACE_FACILITATOR"}
_MARKETPLACE_SCHEMES = {"IOSS", "UOSS"}

_Sums = dict[ChargeKind, Decimal]


@dataclass(frozen=True, slots=True)
class LineMoney:
    """The money of one line.

    Attributes:
        total: Amazon's own total of the line; None where it gives none.
        tax_told: the sum of the TAX subtotals as they came.
        by_marketplace: Amazon collects and remits the line's tax.
    """

    charges: tuple[Charge, ...] = ()
    total: Money | None = None
    tax_told: Decimal = Decimal(0)
    by_marketplace: bool = False


def told_amounts(order: wire.Order) -> Iterator[wire.Money | None]:
    """All amounts of an order, its total first."""
    if order.proceeds is not None:
        yield order.proceeds.grand_total
        yield from (part.subtotal for part in order.proceeds.breakdowns)
    for item in order.order_items:
        if item.proceeds is not None:
            yield item.proceeds.proceeds_total
            yield from (part.subtotal for part in item.proceeds.breakdowns)
        if item.product is not None and item.product.price is not None:
            yield item.product.price.unit_price


def collected_by_marketplace(tax: wire.ItemTax | None, where: str, doubts: list[str]) -> bool:
    """Whether Amazon itself collects a line's tax: as marketplace facilitator, or as deemed reseller in the EU."""
    if tax is None:
        return False
    collected = False
    for collection in tax.tax_collections:
        if collection.model in _MARKETPLACE_COLLECTS:
            collected = True
        elif collection.model is not None:
            doubts.append(f"{where}: the tax is collected by an unknown model, {quoted(collection.model)!r}")
    for breakdown in tax.tax_calculation_breakdowns:
        if breakdown.reporting_scheme in _MARKETPLACE_SCHEMES:
            collected = True
        elif breakdown.reporting_scheme is not None:
            doubts.append(f"{where}: the tax reporting scheme {quoted(breakdown.reporting_scheme)!r} is unknown")
    return collected


def read_line(proceeds: wire.ItemProceeds, by_marketplace: bool, amounts: Amounts, where: str) -> LineMoney:
    """The charges of one line; parts of an unknown type are left out, with a doubt.

    Args:
        where: names the line in doubts.
    """
    total = amounts.optional(proceeds.proceeds_total, f"{where}, total")
    sums: _Sums = defaultdict(Decimal)
    tax_told, tax_details = Decimal(0), defaultdict[ChargeKind, Decimal](Decimal)
    for part in proceeds.breakdowns:
        what = f"{where}, {quoted(part.type or 'a part without a type')}"
        amount = amounts.read(part.subtotal, what)
        if amount is None:
            continue
        if part.type == "TAX":
            tax_told += amount
            _add(tax_details, _details(part, _TAXES, amounts, what))
        elif part.type == "DISCOUNT":
            _add(sums, _discounts(amount, _details(part, _DISCOUNTS, amounts, what)))
        elif part.type in _PLAIN:
            if amount < 0:
                amounts.doubts.append(f"{what}: {amounts.money(amount)} is less than nothing")
            sums[_PLAIN[part.type]] += amount
        else:
            amounts.doubts.append(f"{what}: this part of the price is unknown; {amounts.money(amount)} is left out")
    if not proceeds.breakdowns and total:
        amounts.doubts.append(f"{where}: Amazon gives a total of {total}, but not its parts")
    rest = sum(sums.values(), start=Decimal(0))
    _add(sums, _taxes(tax_told, tax_details, rest, None if total is None else total.amount))
    return LineMoney(charges_of(sums, by_marketplace, amounts), total, tax_told, by_marketplace)


def charges_of(sums: Mapping[ChargeKind, Decimal], by_marketplace: bool, amounts: Amounts) -> tuple[Charge, ...]:
    """The charges of one line, in the order of their kinds."""
    return tuple(
        Charge(kind, amounts.money(sums[kind]), by_marketplace=by_marketplace and kind.is_tax)
        for kind in ChargeKind
        # Nothing is no charge; but goods for nothing are known to be free, which is more than an unknown price.
        if sums.get(kind) or (kind in sums and kind is ChargeKind.GOODS)
    )


def read_order_charges(
    proceeds: wire.OrderProceeds, lines: Sequence[LineMoney], amounts: Amounts
) -> tuple[Charge, ...]:
    """The charges that belong to no line: what the order's breakdowns tell beyond the sums of the lines'."""
    told: _Sums = defaultdict(Decimal)
    for part in proceeds.breakdowns:
        what = f"order, {quoted(part.type or 'a part without a type')}"
        amount = amounts.read(part.subtotal, what)
        if amount is None:
            continue
        kind = _OF_ORDER.get(part.type or "")
        if kind is None:
            amounts.doubts.append(f"{what}: this part of the price is unknown; {amounts.money(amount)} is left out")
        else:
            told[kind] += -abs(amount) if kind is ChargeKind.DISCOUNT else amount
    charges = []
    for kind, amount in told.items():
        beyond = _beyond_lines(kind, amount, lines)
        if beyond:
            charges.append(Charge(kind, amounts.money(beyond)))
    return tuple(charges)


def _beyond_lines(kind: ChargeKind, told: Decimal, lines: Sequence[LineMoney]) -> Decimal:
    if kind is ChargeKind.TAX:
        read = _sum(charge for line in lines for charge in line.charges if charge.kind.is_tax)
        own = _sum(
            charge for line in lines for charge in line.charges if charge.kind.is_tax and not line.by_marketplace
        )
        # The aggregate may be before or after the tax on discounts, and with or without what Amazon collects.
        before = sum((line.tax_told for line in lines), start=Decimal(0))
        own_before = sum((line.tax_told for line in lines if not line.by_marketplace), start=Decimal(0))
        return Decimal(0) if told in {read, own, before, own_before} else told - read
    if kind is ChargeKind.DISCOUNT:
        return told - _sum(charge for line in lines for charge in line.charges if charge.kind.is_discount)
    return told - _sum(charge for line in lines for charge in line.charges if charge.kind is kind)


def _details(part: wire.ItemProceedsBreakdown, kinds: Mapping[str, ChargeKind], amounts: Amounts, what: str) -> _Sums:
    """The details of a subtotal by kind; unknown ones are left to the unspecified rest, with a doubt."""
    sums: _Sums = defaultdict(Decimal)
    for detail in part.detailed_breakdowns:
        of = quoted(detail.subtype or "without a name")
        amount = amounts.read(detail.value, f"{what} of {of}")
        if amount is None:
            continue
        if (kind := kinds.get(detail.subtype or "")) is None:
            amounts.doubts.append(f"{what} of {of}: {amounts.money(amount)} are for something unknown")
        else:
            sums[kind] += amount
    return sums


def _discounts(told: Decimal, details: _Sums) -> _Sums:
    sums: _Sums = {kind: -abs(amount) for kind, amount in details.items()}
    sums[ChargeKind.DISCOUNT] = -abs(told) - sum(sums.values(), start=Decimal(0))
    return sums


def _taxes(told: Decimal, details: _Sums, others: Decimal, total: Decimal | None) -> _Sums:
    """The taxes of a line, in the reading that adds up best.

    Args:
        told: the TAX subtotal.
        others: the sum of the line's charges that are no taxes.
        total: the line's total; None where there is none. It may be without a tax that Amazon collects: then no
            reading adds up, and the details decide.
    """
    plain: _Sums = {kind: amount for kind, amount in details.items() if kind is not ChargeKind.DISCOUNT_TAX}
    of_discounts = abs(details.get(ChargeKind.DISCOUNT_TAX, Decimal(0)))
    gross = sum(plain.values(), start=Decimal(0))
    # The whole tax, the tax on discounts in it, and whether the details explain the subtotal in this reading.
    readings = [
        (told, -of_discounts, told == gross - of_discounts),
        (gross - of_discounts, -of_discounts, told in {gross, gross + of_discounts}),
        (told, of_discounts, told == gross + of_discounts),
    ]

    fitting = [(total is None or others + tax != total, not explained) for tax, _, explained in readings]
    best = 0 if not of_discounts else fitting.index(min(fitting))
    tax, on_discounts, _ = readings[best]
    return {**plain, ChargeKind.DISCOUNT_TAX: on_discounts, ChargeKind.TAX: tax - gross - on_discounts}


def _add(sums: _Sums, more: _Sums) -> None:
    for kind, amount in more.items():
        sums[kind] += amount


def _sum(charges: Iterable[Charge]) -> Decimal:
    return sum((charge.amount.amount for charge in charges), start=Decimal(0))
