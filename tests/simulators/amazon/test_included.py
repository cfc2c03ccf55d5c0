from __future__ import annotations

import copy

import pytest

from adapter.simulators.amazon.included import INCLUDED_DATA, ITEM_BLOCKS, ORDER_BLOCKS, with_included

ORDER = {
    "orderId": "302-0000000-0000001",
    "programs": ["PRIME"],
    "orderItems": [{"orderItemId": "1", "product": {}, **{key: key for key in ITEM_BLOCKS}}],
    **{key: key for key in ORDER_BLOCKS},
}
ALWAYS = {"orderId", "programs", "orderItems"}
ALWAYS_ITEM = {"orderItemId", "product"}


@pytest.mark.parametrize(
    ("included", "blocks", "item_blocks"),
    [
        ((), set(), set()),
        (("BUYER",), {"buyer"}, set()),
        (("RECIPIENT",), {"recipient"}, set()),
        (("PROCEEDS",), {"proceeds"}, {"proceeds"}),
        (("EXPENSE",), set(), {"expense"}),
        (("PROMOTION",), set(), {"promotion"}),
        (("CANCELLATION",), set(), {"cancellation"}),
        (("FULFILLMENT",), {"fulfillment"}, {"fulfillment"}),
        (("PACKAGES",), {"packages"}, set()),
        (("TAX",), {"tax"}, {"tax"}),
        (("PAYMENT",), {"payment"}, set()),
        (("FULFILLMENT_ORDERS",), {"fulfillmentOrders"}, set()),
        (("BUYER", "TAX"), {"buyer", "tax"}, {"tax"}),
        (INCLUDED_DATA, set(ORDER_BLOCKS), set(ITEM_BLOCKS)),
    ],
)
def test_with_included(included, blocks, item_blocks):
    before = copy.deepcopy(ORDER)
    slim = with_included(ORDER, included)
    assert set(slim) == ALWAYS | blocks
    assert set(slim["orderItems"][0]) == ALWAYS_ITEM | item_blocks
    assert before == ORDER


def test_served_orders(open_account):
    caller = open_account(40)
    (bare, full) = (caller.search(), caller.search(includedData=",".join(sorted(INCLUDED_DATA))))
    assert not any(set(ORDER_BLOCKS) & set(order) for order in bare.body["orders"])
    assert [with_included(order, ()) for order in full.body["orders"]] == bare.body["orders"]
    order_id = full.order_ids[0]
    assert caller.order(order_id).body == {"order": bare.body["orders"][0]}
