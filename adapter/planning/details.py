"""What the paths to an order's details mean."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import Decimal
from typing import Final

from adapter.model.item import CatalogItem
from adapter.model.money import Money
from adapter.model.order import Order, OrderLine, TaxRegistration

Detail = str | Decimal | int | datetime | None

LATER: Final = frozenset(
    {
        "order.ship_not_before", "order.deliver_not_before", "order.invoice_status", "order.tracking",
        "order.carrier", "order.shipped_at",
    }
)  # fmt: skip
"""Paths of the whole order whose values often come only after the document was written."""


def _joined(values: Iterable[str | None]) -> str | None:
    return ",".join(dict.fromkeys(value for value in values if value)) or None


def _registration(order: Order) -> TaxRegistration | None:
    return next(iter(order.buyer.tax_registrations), None)


def _points_value(order: Order) -> Decimal | None:
    granted = [line.details.points_value for line in order.lines if line.details.points_value is not None]
    return sum((money.amount for money in granted), start=Decimal(0)) if granted else None


def _amount(money: Money | None) -> Decimal | None:
    return money.amount if money is not None else None


ORDER_DETAILS: Final[dict[str, Callable[[Order], Detail]]] = {
    "order.ship_not_before": lambda order: order.details.ship_not_before,
    "order.deliver_not_before": lambda order: order.details.deliver_not_before,
    "order.replaces": lambda order: order.replaces,
    "order.cancelled_by": lambda order: order.details.cancelled_by,
    "order.tax_scheme": lambda order: _joined(line.details.tax_scheme for line in order.lines),
    "order.tax_collector": lambda order: _joined(line.details.tax_collector for line in order.lines),
    "order.ioss": lambda order: _joined(line.details.ioss for line in order.lines),
    "order.invoice_status": lambda order: order.details.invoice_status,
    "order.promotion": lambda order: _joined(name for line in order.lines for name in line.details.promotions),
    "order.points_value": _points_value,
    "order.tracking": lambda order: _joined(package.tracking for package in order.details.packages),
    "order.carrier": lambda order: _joined(package.carrier for package in order.details.packages),
    "order.shipped_at": lambda order: min(
        (package.shipped_at for package in order.details.packages if package.shipped_at), default=None
    ),
    "order.easy_ship_id": lambda order: _joined(order.details.fulfillment_orders),
    "order.marketplace.currency": lambda order: order.marketplace.currency,
    "buyer.tax_name": lambda order: found.legal_name if (found := _registration(order)) else None,
    "buyer.tax_type": lambda order: found.kind or None if (found := _registration(order)) else None,
    "buyer.tax_address": lambda order: order.details.tax_address,
    "buyer.tax_office": lambda order: order.details.tax_office,
    "buyer.invoice_preference": lambda order: order.details.invoice_preference,
    "ship_to.district": lambda order: order.details.district,
    "ship_to.type": lambda order: order.details.address_type,
    "ship_to.instructions": lambda order: order.details.instructions,
}
LINE_DETAILS: Final[dict[str, Callable[[OrderLine], Detail]]] = {
    "line.condition": lambda line: line.details.condition,
    "line.measure": lambda line: line.details.measure,
    "line.measure_unit": lambda line: line.details.measure_unit,
    "line.serial_numbers": lambda line: _joined(line.details.serial_numbers),
    "line.tax_scheme": lambda line: line.details.tax_scheme,
    "line.tax_collector": lambda line: line.details.tax_collector,
    "line.promotion": lambda line: _joined(line.details.promotions),
    "line.points": lambda line: None if line.details.points is None else Decimal(line.details.points),
    "line.points_value": lambda line: _amount(line.details.points_value),
    "line.gift_wrap": lambda line: line.details.gift_wrap,
    "line.gift_message": lambda line: line.details.gift_message,
    "line.customization": lambda line: line.details.customization,
}
ITEM: Final[dict[str, Callable[[CatalogItem | None, OrderLine | None], str | None]]] = {
    "item.title": lambda item, line: (item.title if item else None) or (line.title if line else None),
    "item.brand": lambda item, _: item.brand if item else None,
    "item.ean": lambda item, _: item.ean if item else None,
}
