"""Saved answers of the API: files with which a mapping can be tried without an Amazon account."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from adapter.amazon import orders, orders_v0
from adapter.amazon.page import WireOrder, wire_order
from adapter.amazon.saved_v0 import Merged, is_old
from adapter.errors import ConfigurationError

_WANTED = (
    "save an answer of searchOrders or getOrder of the Orders API, one order of it, or a list of orders; of its "
    "version v0 the answers of getOrders or getOrder together with those of getOrderItems, in a list"
)
_MODELS = ("/orders/2026-01-01/", "/orders/v0/")
_OTHERS = ("/regulatedInfo", "/shipment", "/shipmentConfirmation")  # what does not tell of the order itself


@dataclass(frozen=True, slots=True)
class SavedOrder(WireOrder):
    """An order of a file; `version` of the API that tells it is as `versions.read_order` wants it."""

    version: str

    @classmethod
    def of(cls, version: str, order: WireOrder) -> SavedOrder:
        """An order with its version."""
        return cls(order.order_id, order.updated_at, order.content, version)


def read_saved(text: str, name: str = "the file") -> tuple[SavedOrder, ...]:
    """The orders in a saved answer, in its order.

    Accepted are an answer of searchOrders or getOrder, a bare order, a list of any of these, and Amazon's model file
    of the API (`orders_2026-01-01.json`), whose sandbox answers are then read. The same of the version v0, whose
    orders find their lines, addresses and buyers by their ids in the same file; what the ledger keeps of such an
    order is accepted too.

    Args:
        name: how messages call the file.

    Raises:
        ConfigurationError: broken JSON (with line and column), or something without orders; lists all orders that
            have no id, and lines without their order.
    """
    try:
        data = json.loads(text.removeprefix("\ufeff"))
    except json.JSONDecodeError as problem:
        raise ConfigurationError(
            f"{name}:{problem.lineno}:{problem.colno}: no complete JSON: {problem.msg}; save the whole answer once more"
        ) from problem
    except (ValueError, RecursionError) as problem:
        raise ConfigurationError(f"{name}: no JSON that can be read; {_WANTED}") from problem
    found: list[SavedOrder] = []
    problems: list[str] = []
    merged = Merged()
    for place, element in _elements(data, name, ""):
        if is_old(element):
            problems += [f"{name}: {place or 'the answer'} {problem}" for problem in merged.add(element)]
        elif (order := wire_order(element)) is None:
            problems.append(f"{name}: {place or 'the order'} has no usable orderId; correct it or take it out")
        else:
            found.append(SavedOrder.of(orders.VERSION, order))
    problems += [f"{name}: {problem}" for problem in merged.orphans()]
    if problems:
        raise ConfigurationError(problems)
    return (*found, *(SavedOrder.of(orders_v0.VERSION, order) for order in merged.orders()))


def _elements(data: Any, name: str, place: str) -> Iterator[tuple[str, Any]]:
    """Each order's JSON, or answer of v0, with its place in the file, such as `[2].orders[0]`."""
    if isinstance(data, list):
        for index, element in enumerate(data):
            yield from _elements(element, name, f"{place}[{index}]")
    elif not isinstance(data, dict):
        raise ConfigurationError(f"{name}: {f'at {place}, ' if place else ''}no order was found; {_WANTED}")
    elif "swagger" in data or "openapi" in data:
        yield from _sandbox_orders(data, name)
    elif isinstance(data.get("payload"), dict):
        yield from _elements(data["payload"], name, f"{place}.payload".lstrip("."))
    elif is_old(data):
        yield place, data
    elif isinstance(data.get("orders"), list):
        yield from ((f"{place}.orders[{index}]".lstrip("."), order) for index, order in enumerate(data["orders"]))
    elif isinstance(data.get("order"), dict):
        yield f"{place}.order".lstrip("."), data["order"]
    elif "orderId" in data or "orderItems" in data:
        yield place, data
    else:
        raise ConfigurationError(_why_not(data, f"{name}: {f'at {place}, ' if place else ''}"))


def _why_not(data: Mapping[str, Any], where: str) -> str:
    if "errors" in data:
        return f"{where}Amazon answered with an error here, not with orders; {_WANTED}"
    return f"{where}no order was found; {_WANTED}"


def _sandbox_orders(model: Mapping[str, Any], name: str) -> Iterator[tuple[str, Any]]:
    """The orders in a model's sandbox answers. Source: SP-API models, extension x-amzn-api-sandbox."""
    found = False
    paths = model.get("paths")
    for path, operations in (paths if isinstance(paths, dict) else {}).items():
        if not path.startswith(_MODELS) or path.endswith(_OTHERS):
            continue
        for case in _cases(operations):
            found = True
            yield from _elements(case, name, path)
    if not found:
        raise ConfigurationError(
            f"{name}: this model has no sandbox answers with orders; take orders_2026-01-01.json, or {_WANTED}"
        )


def _cases(operations: Any) -> Iterator[Any]:
    for operation in operations.values() if isinstance(operations, dict) else ():
        try:
            cases = operation["responses"]["200"]["x-amzn-api-sandbox"]["static"]
        except (KeyError, TypeError):
            continue
        yield from (case["response"] for case in cases if isinstance(case, dict) and "response" in case)
