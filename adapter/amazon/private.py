"""What a buyer has told beyond names and addresses, and which comes unasked within other data sets.

Source: SP-API documentation, "Access to personal data in the Orders API" for gift messages and customization; the
Orders model 2026-01-01 for the places.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

TAX_REGISTRATIONS: Final = "tax registrations"
GIFT_MESSAGE: Final = "gift message"
CUSTOMIZATION: Final = "customization"

_SELLERS_OWN: Final = {"MERCHANT", "MARKETPLACE"}


def without_private(order: Mapping[str, Any], keep: Collection[str]) -> dict[str, Any]:
    """An order's JSON without the buyer's own texts and tax numbers; reasons of cancellations always go.

    Args:
        keep: what stays nevertheless, of the names above.
    """
    slim = dict(order)
    tax = order.get("tax")
    if TAX_REGISTRATIONS not in keep and isinstance(tax, Mapping) and isinstance(tax.get("taxRegistrations"), list):
        others = [entry for entry in tax["taxRegistrations"] if _is_sellers(entry)]
        slim["tax"] = {**tax, "taxRegistrations": others}
    if isinstance(order.get("orderItems"), list):
        slim["orderItems"] = [_item(item, keep) for item in order["orderItems"]]
    return slim


def _is_sellers(entry: object) -> bool:
    return isinstance(entry, Mapping) and entry.get("entityType") in _SELLERS_OWN


def _item(item: object, keep: Collection[str]) -> object:
    if not isinstance(item, Mapping):
        return item
    if GIFT_MESSAGE not in keep:
        item = _without(item, "fulfillment", "packing", "giftOption", "giftMessage")
    if CUSTOMIZATION not in keep:
        item = _without(item, "product", "customization")
    for part in ("cancellationRequest", "cancellationExecution"):
        item = _without(item, "cancellation", part, "cancelReason")
    return item


def _without(data: Mapping[str, Any], *names: str) -> Mapping[str, Any]:
    """The same with the value at a path of names taken out; what lies on the way is copied, never changed."""
    first, *rest = names
    if first not in data:
        return data
    if not rest:
        return {name: value for name, value in data.items() if name != first}
    inner = data[first]
    return {**data, first: _without(inner, *rest)} if isinstance(inner, Mapping) else data
