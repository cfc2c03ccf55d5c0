"""New products with what Amazon's catalog tells: asked once, kept, and never in the way of other orders."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from adapter.amazon.catalog_items import CatalogItemsClient
from adapter.amazon.errors import AccessDenied, AmazonUnavailable, Throttled
from adapter.ledger import Ledger
from adapter.model.entry import State
from adapter.model.item import CatalogItem
from adapter.planning.items import KnownItems, described
from adapter.reading.items import CatalogCopy
from adapter.simulators.amazon import Item
from adapter.simulators.faults import Fault
from tests.world import Clock

CREATE = ("otherwise: hold\n  create:\n    sku", "otherwise: create\n  create:\n    sku")
DE, ASIN, EAN = "A1PA6795UKMFR9", "B000000001", "4006381333931"
KEY = (DE, ASIN)
ITEM = CatalogItem(ASIN, "Green tea, 100 g", "Nordwind", (EAN,))


def calls(world) -> int:
    return sum("/catalog/" in entry.target for entry in world.amazon.log)


@pytest.fixture
def shop(open_world):
    """A world whose mapping makes new products of what Amazon's catalog tells."""
    world = open_world(CREATE, ("Description: {from: line.title}", 'Description: {text: "{item.title} / {item.ean}"}'))
    account = world.parts.accounts[0]
    world.parts = replace(world.parts, accounts=[replace(account, items=CatalogItemsClient(world.calls))])
    world.account.catalog.add(Item(ASIN, ITEM.title, "GREEN", ITEM.brand, EAN))
    world.one = world.sync()
    return world


def run(world):
    world.clock.forward(minutes=3)
    return world.one.run()


def product(world, sku):
    return next((row["Description"] for row in world.infobase.rows("Catalog_Products") if row["sku"] == sku), None)


def test_a_new_product(shop):
    order, known = shop.order(sku="GREEN"), shop.order()
    run(shop)
    assert product(shop, "GREEN") == f"Green tea, 100 g / {EAN}"
    assert [shop.entry(each).state for each in (order, known)] == [State.DONE, State.DONE]
    assert calls(shop) == 1
    shop.order(sku="GREEN")
    run(shop)
    assert calls(shop) == 1


def test_amazon_does_not_know_it(shop):
    """The order's own title is taken, and Amazon is not asked again on the same day."""
    shop.order(sku="RED")
    shop.account.catalog._items.clear()
    run(shop)
    assert product(shop, "RED") == "Tea /"
    assert calls(shop) == 1


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Fault("status", path="/catalog/", times=0, status=503), "Amazon is unavailable"),
        (Fault("status", path="/catalog/", times=0, status=429), "allows no more calls"),
        (Fault("status", path="/catalog/", times=0, status=403), "has a role that allows this"),
    ],
)
def test_the_catalog_cannot_be_asked(shop, fault, words):
    """The order is held with the reason until Amazon tells; other orders go their way."""
    new, known = shop.order(sku="GREEN"), shop.order()
    shop.amazon.faults.add(fault)
    run(shop)
    assert shop.entry(known).state is State.DONE
    assert shop.entry(new).state is State.HELD
    (reason,) = shop.entry(new).reasons
    assert "Amazon's catalog has not told of it yet" in reason
    assert words in reason
    asked = calls(shop)
    run(shop)
    again = calls(shop) - asked
    assert again == 0 if fault.status == 403 else again > 0  # a role is not given in minutes
    shop.amazon.faults.clear()
    shop.clock.forward(hours=1)
    run(shop)
    assert shop.entry(new).state is State.DONE
    assert product(shop, "GREEN") == f"Green tea, 100 g / {EAN}"


def test_the_plan_is_what_is_done(shop):
    order = shop.order(sku="GREEN")
    shop.clock.forward(minutes=3)
    plan, _ = shop.one.plan()
    (step,) = plan
    assert step.new_elements[0].properties["Description"] == f"Green tea, 100 g / {EAN}"
    run(shop)
    assert shop.entry(order).state is State.DONE
    assert calls(shop) == 1


