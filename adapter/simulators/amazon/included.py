"""The parameter `includedData`: which blocks of an order are sent.

Source: SP-API model orders_2026-01-01, parameter includedData.
"""

from __future__ import annotations

from collections.abc import Collection

from adapter.simulators.amazon.wire import Wire

ORDER_BLOCKS = {
    "buyer": "BUYER",
    "recipient": "RECIPIENT",
    "proceeds": "PROCEEDS",
    "fulfillment": "FULFILLMENT",
    "packages": "PACKAGES",
    "tax": "TAX",
    "payment": "PAYMENT",
    "fulfillmentOrders": "FULFILLMENT_ORDERS",
}
"""The value that switches a property of the order on."""

ITEM_BLOCKS = {
    "proceeds": "PROCEEDS",
    "expense": "EXPENSE",
    "promotion": "PROMOTION",
    "cancellation": "CANCELLATION",
    "fulfillment": "FULFILLMENT",
    "tax": "TAX",
}
"""The value that switches a property of an order item on."""

INCLUDED_DATA = frozenset(ORDER_BLOCKS.values()) | frozenset(ITEM_BLOCKS.values())
"""All values of the parameter."""


def with_included(order: Wire, included: Collection[str]) -> Wire:
    """`order` with only the blocks asked for; properties outside any block always stay. The order is not changed."""
    slim = {key: value for key, value in order.items() if _wanted(ORDER_BLOCKS, key, included)}
    slim["orderItems"] = [
        {key: value for key, value in item.items() if _wanted(ITEM_BLOCKS, key, included)}
        for item in order["orderItems"]
    ]
    return slim


def _wanted(blocks: dict[str, str], key: str, included: Collection[str]) -> bool:
    return key not in blocks or blocks[key] in included
