"""Back-fills against the stand-in: every old order once, within the budgets, whatever breaks on the way."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from adapter.amazon.query import SearchQuery
from adapter.ledger.backfills import DONE, FAILED, SEARCHED, STOPPED, Backfill
from adapter.ledger.wanted import Wanted
from adapter.model.wish import BACKFILL
from adapter.reading.account import ReadReport
from adapter.reading.backfill import BOTH, REPORTS, SEARCH, carry_on, way_for, windows_for
from adapter.reading.backfill_run import pause_after, read_old
from adapter.reading.bulk import FEW
from adapter.reading.sweep import read_orders
from adapter.simulators.amazon import OrderOptions, generate
from adapter.simulators.amazon.buckets import PUBLISHED_RATES
from adapter.simulators.faults import Fault
from tests.world import START, Crash

BEFORE = START - timedelta(minutes=10)


def place(world, count: int, days: float, seed: int = 5) -> set[str]:
    """Orders of the last days; their ids."""
    orders = generate(count, seed, BEFORE, OrderOptions(spread=timedelta(days=days)))
    for order in orders:
        world.account.put(order)
    return {order["orderId"] for order in orders}


def ask(world, days: float, way: str, until: datetime = BEFORE) -> Backfill:
    since = START - timedelta(days=days)
    return world.ledger.backfills.ask("shop", since, until, way, windows_for(since, until, way), world.clock())


def go(world) -> ReadReport:
    return read_old(world.parts.accounts[0], world.ledger, world.clock)


def until_over(world, limit: timedelta = timedelta(days=3)) -> list[str]:
    """Go on as a command does, on the world's clock; what was told on the way."""
    told: list[str] = []
    ends_at = world.clock() + limit
    while world.ledger.backfills.open("shop") is not None:
        assert world.clock() < ends_at
        read = go(world)
        told += read.problems
        world.clock.forward(seconds=pause_after(read))
    return told


def have(world) -> set[str]:
    return {order.order_id for order in world.ledger.orders.open()}


def calls(world, part: str) -> int:
    return sum(part in entry.target for entry in world.amazon.log)


def asked_for(world) -> Counter[str]:
    """How often each order was asked for by itself."""
    prefix = "/orders/2026-01-01/orders/"
    return Counter(entry.target.partition("?")[0] for entry in world.amazon.log if entry.target.startswith(prefix))


@pytest.mark.parametrize(("way", "days"), [(SEARCH, 100), (REPORTS, 100), (BOTH, 100), (SEARCH, 5)])
def test_every_old_order_is_read_once(world, way, days):
    for operation, rate in PUBLISHED_RATES.items():
        world.account.set_rate(operation, rate)
    wanted = place(world, 120, days - 0.1)
    backfill = ask(world, days, way)
    assert until_over(world) == []
    assert have(world) == wanted
    assert set(asked_for(world).values()) <= {1}
    assert world.account.throttled == {}
    ended = world.ledger.backfills.get(backfill.number)
    progress = world.ledger.backfills.progress(ended)
    assert (ended.state, progress.windows_done, progress.waiting, progress.share) == (
        DONE, progress.windows, 0, 1.0,
    )  # fmt: skip
    assert progress.found == len(wanted)


def test_both_ways_at_once_divide_the_windows(world):
    wanted = place(world, 80, 200)
    ask(world, 200, BOTH)
    until_over(world)
    assert have(world) == wanted
    assert calls(world, "createdAfter") > 0
    assert calls(world, "/documents/") > 0


def test_searches_are_spent_on_what_reports_have_told_of(world):
    """A window that is half searched then is left to a report: its token would wait for calls that others take."""
    for operation, rate in PUBLISHED_RATES.items():
        world.account.set_rate(operation, rate)
    account = world.parts.accounts[0]
    for _ in range(9):  # one search above the reserve is left
        account.client.search(SearchQuery(updated_after=BEFORE, marketplace_ids=account.marketplace_ids))
    wanted = place(world, 800, 100)
    backfill = ask(world, 100, BOTH)
    go(world)
    (half,) = [window for window in world.ledger.backfills.windows(backfill.number) if window.state == SEARCHED]
    assert (half.page_token is None, half.found) == (False, 100)
    busy = 0
    while world.ledger.backfills.open("shop") is not None:
        waiting, before = world.ledger.backfills.progress(backfill).waiting, calls(world, "createdAfter")
        world.clock.forward(seconds=pause_after(go(world)))
        if waiting >= FEW:
            busy += 1
            assert calls(world, "createdAfter") == before
    assert busy > 5
    assert have(world) == wanted
    assert set(asked_for(world).values()) <= {1}
    assert calls(world, "createdAfter") == 1
    assert world.account.throttled == {}


