"""Hours of reading on a virtual clock, small: what `./dev bench ingest` measures in full."""

from __future__ import annotations

import statistics
from datetime import timedelta

from tests.benchmarks.ingest import BURST, BY_BOTH, BY_SEARCH, Shop, days, orders, pace
from tests.world import START, Clock

SMALLER = 10
"""Orders on a page are a tenth of Amazon's, and so are the figures that hang on it."""

HOUR = timedelta(hours=1)
MINUTES = 15.5


def shop(name, clock, placed, **options):
    return Shop(name, clock, placed, page_size=100 // SMALLER, **options)


def test_a_backlog_beside_a_quiet_account_and_two_restarts():
    clock = Clock()
    backlog = orders(250, START - 200 * HOUR, START - HOUR, "301")
    busy = shop("busy", clock, backlog + orders(10, START, START + 1.5 * HOUR, "302"))
    calm = shop("calm", clock, orders(30, START, START + 1.5 * HOUR, "303"))
    with days(busy, calm) as day:
        for hours in (0.15, 0.8, 1.7):
            day.run(START + timedelta(hours=hours))
            day.restart()
        assert day.lost() == 0
    assert [one.service.throttled for one in day.shops] == [{}, {}]
    assert busy.twice + calm.twice == 0
    assert sum(at == START for at in busy.read_at.values()) == BURST / SMALLER
    done = max(busy.read_at[order["orderId"]] for order in backlog)
    assert pace(busy, START, done) * SMALLER >= 0.95 * BY_SEARCH
    assert [one.calls("/auth/o2/token") for one in day.shops] == [2, 2]  # in 102 minutes, whatever the restarts
    ages = sorted((at - calm.times[order_id]).total_seconds() / 60 for order_id, at in calm.planned_at.items())
    assert len(ages) == 30
    assert (statistics.median(ages) <= 4, ages[28] <= 6) == (True, True)


def test_both_budgets_are_spent_at_once():
    clock = Clock()
    one = shop(
        "one",
        clock,
        orders(280, START - 100 * HOUR, START - HOUR, "301"),
        read_from=START - 101 * HOUR,
        known=orders(500, START - 9000 * HOUR, START - 200 * HOUR, "300"),
    )
    with days(one) as run:
        run.want(one)
        run.run(START + timedelta(minutes=MINUTES))
    assert one.service.throttled == {}
    assert one.twice == 0
    minute = pace(one, START, START + timedelta(minutes=MINUTES))
    search, both = BY_SEARCH / SMALLER, BY_BOTH - BY_SEARCH
    assert minute >= 0.95 * (search + both)
