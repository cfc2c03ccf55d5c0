from __future__ import annotations

import copy
from datetime import UTC, datetime

import pytest

from adapter.simulators.amazon.status import as_seen, with_status

AT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


def whole(*quantities: int, fulfilled_by: str = "MERCHANT") -> dict[str, object]:
    return {
        "orderId": "302-0000000-0000001",
        "lastUpdatedTime": "2026-11-20T00:00:00.000Z",
        "fulfillment": {"fulfillmentStatus": "UNSHIPPED", "fulfilledBy": fulfilled_by},
        "orderItems": [
            {"orderItemId": str(number), "quantityOrdered": quantity}
            for number, quantity in enumerate(quantities, start=1)
        ],
    }


@pytest.mark.parametrize(
    ("quantities", "status", "shipped"),
    [
        ((1,), "UNSHIPPED", [0]),
        ((3, 2), "SHIPPED", [3, 2]),
        ((3, 2), "PARTIALLY_SHIPPED", [3, 0]),
        ((3,), "PARTIALLY_SHIPPED", [2]),
        ((1, 1), "PARTIALLY_SHIPPED", [1, 0]),
    ],
)
def test_quantities_follow(quantities, status, shipped):
    order = with_status(whole(*quantities), status, AT)
    assert order["lastUpdatedTime"] == "2026-11-21T09:30:00.000Z"
    assert order["fulfillment"]["fulfillmentStatus"] == status
    assert [
        (item["fulfillment"]["quantityFulfilled"], item["fulfillment"]["quantityUnfulfilled"])
        for item in order["orderItems"]
    ] == [(gone, quantity - gone) for gone, quantity in zip(shipped, quantities, strict=True)]


def test_one_unit_cannot_be_shipped_in_part():
    with pytest.raises(ValueError, match="one unit"):
        with_status(whole(1), "PARTIALLY_SHIPPED", AT)


def test_each_shipping_is_a_parcel_of_what_was_left():
    order = with_status(with_status(whole(3, 2), "PARTIALLY_SHIPPED", AT), "SHIPPED", AT)
    assert [(parcel["packageReferenceId"], parcel["packageItems"]) for parcel in order["packages"]] == [
        ("1", [{"orderItemId": "1", "quantity": 3}]),
        ("2", [{"orderItemId": "2", "quantity": 2}]),
    ]


def test_amazon_tells_no_parcels():
    assert "packages" not in with_status(whole(1, fulfilled_by="AMAZON"), "SHIPPED", AT)


def test_given_order_stays():
    order = whole(2)
    before = copy.deepcopy(order)
    as_seen(with_status(order, "CANCELLED", AT))
    assert order == before


def test_cancelled_lines_have_no_quantity():
    seen = as_seen(with_status(whole(2, 1), "CANCELLED", AT, "AMAZON"))
    assert [(item["quantityOrdered"], item["fulfillment"], item["cancellation"]) for item in seen["orderItems"]] == [
        (
            0,
            {"quantityFulfilled": 0, "quantityUnfulfilled": 0},
            {"cancellationExecution": {"cancelledBy": "AMAZON", "cancelReason": "No longer needed"}},
        )
    ] * 2
