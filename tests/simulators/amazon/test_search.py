from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

DE, FR, US = "A1PA6795UKMFR9", "A13V1IB3VIYZZH", "ATVPDKIKX0DER"
UPDATED = {"lastUpdatedAfter": "1970-01-01T00:00:00Z"}


def order(number: int, created: str, updated: str | None = None, **changes: object) -> dict[str, object]:
    """A small order of 2026-11-20; times are HH:MM:SS.mmm."""
    return {
        "orderId": f"302-0000000-{number:07}",
        "createdTime": f"2026-11-20T{created}Z",
        "lastUpdatedTime": f"2026-11-20T{updated or created}Z",
        "salesChannel": {"channelName": "AMAZON", "marketplaceId": DE},
        "fulfillment": {"fulfillmentStatus": "UNSHIPPED", "fulfilledBy": "MERCHANT"},
        "orderItems": [],
    } | changes


FIVE = [order(number, f"0{number}:00:00.000", f"1{5 - number}:00:00.000") for number in range(1, 6)]


def numbers(answer) -> list[int]:
    return [int(order_id[-7:]) for order_id in answer.order_ids]


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"createdAfter": "2026-11-20T02:00:00Z"}, [2, 3, 4, 5]),
        ({"createdAfter": "2026-11-20T02:00:00.001Z"}, [3, 4, 5]),
        ({"createdAfter": "2026-11-20T02:00:00Z", "createdBefore": "2026-11-20T04:00:00Z"}, [2, 3, 4]),
        ({"createdAfter": "2026-11-20T02:00:00Z", "createdBefore": "2026-11-20T03:59:59.999Z"}, [2, 3]),
        ({"lastUpdatedAfter": "2026-11-20T11:00:00Z"}, [4, 3, 2, 1]),
        ({"lastUpdatedAfter": "2026-11-20T10:00:00Z", "lastUpdatedBefore": "2026-11-20T12:00:00Z"}, [5, 4, 3]),
        ({"lastUpdatedAfter": "2026-11-21T00:00:00Z"}, []),
    ],
)
def test_bounds_are_inclusive(open_account, parameters, expected):
    assert numbers(open_account(FIVE).search(**parameters)) == expected


@pytest.mark.parametrize(
    ("parameters", "bound"),
    [
        ({"createdAfter": "2026-11-20T00:00:00Z"}, {"createdBefore": "2026-11-21T09:28:00.000Z"}),
        (UPDATED, {"lastUpdatedBefore": "2026-11-21T09:28:00.000Z"}),
        (
            UPDATED | {"lastUpdatedBefore": "2026-11-20T12:00:00Z"},
            {"lastUpdatedBefore": "2026-11-20T12:00:00.000Z"},
        ),
    ],
)
def test_answer_tells_its_upper_bound(open_account, parameters, bound):
    assert open_account().search(**parameters).body == {"orders": []} | bound


FILTERED = [
    order(1, "01:00:00.000"),
    order(2, "02:00:00.000", salesChannel={"channelName": "AMAZON", "marketplaceId": FR}),
    order(3, "03:00:00.000", fulfillment={"fulfillmentStatus": "SHIPPED", "fulfilledBy": "AMAZON"}),
    order(4, "04:00:00.000", fulfillment={"fulfillmentStatus": "CANCELLED", "fulfilledBy": "MERCHANT"}),
    order(5, "05:00:00.000", salesChannel={"channelName": "NON_AMAZON"}),
]


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({}, [1, 2, 3, 4, 5]),
        ({"marketplaceIds": DE}, [1, 3, 4]),
        ({"marketplaceIds": f"{DE},{FR}"}, [1, 2, 3, 4]),
        ({"marketplaceIds": f'["{DE}"]'}, []),
        ({"marketplaceIds": f"['{DE}', '{FR}']"}, []),
        ({"fulfilledBy": "AMAZON"}, [3]),
        ({"fulfilledBy": "AMAZON,MERCHANT"}, [1, 2, 3, 4, 5]),
        ({"fulfillmentStatuses": "SHIPPED,CANCELLED"}, [3, 4]),
        ({"fulfillmentStatuses": "PENDING"}, []),
        ({"fulfillmentStatuses": "UNSHIPPED", "marketplaceIds": FR}, [2]),
    ],
)
def test_filters(open_account, parameters, expected):
    answer = open_account(FILTERED).search(**parameters)
    assert (answer.status, numbers(answer)) == (200, expected)


@pytest.mark.parametrize(("region", "status"), [("EU", 403), ("NA", 200)])
def test_marketplaces_of_the_region(open_account, region, status):
    assert open_account(region=region).search(marketplaceIds=US).status == status


def test_marketplace_where_the_account_sold_is_known(open_account):
    sold = order(1, "01:00:00.000", salesChannel={"channelName": "NON_AMAZON", "marketplaceId": "A38D8NSA03LJTC"})
    assert numbers(open_account([sold]).search(marketplaceIds="A38D8NSA03LJTC")) == [1]


