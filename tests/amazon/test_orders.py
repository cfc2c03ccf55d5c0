from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import parse_qs

import pytest

from adapter.amazon.auth import LwaTokens
from adapter.amazon.budget import Budget
from adapter.amazon.calls import Calls
from adapter.amazon.errors import (
    AccessDenied,
    AmazonUnavailable,
    BadAnswer,
    BadRequest,
    OrderNotFound,
    PageTokenExpired,
    Throttled,
)
from adapter.amazon.orders import OrdersClient
from adapter.amazon.page import Page, WireOrder
from adapter.amazon.query import SearchQuery
from adapter.errors import ConfigurationError, Refused, Unavailable
from adapter.http import HttpClient
from adapter.model.bucket import Bucket
from adapter.simulators.faults import Fault
from adapter.simulators.server import Request, Response, StandIn

QUERY = SearchQuery(updated_after=datetime(2026, 5, 1, tzinfo=UTC), included=("FULFILLMENT",))
ORDER_ID = "111-1111111-1111111"
ORDERS = "/orders/2026-01-01/orders"
EMPTY = Page((), None, datetime(2026, 5, 1, 9, 58, tzinfo=UTC))
HTML = b"<!DOCTYPE html><html><body>Bad Request</body></html>"
REQUEST_ID = ("x-amzn-RequestId", "b1-2c")


def errors(status: int, code: str, message: str, details: str | None = None) -> Response:
    error = {"code": code, "message": message} | ({} if details is None else {"details": details})
    return Response.json(status, {"errors": [error]}, REQUEST_ID)


def html(status: int) -> Response:
    return Response(status, HTML, (("Content-Type", "text/html"),))


@dataclass
class Amazon:
    """Login and orders at one address; gives the planned answers first, then an empty page or the order asked for."""

    planned: list[Response] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    logins: int = 0

    def handle(self, request: Request) -> Response:
        if request.method == "POST":
            self.logins += 1
            return Response.json(200, {"access_token": f"Atza|{self.logins}", "expires_in": 3600})
        self.requests.append(request)
        if self.planned:
            return self.planned.pop(0)
        if request.path == ORDERS:
            return Response.json(200, {"orders": [], "lastUpdatedBefore": "2026-05-01T09:58:00Z"})
        return Response.json(200, {"order": {"orderId": request.path.removeprefix(ORDERS + "/")}})

    def error(self, status: int) -> Response:
        return errors(status, "InternalFailure", "We encountered an internal error.")


@dataclass
class Store:
    buckets: dict[tuple[str, str], Bucket] = field(default_factory=dict)

    def load_bucket(self, seller: str, operation: str) -> Bucket | None:
        return self.buckets.get((seller, operation))

    def save_bucket(self, seller: str, operation: str, bucket: Bucket) -> None:
        self.buckets[seller, operation] = bucket

    def tokens(self, operation: str) -> float:
        return self.buckets["A1SELLER", operation].tokens


@pytest.fixture
def amazon():
    return Amazon()


@pytest.fixture
def stand_in(amazon):
    return StandIn(amazon)


@pytest.fixture
def store():
    return Store()


@pytest.fixture
def client(stand_in, store, transport_to, clock):
    http = HttpClient("https://amazon.example", transport=transport_to(stand_in))
    tokens = LwaTokens(http, "client", "secret", "refresh", clock.now, account="de")
    budget = Budget("A1SELLER", store, now=clock.now, monotonic=clock.monotonic)
    return OrdersClient(
        Calls(http, tokens, budget, account="de", user_agent="adapter/1 (Language=Python)", now=clock.now)
    )


def test_a_search_is_sent_as_the_model_says(client, amazon):
    assert client.search(QUERY, "t/1") == EMPTY
    (request,) = amazon.requests
    assert (request.method, request.path) == ("GET", ORDERS)
    assert parse_qs(request.query) == {
        "lastUpdatedAfter": ["2026-05-01T00:00:00Z"],
        "maxResultsPerPage": ["100"],
        "includedData": ["FULFILLMENT"],
        "paginationToken": ["t/1"],
    }
    sent = {"x-amz-access-token": "Atza|1", "x-amz-date": "20260501T100000Z", "host": "amazon.example"}
    assert {name: request.headers[name] for name in sent} == sent
    assert request.headers["user-agent"] == "adapter/1 (Language=Python)"


