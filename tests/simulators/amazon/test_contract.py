"""Every answer against Amazon's own model, where a copy of the model is at hand."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from jsonschema import Draft4Validator

from adapter.simulators.amazon import OrderOptions, Rate, generate
from adapter.simulators.amazon.included import INCLUDED_DATA

MODEL = Path(__file__).parents[3].parent / "shared" / "spapi" / "models" / "orders_2026-01-01.json"
NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
EVERYTHING = ",".join(sorted(INCLUDED_DATA))


@pytest.fixture(scope="module")
def model():
    if not MODEL.is_file():
        pytest.skip(f"no copy of Amazon's model orders_2026-01-01 in a folder {MODEL.parts[-4]} beside the checkout")
    return json.loads(MODEL.read_text())


@pytest.fixture(scope="module")
def validator(model):
    """Makes a validator of one definition."""

    def make(definition):
        return Draft4Validator(
            {"$ref": f"#/definitions/{definition}", "definitions": model["definitions"]},
            format_checker=Draft4Validator.FORMAT_CHECKER,
        )

    return make


@pytest.fixture(scope="module")
def official(model):
    """The orders of the sandbox answers and examples, each with the data sets its request asks for."""
    found = []
    for path in model["paths"].values():
        answer = path["get"]["responses"]["200"]
        for case in answer["x-amzn-api-sandbox"]["static"]:
            included = case["request"]["parameters"]["includedData"]["value"]
            body = case["response"]
            found += [(order, included) for order in body.get("orders", [body.get("order")])]
        body = answer["examples"]["application/json"]
        found += [(order, sorted(INCLUDED_DATA)) for order in body.get("orders", [body.get("order")])]
    return found


@pytest.mark.parametrize("seed", range(1, 21))
def test_generated_orders(validator, seed):
    check = validator("Order")
    region = ("EU", "NA", "FE")[seed % 3]
    for order in generate(100, seed, NOW, OrderOptions(region=region)):
        check.validate(order)


def test_search_pages(validator, open_account):
    caller, check = open_account(60), validator("SearchOrdersResponse")
    answer = caller.search(maxResultsPerPage=50, includedData=EVERYTHING)
    check.validate(answer.body)
    check.validate(caller.search(maxResultsPerPage=50, paginationToken=answer.next_token).body)
    check.validate(caller.search(lastUpdatedAfter="2026-11-21T00:00:00Z").body)


def test_get_order(validator, open_account):
    caller, check = open_account(10), validator("GetOrderResponse")
    for order_id in caller.account.order_ids():
        check.validate(caller.order(order_id, includedData=EVERYTHING).body)


def test_lives_of_orders(validator, open_account):
    caller, check = open_account(), validator("Order")
    for _ in range(20):
        order_id = caller.account.place_order("PENDING")
        for status in ("UNSHIPPED", "SHIPPED", "CANCELLED"):
            check.validate(caller.account.order(order_id))
            caller.account.change_status(order_id, status)
        check.validate(caller.account.order(order_id))


def test_errors(validator, open_account):
    caller, check = open_account(rates={"getOrder": Rate(0, 2)}), validator("ErrorList")
    answers = [
        caller.search(maxResultsPerPage=0),
        caller.order("302-0000000-0000000"),
        caller.order("nonsense"),
        caller.order("nonsense"),
        caller.get("/nowhere"),
    ]
    caller.token = "forged"
    answers.append(caller.search())
    assert [answer.status for answer in answers] == [400, 404, 400, 429, 404, 403]
    for answer in answers:
        check.validate(answer.body)


def test_values_of_included_data(model):
    (parameter,) = [
        parameter
        for parameter in model["paths"]["/orders/2026-01-01/orders"]["get"]["parameters"]
        if parameter["name"] == "includedData"
    ]
    assert frozenset(parameter["items"]["enum"]) == INCLUDED_DATA


def test_official_orders_are_served(official, validator, open_account):
    latest = {order["orderId"]: order for order, _ in official}
    caller = open_account(list(latest.values()))
    served = caller.search(includedData=EVERYTHING)
    validator("SearchOrdersResponse").validate(served.body)
    assert {order["orderId"]: order for order in served.body["orders"]} == latest
    for order_id, order in latest.items():
        assert caller.order(order_id, includedData=EVERYTHING).body == {"order": order}


def test_official_sandbox_requests_find_their_order(official, open_account):
    for order, included in official:
        caller = open_account([order])
        marketplace = order["salesChannel"]["marketplaceId"]
        found = caller.search(
            createdAfter=order["createdTime"], marketplaceIds=marketplace, includedData=",".join(included)
        )
        assert found.body["orders"] == [order]
        assert "buyer" not in caller.order(order["orderId"], includedData="RECIPIENT").body["order"]
