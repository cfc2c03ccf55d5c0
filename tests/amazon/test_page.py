from __future__ import annotations

from datetime import UTC, datetime

import pytest

from adapter.amazon.errors import BadAnswer
from adapter.amazon.page import Page, WireOrder, decoded, read_page, wire_order

BOUND = datetime(2026, 5, 1, 10, tzinfo=UTC)
ORDER = {"orderId": "111-1111111-1111111", "lastUpdatedTime": "2026-05-01T09:00:00.500Z", "n": {"b": 1, "a": "ж"}}
WIRE = WireOrder(
    "111-1111111-1111111",
    datetime(2026, 5, 1, 9, 0, 0, 500_000, tzinfo=UTC),
    '{"lastUpdatedTime":"2026-05-01T09:00:00.500Z","n":{"a":"ж","b":1},"orderId":"111-1111111-1111111"}',
)


def without_id(number: int, count: int) -> str:
    return f"call: order {number} of {count} on the page has no usable orderId"


@pytest.mark.parametrize(
    ("answer", "page"),
    [
        ({"orders": []}, Page(())),
        ({"orders": [ORDER]}, Page((WIRE,))),
        ({"orders": [], "pagination": {"nextToken": "t"}, "lastUpdatedBefore": "2026-05-01T10:00:00Z"},
         Page((), "t", BOUND)),
        ({"orders": [], "pagination": {}, "createdBefore": "2026-05-01T12:00:00+02:00"}, Page((), None, BOUND)),
        ({"orders": [], "pagination": None, "lastUpdatedBefore": "2026-05-01T10:00:00"}, Page(())),
        ({"orders": [], "pagination": {"nextToken": ""}, "lastUpdatedBefore": 5}, Page(())),
        ({"orders": [{}, ORDER, None, {"orderId": 7}, {"orderId": "a b"}, "x"]},
         Page((WIRE,), problems=tuple(without_id(number, 6) for number in (1, 3, 4, 5, 6)))),
    ],
    ids=["empty", "one order", "more to come", "by creation", "a bound without a zone", "an empty token", "no orders"],
)  # fmt: skip
def test_read_page(answer, page):
    assert read_page(answer, "call") == page


@pytest.mark.parametrize(
    "answer",
    [{}, {"orders": None}, {"orders": {}}, {"payload": {"Orders": []}}, {"orders": [], "pagination": {"nextToken": 5}},
     {"orders": [], "pagination": ["t"]}],
)  # fmt: skip
def test_a_page_that_could_lose_orders_is_refused(answer):
    with pytest.raises(BadAnswer):
        read_page(answer, "call")


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe{}", b'{"a": NaN}', b"<html></html>", b"[" * 100_000]
)
def test_a_body_that_is_no_json_object_is_refused(body):
    with pytest.raises(BadAnswer):
        decoded(body, "call")


def test_the_same_order_gives_the_same_text():
    again = {"n": {"a": "ж", "b": 1}, "lastUpdatedTime": ORDER["lastUpdatedTime"], "orderId": ORDER["orderId"]}
    assert wire_order(again) == wire_order(ORDER) == WIRE


def test_text_that_no_database_takes_can_be_stored():
    order = wire_order(decoded(rb'{"orderId": "1", "lastUpdatedTime": "soon", "title": "a\ud800b\u0000c"}', "call"))
    assert order == WireOrder("1", None, '{"lastUpdatedTime":"soon","orderId":"1","title":"a?b\\u0000c"}')
    assert order.content.encode()
