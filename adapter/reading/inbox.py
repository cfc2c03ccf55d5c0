"""What queues tell of changed orders: a message is a wish to read an order, and is deleted when that has come true.

A thread for each queue receives and deletes; everything else happens in the run that reads orders anyway, between
`take_in` and `settle`, so that ledger and accounts are used by one thread only. A message lost, doubled, late or out of
order changes nothing but the moment of reading: polling goes on behind, and faster while a queue cannot be heard.

A message that is not for us stays in the queue: of another seller, of another type, or not readable at all. Whether
somebody else needs it nobody here can know, and a new client secret exists nowhere else. It hides for a while after
each look, holds nobody up, and ends by the queue's retention or in its dead-letter queue.
"""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from loguru import logger

from adapter.amazon.marketplaces import MARKETPLACES, Region
from adapter.amazon.messages import Foreign, NewSecret, OrderChange, Received, SecretExpiry, read_message
from adapter.errors import AdapterError, place_of
from adapter.ledger import Ledger
from adapter.ledger.wanted import Wanted
from adapter.model.wish import NOTIFICATION

MOST_HELD = 200
"""Messages of a queue that wait for their order at once; more stay in the queue until these are read."""

_REMEMBERED = 10_000
_PAUSE_SECONDS, _FULL_SECONDS, _JOIN_SECONDS = 30.0, 2.0, 1.0

SecretHandler = Callable[[SecretExpiry | NewSecret, Ledger, datetime], bool]
"""Takes care of a message about a client secret; False: it stays in the queue."""


