"""Orders in the form of the Orders API v0, made from those of v2026-01-01.

Source: SP-API model ordersV0 for form and for what is missing in which state; Amazon's table of fields for the
migration to v2026-01-01 for what corresponds. What is restricted is so by the model's notes.
"""

from __future__ import annotations

from collections.abc import Collection

from adapter.simulators.amazon.marketplaces import marketplaces
from adapter.simulators.amazon.orders_v0_items import amount_v0, given
from adapter.simulators.amazon.wire import Wire, moment_of

STATUSES = {
    "PENDING_AVAILABILITY": "PendingAvailability",
    "PENDING": "Pending",
    "UNSHIPPED": "Unshipped",
    "PARTIALLY_SHIPPED": "PartiallyShipped",
    "SHIPPED": "Shipped",
    "CANCELLED": "Canceled",
    "UNFULFILLABLE": "Unfulfillable",
}
CHANNELS = {"MERCHANT": "MFN", "AMAZON": "AFN"}
WITH_ADDRESS = frozenset({"Unshipped", "PartiallyShipped", "Shipped", "InvoiceUnconfirmed"})
WITHOUT_DELIVERY = frozenset({"PendingAvailability", "Pending", "Canceled"})
OPEN_PARTS_OF_ADDRESS = ("City", "StateOrRegion", "PostalCode", "CountryCode")
"""What is told of an address without a restricted token. Source: amzn/selling-partner-api-models issue 1454."""

LEVELS = {
    "EXPEDITED": "Expedited",
    "FREE_ECONOMY": "FreeEconomy",
    "NEXT_DAY": "NextDay",
    "PRIORITY": "Priority",
    "SAME_DAY": "SameDay",
    "SECOND_DAY": "SecondDay",
    "SCHEDULED": "Scheduled",
    "STANDARD": "Standard",
}
METHODS = {"CashOnDelivery": "COD", "ConvenienceStore": "CVS", "GiftCard": "GC"}
TAX_NUMBERS = frozenset({"BR", "MX", "IN"})
"""Where BuyerTaxInfo is given; Turkey has BuyerTaxInformation, all others nothing."""

ADDRESS_FIELDS = {
    "name": "Name",
    "companyName": "CompanyName",
    "addressLine1": "AddressLine1",
    "addressLine2": "AddressLine2",
    "addressLine3": "AddressLine3",
    "city": "City",
    "stateOrRegion": "StateOrRegion",
    "municipality": "Municipality",
    "postalCode": "PostalCode",
    "countryCode": "CountryCode",
    "phone": "Phone",
}
ADDRESS_TYPES = {"RESIDENTIAL": "Residential", "COMMERCIAL": "Commercial"}


def order_v0(order: Wire, elements: Collection[str]) -> Wire:
    """One order without its lines.

    Args:
        order: as v2026-01-01 shows it, with all blocks.
        elements: restricted data that the caller may see.
    """
    fulfillment, channel = order.get("fulfillment", {}), order["salesChannel"]
    status = STATUSES.get(fulfillment.get("fulfillmentStatus"), fulfillment.get("fulfillmentStatus"))
    programs = order.get("programs", ())
    shipped = [item.get("fulfillment", {}).get("quantityFulfilled", 0) for item in order["orderItems"]]
    ordered = [item["quantityOrdered"] for item in order["orderItems"]]
    replaced = next((other["orderId"] for other in order.get("associatedOrders", ())), None)
    alias = next((alias["aliasId"] for alias in order.get("orderAliases", ())), None)
    old: Wire = {
        "AmazonOrderId": order["orderId"],
        "SellerOrderId": alias,
        "PurchaseDate": _time(order["createdTime"]),
        "LastUpdateDate": _time(order["lastUpdatedTime"]),
        "OrderStatus": status,
        "FulfillmentChannel": CHANNELS.get(fulfillment.get("fulfilledBy")),
        "SalesChannel": channel.get("marketplaceName", "Non-Amazon"),
        "MarketplaceId": channel.get("marketplaceId"),
        "OrderTotal": amount_v0(order.get("proceeds", {}).get("grandTotal")),
        "NumberOfItemsShipped": sum(shipped),
        "NumberOfItemsUnshipped": sum(ordered) - sum(shipped),
        "ShipmentServiceLevelCategory": LEVELS.get(fulfillment.get("fulfillmentServiceLevel")),
        "OrderType": "Preorder" if "PREORDER" in programs else "StandardOrder",
        "IsBusinessOrder": "AMAZON_BUSINESS" in programs,
        "IsPrime": "PRIME" in programs,
        "IsPremiumOrder": "PREMIUM" in programs,
        "IsISPU": "IN_STORE_PICK_UP" in programs,
        "IsIBA": "INVOICE_BY_AMAZON" in programs,
        "IsReplacementOrder": replaced is not None,
        "ReplacedOrderId": replaced,
        "BuyerInvoicePreference": order.get("tax", {}).get("taxInvoicing", {}).get("buyerInvoicePreference"),
    }
    old |= _payment(order) | _windows(fulfillment, status) | _people(order, status, elements)
    return given(old)


