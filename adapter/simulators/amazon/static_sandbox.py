"""Amazon's static sandbox: documented requests get answers, anything else is refused.

The requests are those of the official models, the answers are made up here. Source: SP-API models orders_2026-01-01 and
catalogItems_2022-04-01, extension x-amzn-api-sandbox; SP-API documentation, "The Selling Partner API sandbox".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from adapter.simulators.amazon.answers import ApiError
from adapter.simulators.amazon.buckets import Rate
from adapter.simulators.amazon.included import with_included
from adapter.simulators.amazon.marketplaces import Marketplace, marketplaces
from adapter.simulators.amazon.orders import OrderOptions, generate
from adapter.simulators.amazon.query import read_parameters
from adapter.simulators.amazon.routes import Call, Route
from adapter.simulators.amazon.wire import Wire, timestamp
from adapter.simulators.server import Response

RATE = Rate(5, 15)
"""Of every operation."""

NO_MATCH = "Could not match input arguments"
MADE_AT = datetime(2024, 12, 26, tzinfo=UTC)
MOST = ("BUYER", "RECIPIENT", "PROCEEDS", "EXPENSE", "PROMOTION", "CANCELLATION", "FULFILLMENT", "PACKAGES")
CATALOG_DATA = (
    "classifications", "dimensions", "identifiers", "images", "productTypes", "relationships", "salesRanks",
    "summaries", "vendorDetails",
)  # fmt: skip
ASIN = "B07N4M94X4"


@dataclass(frozen=True, slots=True)
class SearchCase:
    """A documented request of searchOrders, and in which marketplace its one order is."""

    created_after: str
    country: str
    included: tuple[str, ...]
    token: str | None = None


@dataclass(frozen=True, slots=True)
class OrderCase:
    """A documented request of getOrder."""

    order_id: str
    country: str
    included: tuple[str, ...]


SEARCHES = (
    SearchCase("2024-12-25T00:00:00Z", "JP", MOST),
    SearchCase("2024-12-23T00:00:00Z", "GB", MOST, "9ZhB4RmVyc2lvbiAxLjAgb2YgdGhl"),
    SearchCase("2024-12-20T00:00:00Z", "BR", ("BUYER", "RECIPIENT", "PROCEEDS", "FULFILLMENT", "TAX", "PAYMENT")),
)
ORDERS = (
    OrderCase("171-9876543-2109876", "BR", MOST),
    OrderCase("028-1234567-8901234", "TR", ("BUYER", "RECIPIENT", "PROCEEDS", "FULFILLMENT", "TAX")),
    OrderCase("114-9876543-1234567", "US", ("RECIPIENT", "PROCEEDS", "FULFILLMENT")),
)


class StaticSandbox:
    """The test cases as operations."""

    def routes(self) -> tuple[Route, ...]:
        """The operations for the routing table; they stand before those that live."""
        orders, items = "/orders/2026-01-01/orders", "/catalog/2022-04-01/items"
        return (
            Route("searchOrders", "GET", orders, self.search_orders),
            Route("getOrder", "GET", f"{orders}/{{orderId}}", self.get_order),
            Route("searchCatalogItems", "GET", items, self.search_items),
            Route("getCatalogItem", "GET", f"{items}/{{asin}}", self.get_item),
        )

    def search_orders(self, call: Call) -> Response:
        """GET /orders/2026-01-01/orders."""
        asked = read_parameters(call.request.query)
        if asked.get("createdAfter") == "TEST_CASE_400":
            raise ApiError(400, details="Invalid Input")
        for case in SEARCHES:
            place = place_of(case.country)
            wanted = {"createdAfter": case.created_after, "marketplaceIds": place.id}
            if _fits(asked, wanted | ({"paginationToken": case.token} if case.token else {}), case.included):
                order = made_order(place, case.included)
                return Response.json(200, {"orders": [order], "createdBefore": timestamp(MADE_AT)})
        raise ApiError(400, NO_MATCH)

    def get_order(self, call: Call) -> Response:
        """GET /orders/2026-01-01/orders/{orderId}."""
        asked = read_parameters(call.request.query)
        if call.path["orderId"] == "TEST_CASE_400":
            raise ApiError(400)
        for case in ORDERS:
            if case.order_id == call.path["orderId"] and _fits(asked, {}, case.included):
                order = made_order(place_of(case.country), case.included) | {"orderId": case.order_id}
                return Response.json(200, {"order": order})
        raise ApiError(400, NO_MATCH)

    def search_items(self, call: Call) -> Response:
        """GET /catalog/2022-04-01/items."""
        asked = read_parameters(call.request.query)
        place = place_of("US")
        if _fits(asked, {"keywords": "samsung,tv", "marketplaceIds": place.id}, CATALOG_DATA):
            return Response.json(200, {"numberOfResults": 1, "items": [_item(place)]})
        raise ApiError(400, NO_MATCH)

    def get_item(self, call: Call) -> Response:
        """GET /catalog/2022-04-01/items/{asin}."""
        place = place_of("US")
        asked = read_parameters(call.request.query)
        if call.path["asin"] == ASIN and _fits(asked, {"marketplaceIds": place.id}, CATALOG_DATA):
            return Response.json(200, _item(place))
        raise ApiError(400, NO_MATCH)


def _fits(asked: Mapping[str, str], wanted: Mapping[str, str], included: tuple[str, ...]) -> bool:
    """Whether a request is the documented one; how many results a page may have does not count."""
    given = {name: value for name, value in asked.items() if name not in {"includedData", "maxResultsPerPage"}}
    return given == wanted and set(asked.get("includedData", "").split(",")) == set(included)


def place_of(country: str) -> Marketplace:
    """The marketplace of a country."""
    return next(each for each in marketplaces() if each.country == country)


def made_order(place: Marketplace, included: tuple[str, ...]) -> Wire:
    """A made-up order, always the same, in the marketplace of the case and its currency."""
    order = generate(1, len(place.name), MADE_AT, OrderOptions(place.region))[0]
    channel = {"channelName": "AMAZON", "marketplaceId": place.id, "marketplaceName": place.name}
    moved: Wire = _in_currency(order | {"salesChannel": channel}, place.currency)
    return with_included(moved, included)


def _in_currency(data: Any, currency: str) -> Any:
    if isinstance(data, list):
        return [_in_currency(part, currency) for part in data]
    if not isinstance(data, dict):
        return data
    return {name: currency if name == "currencyCode" else _in_currency(part, currency) for name, part in data.items()}


def _item(place: Marketplace) -> Wire:
    return {
        "asin": ASIN,
        "summaries": [{"marketplaceId": place.id, "itemName": "Television, 75 inch", "brand": "Nordwind"}],
        "identifiers": [
            {"marketplaceId": place.id, "identifiers": [{"identifierType": "EAN", "identifier": "2000000000015"}]}
        ],
    }
