"""From Amazon into the ledger: nothing is lost, whatever happens between two pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapter.amazon.errors import Throttled
from adapter.amazon.orders import OrdersClient
from adapter.amazon.page import Page, WireOrder
from adapter.amazon.query import SearchQuery
from adapter.errors import Unavailable
from adapter.ledger import Ledger
from adapter.ledger.orders import Cursor
from adapter.reading.account import Account, ReadReport
from adapter.reading.sweep import OVERLAP, TOKEN_LIFE, peek_orders, read_orders
from adapter.simulators.amazon import SellerAccount
from adapter.simulators.faults import Fault

READ_FROM = datetime(2026, 5, 1, tzinfo=UTC)


def read(world, **options: Any) -> ReadReport:
    return read_orders(world.parts.accounts[0], world.ledger, world.clock, **options)


def known(ledger: Ledger) -> dict[str, str]:
    """Order id -> Amazon's time of its last change, as the ledger has it."""
    return {order.order_id: order.updated_at.isoformat() for order in ledger.orders.open()}


def true(account: SellerAccount) -> dict[str, str]:
    """The same as Amazon has it."""
    moments = {order_id: account.order(order_id)["lastUpdatedTime"] for order_id in account.order_ids()}
    return {order_id: datetime.fromisoformat(moment).isoformat() for order_id, moment in moments.items()}


@dataclass
class Scripted:
    """A client that gives prepared pages, or raises prepared errors, and remembers what it was asked."""

    answers: list[Page | Exception]
    asked: list[tuple[SearchQuery, str | None]] = field(default_factory=list)
    version: str = "orders/2026-01-01"

    def search(self, query: SearchQuery, page_token: str | None = None) -> Page:
        self.asked.append((query, page_token))
        answer = self.answers[len(self.asked) - 1]
        if isinstance(answer, Exception):
            raise answer
        return answer


@dataclass
class SmallPages:
    """The true client, with five orders on a page instead of a hundred."""

    client: OrdersClient
    version: str = "orders/2026-01-01"

    def search(self, query: SearchQuery, page_token: str | None = None) -> Page:
        return self.client.search(replace(query, page_size=5), page_token)


def page(number: int, token: str | None = None, bound: datetime | None = None, problems: tuple[str, ...] = ()) -> Page:
    return Page((WireOrder(f"302-{number}", READ_FROM, f'{{"n":{number}}}'),), token, bound, problems)


@pytest.fixture
def ledger():
    with Ledger.open(None) as ledger:
        yield ledger.own(READ_FROM)


@pytest.fixture
def script(ledger) -> Callable[..., Any]:
    """Reads prepared pages into `ledger`; gives the report, or raises, and what was asked."""
    clock = [READ_FROM + timedelta(days=1)]

    def script(*answers: Page | Exception, hours: float = 0) -> tuple[Callable[[], ReadReport], Scripted]:
        clock[0] += timedelta(hours=hours)
        client = Scripted(list(answers))
        account = Account("shop", "A1", client, READ_FROM, ("A1PA6795UKMFR9",), ("BUYER",))
        return lambda: read_orders(account, ledger, lambda: clock[0]), client

    return script


# -------------------- against the stand-in


def test_everything_comes_in_and_the_cursor_follows(world):
    orders = [world.order() for _ in range(3)]
    world.clock.forward(minutes=3)
    report = read(world)
    assert (report.pages, report.orders, report.changed, report.complete) == (1, 3, 3, True)
    assert set(known(world.ledger)) == set(orders)
    cursor = world.ledger.orders.cursor("shop")
    bound = world.clock() - timedelta(minutes=2)
    assert cursor == Cursor(bound - OVERLAP, polled_at=world.clock())
    report = read(world)
    assert (report.orders, report.changed) == (3, 0)  # the overlap brings them again, unchanged


def test_the_cursor_never_moves_back(world):
    """The very first bound lies within the overlap of the start."""
    world.parts = replace(world.parts, accounts=[replace(world.parts.accounts[0], read_from=world.clock())])
    world.clock.forward(minutes=4)
    read(world)
    assert world.ledger.orders.cursor("shop").updated_after == world.clock() - timedelta(minutes=4)


