"""Orders and cursors: a page and where to go on are one, and the newest content wins."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapter.errors import AdapterError
from adapter.ledger import Ledger
from adapter.ledger.orders import Cursor, SeenOrder
from adapter.model.bucket import Bucket

NOW = datetime(2026, 5, 4, 9, tzinfo=UTC)
CURSOR = Cursor(NOW, NOW + timedelta(minutes=1), "token", NOW + timedelta(seconds=1), NOW - timedelta(hours=1))


@pytest.fixture
def ledger():
    with Ledger.open(None) as ledger:
        yield ledger.own(NOW)


def order(content: str, minutes: int | None = 0, order_id: str = "302-1") -> SeenOrder:
    updated_at = None if minutes is None else NOW + timedelta(minutes=minutes)
    return SeenOrder("shop", order_id, content, updated_at=updated_at)


def test_page_and_cursor(ledger):
    assert ledger.orders.cursor("shop") is None
    page = [order("a"), order("b", order_id="302-2")]
    assert ledger.orders.store_page("shop", page, CURSOR, NOW) == 2
    assert ledger.orders.cursor("shop") == CURSOR
    assert ledger.orders.open() == page
    assert ledger.orders.open("other") == []
    assert ledger.orders.by_id("302-2") == page[1:]
    assert ledger.orders.counts() == {"shop": 2}


def test_neither_page_nor_cursor_without_the_other(ledger):
    ledger.orders.store_page("shop", [order("a")], CURSOR, NOW)
    broken = SeenOrder("shop", "302-3", None)
    with pytest.raises(AttributeError):
        ledger.orders.store_page("shop", [order("newer", 1), order("x", order_id="302-2"), broken], Cursor(NOW), NOW)
    assert ledger.orders.open() == [order("a")]
    assert ledger.orders.cursor("shop") == CURSOR


def test_a_transaction_around_it_is_all_or_nothing(ledger):
    def work():
        with ledger.transaction():
            ledger.orders.store_page("shop", [order("a")], CURSOR, NOW)
            ledger.notes.decide("shop", "302-1", "customer", "x", NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        work()
    assert (ledger.orders.open(), ledger.orders.cursor("shop"), ledger.notes.decisions("customer")) == ([], None, {})
    ledger.orders.store_page("shop", [order("a")], CURSOR, NOW)
    assert ledger.orders.open() == [order("a")]


@pytest.mark.parametrize(
    ("known", "comes", "kept"),
    [
        (order("a", 0), order("b", 1), "b"),
        (order("a", 1), order("b", 0), "a"),
        (order("a", 0), order("b", 0), "b"),
        (order("a", None), order("b", 0), "b"),
        (order("a", 0), order("b", None), "b"),
    ],
    ids=["newer", "older", "same moment", "known without a time", "new one without a time"],
)
def test_older_content_never_replaces_newer(ledger, known, comes, kept):
    ledger.orders.store_page("shop", [known], CURSOR, NOW)
    assert ledger.orders.store_page("shop", [comes], CURSOR, NOW) == (kept == "b")
    assert [found.content for found in ledger.orders.open()] == [kept]


@settings(max_examples=30, derandomize=True, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 30)), min_size=1, max_size=20))
def test_whatever_the_order_of_arrival_the_newest_version_stays(arrivals):
    """Versions of one order come in any order and more than once; content differs at every moment."""
    with Ledger.open(None) as ledger:
        ledger.own(NOW)
        for number, minutes in arrivals:
            ledger.orders.store_page("shop", [order(f"{minutes}", minutes, f"302-{number}")], CURSOR, NOW)
        newest = {f"302-{number}": max(m for n, m in arrivals if n == number) for number, _ in arrivals}
        assert {found.order_id: int(found.content) for found in ledger.orders.open()} == newest


def test_settled_until_the_content_changes(ledger):
    first, second = order("a", 0), order("b", 1)
    assert order("a", 5).content_hash == first.content_hash != second.content_hash
    ledger.orders.store_page("shop", [first], CURSOR, NOW)
    ledger.orders.settle([("shop", "302-1", first.content_hash)])
    assert ledger.orders.open() == []
    assert ledger.orders.store_page("shop", [first], CURSOR, NOW) == 0
    assert ledger.orders.open() == []
    ledger.orders.store_page("shop", [second], CURSOR, NOW)
    assert ledger.orders.open() == [second]
    ledger.orders.settle([("shop", "302-1", first.content_hash)])  # what was settled was an earlier content
    assert ledger.orders.open() == [second]
    ledger.orders.settle([("shop", "302-1", second.content_hash)])
    assert ledger.orders.open() == []
    ledger.orders.reopen("shop", "302-1")
    assert ledger.orders.open() == [second]


def test_the_latest_orders(ledger):
    page = [order("a", 0), order("b", 9, "302-2"), order("c", None, "302-3"), order("d", 5, "302-4")]
    ledger.orders.store_page("shop", page, CURSOR, NOW)
    ledger.orders.settle([("shop", "302-2", page[1].content_hash)])
    assert ledger.orders.latest(2) == [page[1], page[3]]
    assert len(ledger.orders.latest(100)) == 4


def test_the_oldest_order_comes_first(ledger):
    page = [order("a", 3, "302-1"), order("b", 1, "302-2"), order("c", 2, "302-3")]
    ledger.orders.store_page("shop", page, CURSOR, NOW)
    assert [found.order_id for found in ledger.orders.open()] == ["302-2", "302-3", "302-1"]


@settings(max_examples=50, derandomize=True, deadline=None)
@given(
    st.builds(
        Bucket,
        tokens=st.floats(0, 100, allow_nan=False),
        at=st.datetimes(timezones=st.just(UTC)),
        rate=st.floats(1e-6, 1000, allow_nan=False),
    )
)
def test_buckets_come_back_exactly(bucket):
    with Ledger.open(None) as ledger:
        ledger.own(NOW)
        ledger.notes.save_bucket("seller", "searchOrders", bucket)
        assert ledger.notes.load_bucket("seller", "searchOrders") == bucket
        assert ledger.notes.load_bucket("seller", "getOrder") is None


def test_notes(ledger):
    notes = ledger.notes
    assert (notes.capability("D", "keeps"), notes.copy("x"), notes.decision("shop", "1", "customer")) == (None,) * 3
    notes.keep_capability("D", "keeps", "yes", NOW)
    notes.keep_capability("D", "keeps", "no", NOW)
    notes.keep_copy("x", "one", NOW)
    notes.keep_copy("x", "two", NOW + timedelta(hours=1))
    notes.decide("shop", "1", "customer", "a", NOW)
    notes.decide("shop", "1", "customer", "b", NOW)
    assert notes.capability("D", "keeps") == "no"
    assert notes.copy("x") == ("two", NOW + timedelta(hours=1))
    assert notes.decision("shop", "1", "customer") == "b"
    assert notes.decisions("customer") == {("shop", "1"): "b"}
    notes.forget_copies()
    assert notes.copy("x") is None


def test_copies_may_be_kept_by_a_command_that_only_looks(tmp_path):
    """`plan` and `check` read the catalogs beside a running service; nothing else is theirs to write."""
    with Ledger.open(tmp_path) as service, Ledger.open(tmp_path) as looking:
        service.own(NOW)
        looking.notes.keep_copy("$metadata", "<xml/>", NOW)
        assert service.notes.copy("$metadata") == ("<xml/>", NOW)
        with pytest.raises(AdapterError):
            looking.notes.decide("shop", "1", "customer", "a", NOW)
