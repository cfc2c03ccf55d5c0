"""Saved answers of the Orders API v0: an order is told by several of them, which meet by its id."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from adapter.amazon.page import WireOrder, as_content, usable_id
from adapter.amazon.times import read_old_time

_KEYS = {"AmazonOrderId", "Orders", "Order"}
_ID = "AmazonOrderId"
_COMPANY = "BuyerCompanyName"
_GIFT = {"OrderItemId", "BuyerCustomizedInfo", "GiftWrapPrice", "GiftWrapTax", "GiftMessageText", "GiftWrapLevel"}


def is_old(data: object) -> bool:
    """Whether this is the payload of a v0 answer, one of its orders, or an order as the ledger keeps it."""
    return isinstance(data, Mapping) and bool(_KEYS & set(data))


class Merged:
    """Orders put together from the answers of a file, whichever comes first."""

    def __init__(self) -> None:
        self._orders: dict[str, dict[str, Any]] = {}
        self._items: dict[str, dict[str, Any]] = {}
        self._gifts: dict[str, dict[str, Any]] = {}
        self._further: dict[str, dict[str, Any]] = {}

    def add(self, data: Mapping[str, Any]) -> Iterator[str]:
        """Take in one payload; gives what cannot be used of it, in words."""
        if isinstance(data.get("Order"), Mapping):
            yield from self._add_kept(data)
        elif isinstance(data.get("Orders"), list):
            for number, order in enumerate(data["Orders"], start=1):
                if not self._add_order(order):
                    yield f"has as order {number} one without a usable AmazonOrderId; correct it or take it out"
        elif (order_id := usable_id(data.get(_ID))) is None:
            yield "has no usable AmazonOrderId; correct it or take it out"
        elif isinstance(data.get("OrderItems"), list):
            self._add_items(order_id, data["OrderItems"])
        elif "OrderStatus" in data:
            self._add_order(data)
        else:
            self._further.setdefault(order_id, {}).update(data)

    def orders(self) -> Iterator[WireOrder]:
        """The orders, in the order in which they came first."""
        for order_id, order in self._orders.items():
            further = self._further.get(order_id, {})
            told, known = dict(order), order.get("BuyerInfo")
            if buyer := {
                name: value for name, value in further.items() if name.startswith("Buyer") and name != _COMPANY
            }:
                told["BuyerInfo"] = buyer | (known if isinstance(known, dict) else {})
            content = {"Order": told, "OrderItems": list(self._lines(order_id))}
            if address := {
                name: further[name] for name in (_COMPANY, "ShippingAddress", "DeliveryPreferences") if name in further
            }:
                content["Address"] = address
            yield WireOrder(order_id, read_old_time(order.get("LastUpdateDate")), as_content(content))

    def _lines(self, order_id: str) -> Iterator[Any]:
        gifts = self._gifts.get(order_id, {})
        for item_id, item in self._items.get(order_id, {}).items():
            yield item | {"BuyerInfo": gifts[item_id]} if isinstance(item, dict) and item_id in gifts else item

    def orphans(self) -> Iterator[str]:
        """Lines and addresses whose order is not in the file, in words."""
        for order_id in dict.fromkeys((*self._items, *self._further)):
            if order_id not in self._orders:
                yield f"there is no order {order_id} to these lines or addresses; add the answer of getOrder"

    def _add_kept(self, data: Mapping[str, Any]) -> Iterator[str]:
        if not self._add_order(data["Order"]):
            yield "has no usable AmazonOrderId; correct it or take it out"
            return
        order_id = data["Order"][_ID]
        if isinstance(data.get("OrderItems"), list):
            self._add_items(order_id, data["OrderItems"])
        if isinstance(data.get("Address"), Mapping):
            self._further.setdefault(order_id, {}).update(data["Address"])

    def _add_order(self, order: object) -> bool:
        order_id = usable_id(order.get(_ID)) if isinstance(order, Mapping) else None
        if order_id is None or not isinstance(order, Mapping):
            return False
        self._orders[order_id] = {**self._orders.get(order_id, {}), **order}
        return True

    def _add_items(self, order_id: str, items: list[Any]) -> None:
        """Lines, or what getOrderItemsBuyerInfo tells of them."""
        lines, gifts = self._items.setdefault(order_id, {}), self._gifts.setdefault(order_id, {})
        for item in items:
            # A line without an id stays one of its own.
            known = isinstance(item, dict) and "OrderItemId" in item
            item_id = str(item["OrderItemId"]) if known else f"number {len(lines)}"
            (gifts if known and set(item) <= _GIFT else lines)[item_id] = item
