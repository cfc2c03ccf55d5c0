"""A small world for the whole way of an order: both stand-ins, a ledger and a clock that is moved by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from adapter.amazon.auth import LwaTokens
from adapter.amazon.budget import Budget
from adapter.amazon.calls import Calls
from adapter.amazon.marketplaces import Region
from adapter.amazon.orders import GET_ORDER, SEARCH_ORDERS, OrdersClient
from adapter.amazon.orders_v0 import GET_ITEMS, GET_ORDERS, OrdersV0Client
from adapter.amazon.reports import ReportsClient
from adapter.amazon.sellers import SellersClient
from adapter.assembly import region_marketplaces
from adapter.http import HttpClient
from adapter.ledger import Ledger
from adapter.mapping.load import LoadedRules, load_mapping
from adapter.mapping.presets import preset_path
from adapter.model.entry import Entry, State
from adapter.onec.client import InfobaseClient
from adapter.parts import Parts
from adapter.planning.books import Identity
from adapter.reading.account import Account, OldOrders, OrdersReader
from adapter.reading.backfill import SEARCH_RESERVE
from adapter.reading.data_sets import wanted_data
from adapter.reading.marketplaces import AccountCheck
from adapter.reading.pace import Pace
from adapter.reading.refusals import YieldingReader
from adapter.simulators.amazon import SellerAccount
from adapter.simulators.faults import Fault
from adapter.simulators.onec import Infobase, Model, load_model
from adapter.simulators.server import StandIn
from adapter.sync import Report, Sync

START = datetime(2026, 5, 4, 9, tzinfo=UTC)
GERMANY = "A1PA6795UKMFR9"
ORDERS, CUSTOMERS = "Document_SalesOrder", "Catalog_Customers"

SECOND_DOCUMENT = (
    "charges:\n  shipping",
    """  packing_slip:
    entity_set: Document_SalesOrder
    order_id: Comment
    post: false
    header:
      Customer_Key: {from: customer}
      Comment: {text: "Slip {order.id}"}
    rows:
      Products: {each: goods, Product_Key: {from: product}, Amount: {from: line.amount}}
    total: {rows: Products, property: Amount}
charges:
  shipping""",
)
"""A change of the mapping: every order becomes two documents."""


class Crash(BaseException):
    """The process dies here: nothing of the adapter may catch it."""


class Clock:
    """Stands still until it is moved; the monotonic clock goes with it."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def monotonic(self) -> float:
        return (self.now - START).total_seconds()

    def local(self) -> datetime:
        """The infobase's wall clock."""
        return (self.now + timedelta(hours=3)).replace(tzinfo=None)

    def forward(self, **amount: float) -> None:
        self.now += timedelta(**amount)


class Watched(httpx.BaseTransport):
    """Tells `World.on_write` of every write, before it leaves and after its answer has come."""

    def __init__(self, world: World, inner: httpx.BaseTransport) -> None:
        self._world = world
        self._inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if self._world.away:
            raise httpx.ConnectError("nobody listens", request=request)
        writes = request.method not in {"GET", "HEAD"}
        if writes:
            self._world.on_write("before", request)
        response = self._inner.handle_request(request)
        if writes:
            self._world.on_write("after", request)
        return response


