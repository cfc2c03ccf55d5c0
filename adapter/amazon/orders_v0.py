"""The Orders API v0, deprecated: pages of orders without their lines, which are asked for order by order.

Amazon ends it on 2027-03-27. Source: SP-API model ordersV0; changelog, "Introducing the Orders API v2026-01-01".
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from adapter.amazon.calls import Calls, TokenSource
from adapter.amazon.errors import (
    AccessDenied,
    BadAnswer,
    OrderNotFound,
    PageTokenExpired,
    request_id,
    told,
)
from adapter.amazon.marketplaces import MARKETPLACES
from adapter.amazon.page import INCLUDED, Page, WireOrder, as_content, usable_id
from adapter.amazon.private import CUSTOMIZATION, TAX_REGISTRATIONS
from adapter.amazon.private_v0 import kept_item, kept_order
from adapter.amazon.query import SearchQuery, encoded
from adapter.amazon.restricted import ADDRESS, BUYER, BUYER_TAX, Refusals, Resource, RestrictedTokens
from adapter.amazon.times import read_old_time, write_time
from adapter.amazon.translate_v0 import CHANNELS, STATUSES
from adapter.http import Answer

VERSION = "orders/v0"
"""Names the form of an order's content in the ledger."""

LAST_DAY = date(2027, 3, 27)
"""Whoever reads by this version has to have moved on by then. Source: the changelog named above."""

ORDERS_PATH = "/orders/v0/orders"
GET_ORDERS = "v0.getOrders"
GET_ORDER = "v0.getOrder"
GET_ITEMS = "v0.getOrderItems"
GET_ADDRESS = "v0.getOrderAddress"
GET_ITEMS_BUYER = "v0.getOrderItemsBuyerInfo"

_TAX_COUNTRIES = {"BR", "IN", "MX"}  # where buyerInfo holds tax numbers
_TURKEY = "TR"  # the only country with buyerTaxInformation
_OLD_STATUS = {new: old for old, new in STATUSES.items()}
_OLD_CHANNEL = {new: old for old, new in CHANNELS.items()}
_KEPT_OF_ADDRESSES = ("BuyerCompanyName", "ShippingAddress", "DeliveryPreferences")  # the latter for RECIPIENT

_Json = dict[str, Any]


