"""What is asked of the Orders API: search conditions as a value, and the headers of a request."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from adapter.amazon.times import header_date, write_time
from adapter.errors import ConfigurationError

# Source: SP-API Orders model 2026-01-01, searchOrders, parameter includedData.
DATA_SETS = (
    "BUYER",
    "RECIPIENT",
    "PROCEEDS",
    "EXPENSE",
    "PROMOTION",
    "CANCELLATION",
    "FULFILLMENT",
    "PACKAGES",
    "TAX",
    "PAYMENT",
    "FULFILLMENT_ORDERS",
)
# Source: the same, parameter fulfillmentStatuses. INVOICE_UNCONFIRMED may be answered but not asked for.
SEARCH_STATUSES = (
    "PENDING_AVAILABILITY",
    "PENDING",
    "UNSHIPPED",
    "PARTIALLY_SHIPPED",
    "SHIPPED",
    "CANCELLED",
    "UNFULFILLABLE",
)
FULFILLERS = ("MERCHANT", "AMAZON")
MOST_MARKETPLACES = 50
MOST_ORDERS = 100
_LONGEST_USER_AGENT = 500


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """A search of orders: exactly one of `updated_after` and `created_after`, all bounds inclusive and aware.

    Attributes:
        before: the upper bound of the same kind; Amazon wants it two minutes behind its own clock.
        included: data sets beyond the bare order, of `DATA_SETS`.
        page_size: orders on a page, 1-100.

    Raises:
        ConfigurationError: when it is built and Amazon would refuse it; lists all problems.
    """

    updated_after: datetime | None = None
    created_after: datetime | None = None
    before: datetime | None = None
    marketplace_ids: tuple[str, ...] = ()
    included: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    fulfilled_by: tuple[str, ...] = ()
    page_size: int = MOST_ORDERS

    def __post_init__(self) -> None:
        problems = [*self._problems_of_bounds(), *self._problems_of_filters()]
        if problems:
            raise ConfigurationError(problems)

    def parameters(self, page_token: str | None = None) -> tuple[tuple[str, str], ...]:
        """Names and values in a fixed order, not yet encoded; the same for every page but for the token.

        Source: SP-API Orders model 2026-01-01, pagination: all other parameters are repeated with the token.
        """
        family = "created" if self.created_after is not None else "lastUpdated"
        pairs = (
            (f"{family}After", _time(self.created_after or self.updated_after)),
            (f"{family}Before", _time(self.before)),
            ("fulfillmentStatuses", ",".join(self.statuses)),
            ("marketplaceIds", ",".join(self.marketplace_ids)),
            ("fulfilledBy", ",".join(self.fulfilled_by)),
            ("maxResultsPerPage", str(self.page_size)),
            ("includedData", ",".join(self.included)),
            ("paginationToken", page_token or ""),
        )
        return tuple((name, value) for name, value in pairs if value)

    def text(self, page_token: str | None = None) -> str:
        """The query part of the address, percent-encoded; commas stay, as they separate the members of an array."""
        return encoded(self.parameters(page_token))

    def _problems_of_bounds(self) -> list[str]:
        given = [bound for bound in (self.updated_after, self.created_after, self.before) if bound is not None]
        if (self.updated_after is None) == (self.created_after is None):
            return ["a search needs either the moment of the last update or that of the creation"]
        if any(bound.tzinfo is None for bound in given):
            return ["the bounds of a search need a time zone"]
        if len(given) == 2 and given[1] < given[0]:
            return [f"a search cannot end ({_time(given[1])}) before it begins ({_time(given[0])})"]
        return []

    def _problems_of_filters(self) -> list[str]:
        problems = []
        for what, values, known in (
            ("data set", self.included, DATA_SETS),
            ("status to search for", self.statuses, SEARCH_STATUSES),
            ("fulfiller", self.fulfilled_by, FULFILLERS),
        ):
            for value in values:
                if value not in known:
                    problems.append(f"{value!r} is no {what}; Amazon knows {', '.join(known)}")
        for value in self.marketplace_ids:
            # Amazon answers a misspelt list with an empty page instead of an error.
            if not re.fullmatch(r"[A-Z0-9]{8,20}", value):
                problems.append(f"{value!r} is no marketplace id; take it from Amazon's list of marketplace ids")
        if len(self.marketplace_ids) > MOST_MARKETPLACES:
            problems.append(f"a search takes at most {MOST_MARKETPLACES} marketplaces, not {len(self.marketplace_ids)}")
        if not 1 <= self.page_size <= MOST_ORDERS:
            problems.append(f"a page has 1 to {MOST_ORDERS} orders, not {self.page_size}")
        return problems


def encoded(pairs: tuple[tuple[str, str], ...]) -> str:
    """Names and values as the query part of an address."""
    return "&".join(f"{name}={quote(value, safe=',')}" for name, value in pairs)


def request_headers(token: str, user_agent: str, now: datetime) -> dict[str, str]:
    """The headers of every call. Source: SP-API developer guide, step "Add headers to the URI"."""
    return {
        "x-amz-access-token": token,
        "x-amz-date": header_date(now),
        "user-agent": user_agent,
        "accept": "application/json",
    }


def user_agent(name: str, version: str, attributes: Mapping[str, str]) -> str:
    """`Name/Version (Language=Python/3.11; Platform=Linux)` as Amazon demands it, special characters escaped.

    Args:
        attributes: `Language` is required by Amazon; `Platform` and `Host` are usual.

    Raises:
        ConfigurationError: longer than the 500 characters that Amazon accepts.

    Source: SP-API developer guide, "Include a User-Agent header in all requests".
    """
    inside = "; ".join(f"{_escaped(key, '=')}={_escaped(value, ');')}" for key, value in attributes.items())
    text = f"{_escaped(name, '/')}/{_escaped(version, '(')} ({inside})"
    if len(text) > _LONGEST_USER_AGENT:
        raise ConfigurationError(
            f"the user agent is {len(text)} characters long and Amazon accepts {_LONGEST_USER_AGENT}; shorten its parts"
        )
    return text


def _escaped(text: str, special: str) -> str:
    plain = "".join(character if " " <= character <= "~" else "?" for character in text)
    return re.sub(f"[\\\\{re.escape(special)}]", lambda match: "\\" + match[0], plain)


def _time(moment: datetime | None) -> str:
    return "" if moment is None else write_time(moment)
