"""Calls of the Orders API 2026-01-01: each within its budget, each failure named by what happens next."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from urllib.parse import quote

import stamina

from adapter.amazon.auth import LwaTokens
from adapter.amazon.budget import Budget
from adapter.amazon.errors import (
    AccessDenied,
    AmazonUnavailable,
    BadAnswer,
    BadRequest,
    OrderNotFound,
    PageTokenExpired,
    Throttled,
    request_id,
    told,
)
from adapter.amazon.page import Page, WireOrder, decoded, order_id_of, read_page, wire_order
from adapter.amazon.query import DATA_SETS, SearchQuery, encoded, request_headers
from adapter.errors import ConfigurationError
from adapter.http import MEGABYTE, Answer, HttpClient, NoAnswer, NotSent

ORDERS_PATH = "/orders/2026-01-01/orders"
SEARCH_ORDERS = "searchOrders"
GET_ORDER = "getOrder"
_LIMIT = 16 * MEGABYTE
_ATTEMPTS = 3


class SellerClient:
    """One seller account in one region; may be used by several threads, whose calls then queue.

    Args:
        http: a connection to the region's endpoint.
        seller_id: Amazon's merchant id.
        account: our name of the seller account, for messages.
        user_agent: as `query.user_agent` makes it.
        now: the wall clock, aware UTC.
    """

    def __init__(
        self,
        http: HttpClient,
        tokens: LwaTokens,
        budget: Budget,
        *,
        seller_id: str,
        account: str,
        user_agent: str,
        now: Callable[[], datetime],
    ) -> None:
        self._http = http
        self._tokens = tokens
        self._budget = budget
        self.seller_id = seller_id
        self.account = account
        self._user_agent = user_agent
        self._now = now

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
        what = f"account {self.account}: {SEARCH_ORDERS}"
        answer = self._call(SEARCH_ORDERS, f"{ORDERS_PATH}?{query.text(page_token)}", what)
        if answer.status == 400 and page_token is not None and not answer.is_html:
            # The same query was accepted without the token. Should it be at fault after all, the first page will tell.
            raise PageTokenExpired(
                f"{what}: Amazon no longer accepts the page token: {told(answer) or 'HTTP 400'}{request_id(answer)}"
            )
        self._demand_success(answer, what)
        return read_page(decoded(answer.body, what), what)

    def get_order(self, order_id: str, included: tuple[str, ...] = ()) -> WireOrder:
        """One order by its id.

        Args:
            included: data sets beyond the bare order, of `query.DATA_SETS`.

        Raises:
            OrderNotFound: Amazon does not know it.
            Throttled, AccessDenied, BadRequest, AmazonUnavailable, BadAnswer: as `search`.
        """
        if unknown := [name for name in included if name not in DATA_SETS]:
            raise ConfigurationError(f"{', '.join(unknown)}: no data set; Amazon knows {', '.join(DATA_SETS)}")
        what = f"account {self.account}: {GET_ORDER} {order_id}"
        target = f"{ORDERS_PATH}/{quote(order_id, safe='')}"
        if included:
            target += "?" + encoded((("includedData", ",".join(included)),))
        answer = self._call(GET_ORDER, target, what)
        if answer.status == 404 and not answer.is_html:
            raise OrderNotFound(f"{what}: Amazon knows no such order of this seller{request_id(answer)}")
        self._demand_success(answer, what)
        order = decoded(answer.body, what).get("order")
        wire = wire_order(order)
        if wire is None or order_id_of(order) != order_id:
            raise BadAnswer(f"{what}: the answer holds no order with this id")
        return wire

    def _call(self, operation: str, target: str, what: str) -> Answer:
        """An answer below 500 that is neither 403 nor 429; the rest has become an error, some after retries."""
        failed: AmazonUnavailable | None = None
        for attempt in stamina.retry_context(
            on=_Passing, attempts=_ATTEMPTS, wait_initial=1.0, wait_max=8.0, timeout=120.0
        ):
            with attempt:
                try:
                    return self._authorised(operation, target, what)
                except Throttled:
                    if failed is None:
                        raise
                    # The budget is used up by the retries: what they were for says more.
                    raise AmazonUnavailable(str(failed)) from failed
                except _Passing as problem:
                    failed = problem
                    raise
        raise AssertionError("stamina ends with a result or an error")

    def _authorised(self, operation: str, target: str, what: str) -> Answer:
        token = self._tokens.token()
        answer = self._once(operation, target, what, token)
        if answer.status not in {401, 403}:
            return answer
        answer = self._once(operation, target, what, self._tokens.renew(token))
        if answer.status not in {401, 403}:
            return answer
        if answer.is_html:
            raise BadAnswer(f"{what}: a web page came instead of an answer (HTTP {answer.status}); is a proxy between?")
        raise AccessDenied(
            f"{what}: Amazon refuses access ({told(answer) or f'HTTP {answer.status}'}){request_id(answer)}: check "
            "that the seller's authorisation of the application is still valid and is for this region, and that the "
            "application has a role that may read orders"
        )

    def _once(self, operation: str, target: str, what: str, token: str) -> Answer:
        if seconds := self._budget.take(operation):
            raise Throttled(f"{what}: the budget of calls is used up; the next one in {seconds:.0f} s", seconds)
        headers = request_headers(token, self._user_agent, self._now())
        try:
            answer = self._http.send("GET", target, headers=headers, limit=_LIMIT)
        except (NotSent, NoAnswer) as problem:
            raise _Passing(f"{what}: {problem}") from problem
        if answer.status == 429:
            seconds = self._budget.drained(operation)
            raise Throttled(f"{what}: Amazon allows no more calls (429); the next one in {seconds:.0f} s", seconds)
        self._budget.correct(operation, answer.headers.get("x-amzn-ratelimit-limit"))
        if answer.status >= 500:
            words = told(answer) or "no reason given"
            raise _Passing(f"{what}: Amazon is unavailable (HTTP {answer.status}: {words}){request_id(answer)}")
        return answer

    def _demand_success(self, answer: Answer, what: str) -> None:
        if answer.status == 200 and not answer.is_html:
            return
        if answer.is_html and answer.status != 400:
            raise BadAnswer(f"{what}: a web page came instead of an answer (HTTP {answer.status}); is a proxy between?")
        if 400 <= answer.status < 500:
            # A web server in front of the API refuses malformed requests with a page. Source: SP-API changelog,
            # "API request validation for 400 errors with HTML response".
            words = told(answer) or "a web page without a reason"
            raise BadRequest(f"{what}: Amazon refuses the request (HTTP {answer.status}: {words}){request_id(answer)}")
        raise BadAnswer(f"{what}: HTTP {answer.status} is no answer of this API{request_id(answer)}")


class _Passing(AmazonUnavailable):
    """May be over in a moment: worth another attempt."""
