"""Leave-one-out: what becomes of an order whose customer is not in the catalog yet? The cheapest test of safety.

Every order that is accepted is asked again as if the customer that it was accepted for were not there. Whoever is
accepted then is somebody else, and the order would have gone to the wrong customer. No labels are needed, so that it
can be done on any catalog.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from adapter.matching.answers import Matched
from adapter.matching.asked import Asked
from adapter.matching.customers import CustomerIndex
from adapter.matching.decision import Sureness
from adapter.model.catalog import Customer, Kind

_RULE_OF_THREE = 3.0
"""None seen among n means a rate below 3 / n, with 95 % certainty."""


@dataclass(frozen=True, slots=True)
class Mistaken:
    """An order that is accepted for `customer`, and would be for `other` if `customer` were not there."""

    asked: Asked
    customer: Customer
    other: Customer


@dataclass(frozen=True, slots=True)
class Checked:
    """How the orders fared.

    Attributes:
        asked: how many there were.
        accepted: how many were accepted at all, and so put to the test.
    """

    asked: int
    accepted: int
    mistaken: tuple[Mistaken, ...]

    @property
    def at_most(self) -> float:
        """The rate of wrong accepts is below this with 95 % certainty; from 0 to 1.

        With none seen that is the rule of three. Otherwise the normal approximation of Poisson's upper limit, which
        is a little more careful than the exact one.
        """
        if not self.accepted:
            return 1.0
        wrong = len(self.mistaken)
        above = _RULE_OF_THREE if not wrong else wrong + 1.645 * (wrong + 1) ** 0.5 + 1.5
        return min(1.0, above / self.accepted)


def leave_one_out(
    index: CustomerIndex, orders: Iterable[Asked], sureness: Sureness, progress: Callable[[int], None] = lambda _: None
) -> Checked:
    """Ask every order, and those accepted once more without the customer that they were accepted for.

    Args:
        progress: is told how many orders are done.
    """
    asked = accepted = 0
    mistaken = []
    for asked, order in enumerate(orders, start=1):
        found = index.find(order, sureness)
        if isinstance(found, Matched):
            accepted += 1
            other = index.find(order, sureness, without=frozenset({found.customer.ref_key}))
            if isinstance(other, Matched):
                mistaken.append(Mistaken(order, found.customer, other.customer))
        if asked % 64 == 0:
            progress(asked)
    return Checked(asked, accepted, tuple(mistaken))


def as_order(customer: Customer) -> Asked:
    """An order as this customer might send one: with the name and all the evidence that the infobase has of them."""
    name = customer.full_name or customer.name
    if customer.kind is Kind.COMPANY:
        return Asked(company=name, evidence=customer.evidence)
    return Asked(buyer=name, recipient=name, evidence=customer.evidence)
