"""What a mapping may take a value from: every path, its kind, and where it has a meaning."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """What sort of value a path gives."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"  # aware UTC in the order; the infobase's wall clock in the document
    FLAG = "flag"
    REFERENCE = "reference"  # a Ref_Key in the infobase


class Scope(StrEnum):
    """Where a path has a meaning."""

    ORDER = "order"  # anywhere
    ROW = "row"  # only in rows of a tabular section
    PRODUCT = "product"  # in rows, and where a product is created
    NEW = "new"  # only where a product is created


_TEXT, _NUMBER, _DATE, _FLAG, _REFERENCE = Kind
_ORDER, _ROW, _PRODUCT, _NEW = Scope

PATHS: dict[str, tuple[Kind, Scope, str]] = {
    "order.id": (_TEXT, _ORDER, "Amazon's order id"),
    "order.seller_order_id": (_TEXT, _ORDER, "the seller's own order id, where one was given"),
    "order.account": (_TEXT, _ORDER, "name of the seller account in the settings"),
    "order.status": (_TEXT, _ORDER, "UNSHIPPED, SHIPPED, ..."),
    "order.fulfilled_by": (_TEXT, _ORDER, "AMAZON or MERCHANT"),
    "order.service_level": (_TEXT, _ORDER, "STANDARD, NEXT_DAY, ..."),
    "order.channel": (_TEXT, _ORDER, "AMAZON or NON_AMAZON"),
    "order.program": (_TEXT, _ORDER, "programmes such as PRIME, joined by a comma"),
    "order.payment_method": (_TEXT, _ORDER, "how the buyer paid, joined by a comma"),
    "order.currency": (_TEXT, _ORDER, "ISO 4217 letters"),
    "order.tax_collected": (_FLAG, _ORDER, "whether Amazon collects and pays the tax itself; some lines only: held"),
    "order.total": (_NUMBER, _ORDER, "what the document amounts to"),
    "order.amazon_total": (_NUMBER, _ORDER, "Amazon's own total of the order"),
    "order.purchased_at": (_DATE, _ORDER, "when the buyer ordered"),
    "order.updated_at": (_DATE, _ORDER, "when the order last changed"),
    "order.ship_by": (_DATE, _ORDER, "latest moment to ship"),
    "order.ship_on": (_DATE, _ORDER, "latest moment to ship; where Amazon gives none, when the buyer ordered"),
    "order.deliver_by": (_DATE, _ORDER, "latest promised delivery"),
    "order.ship_not_before": (_DATE, _ORDER, "earliest moment to ship"),
    "order.deliver_not_before": (_DATE, _ORDER, "earliest promised delivery"),
    "order.replaces": (_TEXT, _ORDER, "id of the order that this one replaces free of charge"),
    "order.cancelled_by": (_TEXT, _ORDER, "BUYER, MERCHANT or AMAZON"),
    "order.tax_scheme": (_TEXT, _ORDER, "IOSS, UOSS: Amazon accounts for the tax; joined by a comma"),
    "order.tax_collector": (_TEXT, _ORDER, "who collects the tax instead of the seller, by name"),
    "order.ioss": (_TEXT, _ORDER, "the IOSS number for the customs"),
    "order.invoice_status": (_TEXT, _ORDER, "of the electronic invoice: ACCEPTED, ERRORED, ..."),
    "order.promotion": (_TEXT, _ORDER, "ids of promotions, joined by a comma"),
    "order.points_value": (_NUMBER, _ORDER, "what the buyer's points cost the seller, in Japan"),
    "order.tracking": (_TEXT, _ORDER, "tracking numbers of the seller's parcels, joined by a comma"),
    "order.carrier": (_TEXT, _ORDER, "carriers of the seller's parcels, joined by a comma"),
    "order.shipped_at": (_DATE, _ORDER, "when the seller sent the first parcel"),
    "order.easy_ship_id": (_TEXT, _ORDER, "Easy Ship's ids of the order's parts, joined by a comma"),
    "order.marketplace.id": (_TEXT, _ORDER, "Amazon's marketplace id"),
    "order.marketplace.name": (_TEXT, _ORDER, "such as Amazon.de"),
    "order.marketplace.country": (_TEXT, _ORDER, "country of the marketplace, two letters"),
    "order.marketplace.currency": (_TEXT, _ORDER, "the usual currency of the marketplace, ISO 4217 letters"),
    "buyer.name": (_TEXT, _ORDER, "the buyer's name"),
    "buyer.company": (_TEXT, _ORDER, "the buyer's company"),
    "buyer.company_or_name": (_TEXT, _ORDER, "the buyer's company, else the buyer's name: who the customer is"),
    "buyer.kind": (_TEXT, _ORDER, "person or company: by the buyer's company and the legal form of the name"),
    "buyer.email": (_TEXT, _ORDER, "Amazon's alias of the buyer's address"),
    "buyer.purchase_order": (_TEXT, _ORDER, "the buyer's purchase order number"),
    "buyer.tax_id": (_TEXT, _ORDER, "the buyer's first tax number"),
    "buyer.tax_name": (_TEXT, _ORDER, "the name that the first tax number belongs to"),
    "buyer.tax_type": (_TEXT, _ORDER, "kind of the first tax number: VAT, CPF, CNPJ, ..."),
    "buyer.tax_address": (_TEXT, _ORDER, "address for the invoice, from the first tax number, in one line"),
    "buyer.tax_office": (_TEXT, _ORDER, "tax office, in Turkey"),
    "buyer.invoice_preference": (_TEXT, _ORDER, "INDIVIDUAL or BUSINESS, in Turkey"),
    "ship_to.name": (_TEXT, _ORDER, "recipient"),
    "ship_to.company": (_TEXT, _ORDER, "recipient's company"),
    "ship_to.street": (_TEXT, _ORDER, "street and house, joined by a comma"),
    "ship_to.city": (_TEXT, _ORDER, "city"),
    "ship_to.region": (_TEXT, _ORDER, "state or region"),
    "ship_to.postal_code": (_TEXT, _ORDER, "postal code"),
    "ship_to.country": (_TEXT, _ORDER, "country, two letters"),
    "ship_to.phone": (_TEXT, _ORDER, "telephone"),
    "ship_to.district": (_TEXT, _ORDER, "district or county"),
    "ship_to.type": (_TEXT, _ORDER, "RESIDENTIAL, COMMERCIAL or PICKUP_POINT"),
    "ship_to.instructions": (_TEXT, _ORDER, "where and how to leave the parcel"),
    "customer": (_REFERENCE, _ORDER, "the matched or created customer"),
    "product": (_REFERENCE, _ROW, "the matched or created product, or the product of a charge"),
    "line.id": (_TEXT, _ROW, "Amazon's order item id; empty in the row of a charge"),
    "line.number": (_NUMBER, _ROW, "number of the row, from 1"),
    "line.uuid": (_REFERENCE, _ROW, "a UUID of the row: made from the order and the line, the same every time"),
    "line.quantity": (_NUMBER, _ROW, "pieces, times the multiplier of the alias, exactly; 1 in the row of a charge"),
    "line.unit_price": (_NUMBER, _ROW, "amount divided by quantity, rounded"),
    "line.shop_price": (_NUMBER, _ROW, "price of a piece as the shop showed it"),
    "line.amount": (_NUMBER, _ROW, "everything that the mapping puts into this row"),
    "line.gross": (_NUMBER, _ROW, "the amount before discounts"),
    "line.discount": (_NUMBER, _ROW, "discounts in the amount, as a positive number"),
    "line.tax": (_NUMBER, _ROW, "seller's taxes in the amount"),
    "line.tax_collected": (_FLAG, _ROW, "whether Amazon collects and pays the tax on it itself"),
    "line.sku": (_TEXT, _PRODUCT, "seller SKU"),
    "line.asin": (_TEXT, _PRODUCT, "Amazon's article number"),
    "line.title": (_TEXT, _PRODUCT, "title in the shop; the kind of charge in the row of a charge"),
    "item.title": (_TEXT, _NEW, "title in Amazon's catalog; where that does not tell, line.title"),
    "item.brand": (_TEXT, _NEW, "brand in Amazon's catalog"),
    "item.ean": (_TEXT, _NEW, "EAN in Amazon's catalog, of 13 or 8 digits"),
    "line.condition": (_TEXT, _PRODUCT, "NEW, USED, ..."),
    "line.measure": (_NUMBER, _PRODUCT, "what a piece holds where it is sold by weight or volume"),
    "line.measure_unit": (_TEXT, _PRODUCT, "unit of that"),
    "line.serial_numbers": (_TEXT, _ROW, "serial numbers, joined by a comma"),
    "line.tax_scheme": (_TEXT, _ROW, "IOSS or UOSS: Amazon accounts for the tax"),
    "line.tax_collector": (_TEXT, _ROW, "who collects the tax instead of the seller"),
    "line.promotion": (_TEXT, _ROW, "ids of promotions, joined by a comma"),
    "line.points": (_NUMBER, _ROW, "points granted to the buyer, in Japan"),
    "line.points_value": (_NUMBER, _ROW, "what they cost the seller"),
    "line.gift_wrap": (_TEXT, _ROW, "level of the gift wrap"),
    "line.gift_message": (_TEXT, _ROW, "the buyer's words to go with the gift"),
    "line.customization": (_TEXT, _ROW, "address of the buyer's own texts and pictures for the product"),
}

# Short names that conditions know beside the paths.
CONDITION_NAMES: dict[str, str] = {
    "status": "order.status",
    "fulfilled_by": "order.fulfilled_by",
    "service_level": "order.service_level",
    "channel": "order.channel",
    "program": "order.program",
    "payment_method": "order.payment_method",
    "tax_scheme": "order.tax_scheme",
    "currency": "order.currency",
    "tax_collected": "order.tax_collected",
    "marketplace": "order.marketplace.country",
    "account": "order.account",
    "ship_to_country": "ship_to.country",
}

OWNERS: Final = ("customer", "product")
FURTHER: Final = re.compile(r"(customer|product)\.([a-z][a-z0-9_]*)")
"""Paths that a mapping makes itself: `customer.partner` is what it reads as `partner` from the customers' catalog."""


def further(path: str) -> tuple[str, str] | None:
    """Of a path that the mapping makes itself, whose property it is and its name; else None."""
    match = FURTHER.fullmatch(path)
    return (match[1], match[2]) if match else None
