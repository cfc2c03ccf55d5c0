"""Orders that are wanted one by one: each once, the newest head, and gone when the order is stored."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from adapter.ledger import Ledger
from adapter.ledger.orders import SeenOrder
from adapter.ledger.wanted import Wanted

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
