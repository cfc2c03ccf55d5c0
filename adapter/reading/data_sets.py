"""What to ask Amazon for beyond the bare order: only what the mapping uses, buyers' data above all."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from adapter.amazon.private import CUSTOMIZATION, GIFT_MESSAGE, TAX_REGISTRATIONS
from adapter.amazon.query import DATA_SETS
from adapter.mapping.catalogs import Customers
from adapter.mapping.paths import CONDITION_NAMES
from adapter.mapping.policies import AliasPolicy, CustomerPolicy, ExactName, FuzzyName, Pooled, TaxIdPolicy
from adapter.mapping.rules import Rules
from adapter.mapping.uses import Place, all_conditions, all_uses
from adapter.yamlfile import Location

ALWAYS_NEEDED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "FULFILLMENT": "without it there is no status",
        "PROCEEDS": "without it there are no amounts",
        "TAX": "it tells which taxes are the seller's and which Amazon's",
    }
)
"""Data sets without which no order can be booked rightly, and why."""

WISHED: Final = ("CANCELLATION",)
"""Data sets that are asked for although orders can be booked without: a buyer's wish to cancel is shown."""

# Source: SP-API Orders model 2026-01-01, parameter includedData. The longest beginning of a path counts; paths that
# are not here need nothing beyond the bare order.
_OF_PATHS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "buyer.": "BUYER",
        "buyer.tax_": "TAX",
        "buyer.invoice_preference": "TAX",
        "ship_to.": "RECIPIENT",
        "order.status": "FULFILLMENT",
        "order.fulfilled_by": "FULFILLMENT",
        "order.service_level": "FULFILLMENT",
        "order.ship_by": "FULFILLMENT",
        "order.ship_on": "FULFILLMENT",
        "order.ship_not_before": "FULFILLMENT",
        "order.deliver_by": "FULFILLMENT",
        "order.deliver_not_before": "FULFILLMENT",
        "order.ioss": "FULFILLMENT",
        "order.currency": "PROCEEDS",
        "order.total": "PROCEEDS",
        "order.amazon_total": "PROCEEDS",
        "order.payment_method": "PAYMENT",
        "order.cancelled_by": "CANCELLATION",
        "order.tax_": "TAX",
        "order.invoice_status": "TAX",
        "order.promotion": "PROMOTION",
        "order.points_value": "EXPENSE",
        "order.tracking": "PACKAGES",
        "order.carrier": "PACKAGES",
        "order.shipped_at": "PACKAGES",
        "order.easy_ship_id": "FULFILLMENT_ORDERS",
        "line.unit_price": "PROCEEDS",
        "line.amount": "PROCEEDS",
        "line.gross": "PROCEEDS",
        "line.discount": "PROCEEDS",
        "line.tax": "PROCEEDS",
        "line.tax_": "TAX",
        "line.promotion": "PROMOTION",
        "line.points": "EXPENSE",
        "line.gift_": "FULFILLMENT",
    }
)
_PRIVATE: Final = {
    "buyer.tax_": TAX_REGISTRATIONS,
    "line.gift_message": GIFT_MESSAGE,
    "line.customization": CUSTOMIZATION,
}


