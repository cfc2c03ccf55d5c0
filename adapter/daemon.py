"""The daemon: runs again and again, survives clock steps, tells systemd how it is, and stops cleanly."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.background import BackgroundScheduler
from loguru import logger

from adapter.amazon.errors import without_request
from adapter.delivery.pause import PAUSE
from adapter.errors import AdapterError, ConfigurationError, place_of
from adapter.ledger.database import LedgerBroken, NotOurs
from adapter.onec.errors import NoSession
from adapter.reading.inbox import Inbox
from adapter.sync import Report, Sync, UnusualPlan

DRAIN_SECONDS = 8.0
"""How long a stop waits for the request in flight; its intent is on the disk, so cutting it off is safe."""

LONGEST_BREATH = 1.5
"""How many of its intervals the daemon waits at most where the budget of calls asks for it; then it looks anyway."""

_LOOK_SECONDS = 2.0
_CLOCK_STEP_SECONDS = 30.0
_HUNG_SECONDS = 600.0  # longer than reading the largest catalog; every single request has a deadline of its own
_SOON, _LATER = 30.0, 300.0
_DAY_SECONDS = 86_400.0
_JOB = "cycle"


class Daemon:
    """Runs a `Sync` at intervals until it is told to stop.

    Args:
        sync: makes the run; it is given the question whether to stop.
        poll_seconds: how often Amazon is asked.
        inbox: queues that tell of changed orders; a run follows each message at once.
    """

    def __init__(
        self,
        sync: Callable[[Callable[[], bool]], Sync],
        poll_seconds: float,
        *,
        inbox: Inbox | None = None,
    ) -> None:
        self._stopping = threading.Event()
        self._sync = sync(self._asked)
        self._poll_seconds = poll_seconds
        self._inbox = inbox
        self._woken = threading.Event()
        self._alarmed: dict[str, tuple[str, float]] = {}
        self._busy = threading.Lock()
        self._ran_before = False
        self._alive_at = self._due_at = time.monotonic()
        self._fatal: BaseException | None = None
        self._scheduler = BackgroundScheduler(timezone=UTC)

    def run(self) -> None:
        """Run until SIGTERM or SIGINT.

        Raises:
            ConfigurationError: the first run shows that it cannot work; later ones are only logged and tried again.
            LedgerBroken, NotOurs: going on would lose what was done.
        """
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, self._stop)
        self._scheduler.add_job(
            self._cycle, "interval", seconds=self._poll_seconds, id=_JOB, next_run_time=datetime.now(UTC), coalesce=True
        )
        if self._inbox is not None:
            self._inbox.open()
        self._scheduler.start()
        if self._inbox is not None:
            self._inbox.start(self.wake)
        notify("READY=1")
        self._watch()
        notify("STOPPING=1")
        if self._inbox is not None:
            self._inbox.stop()
        self._scheduler.shutdown(wait=False)
        drained = self._busy.acquire(timeout=DRAIN_SECONDS)
        if self._fatal is not None:
            raise self._fatal
        logger.info(
            "stopped" if drained else "stopped while a request was under way; it is looked up at the next start"
        )
        if not drained:
            os._exit(0)  # the thread that waits for the infobase cannot be ended in another way

    def wake(self) -> None:
        """Run soon: at once, or after the run that is under way. Any thread may call this."""
        self._woken.set()
        self._sync.wake()
        if not self._stopping.is_set():
            self._again(0.0)

    def _stop(self, *_: object) -> None:
        if self._stopping.is_set():
            os._exit(0)  # a second signal: at once
        self._stopping.set()

    def _asked(self) -> bool:
        """Whether to stop; that a run asks is also the sign that it goes on."""
        self._alive_at = time.monotonic()
        return self._stopping.is_set()

    def _watch(self) -> None:
        """Guard the schedule against clock steps: a scheduler on the wall clock freezes when that is put back."""
        started = time.time() - time.monotonic()
        while not self._stopping.wait(_LOOK_SECONDS):
            step = time.time() - time.monotonic() - started
            if abs(step) > _CLOCK_STEP_SECONDS:
                logger.warning("the clock was put {:+.0f} s; the schedule starts anew", step)
                started += step
                self._again(max(0.0, self._due_at - time.monotonic()))
            elif time.monotonic() > self._due_at + self._poll_seconds and not self._busy.locked():
                self._again(0.0)
            elif self._woken.is_set() and not self._busy.locked():
                self._again(0.0)  # the scheduler passes over a wish that comes while the last run ends
            if not self._busy.locked() or time.monotonic() - self._alive_at < _HUNG_SECONDS:
                notify("WATCHDOG=1")

    def _again(self, seconds: float) -> None:
        """Run in so many seconds, and from then on at the usual interval."""
        self._due_at = time.monotonic() + seconds
        self._scheduler.modify_job(_JOB, next_run_time=datetime.now(UTC) + timedelta(seconds=seconds))
        self._scheduler.wakeup()

    def _cycle(self) -> None:
        with self._busy:
            self._once()
            while self._woken.is_set() and not self._stopping.is_set():
                self._once()

    def _once(self) -> None:
        self._woken.clear()
        if self._stopping.is_set():
            return
        self._due_at = time.monotonic() + self._poll_seconds
        try:
            report = self._sync.run(poll_every=timedelta(seconds=self._poll_seconds))
        except (LedgerBroken, NotOurs) as problem:
            self._give_up(problem)
        except AdapterError as problem:
            self._failed(problem)
        except Exception as problem:
            # Not the text: it may hold a buyer's data.
            place = place_of(problem)
            logger.error("a defect in the adapter: {} at {}; tried again in 5 minutes", type(problem).__name__, place)
            self._again(_LATER)
        else:
            self._tell(report)
            wait = seconds_to_next_run(report, self._sync)
            if wait is not None and wait < LONGEST_BREATH * self._poll_seconds:
                self._again(wait)
        self._ran_before = True

    def _failed(self, problem: AdapterError) -> None:
        if isinstance(problem, ConfigurationError) and not self._ran_before:
            self._give_up(problem)
            return
        lasting = isinstance(problem, ConfigurationError | UnusualPlan)
        logger.log("ERROR" if lasting else "WARNING", "{}", problem)
        notify(f"STATUS={str(problem).splitlines()[0][:200]}")
        soonest = PAUSE.total_seconds() if isinstance(problem, NoSession) else _SOON
        self._again(_LATER if lasting else min(_LATER, max(soonest, self._poll_seconds / 2)))

    def _give_up(self, problem: BaseException) -> None:
        self._fatal = problem
        self._stopping.set()

    def _tell(self, report: Report) -> None:
        for account, failure in report.failed.items():
            self._alarm(account, failure)
        for account, read in report.read.items():
            if self._alarmed.pop(account, None):
                logger.info("account {}: read again", account)
            if read.changed:
                logger.info("account {}: {} orders read, {} new or changed", account, read.orders, read.changed)
            for problem in read.problems:
                logger.warning("account {}: {}", account, problem)
        done = {
            verb: count for verb, count in report.outcome.counts.items() if verb not in {"already there", "waiting"}
        }
        if done:
            logger.info("{}", ", ".join(f"{verb}: {count}" for verb, count in sorted(done.items())))
        if report.unknown:
            logger.warning("{} documents with an unknown outcome; looked up again soon", report.unknown)
        counts = report.outcome.counts
        notify(f"STATUS=last run: {counts['create']} created, {counts['held']} held, {report.unknown} unknown")

    def _alarm(self, account: str, failure: AdapterError) -> None:
        """Tell what passes each time, and what a person has to put right once a day."""
        if not isinstance(failure, ConfigurationError):
            logger.warning("account {}: {}", account, failure)
            return
        text, at = self._alarmed.get(account, ("", 0.0))
        if text != without_request(failure) or time.monotonic() - at > _DAY_SECONDS:
            self._alarmed[account] = without_request(failure), time.monotonic()
            logger.error("{}. The account {} is not read until then.", failure, account)


def seconds_to_next_run(report: Report, sync: Sync) -> float | None:
    """How long after a run the next one has something to do; None where nothing is known of."""
    waits = [read.wait_seconds for read in report.read.values() if read.wait_seconds]
    waits += [read.again_seconds for read in report.read.values() if read.again_seconds]
    waits += sync.seconds_to_sweeps(without=report.failed)
    if report.unknown or report.outcome.counts["unknown"] or report.outcome.stale:
        waits.append(_SOON)
    return min(waits, default=None)


def notify(state: str) -> None:
    """Tell systemd, if it started us and wants to know. Source: sd_notify(3)."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
        channel.connect("\0" + address[1:] if address.startswith("@") else address)
        channel.sendall(state.encode())
