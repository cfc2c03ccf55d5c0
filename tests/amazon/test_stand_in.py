"""The whole way of an order from a seller account to the neutral model, against the stand-in for one."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from adapter.amazon.auth import LwaTokens
from adapter.amazon.budget import Budget
from adapter.amazon.calls import Calls
from adapter.amazon.errors import AccessDenied, OrderNotFound, PageTokenExpired, Throttled
from adapter.amazon.marketplaces import MARKETPLACES, Region
from adapter.amazon.orders import OrdersClient
from adapter.amazon.page import Page
from adapter.amazon.query import SearchQuery, user_agent
from adapter.amazon.read import read_order
from adapter.http import HttpClient
from adapter.model.bucket import Bucket
from adapter.model.order import ChargeKind, Order
from adapter.model.proof import prove
from adapter.simulators.amazon import Credentials, MoneyStyle, OrderOptions, Rate, SellerAccount, generate
from adapter.simulators.faults import Fault
from adapter.simulators.server import StandIn

DATA = ("BUYER", "RECIPIENT", "PROCEEDS", "CANCELLATION", "FULFILLMENT", "TAX", "PAYMENT")
CREDENTIALS = Credentials("client", "secret", "Atzr|refresh")
SELLER = "A1SELLER"


class Store(dict[tuple[str, str], Bucket]):
    def load_bucket(self, seller: str, operation: str) -> Bucket | None:
        return self.get((seller, operation))

    def save_bucket(self, seller: str, operation: str, bucket: Bucket) -> None:
        self[seller, operation] = bucket


@pytest.fixture
def account(clock):
    """250 orders of the last week."""
    return SellerAccount(
        250,
        clock=clock.now,
        seller_id=SELLER,
        client_id=CREDENTIALS.client_id,
        client_secret=CREDENTIALS.client_secret,
        refresh_token=CREDENTIALS.refresh_token,
    )


@pytest.fixture
def stand_in(account):
    return StandIn(account)


@pytest.fixture
def start(stand_in, transport_to, clock):
    """Starts the daemon: a new client, with what was kept of the budget."""
    store = Store()

    def started() -> OrdersClient:
        http = HttpClient("https://amazon.example", transport=transport_to(stand_in))
        secrets = (CREDENTIALS.client_id, CREDENTIALS.client_secret, CREDENTIALS.refresh_token)
        calls = Calls(
            http,
            LwaTokens(http, *secrets, clock.now, account="eu"),
            Budget(SELLER, store, now=clock.now, monotonic=clock.monotonic),
            account="eu",
            user_agent=user_agent("adapter", "1.0", {"Language": "Python/3.11"}),
            now=clock.now,
        )
        return OrdersClient(calls)

    return started


@pytest.fixture
def week(clock):
    """All orders of a region since a week ago."""
    return SearchQuery(
        updated_after=clock.now() - timedelta(days=8),
        before=clock.now() - timedelta(minutes=2),
        marketplace_ids=tuple(key for key, facts in MARKETPLACES.items() if facts.region is Region.EU),
        included=DATA,
        page_size=10,
    )


def patiently(clock, call):
    """Carry out a call, waiting as long as the budget says."""
    while True:
        try:
            return call()
        except Throttled as throttled:
            clock.advance(throttled.seconds)


def sweep(start, clock, query: SearchQuery) -> list[Page]:
    """All pages of a search, by a daemon that is restarted before each of them."""
    pages: list[Page] = []
    token = None
    while True:
        client = start()
        page = patiently(clock, lambda client=client, token=token: client.search(query, token))
        pages.append(page)
        token = page.next_token
        if token is None:
            return pages


def test_a_sweep_finds_every_order_once_and_is_never_throttled(account, start, clock, week):
    pages = sweep(start, clock, replace_marketplaces(week))
    found = Counter(order.order_id for page in pages for order in page.orders)
    assert found == Counter(account.order_ids())
    assert len(pages) == 25
    assert {page.problems for page in pages} == {()}
    assert {page.upper_bound for page in pages} == {week.before}
    assert account.throttled == {}


def replace_marketplaces(query: SearchQuery) -> SearchQuery:
    """The same search of all marketplaces: orders from elsewhere belong to none of Amazon's."""
    return SearchQuery(
        updated_after=query.updated_after, before=query.before, included=query.included, page_size=query.page_size
    )


def test_single_orders_are_never_throttled_and_equal_those_of_the_search(account, start, clock, week):
    (page, *_) = sweep(start, clock, week)
    client = start()
    assert [
        patiently(clock, lambda order=order: client.get_order(order.order_id, DATA)) for order in page.orders
    ] == list(page.orders)
    for order_id in account.order_ids()[:60]:
        patiently(clock, lambda order_id=order_id: client.get_order(order_id))
    assert account.throttled == {}