class OrdersV0Client:
    """Reads the orders of one seller account by the older version; a `reading.account.OrdersReader`.

    Args:
        region_marketplaces: ids to name where a search names none, for this version demands some.
        now: the wall clock, aware UTC.
        keep: what stays in the orders of the buyer's own texts and numbers, as `private` names them.
    """

    version = VERSION

    def __init__(
        self,
        calls: Calls,
        region_marketplaces: tuple[str, ...],
        now: Callable[[], datetime],
        keep: Collection[str] = (),
    ) -> None:
        self._calls = calls
        self._marketplaces = region_marketplaces
        self._countries = {facts.country for name in region_marketplaces if (facts := MARKETPLACES.get(name))}
        self._keep = frozenset(keep)
        self._now = now
        self._refusals = Refusals(calls.account, now)
        self._tokens: dict[tuple[Resource, ...], RestrictedTokens] = {}

    def search(self, query: SearchQuery, page_token: str | None = None) -> Page:
        """One page of orders, all of them `heads`: they have no lines yet.

        Args:
            page_token: `next_token` of the page before, with the same query.

        Raises:
            Throttled: no call is allowed now; nothing was sent unless Amazon answered 429.
            PageTokenExpired: search again from the first page.
            AccessDenied, BadRequest: a person has to correct something.
            AmazonUnavailable, BadAnswer: the next run repeats.
        """
        what = self._calls.what("getOrders")
        target = f"{ORDERS_PATH}?{encoded(self._parameters(query, page_token))}"
        answer = self._send(GET_ORDERS, target, what, query.included)
        if answer.status == 400 and page_token is not None and not answer.is_html:
            raise PageTokenExpired(
                f"{what}: Amazon no longer accepts the page token: {told(answer) or 'HTTP 400'}{request_id(answer)}"
            )
        payload = self._payload(answer, what)
        elements = payload.get("Orders")
        if not isinstance(elements, list):
            raise BadAnswer(f"{what}: the answer has no list of orders")
        heads, problems = [], [*self._refusals.problems()]
        for number, element in enumerate(elements, start=1):
            head = self._head(element, query.included)
            if head is None:
                problems.append(f"{what}: order {number} of {len(elements)} on the page has no usable AmazonOrderId")
            else:
                heads.append(head)
        bound = read_old_time(payload.get("LastUpdatedBefore")) or read_old_time(payload.get("CreatedBefore"))
        return Page((), _next_token(payload, what), bound, tuple(problems), tuple(heads))

    def get_order(self, order_id: str, included: tuple[str, ...] = (), head: str | None = None) -> WireOrder:
        """One order with its lines.

        Args:
            included: as for v2026-01-01; decides here what of the buyer is asked for and kept.
            head: what a page told of the order.

        Raises:
            OrderNotFound: Amazon does not know it.
            BadAnswer: also where it comes without lines, as Amazon has told orders for a day; to be asked again.
            Throttled, AccessDenied, BadRequest, AmazonUnavailable: as `search`.
        """
        order = {} if head is None else json.loads(head)
        # A page may have been asked for less, before the mapping came to need more.
        if head is None or set(included) - set(order.pop(INCLUDED, included)):
            order = self._order(order_id, included)
        content: _Json = {
            "Order": order,
            "OrderItems": self._items(order_id, order),
            INCLUDED: sorted(included),
        }
        if "BUYER" in included and _is_true(order.get("IsBusinessOrder")):
            content["Address"] = self._company(order_id, included)
        return WireOrder(order_id, read_old_time(order.get("LastUpdateDate")), as_content(content))

    # -------------------- the single calls

    def _order(self, order_id: str, included: tuple[str, ...]) -> _Json:
        what = self._calls.what("getOrder", order_id)
        path = f"{ORDERS_PATH}/{quote(order_id, safe='')}"
        payload = self._found(self._send(GET_ORDER, path, what, included), what)
        if usable_id(payload.get("AmazonOrderId")) != order_id:
            raise BadAnswer(f"{what}: the answer holds no order with this id")
        return kept_order(payload, included, self._keep)

    def _items(self, order_id: str, order: Mapping[str, Any]) -> list[Any]:
        path = f"{ORDERS_PATH}/{quote(order_id, safe='')}/orderItems"
        items = list(self._all_items(GET_ITEMS, path, self._calls.what("getOrderItems", order_id), None))
        if not items and order.get("OrderStatus") != "Canceled":
            # Source: amzn/selling-partner-api-docs issue 979: all orders of a shop had no lines for a day.
            raise BadAnswer(
                f"{self._calls.what('getOrderItems', order_id)}: Amazon gives no lines; they are asked for again later"
            )
        if any(isinstance(item, dict) and self._is_untold(item) for item in items):
            self._add_buyers(order_id, path, items)
        return [kept_item(item, self._keep) for item in items]

    def _is_untold(self, item: Mapping[str, Any]) -> bool:
        """Whether there may be more to a line that is told only as a buyer's data.

        That is what the gift wrap costs, a part of the total; or, where it is wanted, how the product is customized.
        """
        told_already = item["BuyerInfo"] if isinstance(item.get("BuyerInfo"), dict) else {}
        wrapped = _is_true(item.get("IsGift")) and "GiftWrapPrice" not in told_already
        return wrapped or (CUSTOMIZATION in self._keep and "BuyerCustomizedInfo" not in told_already)

    def _add_buyers(self, order_id: str, path: str, items: list[Any]) -> None:
        """What is told of the lines as a buyer's data."""
        tokens = self._source(Resource(f"{ORDERS_PATH}/{{orderId}}/orderItems/buyerInfo", (BUYER,), named=False))
        if not tokens.granted():
            return
        what = self._calls.what("getOrderItemsBuyerInfo", order_id)
        try:
            found = list(self._all_items(GET_ITEMS_BUYER, f"{path}/buyerInfo", what, tokens))
        except AccessDenied:
            tokens.refuse()
            return
        by_id = {str(item.get("OrderItemId")): item for item in found if isinstance(item, dict)}
        for item in items:
            if isinstance(item, dict) and (more := by_id.get(str(item.get("OrderItemId")))):
                item["BuyerInfo"] = more

    def _all_items(self, operation: str, path: str, what: str, tokens: TokenSource | None) -> Iterable[Any]:
        token: str | None = None
        given: set[str] = set()
        while True:
            target = path if token is None else f"{path}?{encoded((('NextToken', token),))}"
            payload = self._found(self._calls.send(operation, "GET", target, what, tokens=tokens), what)
            elements = payload.get("OrderItems")
            if elements is not None and not isinstance(elements, list):
                raise BadAnswer(f"{what}: the answer has no list of lines")
            yield from elements or ()
            token = _next_token(payload, what)
            if token is None:
                return
            if token in given:
                raise BadAnswer(f"{what}: Amazon repeats its pages")
            given.add(token)

    def _company(self, order_id: str, included: tuple[str, ...]) -> _Json:
        """The company of a business order, which only getOrderAddress tells."""
        tokens = self._source(Resource(f"{ORDERS_PATH}/{{orderId}}/address", (ADDRESS,), named=False))
        if not tokens.granted():
            return {}
        what = self._calls.what("getOrderAddress", order_id)
        path = f"{ORDERS_PATH}/{quote(order_id, safe='')}/address"
        try:
            payload = self._found(self._calls.send(GET_ADDRESS, "GET", path, what, tokens=tokens), what)
        except AccessDenied:
            tokens.refuse()
            return {}
        fields = _KEPT_OF_ADDRESSES if "RECIPIENT" in included else _KEPT_OF_ADDRESSES[:1]
        return {name: payload[name] for name in fields if name in payload}

    # -------------------- parts of a call

    def _parameters(self, query: SearchQuery, page_token: str | None) -> tuple[tuple[str, str], ...]:
        """The same for every page but for the token.

        Source: amzn/selling-partner-api-models issue 5048: pages without the filters of the first are not complete.
        """
        after, family = query.updated_after, "LastUpdated"
        if query.created_after is not None:
            after, family = query.created_after, "Created"
        pairs = (
            (f"{family}After", write_time(after) if after else ""),
            (f"{family}Before", write_time(query.before) if query.before else ""),
            ("OrderStatuses", ",".join(_OLD_STATUS[status] for status in query.statuses)),
            ("MarketplaceIds", ",".join(query.marketplace_ids or self._marketplaces)),
            ("FulfillmentChannels", ",".join(_OLD_CHANNEL[name] for name in query.fulfilled_by)),
            ("MaxResultsPerPage", str(query.page_size)),
            ("NextToken", page_token or ""),
        )
        return tuple((name, value) for name, value in pairs if value)

    def _send(self, operation: str, target: str, what: str, included: tuple[str, ...]) -> Answer:
        """A call that tells of the buyer what is asked for and granted."""
        tokens = self._buyer_tokens(included)
        if tokens is None:
            return self._calls.send(operation, "GET", target, what)
        try:
            return self._calls.send(operation, "GET", target, what, tokens=tokens)
        except AccessDenied:
            answer = self._calls.send(operation, "GET", target, what)
            tokens.refuse()  # with the seller's own token it works, so it is the buyer's data that is refused
            return answer

    def _buyer_tokens(self, included: tuple[str, ...]) -> RestrictedTokens | None:
        """The token with which orders tell what is asked for of the buyer; None where the seller's own will do."""
        elements = []
        tax_numbers = TAX_REGISTRATIONS in self._keep
        if "BUYER" in included or (tax_numbers and self._countries & _TAX_COUNTRIES):
            elements.append(BUYER)
        if tax_numbers and _TURKEY in self._countries:
            elements.append(BUYER_TAX)
        if "RECIPIENT" in included:
            elements.append(ADDRESS)
        if not elements:
            return None
        paths = (ORDERS_PATH, f"{ORDERS_PATH}/{{orderId}}")
        tokens = self._source(*(Resource(path, tuple(elements)) for path in paths))
        return tokens if tokens.granted() else None

    def _source(self, *resources: Resource) -> RestrictedTokens:
        made = RestrictedTokens(self._calls, resources, self._refusals, self._now)
        return self._tokens.setdefault(resources, made)

    def _head(self, element: object, included: tuple[str, ...]) -> WireOrder | None:
        order_id = usable_id(element.get("AmazonOrderId")) if isinstance(element, dict) else None
        if order_id is None or not isinstance(element, dict):
            return None
        content = as_content({**kept_order(element, included, self._keep), INCLUDED: sorted(included)})
        return WireOrder(order_id, read_old_time(element.get("LastUpdateDate")), content)

    def _found(self, answer: Answer, what: str) -> _Json:
        if answer.status == 404 and not answer.is_html:
            raise OrderNotFound(f"{what}: Amazon knows no such order of this seller{request_id(answer)}")
        return self._payload(answer, what)

    def _payload(self, answer: Answer, what: str) -> _Json:
        payload = self._calls.data(answer, what).get("payload")
        if not isinstance(payload, dict):
            raise BadAnswer(f"{what}: the answer has no payload{request_id(answer)}")
        return payload


def _is_true(flag: object) -> bool:
    """Flags come as booleans and as texts."""
    return str(flag).lower() == "true"


def _next_token(payload: Mapping[str, Any], what: str) -> str | None:
    token = payload.get("NextToken")
    if token is not None and not isinstance(token, str):
        # Taking this for the last page would move the cursor over orders that were never seen.
        raise BadAnswer(f"{what}: the token of the next page is no text")
    return token or None
