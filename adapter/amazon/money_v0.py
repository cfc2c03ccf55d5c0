"""The money of an order of the Orders API v0, which leaves open whether its prices contain the tax told beside them.

In Europe they were seen to contain it, in Amazon's own example of the United States they do not; nothing says which
holds for discounts. Of the four readings the one is taken in which the charges add up to the order's total. Where two
do, the customs of the marketplace decide; where none does, they do too, and the order is held for the difference.
Source: SP-API model ordersV0, OrderItem and the sandbox answers of getOrder and getOrderItems;
amzn/selling-partner-api-models issue 4858; for what v2026-01-01 makes of it, its migration guide, "pricing".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from adapter.amazon.amounts import Amounts
from adapter.amazon.proceeds import LineMoney, charges_of
from adapter.amazon.wire import orders_v0 as wire
from adapter.model.money import Money
from adapter.model.order import ChargeKind

_NOTHING = Decimal(0)
# Charge, its tax, their fields. COD fees have no tax of their own in this version.
_PRICES = (
    (ChargeKind.GOODS, ChargeKind.GOODS_TAX, "ItemPrice", "ItemTax"),
    (ChargeKind.SHIPPING, ChargeKind.SHIPPING_TAX, "ShippingPrice", "ShippingTax"),
    (ChargeKind.GIFT_WRAP, ChargeKind.GIFT_WRAP_TAX, "GiftWrapPrice", "GiftWrapTax"),
    (ChargeKind.COD_FEE, ChargeKind.COD_FEE_TAX, "CODFee", ""),
)
_DISCOUNTS = (
    (ChargeKind.GOODS_DISCOUNT, "PromotionDiscount", "PromotionDiscountTax"),
    (ChargeKind.SHIPPING_DISCOUNT, "ShippingDiscount", "ShippingDiscountTax"),
    (ChargeKind.COD_FEE_DISCOUNT, "CODFeeDiscount", ""),
)
# Where shops show prices without the tax; everywhere else in Amazon's table they show them with it.
_TAX_ON_TOP = frozenset({"US", "CA"})


@dataclass(frozen=True, slots=True)
class _Reading:
    """Whether prices, and whether discounts, contain the tax that is told beside them."""

    in_prices: bool
    in_discounts: bool


@dataclass(frozen=True, slots=True)
class LineAmounts:
    """The amounts of one line by the names of their fields, as told; `by_marketplace`: Amazon collects its tax."""

    told: Mapping[str, Decimal]
    by_marketplace: bool

    def of(self, field: str) -> Decimal:
        """An amount, nothing where there is none."""
        return self.told.get(field, _NOTHING)


def told_amounts(content: wire.Content) -> Iterator[wire.Money | None]:
    """All amounts of an order, its total first."""
    if content.order is not None:
        yield content.order.order_total
    for item in content.order_items:
        yield from _fields(item).values()


def line_amounts(item: wire.OrderItem, by_marketplace: bool, amounts: Amounts, where: str) -> LineAmounts | None:
    """The amounts of a line; None where Amazon does not tell the price of the goods.

    Args:
        where: names the line in doubts.
    """
    told = {
        name: amount
        for name, money in _fields(item).items()
        if money is not None and (amount := amounts.read(money, f"{where}, {name}")) is not None
    }
    return LineAmounts(told, by_marketplace) if "ItemPrice" in told else None


def read_money(
    lines: Sequence[LineAmounts | None], total: Money | None, country: str | None, amounts: Amounts
) -> list[LineMoney | None]:
    """The charges of all lines, in the one reading that holds for the whole order.

    Args:
        total: of the order; None where Amazon tells none.
        country: of the marketplace, ISO 3166 alpha-2; None where it is unknown.
    """
    known = [line for line in lines if line is not None]
    reading = _reading(known, total, country, amounts)
    return [
        None
        if line is None
        else LineMoney(
            charges_of(_sums(line, reading), line.by_marketplace, amounts), None, by_marketplace=line.by_marketplace
        )
        for line in lines
    ]


def _reading(lines: Sequence[LineAmounts], total: Money | None, country: str | None, amounts: Amounts) -> _Reading:
    usual = country not in _TAX_ON_TOP
    readings = [
        _Reading(usual, usual),
        _Reading(not usual, not usual),
        _Reading(usual, not usual),
        _Reading(not usual, usual),
    ]
    if total is None:
        return readings[0]
    fitting = [reading for reading in readings if _adds_up(lines, reading, total.amount)]
    if not fitting:
        return readings[0]
    best = fitting[0]
    if country is None and any(_parts(lines, other) != _parts(lines, best) for other in fitting[1:]):
        amounts.doubts.append(
            "the total can be explained with the tax within the prices and on top of them, and the marketplace is "
            "unknown; read the order by the Orders API 2026-01-01 (orders_api in the settings)"
        )
    return best


def _adds_up(lines: Sequence[LineAmounts], reading: _Reading, total: Decimal) -> bool:
    """Whether the charges make the total, with or without the tax that Amazon collects itself."""
    everything = own = _NOTHING
    for line in lines:
        sums = _sums(line, reading)
        everything += sum(sums.values(), start=_NOTHING)
        own += sum(
            (amount for kind, amount in sums.items() if not (line.by_marketplace and kind.is_tax)), start=_NOTHING
        )
    return total in {everything, own}


def _parts(lines: Sequence[LineAmounts], reading: _Reading) -> list[dict[ChargeKind, Decimal]]:
    return [{kind: amount for kind, amount in _sums(line, reading).items() if amount} for line in lines]


def _sums(line: LineAmounts, reading: _Reading) -> dict[ChargeKind, Decimal]:
    """The charges of a line, signed as they change the total."""
    sums: dict[ChargeKind, Decimal] = {}
    for kind, tax_kind, price_field, tax_field in _PRICES:
        if price_field in line.told or tax_field in line.told:
            tax = line.of(tax_field)
            sums[kind] = line.of(price_field) - (tax if reading.in_prices else _NOTHING)
            sums[tax_kind] = tax
    tax_on_discounts = _NOTHING
    for kind, discount_field, tax_field in _DISCOUNTS:
        # The sign of discounts is left open too: whatever comes, ours lower the total.
        tax = abs(line.of(tax_field))
        sums[kind] = (tax if reading.in_discounts else _NOTHING) - abs(line.of(discount_field))
        tax_on_discounts -= tax
    return sums | {ChargeKind.DISCOUNT_TAX: tax_on_discounts}


def _fields(item: wire.OrderItem) -> dict[str, wire.Money | None]:
    """The amounts of a line under Amazon's own names."""
    buyer = item.buyer_info or wire.ItemBuyerInfo()
    return {
        "ItemPrice": item.item_price,
        "ItemTax": item.item_tax,
        "ShippingPrice": item.shipping_price,
        "ShippingTax": item.shipping_tax,
        "GiftWrapPrice": buyer.gift_wrap_price,
        "GiftWrapTax": buyer.gift_wrap_tax,
        "CODFee": item.cod_fee,
        "CODFeeDiscount": item.cod_fee_discount,
        "PromotionDiscount": item.promotion_discount,
        "PromotionDiscountTax": item.promotion_discount_tax,
        "ShippingDiscount": item.shipping_discount,
        "ShippingDiscountTax": item.shipping_discount_tax,
    }
