"""Carries out a plan, step by step; one bad order never stops the others."""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

from adapter.delivery.target import GONE, Held, Later, Patience, Stale, Target, Unsettled, cut_off
from adapter.delivery.worker import Worker, summary_of
from adapter.model.entry import Entry, HoldCause, Key, State
from adapter.onec.client import Requests
from adapter.onec.errors import Locked, NoSession, NotAsked
from adapter.onec.sessions import Gate
from adapter.planning.plan import AnyStep, Cancel, Create, Hold, Plan, Skip, Update, Wait

_Entries = Mapping[Key, Entry]
_Writing = Create | Update | Cancel
_SETTLED_AT_ONCE = 50


@dataclass(slots=True)
class Outcome:
    """What came of a plan.

    Attributes:
        counts: verb or state -> how many.
        stale: orders that have to be planned again.
        refused: 1C opened no session for some; they wait for the next run.
    """

    counts: Counter[str] = field(default_factory=Counter)
    stale: set[str] = field(default_factory=set)
    refused: bool = False


class Deliverer:
    """Carries out plans.

    Args:
        targets: one for each session that may be used at once.
        stopped: asked before every step; True ends the run after the orders in hand.
        progress: told after every step.
        refused: told when 1C opens no session; several threads may do so.
    """

    def __init__(
        self,
        targets: Sequence[Target],
        stopped: Callable[[], bool] = lambda: False,
        progress: Callable[[AnyStep], None] = lambda _: None,
        refused: Callable[[], None] = lambda: None,
    ) -> None:
        self._target = targets[0]
        self._gate = Gate(len(targets))
        creating = threading.Lock()
        # Two for each of several sessions: while one waits for an answer, the other prepares what is sent next.
        self._workers = [
            Worker(target, creating, self._gate, session, ahead=ahead)
            for ahead in ((False, True) if len(targets) > 1 else (False,))
            for session, target in enumerate(targets)
        ]
        self._stopped = stopped
        self._progress = progress
        self._refused = refused
        self._patience = Patience()
        self._lock = threading.Lock()

    @property
    def sessions(self) -> int:
        """How many sessions the infobase was last found to bear."""
        return self._gate.pace.allowed

    def carry_out(self, plan: Plan) -> Outcome:
        """Carry out a plan and record every step. An order is settled once every one of its steps is.

        Raises:
            Unavailable, ConfigurationError: the infobase takes no more writes for now. What was done is recorded, the
                rest is planned again next time.
        """
        run = _Run(plan, self._target.ledger.entries.of_orders({_order(step) for step in plan}))
        self._note(plan, run)
        try:
            self._write_all(run)
        except Exception:
            self._target.ledger.flush()
            raise
        self._target.ledger.flush()
        self._settle(run)
        return run.outcome

    def _write_all(self, run: _Run) -> None:
        workers = self._workers[: max(1, len(run.orders))]
        self._gate.open(worker.session for worker in workers)
        if len(workers) == 1:
            self._work(workers[0], run)
            return
        with ThreadPoolExecutor(len(workers), thread_name_prefix="session") as pool:
            ended = [pool.submit(self._work, worker, run) for worker in workers]
        for future in ended:
            future.result()

    def _work(self, worker: Worker, run: _Run) -> None:
        """Take orders until there are none left. A failure that concerns all of them ends the others too."""
        try:
            while not self._stopped() and worker.may_begin():
                if (steps := run.next_order()) is None:
                    return
                self._carry_out_order(worker, steps, run)
        finally:
            self._gate.close()

    def _carry_out_order(self, worker: Worker, steps: Sequence[_Writing], run: _Run) -> None:
        """Carry out the steps of one order.

        Raises:
            NoSession: 1C opens no session, and none of the others has one.
            Unavailable, ConfigurationError: as `carry_out`.
        """
        for number, step in enumerate(steps):
            try:
                self._step(worker, step, run)
            except (NoSession, NotAsked) as problem:
                if isinstance(problem, NoSession):
                    self._refused()
                    run.outcome.refused = True
                    if self._gate.none_left:
                        raise
                with self._lock:
                    run.outcome.counts["later"] += len(steps) - number
                return

    def _step(self, worker: Worker, step: _Writing, run: _Run) -> None:
        done = self._write(worker, step, run)
        with self._lock:
            if done:
                run.left[_order(step)] -= 1
                if not run.left[_order(step)]:
                    run.settled.append((*_order(step), step.source.order_hash))
            enough = len(run.settled) >= _SETTLED_AT_ONCE
            self._progress(step)
        if enough:
            self._settle(run)

    def _settle(self, run: _Run) -> None:
        """Record orders of which nothing is left, many at once: what a crash forgets, the next plan finds out."""
        with self._lock:
            settled, run.settled = run.settled, []
        self._target.ledger.orders.settle(settled)

    # -------------------- steps that write nothing to the infobase

    def _note(self, plan: Plan, run: _Run) -> None:
        """Record what waits, is held or needs nothing, all in one go."""
        with self._target.ledger.transaction():
            for step in plan:
                if isinstance(step, Hold | Wait | Skip):
                    run.outcome.counts[_counted(step)] += 1
                    if not _is_cut_off(step, run.entries):
                        self._note_one(step, run.entries.get(step.key))
            self._target.ledger.orders.settle(
                {(*_order(step), step.source.order_hash) for step in plan if not run.left[_order(step)]}
            )

    def _note_one(self, step: Hold | Wait | Skip, entry: Entry | None) -> None:
        state: State
        reasons: tuple[str, ...]
        hold: HoldCause | None
        written = entry is not None and entry.written
        match step:
            case Hold():
                state, reasons, hold = State.HELD, step.reasons, step.cause
            case Wait():
                if written:
                    return
                state, reasons, hold = State.WAITING, (step.reason,), None
            case Skip():
                gone = entry is not None and entry.summary.get(GONE)
                state, reasons, hold = State.DONE if written and not gone else State.CLOSED, (), None
        if entry is not None and (entry.state, entry.reasons, entry.hold) == (state, reasons, hold):
            return
        after = replace(entry or Entry(step.key, state), state=state, reasons=reasons, hold=hold)
        if isinstance(step, Hold) and not written:
            after = replace(after, summary=summary_of(step))
        cause = reasons[0] if reasons else getattr(step, "reason", "")
        self._target.ledger.entries.move(entry, after, cause, self._target.now())

    # -------------------- steps that write

    def _write(self, worker: Worker, step: _Writing, run: _Run) -> bool:
        """Carry out one step; True if nothing is left of it.

        Raises:
            Unavailable, ConfigurationError: as `carry_out`.
        """
        counted, strained, begun = "", False, worker.requests
        try:
            worker.carry_out(step, run.entries.get(step.key))
        except Held:
            counted = "held"
        except Stale:
            with self._lock:
                run.outcome.stale.add(step.key.order_id)
        except Later as problem:
            counted = "later"
            if isinstance(problem.__cause__, Locked):
                self._gate.strained()
                strained = True
        except Unsettled as problem:
            self._tell_pace(begun, worker.requests)
            with self._lock:
                run.outcome.counts["unknown"] += 1
                self._patience.unanswered(problem)
            return False
        if not strained:
            self._tell_pace(begun, worker.requests)
        with self._lock:
            if counted:
                run.outcome.counts[counted] += 1
            self._patience.answered()
            done = not counted and step.key.order_id not in run.outcome.stale
            if done:
                run.outcome.counts[step.verb] += 1
        return done

    def _tell_pace(self, begun: Requests, ended: Requests) -> None:
        """How long an answer took; orders differ in how many they need, and some in that they need none."""
        if answers := ended.reads + ended.writes - begun.reads - begun.writes:
            self._gate.answered((ended.seconds - begun.seconds) / answers)


class _Run:
    """One plan being carried out, shared by the sessions."""

    def __init__(self, plan: Plan, entries: _Entries) -> None:
        self.entries = entries
        self.outcome = Outcome()
        self.settled: list[tuple[str, str, str]] = []
        self.left = Counter(_order(step) for step in plan if not isinstance(step, Skip) or _is_cut_off(step, entries))
        orders: dict[tuple[str, str], list[_Writing]] = {}
        for step in plan:
            if isinstance(step, Create | Update | Cancel):
                orders.setdefault(_order(step), []).append(step)
        self.orders = deque(orders.values())

    def next_order(self) -> list[_Writing] | None:
        """The writing steps of the next order; None when all are taken."""
        try:
            return self.orders.popleft()
        except IndexError:
            return None


def _order(step: AnyStep) -> tuple[str, str]:
    return step.key.account, step.key.order_id


def _is_cut_off(step: AnyStep, entries: _Entries) -> bool:
    entry = entries.get(step.key)
    return entry is not None and cut_off(entry)


def _counted(step: Hold | Wait | Skip) -> str:
    if isinstance(step, Skip):
        return "already there" if step.written else "nothing to do"
    return {"hold": "held", "wait": "waiting"}[step.verb]
