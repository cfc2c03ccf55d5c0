from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("order_id", "status", "code"),
    [
        ("302-0000000-0000000", 404, "NotFound"),
        ("TEST_CASE_400", 400, "InvalidInput"),
        ("30200000000000000", 400, "InvalidInput"),
        ("302-0000000-000000", 400, "InvalidInput"),
        ("302-0000000-0000000%0A", 400, "InvalidInput"),
    ],
)
def test_get_order_refusals(open_account, order_id, status, code):
    answer = open_account().order(order_id)
    assert (answer.status, answer.body["errors"][0]["code"]) == (status, code)


def test_get_order_checks_included_data(open_account):
    caller = open_account(1)
    (order_id,) = caller.account.order_ids()
    assert caller.order(order_id, includedData="buyer").status == 400


def test_get_order(open_account):
    caller = open_account(1)
    (order_id,) = caller.account.order_ids()
    answer = caller.order(order_id, includedData="FULFILLMENT")
    assert answer.status == 200
    assert set(answer.body) == {"order"}
    assert answer.body["order"]["fulfillment"] == caller.account.order(order_id)["fulfillment"]
