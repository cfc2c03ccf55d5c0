from __future__ import annotations

import http.client
import json
import threading

import pytest

from adapter.simulators.amazon import PUBLISHED_RATES, Rate
from adapter.simulators.faults import Fault
from adapter.simulators.server import Request, RunningServer, StandIn

ORDERS = "/orders/2026-01-01/orders"
MISSING = "Access token is missing in the request header."
INVALID = "The access token you provided is revoked, malformed or invalid."
EXPIRED = "The access token you provided has expired."


@pytest.mark.parametrize(("token", "details"), [("", MISSING), ("Atza|forged", INVALID)], ids=["missing", "wrong"])
def test_bad_token(open_account, token, details):
    caller = open_account()
    caller.headers["x-amz-access-token"] = token
    answer = caller.search()
    assert answer.status == 403
    assert answer.body == {
        "errors": [{"code": "Unauthorized", "message": "Access to requested resource is denied.", "details": details}]
    }


def test_token_expires_after_an_hour(open_account):
    caller = open_account()
    assert caller.search().status == 200
    caller.clock.forward(minutes=59, seconds=59)
    assert caller.search().status == 200
    caller.clock.forward(seconds=1)
    assert (caller.search().status, caller.search().details) == (403, EXPIRED)
    caller.token = ""
    assert caller.search().status == 200


def test_revoked_token(open_account):
    caller = open_account()
    assert caller.search().status == 200
    caller.account.revoke_access_tokens()
    assert (caller.search().status, caller.search().details) == (403, INVALID)


def test_grantless_token_reads_no_orders(open_account):
    caller = open_account()
    grant = {"grant_type": "client_credentials", "scope": "sellingpartnerapi::notifications"}
    caller.token = caller.ask_token(refresh_token="", **grant).body["access_token"]
    assert (caller.search().status, caller.search().details) == (403, "")


@pytest.mark.parametrize(("length", "status"), [(500, 200), (501, 400)])
def test_user_agent(open_account, length, status):
    caller = open_account()
    caller.headers["user-agent"] = "x" * length
    assert caller.search().status == status


@pytest.mark.parametrize("path", ["/", "/orders/v1/orders", f"{ORDERS}/", f"{ORDERS}/302-1234567-1234567/items"])
def test_unknown_path(open_account, path):
    assert open_account().get(path).status == 404


def test_other_method_is_unknown(open_account):
    assert open_account().account.handle(Request("POST", ORDERS)).status == 404


def test_every_answer_has_its_own_request_id(open_account):
    caller = open_account(rates={"searchOrders": Rate(0.1, 1)})
    answers = [caller.ask_token(), caller.search(), caller.search(), caller.get("/nowhere")]
    assert [answer.status for answer in answers] == [200, 200, 429, 404]
    assert len({answer.headers["x-amzn-RequestId"] for answer in answers}) == 4


def test_published_rates(open_account):
    caller = open_account(rates=None)
    limits = [caller.search(), caller.search(createdAfter="soon"), caller.order("302-0000000-0000000")]
    assert [(answer.status, answer.headers["x-amzn-RateLimit-Limit"]) for answer in limits] == [
        (200, "0.0056"),
        (400, "0.0056"),
        (404, "0.5"),
    ]
    statuses = [caller.search().status for _ in range(20)]
    assert statuses == [200] * 18 + [429] * 2
    assert caller.account.throttled == {"searchOrders": 2}


def test_throttled_answer(open_account):
    caller = open_account(rates={"searchOrders": Rate(0.0056, 1)})
    caller.search()
    answer = caller.search()
    assert answer.body == {
        "errors": [{"code": "QuotaExceeded", "message": "You exceeded your quota for the requested resource."}]
    }
    assert "x-amzn-RateLimit-Limit" not in answer.headers


def test_operations_have_their_own_buckets(open_account):
    caller = open_account(rates={"searchOrders": Rate(0.1, 1), "getOrder": Rate(0.1, 1)})
    assert [caller.search().status, caller.order("302-0000000-0000000").status] == [200, 404]


def test_refused_caller_takes_no_token(open_account):
    caller = open_account(rates={"searchOrders": Rate(0.1, 1)})
    caller.token = "Atza|forged"
    assert caller.search().status == 403
    assert "x-amzn-RateLimit-Limit" not in caller.search().headers
    caller.token = ""
    assert caller.search().status == 200


def test_rate_may_change(open_account):
    caller = open_account(rates=PUBLISHED_RATES)
    caller.account.set_rate("searchOrders", Rate(0.02, 20))
    assert caller.search().headers["x-amzn-RateLimit-Limit"] == "0.02"


def test_error_for_a_fault(open_account):
    response = open_account().account.error(503)
    assert response.status == 503
    assert json.loads(response.body)["errors"][0]["code"] == "ServiceUnavailable"
    assert "x-amzn-RequestId" in dict(response.headers)


