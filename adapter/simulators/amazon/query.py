"""The parameters of searchOrders and getOrder: read, checked, refused.

Source: SP-API model orders_2026-01-01, parameters of searchOrders. Arrays come comma-joined in one parameter: the
model names no other form. Parameters it does not know are passed over in silence, as Amazon does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import parse_qsl

from adapter.simulators.amazon.answers import ApiError, invalid_input
from adapter.simulators.amazon.included import INCLUDED_DATA
from adapter.simulators.amazon.wire import moment_of

STATUSES = frozenset(
    {
        "PENDING_AVAILABILITY",
        "PENDING",
        "UNSHIPPED",
        "PARTIALLY_SHIPPED",
        "SHIPPED",
        "CANCELLED",
        "UNFULFILLABLE",
    }
)
FULFILLED_BY = frozenset({"MERCHANT", "AMAZON"})
MOST_MARKETPLACES = 50
MOST_RESULTS = 100
BEHIND_NOW = timedelta(minutes=2)
"""How far an upper bound has to stay behind the time of the request."""

TimeField = Literal["createdTime", "lastUpdatedTime"]


@dataclass(frozen=True, slots=True)
class Search:
    """What must stay the same from page to page.

    `before` is None where the request leaves it to Amazon; empty sets do not filter. Both bounds are inclusive.
    """

    field: TimeField
    after: datetime
    before: datetime | None
    statuses: frozenset[str]
    fulfilled_by: frozenset[str]
    marketplaces: frozenset[str]


@dataclass(frozen=True, slots=True)
class Page:
    """What may change from page to page."""

    size: int
    token: str | None
    included: frozenset[str]


def read_parameters(query: str) -> dict[str, str]:
    """The parameters of a query string.

    Raises:
        ApiError: one of them comes twice: arrays are comma-joined.
    """
    pairs = parse_qsl(query, keep_blank_values=True)
    parameters = dict(pairs)
    if len(parameters) < len(pairs):
        raise invalid_input("A parameter is given more than once; arrays are separated by commas.")
    return parameters


def read_included(parameters: Mapping[str, str]) -> frozenset[str]:
    """The parameter `includedData`.

    Raises:
        ApiError: an unknown value.
    """
    return _values(parameters, "includedData", INCLUDED_DATA)


def read_page(parameters: Mapping[str, str]) -> Page:
    """The parameters that choose a page.

    Raises:
        ApiError: a value breaks a rule.
    """
    text = parameters.get("maxResultsPerPage", str(MOST_RESULTS))
    size = int(text) if text.isascii() and text.isdigit() else 0
    if not 1 <= size <= MOST_RESULTS:
        raise invalid_input(f"maxResultsPerPage must be between 1 and {MOST_RESULTS}.")
    return Page(size, parameters.get("paginationToken"), read_included(parameters))


def read_search(parameters: Mapping[str, str], known_marketplaces: frozenset[str], now: datetime) -> Search:
    """The parameters that choose orders.

    Args:
        known_marketplaces: ids that belong to the account's region.
        now: the time of the request.

    Raises:
        ApiError: a value breaks a rule; 403 for a marketplace of another region.
    """
    by_creation, by_update = "createdAfter" in parameters, "lastUpdatedAfter" in parameters
    if by_creation == by_update:
        raise invalid_input("Exactly one of createdAfter and lastUpdatedAfter must be provided.")
    family, other = ("created", "lastUpdated") if by_creation else ("lastUpdated", "created")
    if f"{other}Before" in parameters:
        raise invalid_input(f"{other}Before may not be provided with {family}After.")
    after = _moment(parameters, f"{family}After")
    before = _moment(parameters, f"{family}Before") if f"{family}Before" in parameters else None
    if before is not None and before < after:
        raise invalid_input(f"{family}Before must be equal to or after {family}After.")
    if before is not None and before > now - BEHIND_NOW:
        raise invalid_input(f"{family}Before must be at least two minutes before the time of the request.")
    return Search(
        field="createdTime" if by_creation else "lastUpdatedTime",
        after=after,
        before=before,
        statuses=_values(parameters, "fulfillmentStatuses", STATUSES),
        fulfilled_by=_values(parameters, "fulfilledBy", FULFILLED_BY),
        marketplaces=_marketplaces(parameters, known_marketplaces),
    )


def _moment(parameters: Mapping[str, str], name: str) -> datetime:
    try:
        return moment_of(parameters[name])
    except ValueError:
        raise invalid_input(f"{name} must be a date and time in ISO 8601 format.") from None


def _values(parameters: Mapping[str, str], name: str, known: frozenset[str]) -> frozenset[str]:
    if name not in parameters:
        return frozenset()
    values = frozenset(parameters[name].split(","))
    if unknown := sorted(values - known):
        raise invalid_input(f"{name} has an invalid value: {unknown[0]}")
    return values


def _marketplaces(parameters: Mapping[str, str], known: frozenset[str]) -> frozenset[str]:
    """Ids as given; those of a JSON list are left as they are and so fit no order.

    Source: amzn/selling-partner-api-docs issue 145: such a list gives 200 and no orders.
    """
    text = parameters.get("marketplaceIds")
    if text is None:
        return frozenset()
    ids = text.split(",")
    if len(ids) > MOST_MARKETPLACES:
        raise invalid_input(f"marketplaceIds may hold {MOST_MARKETPLACES} values at most.")
    if text.startswith("["):
        return frozenset(ids)
    if foreign := [id_ for id_ in ids if id_ not in known]:
        raise ApiError(403, details=f"The marketplaces you provided are not valid for region: {foreign[0]}")
    return frozenset(ids)
