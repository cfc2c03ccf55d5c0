"""The flat files "all orders", one line for each item of an order, as Amazon's order tracking reports have them.

Source for the columns: SP-API documentation, "Order tracking reports attributes"; for further ones, seen in real files,
the type definitions of jrl84/amazon-sp-api 1.1.6. Source for the encodings: amzn/selling-partner-api-docs issue 927,
saleweaver/python-amazon-sp-api issues 769 and 1981.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from adapter.simulators.amazon.marketplaces import Region
from adapter.simulators.amazon.orders_v0 import order_v0
from adapter.simulators.amazon.orders_v0_items import items_v0
from adapter.simulators.amazon.wire import Wire, moment_of

BY_ORDER_DATE = "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_ORDER_DATE_GENERAL"
BY_LAST_UPDATE = "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL"
FIELDS = {BY_ORDER_DATE: "createdTime", BY_LAST_UPDATE: "lastUpdatedTime"}
"""Report type -> the time of an order that its window is about."""

COLUMNS = (
    "amazon-order-id", "merchant-order-id", "purchase-date", "last-updated-date", "order-status",
    "fulfillment-channel", "sales-channel", "order-channel", "ship-service-level", "product-name", "sku", "asin",
    "number-of-items", "item-status", "tax-collection-model", "tax-collection-responsible-party", "quantity",
    "currency", "item-price", "item-tax", "shipping-price", "shipping-tax", "gift-wrap-price", "gift-wrap-tax",
    "item-promotion-discount", "ship-promotion-discount", "address-type", "ship-city", "ship-state",
    "ship-postal-code", "ship-country", "promotion-ids", "is-business-order", "purchase-order-number",
    "price-designation",
)  # fmt: skip
CHARSETS: dict[Region, str] = {"EU": "Cp1252", "NA": "Cp1252", "FE": "windows-31j"}
"""As the Content-Type of a document names them; in Japan UTF-8 has been seen as well."""

CHANNELS = {"MFN": "Merchant", "AFN": "Amazon"}
STATUSES = {"Canceled": "Cancelled"}
"""Where the report has another word than the Orders API v0."""

_MONEY = {
    "item-price": "ItemPrice",
    "item-tax": "ItemTax",
    "shipping-price": "ShippingPrice",
    "shipping-tax": "ShippingTax",
    "item-promotion-discount": "PromotionDiscount",
    "ship-promotion-discount": "ShippingDiscount",
}
_GIFT = {"gift-wrap-price": "GiftWrapPrice", "gift-wrap-tax": "GiftWrapTax"}
_ELEMENTS = ("buyerInfo",)  # gift wrap and the number of a purchase order are in the report for everybody


def flat_file(orders: Iterable[Wire], report_type: str, columns: tuple[str, ...] = COLUMNS) -> str:
    """The report's text: a line of names, then a line for each item.

    Args:
        orders: as the API of 2026-01-01 shows them, with all blocks.
        columns: in which order; a real file has been seen with more and with fewer.
    """
    if report_type == BY_ORDER_DATE and "cpf" not in columns:
        columns = (*columns, "cpf")
    lines = ["\t".join(columns)]
    for order in orders:
        for values in _rows(order):
            lines.append("\t".join(_plain(values.get(column, "")) for column in columns))
    return "\r\n".join((*lines, ""))


def _rows(order: Wire) -> list[dict[str, Any]]:
    old = order_v0(order, _ELEMENTS)
    address = order.get("recipient", {}).get("deliveryAddress", {})
    whole = {
        "amazon-order-id": old["AmazonOrderId"],
        "merchant-order-id": old.get("SellerOrderId", old["AmazonOrderId"]),
        "purchase-date": _time(order["createdTime"]),
        "last-updated-date": _time(order["lastUpdatedTime"]),
        "order-status": STATUSES.get(old["OrderStatus"], old["OrderStatus"]),
        "fulfillment-channel": CHANNELS.get(old.get("FulfillmentChannel", ""), ""),
        "sales-channel": old["SalesChannel"],
        "ship-service-level": old.get("ShipmentServiceLevelCategory", ""),
        "address-type": address.get("addressType", "").capitalize(),
        "ship-city": address.get("city", ""),
        "ship-state": address.get("stateOrRegion", ""),
        "ship-postal-code": address.get("postalCode", ""),
        "ship-country": address.get("countryCode", ""),
        "is-business-order": str(old["IsBusinessOrder"]).lower(),
        "purchase-order-number": old.get("BuyerInfo", {}).get("PurchaseOrderNumber", ""),
    }
    return [whole | _item(item, whole["order-status"]) for item in items_v0(order, _ELEMENTS)]


def _item(item: Wire, status: str) -> dict[str, Any]:
    collection, gift = item.get("TaxCollection", {}), item.get("BuyerInfo", {})
    money = {name: item.get(field) for name, field in _MONEY.items()}
    money |= {name: gift.get(field) for name, field in _GIFT.items()}
    told = {name: value for name, value in money.items() if value is not None}
    return {
        "product-name": item.get("Title", ""),
        "sku": item.get("SellerSKU", ""),
        "asin": item["ASIN"],
        "number-of-items": item["ProductInfo"]["NumberOfItems"],
        "item-status": status,
        "tax-collection-model": collection.get("Model", ""),
        "tax-collection-responsible-party": collection.get("ResponsibleParty", ""),
        "quantity": item["QuantityOrdered"],
        "currency": next((value["CurrencyCode"] for value in told.values()), ""),
        **{name: value["Amount"] for name, value in told.items()},
        "promotion-ids": ",".join(item.get("PromotionIds", ())),
        "price-designation": "Business Price" if "PriceDesignation" in item else "",
    }


def _plain(value: object) -> str:
    """A value as a field: nothing in it may end the field or the line."""
    return " ".join(str(value).split())


def _time(text: str) -> str:
    """Whole seconds with an offset: `2026-11-21T09:30:00+00:00`."""
    moment: datetime = moment_of(text)
    return moment.isoformat(timespec="seconds")
