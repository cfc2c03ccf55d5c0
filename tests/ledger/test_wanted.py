"""Orders that are wanted one by one: each once, the newest head, and gone when the order is stored."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from adapter.ledger import Ledger
from adapter.ledger.orders import Cursor, SeenOrder
from adapter.ledger.wanted import Wanted
from adapter.model.wish import BACKFILL, DATA_SETS, ITEMS, NOTIFICATION, REPORT

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.fixture
def ledger():
    with Ledger.open(None) as ledger:
        yield ledger.own(NOW)


def wanted(number: int, minutes: int = 0, head: str | None = "{}") -> Wanted:
    return Wanted("shop", f"302-{number}", "items", head, NOW + timedelta(minutes=minutes))


def ids(ledger: Ledger, at: datetime = NOW) -> list[str]:
    return [one.order_id for one in ledger.wanted.next("shop", at, 10)]


def test_each_is_wanted_once_and_the_oldest_wish_comes_first(ledger):
    assert ledger.wanted.add([wanted(2)], NOW) == 1
    assert ledger.wanted.add([wanted(2), wanted(1)], NOW + timedelta(seconds=1)) == 1
    assert ids(ledger) == ["302-2", "302-1"]
    assert ledger.wanted.counts() == {"shop": 2}
    assert ledger.wanted.next("other", NOW, 10) == []
    assert [one.order_id for one in ledger.wanted.next("shop", NOW, 1)] == ["302-2"]


@pytest.mark.parametrize(("minutes", "kept"), [(1, "new"), (0, "new"), (-1, "old")])
def test_the_newer_head_counts(ledger, minutes, kept):
    ledger.wanted.add([wanted(1, head="old")], NOW)
    ledger.wanted.add([wanted(1, minutes, "new")], NOW)
    (one,) = ledger.wanted.next("shop", NOW, 10)
    assert one.head == kept


def test_a_wish_without_a_head_keeps_the_head(ledger):
    """A notification knows less than the page did."""
    ledger.wanted.add([wanted(1, head="told")], NOW)
    ledger.wanted.add([Wanted("shop", "302-1", "notification")], NOW)
    assert [one.head for one in ledger.wanted.next("shop", NOW, 10)] == ["told"]


def test_what_is_stored_is_wanted_no_longer(ledger):
    ledger.wanted.add([wanted(1), wanted(2)], NOW)
    assert ledger.orders.store_one(SeenOrder("shop", "302-1", "{}", updated_at=NOW), NOW)
    assert ids(ledger) == ["302-2"]


@pytest.mark.parametrize(("minutes", "again"), [(-1, False), (0, False), (1, True)])
def test_a_version_that_is_known_is_not_wanted(ledger, minutes, again):
    ledger.orders.store_one(SeenOrder("shop", "302-1", "{}", updated_at=NOW), NOW)
    assert ledger.wanted.add([wanted(1, minutes)], NOW) == again
    assert ledger.wanted.add([Wanted("shop", "302-1", "notification")], NOW) == (not again)


def test_postponed_and_forgotten(ledger):
    ledger.wanted.add([wanted(1)], NOW)
    (one,) = ledger.wanted.next("shop", NOW, 10)
    ledger.wanted.postpone(one, NOW + timedelta(minutes=5))
    assert ids(ledger) == []
    (later,) = ledger.wanted.next("shop", NOW + timedelta(minutes=5), 10)
    assert later.tries == 1
    ledger.wanted.add([wanted(1, 1)], NOW)
    assert ids(ledger) == ["302-1"]  # another version: tried at once
    ledger.wanted.forget(later)
    assert ledger.wanted.counts() == {}


def test_orders_that_can_wait_come_last_and_the_newest_of_them_first(ledger):
    old = [Wanted("shop", f"300-{n}", BACKFILL, updated_at=NOW - timedelta(days=n)) for n in (3, 1, 2)]
    ledger.wanted.add([*old, Wanted("shop", "300-0", REPORT)], NOW)
    ledger.wanted.add([Wanted("shop", "302-9", NOTIFICATION)], NOW + timedelta(hours=1))
    assert ids(ledger) == ["302-9", "300-0", "300-1", "300-2", "300-3"]
    assert [one.order_id for one in ledger.wanted.oldest("shop", NOW, 2)] == ["300-3", "300-2"]
    assert [one.order_id for one in ledger.wanted.oldest("shop", NOW - timedelta(days=2), 9)] == ["300-3"]
    ledger.wanted.unknown_time(ledger.wanted.oldest("shop", NOW, 2))
    assert [one.order_id for one in ledger.wanted.oldest("shop", NOW, 9)] == ["300-1"]
    assert ids(ledger) == ["302-9", "300-0", "300-2", "300-3", "300-1"]


def test_a_message_about_an_order_that_could_wait(ledger):
    ledger.wanted.add([Wanted("shop", "300-1", BACKFILL, updated_at=NOW), Wanted("shop", "300-2", BACKFILL)], NOW)
    ledger.wanted.add([Wanted("shop", "300-2", NOTIFICATION)], NOW)
    assert [(one.order_id, one.reason) for one in ledger.wanted.next("shop", NOW, 10)] == [
        ("300-2", NOTIFICATION),
        ("300-1", BACKFILL),
    ]
    ledger.wanted.add([Wanted("shop", "300-2", BACKFILL, updated_at=NOW)], NOW)
    assert ids(ledger) == ["300-2", "300-1"]


@pytest.mark.parametrize(
    ("wish", "fulfilled"),
    [
        (Wanted("shop", "302-1", NOTIFICATION, updated_at=NOW), True),
        (Wanted("shop", "302-1", NOTIFICATION, updated_at=NOW + timedelta(milliseconds=700)), True),
        (Wanted("shop", "302-1", NOTIFICATION, updated_at=NOW + timedelta(seconds=1)), False),
        (Wanted("shop", "302-1", NOTIFICATION), False),
        (Wanted("shop", "302-1", BACKFILL), True),
        (Wanted("shop", "302-1", BACKFILL, updated_at=NOW + timedelta(seconds=1)), False),
        (Wanted("shop", "302-1", ITEMS, "{}", NOW), False),
        (Wanted("shop", "302-1", DATA_SETS), False),
        (Wanted("other", "302-1", BACKFILL), False),
    ],
    ids=lambda value: value.reason if isinstance(value, Wanted) else None,
)
def test_what_a_page_shows_need_not_be_asked_for(ledger, wish, fulfilled):
    ledger.wanted.add([wish], NOW)
    page = [SeenOrder("shop", "302-1", "{}", updated_at=NOW), SeenOrder("shop", "302-2", "{}", updated_at=NOW)]
    ledger.orders.store_page("shop", page, Cursor(NOW), NOW)
    assert ledger.wanted.next(wish.account, NOW, 10) == ([] if fulfilled else [wish])


def test_a_search_for_wanted_orders_stores_no_others(ledger):
    ledger.orders.store_page("shop", [SeenOrder("shop", "302-1", '{"n":1}', updated_at=NOW)], Cursor(NOW), NOW)
    ledger.wanted.add([Wanted("shop", "302-2", BACKFILL), Wanted("shop", "302-4", BACKFILL)], NOW)
    later = NOW + timedelta(minutes=1)
    several = [SeenOrder("shop", f"302-{number}", '{"n":2}', updated_at=later) for number in (1, 2, 3)]
    assert ledger.orders.store_several("shop", several, later) == 1
    assert [(order.order_id, order.content) for order in ledger.orders.open()] == [
        ("302-1", '{"n":2}'),
        ("302-2", '{"n":2}'),
    ]
    assert ids(ledger) == ["302-4"]
    assert ledger.orders.cursor("shop") == Cursor(NOW)