def test_place_order_comes_into_view_after_two_minutes(open_account):
    caller = open_account()
    order_id = caller.account.place_order()
    caller.clock.forward(seconds=119)
    assert (caller.search().order_ids, caller.order(order_id).status) == ([], 404)
    caller.clock.forward(seconds=1)
    assert (caller.search().order_ids, caller.order(order_id).status) == ([order_id], 200)


def test_change_comes_into_view_after_two_minutes(open_account):
    caller = open_account()
    order_id = caller.account.place_order("PENDING")
    caller.clock.forward(minutes=10)
    caller.account.change_status(order_id, "UNSHIPPED")

    def status():
        (order,) = caller.search(includedData="FULFILLMENT").body["orders"]
        return order["fulfillment"]["fulfillmentStatus"]

    assert status() == "PENDING"
    caller.clock.forward(minutes=2)
    assert status() == "UNSHIPPED"
    assert caller.order(order_id).body["order"]["lastUpdatedTime"] == "2026-11-21T09:40:00.000Z"


def test_paid_order_shows_its_money(open_account):
    caller = open_account()
    order_id = caller.account.place_order("PENDING")
    pending = caller.account.order(order_id)
    caller.account.change_status(order_id, "UNSHIPPED")
    paid = caller.account.order(order_id)
    assert {"buyer", "recipient", "proceeds", "payment"}.isdisjoint(pending)
    assert {"recipient", "proceeds"} <= set(paid)
    assert "price" not in pending["orderItems"][0]["product"]
    assert "price" in paid["orderItems"][0]["product"]


def test_cancel(open_account):
    caller = open_account()
    order_id = caller.account.place_order()
    caller.account.cancel(order_id, "MERCHANT", "Out of stock")
    order = caller.account.order(order_id)
    assert order["fulfillment"]["fulfillmentStatus"] == "CANCELLED"
    assert {"recipient", "proceeds", "payment"}.isdisjoint(order)
    for item in order["orderItems"]:
        assert item["quantityOrdered"] == 0
        assert item["cancellation"]["cancellationExecution"] == {
            "cancelledBy": "MERCHANT",
            "cancelReason": "Out of stock",
        }


def test_edit(open_account):
    caller = open_account()
    order_id = caller.account.place_order()
    before = caller.account.order(order_id)
    caller.clock.forward(hours=1)
    caller.account.edit(order_id)
    touched = caller.account.order(order_id)
    assert touched == before | {"lastUpdatedTime": "2026-11-21T10:30:00.000Z"}
    caller.account.edit(order_id, lambda order: order["recipient"].clear())
    assert caller.account.order(order_id)["recipient"] == {}


@pytest.mark.parametrize("act", ["change_status", "cancel", "edit", "order"])
def test_unknown_order(open_account, act):
    arguments = ("SHIPPED",) if act == "change_status" else ()
    with pytest.raises(KeyError):
        getattr(open_account().account, act)("302-0000000-0000000", *arguments)


def test_put_serves_a_copy_as_it_is(open_account):
    order = {
        "orderId": "302-0000000-0000001",
        "createdTime": "1970-01-01T00:00:00Z",
        "lastUpdatedTime": "1970-01-01T00:00:00Z",
        "salesChannel": {"channelName": "AMAZON"},
        "orderItems": [],
        "unheardOf": True,
    }
    caller = open_account([order])
    order["unheardOf"] = False
    assert caller.search().body["orders"] == [order | {"unheardOf": True}]


def test_same_seed_same_account(open_account):
    first, second = open_account(30, seed=5), open_account(30, seed=5)
    assert first.search().body == second.search().body
    assert first.search().body != open_account(30, seed=6).search().body


def test_several_threads(open_account):
    caller = open_account(50, rates={"searchOrders": Rate(0.0, 40)})
    statuses = []

    def work():
        statuses.extend(caller.search(maxResultsPerPage=10).status for _ in range(10))

    threads = [threading.Thread(target=work) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200] * 40 + [429] * 10
    assert caller.account.throttled == {"searchOrders": 10}


def test_over_a_socket(open_account):
    caller = open_account(5)
    stand_in = StandIn(caller.account)
    token = caller.ask_token().body["access_token"]
    with RunningServer(stand_in) as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
        answers = []
        stand_in.faults.add(Fault("status", path=ORDERS, status=429))
        for _ in range(2):
            target = f"{ORDERS}?createdAfter=1970-01-01T00:00:00Z"
            connection.request("GET", target, headers={"x-amz-access-token": token})
            response = connection.getresponse()
            answers.append((response.status, json.loads(response.read())))
        connection.close()
    assert [status for status, _ in answers] == [429, 200]
    assert len(answers[1][1]["orders"]) == 5
    assert [entry.status for entry in stand_in.log] == [429, 200]