class MessageQueue(Protocol):
    """A queue of messages, such as `queue.SqsQueue`."""

    def receive(self) -> list[Received]:
        """Some messages, at once or after a while; none if there are none. They come again unless deleted."""

    def delete(self, receipts: Sequence[str]) -> None:
        """Delete messages by the receipts with which they came."""

    def close(self) -> None:
        """It is not used any more."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """An account that messages may be for.

    Attributes:
        marketplace_ids: those whose orders are wanted; empty: all of the region.
    """

    account: str
    seller_id: str
    region: Region
    marketplace_ids: frozenset[str] = frozenset()

    def wants(self, marketplace_id: str) -> bool:
        """Whether an order of this marketplace is to be read; one that nobody knows is, in doubt."""
        if self.marketplace_ids:
            return not marketplace_id or marketplace_id in self.marketplace_ids
        known = MARKETPLACES.get(marketplace_id)
        return known is None or known.region is self.region


class Line:
    """One queue with what came from it and what may go; the only thing that two threads share.

    Args:
        open_queue: opens the connection; called by the thread that listens.
        recipients: the accounts whose messages come this way.
    """

    def __init__(self, name: str, open_queue: Callable[[], MessageQueue], recipients: Sequence[Recipient]) -> None:
        self.name = name
        self.recipients = tuple(recipients)
        self.heard = False  # whether the last attempt to receive succeeded
        self._open_queue = open_queue
        self._queue: MessageQueue | None = None
        self._lock = threading.Lock()
        self._arrived: list[Received] = []
        self._finished: list[str] = []
        self._held = 0
        self._trouble = ""

    def open(self) -> None:
        """Open the connection.

        Raises:
            ConfigurationError: a person has to correct something first.
        """
        if self._queue is None:
            self._queue = self._open_queue()

    def step(self) -> bool:
        """Delete what may go, and receive what there is.

        Returns:
            Whether something has arrived.

        Raises:
            AdapterError: the queue cannot be used now.
        """
        self.open()
        assert self._queue is not None  # noqa: S101 - opened just now
        try:
            self._delete(self._queue)
            received = [] if self.full else self._queue.receive()
        except AdapterError:
            self.heard = False
            raise
        with self._lock:
            self._arrived += received
            self._held += len(received)
        self.heard, self._trouble = True, ""
        return bool(received)

    def _delete(self, queue: MessageQueue) -> None:
        with self._lock:
            gone, self._finished = self._finished, []
        try:
            queue.delete(gone)
        except AdapterError:
            with self._lock:
                self._finished = gone + self._finished
            raise

    @property
    def full(self) -> bool:
        """Whether enough messages wait already."""
        with self._lock:
            return self._held >= MOST_HELD

    def take(self) -> list[Received]:
        """What has arrived since the last time."""
        with self._lock:
            arrived, self._arrived = self._arrived, []
            return arrived

    def finish(self, receipts: Sequence[str]) -> None:
        """These messages have come true: they may be deleted."""
        with self._lock:
            self._finished += receipts
            self._held -= len(receipts)

    def leave(self) -> None:
        """A message stays in the queue."""
        with self._lock:
            self._held -= 1

    def complain(self, problem: AdapterError) -> None:
        """Log a trouble once, not each time."""
        if str(problem) != self._trouble:
            self._trouble = str(problem)
            logger.error("{}; orders are read by polling meanwhile", problem)

    def close(self) -> None:
        """End the connection."""
        if self._queue is not None:
            self._queue.close()


@dataclass(slots=True)
class _Wish:
    """A message whose orders are still to be read; doubles of it add their receipts."""

    line: Line
    number: str
    orders: frozenset[tuple[str, str]]
    receipts: list[str] = field(default_factory=list)


class Inbox:
    """All queues of an installation.

    Args:
        on_secret: takes care of messages about client secrets.
    """

    def __init__(self, lines: Sequence[Line], on_secret: SecretHandler = lambda *_: False) -> None:
        self._lines = tuple(lines)
        self._on_secret = on_secret
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []
        self._wishes: list[_Wish] = []
        self._done: OrderedDict[tuple[str, str], None] = OrderedDict()
        self._left: Counter[tuple[str, str]] = Counter()

    # -------------------- in the run that reads orders

    def take_in(self, ledger: Ledger, now: datetime) -> set[str]:
        """Turn what has arrived into orders that the ledger wants.

        Returns:
            The accounts of these orders.
        """
        told: set[str] = set()
        for line in self._lines:
            for received in line.take():
                message = read_message(received.body)
                if isinstance(message, OrderChange):
                    told |= self._order_change(line, received.receipt, message, ledger, now)
                elif isinstance(message, Foreign):
                    self._leave(line, message.kind)
                elif self._on_secret(message, ledger, now):
                    line.finish([received.receipt])
                else:
                    line.leave()
        return told

    def settle(self, ledger: Ledger) -> None:
        """Let go of the messages whose orders are in the ledger."""
        wanted = ledger.wanted.among({order for wish in self._wishes for order in wish.orders})
        still = []
        for wish in self._wishes:
            if wish.orders & wanted:
                still.append(wish)
                continue
            wish.line.finish(wish.receipts)
            self._done[wish.line.name, wish.number] = None
            if len(self._done) > _REMEMBERED:
                self._done.popitem(last=False)
        self._wishes = still

    def hears(self, account: str) -> bool:
        """Whether changes of this account's orders are told at once, as far as one can know."""
        return any(line.heard and any(one.account == account for one in line.recipients) for line in self._lines)

    @property
    def left(self) -> Mapping[tuple[str, str], int]:
        """How many messages of each (queue, kind) were left where they are; looks, not messages."""
        return dict(self._left)

    def _order_change(self, line: Line, receipt: str, message: OrderChange, ledger: Ledger, now: datetime) -> set[str]:
        ours = [one for one in line.recipients if one.seller_id == message.seller_id]
        if not ours:
            self._leave(line, "ORDER_CHANGE of another seller")
            return set()
        number = message.notification_id
        if number and (line.name, number) in self._done:
            line.finish([receipt])
            return set()
        same = next((wish for wish in self._wishes if number and (wish.line, wish.number) == (line, number)), None)
        if same is not None:
            same.receipts.append(receipt)
            return set()
        wanted = [
            Wanted(one.account, message.order_id, NOTIFICATION, updated_at=message.changed_at)
            for one in ours
            if one.wants(message.marketplace_id)
        ]
        ledger.wanted.add(wanted, now)
        orders = frozenset((one.account, one.order_id) for one in wanted)
        self._wishes.append(_Wish(line, number, orders, [receipt]))
        return {account for account, _ in orders}

    def _leave(self, line: Line, kind: str) -> None:
        line.leave()
        self._left[line.name, kind] += 1
        if self._left[line.name, kind] == 1:
            logger.warning("queue {}: a message that is not for us stays in it ({})", line.name, kind)

    # -------------------- in the threads

    def open(self) -> None:
        """Open the queues.

        Raises:
            ConfigurationError: one cannot be used as it is set up.
        """
        for line in self._lines:
            line.open()

    def start(self, wake: Callable[[], None]) -> None:
        """Listen from now on.

        Args:
            wake: is called when something has arrived.
        """
        for line in self._lines:
            # Whoever waits for a message at the end of the process may be cut off: it has received nothing yet.
            thread = threading.Thread(target=self._listen, args=(line, wake), name=f"queue {line.name}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self) -> None:
        """Listen no longer; a request under way is left to itself."""
        self._stopping.set()
        for thread in self._threads:
            thread.join(_JOIN_SECONDS)

    def _listen(self, line: Line, wake: Callable[[], None]) -> None:
        while not self._stopping.is_set():
            try:
                if line.step():
                    wake()
                elif line.full:
                    self._stopping.wait(_FULL_SECONDS)
            except AdapterError as problem:
                line.complain(problem)
                self._stopping.wait(_PAUSE_SECONDS)
            except Exception as problem:
                # Not the text: it may hold a part of a message.
                line.heard = False
                logger.error("a defect in the adapter: {} at {}", type(problem).__name__, place_of(problem))
                self._stopping.wait(_PAUSE_SECONDS)
        line.close()