def address_v0(order: Wire, elements: Collection[str]) -> Wire:
    """The payload of getOrderAddress."""
    found: Wire = {"AmazonOrderId": order["orderId"]}
    if STATUSES.get(order.get("fulfillment", {}).get("fulfillmentStatus")) in WITH_ADDRESS:
        found |= {
            "BuyerCompanyName": order.get("buyer", {}).get("buyerCompanyName"),
            "ShippingAddress": _address(order, elements),
        }
    return given(found)


def buyer_v0(order: Wire, elements: Collection[str]) -> Wire:
    """The payload of getOrderBuyerInfo."""
    return {"AmazonOrderId": order["orderId"], **_buyer(order, elements)}


def _payment(order: Wire) -> Wire:
    executions = order.get("payment", {}).get("paymentExecutions", ())
    if not executions:
        return {}
    names = [execution["paymentMethod"] for execution in executions]
    cash = "CashOnDelivery" in names
    block: Wire = {"PaymentMethod": "COD" if cash else "Other", "PaymentMethodDetails": names}
    if cash:
        block["PaymentExecutionDetail"] = [
            {
                "Payment": amount_v0(execution["paymentAmount"]),
                "PaymentMethod": METHODS.get(execution["paymentMethod"], execution["paymentMethod"]),
            }
            for execution in executions
        ]
    return block


def _windows(fulfillment: Wire, status: str) -> Wire:
    ship, deliver = fulfillment.get("shipByWindow", {}), fulfillment.get("deliverByWindow", {})
    return {
        "EarliestShipDate": _time(ship.get("earliestDateTime")),
        "LatestShipDate": _time(ship.get("latestDateTime")),
        "EarliestDeliveryDate": _time(deliver.get("earliestDateTime")),
        "LatestDeliveryDate": None if status in WITHOUT_DELIVERY else _time(deliver.get("latestDateTime")),
    }


def _people(order: Wire, status: str, elements: Collection[str]) -> Wire:
    block: Wire = {"BuyerInfo": _buyer(order, elements)}
    if status in WITH_ADDRESS:
        block["ShippingAddress"] = _address(order, elements)
    turkish = _registration(order)
    if "buyerTaxInformation" in elements and turkish and _country(order) == "TR":
        block["BuyerTaxInformation"] = {
            "BuyerLegalCompanyName": turkish["legalName"],
            "BuyerTaxRegistrationId": turkish["taxRegistrationNumber"],
        }
    return block


def _buyer(order: Wire, elements: Collection[str]) -> Wire:
    """Without a restricted token the alias for e-mails alone. Source: jrl84/amazon-sp-api issue 84."""
    buyer = order.get("buyer", {})
    if "buyerInfo" not in elements:
        return given({"BuyerEmail": buyer.get("buyerEmail")})
    entry = _registration(order) if _country(order) in TAX_NUMBERS else None
    return given(
        {
            "BuyerEmail": buyer.get("buyerEmail"),
            "BuyerName": buyer.get("buyerName"),
            "PurchaseOrderNumber": buyer.get("buyerPurchaseOrderNumber"),
            "BuyerTaxInfo": entry
            and {
                "CompanyLegalName": entry["legalName"],
                "TaxingRegion": _country(order),
                "TaxClassifications": [{"Name": entry["taxRegistrationType"], "Value": entry["taxRegistrationNumber"]}],
            },
        }
    )


def _address(order: Wire, elements: Collection[str]) -> Wire | None:
    told = order.get("recipient", {}).get("deliveryAddress")
    if told is None:
        return None
    address = {new: told[old] for old, new in ADDRESS_FIELDS.items() if old in told}
    if told.get("addressType") in ADDRESS_TYPES:
        address["AddressType"] = ADDRESS_TYPES[told["addressType"]]
    if "shippingAddress" in elements:
        return address
    return {name: address[name] for name in OPEN_PARTS_OF_ADDRESS if name in address}


def _registration(order: Wire) -> Wire | None:
    entries = order.get("tax", {}).get("taxRegistrations", ())
    return next((entry for entry in entries if entry["entityType"] == "BUYER"), None)


def _country(order: Wire) -> str | None:
    marketplace_id = order["salesChannel"].get("marketplaceId")
    return next((known.country for known in marketplaces() if known.id == marketplace_id), None)


def _time(text: str | None) -> str | None:
    """Whole seconds are all that v0 tells."""
    return None if text is None else moment_of(text).strftime("%Y-%m-%dT%H:%M:%SZ")
