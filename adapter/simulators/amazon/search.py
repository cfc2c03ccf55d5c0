"""Finding orders, page by page."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from adapter.simulators.amazon.answers import invalid_input
from adapter.simulators.amazon.order_book import OrderBook, Version
from adapter.simulators.amazon.query import BEHIND_NOW, Page, Search

TOKEN_LIFETIME = timedelta(hours=24)
"""Source: SP-API model orders_2026-01-01, Pagination."""


@dataclass(frozen=True, slots=True)
class Found:
    """One page of results; `token` leads to the next one, `before` is the upper bound in force."""

    versions: tuple[Version, ...]
    before: datetime
    token: str | None


@dataclass(frozen=True, slots=True)
class _Position:
    search: Search
    before: datetime
    behind: tuple[datetime, str]
    expires_at: datetime


class Pages:
    """Searches under way.

    Results are sorted by the time searched for. An order that changes between two pages of a search by update moves
    behind the upper bound: it is missing from the later pages and found by the next search.

    Not safe for several threads: the account holds its lock.
    """

    def __init__(self, book: OrderBook, name: str) -> None:
        self._book = book
        self._name = name
        self._positions: dict[str, _Position] = {}
        self._given = 0

    def find(self, search: Search, page: Page, now: datetime) -> Found:
        """One page.

        Raises:
            ApiError: the pagination token is unknown, too old, or was given for another search.
        """
        before, behind = search.before or now - BEHIND_NOW, None
        if page.token is not None:
            position = self._position(page.token, search, now)
            before, behind = position.before, position.behind
        matches = {
            _sort_key(version, search): version
            for version in self._book.all_visible(now)
            if _fits(version, search, before)
        }
        keys = sorted(key for key in matches if behind is None or key > behind)
        token = None
        if len(keys) > page.size:
            token = self._new_token(_Position(search, before, keys[page.size - 1], now + TOKEN_LIFETIME), now)
        return Found(tuple(matches[key] for key in keys[: page.size]), before, token)

    def _position(self, token: str, search: Search, now: datetime) -> _Position:
        position = self._positions.get(token)
        if position is None:
            raise invalid_input("paginationToken is invalid.")
        if now >= position.expires_at:
            raise invalid_input("paginationToken has expired.")
        if position.search != search:
            raise invalid_input(
                "All parameters except maxResultsPerPage and includedData must be the same as in the request "
                "that gave the paginationToken."
            )
        return position

    def _new_token(self, position: _Position, now: datetime) -> str:
        self._given += 1
        digest = hashlib.sha256(f"{self._name}/{self._given}".encode()).digest()
        # Letters that a client has to encode in a query, as Amazon's tokens have them.
        token = base64.b64encode(digest).decode()
        # Kept for a while when dead: a late client is told why.
        self._positions = {key: kept for key, kept in self._positions.items() if now < kept.expires_at + TOKEN_LIFETIME}
        self._positions[token] = position
        return token


def _sort_key(version: Version, search: Search) -> tuple[datetime, str]:
    return (version.created_at if search.field == "createdTime" else version.updated_at), version.order_id


def _fits(version: Version, search: Search, before: datetime) -> bool:
    moment = version.created_at if search.field == "createdTime" else version.updated_at
    fulfillment = version.seen.get("fulfillment", {})
    return (
        search.after <= moment <= before
        and _one_of(fulfillment.get("fulfillmentStatus"), search.statuses)
        and _one_of(fulfillment.get("fulfilledBy"), search.fulfilled_by)
        and _one_of(version.seen["salesChannel"].get("marketplaceId"), search.marketplaces)
    )


def _one_of(value: str | None, wanted: frozenset[str]) -> bool:
    return not wanted or value in wanted
