"""Token buckets: how many calls of each operation the account may make.

Each seller and application has one bucket per operation; a call takes a token, time brings new ones.
Source: SP-API usage plans and rate limits guide.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Rate:
    """`per_second` tokens come back each second, up to `burst`."""

    per_second: float
    burst: int


PUBLISHED_RATES: Mapping[str, Rate] = MappingProxyType(
    {
        "searchOrders": Rate(0.0056, 20),
        "getOrder": Rate(0.5, 30),
        "v0.getOrders": Rate(0.0167, 20),
        "v0.getOrder": Rate(0.5, 30),
        "v0.getOrderBuyerInfo": Rate(0.5, 30),
        "v0.getOrderAddress": Rate(0.5, 30),
        "v0.getOrderItems": Rate(0.5, 30),
        "v0.getOrderItemsBuyerInfo": Rate(0.5, 30),
        "createRestrictedDataToken": Rate(1.0, 10),
        "getDestinations": Rate(1, 5),
        "createDestination": Rate(1, 5),
        "getDestination": Rate(1, 5),
        "deleteDestination": Rate(1, 5),
        "getSubscriptions": Rate(1, 5),
        "getSubscription": Rate(1, 5),
        "createSubscription": Rate(1, 5),
        "getSubscriptionById": Rate(1, 5),
        "deleteSubscriptionById": Rate(1, 5),
        "sendTestNotification": Rate(1, 5),
        "getMarketplaceParticipations": Rate(0.016, 15),
        "getAccount": Rate(0.016, 15),
        "searchCatalogItems": Rate(2, 2),
        "getCatalogItem": Rate(2, 2),
        "createReport": Rate(0.0167, 15),
        "getReports": Rate(0.0222, 10),
        "getReport": Rate(2, 15),
        "cancelReport": Rate(0.0222, 10),
        "getReportDocument": Rate(0.0167, 15),
    }
)
"""Source: the SP-API models, descriptions of the operations; those of the older Orders API are marked."""


@dataclass(slots=True)
class _Bucket:
    tokens: float
    counted_at: datetime


class Buckets:
    """The buckets of one seller. Operations without a rate are never throttled.

    Not safe for several threads: the account holds its lock.
    """

    def __init__(self, rates: Mapping[str, Rate]) -> None:
        self._rates = dict(rates)
        self._buckets: dict[str, _Bucket] = {}
        self._refused: dict[str, int] = {}

    def take(self, operation: str, now: datetime) -> bool:
        """Take a token; False: there is none, and the refusal is counted."""
        rate = self._rates.get(operation)
        if rate is None:
            return True
        bucket = self._buckets.setdefault(operation, _Bucket(rate.burst, now))
        passed = max(0.0, (now - bucket.counted_at).total_seconds())
        bucket.tokens = min(float(rate.burst), bucket.tokens + passed * rate.per_second)
        bucket.counted_at = max(now, bucket.counted_at)
        # A whole token that grew in many small steps may miss 1 by the last bit.
        if bucket.tokens < 1 - 1e-9:
            self._refused[operation] = self._refused.get(operation, 0) + 1
            return False
        bucket.tokens -= 1
        return True

    def rate(self, operation: str) -> Rate | None:
        """The rate in force."""
        return self._rates.get(operation)

    def set_rate(self, operation: str, rate: Rate) -> None:
        """Change a rate, as Amazon does with usage plans that follow the business; tokens left are kept."""
        self._rates[operation] = rate

    @property
    def refused(self) -> dict[str, int]:
        """How many calls of each operation were refused."""
        return dict(self._refused)
