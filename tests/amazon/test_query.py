from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from urllib.parse import parse_qsl

import pytest

from adapter.amazon.query import DATA_SETS, FULFILLERS, SEARCH_STATUSES, SearchQuery, request_headers, user_agent
from adapter.errors import ConfigurationError

MORNING = datetime(2026, 5, 1, 8, 30, tzinfo=UTC)
DE, FR = "A1PA6795UKMFR9", "A13V1IB3VIYZZH"
FULL = SearchQuery(
    created_after=MORNING,
    before=MORNING + timedelta(hours=1),
    marketplace_ids=(DE, FR),
    included=DATA_SETS,
    statuses=SEARCH_STATUSES,
    fulfilled_by=FULFILLERS,
)


@pytest.mark.parametrize(
    ("query", "token", "text"),
    [
        (
            SearchQuery(updated_after=MORNING),
            None,
            "lastUpdatedAfter=2026-05-01T08%3A30%3A00Z&maxResultsPerPage=100",
        ),
        (
            SearchQuery(
                updated_after=MORNING,
                before=datetime(2026, 5, 1, 12, 0, 0, 250_999, tzinfo=timezone(timedelta(hours=2))),
                marketplace_ids=(DE, FR),
                included=("BUYER", "PROCEEDS"),
                fulfilled_by=("MERCHANT",),
                page_size=50,
            ),
            "a+b/c=&d",
            "lastUpdatedAfter=2026-05-01T08%3A30%3A00Z&lastUpdatedBefore=2026-05-01T10%3A00%3A00.250Z"
            f"&marketplaceIds={DE},{FR}&fulfilledBy=MERCHANT&maxResultsPerPage=50&includedData=BUYER,PROCEEDS"
            "&paginationToken=a%2Bb%2Fc%3D%26d",
        ),
        (
            SearchQuery(created_after=MORNING, before=MORNING, statuses=("UNSHIPPED",)),
            None,
            "createdAfter=2026-05-01T08%3A30%3A00Z&createdBefore=2026-05-01T08%3A30%3A00Z"
            "&fulfillmentStatuses=UNSHIPPED&maxResultsPerPage=100",
        ),
    ],
    ids=["bare", "everything, next page", "by creation"],
)
def test_text(query, token, text):
    assert query.text(token) == text
    assert tuple(parse_qsl(query.text(token), strict_parsing=True)) == query.parameters(token)


def test_the_next_page_repeats_all_parameters():
    first, second = FULL.parameters(), FULL.parameters("token")
    assert second == (*first, ("paginationToken", "token"))


@pytest.mark.parametrize(
    ("conditions", "problems"),
    [
        ({}, 1),
        ({"updated_after": MORNING, "created_after": MORNING}, 1),
        ({"updated_after": MORNING.replace(tzinfo=None)}, 1),
        ({"updated_after": MORNING, "before": MORNING - timedelta(seconds=1)}, 1),
        ({"updated_after": MORNING, "included": ("BUYER", "buyer", "ALL")}, 2),
        ({"updated_after": MORNING, "statuses": ("INVOICE_UNCONFIRMED", "Shipped")}, 2),
        ({"updated_after": MORNING, "fulfilled_by": ("AFN",)}, 1),
        ({"updated_after": MORNING, "marketplace_ids": ('["A1PA6795UKMFR9"]', "DE")}, 2),
        ({"updated_after": MORNING, "marketplace_ids": (DE,) * 51}, 1),
        ({"updated_after": MORNING, "page_size": 0}, 1),
        ({"updated_after": MORNING, "page_size": 101, "fulfilled_by": ("AFN",)}, 2),
    ],
)
def test_what_amazon_would_refuse_or_misread_is_refused_here(conditions, problems):
    with pytest.raises(ConfigurationError) as caught:
        SearchQuery(**conditions)
    assert len(caught.value.problems) == problems


def test_parameters_are_those_of_the_model(model):
    described = {entry["name"]: entry for entry in model["paths"]["/orders/2026-01-01/orders"]["get"]["parameters"]}
    by_update = SearchQuery(updated_after=MORNING, before=MORNING)
    sent = dict((*FULL.parameters("token"), *by_update.parameters("token")))
    assert set(sent) == set(described)
    for name, value in sent.items():
        entry = described[name]
        assert entry["in"] == "query"
        if entry["type"] == "array":
            # Without a collectionFormat Swagger 2.0 joins by commas.
            assert "collectionFormat" not in entry
            members = entry["items"].get("enum")
            assert members is None or set(value.split(",")) == set(members)
            assert len(value.split(",")) <= entry.get("maxItems", 50)
        elif entry.get("format") == "date-time":
            assert datetime.strptime(value, "%Y-%m-%dT%H:%M:%S%z").tzinfo == UTC
        else:
            assert (entry["type"], value.isdigit()) in {("integer", True), ("string", False)}


def test_request_headers():
    assert request_headers("Atza|1", "agent", MORNING.astimezone(timezone(timedelta(hours=3)))) == {
        "x-amz-access-token": "Atza|1",
        "x-amz-date": "20260501T083000Z",
        "user-agent": "agent",
        "accept": "application/json",
    }


@pytest.mark.parametrize(
    ("name", "version", "attributes", "text"),
    [
        ("adapter", "1.0", {"Language": "Python/3.11"}, "adapter/1.0 (Language=Python/3.11)"),
        (
            "a/b\\c",
            "1(2",
            {"Lan=guage": "Py;th(on)", "Host": "шоп"},
            "a\\/b\\\\c/1\\(2 (Lan\\=guage=Py\\;th(on\\); Host=???)",
        ),
    ],
    ids=["usual", "escaped"],
)
def test_user_agent(name, version, attributes, text):
    assert user_agent(name, version, attributes) == text


def test_a_user_agent_that_is_too_long_is_refused():
    with pytest.raises(ConfigurationError, match="500"):
        user_agent("adapter", "1.0", {"Host": "x" * 500})
