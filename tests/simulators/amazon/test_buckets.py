from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from adapter.simulators.amazon.buckets import PUBLISHED_RATES, Buckets, Rate

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def taken(buckets: Buckets, seconds: list[float]) -> list[bool]:
    return [buckets.take("searchOrders", NOW + timedelta(seconds=second)) for second in seconds]


@pytest.mark.parametrize(
    ("rate", "seconds", "expected"),
    [
        (Rate(0.5, 2), [0, 0, 0], [True, True, False]),
        (Rate(0.5, 2), [0, 0, 1.9, 2.0], [True, True, False, True]),
        (Rate(0.5, 2), [0, 0, 1, 1.5, 2], [True, True, False, False, True]),
        (Rate(0.5, 2), [0, 0, 3600, 3600, 3600], [True, True, True, True, False]),
        (Rate(0.5, 1), [0, -60, 1], [True, False, False]),
        (Rate(0.0056, 1), [0, 178, 179], [True, False, True]),
    ],
    ids=["burst", "refill", "in small steps", "no more than the burst", "clock set back", "searchOrders"],
)
def test_take(rate, seconds, expected):
    assert taken(Buckets({"searchOrders": rate}), seconds) == expected


def test_operation_without_a_rate():
    buckets = Buckets({})
    assert all(taken(buckets, [0] * 100))
    assert (buckets.rate("searchOrders"), buckets.refused) == (None, {})


def test_refused_calls_are_counted():
    buckets = Buckets(PUBLISHED_RATES)
    assert sum(taken(buckets, [0] * 25)) == 20
    assert buckets.refused == {"searchOrders": 5}


def test_set_rate_keeps_the_tokens_left():
    buckets = Buckets({"searchOrders": Rate(0.1, 2)})
    taken(buckets, [0, 0])
    buckets.set_rate("searchOrders", Rate(1, 20))
    assert taken(buckets, [0, 1]) == [False, True]
