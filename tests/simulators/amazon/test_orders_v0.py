"""The older Orders API of the stand-in account, and the tokens that it demands."""

from __future__ import annotations

import json
from typing import Any

import pytest

from adapter.simulators.amazon import Rate
from adapter.simulators.server import Request
from tests.simulators.amazon.conftest import Answer, Caller

ORDERS = "/orders/v0/orders"
TOKENS = "/tokens/2021-03-01/restrictedDataToken"
GERMANY = "A1PA6795UKMFR9"
EUROPE = ",".join((GERMANY, "A13V1IB3VIYZZH", "APJ6JRA9NG5V4", "A1RKKUPIHCS9HS", "A1C3SOZRARQ6R3", "A1F83G8C2ARO7P"))
ALL = ["buyerInfo", "shippingAddress", "buyerTaxInformation"]


def post(caller: Caller, path: str, body: Any) -> Answer:
    """POST with the seller's token."""
    if not caller.token:
        caller.token = caller.ask_token().body["access_token"]
    headers = {"x-amz-access-token": caller.token, "user-agent": "test/1", "content-type": "application/json"}
    return Answer.of(caller.account.handle(Request("POST", path, headers, json.dumps(body).encode())))


def resource(path: str, *elements: str) -> dict[str, Any]:
    return {"method": "GET", "path": path} | ({"dataElements": list(elements)} if elements else {})


def unlock(caller: Caller, *resources: dict[str, Any]) -> None:
    """Go on with a restricted token."""
    caller.token = post(caller, TOKENS, {"restrictedResources": list(resources)}).body["restrictedDataToken"]


def page(caller: Caller, **parameters: Any) -> Answer:
    return caller.get(ORDERS, **({"CreatedAfter": "2000-01-01T00:00:00Z", "MarketplaceIds": EUROPE} | parameters))


def orders(answer: Answer) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = answer.body["payload"]["Orders"]
    return found


BEGIN = "2026-11-01T00:00:00Z"
SINCE = {"MarketplaceIds": GERMANY, "CreatedAfter": BEGIN}


@pytest.mark.parametrize(
    ("parameters", "status"),
    [
        ({"CreatedAfter": BEGIN}, 400),
        ({"MarketplaceIds": GERMANY}, 400),
        (SINCE | {"LastUpdatedAfter": BEGIN}, 400),
        (SINCE | {"LastUpdatedBefore": "2026-11-02T00:00:00Z"}, 400),
        (SINCE | {"CreatedBefore": "2026-10-02T00:00:00Z"}, 400),
        (SINCE | {"CreatedBefore": "2026-11-21T09:29:00Z"}, 400),
        (SINCE | {"CreatedAfter": "yesterday"}, 400),
        (SINCE | {"MaxResultsPerPage": "101"}, 400),
        (SINCE | {"OrderStatuses": "UNSHIPPED"}, 400),
        (SINCE | {"FulfillmentChannels": "FBA"}, 400),
        (SINCE | {"NextToken": "forged"}, 400),
        (SINCE | {"MarketplaceIds": "A1VC38T7YXB528"}, 403),
        (SINCE, 200),
    ],
)
def test_parameters(open_account, parameters, status):
    assert open_account(3).get(ORDERS, **parameters).status == status


def test_pages_need_the_same_filters_and_tell_where_they_end(open_account):
    caller = open_account(30)
    first = page(caller, MaxResultsPerPage=20)
    token = first.body["payload"]["NextToken"]
    second = page(caller, MaxResultsPerPage=20, NextToken=token)
    ids = [order["AmazonOrderId"] for answer in (first, second) for order in orders(answer)]
    assert len(ids) == len(set(ids)) > 20
    assert "NextToken" not in second.body["payload"]
    assert second.body["payload"]["CreatedBefore"] == first.body["payload"]["CreatedBefore"] == "2026-11-21T09:28:00Z"
    assert page(caller, MaxResultsPerPage=20, NextToken=token, OrderStatuses="Shipped").status == 400


def test_filters(open_account):
    caller = open_account(100)
    assert {order["OrderStatus"] for order in orders(page(caller, OrderStatuses="Canceled,Pending"))} == {
        "Canceled",
        "Pending",
    }
    assert {order["FulfillmentChannel"] for order in orders(page(caller, FulfillmentChannels="AFN"))} == {"AFN"}
    assert orders(page(caller, MarketplaceIds=json.dumps([GERMANY]))) == []


def test_without_a_restricted_token_nothing_names_the_buyer(open_account):
    for order in orders(page(open_account(60))):
        assert set(order["BuyerInfo"]) <= {"BuyerEmail"}
        assert set(order.get("ShippingAddress", {})) <= {"City", "StateOrRegion", "PostalCode", "CountryCode"}


