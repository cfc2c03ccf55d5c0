"""Single orders: none is lost, none keeps the others waiting."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from adapter.amazon.errors import AmazonUnavailable, BadAnswer, OrderNotFound, Throttled
from adapter.amazon.page import Page, WireOrder
from adapter.amazon.query import SearchQuery
from adapter.ledger import Ledger
from adapter.ledger.wanted import Wanted
from adapter.reading.account import Account, ReadReport
from adapter.reading.single import read_wanted
from adapter.reading.sweep import peek_orders, read_orders

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


@dataclass
class Reader:
    """A version of the API whose pages tell orders in part only."""

    heads: list[WireOrder] = field(default_factory=list)
    failing: dict[str, Exception] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    version: str = "orders/test"

    def search(self, query: SearchQuery, page_token: str | None = None) -> Page:
        return Page((), None, NOW, heads=tuple(self.heads))

    def get_order(self, order_id: str, included: tuple[str, ...] = (), head: str | None = None) -> WireOrder:
        self.asked.append(order_id)
        if order_id in self.failing:
            raise self.failing[order_id]
        return WireOrder(order_id, NOW, f'{{"head":{head or "null"}}}')


@pytest.fixture
def ledger():
    with Ledger.open(None) as ledger:
        yield ledger.own(NOW)


@pytest.fixture
def reader():
    return Reader()


@pytest.fixture
def account(reader):
    return Account("shop", "A1", reader, NOW - timedelta(days=1))


def want(ledger: Ledger, *ids: str) -> None:
    ledger.wanted.add([Wanted("shop", order_id, "test") for order_id in ids], NOW)


def kept(ledger: Ledger) -> list[str]:
    return [order.order_id for order in ledger.orders.open()]


def test_heads_of_a_page_are_completed(reader, account, ledger):
    reader.heads = [WireOrder("1", NOW, '"one"'), WireOrder("2", NOW, '"two"')]
    assert read_orders(account, ledger, lambda: NOW) == ReadReport(pages=1, orders=2, changed=2, complete=True)
    found = ledger.orders.open()
    assert [(order.reader, order.content) for order in found] == [
        ("orders/test", '{"head":"one"}'),
        ("orders/test", '{"head":"two"}'),
    ]
    read_orders(account, ledger, lambda: NOW)
    assert reader.asked == ["1", "2"]  # the same version is not asked for again


def test_a_dry_look_completes_heads_in_memory(reader, account, ledger):
    reader.heads = [WireOrder("1", NOW, '"one"'), WireOrder("2", NOW, '"two"')]
    reader.failing["2"] = Throttled("later", 7.0)
    found, report = peek_orders(account, ledger)
    assert ([order.content for order in found], report.wait_seconds) == (['{"head":"one"}'], 7.0)
    assert (kept(ledger), ledger.wanted.counts()) == ([], {})


def test_throttled_in_the_middle(reader, account, ledger):
    want(ledger, "1", "2", "3")
    reader.failing["2"] = Throttled("later", 2.0)
    report = read_wanted(account, ledger, lambda: NOW)
    assert (report.orders, report.waiting, report.wait_seconds) == (1, 2, 2.0)
    reader.failing.clear()
    assert read_wanted(account, ledger, lambda: NOW).orders == 2
    assert kept(ledger) == ["1", "2", "3"]


def test_one_that_cannot_be_told_never_keeps_the_others_waiting(reader, account, ledger):
    want(ledger, "1", "2", "3")
    reader.failing |= {"1": BadAnswer("cut off"), "2": OrderNotFound("no such order")}
    report = read_wanted(account, ledger, lambda: NOW)
    assert (report.problems, report.waiting, kept(ledger)) == (("cut off", "no such order"), 1, ["3"])
    reader.failing.clear()
    assert read_wanted(account, ledger, lambda: NOW + timedelta(minutes=4)).orders == 0
    assert read_wanted(account, ledger, lambda: NOW + timedelta(minutes=5)).orders == 1


def test_when_amazon_is_down_everything_stays_wanted(reader, account, ledger):
    want(ledger, "1", "2")
    reader.failing["1"] = AmazonUnavailable("down")
    with pytest.raises(AmazonUnavailable):
        read_wanted(account, ledger, lambda: NOW)
    assert ledger.wanted.counts() == {"shop": 2}


def test_a_stop_between_two(reader, account, ledger):
    want(ledger, "1", "2")
    report = read_wanted(account, ledger, lambda: NOW, lambda: len(reader.asked) == 1)
    assert (report.orders, report.waiting) == (1, 1)
