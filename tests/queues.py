"""A queue in memory with the manners of SQS, for tests that decide themselves what comes, when and how often."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from adapter.amazon.marketplaces import Region
from adapter.amazon.messages import Received
from adapter.errors import AdapterError
from adapter.parts import Parts
from adapter.reading.inbox import Inbox, Line, Recipient
from adapter.simulators.amazon.order_change import order_change

ARN = "arn:aws:sqs:eu-west-1:123456789012:orders"
QUIET = timedelta(minutes=30)


class FakeQueue:
    """Gives each message again and again until it is deleted, hidden for a while in between."""

    def __init__(self) -> None:
        self.visible: list[str] = []
        self.hidden: dict[str, str] = {}  # receipt -> body
        self.deleted: list[str] = []
        self.broken: AdapterError | None = None
        self.receives = 0
        self._given = 0

    def put(self, message: object, times: int = 1) -> None:
        self.visible += [message if isinstance(message, str) else json.dumps(message)] * times

    def receive(self) -> list[Received]:
        if self.broken is not None:
            raise self.broken
        self.receives += 1
        taken, self.visible = self.visible[:10], self.visible[10:]
        received = []
        for body in taken:
            self._given += 1
            self.hidden[str(self._given)] = body
            received.append(Received(str(self._given), body))
        return received

    def delete(self, receipts: Sequence[str]) -> None:
        if self.broken is not None:
            raise self.broken
        for receipt in receipts:
            if receipt in self.hidden:
                self.deleted.append(self.hidden.pop(receipt))

    def close(self) -> None:
        """Nothing is open."""

    def show_again(self) -> None:
        """What was received and not deleted is visible again."""
        self.visible += self.hidden.values()
        self.hidden.clear()

    @property
    def left(self) -> int:
        """How many messages are in it, visible or not."""
        return len(self.visible) + len(self.hidden)


def listening(parts: Parts, queue: FakeQueue, **options: Any) -> tuple[Parts, Line]:
    """The same run with a queue for its first account."""
    account = replace(parts.accounts[0], quiet_poll=QUIET)
    recipient = Recipient(account.name, account.seller_id, Region.EU, frozenset(account.marketplace_ids))
    line = Line("orders", lambda: queue, [recipient])
    accounts = [account, *parts.accounts[1:]]
    return replace(parts, accounts=accounts, inbox=Inbox([line], **options)), line


def change_of(order: dict[str, Any], seller_id: str, number: str, at: Any) -> dict[str, Any]:
    """The message about an order."""
    return order_change(order, seller_id, "subscription", number, at)
