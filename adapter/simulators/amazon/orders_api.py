"""The operations of the Orders API, version 2026-01-01."""

from __future__ import annotations

import re

from adapter.simulators.amazon.answers import ApiError
from adapter.simulators.amazon.included import with_included
from adapter.simulators.amazon.marketplaces import Region, region_ids
from adapter.simulators.amazon.order_book import OrderBook
from adapter.simulators.amazon.query import read_included, read_page, read_parameters, read_search
from adapter.simulators.amazon.routes import Call, Route
from adapter.simulators.amazon.search import Pages
from adapter.simulators.amazon.wire import Wire, timestamp
from adapter.simulators.server import Response

BASE = "/orders/2026-01-01/orders"
ORDER_ID = re.compile(r"[0-9A-Z]{3}-[0-9]{7}-[0-9]{7}")


class OrdersApi:
    """searchOrders and getOrder over an order book.

    Attributes:
        refused: data sets whose request is answered 400, by a fault at Amazon; `names_refused`: the answer says which.

    Source: SP-API model orders_2026-01-01; amzn/selling-partner-api-models issue 5365 for the fault.
    """

    def __init__(self, book: OrderBook, pages: Pages, region: Region) -> None:
        self._book = book
        self._pages = pages
        self._region = region
        self.refused: frozenset[str] = frozenset()
        self.names_refused = True

    def routes(self) -> tuple[Route, ...]:
        """The operations for the routing table."""
        return (
            Route("searchOrders", "GET", BASE, self.search_orders),
            Route("getOrder", "GET", f"{BASE}/{{orderId}}", self.get_order),
        )

    def search_orders(self, call: Call) -> Response:
        """GET /orders/2026-01-01/orders."""
        parameters = read_parameters(call.request.query)
        page = read_page(parameters)
        self._refuse(page.included)
        # A seller knows the marketplaces where it has sold, those outside Amazon too.
        marketplaces = region_ids(self._region) | self._book.marketplace_ids
        search = read_search(parameters, marketplaces, call.now)
        found = self._pages.find(search, page, call.now)
        answer: Wire = {"orders": [with_included(version.seen, page.included) for version in found.versions]}
        if found.token is not None:
            answer["pagination"] = {"nextToken": found.token}
        bound = "createdBefore" if search.field == "createdTime" else "lastUpdatedBefore"
        answer[bound] = timestamp(found.before)
        return Response.json(200, answer)

    def get_order(self, call: Call) -> Response:
        """GET /orders/2026-01-01/orders/{orderId}."""
        order_id = call.path["orderId"]
        included = read_included(read_parameters(call.request.query))
        if not ORDER_ID.fullmatch(order_id):
            raise ApiError(400)
        self._refuse(included)
        version = self._book.visible(order_id, call.now)
        if version is None:
            raise ApiError(404, "The requested order does not exist.")
        return Response.json(200, {"order": with_included(version.seen, included)})

    def _refuse(self, included: frozenset[str]) -> None:
        if refused := sorted(included & self.refused):
            words = f"includedData has an invalid value: {refused[0]}" if self.names_refused else "Invalid Input"
            raise ApiError(400, words)