def test_what_the_ledger_has_is_not_asked_for_again(world):
    place(world, 60, 20)
    world.parts.accounts[0] = replace(world.parts.accounts[0], read_from=START - timedelta(days=30))
    read_orders(world.parts.accounts[0], world.ledger, world.clock)
    assert len(have(world)) == 60
    ask(world, 20, REPORTS)
    until_over(world)
    assert asked_for(world) == {}


def test_a_search_leaves_a_reserve_for_new_orders(world):
    for number in range(1100):
        world.old_order(1 + number / 110)
    ask(world, 20, SEARCH)
    read = go(world)
    # Of the 20 that Amazon lets gather ten stay.
    assert (calls(world, "createdAfter"), read.again_seconds > 100) == (10, True)


def test_new_orders_do_not_wait_for_old_ones(world):
    world.ledger.wanted.add([Wanted("shop", f"302-{number:07}-0000000", BACKFILL) for number in range(100)], START)
    late = world.order()
    world.ledger.wanted.add([Wanted("shop", late, "notification")], START + timedelta(hours=1))
    assert world.ledger.wanted.next("shop", START, 1)[0].order_id == late


def test_a_wish_that_could_wait_becomes_urgent(world):
    wanted = world.ledger.wanted
    wanted.add([Wanted("shop", "1", BACKFILL), Wanted("shop", "2", BACKFILL)], START)
    wanted.add([Wanted("shop", "2", "notification")], START)
    assert [(one.order_id, one.reason) for one in wanted.next("shop", START, 2)] == [
        ("2", "notification"), ("1", BACKFILL),
    ]  # fmt: skip
    wanted.add([Wanted("shop", "2", BACKFILL)], START)
    assert wanted.next("shop", START, 1)[0].reason == "notification"


def test_an_order_that_a_sweep_brings_is_not_asked_for(world):
    order_id = world.order()
    world.ledger.wanted.add([Wanted("shop", order_id, BACKFILL)], START)
    world.run()
    assert (asked_for(world), world.ledger.wanted.counts()) == ({}, {})


# -------------------- what goes wrong


def test_a_report_that_fails_is_ordered_again(world):
    wanted = place(world, 40, 25)
    world.account.reports.fatal = 1
    ask(world, 25, REPORTS)
    (told,) = until_over(world)
    assert "could not be made by Amazon" in told
    assert "The report could not be made." in told
    assert have(world) == wanted


@pytest.mark.parametrize("way", [REPORTS, BOTH])
def test_reports_that_always_fail(world, way):
    wanted = place(world, 40, 25)
    world.account.reports.fatal = 100
    backfill = ask(world, 25, way)
    if way == BOTH:  # searches are taken from us until the reports are given up
        world.parts.accounts[0] = replace(
            world.parts.accounts[0], old=replace(world.parts.accounts[0].old, spare=lambda: 3600.0)
        )
        while not any("searched through instead" in problem for problem in go(world).problems):
            world.clock.forward(minutes=5)
        world.restart()
    until_over(world)
    ended = world.ledger.backfills.get(backfill.number)
    if way == REPORTS:
        assert (ended.state, have(world)) == (FAILED, set())
        assert "amazon1c backfill --by search" in ended.words
    else:
        assert (ended.state, have(world)) == (DONE, wanted)


def test_a_report_of_nothing_is_cancelled_by_amazon_and_is_no_failure(world):
    backfill = ask(world, 90, REPORTS)
    assert until_over(world) == []
    assert world.ledger.backfills.get(backfill.number).state == DONE
    assert calls(world, "/documents/") == 0


def test_a_longer_window_than_amazon_makes_is_told_in_its_own_words(world):
    since = START - timedelta(days=40)
    (window, *_) = windows_for(since, BEFORE)
    world.ledger.backfills.ask("shop", since, BEFORE, REPORTS, [replace(window, until=BEFORE)], world.clock())
    told = until_over(world)
    assert "Date range exceeded. Report can be requested only upto 30 days" in told[0]