class World:
    """Orders come in, time passes, somebody edits a document, things break; `run` is one run of the adapter.

    Args:
        mapping: a mapping file.
        transport_to: makes the transport that leads to a stand-in.
        directory: for a ledger on the disk; in memory without one.
        model: of the infobase.
    """

    QUARANTINE = timedelta(minutes=10)
    ANNA = "5f0c0000-0000-4000-8000-000000000001"
    Crash = Crash

    def __init__(
        self,
        mapping: LoadedRules,
        transport_to: Callable[..., Any],
        directory: Path | None = None,
        model: Model | None = None,
    ) -> None:
        self.clock = Clock()
        self.mapping = mapping
        self.password = "odata"
        self.away = False
        self.orders_api = "2026-01-01"  # or v0; counts from the next restart
        self.account = SellerAccount(clock=self.clock, rates={}, visible_after=timedelta(0))
        self.infobase = Infobase(model or load_model("training"), clock=self.clock.local, sleep=_never)
        for values in ({"Description": "Amazon retail"}, {"Ref_Key": self.ANNA, "Description": "Anna Muster"}):
            self.infobase.add(CUSTOMERS, values)
        for sku in ("AMZ-SHIPPING", "AMZ-GIFTWRAP", "AMZ-COD", "AMZ-TIP"):
            self.infobase.add("Catalog_Products", {"Description": sku, "sku": sku})
        self.infobase.add("Catalog_Products", {"Description": "Tea", "sku": "TEA"})
        self.amazon, self.onec = StandIn(self.account), StandIn(self.infobase)
        self.on_write: Callable[[str, httpx.Request], None] = lambda *_: None
        self._transport_to = transport_to
        self._directory = directory
        self._placed = 0
        self.ledger = Ledger.open(directory).own(self.clock())
        self.parts = self._build()

    # -------------------- the adapter

    def restart(self) -> None:
        """The process starts anew: nothing but the ledger is left of it."""
        if self._directory is not None:
            self.ledger.close()
            self.ledger = Ledger.open(self._directory)
        self.ledger.own(self.clock())
        self.parts = self._build()

    def lose_ledger(self) -> None:
        """Start with an empty ledger."""
        self.ledger.close()
        for file in self._directory.glob("ledger*") if self._directory else ():
            file.unlink()
        self.ledger = Ledger.open(self._directory).own(self.clock())
        self.parts = self._build()

    def _build(self) -> Parts:
        http = HttpClient("https://amazon.test", transport=self._transport_to(self.amazon))
        tokens = LwaTokens(
            http, "amzn1.application-oa2-client.demo", "amzn1.oa2-cs.v1.demo", "Atzr|demo", self.clock, account="shop"
        )
        seller_id = self.account.seller_id
        budget = Budget(seller_id, self.ledger.notes, now=self.clock, monotonic=self.clock.monotonic)
        calls = Calls(http, tokens, budget, account="shop", user_agent="Test/1 (Language=Python)", now=self.clock)
        self.calls = calls
        wanted = wanted_data(self.mapping.rules)
        extra = set(wanted.asked) - set(wanted.needed)
        seller: OrdersReader = OrdersV0Client(calls, (GERMANY,), self.clock, wanted.private)
        if self.orders_api != "v0":
            seller = YieldingReader(OrdersClient(calls, wanted.private), "shop", self.ledger, self.clock, extra)
        since = START - timedelta(days=1)
        client = self.client()
        return Parts(
            ledger=self.ledger,
            accounts=[
                Account(
                    "shop",
                    seller_id,
                    seller,
                    since,
                    included=wanted.asked,
                    needed=frozenset(wanted.needed),
                    check=AccountCheck("shop", SellersClient(calls, Region.EU), ()),
                    old=OldOrders(
                        ReportsClient(calls, self._documents),
                        lambda: budget.seconds_until(
                            GET_ORDERS if self.orders_api == "v0" else SEARCH_ORDERS, SEARCH_RESERVE + 1
                        ),
                        region_marketplaces(Region.EU),
                    ),
                    pace=Pace(budget, GET_ORDERS, GET_ITEMS, whole_pages=False)
                    if self.orders_api == "v0"
                    else Pace(budget, SEARCH_ORDERS, GET_ORDER),
                )
            ],
            infobase=client,
            sessions=[client],
            mapping=self.mapping,
            identity=Identity("test", "books"),
            quarantine=self.QUARANTINE,
            refresh=timedelta(days=365),
            now=self.clock,
            sleep=lambda seconds: self.clock.forward(seconds=seconds),
        )

    def _documents(self, origin: str, deadline: float) -> HttpClient:
        """A connection to where Amazon's reports lie."""
        return HttpClient(origin, deadline=deadline, transport=self._transport_to(self.amazon))

    def client(self) -> InfobaseClient:
        """A connection to the infobase."""
        onec = HttpClient("http://1c.test", transport=Watched(self, self._transport_to(self.onec)))
        return InfobaseClient(onec, "http://1c.test/training", "odata", self.password, monotonic=self.clock.monotonic)

    def sync(self, **options: Any) -> Sync:
        return Sync(self.parts, **options)

    def run(self, minutes: float = 3, **options: Any) -> Report:
        """Let time pass, so that Amazon shows what has happened, and run once."""
        self.clock.forward(minutes=minutes)
        return self.sync().run(**options)

    def settle(self) -> Report:
        """Faults are over and time passes: run until nothing is left to wait for."""
        self.onec.faults.clear()
        for _ in range(3):
            report = self.run(minutes=11)
        return report

    # -------------------- what happens

    def order(
        self, status: str = "UNSHIPPED", *, sku: str = "TEA", quantity: int = 1, buyer: str = "Anna Muster"
    ) -> str:
        """Somebody orders; the order's id."""
        self._placed += 1
        order_id = f"302-0000000-{self._placed:07}"
        self.account.put(_wire(order_id, self.clock(), status, sku, quantity, buyer))
        return order_id

    def old_order(self, days: float, *, sku: str = "TEA", buyer: str = "Anna Muster") -> str:
        """An order that was placed and shipped so many days ago; no sweep tells of it any more. Its id."""
        self._placed += 1
        order_id = f"302-0000000-{self._placed:07}"
        order = _wire(order_id, self.clock() - timedelta(days=days), "SHIPPED", sku, 1, buyer)
        self.account.put(order | {"createdTime": order["lastUpdatedTime"]})
        return order_id

    def change(self, order_id: str, *, sku: str = "TEA", quantity: int = 1, buyer: str = "Anna Muster") -> None:
        """The order is another one now, in the same state."""

        def change(order: dict[str, Any]) -> None:
            status = order["fulfillment"]["fulfillmentStatus"]
            fresh = _wire(order_id, self.clock(), status, sku, quantity, buyer)
            order |= {name: fresh[name] for name in ("buyer", "proceeds", "orderItems")}

        self.account.edit(order_id, change)

    def fault(self, **fault: Any) -> None:
        self.onec.faults.add(Fault(**fault))

    def modes(self, **modes: Any) -> None:
        """The infobase behaves in another way from now on."""
        self.infobase.modes = replace(self.infobase.modes, **modes)

    def probed(self, **capabilities: str) -> None:
        """The administrator's probe has found these out, about the order document."""
        for name, value in capabilities.items():
            self.ledger.notes.keep_capability(ORDERS, name, value, self.clock())

    def edit(self, order_id: str, **values: Any) -> None:
        """A person changes the order's document in 1C."""
        self.infobase.edit(ORDERS, self.document(order_id)["Ref_Key"], values)

    # -------------------- what there is

    def documents(self, order_id: str) -> list[dict[str, Any]]:
        return [row for row in self.infobase.rows(ORDERS) if order_id in row["Comment"] or row["Number"] == order_id]

    def document(self, order_id: str) -> dict[str, Any]:
        (document,) = self.documents(order_id)
        return document

    def entry(self, order_id: str) -> Entry:
        (entry,) = self.ledger.entries.of_order(order_id)
        return entry

    def state(self, order_id: str) -> State | None:
        return next((entry.state for entry in self.ledger.entries.of_order(order_id)), None)

    def requests(self) -> list[str]:
        """What the infobase was asked since the last time, without reads of catalogs and the schema."""
        kept = [f"{entry.method} {_what(entry.target)}" for entry in self.onec.log]
        self.onec.log.clear()
        return [line for line in kept if line not in {"GET $metadata", f"GET {CUSTOMERS}", "GET Catalog_Products"}]

    def writes(self) -> int:
        """How many writes the infobase has been asked for so far."""
        return sum(entry.method != "GET" for entry in self.onec.log)