def test_orders_of_a_page_come_with_their_own_text(client, amazon):
    order = {"orderItems": [], "orderId": ORDER_ID, "lastUpdatedTime": "2026-05-01T09:00:00Z"}
    amazon.planned = [Response.json(200, {"orders": [order, {"orderItems": []}], "pagination": {"nextToken": "t2"}})]
    page = client.search(QUERY)
    kept = order | {"includedData": ["FULFILLMENT"]}
    assert page.orders == (
        WireOrder(
            ORDER_ID, datetime(2026, 5, 1, 9, tzinfo=UTC), json.dumps(kept, separators=(",", ":"), sort_keys=True)
        ),
    )
    assert (page.next_token, page.upper_bound) == ("t2", None)
    assert page.problems == ("account de: searchOrders: order 2 of 2 on the page has no usable orderId",)


def test_get_order(client, amazon):
    order = client.get_order(ORDER_ID, ("BUYER", "PROCEEDS"))
    assert order == WireOrder(ORDER_ID, None, f'{{"includedData":["BUYER","PROCEEDS"],"orderId":"{ORDER_ID}"}}')
    assert amazon.requests[0].target == f"{ORDERS}/{ORDER_ID}?includedData=BUYER,PROCEEDS"


def test_an_order_id_cannot_lead_elsewhere(client, amazon):
    with pytest.raises(BadAnswer):
        client.get_order("../../v0/orders?a=b")
    assert amazon.requests[0].target == f"{ORDERS}/..%2F..%2Fv0%2Forders%3Fa%3Db"


def test_an_unknown_data_set_is_not_sent(client, amazon):
    with pytest.raises(ConfigurationError, match="EVERYTHING"):
        client.get_order(ORDER_ID, ("EVERYTHING",))
    assert amazon.requests == []


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        (errors(400, "InvalidInput", "Invalid 'includedData'", "FULL"), BadRequest,
         "HTTP 400: InvalidInput: Invalid 'includedData' (FULL)) (request b1-2c)"),
        (errors(404, "NotFound", "Nothing here"), BadRequest, "Nothing here"),
        (errors(413, "RequestTooLarge", "Too large"), BadRequest, "Too large"),
        (html(400), BadRequest, "a web page without a reason"),
        (html(200), BadAnswer, "a web page came instead"),
        (html(404), BadAnswer, "a web page came instead"),
        (Response(200, b'{"orders": [{"orderId'), BadAnswer, "no complete JSON (21 bytes)"),
        (Response(200, b""), BadAnswer, "no complete JSON"),
        (Response(204), BadAnswer, "HTTP 204"),
        (Response.json(200, {"payload": {"Orders": []}}), BadAnswer, "no list of orders"),
    ],
    ids=["400", "404", "413", "400 page", "200 page", "404 page", "cut", "empty", "204", "another API"],
)  # fmt: skip
def test_answers_without_orders(client, amazon, answer, error, words):
    amazon.planned = [answer]
    with pytest.raises(error) as caught:
        client.search(QUERY)
    assert words in str(caught.value)
    assert str(caught.value).startswith("account de: searchOrders")
    assert isinstance(caught.value, ConfigurationError if error is BadRequest else Unavailable)
    assert len(amazon.requests) == 1


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (errors(404, "NotFound", "no such order"), OrderNotFound),
        (Response.json(200, {"order": {"orderId": "222-2222222-2222222"}}), BadAnswer),
        (Response.json(200, {"order": None}), BadAnswer),
        (Response.json(200, {"payload": {}}), BadAnswer),
    ],
    ids=["unknown", "another order", "none", "another API"],
)
def test_get_order_without_the_order(client, amazon, answer, error):
    amazon.planned = [answer]
    with pytest.raises(error, match=ORDER_ID) as caught:
        client.get_order(ORDER_ID)
    assert isinstance(caught.value, Refused) == (error is OrderNotFound)


def test_a_refused_page_token_starts_the_search_again(client, amazon):
    amazon.planned = [errors(400, "InvalidInput", "The pagination token has expired")]
    with pytest.raises(PageTokenExpired, match="has expired"):
        client.search(QUERY, "old")
    amazon.planned = [errors(400, "InvalidInput", "The pagination token has expired")]
    with pytest.raises(BadRequest):
        client.search(QUERY)


