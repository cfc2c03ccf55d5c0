"""The static sandbox: every documented request has an answer that Amazon's model accepts; others have none."""

from __future__ import annotations

import json

import pytest

from adapter.amazon.read import read_order
from adapter.model.proof import prove
from tests.simulators.amazon.conftest import MODELS

ITEMS = "/catalog/2022-04-01/items"


@pytest.fixture
def caller(open_account):
    return open_account(0, static=True)


def cases(name, path, code="200", method="get"):
    """The documented requests of an operation: parameters as in a query."""
    file = MODELS / f"{name}.json"
    if not file.is_file():
        pytest.skip(f"no copy of Amazon's model {name} beside the checkout")
    answers = json.loads(file.read_text(encoding="utf-8"))["paths"][path][method]["responses"][code]
    for case in answers["x-amzn-api-sandbox"]["static"]:
        given = {key: each["value"] for key, each in case["request"]["parameters"].items()}
        yield {key: ",".join(value) if isinstance(value, list) else value for key, value in given.items()}


def test_search_orders(caller, official_model):
    check = official_model("orders_2026-01-01")("SearchOrdersResponse")
    found = []
    for case in cases("orders_2026-01-01", "/orders/2026-01-01/orders"):
        answer = caller.search(**case)
        check.validate(answer.body)
        (order,) = answer.body["orders"]
        assert order["salesChannel"]["marketplaceId"] == case["marketplaceIds"]
        found.append(read_order(json.dumps(order), "x", "A1"))
    assert [order.currency for order in found] == ["JPY", "GBP", "BRL"]
    assert all(prove(order).proven for order in found if order.total is not None)


def test_get_order(caller, official_model):
    check = official_model("orders_2026-01-01")("GetOrderResponse")
    for case in cases("orders_2026-01-01", "/orders/2026-01-01/orders/{orderId}"):
        order_id = case.pop("orderId")
        answer = caller.order(order_id, **case)
        check.validate(answer.body)
        assert answer.body["order"]["orderId"] == order_id


def test_catalog(caller, official_model):
    check = official_model("catalogItems_2022-04-01")
    for case in cases("catalogItems_2022-04-01", ITEMS):
        check("ItemSearchResults").validate(caller.get(ITEMS, **case).body)
    for case in cases("catalogItems_2022-04-01", ITEMS + "/{asin}"):
        asin = case.pop("asin")
        check("Item").validate(caller.get(f"{ITEMS}/{asin}", **case).body)


@pytest.mark.parametrize(
    ("part", "definition"),
    [
        ("", "GetOrderResponse"),
        ("/buyerInfo", "GetOrderBuyerInfoResponse"),
        ("/address", "GetOrderAddressResponse"),
        ("/orderItems", "GetOrderItemsResponse"),
        ("/orderItems/buyerInfo", "GetOrderItemsBuyerInfoResponse"),
    ],
)
def test_v0_of_one_order(caller, official_model, part, definition):
    check = official_model("ordersV0")(definition)
    for code, status in (("200", 200), ("400", 400)):
        for case in cases("ordersV0", "/orders/v0/orders/{orderId}" + part, code):
            answer = caller.get(f"/orders/v0/orders/{case['orderId']}{part}")
            check.validate(answer.body)
            assert (answer.status, "payload" in answer.body) == (status, status == 200)
    assert caller.get(f"/orders/v0/orders/902-1845936-5435065{part}").message == "Could not match input arguments"


def test_v0_orders(caller, official_model):
    check = official_model("ordersV0")("GetOrdersResponse")
    tokens = []
    for case in cases("ordersV0", "/orders/v0/orders"):
        answer = caller.get("/orders/v0/orders", **case)
        check.validate(answer.body)
        assert answer.status == 200
        tokens.append(answer.body["payload"].get("NextToken"))
    assert tokens == [None, "2YgYW55IGNhcm5hbCBwbGVhc3VyZS4", None]
    (refused,) = cases("ordersV0", "/orders/v0/orders", "400")
    assert caller.get("/orders/v0/orders", **refused).status == 400
    assert caller.get("/orders/v0/orders", CreatedAfter="2026-01-01", MarketplaceIds="ATVPDKIKX0DER").status == 400


def test_reports(caller, official_model):
    check, base = official_model("reports_2021-06-30"), "/reports/2021-06-30"
    for code, status in (("202", 202), ("400", 400)):
        for case in cases("reports_2021-06-30", f"{base}/reports", code, "post"):
            answer = caller.send("POST", f"{base}/reports", case["body"])
            assert answer.status == status
            check("CreateReportResponse" if status == 202 else "ErrorList").validate(answer.body)
    (listed,) = cases("reports_2021-06-30", f"{base}/reports")
    check("GetReportsResponse").validate(caller.get(f"{base}/reports", **listed).body)
    assert caller.get(f"{base}/reports", reportTypes="OTHER").status == 400
    (one,) = cases("reports_2021-06-30", f"{base}/reports/{{reportId}}")
    check("Report").validate(caller.get(f"{base}/reports/{one['reportId']}").body)
    assert caller.get(f"{base}/reports/badReportId1").status == 400
    (document,) = cases("reports_2021-06-30", f"{base}/documents/{{reportDocumentId}}")
    check("ReportDocument").validate(caller.get(f"{base}/documents/{document['reportDocumentId']}").body)
    assert caller.get(f"{base}/documents/badDocumentId1").status == 400


def test_the_case_that_is_refused(caller):
    assert (caller.search(createdAfter="TEST_CASE_400").status, caller.order("TEST_CASE_400").status) == (400, 400)


def test_anything_else(caller):
    for answer in (
        caller.search(createdAfter="2024-12-25T00:00:00Z"),
        caller.search(createdAfter="2024-12-25T00:00:00Z", marketplaceIds="A1VC38T7YXB528", includedData="BUYER"),
        caller.order("114-9876543-1234567", includedData="BUYER"),
        caller.order("114-0000000-0000000"),
        caller.get(ITEMS, identifiers="B0", identifiersType="ASIN", marketplaceIds="ATVPDKIKX0DER"),
        caller.get(f"{ITEMS}/B0"),
    ):
        assert (answer.status, answer.message) == (400, "Could not match input arguments")


def test_its_own_rates(open_account):
    caller = open_account(0, static=True, rates=None)
    found = [caller.order("TEST_CASE_400").status for _ in range(16)]
    assert found == [400] * 15 + [429]
