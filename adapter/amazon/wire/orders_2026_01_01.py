"""Orders API 2026-01-01: what we read of its answers. Source: SP-API Orders model 2026-01-01, definitions so named.

Everything is optional; what is odd is passed over, see `tolerant`.
"""

from __future__ import annotations

from typing import Any

from pydantic.alias_generators import to_camel

from adapter.amazon.wire.tolerant import Tolerant


class _Wire(Tolerant, alias_generator=to_camel):
    """The names of this version."""


class Money(_Wire):
    """`amount` is a decimal number in a text."""

    amount: str | None = None
    currency_code: str | None = None


class DateTimeRange(_Wire):
    """A window of time, ISO 8601."""

    earliest_date_time: str | None = None
    latest_date_time: str | None = None


class Alias(_Wire):
    """`alias_type`: SELLER_ORDER_ID."""

    alias_id: str | None = None
    alias_type: str | None = None


class AssociatedOrder(_Wire):
    """`association_type`: REPLACEMENT_ORIGINAL_ID, EXCHANGE_ORIGINAL_ID."""

    order_id: str | None = None
    association_type: str | None = None


class SalesChannel(_Wire):
    """`channel_name`: AMAZON, NON_AMAZON."""

    channel_name: str | None = None
    marketplace_id: str | None = None
    marketplace_name: str | None = None


class Buyer(_Wire):
    """Present with the data set BUYER; each field only where a role allows it."""

    buyer_name: str | None = None
    buyer_email: str | None = None
    buyer_company_name: str | None = None
    buyer_purchase_order_number: str | None = None


class AddressExtendedFields(_Wire):
    """Parts of a street in Brazil."""

    street_name: str | None = None
    street_number: str | None = None
    complement: str | None = None
    neighborhood: str | None = None


class CustomerAddress(_Wire):
    """Every field optional by the model itself."""

    name: str | None = None
    company_name: str | None = None
    address_line1: str | None = None
    address_line2: str | None = None
    address_line3: str | None = None
    city: str | None = None
    district_or_county: str | None = None
    state_or_region: str | None = None
    municipality: str | None = None
    postal_code: str | None = None
    country_code: str | None = None
    phone: str | None = None
    extended_fields: AddressExtendedFields | None = None


class Recipient(_Wire):
    """Present with the data set RECIPIENT."""

    delivery_address: CustomerAddress | None = None


class OrderProceedsBreakdown(_Wire):
    """Aggregates of the lines, and DELIVERY_TIP, which belongs to no line and has a `status`."""

    type: str | None = None
    status: str | None = None
    subtotal: Money | None = None


class OrderProceeds(_Wire):
    """Present with the data set PROCEEDS."""

    grand_total: Money | None = None
    breakdowns: tuple[OrderProceedsBreakdown, ...] = ()


class PaymentExecution(_Wire):
    """One payment."""

    payment_method: str | None = None


class OrderPayment(_Wire):
    """Present with the data set PAYMENT."""

    payment_executions: tuple[PaymentExecution, ...] = ()


class OrderTaxRegistration(_Wire):
    """`entity_type`: BUYER, MERCHANT, MARKETPLACE."""

    entity_type: str | None = None
    legal_name: str | None = None
    tax_registration_type: str | None = None
    tax_registration_number: str | None = None


class OrderTax(_Wire):
    """Present with the data set TAX."""

    tax_registrations: tuple[OrderTaxRegistration, ...] = ()


class OrderFulfillment(_Wire):
    """Present with the data set FULFILLMENT; the only place of the status."""

    fulfillment_status: str | None = None
    fulfilled_by: str | None = None
    fulfillment_service_level: str | None = None
    ship_by_window: DateTimeRange | None = None
    deliver_by_window: DateTimeRange | None = None


class ItemPrice(_Wire):
    """`unit_price`: of one piece, as the shop showed it."""

    unit_price: Money | None = None


class ItemProduct(_Wire):
    """What is sold; any of it may be missing."""

    asin: str | None = None
    title: str | None = None
    seller_sku: str | None = None
    price: ItemPrice | None = None


class ItemProceedsDetailedBreakdown(_Wire):
    """Parts of a TAX or DISCOUNT subtotal. `subtype`: ITEM, SHIPPING, GIFT_WRAP, COD_FEE, OTHER, DISCOUNT."""

    subtype: str | None = None
    value: Money | None = None


class ItemProceedsBreakdown(_Wire):
    """`type`: ITEM, SHIPPING, GIFT_WRAP, COD_FEE, OTHER, TAX, DISCOUNT."""

    type: str | None = None
    subtotal: Money | None = None
    detailed_breakdowns: tuple[ItemProceedsDetailedBreakdown, ...] = ()


class ItemProceeds(_Wire):
    """Present with the data set PROCEEDS, not for pending orders."""

    proceeds_total: Money | None = None
    breakdowns: tuple[ItemProceedsBreakdown, ...] = ()


class ItemCancellationRequest(_Wire):
    """A wish. `requester`: BUYER. The reason is the buyer's own text and is not read."""

    requester: str | None = None


class ItemCancellation(_Wire):
    """Present with the data set CANCELLATION."""

    cancellation_request: ItemCancellationRequest | None = None


class ItemFulfillment(_Wire):
    """Present with the data set FULFILLMENT."""

    quantity_fulfilled: int | None = None
    quantity_unfulfilled: int | None = None


class ItemTaxCalculationBreakdown(_Wire):
    """`reporting_scheme`: UOSS, IOSS."""

    reporting_scheme: str | None = None


class ItemTaxCollection(_Wire):
    """`model`: MARKETPLACE_FACILITATOR."""

    model: str | None = None
    responsible_party: str | None = None


class ItemTax(_Wire):
    """Present with the data set TAX."""

    tax_calculation_breakdowns: tuple[ItemTaxCalculationBreakdown, ...] = ()
    tax_collections: tuple[ItemTaxCollection, ...] = ()


class OrderItem(_Wire):
    """One line."""

    order_item_id: str | None = None
    quantity_ordered: int | None = None
    product: ItemProduct | None = None
    proceeds: ItemProceeds | None = None
    cancellation: ItemCancellation | None = None
    fulfillment: ItemFulfillment | None = None
    tax: ItemTax | None = None


class Order(_Wire):
    """One order."""

    order_id: str | None = None
    order_aliases: tuple[Alias, ...] = ()
    created_time: str | None = None
    last_updated_time: str | None = None
    programs: tuple[str, ...] = ()
    associated_orders: tuple[AssociatedOrder, ...] = ()
    sales_channel: SalesChannel | None = None
    buyer: Buyer | None = None
    recipient: Recipient | None = None
    proceeds: OrderProceeds | None = None
    payment: OrderPayment | None = None
    tax: OrderTax | None = None
    fulfillment: OrderFulfillment | None = None
    order_items: tuple[OrderItem, ...] = ()


def parse_order(data: dict[str, Any]) -> tuple[Order, tuple[str, ...]]:
    """An order's JSON as an object, and what in it had an unexpected form; never raises for odd values."""
    notes: list[str] = []
    return Order.model_validate(data, context=notes), tuple(notes)