def many(world, count: int) -> list[str]:
    """So many orders, a second apart."""
    placed = []
    for _ in range(count):
        placed.append(world.order())
        world.clock.forward(seconds=1)
    world.clock.forward(minutes=3)
    return placed


def test_a_crash_between_two_pages(world):
    """The next process goes on with the kept token; the cursor has not moved."""
    orders = many(world, 250)
    start = READ_FROM + timedelta(days=2, hours=9)
    pages = []
    report = read(world, stopped=lambda: len(pages) == 1 or pages.append(1))
    assert (report.pages, report.complete) == (1, False)
    cursor = world.ledger.orders.cursor("shop")
    assert (cursor.updated_after, cursor.polled_at) == (start, None)
    assert cursor.page_token
    world.restart()
    report = read(world)
    assert (report.pages, report.orders, report.complete) == (2, 150, True)
    assert set(known(world.ledger)) == set(orders)
    assert world.ledger.orders.cursor("shop").page_token is None


def test_a_fault_between_two_pages(world):
    orders = many(world, 150)
    world.amazon.faults.add(Fault("html", path="paginationToken", status=503, times=3))
    with pytest.raises(Unavailable):
        read(world)
    assert len(known(world.ledger)) == 100
    world.clock.forward(minutes=10)
    assert read(world).complete
    assert set(known(world.ledger)) == set(orders)


@pytest.mark.parametrize("hours", [23.5, 30])
def test_a_token_that_is_too_old(world, hours):
    """By our clock or by Amazon's: the sweep begins anew, from the same moment."""
    orders = many(world, 150)
    pages = []
    read(world, stopped=lambda: len(pages) == 1 or pages.append(1))
    world.clock.forward(hours=hours)
    assert read(world).complete
    assert set(known(world.ledger)) == set(orders)


def test_a_token_that_amazon_no_longer_takes(world):
    orders = many(world, 150)
    pages = []
    read(world, stopped=lambda: len(pages) == 1 or pages.append(1))
    world.amazon.faults.add(Fault("status", path="paginationToken", status=400))
    assert read(world).complete
    assert set(known(world.ledger)) == set(orders)


def test_a_dry_look_moves_nothing(world):
    orders = many(world, 150)
    account = world.parts.accounts[0]
    found, report = peek_orders(account, world.ledger)
    assert ({order.order_id for order in found}, report.pages, report.complete) == (set(orders), 2, True)
    assert (world.ledger.orders.cursor("shop"), world.ledger.orders.open()) == (None, [])
    read(world)
    kept = world.ledger.orders.open()
    assert sorted(found, key=lambda order: order.order_id) == sorted(kept, key=lambda order: order.order_id)


@settings(max_examples=12, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.lists(st.tuples(st.integers(0, 16), st.integers(0, 900)), max_size=25), delay=st.integers(1, 400))
def test_orders_that_change_while_pages_are_turned_are_not_lost(open_world, changes, delay):
    """At random moments between and after the pages; once all is still, the ledger has every last version."""
    world = open_world()
    (account,) = world.parts.accounts
    world.parts = replace(world.parts, accounts=[replace(account, client=SmallPages(account.client))])
    orders = many(world, 17)
    moments = sorted((second, which) for which, second in changes)

    def stopped() -> bool:
        """Asked before each page: time passes, and what falls into it happens."""
        until = world.clock.monotonic() + delay
        while moments and started + moments[0][0] <= until:
            second, which = moments.pop(0)
            world.clock.forward(seconds=max(0.0, started + second - world.clock.monotonic()))
            world.account.edit(orders[which])
        world.clock.forward(seconds=max(0.0, until - world.clock.monotonic()))
        return False

    started = world.clock.monotonic()
    while moments:
        read(world, stopped=stopped)
        world.clock.forward(minutes=3)
    world.clock.forward(minutes=5)
    while not read(world).complete:
        world.clock.forward(minutes=5)
    assert known(world.ledger) == true(world.account)


# -------------------- against a script