def data_set_of(path: str) -> str | None:
    """The data set that a path of the mapping is in; None for what every order has."""
    beginnings = [known for known in _OF_PATHS if path.startswith(known)]
    return _OF_PATHS[max(beginnings, key=len)] if beginnings else None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to ask for.

    Attributes:
        asked: data sets, in Amazon's order.
        needed: those of them that the mapping cannot do without -> a place in the mapping; None for those that none
            can do without.
        private: what comes unasked and is kept, as `private` names it.
    """

    asked: tuple[str, ...]
    needed: Mapping[str, Location | None]
    private: frozenset[str]


def wanted_data(rules: Rules, always: Collection[str] = (), never: Collection[str] = ()) -> Wanted:
    """What a mapping makes it necessary to ask for, widened and narrowed by the settings.

    Args:
        always: further data sets; what comes within them is kept whole.
        never: data sets that are not asked for; those that are needed stay in `needed` alone.
    """
    paths: dict[str, Location] = {}
    for path, location in _used(rules):
        paths.setdefault(path, location)
    needed: dict[str, Location | None] = dict.fromkeys(ALWAYS_NEEDED)
    for path, location in paths.items():
        if (name := data_set_of(path)) is not None:
            needed.setdefault(name, location)
    compared = _compared(rules.customers)
    wished = {name for path in compared if (name := data_set_of(path)) is not None}
    chosen = {*needed, *WISHED, *wished, *always} - set(never)
    told = {*paths, *compared}
    private = {name for beginning, name in _PRIVATE.items() if any(path.startswith(beginning) for path in told)}
    private |= {TAX_REGISTRATIONS} if "TAX" in always else set()
    private |= {GIFT_MESSAGE} if "FULFILLMENT" in always else set()
    return Wanted(tuple(name for name in DATA_SETS if name in chosen), needed, frozenset(private))


def data_sets(rules: Rules) -> tuple[str, ...]:
    """What a mapping alone makes it necessary to ask for."""
    return wanted_data(rules).asked


def _used(rules: Rules) -> Iterator[tuple[str, Location]]:
    """Every path that the mapping may ever take a value from, with a place of it."""
    idle = _idle_places(rules)
    for use in all_uses(rules):
        if use.place not in idle:
            yield from ((path, location) for location, path in use.paths)
    asked = _asked_of_customers(rules.customers)
    for location, condition in all_conditions(rules):
        if location[:2] == ("customers", "match") and location[2] not in asked:
            continue
        if location[:2] == ("customers", "otherwise") and not _may_fail(rules.customers):
            continue
        yield from ((CONDITION_NAMES.get(name, name), (*location, name)) for name in condition)
    for index in asked:
        if path := _path_of(rules.customers.match[index]):
            yield path, ("customers", "match", index)


def _path_of(policy: CustomerPolicy) -> str:
    """What a policy cannot do without."""
    match policy:
        case ExactName() | FuzzyName():
            return "buyer.name"
        case AliasPolicy():
            return "buyer.email"
        case TaxIdPolicy():
            return "buyer.tax_id"
    return ""


_OF_EVIDENCE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "email": "buyer.email",
        "alias": "buyer.email",
        "phone": "ship_to.phone",
        "tax_id": "buyer.tax_id",
        "postal_code": "ship_to.postal_code",
        "city": "ship_to.city",
        "country": "ship_to.country",
    }
)


def _compared(customers: Customers) -> list[str]:
    """What is compared with customers besides their names; matching bears it if Amazon refuses some of it."""
    policies = [customers.match[index] for index in _asked_of_customers(customers)]
    if not any(isinstance(policy, FuzzyName) for policy in policies):
        return []
    return [_OF_EVIDENCE[key] for key in customers.read.evidence]


def _idle_places(rules: Rules) -> set[Place]:
    """Where the mapping says something that never comes true."""
    idle = set()
    if rules.customers.otherwise != "create" or not _may_fail(rules.customers):
        idle |= {Place.NEW_CUSTOMER, Place.NEW_COMPANION}
    if rules.products.otherwise != "create":
        idle.add(Place.NEW_PRODUCT)
    return idle


def _asked_of_customers(customers: Customers) -> range:
    """The policies that can come to be asked: none behind one customer for everybody."""
    for index, policy in enumerate(customers.match):
        if isinstance(policy, Pooled) and not policy.when:
            return range(index + 1)
    return range(len(customers.match))


def _may_fail(customers: Customers) -> bool:
    """Whether it can happen that no policy decides."""
    return not any(isinstance(policy, Pooled) and not policy.when for policy in customers.match)
