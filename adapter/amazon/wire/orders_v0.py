"""Orders API v0: what we read of its answers. Source: SP-API model ordersV0, definitions so named.

Everything is optional; what is odd is passed over, see `tolerant`. Flags come as booleans or as texts.
"""

from __future__ import annotations

from typing import Any

from pydantic import Field
from pydantic.alias_generators import to_pascal

from adapter.amazon.wire.tolerant import Tolerant


class _Wire(Tolerant, alias_generator=to_pascal):
    """The names of this version."""


class Money(_Wire):
    """`amount` is a decimal number in a text."""

    currency_code: str | None = None
    amount: str | None = None


class AddressExtendedFields(_Wire):
    """Parts of a street in Brazil."""

    street_name: str | None = None
    street_number: str | None = None
    complement: str | None = None
    neighborhood: str | None = None


class Address(_Wire):
    """Restricted but for city, region, postal code and country."""

    name: str | None = None
    company_name: str | None = None
    address_line1: str | None = Field(None, alias="AddressLine1")
    address_line2: str | None = Field(None, alias="AddressLine2")
    address_line3: str | None = Field(None, alias="AddressLine3")
    city: str | None = None
    county: str | None = None
    district: str | None = None
    state_or_region: str | None = None
    municipality: str | None = None
    postal_code: str | None = None
    country_code: str | None = None
    phone: str | None = None
    extended_fields: AddressExtendedFields | None = None
    address_type: str | None = None


class TaxClassification(_Wire):
    """`name`: the kind of the tax number `value`."""

    name: str | None = None
    value: str | None = None


class BuyerTaxInfo(_Wire):
    """Of business orders in Brazil, Mexico and India."""

    company_legal_name: str | None = None
    tax_classifications: tuple[TaxClassification, ...] = ()


class BuyerInfo(_Wire):
    """Restricted."""

    buyer_email: str | None = None
    buyer_name: str | None = None
    buyer_tax_info: BuyerTaxInfo | None = None
    purchase_order_number: str | None = None


class BuyerTaxInformation(_Wire):
    """Of business orders in Turkey. Restricted."""

    buyer_legal_company_name: str | None = None
    buyer_business_address: str | None = None
    buyer_tax_office: str | None = None
    buyer_tax_registration_id: str | None = None


class PaymentExecutionDetailItem(_Wire):
    """`payment_method`: COD, GC, PointsAccount, Invoice, CreditCard, Pix, Other."""

    payment_method: str | None = None


class Order(_Wire):
    """One order without its lines. `order_status`: one of eight words, with one l in Canceled."""

    amazon_order_id: str | None = None
    seller_order_id: str | None = None
    purchase_date: str | None = None
    last_update_date: str | None = None
    order_status: str | None = None
    fulfillment_channel: str | None = None
    sales_channel: str | None = None
    order_total: Money | None = None
    payment_execution_detail: tuple[PaymentExecutionDetailItem, ...] = ()
    payment_method: str | None = None
    payment_method_details: tuple[str, ...] = ()
    marketplace_id: str | None = None
    shipment_service_level_category: str | None = None
    order_type: str | None = None
    earliest_ship_date: str | None = None
    latest_ship_date: str | None = None
    earliest_delivery_date: str | None = None
    latest_delivery_date: str | None = None
    is_business_order: bool | None = None
    is_prime: bool | None = None
    is_premium_order: bool | None = None
    is_replacement_order: bool | None = None
    replaced_order_id: str | None = None
    is_iba: bool | None = Field(None, alias="IsIBA")
    is_ispu: bool | None = Field(None, alias="IsISPU")
    is_access_point_order: bool | None = None
    buyer_invoice_preference: str | None = None
    electronic_invoice_status: str | None = None
    buyer_tax_information: BuyerTaxInformation | None = None
    shipping_address: Address | None = None
    buyer_info: BuyerInfo | None = None


class DeliveryPreferences(_Wire):
    """Where and how to leave the parcel."""

    drop_off_location: str | None = None
    address_instructions: str | None = None


class OrderAddress(_Wire):
    """Answer of getOrderAddress, as far as the order itself does not tell it."""

    buyer_company_name: str | None = None
    shipping_address: Address | None = None
    delivery_preferences: DeliveryPreferences | None = None


class TaxCollection(_Wire):
    """`model`: MarketplaceFacilitator."""

    model: str | None = None
    responsible_party: str | None = None


class BuyerCustomizedInfo(_Wire):
    """Of Amazon Custom."""

    customized_url: str | None = Field(None, alias="CustomizedURL")


class ItemBuyerInfo(_Wire):
    """Restricted, prices of the gift wrap included."""

    buyer_customized_info: BuyerCustomizedInfo | None = None
    gift_message_text: str | None = None
    gift_wrap_level: str | None = None
    gift_wrap_price: Money | None = None
    gift_wrap_tax: Money | None = None


class BuyerRequestedCancel(_Wire):
    """A wish."""

    is_buyer_requested_cancel: bool | None = None


class PointsGranted(_Wire):
    """In Japan."""

    points_number: int | None = None
    points_monetary_value: Money | None = None


class Measurement(_Wire):
    """What a piece holds."""

    unit: str | None = None
    value: str | None = None


class OrderItem(_Wire):
    """One line; its amounts are for the whole quantity."""

    asin: str | None = Field(None, alias="ASIN")
    seller_sku: str | None = Field(None, alias="SellerSKU")
    order_item_id: str | None = None
    title: str | None = None
    quantity_ordered: int | None = None
    quantity_shipped: int | None = None
    item_price: Money | None = None
    shipping_price: Money | None = None
    item_tax: Money | None = None
    shipping_tax: Money | None = None
    shipping_discount: Money | None = None
    shipping_discount_tax: Money | None = None
    promotion_discount: Money | None = None
    promotion_discount_tax: Money | None = None
    cod_fee: Money | None = Field(None, alias="CODFee")
    cod_fee_discount: Money | None = Field(None, alias="CODFeeDiscount")
    promotion_ids: tuple[str, ...] = ()
    points_granted: PointsGranted | None = None
    is_gift: bool | None = None
    condition_id: str | None = None
    serial_numbers: tuple[str, ...] = ()
    measurement: Measurement | None = None
    ioss_number: str | None = None
    tax_collection: TaxCollection | None = None
    deemed_reseller_category: str | None = None
    buyer_info: ItemBuyerInfo | None = None
    buyer_requested_cancel: BuyerRequestedCancel | None = None


class Content(_Wire):
    """What we keep of one order: the answers of several calls, each under the name of its definition."""

    order: Order | None = None
    order_items: tuple[OrderItem, ...] = ()
    address: OrderAddress | None = None


def parse_content(data: dict[str, Any]) -> tuple[Content, tuple[str, ...]]:
    """An order's JSON as an object, and what in it had an unexpected form; never raises for odd values."""
    notes: list[str] = []
    return Content.model_validate(data, context=notes), tuple(notes)
