"""From a value source of the mapping to a value: pure look-ups in an order, its row and what was matched."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from adapter.mapping.paths import PATHS, further
from adapter.mapping.rules import Charges
from adapter.mapping.sources import Const, From, Lookup, MapTable, RateTable, Text, Vat, placeholders
from adapter.model.document import Scalar
from adapter.model.item import CatalogItem
from adapter.model.money import Money, minor_digits, round_half_up
from adapter.model.order import Order, OrderLine
from adapter.planning.details import ITEM, LINE_DETAILS, ORDER_DETAILS

ValueSource = From | Const | Text | Lookup | MapTable | Vat
Raw = str | Decimal | int | bool | datetime | UUID | None
ReferenceKey = tuple[str, tuple[tuple[str, object], ...]]
References = Mapping[ReferenceKey, UUID]


def reference_key(lookup: Lookup) -> ReferenceKey:
    """By what a resolved lookup is known: the entity set and the conditions, in order."""
    return lookup.lookup, tuple(sorted(lookup.where.items()))


class NoValue(Exception):
    """A value cannot be given; the text is a reason to hold the order, with the next step."""


@dataclass(frozen=True, slots=True)
class RowValues:
    """What the paths `line.*` and `product` mean in one row. Sums are in the order's currency.

    Attributes:
        digits: decimal digits of a price.
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

    @property
    def unit_price(self) -> Decimal:
        """The amount of one piece, rounded."""
        return round_half_up(self.amount / self.quantity, self.digits) if self.quantity else Decimal(0)


@dataclass(frozen=True, slots=True)
class Context:
    """Everything that a value may be taken from.

    Attributes:
        document_total: what the document shall amount to.
        references: resolved lookups, by `reference_key`.
        zone: the infobase's time zone.
        item: what Amazon's catalog tells of the product that is to be created.
        charges: what the mapping says about charges, for the products of their rows.
        customer_further: what the mapping reads of the customer besides, by its names; absent where 1C has nothing.
    """

    order: Order
    references: References
    zone: ZoneInfo
    customer: UUID | None = None
    document_total: Money | None = None
    row: RowValues | None = None
    line: OrderLine | None = None
    charges: Charges | None = None
    item: CatalogItem | None = None
    customer_further: Mapping[str, str] = field(default_factory=dict)

    @property
    def digits(self) -> int:
        """Decimal digits of the smallest unit of the order's currency."""
        return minor_digits(self.order.currency or "")

    def reference(self, lookup: Lookup) -> UUID:
        """The element that a lookup names.

        Raises:
            NoValue: it has not been looked up in the infobase.
        """
        found = self.references.get(reference_key(lookup))
        if found is None:
            where = ", ".join(f"{name} {value}" for name, value in lookup.where.items())
            raise NoValue(f"{lookup.lookup} with {where} was not found in the infobase; see: amazon1c check")
        return found

    def raw(self, path: str) -> Raw:
        """What a path means here; None where Amazon gave nothing."""
        if path == "customer":
            return self.customer
        if path == "order.total":
            return self.document_total.amount if self.document_total else None
        if own := further(path):
            owner, name = own
            known = self.customer_further if owner == "customer" else self.row.further if self.row else {}
            return known.get(name)
        if path == "line.uuid" and self.row is not None:
            part = self.row.line.line_id if self.row.line else self.row.title
            return uuid5(_ROWS, f"{self.order.seller_id}|{self.order.order_id}|{part}")
        if path in _ORDER:
            return _ORDER[path](self.order)
        if self.row is not None and path in _ROW:
            return _ROW[path](self.row)
        line = self.line or (self.row.line if self.row else None)
        if path == "line.title" and line is None and self.row is not None:
            return self.row.title
        if path in ITEM:
            return ITEM[path](self.item, line)
        return _LINE[path](line) if line is not None and path in _LINE else None

    def value(self, source: ValueSource) -> Scalar | None:
        """The value that goes into the infobase; None: leave the property out.

        Raises:
            NoValue: there is none although there should be.
        """
        match source:
            case From():
                return self._from(source)
            case Const():
                return source.const
            case Text():
                parts = ((literal, path and self.text(path)) for literal, path in placeholders(source.text))
                return clean("".join(literal + (value or "") for literal, value in parts))
            case Lookup():
                return str(self.reference(source))
            case MapTable():
                return self._mapped(source)
            case Vat():
                return self._vat(source)

    def text(self, path: str) -> str:
        """A path's value as text; empty where there is none."""
        value = self.raw(path)
        if value is None:
            return ""
        if isinstance(value, datetime):
            return self._local(value).replace("T", " ")
        return f"{value:f}" if isinstance(value, Decimal) else str(value)

    def _from(self, source: From) -> Scalar | None:
        value = self.raw(source.source)
        if isinstance(value, datetime):
            text = self._local(value)
            return text[:11] + "00:00:00" if source.date == "start_of_day" else text
        if isinstance(value, UUID):
            return str(value)
        if isinstance(value, Decimal) and source.round is not None:
            value = round_half_up(value, source.round)
        if isinstance(value, str):
            value = _transformed(clean(value), source) or None
        if value is not None:
            return value
        if source.default is None and not source.optional:
            self._need(source.source)
        return str(self.reference(source.default)) if isinstance(source.default, Lookup) else source.default

    def _need(self, path: str) -> None:
        """Refuse to leave out what a document would be wrong without."""
        if own := further(path):
            owner, name = own
            number = f" of row {self.row.number}" if owner == "product" and self.row else ""
            raise NoValue(
                f"the {owner}{number} has no {name} in 1C; enter it there, or give {{from: {path}}} a default "
                "or optional: true in the mapping"
            )
        if path in _NEEDED:
            raise NoValue(f"there is no {path} ({PATHS[path][2]}); look at the order at Amazon")

    def _mapped(self, source: MapTable) -> Scalar:
        key = self.text(source.map)
        chosen = source.absent if not key.strip() and source.absent is not None else None
        if chosen is None:
            chosen = source.table.get(key, source.otherwise)
        if chosen is None:
            raise NoValue(f'the mapping has no entry for "{key}" in its table of {source.map}; add one')
        return str(self.reference(chosen)) if isinstance(chosen, Lookup) else chosen

    def _vat(self, source: Vat) -> Decimal:
        base = self.raw(source.vat)
        if not isinstance(base, Decimal):
            raise NoValue(f"there is no {source.vat} to take the VAT from; name another value in the mapping")
        rate = self._rate(source.rate)
        vat = round_half_up(base * rate / (100 + rate if source.included else Decimal(100)), self.digits)
        if source.give == "vat":
            return vat
        if source.give == "net":
            return base - vat if source.included else base
        return base if source.included else base + vat

    def _rate(self, rate: Decimal | RateTable) -> Decimal:
        if isinstance(rate, Decimal):
            return rate
        key = self.text(rate.map)
        chosen = rate.table.get(key, rate.otherwise)
        if chosen is None:
            raise NoValue(f'the mapping has no VAT rate for "{key}" in its table of {rate.map}; add one')
        return chosen

    def _local(self, moment: datetime) -> str:
        try:
            local = moment.astimezone(self.zone)
        except OverflowError as problem:
            raise NoValue(
                f"the time {moment.isoformat()} is beyond any calendar; look at the order at Amazon"
            ) from problem
        return local.replace(tzinfo=None, microsecond=0).isoformat()


