"""The budget of calls: a token bucket per seller and operation that survives restarts and clock steps.

Amazon counts each call in a bucket of its own (tokens per second, bucket size). Ours never holds more than that one,
whenever in its flight a call was counted there: while calls are on their way, the bucket fills only as far as it would
if Amazon had yet to count them. It also refills a little more slowly, for clocks that run differently. So a 429 that we
caused ourselves is impossible. What cannot be known: a clock put forward while the daemon was not running, and calls of
others with the same application. A 429 all the same empties the bucket and slows it down, until Amazon tells its rate.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Protocol

from adapter.model.bucket import Bucket

REFILL_MARGIN = 0.02
LONGEST_FLIGHT = 75.0
"""Seconds after which a call is over, answered or not: its deadline, and the way of one that was cut off."""

SLOWEST = 0.1
"""Share of the published rate below which no header and no series of 429 takes us: the next answer tells better."""

DISTRUST = timedelta(hours=6)
"""How long a rate above the published one is not believed after it has led to a 429."""

_SLOWER, _FASTER = 0.8, 1.25
_ROUNDING = 1e-9
_SHORTEST_WAIT = 0.001  # seconds: clocks do not count in smaller parts than microseconds
_UNKNOWN_FLIGHTS = 2  # what an earlier run may have left on its way: a call of each of two accounts of the seller


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


@dataclass(slots=True)
class _Count:
    """A bucket as it was at the moment `clock`, with the calls that are on their way.

    Attributes:
        stored: what was saved last; anything else in the store comes from another process.
        flights: when each call on its way will be over at the latest, oldest first.
    """

    stored: Bucket
    now: Bucket
    clock: float
    flights: list[float] = field(default_factory=list)


class Budget:
    """The buckets of one seller; shared by all threads and by all accounts of that seller.

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
        self.seller = seller
        self._store = store
        self._now = now
        self._monotonic = monotonic
        self._limits = limits
        self._lock = threading.Lock()
        self._started = (now(), monotonic())
        self._counts: dict[str, _Count] = {}
        self._distrusted: dict[str, float] = {}  # until when rates above the published one are not believed

    def take(self, operation: str) -> float:
        """Take a token for one call, and store that before returning; `landed` tells when the call is over.

        Returns:
            0.0 if a token was taken and the call may leave now; else the seconds to wait, nothing being taken.
        """
        with self._lock:
            count = self._counted(operation)
            rest = count.now.taken()
            # Also without a token: a clock that was put forward since may not count as time passed after a restart.
            self._save(operation, count, rest or count.now)
            if rest is None:
                return self._until(operation, count, 1.0)
            count.flights.append(count.clock + LONGEST_FLIGHT)
            return 0.0

    def landed(self, operation: str) -> None:
        """A call is over: Amazon has counted it by now, if ever."""
        with self._lock:
            count = self._counted(operation)
            if count.flights:
                del count.flights[0]

    def correct(self, operation: str, header: str | None) -> None:
        """Adopt the rate that an answer told in x-amzn-RateLimit-Limit; anything that is no rate is ignored.

        Without a rate that can be used, a bucket that was slowed down by 429 gets faster again, up to the published
        rate.

        Source: SP-API documentation, "Usage plans and rate limits": the rate of the Orders API follows the business,
        and the header is told with best effort.
        """
        published = self._limits[operation].rate
        told = _told(header)
        with self._lock:
            count = self._counted(operation)
            if told is None:
                rate = min(count.now.rate * _FASTER, _kept(published)) if count.now.rate < _kept(published) else None
            elif told > published and count.clock < self._distrusted.get(operation, -math.inf):
                rate = _kept(published)
            else:
                rate = _kept(max(told, published * SLOWEST))
            if rate is not None and rate != count.now.rate:
                self._save(operation, count, replace(count.now, rate=rate))

    def drained(self, operation: str) -> float:
        """After a 429: the budget is used up, whatever we counted; so the bucket is empty, and fills more slowly.

        Returns:
            Seconds until the next token.
        """
        published = self._limits[operation].rate
        with self._lock:
            count = self._counted(operation)
            rate = max(min(count.now.rate, _kept(published)) * _SLOWER, _kept(published) * SLOWEST)
            if count.now.rate > _kept(published):
                self._distrusted[operation] = count.clock + DISTRUST.total_seconds()
                rate = _kept(published)
            self._save(operation, count, replace(count.now, tokens=0.0, rate=rate))
            return self._until(operation, count, 1.0)

    def seconds_until(self, operation: str, tokens: float) -> float:
        """How long until so many tokens are there, at most as many as the bucket can hold; nothing is taken."""
        with self._lock:
            return self._until(operation, self._counted(operation), tokens)

    def level(self, operation: str) -> tuple[float, float, int]:
        """Tokens there are, tokens that come back each second, and tokens that the bucket can hold."""
        with self._lock:
            bucket = self._counted(operation).now
            return bucket.tokens, bucket.rate, self._limits[operation].burst

    def _until(self, operation: str, count: _Count, tokens: float) -> float:
        missing = min(tokens, float(self._limits[operation].burst)) - count.now.tokens
        return 0.0 if missing <= _ROUNDING else max(missing / count.now.rate, _SHORTEST_WAIT)

    def _counted(self, operation: str) -> _Count:
        """The count as it is now."""
        limit = self._limits[operation]
        now, clock = self._now(), self._monotonic()
        # The time as it would be, had nobody put the clock since this object was made.
        steady = self._started[0] + timedelta(seconds=clock - self._started[1])
        stored = self._store.load_bucket(self.seller, operation)
        count = self._counts.get(operation)
        if stored is None:
            full = Bucket(float(limit.burst), now, _kept(limit.rate))
            count = self._counts[operation] = _Count(full, full, clock)
        elif count is None or count.stored != stored:
            # Saved by an earlier run or another machine: only the wall clock knows how long ago.
            since = clock - max((min(now, steady) - stored.at).total_seconds(), 0.0)
            count = _Count(stored, stored, since, [since + LONGEST_FLIGHT] * _UNKNOWN_FLIGHTS)
            self._counts[operation] = count
        while count.flights and count.flights[0] <= clock:
            self._refill(count, count.flights[0], limit.burst)
            del count.flights[0]
        self._refill(count, clock, limit.burst)
        count.now = replace(count.now, at=max(count.now.at, now, steady))
        return count

    def _refill(self, count: _Count, until: float, burst: int) -> None:
        room = max(burst - len(count.flights), 1)
        count.now = count.now.refilled(until - count.clock, count.now.at, max(room, min(count.now.tokens, burst)))
        count.clock = max(count.clock, until)

    def _save(self, operation: str, count: _Count, bucket: Bucket) -> None:
        self._store.save_bucket(self.seller, operation, bucket)
        count.stored = count.now = bucket


def _told(header: str | None) -> float | None:
    """The rate in a header; None where it is none."""
    try:
        told = float(header or "")
    except ValueError:
        return None
    return told if math.isfinite(told) and 0 < told < 1000 else None


def _kept(rate: float) -> float:
    return rate * (1 - REFILL_MARGIN)
