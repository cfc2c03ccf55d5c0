"""A page of orders: each order's own JSON text, as it came, under the order's id."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from adapter.amazon.errors import BadAnswer
from adapter.amazon.times import read_time

INCLUDED = "includedData"
"""Our own key in an order's content, beside Amazon's: the data sets that were asked for."""

_ORDER_ID = re.compile(r"[A-Za-z0-9_-]{1,50}")  # 3-7-7 digits as a rule; it becomes a part of keys and addresses


@dataclass(frozen=True, slots=True)
class WireOrder:
    """One order as Amazon sent it.

    Attributes:
        updated_at: aware, UTC; None where Amazon gave no readable moment.
        content: the order's JSON, compact and with sorted keys: the same order always gives the same text.
    """

    order_id: str
    updated_at: datetime | None
    content: str


@dataclass(frozen=True, slots=True)
class Page:
    """One answer to a search.

    Attributes:
        heads: orders that the page tells in part; each has to be asked for by itself.
        next_token: for the next page; None on the last one. A token equal to the one that was sent means that Amazon
            turns in a circle.
        upper_bound: up to when, inclusive, Amazon has looked, aware UTC: the next watermark. None where it told none.
        problems: parts of the page that are no orders, in words.
    """

    orders: tuple[WireOrder, ...]
    next_token: str | None = None
    upper_bound: datetime | None = None
    problems: tuple[str, ...] = ()
    heads: tuple[WireOrder, ...] = ()


def order_id_of(data: object) -> str | None:
    """The id of an order's JSON; None where there is none that can be used."""
    return usable_id(data.get("orderId")) if isinstance(data, Mapping) else None


def usable_id(value: object) -> str | None:
    """The value, if it is an order id."""
    return value if isinstance(value, str) and _ORDER_ID.fullmatch(value) else None


def wire_order(data: object) -> WireOrder | None:
    """An order's JSON with its id; None where it has no usable one."""
    order_id = order_id_of(data)
    if order_id is None or not isinstance(data, Mapping):
        return None
    return WireOrder(order_id, read_time(data.get("lastUpdatedTime")), as_content(data))


def as_content(data: Mapping[str, Any]) -> str:
    """An object as JSON: compact and with sorted keys."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    # A lone surrogate is legal in JSON and cannot be stored in any database.
    return text.encode("utf-8", "replace").decode()


def decoded(body: bytes, what: str) -> dict[str, Any]:
    """The JSON object in the body of an answer.

    Args:
        what: names the call in messages.

    Raises:
        BadAnswer: it is no JSON, is cut off, or is no object.
    """
    try:
        data = json.loads(body, parse_constant=_refuse)
    except (ValueError, RecursionError) as problem:
        raise BadAnswer(f"{what}: the answer is no complete JSON ({len(body):,} bytes)") from problem
    if not isinstance(data, dict):
        raise BadAnswer(f"{what}: the answer is JSON, but no object")
    return data


def read_page(data: Mapping[str, Any], what: str) -> Page:
    """Take the answer to a search apart.

    Raises:
        BadAnswer: there is no list of orders, or the token of the next page is none.
    """
    elements = data.get("orders")
    if not isinstance(elements, list):
        raise BadAnswer(f"{what}: the answer has no list of orders")
    orders, problems = [], []
    for number, element in enumerate(elements, start=1):
        order = wire_order(element)
        if order is None:
            problems.append(f"{what}: order {number} of {len(elements)} on the page has no usable orderId")
        else:
            orders.append(order)
    bound = read_time(data.get("lastUpdatedBefore")) or read_time(data.get("createdBefore"))
    return Page(tuple(orders), _next_token(data, what), bound, tuple(problems))


def _next_token(data: Mapping[str, Any], what: str) -> str | None:
    pagination = data.get("pagination")
    if pagination is None:
        return None
    token = pagination.get("nextToken") if isinstance(pagination, Mapping) else pagination
    if token is not None and not isinstance(token, str):
        # Taking this for the last page would move the cursor over orders that were never seen.
        raise BadAnswer(f"{what}: the token of the next page is no text")
    return token or None


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")
