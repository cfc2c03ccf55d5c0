"""The orders of the account with their past: what a request may see lags behind what has happened."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from adapter.simulators.amazon.wire import Wire, moment_of

VISIBLE_AFTER = timedelta(minutes=2)
"""Orders and changes show up about two minutes late. Source: SP-API guide, get orders with filtering criteria."""


@dataclass(frozen=True, slots=True)
class Version:
    """An order as it was after one change.

    `whole` holds all that is known, `seen` what the API shows in this state. Neither may be changed.
    """

    order_id: str
    created_at: datetime
    updated_at: datetime
    whole: Wire
    seen: Wire

    @classmethod
    def of(cls, whole: Wire, seen: Wire) -> Version:
        """Read the times out of the order."""
        return cls(
            order_id=whole["orderId"],
            created_at=moment_of(whole["createdTime"]),
            updated_at=moment_of(whole["lastUpdatedTime"]),
            whole=whole,
            seen=seen,
        )


class OrderBook:
    """All orders, each with all its versions.

    Not safe for several threads: the account holds its lock.

    Attributes:
        listeners: are told of every new version.
    """

    def __init__(self, visible_after: timedelta = VISIBLE_AFTER) -> None:
        self.visible_after = visible_after
        self._versions: dict[str, list[Version]] = {}
        self.marketplace_ids: set[str] = set()
        self.listeners: list[Callable[[Version], None]] = []

    def add(self, version: Version) -> None:
        """Add an order, or a new version of one."""
        self._versions.setdefault(version.order_id, []).append(version)
        marketplace_id = version.whole["salesChannel"].get("marketplaceId")
        if marketplace_id is not None:
            self.marketplace_ids.add(marketplace_id)
        for tell in self.listeners:
            tell(version)

    def latest(self, order_id: str) -> Version:
        """The newest version, visible or not.

        Raises:
            KeyError: there is no such order.
        """
        return self._versions[order_id][-1]

    def copy_of(self, order_id: str) -> Wire:
        """The newest whole order, free to change.

        Raises:
            KeyError: there is no such order.
        """
        return copy.deepcopy(self.latest(order_id).whole)

    def ids(self) -> tuple[str, ...]:
        """All order ids, oldest entry first."""
        return tuple(self._versions)

    def visible(self, order_id: str, now: datetime) -> Version | None:
        """What a request at `now` sees of an order; None: nothing yet."""
        horizon = now - self.visible_after
        for version in reversed(self._versions.get(order_id, [])):
            if version.updated_at <= horizon:
                return version
        return None

    def all_visible(self, now: datetime) -> Iterator[Version]:
        """What a request at `now` sees, order by order."""
        for order_id in self._versions:
            if (version := self.visible(order_id, now)) is not None:
                yield version