def cut(response):
    return replace(response, body=response.body[:-20])


def garbled(response):
    return replace(response, body=b"\x1f\x8b" + response.body[:40])


class Spoiled:
    """Spoils the first few documents."""

    def __init__(self, inner, spoil, times):
        self.inner, self.spoil, self.times = inner, spoil, times

    def handle(self, request):
        response = self.inner.handle(request)
        if request.path.startswith("/report-documents/") and self.times:
            self.times -= 1
            return self.spoil(response)
        return response

    def error(self, status):
        return self.inner.error(status)


@pytest.mark.parametrize("spoil", [cut, garbled], ids=["cut off", "no gzip"])
@pytest.mark.parametrize("times", [1, 3])
def test_a_document_that_comes_spoiled(world, spoil, times):
    wanted = place(world, 40, 25)
    world.amazon.service = Spoiled(world.account, spoil, times)
    ask(world, 25, REPORTS)
    assert len(until_over(world)) == times
    assert have(world) == wanted


def test_a_document_in_another_encoding_than_it_says(world):
    wanted = place(world, 60, 25)

    def lying(response):
        return replace(response, headers=(("Content-Type", "text/plain;charset=UTF-8"),))

    world.amazon.service = Spoiled(world.account, lying, 9)
    ask(world, 25, REPORTS)
    assert until_over(world) == []
    assert have(world) == wanted


def test_lines_that_come_twice(world):
    import gzip

    wanted = place(world, 40, 25)

    def doubled(response):
        header, *lines = gzip.decompress(response.body).splitlines(keepends=True)
        return replace(response, body=gzip.compress(header + b"".join(line * 2 for line in lines)))

    world.amazon.service = Spoiled(world.account, doubled, 9)
    ask(world, 25, REPORTS)
    assert until_over(world) == []
    assert (have(world), set(asked_for(world).values())) == (wanted, {1})


def test_an_order_that_amazon_does_not_know_any_more(world):
    wanted = place(world, 30, 25)
    gone = sorted(wanted)[7]
    world.amazon.faults.add(Fault(action="status", status=404, path=gone))
    backfill = ask(world, 25, REPORTS)
    (told,) = until_over(world)
    assert f"getOrder {gone}: Amazon knows no such order" in told
    assert have(world) == wanted - {gone}
    assert world.ledger.backfills.get(backfill.number).state == DONE


def test_amazon_is_away_for_a_while(world):
    wanted = place(world, 40, 25)
    ask(world, 25, BOTH)
    world.amazon.faults.add(Fault(action="status", status=503, times=60))
    until_over_through(world)
    assert have(world) == wanted


def until_over_through(world) -> None:
    """As `until_over`; failures of single goes are told and tried again, as the command does."""
    from adapter.errors import Unavailable

    for _ in range(2000):
        if world.ledger.backfills.open("shop") is None:
            return
        try:
            read = go(world)
        except Unavailable:
            world.clock.forward(minutes=1)
        else:
            world.clock.forward(seconds=pause_after(read))
    raise AssertionError("never over")


def test_reports_are_not_for_this_application(world):
    wanted = place(world, 40, 60)
    world.amazon.faults.add(Fault(action="status", status=403, path="/reports/", times=0))
    backfill = ask(world, 60, BOTH)
    told = until_over(world)
    assert "The old orders are searched for instead" in told[0]
    assert have(world) == wanted
    assert world.ledger.backfills.get(backfill.number).way == SEARCH


def test_reports_alone_that_are_not_allowed_end_it_clearly(world):
    world.amazon.faults.add(Fault(action="status", status=403, path="/reports/", times=0))
    backfill = ask(world, 60, REPORTS)
    until_over(world)
    ended = world.ledger.backfills.get(backfill.number)
    assert (ended.state, "Amazon refuses access" in ended.words) == (FAILED, True)


def test_the_search_of_a_window_whose_token_has_expired(world):
    wanted = place(world, 250, 25)
    ask(world, 25, SEARCH)
    account = world.parts.accounts[0]
    left = iter([0.0, 0.0, 3600.0])
    world.parts.accounts[0] = replace(account, old=replace(account.old, spare=lambda: next(left)))
    go(world)
    assert len(world.ledger.backfills.windows(1)) == 1
    world.clock.forward(hours=25)
    world.parts.accounts[0] = account
    until_over(world)
    assert have(world) == wanted


