"""What is still to be read of an account, and when that will be done, as the ledger alone tells it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from adapter.amazon.budget import Limit
from adapter.amazon.query import MOST_ORDERS
from adapter.ledger.orders import Cursor
from adapter.model.bucket import Bucket
from adapter.reading.pace import RESERVE

BucketOf = Callable[[str], Bucket | None]


@dataclass(frozen=True, slots=True)
class Backlog:
    """Orders that Amazon has and the ledger has not, or not in their last state; both values are estimates.

    Attributes:
        by_search: on the pages of the sweep under way; `one_by_one`: to be asked for by themselves.
        done_at: when all of them will have been read, aware, UTC; None where that cannot be said.
    """

    by_search: int
    one_by_one: int
    done_at: datetime | None


def backlog(
    cursor: Cursor | None,
    wanted: int,
    buckets: BucketOf,
    limits: Mapping[str, Limit],
    operations: tuple[str, str],
    now: datetime,
    *,
    whole_pages: bool = True,
) -> Backlog | None:
    """The backlog of an account; None where there is none.

    Args:
        wanted: how many orders are to be asked for by themselves.
        buckets: gives the bucket of an operation as the ledger has it.
        operations: those of a page and of a single order, of `limits`.
        whole_pages: an order on a page need not be asked for by itself.
    """
    pages = _pages_left(cursor)
    if not wanted and pages == 0:
        return None
    if pages is None:
        return Backlog(0, wanted, None)
    search, single = operations
    on_pages = pages * MOST_ORDERS
    singles = wanted + (0 if whole_pages else on_pages)
    seconds = max(
        _seconds(pages, 0.0, buckets(search), limits[search], now),
        _seconds(singles, RESERVE["single"] if whole_pages else 0.0, buckets(single), limits[single], now),
    )
    return Backlog(on_pages, wanted, now + timedelta(seconds=seconds))


def _pages_left(cursor: Cursor | None) -> int | None:
    """Pages of the sweep under way, if orders are spread evenly over its time; None where nothing tells."""
    if cursor is None or cursor.page_token is None:
        return 0
    if cursor.shown_from is None or cursor.shown_to is None or cursor.window_before is None:
        return None
    shown = cursor.shown_to - cursor.shown_from
    if not shown:
        return None
    # Nothing tells in which order Amazon gives them. If the oldest come first, the time before the first one is empty;
    # in any other order this estimate is too low, and nothing but the estimate hangs on it.
    whole = max(cursor.window_before - cursor.shown_from, shown)
    return max(1, math.ceil(cursor.pages * (whole / shown - 1)))


def _seconds(calls: int, reserve: float, bucket: Bucket | None, limit: Limit, now: datetime) -> float:
    if bucket is None:
        bucket = Bucket(float(limit.burst), now, limit.rate)
    tokens = bucket.refilled((now - bucket.at).total_seconds(), now, float(limit.burst)).tokens
    return max(0.0, calls - max(0.0, tokens - reserve)) / bucket.rate
