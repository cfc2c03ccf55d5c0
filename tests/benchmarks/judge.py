"""What decisions are worth: compared with the truth, in total and for each particular of an order."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tests.benchmarks.customers.labels import MAY, MUST, NONE, REVIEW, UNTOLD, Order

ACCEPT = "accept"


@dataclass(frozen=True, slots=True)
class Decision:
    """An answer: accept, review or none; the candidates' ids, the best first."""

    decision: str
    candidates: tuple[str, ...] = ()

    @property
    def accepted(self) -> str:
        return self.candidates[0] if self.decision == ACCEPT else ""


@dataclass(slots=True)
class Rate:
    """How many of how many."""

    hits: int = 0
    of: int = 0

    def count(self, hit: bool) -> None:
        self.hits += hit
        self.of += 1

    @property
    def share(self) -> float:
        return self.hits / self.of if self.of else math.nan

    @property
    def at_most(self) -> float:
        """The upper end of the 95 % interval (Clopper and Pearson, one-sided): with none of n, about 3 / n."""
        return upper_bound(self.hits, self.of)

    def __str__(self) -> str:
        return f"{self.share:.4f} ({self.hits:,} of {self.of:,})" if self.of else "-"


@dataclass(slots=True)
class Judgement:
    """All figures of a run; `by_stratum` is the accepted share of the decidable orders."""

    decidable: Rate = field(default_factory=Rate)
    top5: Rate = field(default_factory=Rate)
    wrong: Rate = field(default_factory=Rate)
    strangers: Rate = field(default_factory=Rate)
    ambiguous: Rate = field(default_factory=Rate)
    untold: Rate = field(default_factory=Rate)
    by_stratum: dict[str, Rate] = field(default_factory=lambda: defaultdict(Rate))
    errors: list[tuple[Order, Decision]] = field(default_factory=list)


def judge(orders: Iterable[Order], decisions: Mapping[str, Decision]) -> Judgement:
    """Compare decisions by query_id with the truth.

    A wrong accept is one of a known buyer's order for somebody else; a stranger's accept counts as such, and what
    nobody could decide, or even tell, counts by itself.
    """
    found = Judgement()
    for order in orders:
        decision = decisions[order.query_id]
        accepted = decision.accepted
        right = accepted in order.truth
        if order.label == MUST:
            found.decidable.count(right)
            for stratum in order.strata:
                found.by_stratum[stratum].count(right)
        if order.truth:
            found.top5.count(not order.truth.isdisjoint(decision.candidates[:5]))
        if order.label == NONE:
            found.strangers.count(bool(accepted))
        elif order.label == REVIEW:
            found.ambiguous.count(bool(accepted))
        elif order.label == UNTOLD:
            found.untold.count(bool(accepted) and not right)
        if accepted and order.label in {MUST, MAY}:
            found.wrong.count(not right)
        if accepted and not right and order.label != UNTOLD:
            found.errors.append((order, decision))
    return found


def upper_bound(errors: int, trials: int) -> float:
    """The largest rate at which so few errors would still be seen in one of twenty tries."""
    if trials == 0 or errors >= trials:
        return 1.0
    low, high = errors / trials, 1.0
    for _ in range(60):
        rate = (low + high) / 2
        if _at_most(errors, trials, rate) > 0.05:
            low = rate
        else:
            high = rate
    return high


def _at_most(errors: int, trials: int, rate: float) -> float:
    """The probability of so many errors or fewer."""
    total = 0.0
    for count in range(errors + 1):
        ways = math.lgamma(trials + 1) - math.lgamma(count + 1) - math.lgamma(trials - count + 1)
        total += math.exp(ways + count * math.log(rate) + (trials - count) * math.log1p(-rate))
    return total