def test_a_restricted_token_opens_what_it_names(open_account):
    caller = open_account(60)
    unlock(caller, resource(ORDERS, "buyerInfo"))
    found = orders(page(caller))
    assert any("BuyerName" in order["BuyerInfo"] for order in found)
    assert not any("Name" in order.get("ShippingAddress", {}) for order in found)
    assert caller.get(f"{ORDERS}/{found[0]['AmazonOrderId']}").status == 403


def test_addresses_by_status(open_account):
    caller = open_account(200)
    unlock(caller, resource(ORDERS, "shippingAddress"))
    found = orders(page(caller)) + orders(page(caller, NextToken=page(caller).body["payload"]["NextToken"]))
    with_address = {order["OrderStatus"] for order in found if "ShippingAddress" in order}
    without = {order["OrderStatus"] for order in found if "ShippingAddress" not in order}
    assert with_address == {"Unshipped", "PartiallyShipped", "Shipped"}
    assert without <= {"Pending", "PendingAvailability", "Canceled"}
    pending = [order for order in found if order["OrderStatus"] == "Pending"]
    assert pending
    assert not any("OrderTotal" in order or "LatestDeliveryDate" in order for order in pending)


@pytest.mark.parametrize("operation", ["address", "buyerInfo", "orderItems/buyerInfo"])
def test_operations_that_are_refused_without_a_restricted_token(open_account, operation):
    caller = open_account(1)
    path = f"{ORDERS}/{caller.account.order_ids()[0]}/{operation}"
    assert (caller.get(path).status, caller.get(path).details) == (403, "")
    unlock(caller, resource(f"{ORDERS}/{{orderId}}/{operation}"))
    assert caller.get(path).status == 200
    caller.clock.forward(hours=1)
    assert caller.get(path).status == 403


def test_a_role_that_is_missing(open_account):
    caller = open_account(1, restricted={"shippingAddress"})
    refused = post(caller, TOKENS, {"restrictedResources": [resource(ORDERS, *ALL)]})
    assert refused.status == 400
    assert refused.details == (
        "Application does not have access to one or more requested data elements: [buyerInfo, buyerTaxInformation]"
    )
    path = f"{ORDERS}/{caller.account.order_ids()[0]}/buyerInfo"
    unlock(caller, resource(path))
    assert caller.get(path).status == 403


@pytest.mark.parametrize(
    "body",
    [
        [],
        {},
        {"restrictedResources": []},
        {"restrictedResources": [5]},
        {"restrictedResources": [resource(ORDERS)]},
        {"restrictedResources": [resource(ORDERS, "everything")]},
        {"restrictedResources": [resource(f"{ORDERS}/1-2/orderItems", "shippingAddress")]},
        {"restrictedResources": [resource("/orders/v1/orders/1/address")]},
        {"restrictedResources": [resource(ORDERS, "buyerInfo") | {"method": ""}]},
        {"restrictedResources": [resource(ORDERS, "buyerInfo")] * 51},
    ],
)
def test_bodies_that_are_refused(open_account, body):
    answer = post(open_account(), TOKENS, body)
    assert (answer.status, answer.body["errors"][0]["code"]) == (400, "InvalidRequest")


def test_an_ordinary_token_is_needed_to_get_a_restricted_one(open_account):
    caller = open_account()
    unlock(caller, resource(ORDERS, "buyerInfo"))
    assert post(caller, TOKENS, {"restrictedResources": [resource(ORDERS, "buyerInfo")]}).status == 403


def test_lines_come_in_pages(open_account):
    caller = open_account(80)
    caller.account.orders_v0.items_on_page = 1
    order_id = next(key for key in caller.account.order_ids() if len(caller.account.order(key)["orderItems"]) > 1)
    first = caller.get(f"{ORDERS}/{order_id}/orderItems").body["payload"]
    token = first["NextToken"]
    second = caller.get(f"{ORDERS}/{order_id}/orderItems", NextToken=token).body["payload"]
    assert first["OrderItems"][0]["OrderItemId"] != second["OrderItems"][0]["OrderItemId"]
    assert caller.get(f"{ORDERS}/{order_id}/orderItems", NextToken="forged").status == 400
    assert caller.get(f"{ORDERS}/{caller.account.order_ids()[0]}/orderItems", NextToken=token).status in {400, 200}


def test_each_operation_has_its_own_bucket(open_account):
    caller = open_account(1, rates={"v0.getOrder": Rate(0, 1)})
    path = f"{ORDERS}/{caller.account.order_ids()[0]}"
    assert [caller.get(path).status, caller.get(path).status, caller.get(f"{path}/orderItems").status] == [
        200,
        429,
        200,
    ]
    assert caller.account.throttled == {"v0.getOrder": 1}


@pytest.mark.parametrize(("order_id", "status"), [("302-0000000-0000000", 404), ("TEST_CASE_400", 400)])
@pytest.mark.parametrize("operation", ["", "/orderItems"])
def test_orders_that_are_not_there(open_account, order_id, status, operation):
    assert open_account().get(f"{ORDERS}/{order_id}{operation}").status == status
