"""The Orders API 2026-01-01: complete orders, a hundred on a page."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from urllib.parse import quote

from adapter.amazon.calls import Calls
from adapter.amazon.errors import BadAnswer, OrderNotFound, PageTokenExpired, request_id, told
from adapter.amazon.page import INCLUDED, Page, WireOrder, order_id_of, read_page, wire_order
from adapter.amazon.private import without_private
from adapter.amazon.query import DATA_SETS, SearchQuery, encoded
from adapter.errors import ConfigurationError

VERSION = "orders/2026-01-01"
"""Names the form of an order's content in the ledger."""

ORDERS_PATH = "/orders/2026-01-01/orders"
SEARCH_ORDERS = "searchOrders"
GET_ORDER = "getOrder"


class OrdersClient:
    """Reads the orders of one seller account.

    Args:
        keep: what stays in the orders of the buyer's own texts and numbers, as `private` names them.
    """

    version = VERSION

    def __init__(self, calls: Calls, keep: Collection[str] = ()) -> None:
        self._calls = calls
        self._keep = frozenset(keep)

    def search(self, query: SearchQuery, page_token: str | None = None) -> Page:
        """One page of orders, complete ones, in Amazon's order.

        Args:
            page_token: `next_token` of the page before, with the same query.

        Raises:
            Throttled: no call is allowed now; nothing was sent unless Amazon answered 429.
            PageTokenExpired: search again from the first page.
            AccessDenied, BadRequest: a person has to correct something.
            AmazonUnavailable, BadAnswer: the next run repeats.
        """
        what = self._calls.what(SEARCH_ORDERS)
        answer = self._calls.send(SEARCH_ORDERS, "GET", f"{ORDERS_PATH}?{query.text(page_token)}", what)
        if answer.status == 400 and page_token is not None and not answer.is_html:
            # The same query was accepted without the token. Should it be at fault after all, the first page will tell.
            raise PageTokenExpired(
                f"{what}: Amazon no longer accepts the page token: {told(answer) or 'HTTP 400'}{request_id(answer)}"
            )
        data = self._calls.data(answer, what)
        if isinstance(data.get("orders"), list):
            data["orders"] = [self._kept(order, query.included) for order in data["orders"]]
        return read_page(data, what)

    def get_order(self, order_id: str, included: tuple[str, ...] = (), head: str | None = None) -> WireOrder:
        """One order by its id.

        Args:
            included: data sets beyond the bare order, of `query.DATA_SETS`.
            head: not needed here, a page of this version tells orders in full.

        Raises:
            OrderNotFound: Amazon does not know it.
            Throttled, AccessDenied, BadRequest, AmazonUnavailable, BadAnswer: as `search`.
        """
        if unknown := [name for name in included if name not in DATA_SETS]:
            raise ConfigurationError(f"{', '.join(unknown)}: no data set; Amazon knows {', '.join(DATA_SETS)}")
        del head
        what = self._calls.what(GET_ORDER, order_id)
        target = f"{ORDERS_PATH}/{quote(order_id, safe='')}"
        if included:
            target += "?" + encoded((("includedData", ",".join(included)),))
        answer = self._calls.send(GET_ORDER, "GET", target, what)
        if answer.status == 404 and not answer.is_html:
            raise OrderNotFound(f"{what}: Amazon knows no such order of this seller{request_id(answer)}")
        order = self._kept(self._calls.data(answer, what).get("order"), included)
        wire = wire_order(order)
        if wire is None or order_id_of(order) != order_id:
            raise BadAnswer(f"{what}: the answer holds no order with this id")
        return wire

    def _kept(self, order: object, included: tuple[str, ...]) -> object:
        """What is kept of an order: nothing of the buyer's that nobody needs, and a note of what was asked for."""
        if not isinstance(order, Mapping):
            return order
        return {**without_private(order, self._keep), INCLUDED: sorted(included)}
