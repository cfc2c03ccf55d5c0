"""Back-fills carried out by a command, where no service does it: all accounts side by side, until nothing is left."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from adapter.errors import AdapterError, Unavailable
from adapter.ledger import Ledger
from adapter.ledger.database import LedgerBroken, NotOurs
from adapter.reading.account import Account, ReadReport
from adapter.reading.backfill import beside, carry_on
from adapter.reading.bulk import search_wanted
from adapter.reading.jobs import Jobs
from adapter.reading.single import read_wanted

_LONGEST_WAIT = 60.0
_AFTER_FAULT = 60.0


def read_old(
    account: Account, ledger: Ledger, now: Callable[[], datetime], stopped: Callable[[], bool] = lambda: False
) -> ReadReport:
    """One go at an account's back-fill: what can be found out now, and the orders that are known by then.

    Raises:
        Unavailable, ConfigurationError: Amazon cannot be asked; what was read is stored.
    """
    filled = carry_on(account, ledger, now, stopped)
    bulk = search_wanted(account, ledger, now, stopped)
    read = read_wanted(account, ledger, now, stopped)
    return beside(read.after(bulk), filled)


def pause_after(read: ReadReport) -> float:
    """Seconds until the next go is worth it."""
    waits = [seconds for seconds in (read.wait_seconds, read.again_seconds) if seconds]
    return min(waits, default=1.0)


class BackfillRun:
    """Carries out the open back-fills of some accounts; one that fails delays no other.

    Args:
        seconds, sleep: a clock that is never put, and a wait of so many seconds.
        tell: is told what each go has brought.
        stopped: asked between requests; True ends the run.
    """

    def __init__(
        self,
        accounts: Sequence[Account],
        ledger: Ledger,
        now: Callable[[], datetime],
        *,
        seconds: Callable[[], float],
        sleep: Callable[[float], None],
        tell: Callable[[str, ReadReport], None] = lambda _account, _read: None,
        stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        self._accounts = {account.name: account for account in accounts}
        self._ledger = ledger
        self._now = now
        self._seconds = seconds
        self._sleep = sleep
        self._tell = tell
        self._stopped = stopped
        self._jobs: Jobs[str, ReadReport] = Jobs()
        self.failed: dict[str, AdapterError] = {}

    def run(self) -> None:
        """Go on until no back-fill is open, or those that are cannot be gone on with: see `failed`.

        Raises:
            LedgerBroken, NotOurs: nothing can be kept any more.
        """
        due = dict.fromkeys(self._accounts, self._seconds())
        while not self._stopped():
            left = self._ledger.backfills.accounts() & set(self._accounts) - set(self.failed)
            if not left and not self._jobs.under_way:
                return
            for name in sorted(left - self._jobs.under_way):
                if due[name] <= self._seconds():
                    self._jobs.start(
                        name, partial(read_old, self._accounts[name], self._ledger, self._now, self._stopped)
                    )
            idle = [due[name] - self._seconds() for name in left - self._jobs.under_way]
            wait = min([*idle, _LONGEST_WAIT])
            if not self._jobs.under_way:
                self._sleep(max(wait, 0.0))
                continue
            for name, result in self._jobs.finished(max(wait, 0.0) if idle else None).items():
                due[name] = self._seconds() + self._take(name, result)

    def _take(self, name: str, result: ReadReport | BaseException) -> float:
        """Tell what a go has brought; seconds until the next one."""
        match result:
            case ReadReport():
                self._tell(name, result)
                return pause_after(result)
            case LedgerBroken() | NotOurs():
                raise result
            case Unavailable():
                self._tell(name, ReadReport(problems=(str(result),)))
                return _AFTER_FAULT
            case AdapterError():
                self.failed[name] = result
                return 0.0
            case _:
                raise result
