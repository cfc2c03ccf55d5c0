"""The whole way on one page: read, plan, deliver. The dry run is the same way without its last step."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from adapter.delivery.deliver import Deliverer, Outcome
from adapter.delivery.elements import recover_elements
from adapter.delivery.pause import Pause
from adapter.delivery.recover import recover, unfinished
from adapter.delivery.target import Target
from adapter.desk import Desk
from adapter.errors import AdapterError, Refused
from adapter.intake import Intake
from adapter.ledger.database import LedgerBroken, NotOurs
from adapter.ledger.orders import SeenOrder
from adapter.model.entry import Entry, Key
from adapter.model.schema import Schema
from adapter.onec.catalogs import Catalogs
from adapter.onec.documents import Documents
from adapter.parts import Parts
from adapter.planning.plan import AnyStep, Plan, digest
from adapter.planning.safety import unusual
from adapter.reading.account import ReadReport
from adapter.reading.lacking import want_again
from adapter.reading.sweep import peek_orders

_OLD = "of the back-fill "  # what to call its part of a plan

SESSIONS = "sessions"
"""Name of the capability: how many requests at once the infobase was found to bear."""


class UnusualPlan(AdapterError):
    """The safety check stopped the run; a person looks at the plan and lets it pass, or corrects the mapping."""


@dataclass(slots=True)
class Report:
    """What a run did.

    Attributes:
        read: account -> what was read from it; `failed`: account -> why nothing was.
        unknown: documents whose last write still has an unknown outcome.
    """

    read: dict[str, ReadReport] = field(default_factory=dict)
    failed: dict[str, AdapterError] = field(default_factory=dict)
    plan: Plan = field(default_factory=Plan)
    outcome: Outcome = field(default_factory=Outcome)
    unknown: int = 0


@dataclass(slots=True)
class _SoFar:
    """What a run has come to, part by part.

    Attributes:
        planned: (account, order id) -> content hash of the orders that were planned.
        accepted: the steps that passed the safety check; those of a part that did not spoil no other part. Orders that
            a back-fill has brought are judged apart: that many of them are odd may not keep new ones waiting.
        refused: 1C opened no session in this run, but others did their work.
    """

    planned: dict[tuple[str, str], str] = field(default_factory=dict)
    accepted: dict[str, Plan] = field(default_factory=dict)
    refused: bool = False

    def lacks(self, order: SeenOrder) -> bool:
        """Whether an order is still to be planned, as it is now."""
        return self.planned.get((order.account, order.order_id)) != order.content_hash


class Sync:
    """One run over all accounts and one infobase.

    Args:
        stopped: asked between orders and pages; True ends the run cleanly.
        progress: told after every order written.
    """

    def __init__(
        self,
        parts: Parts,
        stopped: Callable[[], bool] = lambda: False,
        progress: Callable[[AnyStep], None] = lambda _: None,
    ) -> None:
        self._parts = parts
        self._stopped = stopped
        self._progress = progress
        self._agreed = False  # a wrong mapping shows with the first run, not with the first order
        self._intake = Intake(parts, stopped)
        self._desk = Desk(parts, self._intake.known, stopped)
        self._pause = Pause(parts.ledger, parts.infobase.address, parts.now)

    def run(self, *, poll_every: timedelta = timedelta(0), accept_unusual: bool = False) -> Report:
        """Read what is new at Amazon, decide, and write it.

        Every account is read in a thread of its own, and what has been read is written while others are still being
        read: a fault or a silence of one account delays no other.

        Args:
            poll_every: an account that was read to its end more recently is not asked again.

        Raises:
            UnusualPlan: nothing was written.
            Unavailable, ConfigurationError: the infobase cannot be used; what was read is kept.
        """
        report = Report()
        so_far = _SoFar()
        failure: BaseException | None = None
        self._intake.begin(poll_every)
        while True:
            failure = self._intake.collect(report.read, report.failed, poll_every) or failure
            try:
                self._write(report, so_far, accept_unusual)
            except (LedgerBroken, NotOurs):
                raise
            except AdapterError as problem:
                failure = failure or problem
            self._intake.go_on()
            if self._stopped() or not self._intake.under_way:
                break
        self._intake.rest()
        if so_far.refused:
            report.outcome.counts["later"] += sum(map(so_far.lacks, self._parts.ledger.orders.open()))
        if failure is not None:
            raise failure
        return report

    def seconds_to_sweeps(self, without: Collection[str]) -> list[float]:
        """How long until each account that was read to its end is to be read again; at least a second.

        Args:
            without: accounts that could not be read: they are due already, and wait for the next run.
        """
        return self._intake.seconds_to_sweeps(without)

    def wake(self) -> None:
        """Something has arrived in a queue: a run that waits for a slow account looks at once. For any thread."""
        self._intake.wake()

    def _write(self, report: Report, so_far: _SoFar, accept_unusual: bool) -> None:
        """Plan and write the open orders, but for those that were planned already in this run, as they are now."""
        orders = [order for order in self._parts.ledger.orders.open() if so_far.lacks(order)]
        if so_far.refused and self._pause.lasts_since() is not None:
            return  # what was read since waits for the next run; that some found no session failed nothing
        if self._stopped() or (self._agreed and not (orders or unfinished(self._parts.ledger))):
            return
        want_again(self._parts.accounts, self._parts.ledger, orders, self._parts.now())
        with self._pause.kept():
            schema, books = self._desk.open_books()
            self._agreed = True
            report.unknown = self._recover(schema)
            candidates = self._desk.candidates(orders)
            books = self._desk.with_latecomers(candidates, schema, books)
            self._intake.wish(candidates, books)
            # Orders of products that Amazon is yet to be asked for wait for the answer, or for there being none.
            later = {(made.account, made.order_id) for made in candidates if self._intake.waits(made, books)}
            orders = [order for order in orders if (order.account, order.order_id) not in later]
            candidates = [made for made in candidates if (made.account, made.order_id) not in later]
            plan, entries = self._desk.plan(candidates, schema, books)
            so_far.planned |= {(order.account, order.order_id): order.content_hash for order in orders}
            report.plan = Plan((*report.plan, *plan))
            problem: UnusualPlan | None = None
            for kind, part in self._divided(plan):
                if so_far.refused:
                    report.outcome.counts["later"] += len(part)
                    continue
                # What is unusual shows in all of a run, not in the part of it that happened to be read last.
                whole = Plan((*so_far.accepted.get(kind, ()), *part))
                try:
                    self._check(whole, entries, accept_unusual, kind)
                except UnusualPlan as found:
                    problem = problem or found
                    continue
                so_far.accepted[kind] = whole
                so_far.refused = self._deliver(report, part, schema, orders) or so_far.refused
            if problem is not None:
                raise problem

    def _divided(self, plan: Plan) -> list[tuple[str, Plan]]:
        """The steps of new orders, then those of orders that a back-fill has brought; both by what to call them."""
        old = self._parts.ledger.backfills.among({(step.key.account, step.key.order_id) for step in plan})
        parts: dict[str, list[AnyStep]] = {"": [], _OLD: []}
        for step in plan:
            parts[_OLD if (step.key.account, step.key.order_id) in old else ""].append(step)
        return [(kind, Plan(tuple(part))) for kind, part in parts.items() if part or not kind]

    def plan(self, *, peek: bool = True) -> tuple[Plan, Report]:
        """What `run` would do, and what was read for it: nothing is written anywhere, no cursor moves.

        Args:
            peek: ask Amazon too; otherwise only the orders in the ledger count.
        """
        report = Report()
        orders = {(order.account, order.order_id): order for order in self._parts.ledger.orders.open()}
        for account in self._parts.accounts if peek else ():
            try:
                found, report.read[account.name] = peek_orders(account, self._parts.ledger)
            except AdapterError as problem:
                report.failed[account.name] = problem
                continue
            orders |= {(order.account, order.order_id): order for order in found}
        schema, books = self._desk.open_books()
        candidates = self._desk.candidates(list(orders.values()))
        books = self._desk.with_latecomers(candidates, schema, books)
        if peek:
            self._intake.read_catalog(candidates, books)
        report.plan, _ = self._desk.plan(candidates, schema, books)
        return report.plan, report

    def apply(self, saved: Mapping[str, Any], *, accept_unusual: bool = False) -> Report:
        """Carry out a saved plan, if it is still what would be planned now.

        Raises:
            Refused: something has changed since; the message says what. Nothing was written.
        """
        steps = {(step["account"], step["order_id"], step["document"]): step for step in saved["steps"]}
        report = Report()
        self._intake.take_in()
        self._intake.start(self._parts.accounts)
        while self._intake.under_way:
            if (defect := self._intake.collect(report.read, report.failed)) is not None:
                raise defect
        with self._pause.kept():
            return self._apply(report, steps, accept_unusual)

    def _apply(self, report: Report, steps: dict[tuple[str, str, str], Any], accept_unusual: bool) -> Report:
        wanted = {(account, order_id) for account, order_id, _ in steps}
        schema, books = self._desk.open_books()
        report.unknown = self._recover(schema)
        orders = [
            order
            for order_id in sorted({order_id for _, order_id in wanted})
            for order in self._parts.ledger.orders.by_id(order_id)
            if (order.account, order.order_id) in wanted
        ]
        candidates = self._desk.candidates(orders)
        books = self._desk.with_latecomers(candidates, schema, books)
        self._intake.read_catalog(candidates, books)
        plan, entries = self._desk.plan(candidates, schema, books)
        now = {(step.key.account, step.key.order_id, step.key.document): step for step in plan}
        changed = [
            key
            for key in sorted(steps | now)
            if key not in now or key not in steps or digest(now[key]) != steps[key]["digest"]
        ]
        if changed:
            shown = ", ".join(order_id for _, order_id, _ in changed[:5])
            raise Refused(
                f"{len(changed)} of {len(steps)} steps would be different now ({shown}); make a new plan and look at it"
            )
        report.plan = Plan(tuple(now[key] for key in steps))
        self._check(report.plan, entries, accept_unusual)
        self._deliver(report, report.plan, schema, orders)
        return report

    # -------------------- the single steps

    def _targets(self, schema: Schema) -> list[Target]:
        """One for each session."""
        parts = self._parts
        return [
            Target(parts.ledger, Documents(client, schema), Catalogs(client, schema), parts.quarantine, parts.now)
            for client in parts.sessions[: self._bearable()]
        ]

    def _bearable(self) -> int:
        """How many sessions the infobase was found to bear by `probe`; all, if nobody has asked it."""
        rule = next(iter(self._parts.mapping.rules.documents.values()))
        known = self._parts.ledger.notes.capability(rule.entity_set, SESSIONS)
        return max(1, int(known)) if known and known.isdigit() else len(self._parts.sessions)

    def _recover(self, schema: Schema) -> int:
        target = self._targets(schema)[0]
        recover_elements(target)
        return recover(target, self._stopped)

    def _check(self, plan: Plan, entries: Mapping[Key, Entry], accept_unusual: bool, kind: str = "") -> None:
        if not accept_unusual and (found := unusual(plan, entries, self._parts.mapping.rules)):
            raise UnusualPlan(
                f"Nothing {kind}was written, for this plan is unusual: "
                + "; ".join(found)
                + ". Look at it (amazon1c plan), then correct the mapping or let it pass with --accept-unusual."
            )

    def _deliver(self, report: Report, plan: Plan, schema: Schema, orders: Sequence[SeenOrder]) -> bool:
        """Carry out the plan; orders for which the infobase turned out to be different are planned once more.

        Returns:
            Whether 1C opened no session for some.
        """
        deliverer = Deliverer(self._targets(schema), self._stopped, self._progress, self._pause.begin)
        outcome = deliverer.carry_out(plan)
        report.outcome.counts += outcome.counts
        if not outcome.stale or outcome.refused or self._stopped():
            report.outcome.stale |= outcome.stale
            return outcome.refused
        again = self._desk.candidates([order for order in orders if order.order_id in outcome.stale])
        books = self._desk.with_latecomers(again, schema, self._desk.read_books_anew(schema), again=True)
        plan, _ = self._desk.plan(again, schema, books)
        second = deliverer.carry_out(plan)
        report.outcome.counts += second.counts
        report.outcome.stale |= second.stale
        return second.refused
