"""When the backlog will be read, as far as the ledger alone can tell."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from adapter.amazon.budget import LIMITS
from adapter.ledger.orders import Cursor
from adapter.model.bucket import Bucket
from adapter.reading.backlog import Backlog, backlog

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
OPERATIONS = ("searchOrders", "getOrder")
SWEEP = Cursor(
    NOW - timedelta(days=30),
    NOW,
    "token",
    NOW,
    pages=20,
    shown_from=NOW - timedelta(days=12),
    shown_to=NOW - timedelta(days=9),
)


def left(cursor, wanted, search=0.0, single=0.0, at=NOW, **options):
    buckets = {"searchOrders": Bucket(search, at, 0.0055), "getOrder": Bucket(single, at, 0.5)}
    return backlog(cursor, wanted, buckets.get, LIMITS, OPERATIONS, NOW, **options)


@pytest.mark.parametrize("cursor", [None, Cursor(NOW), Cursor(NOW, polled_at=NOW)])
def test_nothing_is_left(cursor):
    assert left(cursor, 0) is None


def test_pages_that_are_left():
    """A quarter of the time with orders in it took 20 pages: 60 are left."""
    assert left(SWEEP, 0) == Backlog(6000, 0, NOW + timedelta(seconds=60 / 0.0055))
    assert left(SWEEP, 0, search=10.0) == Backlog(6000, 0, NOW + timedelta(seconds=50 / 0.0055))


def test_a_bucket_fills_while_nobody_looks():
    at = NOW - timedelta(seconds=1000)
    assert left(SWEEP, 0, at=at) == Backlog(6000, 0, NOW + timedelta(seconds=54.5 / 0.0055))


def test_orders_asked_for_one_by_one():
    """The reserve stays where it is."""
    assert left(None, 1000, single=30.0) == Backlog(0, 1000, NOW + timedelta(seconds=975 / 0.5))


def test_both_are_read_at_once():
    assert left(SWEEP, 1000) == Backlog(6000, 1000, NOW + timedelta(seconds=60 / 0.0055))
    assert left(SWEEP, 10000) == Backlog(6000, 10000, NOW + timedelta(seconds=20000))


def test_pages_without_lines_cost_a_call_for_each_order():
    assert left(SWEEP, 1000, whole_pages=False) == Backlog(6000, 1000, NOW + timedelta(seconds=7000 / 0.5))


def test_an_unknown_length():
    assert left(Cursor(NOW, NOW, "token", NOW, pages=1), 7) == Backlog(0, 7, None)


def test_a_new_ledger_has_full_buckets():
    assert backlog(None, 25, lambda _: None, LIMITS, OPERATIONS, NOW) == Backlog(0, 25, NOW)
