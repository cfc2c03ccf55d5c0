"""Readings of all accounts at once: none waits for another, and the fault of one is its own."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

from adapter.errors import AdapterError
from adapter.ledger.database import LedgerBroken, NotOurs
from adapter.reading.account import Account, ReadReport
from adapter.reading.jobs import Jobs


@dataclass(slots=True)
class Finished:
    """Readings that have ended: account -> what was read, or why nothing was.

    Attributes:
        defect: an error of the adapter itself in one of them.
    """

    read: dict[str, ReadReport] = field(default_factory=dict)
    failed: dict[str, AdapterError] = field(default_factory=dict)
    defect: BaseException | None = None


class Readings:
    """Readings under way, a thread for each account.

    Args:
        read: reads one account as far as it can be read now; None: something else than its orders was read.
        seconds: a clock that is never put, in seconds.
    """

    def __init__(
        self, read: Callable[[Account], ReadReport | None], seconds: Callable[[], float] = time.monotonic
    ) -> None:
        self._read = read
        self._seconds = seconds
        self._jobs: Jobs[str, ReadReport | None] = Jobs()
        self._again: dict[str, tuple[float, Account]] = {}
        self._accounts: dict[str, Account] = {}

    @property
    def under_way(self) -> frozenset[str]:
        """The accounts that are being read."""
        return self._jobs.under_way

    def start(self, accounts: Iterable[Account]) -> None:
        """Begin to read accounts; one that is still being read goes on."""
        for account in accounts:
            self._accounts[account.name] = account
            self._again.pop(account.name, None)
            self._jobs.start(account.name, partial(self._read, account))

    def wake(self) -> None:
        """Whoever waits for a reading to end waits no longer. Any thread may call this."""
        self._jobs.wake()

    def finished(self, poll_every: timedelta = timedelta(0)) -> Finished:
        """The readings that have ended; waits for the next one to end, or for `wake`.

        Args:
            poll_every: while another account is still being read, those that have ended are read again after this
                time, or as soon as Amazon's budget allows; zero: they are not.

        Raises:
            LedgerBroken, NotOurs: nothing can be kept any more.
        """
        found = Finished()
        self._start_due()
        for name, result in self._jobs.finished(self._pause()).items():
            wait = poll_every.total_seconds()
            match result:
                case LedgerBroken() | NotOurs():
                    raise result
                case ReadReport():
                    found.read[name] = result
                    if result.wait_seconds:
                        wait = min(wait, result.wait_seconds)
                    if result.again_seconds:
                        wait = min(wait, result.again_seconds)
                case AdapterError():
                    found.failed[name] = result
                case BaseException():
                    found.defect = result
            if poll_every:
                self._again[name] = (self._seconds() + wait, self._accounts[name])
        return found

    def rest(self) -> None:
        """Nothing is begun again by itself until the next start."""
        self._again.clear()

    def _start_due(self) -> None:
        now = self._seconds()
        self.start([account for at, account in list(self._again.values()) if at <= now])

    def _pause(self) -> float | None:
        """How long to wait for a reading to end: until the next one is due."""
        if not self._again:
            return None
        return max(0.0, min(at for at, _ in self._again.values()) - self._seconds())
