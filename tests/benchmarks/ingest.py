"""A day of reading on a virtual clock: two accounts, a backlog, restarts; pace, losses, calls, age of orders, memory.

Everything but the clock is the true thing: `Sync`, its threads and its ledger in a file, in the rhythm of the daemon.
Orders are such that planning closes them, so that no time goes into writing documents.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from adapter.amazon.auth import LwaTokens
from adapter.amazon.budget import LIMITS, Budget
from adapter.amazon.calls import Calls
from adapter.amazon.orders import GET_ORDER, SEARCH_ORDERS, OrdersClient
from adapter.amazon.page import Page, WireOrder
from adapter.amazon.query import SearchQuery
from adapter.daemon import LONGEST_BREATH, seconds_to_next_run
from adapter.http import HttpClient
from adapter.ledger import Ledger
from adapter.ledger.wanted import Wanted
from adapter.mapping.load import load_mapping
from adapter.mapping.presets import preset_path
from adapter.model.wish import REPORT
from adapter.onec.client import InfobaseClient
from adapter.parts import Parts
from adapter.planning.books import Identity
from adapter.reading.account import Account
from adapter.reading.pace import Pace
from adapter.reading.sweep import OVERLAP
from adapter.simulators.amazon import SellerAccount
from adapter.simulators.amazon.wire import Wire, timestamp
from adapter.simulators.onec import Infobase, load_model
from adapter.simulators.server import RunningServer, StandIn
from adapter.sync import Sync
from tests.benchmarks.ingest_others import compare
from tests.conftest import StandInTransport
from tests.world import GERMANY, START, Clock

POLL = timedelta(seconds=180)
_QUICK = Path("/dev/shm")  # noqa: S108
BURST = LIMITS[SEARCH_ORDERS].burst * 100
BY_SEARCH = LIMITS[SEARCH_ORDERS].rate * 60 * 100
BY_BOTH = BY_SEARCH + LIMITS[GET_ORDER].rate * 60


@dataclass
class Shop:
    """A seller account, and what was read from it.

    Attributes:
        page_size: orders on a page; a test takes fewer.
        times: when each order changes last: order id -> Amazon's time.
        read_at: order id -> when its last version was read first.
        planned_at: order id -> when it was planned.
        calls_by_then: order id -> how many calls there had been when it was read first, the login too.
        twice: versions read again although no overlap of two sweeps explains it.
    """

    name: str
    clock: Clock
    orders: Sequence[Wire]
    read_from: datetime = START - timedelta(days=30)
    known: Sequence[Wire] = ()
    page_size: int = 100
    times: dict[str, datetime] = field(default_factory=dict)
    read_at: dict[str, datetime] = field(default_factory=dict)
    planned_at: dict[str, datetime] = field(default_factory=dict)
    calls_by_then: dict[str, int] = field(default_factory=dict)
    twice: int = 0

    def __post_init__(self) -> None:
        self.service = SellerAccount(
            [*self.known, *self.orders],
            clock=self.clock,
            seller_id=f"A0{self.name.upper()}",
            refresh_token=f"Atzr|{self.name}",
        )
        self.stand_in = StandIn(self.service)
        for order in (*self.known, *self.orders):
            self.times[order["orderId"]] = datetime.fromisoformat(order["lastUpdatedTime"])

    def note(self, order: WireOrder, explained_until: datetime) -> None:
        """An order has come in; up to `explained_until` it may have come before."""
        moment = order.updated_at or START
        if order.order_id in self.read_at:
            self.twice += moment > explained_until
        elif moment == self.times[order.order_id]:
            self.read_at[order.order_id] = self.clock()
            self.calls_by_then[order.order_id] = len(self.stand_in.log) + 1

    def calls(self, path: str) -> int:
        """How many requests went to a path."""
        return sum(path in entry.target for entry in self.stand_in.log)

    @property
    def searches(self) -> int:
        return self.calls("/orders?")


class Noted:
    """The true reader, and a note of everything that it brings."""

    def __init__(self, inner: OrdersClient, shop: Shop) -> None:
        self._inner = inner
        self._shop = shop
        self.version = inner.version

    def search(self, query: SearchQuery, page_token: str | None = None) -> Page:
        page = self._inner.search(replace(query, page_size=self._shop.page_size), page_token)
        after = query.updated_after or START
        for order in page.orders:
            self._shop.note(order, after + OVERLAP)
        return page

    def get_order(self, order_id: str, included: tuple[str, ...] = (), head: str | None = None) -> WireOrder:
        order = self._inner.get_order(order_id, included, head)
        self._shop.note(order, datetime.min.replace(tzinfo=UTC))
        return order


class Days:
    """The adapter over virtual days."""

    def __init__(self, shops: Sequence[Shop], clock: Clock, folder: Path) -> None:
        self.shops = shops
        self.clock = clock
        self._folder = folder
        self._infobase = StandIn(Infobase(load_model("training"), clock=lambda: clock().replace(tzinfo=None)))
        for sku in ("AMZ-SHIPPING", "AMZ-GIFTWRAP", "AMZ-COD", "AMZ-TIP"):
            self._infobase.service.add("Catalog_Products", {"Description": sku, "sku": sku})  # type: ignore[attr-defined]
        self._infobase.service.add("Catalog_Customers", {"Description": "Amazon retail"})  # type: ignore[attr-defined]
        self._mapping = load_mapping(preset_path("training"))
        self.ledger = Ledger.open(folder).own(clock())
        self._sync = Sync(self._parts())

    def restart(self) -> None:
        """The process ends and starts anew: nothing but the ledger is left of it."""
        self.ledger.close()
        self.ledger = Ledger.open(self._folder).own(self.clock())
        self._sync = Sync(self._parts())

    def run(self, until: datetime, also: Callable[[], bool] = lambda: False) -> None:
        """Run as the daemon does until a moment, or until `also` says so."""
        while self.clock() < until and not also():
            report = self._sync.run(poll_every=POLL)
            for problem in report.failed.values():
                raise problem
            planned = {(step.key.account, step.key.order_id) for step in report.plan}
            for shop in self.shops:
                for account, order_id in planned:
                    if account == shop.name:
                        shop.planned_at.setdefault(order_id, self.clock())
            wait = seconds_to_next_run(report, self._sync)
            # As the daemon: its own rhythm, unless there is something to do before.
            own = POLL.total_seconds()
            seconds = own if wait is None or wait >= LONGEST_BREATH * own else wait
            self.clock.now = min(until, self.clock() + timedelta(seconds=max(seconds, 0.001)))

    def want(self, shop: Shop) -> None:
        """A report has named the orders of before the account is read."""
        self.ledger.wanted.add(
            [
                Wanted(shop.name, order["orderId"], REPORT, updated_at=shop.times[order["orderId"]])
                for order in shop.known
            ],
            self.clock(),
        )

    def lost(self) -> int:
        """Orders of which the ledger has not the last version, among those that Amazon has shown for a while."""
        horizon = self.clock() - timedelta(minutes=10)
        missing = 0
        for shop in self.shops:
            due = {order_id for order_id, moment in shop.times.items() if moment <= horizon}
            missing += len(due - set(shop.read_at)) + len(set(shop.read_at) - self._kept(shop))
        return missing

    def _kept(self, shop: Shop) -> set[str]:
        return {
            order_id
            for order_id in shop.read_at
            for seen in self.ledger.orders.by_id(order_id)
            if seen.updated_at == shop.times[order_id]
        }

    def _parts(self) -> Parts:
        http = HttpClient("http://1c.test", transport=StandInTransport(self._infobase))
        client = InfobaseClient(http, "http://1c.test/training", "odata", "odata", monotonic=self.clock.monotonic)
        return Parts(
            ledger=self.ledger,
            accounts=[self._account(shop) for shop in self.shops],
            infobase=client,
            sessions=[client],
            mapping=self._mapping,
            identity=Identity("test", "books"),
            quarantine=timedelta(minutes=10),
            refresh=timedelta(days=365),
            metadata_age=timedelta(days=365),
            now=self.clock,
        )

    def _account(self, shop: Shop) -> Account:
        http = HttpClient("https://amazon.test", transport=StandInTransport(shop.stand_in))
        tokens = LwaTokens(
            http,
            "amzn1.application-oa2-client.demo",
            "amzn1.oa2-cs.v1.demo",
            f"Atzr|{shop.name}",
            self.clock,
            account=shop.name,
            store=self.ledger.access_tokens,
        )
        seller = shop.service.seller_id
        budget = Budget(seller, self.ledger.notes, now=self.clock, monotonic=self.clock.monotonic)
        calls = Calls(http, tokens, budget, account=shop.name, user_agent="Test/1 (Language=Python)", now=self.clock)
        return Account(
            shop.name,
            seller,
            Noted(OrdersClient(calls), shop),
            shop.read_from,
            included=("FULFILLMENT",),
            pace=Pace(budget, SEARCH_ORDERS, GET_ORDER),
        )


def orders(count: int, since: datetime, until: datetime, prefix: str) -> list[Wire]:
    """Cancelled orders, spread evenly over a time."""
    step = (until - since) / count
    return [
        {
            "orderId": f"{prefix}-{number // 10**7:07}-{number % 10**7:07}",
            "createdTime": timestamp(since + step * number),
            "lastUpdatedTime": timestamp(since + step * number),
            "salesChannel": {"channelName": "AMAZON", "marketplaceId": GERMANY, "marketplaceName": "Amazon.de"},
            "fulfillment": {"fulfilledBy": "MERCHANT", "fulfillmentStatus": "CANCELLED"},
            "orderItems": [{"orderItemId": "1", "quantityOrdered": 1, "product": {"asin": "B000000001"}}],
        }
        for number in range(count)
    ]


@contextmanager
def days(*shops: Shop) -> Iterator[Days]:
    """The adapter with an empty ledger in a folder of its own; in memory where there is such a one: time is virtual."""
    with tempfile.TemporaryDirectory(prefix="amazon1c-bench-", dir=_QUICK if _QUICK.is_dir() else None) as folder:
        made = Days(shops, shops[0].clock, Path(folder))
        try:
            yield made
        finally:
            made.ledger.close()


def pace(shop: Shop, since: datetime, until: datetime) -> float:
    """Orders a minute that came in, in (since, until]."""
    came = sum(since < at <= until for at in shop.read_at.values())
    return came / ((until - since) / timedelta(minutes=1))


def full_day(backlog: int, flow: int, quiet: int) -> None:
    """24 hours: a backlog and new orders in one account, a few orders in the other, three restarts."""
    clock = Clock()
    busy = Shop(
        "busy",
        clock,
        orders(backlog, START - timedelta(days=9), START - timedelta(minutes=5), "301")
        + orders(flow, START, START + timedelta(hours=24), "302"),
    )
    calm = Shop("calm", clock, orders(quiet, START + timedelta(minutes=7), START + timedelta(hours=24), "303"))
    with days(busy, calm) as day:
        begun = clock()
        for hours in (2.3, 9.1, 17.7, 24):
            day.run(START + timedelta(hours=hours))
            if hours < 24:
                day.restart()
        print(
            f"{backlog + flow + quiet:,} orders in two accounts within 24 hours, three restarts: throttled "
            f"{sum(sum(shop.service.throttled.values()) for shop in day.shops)}, lost {day.lost()}, "
            f"read twice beyond the overlap {busy.twice + calm.twice}"
        )
    first = {order["orderId"] for order in busy.orders[:backlog]}
    last = max(first & set(busy.read_at), key=busy.read_at.__getitem__)
    done = busy.read_at[last]
    by_then = sum(at <= done for at in busy.read_at.values())
    at_once = sum(at == begun for at in busy.read_at.values())
    minute = pace(busy, begun, done)
    print(
        f"backlog of {backlog:,} by search: {at_once:,} at once, then {minute:.1f} a minute = "
        f"{100 * minute / BY_SEARCH:.1f} % of {BY_SEARCH:.1f}; done after {(done - begun) / timedelta(hours=1):.1f} h"
    )
    calls = max(busy.calls_by_then[order_id] for order_id, at in busy.read_at.items() if at == done)
    print(f"{calls} calls for {by_then:,} orders until then: {calls / by_then:.4f} an order")
    searches = busy.searches
    print(f"searches in the day: {searches} of {BURST // 100 + int(LIMITS[SEARCH_ORDERS].rate * 86_400)} granted")
    for shop in day.shops:
        print(f"account {shop.name}: {shop.calls('/auth/o2/token')} tokens from Login with Amazon in the day")
    ages = sorted((at - calm.times[order_id]).total_seconds() / 60 for order_id, at in calm.planned_at.items())
    print(
        f"age at planning, quiet account, {len(ages)} orders: p50 {statistics.median(ages):.1f} min, "
        f"p95 {ages[int(len(ages) * 0.95)]:.1f} min, worst {ages[-1]:.1f} min"
    )


def both_operations(backlog: int, known: int, hours: float) -> None:
    """A backlog by search, beside it orders of before whose ids a report has told."""
    clock = Clock()
    shop = Shop(
        "both",
        clock,
        orders(backlog, START - timedelta(days=9), START - timedelta(minutes=5), "301"),
        read_from=START - timedelta(days=10),
        known=orders(known, START - timedelta(days=300), START - timedelta(days=20), "300"),
    )
    with days(shop) as run:
        run.want(shop)
        run.run(START + timedelta(hours=hours))
        minute = pace(shop, START, clock())
        print(
            f"with both operations: {sum(at == START for at in shop.read_at.values()):,} at once, then "
            f"{minute:.1f} a minute = {100 * minute / BY_BOTH:.1f} % of {BY_BOTH:.1f}; "
            f"throttled {sum(shop.service.throttled.values())}"
        )


def held_pages(count: int) -> None:
    """Memory of a process that holds so many orders as pages."""
    with RunningServer(StandIn(SellerAccount(count, rates={}))) as server:
        command = [sys.executable, "-m", "tests.benchmarks.ingest_memory", server.address]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    print(
        f"{int(told[0]):,} orders held as pages ({float(told[1]):.0f} MB of JSON): "
        f"RSS {float(told[2]):.0f} MB, peak {float(told[3]):.0f} MB"
    )


def others(backlog: int) -> None:
    """The same backlog as in the full day, read by what others use."""
    since = START - timedelta(days=9)
    compare(Clock(), orders(backlog, since, START - timedelta(minutes=5), "301"), since, hours=3)


def main() -> None:
    """Print all figures."""
    held_pages(10_000)
    others(14_000)
    full_day(backlog=14_000, flow=5_500, quiet=500)
    both_operations(backlog=6_000, known=3_500, hours=1.5)
