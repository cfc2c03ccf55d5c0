"""An order of the Orders API v0 in the words of v2026-01-01.

Source: Amazon's table of fields for the migration to v2026-01-01, checked against both models. The money of the lines
is left to `money_v0`: the versions split it in different ways.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from adapter.amazon.amounts import Amounts
from adapter.amazon.marketplaces import MARKETPLACES
from adapter.amazon.times import read_old_time, write_time
from adapter.amazon.wire import orders_v0 as wire
from adapter.model.money import minor_digits

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
_INVOICE = {
    "NotRequired": "NOT_REQUIRED",
    "NotFound": "NOT_FOUND",
    "Processing": "PROCESSING",
    "Errored": "ERRORED",
    "Accepted": "ACCEPTED",
}

_Json = dict[str, Any]


def as_new_version(order_id: str, parsed: wire.Content, currency: str | None) -> _Json:
    """The order as v2026-01-01 would tell it, without the money of its lines.

    Args:
        currency: of the order; None where no amount names one.
    """
    old = parsed.order or wire.Order()
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
        "recipient": {
            "deliveryAddress": _address(old.shipping_address or address.shipping_address, old.is_access_point_order),
            "deliveryPreference": _preference(address.delivery_preferences),
        },
        "proceeds": {"grandTotal": _amount(old.order_total)},
        "payment": {"paymentExecutions": [{"paymentMethod": method} for method in _payment_methods(old)]},
        "tax": {
            "taxRegistrations": _tax_registrations(old),
            "taxInvoicing": {
                "invoiceStatus": _INVOICE.get(old.electronic_invoice_status or "", old.electronic_invoice_status),
                "buyerInvoicePreference": old.buyer_invoice_preference,
            },
        },
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
    collection = old.tax_collection or wire.TaxCollection()
    gift = old.buyer_info or wire.ItemBuyerInfo()
    points = old.points_granted
    wished = old.buyer_requested_cancel is not None and old.buyer_requested_cancel.is_buyer_requested_cancel
    return {
        "orderItemId": old.order_item_id,
        "quantityOrdered": old.quantity_ordered,
        "product": {
            "asin": old.asin,
            "sellerSku": old.seller_sku,
            "title": old.title,
            "price": {"unitPrice": _unit_price(old, currency)},
            "condition": {"conditionType": old.condition_id and old.condition_id.upper()},
            "serialNumbers": list(old.serial_numbers),
            "customization": {
                "customizedUrl": gift.buyer_customized_info and gift.buyer_customized_info.customized_url
            },
        },
        "fulfillment": {
            "quantityFulfilled": old.quantity_shipped,
            "packing": {"giftOption": {"giftMessage": gift.gift_message_text, "giftWrapLevel": gift.gift_wrap_level}}
            if old.is_gift
            else None,
            "shipping": {"internationalShipping": {"iossNumber": old.ioss_number or None}},
        },
        "promotion": {"breakdowns": [{"promotionId": name} for name in old.promotion_ids]},
        "expense": points
        and {
            "pointsCost": {
                "pointsGranted": {
                    "pointsNumber": points.points_number,
                    "pointsMonetaryValue": _amount(points.points_monetary_value),
                }
            }
        },
        "measurement": old.measurement and {"unit": old.measurement.unit, "value": old.measurement.value},
        "cancellation": {"cancellationRequest": {"requester": "BUYER"}} if wished else None,
        "tax": {
            "taxCollections": _some(
                {
                    "model": _COLLECTION_MODELS.get(collection.model or "", collection.model),
                    "responsibleParty": collection.responsible_party,
                },
                collection.model,
            ),
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
        vat = _registration("VAT", turkish.buyer_tax_registration_id, turkish.buyer_legal_company_name)
        address, office = turkish.buyer_business_address, turkish.buyer_tax_office
        vat["taxRegistrationAddress"] = {"addressLine1": address} if address else None
        vat["taxRegistrationAttributes"] = _some({"key": "TAX_OFFICE", "value": office}, office)
        found.append(vat)
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


def _preference(old: wire.DeliveryPreferences | None) -> _Json | None:
    if old is None:
        return None
    return {"dropOffLocation": old.drop_off_location, "addressInstruction": old.address_instructions}


def _address(old: wire.Address | None, pick_up: bool | None) -> _Json | None:
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
        "districtOrCounty": old.district or old.county,
        "stateOrRegion": old.state_or_region,
        "municipality": old.municipality,
        "postalCode": old.postal_code,
        "countryCode": old.country_code,
        "phone": old.phone,
        "addressType": "PICKUP_POINT" if pick_up else old.address_type and old.address_type.upper(),
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
