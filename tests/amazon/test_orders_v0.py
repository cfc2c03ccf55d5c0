"""The client of the older Orders API: what it asks, what it keeps, and what it makes of refusals."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft4Validator

from adapter.amazon.auth import LwaTokens
from adapter.amazon.budget import LIMITS, Budget, Limit
from adapter.amazon.calls import Calls
from adapter.amazon.errors import (
    AccessDenied,
    BadAnswer,
    BadRequest,
    OrderNotFound,
    PageTokenExpired,
    Throttled,
)
from adapter.amazon.orders_v0 import OrdersV0Client
from adapter.amazon.page import INCLUDED
from adapter.amazon.private import CUSTOMIZATION, GIFT_MESSAGE, TAX_REGISTRATIONS
from adapter.amazon.query import SearchQuery
from adapter.errors import AdapterError
from adapter.http import HttpClient
from adapter.model.bucket import Bucket
from adapter.simulators.server import Request, Response, StandIn

MODEL = Path(__file__).parents[2].parent / "shared" / "spapi" / "models" / "ordersV0.json"
TOKENS = "/tokens/2021-03-01/restrictedDataToken"
ORDERS = "/orders/v0/orders"
ID = "302-1234567-1234567"
GERMANY, TURKEY = "A1PA6795UKMFR9", "A33AVAJ2PDY3EV"
PLAIN = ("PROCEEDS", "FULFILLMENT", "TAX", "CANCELLATION")
PEOPLE = (*PLAIN, "BUYER", "RECIPIENT")
SINCE = datetime(2026, 5, 1, tzinfo=UTC)
QUERY = SearchQuery(updated_after=SINCE, included=PLAIN)
ORDER = {
    "AmazonOrderId": ID,
    "LastUpdateDate": "2026-05-01T08:00:00Z",
    "OrderStatus": "Unshipped",
    "BuyerInfo": {"BuyerEmail": "x@marketplace.amazon.de"},
    "ShippingAddress": {"City": "Kyiv"},
    "PaymentMethod": "Other",
}
ITEM = {"OrderItemId": "1", "QuantityOrdered": 1, "IsGift": "false"}


def refusal(status: int, code: str = "InvalidInput", details: str = "") -> Response:
    return Response.json(status, {"errors": [{"code": code, "message": "No", "details": details}]})


def no_role(*elements: str) -> Response:
    words = "Application does not have access to one or more requested data elements: "
    return refusal(400, "InvalidRequest", f"{words}[{', '.join(elements)}]")


@dataclass
class Amazon:
    """Gives the answers planned for a path, then a usual one."""

    planned: dict[str, list[Response]] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    tokens: int = 0

    def handle(self, request: Request) -> Response:
        if request.path == "/auth/o2/token":
            return Response.json(200, {"access_token": "Atza|seller", "expires_in": 3600})
        self.requests.append(request)
        if waiting := self.planned.get(request.path):
            return waiting.pop(0)
        if request.path == TOKENS:
            self.tokens += 1
            return Response.json(200, {"restrictedDataToken": f"Atz.sprdt|{self.tokens}", "expiresIn": 3600})
        name = request.path.rpartition("/")[2]
        payload: dict[str, Any] = {
            "orders": {"Orders": [ORDER], "LastUpdatedBefore": "2026-05-01T09:58:00Z"},
            "orderItems": {"AmazonOrderId": ID, "OrderItems": [ITEM]},
            "buyerInfo": {"AmazonOrderId": ID, "OrderItems": []},
            "address": {"AmazonOrderId": ID, "BuyerCompanyName": "Novák s.r.o.", "ShippingAddress": {"City": "Kyiv"}},
        }.get(name, ORDER)
        return Response.json(200, {"payload": payload})

    def error(self, status: int) -> Response:
        return refusal(status)

    def plan(self, path: str, *payloads: Any) -> None:
        """Answers for a path: payloads, or whole responses."""
        self.planned[path] = [
            answer if isinstance(answer, Response) else Response.json(200, {"payload": answer}) for answer in payloads
        ]

    def asked(self, path: str) -> list[Request]:
        return [request for request in self.requests if request.path == path]

    def bodies(self) -> list[Any]:
        return [json.loads(request.body)["restrictedResources"] for request in self.asked(TOKENS)]


class Store(dict[tuple[str, str], Bucket]):
    def load_bucket(self, seller: str, operation: str) -> Bucket | None:
        return self.get((seller, operation))

    def save_bucket(self, seller: str, operation: str, bucket: Bucket) -> None:
        self[seller, operation] = bucket


@pytest.fixture
def amazon():
    return Amazon()


@pytest.fixture
def client_for(amazon, transport_to, clock) -> Callable[..., OrdersV0Client]:
    def client_for(*marketplaces: str, limits=LIMITS, keep=()) -> OrdersV0Client:
        http = HttpClient("https://amazon.example", transport=transport_to(StandIn(amazon)))
        tokens = LwaTokens(http, "client", "secret", "refresh", clock.now, account="de")
        budget = Budget("A1SELLER", Store(), now=clock.now, monotonic=clock.monotonic, limits=limits)
        calls = Calls(http, tokens, budget, account="de", user_agent="adapter/1 (Language=Python)", now=clock.now)
        return OrdersV0Client(calls, marketplaces or (GERMANY,), clock.now, keep)

    return client_for


@pytest.fixture
def client(client_for):
    return client_for()


def token_of(request: Request) -> str:
    return request.headers["x-amz-access-token"]


# -------------------- pages


def test_a_search_is_sent_as_the_model_says(client, amazon):
    query = SearchQuery(
        created_after=SINCE,
        before=datetime(2026, 5, 1, 9, tzinfo=UTC),
        marketplace_ids=("A13V1IB3VIYZZH", GERMANY),
        statuses=("UNSHIPPED", "CANCELLED"),
        fulfilled_by=("AMAZON",),
        page_size=50,
    )
    amazon.plan(ORDERS, {"Orders": [], "NextToken": "a+b/c=="}, {"Orders": []})
    assert client.search(query).next_token == "a+b/c=="
    client.search(query, "a+b/c==")
    first, second = amazon.requests
    asked = {
        "CreatedAfter": ["2026-05-01T00:00:00Z"],
        "CreatedBefore": ["2026-05-01T09:00:00Z"],
        "OrderStatuses": ["Unshipped,Canceled"],
        "MarketplaceIds": ["A13V1IB3VIYZZH,A1PA6795UKMFR9"],
        "FulfillmentChannels": ["AFN"],
        "MaxResultsPerPage": ["50"],
    }
    assert parse_qs(first.query, strict_parsing=True) == asked
    assert parse_qs(second.query, strict_parsing=True) == asked | {"NextToken": ["a+b/c=="]}
    assert "+" not in second.query
    if MODEL.is_file():
        parameters = json.loads(MODEL.read_text())["paths"][ORDERS]["get"]["parameters"]
        assert set(asked) < {parameter["name"] for parameter in parameters}
        assert {parameter["name"] for parameter in parameters if parameter["required"]} <= set(asked)


def test_all_marketplaces_of_the_region_where_none_is_chosen(client_for, amazon):
    client_for("A13V1IB3VIYZZH", GERMANY).search(QUERY)
    assert parse_qs(amazon.requests[0].query)["MarketplaceIds"] == ["A13V1IB3VIYZZH,A1PA6795UKMFR9"]


def test_a_page_tells_heads_only(client):
    page = client.search(QUERY)
    assert (page.orders, page.next_token, page.problems) == ((), None, ())
    assert page.upper_bound == datetime(2026, 5, 1, 9, 58, tzinfo=UTC)
    (head,) = page.heads
    assert (head.order_id, head.updated_at) == (ID, datetime(2026, 5, 1, 8, tzinfo=UTC))
    assert json.loads(head.content) == {
        name: ORDER[name] for name in ("AmazonOrderId", "LastUpdateDate", "OrderStatus")
    } | {INCLUDED: sorted(PLAIN)}


def test_a_bound_in_seconds_is_understood(client, amazon):
    amazon.plan(ORDERS, {"Orders": [], "CreatedBefore": "1.569521782042E9"})
    assert client.search(QUERY).upper_bound == datetime(2019, 9, 26, 18, 16, 22, 42_000, tzinfo=UTC)


def test_what_is_no_order_is_reported_and_costs_only_itself(client, amazon):
    amazon.plan(ORDERS, {"Orders": [5, {"AmazonOrderId": None}, ORDER]})
    page = client.search(QUERY)
    assert [head.order_id for head in page.heads] == [ID]
    assert [problem.split(":")[2].strip() for problem in page.problems] == [
        "order 1 of 3 on the page has no usable AmazonOrderId",
        "order 2 of 3 on the page has no usable AmazonOrderId",
    ]


@pytest.mark.parametrize("payload", [None, [], {"Orders": None}, {"Orders": [], "NextToken": 5}])
def test_pages_that_are_none(client, amazon, payload):
    amazon.plan(ORDERS, payload)
    with pytest.raises(BadAnswer):
        client.search(QUERY)


def test_refusals_of_a_page(client, amazon):
    amazon.plan(ORDERS, refusal(400), refusal(400))
    with pytest.raises(BadRequest):
        client.search(QUERY)
    with pytest.raises(PageTokenExpired):
        client.search(QUERY, "token")


# -------------------- orders


def test_an_order_of_a_page_costs_one_call(client, amazon):
    (head,) = client.search(QUERY).heads
    order = client.get_order(ID, PLAIN, head.content)
    told = {name: value for name, value in json.loads(head.content).items() if name != INCLUDED}
    assert json.loads(order.content) == {"Order": told, "OrderItems": [ITEM], INCLUDED: sorted(PLAIN)}
    assert (order.order_id, order.updated_at) == (ID, head.updated_at)
    assert [request.path for request in amazon.requests] == [ORDERS, f"{ORDERS}/{ID}/orderItems"]
    assert {token_of(request) for request in amazon.requests} == {"Atza|seller"}


def test_an_order_of_a_page_that_was_asked_for_less_is_asked_for_anew(client, amazon):
    (head,) = client.search(QUERY).heads
    content = json.loads(client.get_order(ID, PEOPLE, head.content).content)
    assert content["Order"]["BuyerInfo"] == ORDER["BuyerInfo"]
    assert content[INCLUDED] == sorted(PEOPLE)
    assert [request.path for request in amazon.requests if request.path != TOKENS] == [
        ORDERS,
        f"{ORDERS}/{ID}",
        f"{ORDERS}/{ID}/orderItems",
    ]


def test_an_order_without_a_page_costs_two(client, amazon):
    order = client.get_order(ID, (*PLAIN, "PAYMENT"))
    assert json.loads(order.content)["Order"]["PaymentMethod"] == "Other"
    assert [request.path for request in amazon.requests] == [f"{ORDERS}/{ID}", f"{ORDERS}/{ID}/orderItems"]


def test_lines_of_all_pages(client, amazon):
    path = f"{ORDERS}/{ID}/orderItems"
    amazon.plan(path, {"OrderItems": [ITEM], "NextToken": "1+1"}, {"OrderItems": [ITEM | {"OrderItemId": "2"}]})
    content = json.loads(client.get_order(ID, PLAIN).content)
    assert [item["OrderItemId"] for item in content["OrderItems"]] == ["1", "2"]
    assert parse_qs(amazon.asked(path)[1].query) == {"NextToken": ["1+1"]}


def test_lines_that_turn_in_a_circle(client, amazon):
    page = {"OrderItems": [ITEM], "NextToken": "again"}
    amazon.plan(f"{ORDERS}/{ID}/orderItems", page, page)
    with pytest.raises(BadAnswer, match="repeats its pages"):
        client.get_order(ID, PLAIN)


@pytest.mark.parametrize("items", [None, []])
def test_an_order_without_lines_is_asked_for_again(client, amazon, items):
    """Source: amzn/selling-partner-api-docs issue 979."""
    amazon.plan(f"{ORDERS}/{ID}/orderItems", {"OrderItems": items}, {"OrderItems": items})
    with pytest.raises(BadAnswer, match="no lines"):
        client.get_order(ID, PLAIN)
    cancelled = json.dumps(ORDER | {"OrderStatus": "Canceled"})
    assert json.loads(client.get_order(ID, PLAIN, cancelled).content)["OrderItems"] == []


def test_an_order_that_is_not_there(client, amazon):
    amazon.plan(f"{ORDERS}/{ID}", refusal(404))
    with pytest.raises(OrderNotFound):
        client.get_order(ID, PLAIN)
    amazon.plan(f"{ORDERS}/{ID}", {"AmazonOrderId": "302-0000000-0000000"})
    with pytest.raises(BadAnswer, match="no order with this id"):
        client.get_order(ID, PLAIN)


def test_each_operation_has_its_own_budget(client_for, amazon):
    client = client_for(limits=dict(LIMITS) | {"v0.getOrderItems": Limit(0.5, 1)})
    client.get_order(ID, PLAIN, json.dumps(ORDER))
    with pytest.raises(Throttled):
        client.get_order(ID, PLAIN, json.dumps(ORDER))
    client.search(QUERY)


# -------------------- the buyer


def test_buyers_are_told_to_a_restricted_token_only(client_for, amazon, clock):
    client = client_for(GERMANY, TURKEY, keep=[TAX_REGISTRATIONS])
    query = SearchQuery(updated_after=SINCE, included=PEOPLE)
    (head,) = client.search(query).heads
    assert json.loads(head.content)["ShippingAddress"] == {"City": "Kyiv"}
    client.get_order(ID, PEOPLE)
    clock.advance(50 * 60)
    client.search(query)
    elements = ["buyerInfo", "buyerTaxInformation", "shippingAddress"]
    assert amazon.bodies() == [
        [
            {"method": "GET", "path": ORDERS, "dataElements": elements},
            {"method": "GET", "path": f"{ORDERS}/{{orderId}}", "dataElements": elements},
        ]
    ]
    clock.advance(6 * 60)
    client.search(query)
    assert [token_of(request) for request in amazon.asked(ORDERS)] == ["Atz.sprdt|1", "Atz.sprdt|1", "Atz.sprdt|2"]
    assert {token_of(request) for request in amazon.asked(f"{ORDERS}/{ID}/orderItems")} == {"Atza|seller"}
    assert {token_of(request) for request in amazon.asked(TOKENS)} == {"Atza|seller"}


def test_requests_for_tokens_are_as_the_model_says(client, amazon):
    file = MODEL.with_name("tokens_2021-03-01.json")
    if not file.is_file():
        pytest.skip("Amazon's model tokens_2021-03-01.json is not beside the checkout")
    definitions = json.loads(file.read_text())["definitions"]
    check = Draft4Validator({"$ref": "#/definitions/CreateRestrictedDataTokenRequest", "definitions": definitions})
    amazon.plan(f"{ORDERS}/{ID}/orderItems", {"OrderItems": [ITEM | {"IsGift": "true"}]})
    client.get_order(ID, PEOPLE, json.dumps(ORDER | {"IsBusinessOrder": True}))
    client.search(SearchQuery(updated_after=SINCE, included=PEOPLE))
    assert len(amazon.asked(TOKENS)) == 3
    for request in amazon.asked(TOKENS):
        assert request.method == "POST"
        check.validate(json.loads(request.body))


def test_only_what_is_asked_for(client, amazon):
    (head,) = client.search(SearchQuery(updated_after=SINCE, included=(*PLAIN, "RECIPIENT"))).heads
    assert {"ShippingAddress", "BuyerInfo"} & set(json.loads(head.content)) == {"ShippingAddress"}
    assert [resource["dataElements"] for resource in amazon.bodies()[0]] == [["shippingAddress"]] * 2


def test_the_buyers_own_texts_and_numbers_only_where_they_are_kept(client_for, amazon):
    told = ORDER | {
        "BuyerInfo": {"BuyerEmail": "x", "BuyerTaxInfo": {"CompanyLegalName": "y"}},
        "BuyerTaxInformation": {"BuyerTaxOffice": "Kadikoy"},
    }
    buyer = {
        "GiftMessageText": "Enjoy!",
        "GiftWrapLevel": "Premium",
        "BuyerCustomizedInfo": {"CustomizedURL": "https://amazon.test/c"},
    }
    wish = {"IsBuyerRequestedCancel": True, "BuyerCancelReason": "?"}
    path = f"{ORDERS}/{ID}/orderItems"
    for keep, order_keys, item_keys in (
        ((), set(), {"GiftWrapLevel"}),
        ((TAX_REGISTRATIONS,), {"BuyerInfo", "BuyerTaxInformation"}, {"GiftWrapLevel"}),
        ((GIFT_MESSAGE, CUSTOMIZATION), set(), set(buyer)),
    ):
        client = client_for(TURKEY, keep=keep)
        amazon.plan(f"{ORDERS}/{ID}", told)
        amazon.plan(path, {"OrderItems": [ITEM | {"BuyerRequestedCancel": wish, "BuyerInfo": buyer}]})
        content = json.loads(client.get_order(ID, PLAIN).content)
        assert set(content["Order"]) & {"BuyerInfo", "BuyerTaxInformation"} == order_keys
        assert content["Order"].get("BuyerInfo", {}).keys() <= {"BuyerTaxInfo"}
        (item,) = content["OrderItems"]
        assert set(item["BuyerInfo"]) == item_keys
        assert item["BuyerRequestedCancel"] == {"IsBuyerRequestedCancel": True}


def test_how_products_are_customized_is_asked_for_where_it_is_kept(client_for, amazon):
    own = {"OrderItemId": "1", "BuyerCustomizedInfo": {"CustomizedURL": "https://amazon.test/c"}}
    for keep, calls in (((), 0), ((CUSTOMIZATION,), 1)):
        path = f"{ORDERS}/{ID}/orderItems/buyerInfo"
        amazon.plan(path, {"OrderItems": [own]})
        (item,) = json.loads(client_for(keep=keep).get_order(ID, PLAIN).content)["OrderItems"]
        assert len(amazon.asked(path)) == calls
        assert ("BuyerInfo" in item) is bool(calls)


def test_a_missing_role_costs_its_data_and_is_told_once(client, amazon, clock):
    amazon.plan(TOKENS, no_role("shippingAddress"))
    query = SearchQuery(updated_after=SINCE, included=PEOPLE)
    first = client.search(query)
    assert [resource["dataElements"] for body in amazon.bodies() for resource in body[:1]] == [
        ["buyerInfo", "shippingAddress"],
        ["buyerInfo"],
    ]
    assert len(first.problems) == 1
    assert "refuses shippingAddress" in first.problems[0]
    clock.advance(3600)
    assert client.search(query).problems == ()
    assert amazon.bodies()[2][0]["dataElements"] == ["buyerInfo"]
    clock.advance(24 * 3600)
    client.search(query)
    assert amazon.bodies()[3][0]["dataElements"] == ["buyerInfo", "shippingAddress"]


def test_without_any_role_orders_are_read_all_the_same(client, amazon):
    amazon.plan(TOKENS, no_role("buyerInfo", "shippingAddress"))
    query = SearchQuery(updated_after=SINCE, included=PEOPLE)
    assert len(client.search(query).problems) == 1
    assert len(client.search(query).heads) == 1
    assert len(amazon.asked(TOKENS)) == 1
    assert {token_of(request) for request in amazon.asked(ORDERS)} == {"Atza|seller"}


def test_a_refusal_that_names_nothing_gives_up_one_by_one(client_for, amazon):
    unnamed = refusal(400, "InvalidRequest", "Application does not have access to one or more requested data elements")
    amazon.plan(TOKENS, unnamed, unnamed)
    client_for(TURKEY, keep=[TAX_REGISTRATIONS]).search(SearchQuery(updated_after=SINCE, included=PEOPLE))
    assert [body[0]["dataElements"] for body in amazon.bodies()] == [
        ["buyerInfo", "buyerTaxInformation", "shippingAddress"],
        ["buyerInfo", "shippingAddress"],
        ["buyerInfo"],
    ]


def test_a_token_that_opens_nothing_is_not_used_again(client, amazon):
    denied = refusal(403, "Unauthorized")
    amazon.plan(ORDERS, denied, denied)
    query = SearchQuery(updated_after=SINCE, included=PEOPLE)
    assert len(client.search(query).heads) == 1
    assert [token_of(request) for request in amazon.asked(ORDERS)] == ["Atz.sprdt|1", "Atz.sprdt|2", "Atza|seller"]
    client.search(query)
    assert len(amazon.asked(TOKENS)) == 2


def test_no_access_at_all_is_still_an_alarm(client, amazon):
    amazon.plan(ORDERS, *[refusal(403, "Unauthorized")] * 4)
    with pytest.raises(AccessDenied):
        client.search(SearchQuery(updated_after=SINCE, included=PEOPLE))
    assert client.search(SearchQuery(updated_after=SINCE, included=PEOPLE)).problems == ()


def test_several_threads_ask_for_one_token(client, amazon):
    query = SearchQuery(updated_after=SINCE, included=PEOPLE)
    with ThreadPoolExecutor(8) as pool:
        pages = list(pool.map(lambda _: client.search(query), range(8)))
    assert [len(page.heads) for page in pages] == [1] * 8
    assert len(amazon.asked(TOKENS)) == 1


def test_other_refusals_of_a_token_are_not_taken_for_a_missing_role(client, amazon):
    amazon.plan(TOKENS, refusal(400, "InvalidRequest", "Resource not provided."))
    with pytest.raises(BadRequest, match="Resource not provided"):
        client.search(SearchQuery(updated_after=SINCE, included=PEOPLE))


@pytest.mark.parametrize("answer", [{}, {"restrictedDataToken": ""}, {"restrictedDataToken": "a b"}])
def test_answers_without_a_token(client, amazon, answer):
    amazon.plan(TOKENS, Response.json(200, answer))
    with pytest.raises(BadAnswer, match="no token"):
        client.search(SearchQuery(updated_after=SINCE, included=PEOPLE))


def test_the_company_of_a_business_order_comes_with_the_address(client, amazon):
    head = json.dumps(ORDER | {"IsBusinessOrder": True})
    order = client.get_order(ID, PEOPLE, head)
    told = {"BuyerCompanyName": "Novák s.r.o.", "ShippingAddress": {"City": "Kyiv"}}
    assert json.loads(order.content)["Address"] == told
    assert "Address" not in json.loads(client.get_order(ID, PLAIN, head).content)
    assert json.loads(client.get_order(ID, (*PLAIN, "BUYER"), head).content)["Address"] == {
        "BuyerCompanyName": "Novák s.r.o."
    }
    assert amazon.bodies() == [[{"method": "GET", "path": f"{ORDERS}/{{orderId}}/address"}]]


def test_no_company_without_the_role(client, amazon):
    denied = refusal(403, "Unauthorized")
    amazon.plan(f"{ORDERS}/{ID}/address", denied, denied)
    head = json.dumps(ORDER | {"IsBusinessOrder": "true"})
    for _ in range(2):
        assert json.loads(client.get_order(ID, PEOPLE, head).content)["Address"] == {}
    assert len(amazon.asked(f"{ORDERS}/{ID}/address")) == 2  # once more after a new token, then not again


GIFT = ITEM | {"IsGift": "true"}
WRAPPED = {
    "OrderItemId": "1",
    "GiftWrapPrice": {"CurrencyCode": "EUR", "Amount": "3.50"},
    "GiftMessageText": "Happy birthday, dear Anna",
    "BuyerCustomizedInfo": {"CustomizedURL": "https://example.com/anna"},
}


def test_the_price_of_a_gift_wrap_is_asked_for_and_the_message_is_not_kept(client, amazon):
    items = f"{ORDERS}/{ID}/orderItems"
    amazon.plan(items, {"OrderItems": [GIFT, ITEM | {"OrderItemId": "2"}]})
    amazon.plan(f"{items}/buyerInfo", {"OrderItems": [WRAPPED]})
    order = client.get_order(ID, PLAIN, json.dumps(ORDER))
    first, second = json.loads(order.content)["OrderItems"]
    assert first["BuyerInfo"] == {"GiftWrapPrice": WRAPPED["GiftWrapPrice"]}
    assert "BuyerInfo" not in second
    assert "anna" not in order.content.lower()
    assert token_of(amazon.asked(f"{items}/buyerInfo")[0]) == "Atz.sprdt|1"


@pytest.mark.parametrize(
    "refused",
    [{TOKENS: [no_role("buyerInfo")]}, {f"{ORDERS}/{ID}/orderItems/buyerInfo": [refusal(403, "Unauthorized")] * 2}],
)
def test_a_gift_is_read_without_the_role_too(client, amazon, refused):
    amazon.plan(f"{ORDERS}/{ID}/orderItems", {"OrderItems": [GIFT]})
    for path, answers in refused.items():
        amazon.plan(path, *answers)
    order = client.get_order(ID, PLAIN, json.dumps(ORDER))
    assert json.loads(order.content)["OrderItems"] == [GIFT]
    assert any("refuses buyerInfo" in problem for problem in client.search(QUERY).problems)


NAMES = st.sampled_from(["OrderItems", "Orders", "NextToken", "AmazonOrderId", "OrderItemId", "IsGift", "BuyerInfo"])
PLAIN_ODD = st.none() | st.booleans() | st.integers() | st.text(max_size=4) | st.sampled_from([ID, "true", "Unshipped"])
INNER_ODD = PLAIN_ODD | st.dictionaries(NAMES, PLAIN_ODD, max_size=4)
ODD = INNER_ODD | st.dictionaries(NAMES, INNER_ODD | st.lists(INNER_ODD, max_size=3), max_size=4)


@settings(max_examples=60, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(page=ODD, order=ODD, items=ODD, gifts=ODD)
def test_whatever_amazon_answers_the_errors_are_ours(client_for, amazon, clock, page, order, items, gifts):
    amazon.planned = {}
    for path, payload in (
        (ORDERS, page),
        (f"{ORDERS}/{ID}", order),
        (f"{ORDERS}/{ID}/orderItems", items),
        (f"{ORDERS}/{ID}/orderItems/buyerInfo", gifts),
    ):
        amazon.plan(path, payload, payload)
    client = client_for()
    with contextlib.suppress(AdapterError):
        client.search(SearchQuery(updated_after=SINCE, included=PEOPLE))
    with contextlib.suppress(AdapterError):
        client.get_order(ID, PEOPLE)


def test_nothing_tells_the_tokens(client, amazon):
    client.search(SearchQuery(updated_after=SINCE, included=PEOPLE))
    assert "sprdt" not in repr(client._source())
    assert "sprdt" not in repr(list(client._tokens.values()))