def pages(caller, size: int, **parameters: object) -> list[list[int]]:
    """All pages of a search."""
    found, more = [], {}
    while True:
        answer = caller.search(maxResultsPerPage=size, **parameters, **more)
        found.append(numbers(answer))
        if answer.next_token is None:
            return found
        more = {"paginationToken": answer.next_token}


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (1, [[1], [2], [3], [4], [5]]),
        (2, [[1, 2], [3, 4], [5]]),
        (5, [[1, 2, 3, 4, 5]]),
        (100, [[1, 2, 3, 4, 5]]),
    ],
)
def test_pages(open_account, size, expected):
    assert pages(open_account(FIVE), size) == expected


def test_orders_of_the_same_moment_are_on_one_page_each(open_account):
    same = [order(number, "01:00:00.000") for number in (3, 1, 2)]
    assert pages(open_account(same), 1) == [[1], [2], [3]]


def test_hundred_orders_a_page_by_default(open_account):
    caller = open_account([order(number, "01:00:00.000") for number in range(101)])
    assert len(caller.search().order_ids) == 100


def test_last_page_has_no_pagination(open_account):
    caller = open_account(FIVE)
    token = caller.search(maxResultsPerPage=3).next_token
    assert "pagination" not in caller.search(maxResultsPerPage=3, paginationToken=token).body


def test_upper_bound_stays_from_page_to_page(open_account):
    caller = open_account(FIVE)
    first = caller.search(maxResultsPerPage=3)
    caller.clock.forward(minutes=30)
    second = caller.search(maxResultsPerPage=3, paginationToken=first.next_token)
    assert first.body["createdBefore"] == second.body["createdBefore"]


def test_order_that_changes_between_pages_is_found_by_the_next_search(open_account):
    caller = open_account(FIVE)
    first = caller.search(maxResultsPerPage=2, **UPDATED)
    caller.account.edit("302-0000000-0000001")
    caller.clock.forward(minutes=3)
    second = caller.search(maxResultsPerPage=9, paginationToken=first.next_token, **UPDATED)
    again = caller.search(lastUpdatedAfter=first.body["lastUpdatedBefore"])
    assert [numbers(first), numbers(second), numbers(again)] == [[5, 4], [3, 2], [1]]


def test_size_and_included_data_may_change_between_pages(open_account):
    caller = open_account(FIVE)
    token = caller.search(maxResultsPerPage=1).next_token
    answer = caller.search(maxResultsPerPage=2, includedData="FULFILLMENT", paginationToken=token)
    assert numbers(answer) == [2, 3]
    assert all("fulfillment" in order for order in answer.body["orders"])


@pytest.mark.parametrize(
    "changes",
    [
        {"lastUpdatedAfter": "1970-01-01T00:00:00.001Z"},
        {"lastUpdatedBefore": "2026-11-20T23:00:00Z"},
        {"marketplaceIds": DE},
        {"fulfilledBy": "MERCHANT"},
        {"fulfillmentStatuses": "UNSHIPPED"},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_other_parameters_may_not(open_account, changes):
    caller = open_account(FIVE)
    token = caller.search(maxResultsPerPage=1, **UPDATED).next_token
    answer = caller.search(paginationToken=token, **(UPDATED | changes))
    assert (answer.status, answer.body["errors"][0]["code"]) == (400, "InvalidInput")
    assert "must be the same" in answer.message


def test_token_needs_its_parameters(open_account):
    caller = open_account(FIVE)
    token = caller.search(maxResultsPerPage=1).next_token
    assert caller.get("/orders/2026-01-01/orders", paginationToken=token).status == 400


def test_token_may_be_used_again(open_account):
    caller = open_account(FIVE)
    token = caller.search(maxResultsPerPage=1).next_token
    answers = [caller.search(maxResultsPerPage=1, paginationToken=token) for _ in range(2)]
    assert [numbers(answer) for answer in answers] == [[2], [2]]


def test_token_dies_after_a_day(open_account):
    caller = open_account(FIVE)
    token = caller.search(maxResultsPerPage=1).next_token
    for passed, status in ((timedelta(hours=24, microseconds=-1), 200), (timedelta(hours=24), 400)):
        caller.clock.now = datetime(2026, 11, 21, 9, 30, tzinfo=UTC) + passed
        caller.token = ""
        answer = caller.search(maxResultsPerPage=1, paginationToken=token)
        assert answer.status == status
    assert "expired" in answer.message


def test_token_of_another_account(open_account):
    token = open_account(FIVE, seller_id="A0OTHER").search(maxResultsPerPage=1).next_token
    answer = open_account(FIVE).search(maxResultsPerPage=1, paginationToken=token)
    assert (answer.status, answer.message) == (400, "paginationToken is invalid.")


def test_late_visibility_hides_orders_from_a_search_without_overlap(open_account):
    caller = open_account(visible_after=timedelta(minutes=10))
    order_id = caller.account.place_order()
    caller.clock.forward(minutes=5)
    first = caller.search(**UPDATED)
    caller.clock.forward(minutes=10)
    later = caller.search(lastUpdatedAfter=first.body["lastUpdatedBefore"])
    overlapping = caller.search(lastUpdatedAfter="2026-11-21T09:20:00Z")
    assert [first.order_ids, later.order_ids, overlapping.order_ids] == [[], [], [order_id]]
