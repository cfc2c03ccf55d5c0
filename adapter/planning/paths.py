"""What each path of a mapping gives: of the order, of one of its lines, of a row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from adapter.matching.names import Name
from adapter.model.money import Money, round_half_up
from adapter.model.order import Order, OrderLine
from adapter.planning.details import LINE_DETAILS, ORDER_DETAILS

Raw = str | Decimal | int | bool | datetime | UUID | None


@dataclass(frozen=True, slots=True)
class RowValues:
    """What the paths `line.*` and `product` mean in one row. Sums are in the order's currency.

    Attributes:
        digits: decimal digits of a price.
        tax_collected: Amazon collects and pays the tax itself; None: on a part of the row only.
        further: what the mapping reads of the product besides, by its names; absent where 1C has nothing.
    """

    number: int
    product: UUID
    quantity: Decimal
    amount: Decimal
    gross: Decimal
    discount: Decimal
    tax: Decimal
    line: OrderLine | None = None
    title: str = ""
    digits: int = 2
    further: Mapping[str, str] = field(default_factory=dict)
    tax_collected: bool | None = False

    @property
    def unit_price(self) -> Decimal:
        """The amount of one piece, rounded."""
        return round_half_up(self.amount / self.quantity, self.digits) if self.quantity else Decimal(0)


def _amount(money: Money | None) -> Decimal | None:
    return money.amount if money is not None else None


def _kind(order: Order) -> str | None:
    """What the buyer is; the short legal forms may be a person's initials, so they tell nothing."""
    name = (order.buyer.name or "").strip()
    if (order.buyer.company or "").strip():
        return "company"
    return None if not name else "company" if any(len(form) > 2 for form in Name.of(name).forms) else "person"


OF_ORDER: Final[Mapping[str, Callable[[Order], Raw]]] = {
    "order.id": lambda order: order.order_id,
    "order.seller_order_id": lambda order: order.seller_order_id,
    "order.account": lambda order: order.account,
    "order.status": lambda order: order.status,
    "order.fulfilled_by": lambda order: order.fulfilled_by,
    "order.service_level": lambda order: order.service_level,
    "order.channel": lambda order: order.channel,
    "order.program": lambda order: ",".join(order.programs) or None,
    "order.payment_method": lambda order: ",".join(order.payment_methods) or None,
    "order.currency": lambda order: order.currency,
    "order.tax_collected": lambda order: order.tax_collected,
    "order.amazon_total": lambda order: _amount(order.total),
    "order.purchased_at": lambda order: order.purchased_at,
    "order.updated_at": lambda order: order.updated_at,
    "order.ship_by": lambda order: order.ship_by,
    "order.ship_on": lambda order: order.ship_by or order.purchased_at,
    "order.deliver_by": lambda order: order.deliver_by,
    "order.marketplace.id": lambda order: order.marketplace.marketplace_id,
    "order.marketplace.name": lambda order: order.marketplace.name,
    "order.marketplace.country": lambda order: order.marketplace.country,
    "buyer.name": lambda order: order.buyer.name,
    "buyer.company": lambda order: order.buyer.company,
    "buyer.company_or_name": lambda order: (order.buyer.company or "").strip() or order.buyer.name,
    "buyer.kind": _kind,
    "buyer.email": lambda order: order.buyer.email,
    "buyer.purchase_order": lambda order: order.buyer.purchase_order,
    "buyer.tax_id": lambda order: next((tax.number for tax in order.buyer.tax_registrations), None),
    "ship_to.name": lambda order: order.ship_to.name,
    "ship_to.company": lambda order: order.ship_to.company,
    "ship_to.street": lambda order: order.ship_to.street,
    "ship_to.city": lambda order: order.ship_to.city,
    "ship_to.region": lambda order: order.ship_to.region,
    "ship_to.postal_code": lambda order: order.ship_to.postal_code,
    "ship_to.country": lambda order: order.ship_to.country,
    "ship_to.phone": lambda order: order.ship_to.phone,
    **ORDER_DETAILS,
}
OF_LINE: Final[Mapping[str, Callable[[OrderLine], Raw]]] = {
    "line.id": lambda line: line.line_id,
    "line.sku": lambda line: line.sku,
    "line.asin": lambda line: line.asin,
    "line.title": lambda line: line.title,
    "line.shop_price": lambda line: _amount(line.shop_price),
    **LINE_DETAILS,
}
OF_ROW: Final[Mapping[str, Callable[[RowValues], Raw]]] = {
    "product": lambda row: row.product,
    "line.number": lambda row: row.number,
    "line.quantity": lambda row: row.quantity,
    "line.unit_price": lambda row: row.unit_price,
    "line.amount": lambda row: row.amount,
    "line.gross": lambda row: row.gross,
    "line.discount": lambda row: row.discount,
    "line.tax": lambda row: row.tax,
    "line.tax_collected": lambda row: row.tax_collected,
}
# A document without one of these would be wrong; everything else may be absent.
NEEDED = frozenset({"order.id", "order.purchased_at", "customer", "product", "line.quantity", "line.amount"})