def test_a_refused_access_token_is_renewed_once(client, amazon):
    amazon.planned = [errors(403, "Unauthorized", "Access denied", "The access token you provided has expired.")]
    assert client.search(QUERY) == EMPTY
    assert [request.headers["x-amz-access-token"] for request in amazon.requests] == ["Atza|1", "Atza|2"]
    assert amazon.logins == 2


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (errors(403, "Unauthorized", "Access to requested resource is denied.", ""), AccessDenied),
        (errors(401, "Unauthorized", "no"), AccessDenied),
        (html(403), BadAnswer),
    ],
)
def test_lasting_refusals_are_for_a_person(client, amazon, answer, error):
    amazon.planned = [answer, answer]
    with pytest.raises(error, match="account de"):
        client.search(QUERY)
    assert (len(amazon.requests), amazon.logins) == (2, 2)


@pytest.mark.parametrize(
    ("fault", "calls"),
    [
        (Fault("status", path=ORDERS, status=500, times=1), 2),
        (Fault("status", path=ORDERS, status=503, times=2), 3),
        (Fault("html", path=ORDERS, status=502, times=2), 3),
        (Fault("lost", path=ORDERS, times=2), 3),
    ],
    ids=["500", "503 twice", "a proxy's 502 twice", "no answer twice"],
)
def test_a_passing_failure_is_repeated_within_the_budget(client, stand_in, store, fault, calls):
    stand_in.faults.add(fault)
    assert client.search(QUERY) == EMPTY
    assert store.tokens("searchOrders") == 20 - calls


@pytest.mark.parametrize("action", ["status", "lost", "html"])
def test_a_lasting_failure_is_left_to_the_next_run(client, stand_in, store, action):
    stand_in.faults.add(Fault(action, path=ORDERS, status=503, times=0))
    with pytest.raises(AmazonUnavailable, match="account de: searchOrders"):
        client.search(QUERY)
    assert store.tokens("searchOrders") == 17


def test_a_429_empties_the_budget_and_is_not_repeated(client, amazon):
    amazon.planned = [errors(429, "QuotaExceeded", "You exceeded your quota for the requested resource.")]
    for _ in range(2):
        with pytest.raises(Throttled) as caught:
            client.search(QUERY)
        assert caught.value.seconds == pytest.approx(1 / 0.0056 / 0.98 / 0.8)
    assert len(amazon.requests) == 1
    assert client.get_order(ORDER_ID).order_id == ORDER_ID


def test_without_a_token_nothing_is_sent(client, amazon, clock):
    for _ in range(20):
        client.search(QUERY)
    with pytest.raises(Throttled) as caught:
        client.search(QUERY)
    assert len(amazon.requests) == 20
    clock.advance(caught.value.seconds)
    assert client.search(QUERY) == EMPTY


def test_retries_end_with_the_budget_and_tell_their_own_reason(client, amazon, stand_in):
    for _ in range(18):
        client.search(QUERY)
    stand_in.faults.add(Fault("status", path=ORDERS, status=503, times=0))
    with pytest.raises(AmazonUnavailable, match="HTTP 503") as caught:
        client.search(QUERY)
    assert not isinstance(caught.value, Throttled)
    assert len([entry for entry in stand_in.log if entry.status == 503]) == 2


@pytest.mark.parametrize(("status", "rate"), [(200, 0.02), (400, 0.02), (404, 0.02), (429, 0.0056 * 0.8)])
def test_the_rate_in_force_is_adopted(client, amazon, store, status, rate):
    told = ("x-amzn-RateLimit-Limit", "0.02")
    amazon.planned = [Response.json(status, {"orders": []} if status == 200 else {"errors": []}, told)]
    try:
        client.search(QUERY)
    except (BadRequest, Throttled):
        assert status != 200
    assert store.buckets["A1SELLER", "searchOrders"].rate == pytest.approx(rate * 0.98)


def test_no_message_holds_a_token_or_a_long_text(client, amazon):
    amazon.planned = [errors(400, "InvalidInput", "Atza|secret-part is wrong\nLEVEL=ERROR " + "x" * 5000)]
    with pytest.raises(BadRequest) as caught:
        client.search(QUERY)
    text = str(caught.value)
    assert "secret-part" not in text
    assert "\n" not in text
    assert len(text) < 500
