from __future__ import annotations

from datetime import UTC, datetime

import pytest

from adapter.simulators.amazon.answers import ApiError
from adapter.simulators.amazon.query import Page, Search, read_page, read_parameters, read_search

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
AFTER = "2026-11-20T00:00:00Z"
DE, FR = "A1PA6795UKMFR9", "A13V1IB3VIYZZH"
NOTHING: frozenset[str] = frozenset()


def search(**parameters: str) -> Search:
    return read_search(parameters, frozenset({DE, FR}), NOW)


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        (
            {"createdAfter": AFTER},
            Search("createdTime", datetime(2026, 11, 20, tzinfo=UTC), None, NOTHING, NOTHING, NOTHING),
        ),
        (
            {
                "lastUpdatedAfter": "2026-11-20T02:00:00.500+02:00",
                "lastUpdatedBefore": "2026-11-21T09:28:00Z",
                "fulfillmentStatuses": "UNSHIPPED,SHIPPED",
                "fulfilledBy": "MERCHANT",
                "marketplaceIds": f"{DE},{FR}",
                "LastUpdatedAfter": "a name of the older version is passed over",
            },
            Search(
                "lastUpdatedTime",
                datetime(2026, 11, 20, 0, 0, 0, 500_000, tzinfo=UTC),
                datetime(2026, 11, 21, 9, 28, tzinfo=UTC),
                frozenset({"UNSHIPPED", "SHIPPED"}),
                frozenset({"MERCHANT"}),
                frozenset({DE, FR}),
            ),
        ),
    ],
    ids=["least", "most"],
)
def test_read_search(parameters, expected):
    assert search(**parameters) == expected


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({}, "Exactly one of"),
        ({"CreatedAfter": AFTER}, "Exactly one of"),
        ({"createdBefore": AFTER}, "Exactly one of"),
        ({"createdAfter": AFTER, "lastUpdatedAfter": AFTER}, "Exactly one of"),
        ({"createdAfter": AFTER, "lastUpdatedBefore": AFTER}, "lastUpdatedBefore may not"),
        ({"lastUpdatedAfter": AFTER, "createdBefore": AFTER}, "createdBefore may not"),
        ({"createdAfter": AFTER, "createdBefore": "2026-11-19T23:59:59.999Z"}, "equal to or after"),
        ({"createdAfter": AFTER, "createdBefore": "2026-11-21T09:28:00.001Z"}, "two minutes"),
        ({"createdAfter": "TEST_CASE_400"}, "ISO 8601"),
        ({"createdAfter": ""}, "ISO 8601"),
        ({"createdAfter": "2026-11-20"}, "ISO 8601"),
        ({"createdAfter": "2026-11-20T00:00:00"}, "ISO 8601"),
        ({"createdAfter": "2026-11-20T02:00:00 02:00"}, "ISO 8601"),
        ({"createdAfter": AFTER, "fulfillmentStatuses": "Shipped"}, "invalid value: Shipped"),
        ({"createdAfter": AFTER, "fulfillmentStatuses": "INVOICE_UNCONFIRMED"}, "invalid value"),
        ({"createdAfter": AFTER, "fulfillmentStatuses": ""}, "invalid value"),
        ({"createdAfter": AFTER, "fulfilledBy": "MFN"}, "invalid value: MFN"),
        ({"createdAfter": AFTER, "marketplaceIds": ",".join([DE] * 51)}, "50 values"),
    ],
)
def test_refused_search(parameters, message):
    with pytest.raises(ApiError, match=message) as refused:
        search(**parameters)
    assert (refused.value.status, refused.value.code) == (400, "InvalidInput")


def test_bounds_may_be_equal():
    assert search(createdAfter=AFTER, createdBefore=AFTER).before == datetime(2026, 11, 20, tzinfo=UTC)


@pytest.mark.parametrize("ids", ["ATVPDKIKX0DER", f"{DE},ATVPDKIKX0DER", "", "nonsense"])
def test_marketplace_of_another_region(ids):
    with pytest.raises(ApiError, match="not valid for region") as refused:
        search(createdAfter=AFTER, marketplaceIds=ids)
    assert refused.value.status == 403


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({}, Page(100, None, NOTHING)),
        (
            {"maxResultsPerPage": "1", "paginationToken": "t", "includedData": "BUYER,TAX"},
            Page(1, "t", frozenset({"BUYER", "TAX"})),
        ),
    ],
)
def test_read_page(parameters, expected):
    assert read_page(parameters) == expected


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        *[({"maxResultsPerPage": size}, "between 1 and 100") for size in ("0", "101", "-1", "ten", "", "1.5", "٣")],
        ({"includedData": "BUYER,Tax"}, "invalid value: Tax"),
        ({"includedData": "BUYER, TAX"}, "invalid value:  TAX"),
        ({"includedData": ""}, "invalid value"),
    ],
)
def test_refused_page(parameters, message):
    with pytest.raises(ApiError, match=message):
        read_page(parameters)


def test_repeated_parameter():
    with pytest.raises(ApiError, match="more than once"):
        read_parameters("includedData=BUYER&includedData=TAX")