def test_all_pages_of_a_sweep_ask_the_same(script, ledger):
    bound = READ_FROM + timedelta(hours=5)
    later = bound + timedelta(minutes=1)
    run, client = script(page(1, "t1", bound), page(2, "t2", later, ("odd",)), page(3, None, later))
    report = run()
    assert report == ReadReport(pages=3, orders=3, changed=3, complete=True, problems=("odd",))
    assert [token for _, token in client.asked] == [None, "t1", "t2"]
    query = SearchQuery(updated_after=READ_FROM, marketplace_ids=("A1PA6795UKMFR9",), included=("BUYER",))
    assert {asked for asked, _ in client.asked} == {query}
    # The first page's bound counts: what changed while pages were turned comes with the next sweep.
    assert ledger.orders.cursor("shop").updated_after == bound - OVERLAP


def test_an_empty_page_with_a_token_is_not_the_last(script, ledger):
    run, client = script(Page((), "t1", READ_FROM + timedelta(hours=5)), Page((), "t2"), page(3))
    assert run().complete
    assert len(client.asked) == 3
    assert set(known(ledger)) == {"302-3"}


def test_without_a_bound_the_cursor_stays(script, ledger):
    run, _ = script(page(1))
    run()
    assert ledger.orders.cursor("shop").updated_after == READ_FROM


def test_throttled_in_the_middle(script, ledger):
    bound = READ_FROM + timedelta(hours=5)
    run, _ = script(page(1, "t1", bound), Throttled("later", 179.0))
    report = run()
    assert (report.pages, report.complete, report.wait_seconds) == (1, False, 179.0)
    run, client = script(page(2), hours=1)
    assert run().complete
    assert [token for _, token in client.asked] == ["t1"]
    assert ledger.orders.cursor("shop").updated_after == bound - OVERLAP
    assert set(known(ledger)) == {"302-1", "302-2"}


def test_the_age_of_a_token_counts_from_the_first_page(script):
    run, _ = script(page(1, "t1"), Throttled("later", 179.0))
    run()
    run, _ = script(page(2, "t2"), Throttled("later", 179.0), hours=TOKEN_LIFE / timedelta(hours=2))
    run()
    run, client = script(page(1), hours=TOKEN_LIFE / timedelta(hours=1) * 0.6)
    run()
    assert [token for _, token in client.asked] == [None]


@pytest.mark.parametrize("tokens", [("t1", "t1"), ("t1", "t2", "t1"), ("t1", "t2", "t2")], ids="-".join)
def test_pages_that_repeat(script, ledger, tokens):
    """Amazon turns in a circle: what came is kept, the sweep ends, and the next one really begins anew."""
    run, client = script(*(page(number, token) for number, token in enumerate(tokens)))
    with pytest.raises(Unavailable, match="Amazon repeats its pages; the sweep begins anew next time"):
        run()
    assert len(client.asked) == len(tokens)
    assert len(known(ledger)) == len(tokens)
    assert ledger.orders.cursor("shop") == Cursor(READ_FROM)
    run, client = script(page(9))
    assert run().complete
    assert [token for _, token in client.asked] == [None]


def test_a_token_that_is_repeated_to_a_new_process(script, ledger):
    run, _ = script(page(1, "t1"), Throttled("later", 179.0))
    run()
    run, _ = script(page(2, "t1"))
    with pytest.raises(Unavailable, match="repeats"):
        run()
    assert ledger.orders.cursor("shop").page_token is None


def test_a_dry_look_at_pages_that_repeat(ledger):
    client = Scripted([page(1, "t1"), page(2, "t2"), page(3, "t1")])
    with pytest.raises(Unavailable, match="repeats"):
        peek_orders(Account("shop", "A1", client, READ_FROM), ledger)
    assert len(client.asked) == 3


def test_a_dry_look_as_far_as_the_budget_allows(ledger):
    client = Scripted([page(1, "t1"), Throttled("later", 5.0)])
    found, report = peek_orders(Account("shop", "A1", client, READ_FROM), ledger)
    assert ([order.order_id for order in found], report.complete, report.wait_seconds) == (["302-1"], False, 5.0)


def test_a_stop_before_the_first_page_asks_nothing(world):
    assert read(world, stopped=lambda: True) == ReadReport()
    assert world.amazon.log == []