def clean(text: str) -> str:
    """A text that 1C can keep: no control characters, no broken surrogates, blanks for line breaks."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    spaced = whole.replace("\r\n", " ").replace("\n", " ").replace("\r", " ").replace("\t", " ")
    return "".join(letter for letter in spaced if unicodedata.category(letter) != "Cc")


def _transformed(text: str, source: From) -> str:
    if source.trim:
        text = text.strip()
    if source.upper:
        text = text.upper()
    if source.substring is not None:
        start, length = source.substring
        text = text[start : start + length]
    return text


def _amount(money: Money | None) -> Decimal | None:
    return money.amount if money is not None else None


_ORDER: dict[str, Callable[[Order], Raw]] = {
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
_LINE: dict[str, Callable[[OrderLine], Raw]] = {
    "line.id": lambda line: line.line_id,
    "line.sku": lambda line: line.sku,
    "line.asin": lambda line: line.asin,
    "line.title": lambda line: line.title,
    "line.shop_price": lambda line: _amount(line.shop_price),
    **LINE_DETAILS,
}
_ROW: dict[str, Callable[[RowValues], Raw]] = {
    "product": lambda row: row.product,
    "line.number": lambda row: row.number,
    "line.quantity": lambda row: row.quantity,
    "line.unit_price": lambda row: row.unit_price,
    "line.amount": lambda row: row.amount,
    "line.gross": lambda row: row.gross,
    "line.discount": lambda row: row.discount,
    "line.tax": lambda row: row.tax,
}
_ROWS = UUID("0b0e8a53-4d0f-5c61-8f9c-2f5b0b9c5a7e")
# A document without one of these would be wrong; everything else may be absent.
_NEEDED = frozenset({"order.id", "order.purchased_at", "customer", "product", "line.quantity", "line.amount"})
