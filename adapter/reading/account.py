"""A seller account as it is read, and what a reading brought."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from adapter.amazon.page import Page, WireOrder
from adapter.amazon.query import SearchQuery
from adapter.amazon.reports import ReportState
from adapter.reading.items import ItemsReader
from adapter.reading.marketplaces import AccountCheck
from adapter.reading.pace import Pace


class OrdersReader(Protocol):
    """One version of the Orders API. Its errors are those of `orders.OrdersClient`."""

    @property
    def version(self) -> str:
        """The form of the contents that it gives, such as `orders/2026-01-01`."""

    def search(self, query: SearchQuery, page_token: str | None = None) -> Page:
        """One page of orders; those that it can tell in part only are its `heads`."""

    def get_order(self, order_id: str, included: tuple[str, ...] = (), head: str | None = None) -> WireOrder:
        """One complete order; `head` is what a page told of it already."""


class ReportsReader(Protocol):
    """Orders and fetches reports, as `reports.ReportsClient` does, with its errors."""

    def order(self, after: datetime, before: datetime, marketplace_ids: Sequence[str]) -> str:
        """Order the report of all orders placed in a window, and give its id."""

    def look(self, report_id: str) -> ReportState:
        """How far a report is."""

    def text(self, document_id: str) -> str:
        """The text of a report's document."""

    def why(self, document_id: str) -> str:
        """The first words of a failed report's document."""


@dataclass(frozen=True, slots=True)
class OldOrders:
    """What a back-fill needs of an account, beyond reading orders.

    Attributes:
        spare: seconds until a search may be spent on old orders; zero: now. The rest is kept for new ones.
        marketplace_ids: all that the account may sell in, where the settings choose none.
    """

    reports: ReportsReader
    spare: Callable[[], float]
    marketplace_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Account:
    """A seller account and what to ask it for.

    Attributes:
        read_from: orders changed before this moment stay unread; aware, UTC.
        included: data sets beyond the bare order.
        quiet_poll: how often to ask while a queue tells of every change; None without a queue.
        needed: those of them without which the mapping would book an order wrongly.
        check: whether it is the account that the settings mean; None: nobody asks.
        items: Amazon's catalog; None: it is not asked.
        old: ways to old orders; None: there is no back-fill of this account.
        pace: what its budgets allow; None: nobody counts.
    """

    name: str
    seller_id: str
    client: OrdersReader
    read_from: datetime
    marketplace_ids: tuple[str, ...] = ()
    included: tuple[str, ...] = ()
    quiet_poll: timedelta | None = None
    needed: frozenset[str] = frozenset()
    check: AccountCheck | None = None
    items: ItemsReader | None = None
    old: OldOrders | None = None
    pace: Pace | None = None

    def lacking(self, included: Collection[str] | None) -> tuple[str, ...]:
        """Which needed data sets an order was read without.

        Args:
            included: those that it was read with; None where that is not known, then nothing is missing.
        """
        return () if included is None else tuple(sorted(self.needed - set(included)))


@dataclass(frozen=True, slots=True)
class ReadReport:
    """What a reading brought.

    Attributes:
        pages, orders: how many were read; `changed`: how many of the orders were new or different.
        complete: the last page was reached.
        waiting: orders that still have to be asked for one by one.
        wait_seconds: when there is more to read: how long until Amazon's budget allows it; 0.0 when all is read.
        again_seconds: when orders are put off: how long until the first of them may be asked for again.
        problems: parts of pages that are no orders, and orders that could not be read.
    """

    pages: int = 0
    orders: int = 0
    changed: int = 0
    complete: bool = False
    waiting: int = 0
    wait_seconds: float = 0.0
    again_seconds: float = 0.0
    problems: tuple[str, ...] = ()

    def after(self, earlier: ReadReport | None) -> ReadReport:
        """This reading and an earlier one of the same account as one."""
        if earlier is None:
            return self
        return replace(
            self,
            pages=earlier.pages + self.pages,
            orders=earlier.orders + self.orders,
            changed=earlier.changed + self.changed,
            problems=tuple(dict.fromkeys((*earlier.problems, *self.problems))),
        )
