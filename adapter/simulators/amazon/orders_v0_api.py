"""The reading operations of the Orders API v0, over the same order book as those of v2026-01-01.

Source: SP-API model ordersV0.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from datetime import datetime

from adapter.simulators.amazon.answers import ApiError, invalid_input
from adapter.simulators.amazon.marketplaces import Region, region_ids
from adapter.simulators.amazon.order_book import OrderBook
from adapter.simulators.amazon.orders_api import ORDER_ID
from adapter.simulators.amazon.orders_v0 import CHANNELS, STATUSES, address_v0, buyer_v0, order_v0
from adapter.simulators.amazon.orders_v0_items import items_buyer_v0, items_v0
from adapter.simulators.amazon.query import BEHIND_NOW, MOST_MARKETPLACES, MOST_RESULTS, Page, Search, read_parameters
from adapter.simulators.amazon.restricted import RestrictedTokens
from adapter.simulators.amazon.routes import Call, Route
from adapter.simulators.amazon.search import Pages
from adapter.simulators.amazon.wire import Wire, moment_of
from adapter.simulators.server import Response

BASE = "/orders/v0/orders"
ITEMS_ON_PAGE = 100

_NEW_STATUS = {old: new for new, old in STATUSES.items()}
_NEW_CHANNEL = {old: new for new, old in CHANNELS.items()}


class OrdersV0Api:
    """getOrders, getOrder and what belongs to one order.

    Attributes:
        items_on_page: lines on one page; Amazon does not tell how many it gives.
    """

    def __init__(self, book: OrderBook, pages: Pages, region: Region, tokens: RestrictedTokens) -> None:
        self._book = book
        self._pages = pages
        self._region = region
        self._tokens = tokens
        self.items_on_page = ITEMS_ON_PAGE

    def routes(self) -> tuple[Route, ...]:
        """The operations for the routing table."""
        order = f"{BASE}/{{orderId}}"
        return (
            Route("v0.getOrders", "GET", BASE, self.get_orders),
            Route("v0.getOrder", "GET", order, self.get_order),
            Route("v0.getOrderBuyerInfo", "GET", f"{order}/buyerInfo", self.get_buyer),
            Route("v0.getOrderAddress", "GET", f"{order}/address", self.get_address),
            Route("v0.getOrderItems", "GET", f"{order}/orderItems", self.get_items),
            Route("v0.getOrderItemsBuyerInfo", "GET", f"{order}/orderItems/buyerInfo", self.get_items_buyer),
        )

    def get_orders(self, call: Call) -> Response:
        """GET /orders/v0/orders."""
        parameters = read_parameters(call.request.query)
        search = self._search(parameters, call.now)
        page = Page(_page_size(parameters), parameters.get("NextToken"), frozenset())
        found = self._pages.find(search, page, call.now)
        elements = self._elements(call)
        payload: Wire = {"Orders": [order_v0(version.seen, elements) for version in found.versions]}
        if found.token is not None:
            payload["NextToken"] = found.token
        bound = "CreatedBefore" if search.field == "createdTime" else "LastUpdatedBefore"
        payload[bound] = found.before.strftime("%Y-%m-%dT%H:%M:%SZ")
        return _answer(payload)

    def get_order(self, call: Call) -> Response:
        """GET /orders/v0/orders/{orderId}."""
        return _answer(order_v0(self._found(call), self._elements(call)))

    def get_buyer(self, call: Call) -> Response:
        """GET /orders/v0/orders/{orderId}/buyerInfo."""
        return _answer(buyer_v0(self._found(call), self._demanded(call)))

    def get_address(self, call: Call) -> Response:
        """GET /orders/v0/orders/{orderId}/address."""
        return _answer(address_v0(self._found(call), self._demanded(call)))

    def get_items(self, call: Call) -> Response:
        """GET /orders/v0/orders/{orderId}/orderItems."""
        return self._items(call, lambda order: items_v0(order, self._elements(call)))

    def get_items_buyer(self, call: Call) -> Response:
        """GET /orders/v0/orders/{orderId}/orderItems/buyerInfo."""
        self._demanded(call)
        return self._items(call, items_buyer_v0)

    def _items(self, call: Call, lines: Callable[[Wire], list[Wire]]) -> Response:
        order = self._found(call)
        token = read_parameters(call.request.query).get("NextToken")
        first = 0 if token is None else _position(token, order["orderId"])
        rest = lines(order)[first:]
        payload: Wire = {"AmazonOrderId": order["orderId"], "OrderItems": rest[: self.items_on_page]}
        if len(rest) > self.items_on_page:
            payload["NextToken"] = _items_token(order["orderId"], first + self.items_on_page)
        return _answer(payload)

    def _found(self, call: Call) -> Wire:
        order_id = call.path["orderId"]
        if not ORDER_ID.fullmatch(order_id):
            raise ApiError(400)
        version = self._book.visible(order_id, call.now)
        if version is None:
            raise ApiError(404, "The requested order does not exist.")
        return version.seen

    def _elements(self, call: Call) -> frozenset[str]:
        """What of the buyer the caller may see; nothing with an ordinary token."""
        return self._tokens.elements(call.request, call.now) or frozenset()

    def _demanded(self, call: Call) -> frozenset[str]:
        """The same for operations that are refused without."""
        if not (elements := self._elements(call)):
            raise ApiError(403, details="")
        return elements

    def _search(self, parameters: Mapping[str, str], now: datetime) -> Search:
        by_creation, by_update = "CreatedAfter" in parameters, "LastUpdatedAfter" in parameters
        if by_creation == by_update:
            raise invalid_input("Either the CreatedAfter parameter or the LastUpdatedAfter parameter is required.")
        family, other = ("Created", "LastUpdated") if by_creation else ("LastUpdated", "Created")
        if f"{other}Before" in parameters:
            raise invalid_input(f"{other}Before cannot be set when {family}After is set.")
        after = _moment(parameters, f"{family}After")
        before = _moment(parameters, f"{family}Before") if f"{family}Before" in parameters else None
        if before is not None and not after <= before <= now - BEHIND_NOW:
            raise invalid_input(f"{family}Before must be after {family}After and two minutes before the current time.")
        return Search(
            field="createdTime" if by_creation else "lastUpdatedTime",
            after=after,
            before=before,
            statuses=_values(parameters, "OrderStatuses", _NEW_STATUS),
            fulfilled_by=_values(parameters, "FulfillmentChannels", _NEW_CHANNEL),
            marketplaces=self._marketplaces(parameters),
        )

    def _marketplaces(self, parameters: Mapping[str, str]) -> frozenset[str]:
        text = parameters.get("MarketplaceIds", "")
        ids = frozenset(text.split(","))
        if not text or len(ids) > MOST_MARKETPLACES:
            raise invalid_input(f"MarketplaceIds must hold 1 to {MOST_MARKETPLACES} values.")
        # A list in the form of JSON finds nothing, as in the newer version.
        if not text.startswith("[") and not ids <= region_ids(self._region) | self._book.marketplace_ids:
            raise ApiError(403, details="The marketplaces you provided are not valid for region")
        return ids


def _answer(payload: Wire) -> Response:
    return Response.json(200, {"payload": payload})


def _moment(parameters: Mapping[str, str], name: str) -> datetime:
    try:
        return moment_of(parameters[name])
    except ValueError:
        raise invalid_input(f"{name} must be a date in ISO 8601 format.") from None


def _values(parameters: Mapping[str, str], name: str, known: Mapping[str, str]) -> frozenset[str]:
    if name not in parameters:
        return frozenset()
    values = parameters[name].split(",")
    if unknown := sorted(set(values) - set(known)):
        raise invalid_input(f"{name} has an invalid value: {unknown[0]}")
    return frozenset(known[value] for value in values)


def _page_size(parameters: Mapping[str, str]) -> int:
    text = parameters.get("MaxResultsPerPage", str(MOST_RESULTS))
    size = int(text) if text.isascii() and text.isdigit() else 0
    if not 1 <= size <= MOST_RESULTS:
        raise invalid_input(f"MaxResultsPerPage must be between 1 and {MOST_RESULTS}.")
    return size


def _items_token(order_id: str, first: int) -> str:
    return base64.b64encode(f"{order_id}/{first}".encode()).decode()


def _position(token: str, order_id: str) -> int:
    try:
        told_id, _, first = base64.b64decode(token, validate=True).decode().rpartition("/")
        if told_id == order_id:
            return int(first)
    except ValueError:
        pass
    raise invalid_input("NextToken is invalid.")