def _what(target: str) -> str:
    name = target.partition("?")[0].rpartition("/")[2]
    return name.partition("(")[0]


def _never(seconds: float) -> None:
    raise AssertionError(f"nothing may sleep, asked for {seconds} s")


def _wire(order_id: str, at: datetime, status: str, sku: str, quantity: int, buyer: str) -> dict[str, Any]:
    """An order of one line at 10 euro a piece, in the form of the Orders API."""
    moment = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    total = {"amount": str(Decimal("10.00") * quantity), "currencyCode": "EUR"}
    parts = [{"type": "ITEM", "subtotal": total}]
    item = {
        "orderItemId": order_id[-7:] + "0000001",
        "quantityOrdered": quantity,
        "product": {"asin": "B000000001", "title": "Tea", "sellerSku": sku},
        "proceeds": {"proceedsTotal": total, "breakdowns": parts},
        "fulfillment": {"quantityFulfilled": 0, "quantityUnfulfilled": quantity},
    }
    return {
        "orderId": order_id,
        "createdTime": START.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "lastUpdatedTime": moment,
        "salesChannel": {"channelName": "AMAZON", "marketplaceId": GERMANY, "marketplaceName": "Amazon.de"},
        "buyer": {"buyerName": buyer} if buyer else {},
        "proceeds": {"grandTotal": total, "breakdowns": parts},
        "fulfillment": {"fulfilledBy": "MERCHANT", "fulfillmentStatus": status},
        "orderItems": [item],
    }


@pytest.fixture(scope="session")
def mapping_with(tmp_path_factory):
    """Makes the preset `training` with some texts in it replaced."""
    made: dict[tuple[tuple[str, str], ...], LoadedRules] = {}

    def mapping_with(*changes: tuple[str, str]) -> LoadedRules:
        if changes not in made:
            text = preset_path("training").read_text(encoding="utf-8")
            for old, new in changes:
                assert old in text
                text = text.replace(old, new)
            file = tmp_path_factory.mktemp("mapping") / "mapping.yaml"
            file.write_text(text, encoding="utf-8")
            made[changes] = load_mapping(file)
        return made[changes]

    return mapping_with


@pytest.fixture
def open_world(mapping_with, transport_to):
    """Opens a `World`; `changes` are texts to replace in the mapping."""
    worlds: list[World] = []

    def open_world(*changes: tuple[str, str], directory: Path | None = None, model: Model | None = None) -> World:
        worlds.append(World(mapping_with(*changes), transport_to, directory, model))
        return worlds[-1]

    yield open_world
    for world in worlds:
        world.ledger.close()


@pytest.fixture
def world(open_world):
    """A `World` with the preset `training`."""
    return open_world()
