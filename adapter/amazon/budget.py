"""The budget of calls: a token bucket per seller and operation that survives restarts and clock steps.

Amazon counts each call in a bucket of its own (tokens per second, bucket size). Ours is kept smaller by one token and
refills more slowly. As one `HttpClient` sends one request at a time, at most one call that we have counted can still
be on its way, so Amazon's bucket never holds less than ours: a 429 that we caused ourselves is impossible. The one
exception that cannot be known: a clock put forward while the daemon was not running.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Protocol

from adapter.model.bucket import Bucket

SAFETY_TOKENS = 1.0
REFILL_MARGIN = 0.02


@dataclass(frozen=True, slots=True)
class Limit:
    """What Amazon grants: `rate` tokens per second, `burst` tokens at most."""

    rate: float
    burst: int


# Source: the usage plan in the text of each operation of the SP-API models; operations of the older Orders API are
# marked, as two of them have a namesake.
LIMITS: Mapping[str, Limit] = MappingProxyType(
    {
        "searchOrders": Limit(0.0056, 20),
        "getOrder": Limit(0.5, 30),
        "v0.getOrders": Limit(0.0167, 20),
        "v0.getOrder": Limit(0.5, 30),
        "v0.getOrderItems": Limit(0.5, 30),
        "v0.getOrderAddress": Limit(0.5, 30),
        "v0.getOrderBuyerInfo": Limit(0.5, 30),
        "v0.getOrderItemsBuyerInfo": Limit(0.5, 30),
        "createRestrictedDataToken": Limit(1.0, 10),
        "confirmShipment": Limit(2.0, 10),
        "getMarketplaceParticipations": Limit(0.016, 15),
        "searchCatalogItems": Limit(2.0, 2),
        "createReport": Limit(0.0167, 15),
        "getReport": Limit(2.0, 15),
        "getReportDocument": Limit(0.0167, 15),
        "createDestination": Limit(1.0, 5),
        "getDestinations": Limit(1.0, 5),
        "deleteDestination": Limit(1.0, 5),
        "createSubscription": Limit(1.0, 5),
        "getSubscription": Limit(1.0, 5),
        "deleteSubscriptionById": Limit(1.0, 5),
    }
)
# Source: SP-API documentation, "The Selling Partner API sandbox": the same for all operations.
SANDBOX_LIMITS: Mapping[str, Limit] = MappingProxyType(dict.fromkeys(LIMITS, Limit(5.0, 15)))


class BudgetStore(Protocol):
    """Where the buckets live between runs."""

    def load_bucket(self, seller: str, operation: str) -> Bucket | None:
        """The bucket as it was saved last; None if there has been none."""

    def save_bucket(self, seller: str, operation: str, bucket: Bucket) -> None:
        """Keep the bucket; durable when the method returns, as the request leaves right after."""


class Budget:
    """The buckets of one seller; may be used by several threads.

    Args:
        seller: whose budget it is: Amazon counts per seller and application.
        now: the wall clock, aware UTC; bridges restarts only.
        monotonic: seconds that never jump, such as `time.monotonic`; measures the refill while this object lives.
    """

    def __init__(
        self,
        seller: str,
        store: BudgetStore,
        *,
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
        limits: Mapping[str, Limit] = LIMITS,
    ) -> None:
        self._seller = seller
        self._store = store
        self._now = now
        self._monotonic = monotonic
        self._limits = limits
        self._lock = threading.Lock()
        self._started = (now(), monotonic())
        self._anchors: dict[str, tuple[Bucket, float]] = {}  # the bucket as stored, and when that was

    def take(self, operation: str) -> float:
        """Take a token for one call, and store that before returning.

        Returns:
            0.0 if a token was taken and the call may leave now; else the seconds to wait, nothing being taken.
        """
        with self._lock:
            bucket = self._refilled(operation)
            rest = bucket.taken()
            self._save(operation, rest or bucket)
            return 0.0 if rest else bucket.seconds_to_token()

    def correct(self, operation: str, header: str | None) -> None:
        """Adopt the rate that an answer told in x-amzn-RateLimit-Limit; anything that is no rate is ignored.

        Source: SP-API documentation, "Usage plans and rate limits": the rate of the Orders API follows the business.
        """
        try:
            told = float(header or "")
        except ValueError:
            return
        if not math.isfinite(told) or not 0 < told < 1000:
            return
        with self._lock:
            bucket = self._refilled(operation)
            if bucket.rate != _kept(told):
                self._save(operation, replace(bucket, rate=_kept(told)))

    def seconds_until(self, operation: str, tokens: float) -> float:
        """How long until so many tokens are there, at most as many as the bucket can hold; nothing is taken."""
        with self._lock:
            bucket = self._refilled(operation)
            wanted = min(tokens, max(self._limits[operation].burst - SAFETY_TOKENS, 1.0))
            return max(0.0, (wanted - bucket.tokens) / bucket.rate)

    def drained(self, operation: str) -> float:
        """After a 429: somebody else has used the budget, so the bucket counts as empty.

        Returns:
            Seconds until the next token.
        """
        with self._lock:
            bucket = replace(self._refilled(operation), tokens=0.0)
            self._save(operation, bucket)
            return bucket.seconds_to_token()

    def _refilled(self, operation: str) -> Bucket:
        limit = self._limits[operation]
        capacity = max(limit.burst - SAFETY_TOKENS, 1.0)
        now, clock = self._now(), self._monotonic()
        # The time as it would be, had nobody put the clock since this object was made.
        steady = self._started[0] + timedelta(seconds=clock - self._started[1])
        stored = self._store.load_bucket(self._seller, operation)
        if stored is None:
            return Bucket(capacity, now, _kept(limit.rate))
        anchor = self._anchors.get(operation)
        if anchor is None or anchor[0] != stored:
            # Saved by an earlier run or another machine: only the wall clock knows how long ago.
            passed = (min(now, steady) - stored.at).total_seconds()
            anchor = (stored, clock - max(passed, 0.0))
            self._anchors[operation] = anchor
        return stored.refilled(clock - anchor[1], max(now, steady), capacity)

    def _save(self, operation: str, bucket: Bucket) -> None:
        self._store.save_bucket(self._seller, operation, bucket)
        self._anchors[operation] = (bucket, self._monotonic())


def _kept(rate: float) -> float:
    return rate * (1 - REFILL_MARGIN)
