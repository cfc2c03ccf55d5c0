"""The details of an order of the Orders API 2026-01-01, which only some mappings ask for.

Unlike money, goods and people, a detail in a form that cannot be read counts as absent and holds nothing.
Source of all names: SP-API Orders model 2026-01-01.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from adapter.amazon.amounts import CURRENCY, DECIMAL
from adapter.amazon.page import INCLUDED
from adapter.amazon.texts import joined, plain_text
from adapter.amazon.times import read_time
from adapter.model.details import LineDetails, OrderDetails, Package
from adapter.model.money import Money

_ADDRESS = (
    "name", "companyName", "addressLine1", "addressLine2", "addressLine3", "postalCode", "city", "districtOrCounty",
    "municipality", "stateOrRegion", "countryCode",
)  # fmt: skip


def read_details(order: Mapping[str, Any]) -> OrderDetails:
    """The details of the whole order from its JSON."""
    registration = next(
        (entry for entry in _each(order, "tax", "taxRegistrations") if entry.get("entityType") == "BUYER"), {}
    )
    address = _at(registration, "taxRegistrationAddress")
    preference = _at(order, "recipient", "deliveryPreference")
    return OrderDetails(
        ship_not_before=_moment(_at(order, "fulfillment", "shipByWindow", "earliestDateTime")),
        deliver_not_before=_moment(_at(order, "fulfillment", "deliverByWindow", "earliestDateTime")),
        invoice_status=_text(order, "tax", "taxInvoicing", "invoiceStatus"),
        invoice_preference=_text(order, "tax", "taxInvoicing", "buyerInvoicePreference"),
        tax_address=joined(*(_text(address, name) for name in _ADDRESS)),
        tax_office=next(
            (
                _text(attribute, "value")
                for attribute in _each(registration, "taxRegistrationAttributes")
                if attribute.get("key") == "TAX_OFFICE"
            ),
            None,
        ),
        cancelled_by=next(
            (
                by
                for item in _each(order, "orderItems")
                if (by := _text(item, "cancellation", "cancellationExecution", "cancelledBy"))
            ),
            None,
        ),
        packages=tuple(_package(package) for package in _each(order, "packages")),
        fulfillment_orders=_texts(_text(part, "fulfillmentOrderId") for part in _each(order, "fulfillmentOrders")),
        district=_text(order, "recipient", "deliveryAddress", "districtOrCounty"),
        address_type=_text(order, "recipient", "deliveryAddress", "addressType"),
        included=included_of(order),
        instructions=joined(_text(preference, "dropOffLocation"), _text(preference, "addressInstruction")),
    )


def included_of(order: Mapping[str, Any]) -> frozenset[str] | None:
    """The data sets that were asked for with an order; None where its content does not tell."""
    if not isinstance(order.get(INCLUDED), list):
        return None
    return frozenset(name for name in order[INCLUDED] if isinstance(name, str))


def line_details(order: Mapping[str, Any]) -> dict[str, LineDetails]:
    """Order item id -> details of the line."""
    return {str(item.get("orderItemId")).strip(): _line(item) for item in _each(order, "orderItems")}


def _line(item: Mapping[str, Any]) -> LineDetails:
    granted = _at(item, "expense", "pointsCost", "pointsGranted")
    number = _at(granted, "pointsNumber")
    gift = _at(item, "fulfillment", "packing", "giftOption")
    return LineDetails(
        condition=_text(item, "product", "condition", "conditionType"),
        serial_numbers=_texts(
            plain_text(value) for value in _list(item, "product", "serialNumbers") if isinstance(value, str)
        ),
        promotions=_texts(_text(part, "promotionId") for part in _each(item, "promotion", "breakdowns")),
        points=number if isinstance(number, int) and not isinstance(number, bool) else None,
        points_value=_money(_at(granted, "pointsMonetaryValue")),
        tax_scheme=_first(item, "taxCalculationBreakdowns", "reportingScheme"),
        tax_collector=_first(item, "taxCollections", "responsibleParty"),
        ioss=_text(item, "fulfillment", "shipping", "internationalShipping", "iossNumber"),
        measure=_decimal(_at(item, "measurement", "value")),
        measure_unit=_text(item, "measurement", "unit"),
        gift_wrap=_text(gift, "giftWrapLevel"),
        gift_message=_text(gift, "giftMessage"),
        customization=_text(item, "product", "customization", "customizedUrl"),
    )


def _package(package: Mapping[str, Any]) -> Package:
    return Package(
        reference=_text(package, "packageReferenceId"),
        status=_text(package, "packageStatus", "status"),
        carrier=_text(package, "carrier"),
        service=_text(package, "shippingService"),
        tracking=_text(package, "trackingNumber"),
        shipped_at=_moment(package.get("shipTime")),
    )


def _first(item: Mapping[str, Any], part: str, name: str) -> str | None:
    return next((found for entry in _each(item, "tax", part) if (found := _text(entry, name))), None)


def _money(value: object) -> Money | None:
    amount, currency = _decimal(_at(value, "amount")), _at(value, "currencyCode")
    if amount is None or not isinstance(currency, str) or not CURRENCY.fullmatch(currency):
        return None
    return Money(amount, currency)


def _decimal(value: object) -> Decimal | None:
    text = str(value).strip() if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
    return Decimal(text) if DECIMAL.fullmatch(text) else None


def _moment(value: object) -> datetime | None:
    moment = read_time(value)
    return moment and moment.replace(microsecond=0)


def _texts(values: Iterator[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))


def _text(data: object, *names: str) -> str | None:
    value = _at(data, *names)
    return plain_text(value) if isinstance(value, str) else None


def _at(data: object, *names: str) -> Any:
    """What stands at a path of names; None where there is nothing, or something else than objects on the way."""
    for name in names:
        if not isinstance(data, Mapping):
            return None
        data = data.get(name)
    return data


def _list(data: object, *names: str) -> list[Any]:
    found = _at(data, *names)
    return found if isinstance(found, list) else []


def _each(data: object, *names: str) -> list[Mapping[str, Any]]:
    """The objects of a list; what is none is passed over."""
    return [entry for entry in _list(data, *names) if isinstance(entry, Mapping)]
