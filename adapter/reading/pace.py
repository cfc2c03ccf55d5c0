"""How fast an account is read: what its budgets of calls allow, and what is kept back.

Two operations bring orders: the search, a hundred a call, and the single order. Both budgets are spent at once. What
the sweeps need has no limit but the budget itself, as nothing is lost by using it; everything that can wait, such as
orders of years ago, leaves a reserve: for what has just changed, for a sweep that has to begin anew, for a person who
wants to know. Polling slows down where the search's reserve is low, so that it fills again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from adapter.amazon.budget import Budget

RESERVE = {"search": 5.0, "single": 5.0}
"""Calls kept for recovery, of the 20 searches and 30 single orders that Amazon grants at once."""

_STEADY, _REFILLING = 1.02, 1.25
"""Time between two sweeps in times of the budget's own: in general, and while the reserve fills again."""


@dataclass(frozen=True, slots=True)
class Pace:
    """The budgets that bring orders of an account.

    Attributes:
        search, single: the operations, as `budget.LIMITS` names them, of a page of orders and of one order.
        whole_pages: a page tells orders in full.
    """

    budget: Budget
    search: str
    single: str
    whole_pages: bool = True

    def between_sweeps(self, wanted: timedelta) -> timedelta:
        """How long after a sweep the next one begins: as wanted, unless the budget does not last for that."""
        tokens, rate, burst = self.budget.level(self.search)
        low = tokens < min(RESERVE["search"], burst / 2)
        return max(wanted, timedelta(seconds=(_REFILLING if low else _STEADY) / rate))

    def may_search_more(self) -> bool:
        """Whether there is a search to spare."""
        return self.budget.seconds_until(self.search, 1 + RESERVE["search"]) == 0.0

    def wait_to_read_more(self) -> float:
        """Seconds until orders that can wait may be read by themselves; 0.0: one may be read now."""
        if self.budget.seconds_until(self.single, 1 + RESERVE["single"]) == 0.0:
            return 0.0
        return self.wait_for_several()

    def wait_for_several(self) -> float:
        """Seconds until a number of orders may be read by themselves.

        Waiting for each alone would make a run of each; this way no token is lost either, as the bucket never fills.
        """
        burst = self.budget.level(self.single)[2]
        return self.budget.seconds_until(self.single, (burst + RESERVE["single"]) / 2)
