"""A token bucket as a value: what is left of a budget of calls, and how it refills."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

_ENOUGH = 1 - 1e-9  # a token, less the error of the floating point


@dataclass(frozen=True, slots=True)
class Bucket:
    """Tokens left at a moment. A store has to give back exactly what was saved.

    Attributes:
        tokens: calls that may be sent; below 1, none.
        at: aware, UTC: up to when the refill is counted. It never moves back, whatever the clock does.
        rate: tokens added per second.
    """

    tokens: float
    at: datetime
    rate: float

    def refilled(self, seconds: float, now: datetime, capacity: float) -> Bucket:
        """The bucket at `now`, `seconds` later, never fuller than `capacity`; negative seconds add nothing."""
        tokens = min(capacity, self.tokens + max(seconds, 0.0) * self.rate)
        return Bucket(tokens, max(self.at, now), self.rate)

    def taken(self) -> Bucket | None:
        """The bucket less one token; None if there is none to take."""
        return replace(self, tokens=max(self.tokens - 1, 0.0)) if self.tokens >= _ENOUGH else None
