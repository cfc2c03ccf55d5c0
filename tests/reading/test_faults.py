"""Faults of the source: storms of 429, wrong rates, pages that move, repeat or get lost, changes that show up late."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapter.amazon.budget import LIMITS, Limit
from adapter.amazon.errors import AmazonUnavailable, PageTokenExpired
from adapter.amazon.page import Page, WireOrder
from adapter.amazon.query import SearchQuery
from adapter.errors import Unavailable
from adapter.reading.account import OrdersReader
from adapter.reading.sweep import OVERLAP, read_orders
from adapter.simulators.amazon import PUBLISHED_RATES
from adapter.simulators.faults import Fault
from adapter.simulators.server import Request, Response

SEARCH = "searchOrders"
FEW = 5  # orders on a page here
BEHIND = timedelta(minutes=2)
"""How far Amazon's own upper bound stays behind its clock. Source: SP-API Orders model 2026-01-01, searchOrders."""

hunt = settings(
    max_examples=10, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@dataclass
class SmallPages:
    """The true reader with few orders on a page; on the way to it, pages get lost, repeat, or come empty.

    Attributes:
        troubles: what happens to the next calls, one after another: `lost`, `twice`, `empty`, `expired` or nothing.
    """

    inner: OrdersReader
    troubles: Iterator[str] = field(default_factory=lambda: iter(()))
    invented: dict[str, str | None] = field(default_factory=dict)

    @property
    def version(self) -> str:
        return self.inner.version

    def search(self, query: SearchQuery, page_token: str | None = None) -> Page:
        trouble = next(self.troubles, "")
        true_token = self.invented.get(page_token or "", page_token)
        if trouble == "empty":
            return Page((), self._invent(true_token), None)
        if trouble == "expired" and page_token is not None:
            raise PageTokenExpired("the token has expired")
        page = self.inner.search(replace(query, page_size=FEW), true_token)
        if trouble == "lost":
            raise AmazonUnavailable("the answer was lost")
        if trouble == "twice" and page.next_token is not None:
            # The next page is this one again, under another token.
            return replace(page, next_token=self._invent(true_token))
        return page

    def get_order(self, order_id: str, included: tuple[str, ...] = (), head: str | None = None) -> WireOrder:
        return self.inner.get_order(order_id, included, head)

    def _invent(self, true_token: str | None) -> str:
        made = f"invented-{len(self.invented)}"
        self.invented[made] = true_token
        return made


class Lying:
    """A service whose answers tell another rate than the one in force, or none."""

    def __init__(self, inner, told: str | None) -> None:
        self.inner, self.told = inner, told

    def handle(self, request: Request) -> Response:
        answer = self.inner.handle(request)
        headers = [pair for pair in answer.headers if pair[0].lower() != "x-amzn-ratelimit-limit"]
        if self.told is not None and answer.status != 429:
            headers.append(("x-amzn-RateLimit-Limit", self.told))
        return Response(answer.status, answer.body, tuple(headers))

    def error(self, status: int) -> Response:
        return self.inner.error(status)


def small(world, troubles: Iterable[str] = ()) -> None:
    (account,) = world.parts.accounts
    client = SmallPages(account.client, iter(troubles))
    world.parts = replace(world.parts, accounts=[replace(account, client=client)])


def generous(world) -> None:
    """The budget is no matter here."""
    world.calls._budget._limits = dict(LIMITS) | {SEARCH: Limit(1.0, 500)}


def place(world, count: int, seconds: float = 1) -> list[str]:
    """So many orders, so many seconds apart."""
    placed = []
    for _ in range(count):
        placed.append(world.order())
        world.clock.forward(seconds=seconds)
    world.clock.forward(minutes=3)
    return placed


def read(world, until: datetime) -> None:
    """Read as the daemon does: at intervals, or as soon as the budget allows."""
    (account,) = world.parts.accounts
    while world.clock() < until:
        try:
            report = read_orders(account, world.ledger, world.clock)
        except Unavailable:
            wait = 180.0
        else:
            wait = report.wait_seconds or account.pace.between_sweeps(timedelta(minutes=3)).total_seconds()
        world.clock.forward(seconds=wait)


def searches(world) -> int:
    return sum("/orders?" in entry.target for entry in world.amazon.log)


def granted(seconds: float) -> float:
    """How many searches Amazon grants in this time, beginning with a full bucket."""
    return PUBLISHED_RATES[SEARCH].burst + seconds * PUBLISHED_RATES[SEARCH].per_second


def known(world) -> dict[str, datetime]:
    return {order.order_id: order.updated_at for order in world.ledger.orders.open()}


def true(world) -> dict[str, datetime]:
    moments = {one: world.account.order(one)["lastUpdatedTime"] for one in world.account.order_ids()}
    return {order_id: datetime.fromisoformat(moment) for order_id, moment in moments.items()}


# -------------------- 27: storms of 429, wrong or missing rates


def test_a_storm_of_429(world):
    """All calls for ten minutes: hardly more are sent than without it, and nothing is lost."""
    world.account.set_rate(SEARCH, PUBLISHED_RATES[SEARCH])
    small(world)
    place(world, 60, seconds=30)
    begun = world.clock()
    world.amazon.faults.add(Fault("status", path="/orders", status=429, times=0))
    read(world, begun + timedelta(minutes=10))
    assert known(world) == {}
    in_storm = searches(world)
    assert in_storm <= 1.1 * 600 * PUBLISHED_RATES[SEARCH].per_second
    world.amazon.faults.clear()
    read(world, begun + timedelta(hours=2))
    assert known(world) == true(world)
    assert searches(world) <= 1.05 * granted((world.clock() - begun).total_seconds())
    assert sum(entry.status == 429 for entry in world.amazon.log) == in_storm
    assert world.account.throttled == {}


@pytest.mark.parametrize(
    ("api", "told"),
    [("2026-01-01", told) for told in (None, "5", "0.0001", "soon", "999")] + [("v0", None), ("v0", "5")],
)
def test_a_wrong_or_missing_rate(open_world, api, told):
    """Whatever the header says: at most one call more than the bucket holds, and everything comes in."""
    world = open_world()
    world.orders_api = api
    operation = SEARCH if api != "v0" else "v0.getOrders"
    rate = PUBLISHED_RATES[operation]
    world.restart()
    world.account.set_rate(operation, rate)
    world.amazon.service = Lying(world.account, told)
    small(world)
    place(world, FEW * (rate.burst + 3), seconds=30)
    begun = world.clock()
    read(world, begun + timedelta(hours=2.5))
    assert known(world) == true(world)
    seconds = (world.clock() - begun).total_seconds()
    sent = sum("rders?" in entry.target for entry in world.amazon.log)
    assert sent <= 1.05 * (rate.burst + seconds * rate.per_second)
    assert world.account.throttled.get(operation, 0) <= 1


def test_a_rate_that_falls_is_followed(world):
    """Amazon lowers the rate, and tells so: not one call too many."""
    world.account.set_rate(SEARCH, replace(PUBLISHED_RATES[SEARCH], per_second=0.002))
    small(world)
    place(world, FEW * 23, seconds=30)
    read(world, world.clock() + timedelta(hours=3))
    assert known(world) == true(world)
    assert world.account.throttled == {}


# -------------------- 29: paging


@hunt
@given(
    troubles=st.lists(st.sampled_from(["", "", "", "lost", "twice", "empty", "expired"]), max_size=40),
    changes=st.lists(st.tuples(st.integers(0, 22), st.integers(0, 400)), max_size=25),
)
def test_pages_that_get_lost_repeat_or_come_empty_while_orders_move(open_world, troubles, changes):
    """At every moment all that lies before the cursor is in the ledger; in the end everything is."""
    world = open_world()
    orders = place(world, 23)
    moments = iter(changes)

    def troubled() -> Iterator[str]:
        """Between any two pages time passes, and an order may change: so it moves to another page."""
        for trouble in troubles:
            which, seconds = next(moments, (None, 10))
            world.clock.forward(seconds=seconds)
            if which is not None:
                world.account.edit(orders[which])
            _nothing_is_missing(world)
            yield trouble

    small(world, troubled())
    generous(world)
    for _ in troubles:  # until each has happened
        read(world, world.clock() + timedelta(minutes=1))
    read(world, world.clock() + timedelta(minutes=30))
    _nothing_is_missing(world)
    assert known(world) == true(world)


def _nothing_is_missing(world) -> None:
    cursor = world.ledger.orders.cursor("shop")
    if cursor is not None:
        kept = known(world)
        late = {one: at for one, at in true(world).items() if at < cursor.updated_after and kept.get(one) != at}
        assert late == {}


# -------------------- 30: the watermark


@hunt
@given(
    changes=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 60) | st.integers(0, 5400)), max_size=40),
    pauses=st.lists(st.integers(60, 1200), min_size=1, max_size=8),
    late=st.integers(0, int((OVERLAP + BEHIND).total_seconds()) - 1),
    offset=st.integers(-300, 300),
)
def test_changes_that_show_up_late(open_world, changes, pauses, late, offset):
    """Many in the same second, in any order, shown up to twelve minutes late, by a clock that differs from ours."""
    world = open_world()
    orders = place(world, 10)
    world.account._clock = lambda: world.clock() + timedelta(seconds=offset)
    world.account._book.visible_after = timedelta(seconds=late)
    small(world)
    generous(world)
    (account,) = world.parts.accounts
    begun = world.clock()
    agenda = sorted((second, which) for which, second in changes)
    reads = iter(pauses * 100)
    next_read = begun
    while agenda:
        at = begun + timedelta(seconds=agenda[0][0])
        if next_read <= at:
            world.clock.now = max(world.clock(), next_read)
            read_orders(account, world.ledger, world.clock)
            next_read += timedelta(seconds=next(reads))
        else:
            world.clock.now = max(world.clock(), at)
            world.account.edit(orders[agenda.pop(0)[1]])
    for _ in range(3):
        world.clock.forward(seconds=late + 480)
        read_orders(account, world.ledger, world.clock)
    assert known(world) == true(world)
