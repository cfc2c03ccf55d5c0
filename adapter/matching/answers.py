"""What is said of who a buyer is: one customer, several or none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from adapter.matching.explanation import Explanation
from adapter.model.catalog import Customer


@dataclass(frozen=True)
class _Explained:
    """An answer whose figures are put together when first asked for: few explanations are ever read."""

    explain: Callable[[], Explanation] = field(default=Explanation, compare=False, repr=False, kw_only=True)

    @cached_property
    def explanation(self) -> Explanation:
        """Why it is so, with every figure."""
        return self.explain()


@dataclass(frozen=True)
class Matched(_Explained):
    """The customer is found. `how` says by what, `likeness` is how likely it is, 0 to 1."""

    customer: Customer
    how: str
    likeness: float = 1.0


@dataclass(frozen=True)
class Ambiguous(_Explained):
    """Several customers, or one that is not surely the same: a person decides. At most five, the likeliest first."""

    candidates: tuple[tuple[Customer, float], ...]
    reason: str


@dataclass(frozen=True)
class Unmatched(_Explained):
    """It is none of the customers, as far as one can tell."""

    reason: str = field(default="", compare=False)

    @property
    def candidates(self) -> tuple[tuple[Customer, float], ...]:
        """Who comes nearest, however unlikely; at most five."""
        return tuple((judged.customer, judged.posterior) for judged in self.explanation.candidates)


CustomerMatch = Matched | Ambiguous | Unmatched