def test_stopped_by_a_person(world):
    place(world, 40, 25)
    backfill = ask(world, 25, REPORTS)
    while not world.ledger.wanted.counts():
        carry_on(world.parts.accounts[0], world.ledger, world.clock)
        world.clock.forward(minutes=1)
    world.ledger.backfills.end(backfill.number, STOPPED, world.clock())
    assert world.ledger.wanted.counts() == {}
    world.amazon.log.clear()
    assert go(world).orders == 0
    assert world.amazon.log == []


def test_one_at_a_time(world):
    first = ask(world, 25, REPORTS)
    assert ask(world, 99, SEARCH).number == first.number


class Dying:
    """Dies at a chosen request: before it is carried out, or behind its answer."""

    def __init__(self, inner):
        self.inner, self.at, self.after, self.seen = inner, -1, False, 0

    def handle(self, request):
        self.seen += 1
        if self.seen == self.at and not self.after:
            raise Crash
        response = self.inner.handle(request)
        if self.seen == self.at:
            raise Crash
        return response

    def error(self, status):
        return self.inner.error(status)


@pytest.mark.parametrize("way", [SEARCH, REPORTS, BOTH])
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_killed_at_any_request(open_world, tmp_path, way, after):
    """The process dies at each request in turn; the next one goes on with what the ledger holds."""
    world = open_world(directory=tmp_path)
    wanted = place(world, 12, 40)
    dying = world.amazon.service = Dying(world.account)
    dying.after = after
    backfill = ask(world, 400 if way == SEARCH else 40, way)
    deaths = 0
    for _ in range(200):
        if world.ledger.backfills.open("shop") is None:
            break
        dying.at = dying.seen + 2 + deaths % 6  # behind the one for an access token
        try:
            read = go(world)
        except Crash:
            deaths += 1
            world.restart()
            world.clock.forward(seconds=1)
        else:
            world.clock.forward(seconds=pause_after(read))
    assert deaths > 1
    assert world.ledger.backfills.get(backfill.number).state == DONE
    assert have(world) == wanted


@pytest.mark.parametrize("table", ["wanted", "backfills", "orders"])
def test_killed_between_two_changes_of_the_ledger(open_world, tmp_path, table, monkeypatch):
    world = open_world(directory=tmp_path)
    wanted = place(world, 12, 40)
    ask(world, 40, BOTH)
    dying = {"wanted": ("wanted", "add"), "backfills": ("backfills", "put"), "orders": ("orders", "store_one")}[table]
    for _ in range(1000):
        if world.ledger.backfills.open("shop") is None:
            break
        part = getattr(world.ledger, dying[0])
        carried = getattr(part, dying[1])
        count = iter(range(10**6))

        def once(*given, carried=carried, count=count, **named):
            if next(count) == 1:
                raise Crash
            return carried(*given, **named)

        monkeypatch.setattr(part, dying[1], once)
        try:
            read = go(world)
        except Crash:
            world.restart()
            world.clock.forward(seconds=30)
        else:
            monkeypatch.undo()
            world.clock.forward(seconds=pause_after(read))
    assert world.ledger.backfills.open("shop") is None
    assert have(world) == wanted


def test_v0_finds_old_orders_too(world):
    world.orders_api = "v0"
    world.restart()
    germany = {
        order["orderId"]
        for order in generate(40, 5, BEFORE, OrderOptions(spread=timedelta(days=20)))
        if order["salesChannel"].get("marketplaceId") == "A1PA6795UKMFR9"
    }
    place(world, 40, 20)
    ask(world, 20, SEARCH)
    until_over(world)
    assert have(world) == germany


# -------------------- windows


def test_windows_cover_the_range_without_gaps():
    since = START - timedelta(days=731)
    windows = windows_for(since, START)
    assert (windows[0].since, windows[-1].until, len(windows)) == (since, START, 25)
    assert all(first.until == second.since for first, second in pairwise(windows))
    assert max(window.until - window.since for window in windows) <= timedelta(days=30)
    assert windows_for(START, START)[0].until == START
    assert len(windows_for(since, START, SEARCH)) == 9


def test_short_ranges_are_searched_through():
    assert (way_for(START - timedelta(days=7), START), way_for(START - timedelta(days=8), START)) == (SEARCH, BOTH)
