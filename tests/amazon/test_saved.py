from __future__ import annotations

import json
from typing import Any

import pytest

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


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("", ["saved.json:1:1: no complete JSON: Expecting value"]),
        ('{\n  "order": {\n    "orderId" "A"', ["saved.json:3:15: no complete JSON: Expecting ':' delimiter"]),
        ('{"payload": {"Orders": [{"AmazonOrderId": "A"}]}}',
         ["saved.json: this is an answer of the Orders API v0, which is not read yet"]),
        ('{"AmazonOrderId": "A"}', ["saved.json: this is an answer of the Orders API v0, which is not read yet"]),
        ('[{"orderId": "A"}, {"AmazonOrderId": "A"}]', ["saved.json: at [1], this is an answer of the Orders API v0"]),
        (json.dumps(model("/orders/v0/orders", {})), ["saved.json: this model is that of the Orders API v0"]),
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
