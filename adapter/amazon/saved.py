"""Saved answers of the API: files with which a mapping can be tried without an Amazon account."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from adapter.amazon.page import WireOrder, wire_order
from adapter.errors import ConfigurationError

_WANTED = (
    "save an answer of searchOrders or getOrder of the Orders API 2026-01-01, one order of it, or a list of orders"
)
_OLD_KEYS = {"AmazonOrderId", "Orders", "OrderItems"}
_OLD_MODEL = "/orders/v0/"
_MODEL = "/orders/2026-01-01/"


def read_saved(text: str, name: str = "the file") -> tuple[WireOrder, ...]:
    """The orders in a saved answer, in its order.

    Accepted are an answer of searchOrders or getOrder, a bare order, a list of any of these, and Amazon's model file
    of the API (`orders_2026-01-01.json`), whose sandbox answers are then read.

    Args:
        name: how messages call the file.

    Raises:
        ConfigurationError: broken JSON (with line and column), a v0 answer, or something without orders; lists all
            orders that have no id.
    """
    try:
        data = json.loads(text.removeprefix("\ufeff"))
    except json.JSONDecodeError as problem:
        raise ConfigurationError(
            f"{name}:{problem.lineno}:{problem.colno}: no complete JSON: {problem.msg}; save the whole answer once more"
        ) from problem
    except (ValueError, RecursionError) as problem:
        raise ConfigurationError(f"{name}: no JSON that can be read; {_WANTED}") from problem
    orders, problems = [], []
    for place, element in _orders(data, name, ""):
        order = wire_order(element)
        if order is None:
            problems.append(f"{name}: {place or 'the order'} has no usable orderId; correct it or take it out")
        else:
            orders.append(order)
    if problems:
        raise ConfigurationError(problems)
    return tuple(orders)


def _orders(data: Any, name: str, place: str) -> Iterator[tuple[str, Any]]:
    """Each order's JSON with its place in the file, such as `[2].orders[0]`."""
    if isinstance(data, list):
        for index, element in enumerate(data):
            yield from _orders(element, name, f"{place}[{index}]")
    elif not isinstance(data, dict):
        raise ConfigurationError(f"{name}: {f'at {place}, ' if place else ''}no order was found; {_WANTED}")
    elif "swagger" in data or "openapi" in data:
        yield from _sandbox_orders(data, name)
    elif isinstance(data.get("orders"), list):
        yield from ((f"{place}.orders[{index}]".lstrip("."), order) for index, order in enumerate(data["orders"]))
    elif isinstance(data.get("order"), dict):
        yield f"{place}.order".lstrip("."), data["order"]
    elif "orderId" in data or "orderItems" in data:
        yield place, data
    else:
        raise ConfigurationError(_why_not(data, f"{name}: {f'at {place}, ' if place else ''}"))


def _why_not(data: Mapping[str, Any], where: str) -> str:
    inner = data.get("payload")
    if _OLD_KEYS & {*data, *(inner if isinstance(inner, dict) else ())}:
        return f"{where}this is an answer of the Orders API v0, which is not read yet; {_WANTED}"
    if "errors" in data:
        return f"{where}Amazon answered with an error here, not with orders; {_WANTED}"
    return f"{where}no order was found; {_WANTED}"


def _sandbox_orders(model: Mapping[str, Any], name: str) -> Iterator[tuple[str, Any]]:
    """The orders in a model's sandbox answers. Source: SP-API models, extension x-amzn-api-sandbox."""
    found = False
    paths = model.get("paths")
    for path, operations in (paths if isinstance(paths, dict) else {}).items():
        if not path.startswith(_MODEL):
            continue
        for case in _cases(operations):
            found = True
            yield from _orders(case, name, path)
    if not found:
        old = any(str(path).startswith(_OLD_MODEL) for path in paths or ())
        version = "is that of the Orders API v0, which is not read yet" if old else "has no sandbox answers with orders"
        raise ConfigurationError(f"{name}: this model {version}; take orders_2026-01-01.json, or {_WANTED}")


def _cases(operations: Any) -> Iterator[Any]:
    for operation in operations.values() if isinstance(operations, dict) else ():
        try:
            cases = operation["responses"]["200"]["x-amzn-api-sandbox"]["static"]
        except (KeyError, TypeError):
            continue
        yield from (case["response"] for case in cases if isinstance(case, dict) and "response" in case)
