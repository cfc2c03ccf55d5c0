"""Details: what an order tells besides money, goods and people, for mappings that ask for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from adapter.model.money import Money


@dataclass(frozen=True, slots=True)
class Package:
    """One parcel that the seller has sent. Source: SP-API Orders model 2026-01-01, OrderPackage.

    Attributes:
        reference: the seller's own number of it.
        status: PENDING, IN_TRANSIT, SHIPPED, DELIVERED, CANCELLED, UNDELIVERABLE, or a new word of Amazon's.
        shipped_at: aware, UTC.
    """

    reference: str | None = None
    status: str | None = None
    carrier: str | None = None
    service: str | None = None
    tracking: str | None = None
    shipped_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OrderDetails:
    """Of the whole order; everything may be absent. Source: SP-API Orders model 2026-01-01, fields so named.

    Attributes:
        ship_not_before, deliver_not_before: the beginning of the windows whose end `Order` tells; aware, UTC.
        invoice_status: of the electronic invoice: NOT_REQUIRED, NOT_FOUND, PROCESSING, ERRORED, ACCEPTED.
        invoice_preference: of the buyer: INDIVIDUAL or BUSINESS.
        tax_address: of the buyer's first tax registration, in one line; `tax_office` belongs to it.
        cancelled_by: BUYER, MERCHANT or AMAZON.
        fulfillment_orders: Easy Ship's own ids of the order's parts.
        instructions: where and how to leave the parcel, in the buyer's words.
        included: the data sets that Amazon was asked for with this order; None where that is not known.
        address_type: RESIDENTIAL, COMMERCIAL or PICKUP_POINT.
    """

    ship_not_before: datetime | None = None
    deliver_not_before: datetime | None = None
    invoice_status: str | None = None
    invoice_preference: str | None = None
    tax_address: str | None = None
    tax_office: str | None = None
    cancelled_by: str | None = None
    packages: tuple[Package, ...] = ()
    fulfillment_orders: tuple[str, ...] = ()
    district: str | None = None
    address_type: str | None = None
    instructions: str | None = None
    included: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class LineDetails:
    """Of one line; everything may be absent. Source: SP-API Orders model 2026-01-01, fields so named.

    Attributes:
        promotions: ids of the promotions that the line was sold under.
        points, points_value: granted to the buyer at the seller's expense, in Japan.
        tax_scheme: IOSS or UOSS, where Amazon accounts for the tax of a sale into or within the European Union.
        tax_collector: who collects the tax instead of the seller, by name.
        ioss: the number that the carrier has to tell the customs.
        measure, measure_unit: what a piece holds where it is sold by weight or volume.
        gift_wrap: level of the gift wrap; `gift_message` and `customization` (an address) are the buyer's own.
    """

    condition: str | None = None
    serial_numbers: tuple[str, ...] = ()
    promotions: tuple[str, ...] = ()
    points: int | None = None
    points_value: Money | None = None
    tax_scheme: str | None = None
    tax_collector: str | None = None
    ioss: str | None = None
    measure: Decimal | None = None
    measure_unit: str | None = None
    gift_wrap: str | None = None
    gift_message: str | None = None
    customization: str | None = None


NO_DETAILS: Final = OrderDetails()
NO_LINE_DETAILS: Final = LineDetails()
