from __future__ import annotations

import contextlib
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapter.amazon.saved import read_saved
from adapter.errors import ConfigurationError

A, B = {"orderId": "A", "orderItems": []}, {"orderId": "B", "orderItems": []}


def model(path: str, *answers: Any) -> dict[str, Any]:
    cases = [{"request": {}, "response": answer} for answer in answers]
    refused = {"x-amzn-api-sandbox": {"static": [{"response": {"errors": [{"code": "InvalidInput"}]}}]}}
    answered = {"x-amzn-api-sandbox": {"static": cases}}
    return {
        "swagger": "2.0",
        "paths": {path: {"get": {"responses": {"200": answered, "400": refused}}, "parameters": []}},
    }


@pytest.mark.parametrize(
    ("data", "ids"),
    [
        ({"orders": [A, B], "pagination": {"nextToken": "t"}}, "AB"),
        ({"orders": []}, ""),
        ({"order": A}, "A"),
        (A, "A"),
        ([A, B], "AB"),
        ([{"orders": [A]}, {"order": B}, A], "ABA"),
        ([], ""),
        (model("/orders/2026-01-01/orders", {"orders": [A]}, {"order": B}), "AB"),
    ],
    ids=["search", "empty search", "get", "order", "list", "mixed list", "empty list", "model"],
)
def test_forms_that_are_read(data, ids):
    assert "".join(order.order_id for order in read_saved(json.dumps(data))) == ids


def test_content_is_as_the_client_would_keep_it():
    (order,) = read_saved('\ufeff{"order": {"orderItems": [], "orderId": "A"}}')
    assert order.content == '{"orderId":"A","orderItems":[]}'


OLD = {"AmazonOrderId": "A", "OrderStatus": "Shipped", "LastUpdateDate": "2026-05-01T10:00:00Z"}
LINES = {
    "payload": {
        "AmazonOrderId": "A",
        "OrderItems": [{"OrderItemId": "1", "ASIN": "B0"}, {"OrderItemId": "2", "ASIN": "B1"}],
    }
}
GIFTS = {"payload": {"AmazonOrderId": "A", "OrderItems": [{"OrderItemId": "2", "GiftWrapLevel": "Classic"}]}}
ADDRESS = {"payload": {"AmazonOrderId": "A", "BuyerCompanyName": "X", "ShippingAddress": {"City": "Kyiv"}}}
BUYER = {"payload": {"AmazonOrderId": "A", "BuyerName": "Anna"}}
WHOLE = {
    "Order": OLD | {"BuyerInfo": {"BuyerName": "Anna"}},
    "OrderItems": [
        {"OrderItemId": "1", "ASIN": "B0"},
        {"OrderItemId": "2", "ASIN": "B1", "BuyerInfo": {"OrderItemId": "2", "GiftWrapLevel": "Classic"}},
    ],
    "Address": {"BuyerCompanyName": "X", "ShippingAddress": {"City": "Kyiv"}},
}


@pytest.mark.parametrize(
    "answers",
    [
        [{"payload": {"Orders": [OLD]}}, LINES, GIFTS, ADDRESS, BUYER],
        [BUYER, ADDRESS, GIFTS, LINES, {"payload": OLD}],
        [OLD, LINES["payload"], GIFTS["payload"], ADDRESS["payload"], BUYER["payload"]],
        WHOLE,
    ],
    ids=["as asked for", "the other way round", "without their wrappers", "as kept"],
)
def test_answers_of_v0_meet_by_their_order(answers):
    (order,) = read_saved(json.dumps(answers))
    assert (order.version, order.order_id, order.updated_at) == ("orders/v0", "A", datetime(2026, 5, 1, 10, tzinfo=UTC))
    assert json.loads(order.content) == WHOLE


def test_both_versions_in_one_file():
    assert [(order.version, order.order_id) for order in read_saved(json.dumps([OLD, A]))] == [
        ("orders/2026-01-01", "A"),
        ("orders/v0", "A"),
    ]


NAMES = st.sampled_from(["payload", "Orders", "Order", "OrderItems", "OrderItemId", "AmazonOrderId", "BuyerInfo"])
PLAIN = st.none() | st.integers() | st.text(max_size=3) | st.sampled_from(["A", "1"])
INNER = PLAIN | st.dictionaries(NAMES, PLAIN, max_size=4)
OUTER = INNER | st.lists(INNER, max_size=3) | st.dictionaries(NAMES, INNER | st.lists(INNER, max_size=3), max_size=4)


@settings(max_examples=50, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(OUTER | st.lists(OUTER, max_size=3) | st.dictionaries(NAMES, OUTER, max_size=2))
def test_any_file_is_read_or_refused(data):
    with contextlib.suppress(ConfigurationError):
        read_saved(json.dumps(data))


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("", ["saved.json:1:1: no complete JSON: Expecting value"]),
        ('{\n  "order": {\n    "orderId" "A"', ["saved.json:3:15: no complete JSON: Expecting ':' delimiter"]),
        ('{"payload": {"Orders": [{"AmazonOrderId": "A"}, {}, {"AmazonOrderId": "/"}]}}',
         ["saved.json: payload has as order 2 one without a usable AmazonOrderId",
          "saved.json: payload has as order 3 one without a usable AmazonOrderId"]),
        ('{"payload": {"AmazonOrderId": "", "OrderItems": []}}', ["saved.json: payload has no usable AmazonOrderId"]),
        ('[{"orderId": "A"}, {"AmazonOrderId": "A", "OrderItems": []}]',
         ["saved.json: there is no order A to these lines or addresses; add the answer of getOrder"]),
        ('{"Order": {"AmazonOrderId": 5}}', ["saved.json: the answer has no usable AmazonOrderId"]),
        (json.dumps(model("/orders/v0/orders/{orderId}/regulatedInfo", {"payload": {"AmazonOrderId": "A"}})),
         ["saved.json: this model has no sandbox answers"]),
        (json.dumps(model("/feeds/2021-06-30/feeds", {})), ["saved.json: this model has no sandbox answers"]),
        ('{"swagger": "2.0"}', ["saved.json: this model has no sandbox answers"]),
        ('{"errors": [{"code": "InvalidInput"}]}', ["saved.json: Amazon answered with an error here"]),
        ('{"a": 1}', ["saved.json: no order was found"]),
        ("5", ["saved.json: no order was found"]),
        ("[5]", ["saved.json: at [0], no order was found"]),
        ("[" * 100_000, ["saved.json: no JSON that can be read"]),
        ('{"orders": [{}, {"orderId": "A"}, {"orderId": 5}]}',
         ["saved.json: orders[0] has no usable orderId", "saved.json: orders[2] has no usable orderId"]),
        ('[{"order": {}}]', ["saved.json: [0].order has no usable orderId"]),
        ('{"orderId": null}', ["saved.json: the order has no usable orderId"]),
    ],
)  # fmt: skip
def test_forms_that_are_not_read_say_what_to_do(text, problems):
    with pytest.raises(ConfigurationError) as caught:
        read_saved(text, "saved.json")
    assert len(caught.value.problems) == len(problems)
    for told, expected in zip(caught.value.problems, problems, strict=True):
        assert told.startswith(expected)
