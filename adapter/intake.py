"""What comes in: accounts in threads of their own, messages of queues, Amazon's catalog for unknown products."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from adapter.amazon.errors import AccessDenied, without_request
from adapter.errors import AdapterError
from adapter.parts import Parts
from adapter.planning.books import Books
from adapter.planning.build import Candidate
from adapter.planning.items import ItemKey, KnownItems
from adapter.reading.account import Account, ReadReport
from adapter.reading.backfill import beside, carry_on
from adapter.reading.items import CatalogCopy, unknown_products
from adapter.reading.readings import Readings
from adapter.reading.single import read_wanted
from adapter.reading.sweep import read_orders

NO_ACCESS = "access"
"""Kind of the notice that Amazon lets an account no longer in."""


class Intake:
    """Reads the accounts, each in a thread of its own; what it reads is in the ledger.

    Args:
        stopped: asked between pages; True ends a reading cleanly.
    """

    def __init__(self, parts: Parts, stopped: Callable[[], bool]) -> None:
        self._parts = parts
        self._stopped = stopped
        self._read_once: set[str] = set()
        self._told: set[str] = set()
        self._poll_every = timedelta(0)
        self._readings = Readings(self._read_one)
        self._catalog = CatalogCopy(parts.ledger, parts.now, parts.sleep)
        self._wishes: dict[str, set[ItemKey]] = {}

    @property
    def under_way(self) -> bool:
        """Whether any account is being read."""
        return bool(self._readings.under_way)

    def begin(self, poll_every: timedelta) -> None:
        """Begin to read what it is time to read.

        Args:
            poll_every: an account that was read to its end more recently is not asked again.
        """
        if self._parts.secrets is not None:
            self._parts.secrets.look(self._parts.ledger)
        self._catalog.failed.clear()
        self._poll_every = poll_every
        self.take_in()
        self._readings.start(self._due())

    def go_on(self) -> None:
        """Begin to read what came up meanwhile: products to ask Amazon for, orders of which a queue has told."""
        self._readings.start(account for account in self._parts.accounts if account.name in self._wishes)
        self.take_in()
        self._readings.start(self._told_of())

    def start(self, accounts: Iterable[Account]) -> None:
        """Begin to read these accounts, due or not."""
        self._readings.start(accounts)

    def rest(self) -> None:
        """Wait until nothing is being read."""
        self._readings.rest()

    def wake(self) -> None:
        """Something has arrived in a queue: who waits in `collect` looks at once. For any thread."""
        self._readings.wake()

    def known(self, unknown: Collection[ItemKey]) -> KnownItems:
        """What Amazon's catalog tells of products, as far as it was asked."""
        return self._catalog.known(unknown)

    def take_in(self) -> None:
        """Want what the queues tell of."""
        if self._parts.inbox is not None:
            self._told |= self._parts.inbox.take_in(self._parts.ledger, self._parts.now())

    def _due(self) -> list[Account]:
        """The accounts that it is time to read, if only for orders that are wanted."""
        waiting = {*self._parts.ledger.wanted.counts(), *self._parts.ledger.backfills.accounts()}
        return [account for account in self._parts.accounts if self._is_due(account) or account.name in waiting]

    def _told_of(self) -> list[Account]:
        """The accounts of which a queue has told, and that are not being read; those that are follow when they are."""
        free = self._told - self._readings.under_way
        self._told -= free
        return [account for account in self._parts.accounts if account.name in free]

    def _is_due(self, account: Account) -> bool:
        """Whether to ask for everything new: seldom where a queue tells, but once after each start."""
        cursor = self._parts.ledger.orders.cursor(account.name)
        polled_at = cursor.polled_at if cursor and not cursor.page_token else None
        # A clock that was put back may not keep us from asking: only an age that makes sense counts.
        return polled_at is None or not timedelta(0) <= self._parts.now() - polled_at < self._between_sweeps(account)

    def _between_sweeps(self, account: Account) -> timedelta:
        inbox, poll_every = self._parts.inbox, self._poll_every
        if account.quiet_poll is not None and account.name in self._read_once and inbox and inbox.hears(account.name):
            poll_every = max(poll_every, account.quiet_poll)
        # A run by hand asks at once, whatever is left of the budget.
        return account.pace.between_sweeps(poll_every) if account.pace is not None and poll_every else poll_every

    def seconds_to_sweeps(self, without: Collection[str]) -> list[float]:
        """How long until each account that was read to its end is to be read again; at least a second.

        Args:
            without: accounts that could not be read: they are due already, and wait for the next run.
        """
        waits = []
        for account in self._parts.accounts:
            cursor = self._parts.ledger.orders.cursor(account.name)
            if account.name not in without and cursor is not None and cursor.polled_at and not cursor.page_token:
                due = cursor.polled_at + self._between_sweeps(account)
                waits.append(max(1.0, (due - self._parts.now()).total_seconds()))
        return waits

    def _read_one(self, account: Account) -> ReadReport | None:
        if wishes := self._wishes.pop(account.name, None):
            self._catalog.read(account.name, account.items, wishes)
            return None
        ledger, now = self._parts.ledger, self._parts.now
        noted = account.check.look(ledger, now()) if account.check is not None else ()
        filled = carry_on(account, ledger, now, self._stopped)
        if self._is_due(account):
            read = read_orders(account, ledger, now, self._stopped)
            self._read_once.add(account.name)
        else:
            read = read_wanted(account, ledger, now, self._stopped)
        read = beside(read, filled)
        return replace(read, problems=(*noted, *read.problems))

    def collect(
        self,
        read: dict[str, ReadReport],
        failed: dict[str, AdapterError],
        poll_every: timedelta = timedelta(0),
    ) -> BaseException | None:
        """Wait for a reading to end, and note what it brought.

        Args:
            read: account -> what was read from it; `failed`: account -> why nothing was. Both are brought up to date.

        Returns:
            An error of the adapter itself, to be told once the other accounts are done.
        """
        ledger = self._parts.ledger
        found = self._readings.finished(poll_every)
        for name, brought in found.read.items():
            read[name] = brought.after(read.get(name))
            failed.pop(name, None)
            ledger.notices.drop(name, NO_ACCESS)
        for name, problem in found.failed.items():
            failed[name] = problem
            if isinstance(problem, AccessDenied):
                ledger.notices.keep(name, NO_ACCESS, without_request(problem), self._parts.now())
        if self._parts.inbox is not None:
            self._parts.inbox.settle(ledger)
        return found.defect

    # -------------------- Amazon's catalog, for products that 1C does not know

    def wish(self, candidates: Sequence[Candidate], books: Books) -> None:
        """Note what to ask each account for."""
        able = {account.name for account in self._parts.accounts if account.items is not None}
        for made in candidates:
            if made.order is not None and made.account in able:
                wanted = self._catalog.wanted(unknown_products(made.order, books.products))
                if wanted:
                    self._wishes.setdefault(made.account, set()).update(wanted)

    def waits(self, made: Candidate, books: Books) -> bool:
        wishes = self._wishes.get(made.account)
        return bool(wishes and made.order and wishes & unknown_products(made.order, books.products))

    def read_catalog(self, candidates: Sequence[Candidate], books: Books) -> None:
        """The same at once, for commands that show or carry out a plan."""
        self._catalog.failed.clear()
        self.wish(candidates, books)
        for account in self._parts.accounts:
            self._catalog.read(account.name, account.items, self._wishes.pop(account.name, ()))
