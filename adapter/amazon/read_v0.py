"""An order of the Orders API v0, as the neutral value: told in the words of v2026-01-01, and read as such.

Source of the words: Amazon's table of fields for the migration to v2026-01-01, checked against both models.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from adapter.amazon.amounts import Amounts, first_currency
from adapter.amazon.errors import UnreadableOrder
from adapter.amazon.marketplaces import MARKETPLACES
from adapter.amazon.money_v0 import line_amounts, read_money, told_amounts
from adapter.amazon.page import usable_id
from adapter.amazon.proceeds import collected_by_marketplace
from adapter.amazon.read import OrderMoney, as_object, line_label, neutral
from adapter.amazon.times import read_old_time, write_time
from adapter.amazon.wire import orders_2026_01_01 as new
from adapter.amazon.wire import orders_v0 as wire
from adapter.model.money import minor_digits
from adapter.model.order import Order
from adapter.model.proof import prove

STATUSES = {
    "PendingAvailability": "PENDING_AVAILABILITY",
    "Pending": "PENDING",
    "Unshipped": "UNSHIPPED",
    "PartiallyShipped": "PARTIALLY_SHIPPED",
    "Shipped": "SHIPPED",
    "InvoiceUnconfirmed": "INVOICE_UNCONFIRMED",
    "Canceled": "CANCELLED",
    "Unfulfillable": "UNFULFILLABLE",
}
CHANNELS = {"MFN": "MERCHANT", "AFN": "AMAZON"}
_LEVELS = {
    "Expedited": "EXPEDITED",
    "FreeEconomy": "FREE_ECONOMY",
    "NextDay": "NEXT_DAY",
    "Priority": "PRIORITY",
    "SameDay": "SAME_DAY",
    "SecondDay": "SECOND_DAY",
    "Scheduled": "SCHEDULED",
    "Standard": "STANDARD",
}
_METHODS = {"COD": "CashOnDelivery", "CVS": "ConvenienceStore", "GC": "GiftCard"}
_COLLECTION_MODELS = {"MarketplaceFacilitator": "MARKETPLACE_FACILITATOR"}
_ELSEWHERE = "Non-Amazon"

_Json = dict[str, Any]


def read_order(content: str | Mapping[str, Any], account: str, seller_id: str) -> Order:
    """Read one order of Orders API v0; the result is as `read.read_order` gives it.

    Args:
        content: JSON, as text or as an object: `Order`, `OrderItems` and, where it was asked for, `Address`.
        account: our name of the seller account.
        seller_id: Amazon's merchant id.

    Raises:
        UnreadableOrder: it is no JSON object or has no usable order id; anything else becomes a doubt.
    """
    parsed, notes = wire.parse_content(as_object(content))
    old = parsed.order or wire.Order()
    order_id = usable_id(old.amazon_order_id)
    if order_id is None:
        raise UnreadableOrder("an order without a usable AmazonOrderId cannot be kept; look for it in Seller Central")
    amounts = Amounts(first_currency(told_amounts(parsed)), list(notes))
    order, _ = new.parse_order(_order(order_id, old, parsed, amounts.currency))
    read = neutral(order_id, order, _money(parsed, order, amounts), account, seller_id)
    return _explained(read, parsed) if prove(read).proven is False else read


def _explained(order: Order, parsed: wire.Content) -> Order:
    """Why the total may be more than its parts, where that is known."""
    silent = any(
        item.is_gift and (item.buyer_info or wire.ItemBuyerInfo()).gift_wrap_price is None
        for item in parsed.order_items
    )
    if not silent:
        return order
    reason = (
        "it is a gift, and Amazon tells the price of its wrapping only to applications with a restricted role; give "
        "the application one, or read the order by the Orders API 2026-01-01 (orders_api in the settings)"
    )
    return replace(order, doubts=(*order.doubts, reason))


def _money(parsed: wire.Content, order: new.Order, amounts: Amounts) -> OrderMoney:
    lines = []
    for number, (old, item) in enumerate(zip(parsed.order_items, order.order_items, strict=True), start=1):
        where = line_label(item, number)
        by_marketplace = collected_by_marketplace(item.tax, where, amounts.doubts)
        lines.append(line_amounts(old, by_marketplace, amounts, where))
    silent = Amounts(amounts.currency, [])  # the total is read once more by `neutral`, which tells what is wrong
    total = silent.optional(parsed.order.order_total, "total") if parsed.order else None
    facts = MARKETPLACES.get((order.sales_channel or new.SalesChannel()).marketplace_id or "")
    return OrderMoney(amounts, read_money(lines, total, facts.country if facts else None, amounts))


def _order(order_id: str, old: wire.Order, parsed: wire.Content, currency: str | None) -> _Json:
    """The order in the form of v2026-01-01, without the money of its lines."""
    status = STATUSES.get(old.order_status or "", old.order_status)
    address = parsed.address or wire.OrderAddress()
    return {
        "orderId": order_id,
        "orderAliases": _some({"aliasId": old.seller_order_id, "aliasType": "SELLER_ORDER_ID"}, old.seller_order_id),
        "createdTime": _time(old.purchase_date),
        "lastUpdatedTime": _time(old.last_update_date),
        "programs": _programs(old),
        "associatedOrders": _some(
            {"orderId": old.replaced_order_id, "associationType": "REPLACEMENT_ORIGINAL_ID"}, old.is_replacement_order
        ),
        "salesChannel": _sales_channel(old),
        "buyer": _buyer(old, address),
        "recipient": {"deliveryAddress": _address(old.shipping_address or address.shipping_address)},
        "proceeds": {"grandTotal": _amount(old.order_total)},
        "payment": {"paymentExecutions": [{"paymentMethod": method} for method in _payment_methods(old)]},
        "tax": {"taxRegistrations": _tax_registrations(old)},
        "fulfillment": {
            "fulfillmentStatus": status,
            "fulfilledBy": CHANNELS.get(old.fulfillment_channel or "", old.fulfillment_channel),
            "fulfillmentServiceLevel": _LEVELS.get(
                old.shipment_service_level_category or "", old.shipment_service_level_category
            ),
            "shipByWindow": _window(old.earliest_ship_date, old.latest_ship_date),
            "deliverByWindow": _window(old.earliest_delivery_date, old.latest_delivery_date),
        },
        "orderItems": [_item(item, currency) for item in parsed.order_items],
    }


def _item(old: wire.OrderItem, currency: str | None) -> _Json:
    collection = old.tax_collection
    model = collection.model if collection else None
    wished = old.buyer_requested_cancel is not None and old.buyer_requested_cancel.is_buyer_requested_cancel
    return {
        "orderItemId": old.order_item_id,
        "quantityOrdered": old.quantity_ordered,
        "product": {
            "asin": old.asin,
            "sellerSku": old.seller_sku,
            "title": old.title,
            "price": {"unitPrice": _unit_price(old, currency)},
        },
        "fulfillment": {"quantityFulfilled": old.quantity_shipped},
        "cancellation": {"cancellationRequest": {"requester": "BUYER"}} if wished else None,
        "tax": {
            "taxCollections": _some({"model": _COLLECTION_MODELS.get(model or "", model)}, model),
            "taxCalculationBreakdowns": _some(
                {"reportingScheme": old.deemed_reseller_category}, old.deemed_reseller_category
            ),
        },
    }


def _unit_price(old: wire.OrderItem, currency: str | None) -> _Json | None:
    """The price of one piece, where that of all pieces can be divided by them without a rest."""
    if old.item_price is None or old.quantity_ordered is None or old.quantity_ordered <= 0 or currency is None:
        return None
    price = Amounts(currency, []).read(old.item_price, "")  # what is wrong with it is told where the money is read
    if price is None:
        return None
    single = (price / old.quantity_ordered).quantize(Decimal(1).scaleb(-minor_digits(currency)))
    return {"amount": str(single), "currencyCode": currency} if single * old.quantity_ordered == price else None


def _sales_channel(old: wire.Order) -> _Json:
    """Source: seen in answers and reports, `Amazon.de` for a shop and `Non-Amazon` or `Non-Amazon DE` elsewhere."""
    name = old.sales_channel
    if name is not None and name.startswith(_ELSEWHERE):
        return {"channelName": "NON_AMAZON", "marketplaceId": old.marketplace_id}
    # Pending orders tell the marketplace only.
    known = name is None and old.marketplace_id in MARKETPLACES
    inside = known or (name is not None and name.startswith("Amazon"))
    return {
        "channelName": "AMAZON" if inside else name,
        "marketplaceId": old.marketplace_id,
        "marketplaceName": name,
    }


def _programs(old: wire.Order) -> list[str]:
    flags = {
        "AMAZON_BUSINESS": old.is_business_order,
        "PRIME": old.is_prime,
        "PREMIUM": old.is_premium_order,
        "PREORDER": old.order_type == "Preorder",
        "IN_STORE_PICK_UP": old.is_ispu,
        "INVOICE_BY_AMAZON": old.is_iba,
    }
    return [name for name, given in flags.items() if given]


def _buyer(old: wire.Order, address: wire.OrderAddress) -> _Json:
    told = old.buyer_info or wire.BuyerInfo()
    return {
        "buyerName": told.buyer_name,
        "buyerEmail": told.buyer_email,
        "buyerCompanyName": address.buyer_company_name,
        "buyerPurchaseOrderNumber": told.purchase_order_number,
    }


def _tax_registrations(old: wire.Order) -> list[_Json]:
    found: list[_Json] = []
    told = old.buyer_info.buyer_tax_info if old.buyer_info else None
    for entry in told.tax_classifications if told else ():
        found.append(_registration(entry.name, entry.value, told.company_legal_name if told else None))
    if turkish := old.buyer_tax_information:
        found.append(_registration("VAT", turkish.buyer_tax_registration_id, turkish.buyer_legal_company_name))
    return found


def _registration(kind: str | None, number: str | None, name: str | None) -> _Json:
    return {
        "entityType": "BUYER",
        "taxRegistrationType": kind,
        "taxRegistrationNumber": number,
        "legalName": name,
    }


def _payment_methods(old: wire.Order) -> list[str]:
    told = [detail.payment_method for detail in old.payment_execution_detail] or [*old.payment_method_details]
    if not told and old.payment_method in _METHODS:
        told = [old.payment_method]
    return [_METHODS.get(method, method) for method in told if method is not None]


def _address(old: wire.Address | None) -> _Json | None:
    if old is None:
        return None
    parts = old.extended_fields or wire.AddressExtendedFields()
    return {
        "name": old.name,
        "companyName": old.company_name,
        "addressLine1": old.address_line1,
        "addressLine2": old.address_line2,
        "addressLine3": old.address_line3,
        "city": old.city,
        "stateOrRegion": old.state_or_region,
        "municipality": old.municipality,
        "postalCode": old.postal_code,
        "countryCode": old.country_code,
        "phone": old.phone,
        "extendedFields": {
            "streetName": parts.street_name,
            "streetNumber": parts.street_number,
            "complement": parts.complement,
            "neighborhood": parts.neighborhood,
        },
    }


def _time(text: str | None) -> str | None:
    """The moment as v2026-01-01 writes it; anything else stays, to be told as a doubt."""
    moment = read_old_time(text)
    return text if moment is None else write_time(moment)


def _window(first: str | None, last: str | None) -> _Json | None:
    return {"earliestDateTime": _time(first), "latestDateTime": _time(last)} if first or last else None


def _amount(old: wire.Money | None) -> _Json | None:
    return None if old is None else {"amount": old.amount, "currencyCode": old.currency_code}


def _some(value: _Json, given: object) -> list[_Json]:
    """A list of the value, empty where it is not given."""
    return [value] if given else []