def test_a_held_order_says_what_amazon_calls_it(open_world):
    world = open_world()
    account = world.parts.accounts[0]
    world.parts = replace(world.parts, accounts=[replace(account, items=CatalogItemsClient(world.calls))])
    world.account.catalog.add(Item(ASIN, ITEM.title, "GREEN", ITEM.brand, EAN))
    order = world.order(sku="GREEN")
    world.run()
    assert world.entry(order).reasons[0].endswith(f'(Amazon calls it "Green tea, 100 g", Nordwind, EAN {EAN})')


def test_what_people_read():
    assert described(None) == described(CatalogItem("B0")) == ""
    assert described(CatalogItem("B0", brand="Nordwind")) == " (Amazon calls it Nordwind)"


# -------------------- the copy


class Catalog:
    def __init__(self, *answers):
        self.answers, self.asked = list(answers), []

    def by_asin(self, marketplace_id, asins):
        self.asked.append((marketplace_id, len(asins)))
        answer = self.answers.pop(0) if self.answers else {}
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def copy(clock):
    with Ledger.open(None) as ledger:
        yield CatalogCopy(ledger.own(clock()), clock, lambda seconds: clock.forward(seconds=seconds))


def test_twenty_at_a_time_and_each_marketplace_for_itself(copy):
    catalog = Catalog()
    keys = {(DE, f"B{number:09}") for number in range(45)} | {("A13V1IB3VIYZZH", "B1")}
    copy.read("main", catalog, keys)
    assert catalog.asked == [("A13V1IB3VIYZZH", 1), (DE, 20), (DE, 20), (DE, 5)]
    assert copy.known(keys) == KnownItems()
    assert copy.wanted(keys) == set()


@pytest.mark.parametrize(("told", "days"), [({ASIN: ITEM}, 30), ({}, 1)])
def test_how_long_it_is_kept(copy, clock, told, days):
    copy.read("main", Catalog(told), {KEY})
    found = {KEY: ITEM} if told else {}
    clock.forward(days=days, seconds=-1)
    assert (copy.known({KEY}), copy.wanted({KEY})) == (KnownItems(found), set())
    clock.forward(seconds=2)
    assert copy.wanted({KEY}) == {KEY}
    assert copy.known({KEY}).found == found  # better old than none
    clock.forward(days=-60)  # the clock was put back: the copy is of the future
    assert copy.wanted({KEY}) == {KEY}


def test_a_short_wait_is_worth_it(copy, clock):
    catalog = Catalog(Throttled("soon", 0.5), {ASIN: ITEM})
    copy.read("main", catalog, {KEY})
    assert (copy.known({KEY}).found, len(catalog.asked)) == ({KEY: ITEM}, 2)
    catalog = Catalog(Throttled("later", 60))
    copy.read("main", catalog, {(DE, "B2")})
    assert (copy.known({(DE, "B2")}).missing, len(catalog.asked)) == ({(DE, "B2"): "later"}, 1)


def test_what_was_asked_in_vain(copy, clock):
    catalog = Catalog(AmazonUnavailable("503"), AccessDenied("no role"), {ASIN: ITEM})
    copy.read("main", catalog, {KEY})
    assert copy.wanted({KEY}) == set()  # not again in this run
    copy.failed.clear()
    copy.read("main", catalog, {KEY})
    copy.failed.clear()
    copy.read("main", catalog, {KEY})  # refused: not again within the hour
    assert copy.known({KEY}).missing == {KEY: "no role"}
    assert len(catalog.asked) == 2
    clock.now += timedelta(hours=1)
    copy.failed.clear()
    copy.read("main", catalog, {KEY})
    assert copy.known({KEY}).found == {KEY: ITEM}
