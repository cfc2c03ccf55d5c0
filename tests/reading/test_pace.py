"""How fast an account is read: both budgets are spent, and a reserve stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from adapter.daemon import seconds_to_next_run
from adapter.ledger.wanted import Wanted
from adapter.model.wish import BACKFILL, NOTIFICATION
from adapter.reading.sweep import read_orders
from tests.world import START

SEARCH, SINGLE = "searchOrders", "getOrder"
DAYS = timedelta(days=1)


@pytest.fixture
def pace(world):
    return world.parts.accounts[0].pace


def spend(pace, operation: str, left: float) -> None:
    while pace.budget.level(operation)[0] > left + 0.5:
        assert pace.budget.take(operation) == 0.0
        pace.budget.landed(operation)


def known(world, count: int, *, hidden: int = 0) -> list[str]:
    """Orders of before the account is read, a minute apart, of which a report has told all but `hidden`."""
    now, world.clock.now = world.clock.now, START - 100 * DAYS
    placed = []
    for _ in range(count):
        placed.append(world.order())
        world.clock.forward(minutes=1)
    world.clock.now = now
    told = placed[: count - hidden]
    times = {order_id: START - 100 * DAYS + timedelta(minutes=n) for n, order_id in enumerate(placed)}
    world.ledger.wanted.add([Wanted("shop", one, BACKFILL, updated_at=times[one]) for one in told], now)
    return placed


def calls(world) -> tuple[int, int]:
    """Searches and single orders that were asked for."""
    targets = [entry.target for entry in world.amazon.log if "/orders" in entry.target]
    searches = sum("/orders?" in target for target in targets)
    return searches, len(targets) - searches


def read(world):
    return read_orders(world.parts.accounts[0], world.ledger, world.clock)


def stored(world) -> set[str]:
    return {order.order_id for order in world.ledger.orders.open()}


@pytest.mark.parametrize(
    ("tokens", "wanted", "seconds"),
    [
        (20, 180, 1.02 / 0.0056 / 0.98),
        (5, 180, 1.02 / 0.0056 / 0.98),
        (4, 180, 1.25 / 0.0056 / 0.98),
        (0, 1800, 1800),
        (20, 60, 1.02 / 0.0056 / 0.98),
    ],
)
def test_polling_adapts_to_the_budget(pace, tokens, wanted, seconds):
    spend(pace, SEARCH, tokens)
    assert pace.between_sweeps(timedelta(seconds=wanted)).total_seconds() == pytest.approx(seconds)


def test_polling_follows_the_rate_that_amazon_tells(pace):
    pace.budget.correct(SEARCH, "0.002")
    assert pace.between_sweeps(timedelta(seconds=180)).total_seconds() == pytest.approx(1.02 / 0.002 / 0.98)
    pace.budget.correct(SEARCH, "0.05")
    assert pace.between_sweeps(timedelta(seconds=180)).total_seconds() == 180


def test_a_reserve_that_was_used_up_fills_again_while_polling(world, pace):
    spend(pace, SEARCH, 0)
    begun, sync = world.clock(), world.sync()
    while world.clock() - begun < timedelta(hours=3):
        report = sync.run(poll_every=timedelta(seconds=180))
        world.clock.forward(seconds=seconds_to_next_run(report, sync))
    assert pace.budget.level(SEARCH)[0] >= 5
    assert calls(world)[0] > 45  # of 59 that Amazon grants meanwhile


def test_orders_that_can_wait_leave_the_reserve(world, pace):
    placed = known(world, 40)
    spend(pace, SEARCH, 1)  # for the sweep
    report = read(world)
    assert calls(world) == (1, 25)
    assert report.waiting == 15
    assert report.wait_seconds == pytest.approx((17.5 - 5) / 0.49)
    assert stored(world) == set(placed[-25:])  # the newest first
    world.ledger.wanted.add([Wanted("shop", placed[0], NOTIFICATION)], world.clock())
    read(world)
    assert stored(world) == {placed[0], *placed[-25:]}
    world.clock.forward(seconds=report.wait_seconds)
    read(world)
    assert calls(world)[1] == 25 + 1 + 11
    assert world.ledger.wanted.counts() == {"shop": 3}


def test_searches_to_spare_bring_a_hundred_known_orders_each(world, pace):
    placed = known(world, 230)
    report = read(world)
    assert calls(world) == (1 + 2, 25)
    assert stored(world) == {*placed[:200], *placed[-25:]}
    assert (report.pages, report.orders, report.complete, report.waiting) == (3, 225, True, 5)


def test_searches_for_known_orders_leave_the_reserve(world, pace):
    known(world, 200)
    spend(pace, SEARCH, 6)
    read(world)
    assert calls(world)[0] == 1
    spend(pace, SEARCH, 0)
    world.clock.forward(minutes=22)
    read(world)
    assert calls(world)[0] == 1 + 2
    assert pace.budget.level(SEARCH)[0] >= 5


def test_orders_that_nobody_wants_are_not_stored(world):
    """Of the time of the wanted ones, but of before the day from which a person wants to have them."""
    placed = known(world, 120, hidden=20)
    read(world)
    assert stored(world) == set(placed[:100])


def test_known_orders_that_have_changed_since_are_asked_for_by_themselves(world):
    placed = known(world, 120)
    for order_id in placed[::2]:
        world.account.edit(order_id)
    account = world.parts.accounts[0]
    world.parts = replace(world.parts, accounts=[replace(account, read_from=START + DAYS)])  # no sweep sees them
    for _ in range(5):
        read(world)
        world.clock.forward(minutes=2)
    assert stored(world) == set(placed)
    assert world.ledger.wanted.counts() == {}
    first, *others = [entry.target for entry in world.amazon.log if "Before" in entry.target]
    assert "lastUpdatedAfter=2026-01-24T09%3A00%3A00Z" in first
    assert others == []


def test_a_page_of_the_sweep_fulfils_wishes(world):
    order_id = world.order()
    world.ledger.wanted.add([Wanted("shop", order_id, NOTIFICATION, updated_at=world.clock())], world.clock())
    world.clock.forward(minutes=3)
    read(world)
    assert calls(world) == (1, 0)
    assert stored(world) == {order_id}
