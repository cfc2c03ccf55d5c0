"""An order's way through its states, and what the API shows of it in each."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from adapter.simulators.amazon.wire import Wire, timestamp

NOT_YET_PAID = frozenset({"PENDING", "PENDING_AVAILABILITY"})
CARRIERS = (
    ("DHL", "DHL Paket"),
    ("DPD", "DPD Classic"),
    ("UPS", "UPS Standard"),
    ("GLS", "GLS BusinessParcel"),
)

# Properties of an order and of its items that are not sent while, or once, it is in a state. Source: SP-API models
# ordersV0 (what is missing while Pending; no address once Canceled) and orders_2026-01-01.
UNPAID_ORDER = frozenset({"buyer", "recipient", "proceeds", "payment", "tax"})
UNPAID_ITEM = frozenset({"proceeds", "promotion", "expense", "tax"})
CANCELLED_ORDER = frozenset({"recipient", "proceeds", "payment"})
CANCELLED_ITEM = frozenset({"proceeds", "promotion", "expense", "tax"})


def status_of(order: Wire) -> str:
    """The fulfillment status; empty where an order has none."""
    return str(order.get("fulfillment", {}).get("fulfillmentStatus", ""))


def as_seen(order: Wire) -> Wire:
    """What the API shows of a whole order in its state. The order is not changed."""
    status = status_of(order)
    if status in NOT_YET_PAID:
        seen = _without(order, UNPAID_ORDER)
        seen["orderItems"] = [_unpaid(item) for item in order["orderItems"]]
        return seen
    if status == "CANCELLED":
        seen = _without(order, CANCELLED_ORDER)
        seen["orderItems"] = [_without(item, CANCELLED_ITEM) | {"quantityOrdered": 0} for item in order["orderItems"]]
        return seen
    return order


def with_status(order: Wire, status: str, at: datetime, cancelled_by: str = "BUYER", reason: str = "") -> Wire:
    """A copy of a whole order that came into `status` at `at`.

    Raises:
        ValueError: an order of one unit cannot be shipped in part.
    """
    changed = copy.deepcopy(order)
    set_status(changed, status, at, cancelled_by, reason)
    return changed


def set_status(order: Wire, status: str, at: datetime, cancelled_by: str = "BUYER", reason: str = "") -> None:
    """Bring a whole order into `status` at `at`: quantities, packages, cancellation and time follow.

    Raises:
        ValueError: an order of one unit cannot be shipped in part.
    """
    items = order["orderItems"]
    shipped = _shipped(status, [item["quantityOrdered"] for item in items])
    parcel = {}
    order["lastUpdatedTime"] = timestamp(at)
    order.setdefault("fulfillment", {})["fulfillmentStatus"] = status
    for item, quantity in zip(items, shipped, strict=True):
        ordered = 0 if status == "CANCELLED" else item["quantityOrdered"]
        fulfillment = item.setdefault("fulfillment", {})
        parcel[item["orderItemId"]] = quantity - fulfillment.get("quantityFulfilled", 0)
        fulfillment.update(quantityFulfilled=quantity, quantityUnfulfilled=ordered - quantity)
        if status == "CANCELLED":
            execution = {"cancelledBy": cancelled_by, "cancelReason": reason or "No longer needed"}
            item.setdefault("cancellation", {})["cancellationExecution"] = execution
    if order["fulfillment"].get("fulfilledBy") == "MERCHANT" and any(left > 0 for left in parcel.values()):
        order.setdefault("packages", []).append(_package(order, parcel, at))


def _shipped(status: str, ordered: list[int]) -> list[int]:
    """How much of each line has left the house."""
    if status == "SHIPPED":
        return ordered
    if status != "PARTIALLY_SHIPPED":
        return [0] * len(ordered)
    if sum(ordered) < 2:
        raise ValueError("an order of one unit cannot be shipped in part")
    first = ordered[0] if len(ordered) > 1 else ordered[0] - 1
    return [first] + [0] * (len(ordered) - 1)


def _package(order: Wire, quantities: Mapping[str, int], at: datetime) -> Wire:
    """One more parcel with these quantities by order item id, handed over at `at`."""
    position = len(order.get("packages", [])) + 1
    # From the order id, so that the same order always gets the same parcels.
    number = int(hashlib.sha256(f"{order['orderId']}/{position}".encode()).hexdigest(), 16)
    carrier, service = CARRIERS[number % len(CARRIERS)]
    return {
        "packageReferenceId": str(position),
        "createdTime": timestamp(at - timedelta(minutes=30)),
        "packageStatus": {"status": ("SHIPPED", "IN_TRANSIT", "DELIVERED")[number % 3]},
        "carrier": carrier,
        "shipTime": timestamp(at),
        "shippingService": service,
        "trackingNumber": f"00{number % 10**18:018}",
        "shipFromAddress": {
            "name": "Nordlager",
            "addressLine1": "Lagerstraße 1",
            "city": "Leipzig",
            "postalCode": "04109",
            "countryCode": "DE",
        },
        "packageItems": [
            {"orderItemId": item_id, "quantity": quantity} for item_id, quantity in quantities.items() if quantity > 0
        ],
    }


def _without(values: Wire, keys: frozenset[str]) -> Wire:
    return {key: value for key, value in values.items() if key not in keys}


def _unpaid(item: Wire) -> Wire:
    product: dict[str, Any] = _without(item["product"], frozenset({"price"}))
    return _without(item, UNPAID_ITEM) | {"product": product}