def test_only_the_region_asked_for(start, clock, week):
    orders = [read_order(order.content, "eu", SELLER) for page in sweep(start, clock, week) for order in page.orders]
    assert {order.marketplace.marketplace_id for order in orders} <= set(week.marketplace_ids)
    assert len({order.marketplace.country for order in orders}) > 3


def test_a_rate_that_amazon_lowers_is_kept_to(account, start, clock, week):
    client = start()
    client.search(week)
    account.set_rate("searchOrders", Rate(0.002, 20))
    client.search(week)
    assert account.throttled == {}
    before = clock.monotonic()
    for _ in range(25):
        patiently(clock, lambda: client.search(week))
    assert account.throttled == {}
    assert clock.monotonic() - before > 7 / 0.002


def test_a_429_of_another_application_is_survived(account, stand_in, start, clock, week):
    stand_in.faults.add(Fault("status", path="/orders/2026-01-01", status=429))
    client = start()
    with pytest.raises(Throttled):
        client.search(week)
    assert patiently(clock, lambda: client.search(week)).orders
    assert account.throttled == {}


def test_tokens_expire_are_revoked_and_are_renewed(account, start, clock, week):
    client = start()
    first = client.search(week)
    clock.advance(3 * 3600)
    assert client.search(week, first.next_token).orders
    account.revoke_access_tokens()
    assert client.search(week, first.next_token).orders
    account.set_credentials(Credentials("client", "another secret", CREDENTIALS.refresh_token))
    assert client.search(week, first.next_token).orders
    clock.advance(3600)
    with pytest.raises(AccessDenied, match="amazon-eu-client-secret"):
        client.search(week)


def test_a_page_token_dies_after_a_day(start, clock, week):
    client = start()
    token = client.search(week).next_token
    clock.advance(24 * 3600 + 1)
    with pytest.raises(PageTokenExpired):
        client.search(week, token)
    assert client.search(week).orders


def test_an_unknown_order(start):
    with pytest.raises(OrderNotFound):
        start().get_order("111-1111111-1111111")


def test_a_placed_order_is_seen_later_and_read_whole(account, start, clock):
    order_id = account.place_order()
    query = SearchQuery(updated_after=clock.now(), included=DATA)
    client = start()
    assert client.search(query).orders == ()
    clock.advance(180)
    (found,) = client.search(query).orders
    order = read_order(found.content, "eu", SELLER)
    assert (order.order_id, order.status, order.doubts, prove(order).proven) == (order_id, "UNSHIPPED", (), True)
    assert order.updated_at == found.updated_at


def orders_of(clock, style: MoneyStyle, region: str, seeds: range) -> list[Order]:
    options = OrderOptions(region=region, style=style)
    return [
        read_order(content, "eu", SELLER) for seed in seeds for content in generate(100, seed, clock.now(), options)
    ]


@pytest.mark.parametrize("region", ["EU", "NA", "FE"])
@pytest.mark.parametrize("inside", [True, False], ids=["tax inside", "tax outside"])
@pytest.mark.parametrize("sign", [1, -1], ids=["plus", "minus"])
def test_generated_orders_add_up_without_doubt(clock, region, inside, sign):
    orders = orders_of(clock, MoneyStyle(sign, inside), region, range(5 * sign, 5 * sign + 2))
    assert {order.doubts for order in orders} == {()}
    unpriced = {"PENDING", "PENDING_AVAILABILITY", "CANCELLED", "UNFULFILLABLE"}
    assert {order.order_id for order in orders if not prove(order).proven} == {
        order.order_id for order in orders if order.status in unpriced
    }
    assert {prove(order).marketplace_tax_inside for order in orders} >= ({inside} if region != "FE" else {None})


def test_twenty_shops_add_up_without_doubt_and_show_every_kind(clock):
    orders = orders_of(clock, MoneyStyle(1, False), "EU", range(100, 120))
    assert len(orders) == 2000
    assert {order.doubts for order in orders} == {()}
    assert {prove(order).proven for order in orders if order.status in {"UNSHIPPED", "SHIPPED"}} == {True}
    seen = {charge.kind for order in orders for charge in order.all_charges()}
    assert {ChargeKind.GOODS, ChargeKind.SHIPPING_DISCOUNT, ChargeKind.DISCOUNT_TAX, ChargeKind.TIP} <= seen
    assert not seen & {ChargeKind.TAX, ChargeKind.DISCOUNT, ChargeKind.OTHER}


def test_both_signs_tell_the_same_order(clock):
    plus, minus = (orders_of(clock, MoneyStyle(sign, True), "EU", range(7, 9)) for sign in (1, -1))
    assert plus == minus
