"""The whole way on one page: read, plan, deliver. The dry run is the same way without its last step."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from adapter.amazon.errors import AccessDenied, UnreadableOrder, without_request
from adapter.amazon.versions import read_order
from adapter.books import agreed_schema, catalog_read_at, read_books, with_latecomers
from adapter.copies import Copies
from adapter.customer_copy import Connect, CustomerCopy
from adapter.customer_reading import Sought
from adapter.delivery.deliver import Deliverer, Outcome
from adapter.delivery.elements import recover_elements
from adapter.delivery.pause import Pause
from adapter.delivery.recover import recover, unfinished
from adapter.delivery.target import Target
from adapter.errors import AdapterError, Refused
from adapter.latecomers import Latecomers
from adapter.ledger import Ledger
from adapter.ledger.database import LedgerBroken, NotOurs
from adapter.ledger.orders import SeenOrder
from adapter.mapping.load import LoadedRules
from adapter.model.entry import Entry, Key
from adapter.model.schema import Schema
from adapter.onec.catalogs import Catalogs
from adapter.onec.client import InfobaseClient
from adapter.onec.documents import Documents
from adapter.planning.books import Books, Identity
from adapter.planning.build import Candidate, build_plan
from adapter.planning.buyers import unknown_buyers
from adapter.planning.inputs import Inputs
from adapter.planning.items import ItemKey
from adapter.planning.plan import AnyStep, Plan, digest
from adapter.planning.safety import unusual
from adapter.rates import with_rates
from adapter.reading.account import Account, ReadReport
from adapter.reading.backfill import beside, carry_on
from adapter.reading.inbox import Inbox
from adapter.reading.items import CatalogCopy, unknown_products
from adapter.reading.lacking import not_told, want_again
from adapter.reading.marketplaces import Marketplaces, marketplaces_of
from adapter.reading.readings import Readings
from adapter.reading.secrets import SecretKeeper
from adapter.reading.single import read_wanted
from adapter.reading.sweep import peek_orders, read_orders

CHOSEN_CUSTOMER = "customer"
NO_ACCESS = "access"
"""Kind of the notice that Amazon lets an account no longer in."""

_OLD = "of the back-fill "  # what to call its part of a plan

SESSIONS = "sessions"
"""Name of the capability: how many requests at once the infobase was found to bear."""


class UnusualPlan(AdapterError):
    """The safety check stopped the run; a person looks at the plan and lets it pass, or corrects the mapping."""


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything a run works with; built by `assembly`.

    Attributes:
        sessions: connections for writing, one for each session that may be used at once; the first is `infobase`.
        refresh: how old the copies of the infobase's catalogs may be.
        metadata_age: how old the copy of its schema may be.
        now: the clock, aware, UTC.
        inbox: the queues that tell of changed orders, if there are any.
        secrets: watches over the client secrets.
        sleep: waits so many seconds, in the thread of an account.
        connect: opens another connection to the infobase, to read customers by while the others are at work; None:
            they are read while everything else waits, as by a command that ends soon.
    """

    ledger: Ledger
    accounts: Sequence[Account]
    infobase: InfobaseClient
    sessions: Sequence[InfobaseClient]
    mapping: LoadedRules
    identity: Identity
    quarantine: timedelta
    refresh: timedelta
    now: Callable[[], datetime]
    metadata_age: timedelta = timedelta(days=1)
    inbox: Inbox | None = None
    secrets: SecretKeeper | None = None
    sleep: Callable[[float], None] = time.sleep
    connect: Connect | None = None


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
        self._latecomers = Latecomers()
        self._read_once: set[str] = set()
        self._told: set[str] = set()
        self._poll_every = timedelta(0)
        self._agreed = False  # a wrong mapping shows with the first run, not with the first order
        self._readings = Readings(self._read_one)
        self._catalog = CatalogCopy(parts.ledger, parts.now, parts.sleep)
        self._wishes: dict[str, set[ItemKey]] = {}
        self._copies = Copies(parts.ledger, parts.infobase, parts.now, parts.refresh, parts.metadata_age)
        self._customers = CustomerCopy(self._copies, parts.mapping.rules, parts.connect, stopped)
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
        if self._parts.secrets is not None:
            self._parts.secrets.look(self._parts.ledger)
        self._catalog.failed.clear()
        so_far = _SoFar()
        failure: BaseException | None = None
        self._poll_every = poll_every
        self._take_in()
        self._readings.start(self._due())
        while True:
            failure = self._collect(report, poll_every) or failure
            try:
                self._write(report, so_far, accept_unusual)
            except (LedgerBroken, NotOurs):
                raise
            except AdapterError as problem:
                failure = failure or problem
            self._readings.start(account for account in self._parts.accounts if account.name in self._wishes)
            self._take_in()
            self._readings.start(self._told_of())
            if self._stopped() or not self._readings.under_way:
                break
        self._readings.rest()
        if so_far.refused:
            report.outcome.counts["later"] += sum(map(so_far.lacks, self._parts.ledger.orders.open()))
        if failure is not None:
            raise failure
        return report

    def wake(self) -> None:
        """Something has arrived in a queue: a run that waits for a slow account looks at once. For any thread."""
        self._readings.wake()

    def _write(self, report: Report, so_far: _SoFar, accept_unusual: bool) -> None:
        """Plan and write the open orders, but for those that were planned already in this run, as they are now."""
        orders = [order for order in self._parts.ledger.orders.open() if so_far.lacks(order)]
        if so_far.refused and self._pause.lasts_since() is not None:
            return  # what was read since waits for the next run; that some found no session failed nothing
        if self._stopped() or (self._agreed and not (orders or unfinished(self._parts.ledger))):
            return
        want_again(self._parts.accounts, self._parts.ledger, orders, self._parts.now())
        with self._pause.kept():
            schema, books = self._open_books()
            self._agreed = True
            report.unknown = self._recover(schema)
            candidates = self._candidates(orders)
            books = self._with_latecomers(candidates, schema, books)
            self._wish(candidates, books)
            # Orders of products that Amazon is yet to be asked for wait for the answer, or for there being none.
            later = {(made.account, made.order_id) for made in candidates if self._waits(made, books)}
            orders = [order for order in orders if (order.account, order.order_id) not in later]
            candidates = [made for made in candidates if (made.account, made.order_id) not in later]
            plan, entries = self._plan(candidates, schema, books)
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
        schema, books = self._open_books()
        candidates = self._candidates(list(orders.values()))
        books = self._with_latecomers(candidates, schema, books)
        if peek:
            self._read_catalog(candidates, books)
        report.plan, _ = self._plan(candidates, schema, books)
        return report.plan, report

    def apply(self, saved: Mapping[str, Any], *, accept_unusual: bool = False) -> Report:
        """Carry out a saved plan, if it is still what would be planned now.

        Raises:
            Refused: something has changed since; the message says what. Nothing was written.
        """
        steps = {(step["account"], step["order_id"], step["document"]): step for step in saved["steps"]}
        report = Report()
        self._take_in()
        self._readings.start(self._parts.accounts)
        while self._readings.under_way:
            if (defect := self._collect(report)) is not None:
                raise defect
        with self._pause.kept():
            return self._apply(report, steps, accept_unusual)

    def _apply(self, report: Report, steps: dict[tuple[str, str, str], Any], accept_unusual: bool) -> Report:
        wanted = {(account, order_id) for account, order_id, _ in steps}
        schema, books = self._open_books()
        report.unknown = self._recover(schema)
        orders = [
            order
            for order_id in sorted({order_id for _, order_id in wanted})
            for order in self._parts.ledger.orders.by_id(order_id)
            if (order.account, order.order_id) in wanted
        ]
        candidates = self._candidates(orders)
        books = self._with_latecomers(candidates, schema, books)
        self._read_catalog(candidates, books)
        plan, entries = self._plan(candidates, schema, books)
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

    def _take_in(self) -> None:
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

    def _collect(self, report: Report, poll_every: timedelta = timedelta(0)) -> BaseException | None:
        """Wait for a reading to end, and note what it brought.

        Returns:
            An error of the adapter itself, to be told once the other accounts are done.
        """
        ledger = self._parts.ledger
        found = self._readings.finished(poll_every)
        for name, read in found.read.items():
            report.read[name] = read.after(report.read.get(name))
            report.failed.pop(name, None)
            ledger.notices.drop(name, NO_ACCESS)
        for name, problem in found.failed.items():
            report.failed[name] = problem
            if isinstance(problem, AccessDenied):
                ledger.notices.keep(name, NO_ACCESS, without_request(problem), self._parts.now())
        if self._parts.inbox is not None:
            self._parts.inbox.settle(ledger)
        return found.defect

    # -------------------- Amazon's catalog, for products that 1C does not know

    def _wish(self, candidates: Sequence[Candidate], books: Books) -> None:
        """Note what to ask each account for."""
        able = {account.name for account in self._parts.accounts if account.items is not None}
        for made in candidates:
            if made.order is not None and made.account in able:
                wanted = self._catalog.wanted(unknown_products(made.order, books.products))
                if wanted:
                    self._wishes.setdefault(made.account, set()).update(wanted)

    def _waits(self, made: Candidate, books: Books) -> bool:
        wishes = self._wishes.get(made.account)
        return bool(wishes and made.order and wishes & unknown_products(made.order, books.products))

    def _read_catalog(self, candidates: Sequence[Candidate], books: Books) -> None:
        """The same at once, for commands that show or carry out a plan."""
        self._catalog.failed.clear()
        self._wish(candidates, books)
        for account in self._parts.accounts:
            self._catalog.read(account.name, account.items, self._wishes.pop(account.name, ()))

    def _open_books(self) -> tuple[Schema, Books]:
        schema = agreed_schema(self._copies, self._parts.mapping)
        return schema, read_books(self._copies, self._parts.mapping, schema, self._customers)

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

    def _plan(self, candidates: Sequence[Candidate], schema: Schema, books: Books) -> tuple[Plan, Mapping[Key, Entry]]:
        sold = [candidate.order for candidate in candidates if candidate.order is not None]
        books = with_rates(self._copies, self._parts.mapping.rules, schema, books, sold)
        entries = self._parts.ledger.entries.of_orders({(made.account, made.order_id) for made in candidates})
        unknown = {key for made in candidates if made.order for key in unknown_products(made.order, books.products)}
        inputs = replace(self._inputs(books), items=self._catalog.known(unknown))
        return build_plan(candidates, entries, inputs), entries

    def _inputs(self, books: Books) -> Inputs:
        parts = self._parts
        chosen = parts.ledger.notes.decisions(CHOSEN_CUSTOMER)
        return Inputs(
            parts.mapping.rules,
            parts.mapping.version,
            books,
            parts.identity,
            {order: UUID(value) for order, value in chosen.items()},
            remembered=parts.ledger.remembered.in_force(),
        )

    def _with_latecomers(
        self, candidates: Sequence[Candidate], schema: Schema, books: Books, *, again: bool = False
    ) -> Books:
        """Ask the infobase once more for what would hold an order or create something.

        Args:
            again: even if that was done a moment ago.
        """
        books = self._with_customers(candidates, schema, books, again=again)
        return self._with_products(candidates, schema, books)

    def _with_customers(self, candidates: Sequence[Candidate], schema: Schema, books: Books, *, again: bool) -> Books:
        """The same with customers who may have been entered since they were read."""
        if not self._copies.max_age:
            return books
        orders = [made.order for made in candidates if made.order is not None]
        sought = unknown_buyers(orders, self._inputs(books))
        if not sought.names or not self._customers.seek(schema, Sought(*sought), again=again):
            return books
        return replace(books, customers=self._customers.index(schema))

    def _with_products(self, candidates: Sequence[Candidate], schema: Schema, books: Books) -> Books:
        """The same with products that would hold an order or be created."""
        mapping = self._parts.mapping
        orders = (candidate.order for candidate in candidates if candidate.order is not None)
        products = mapping.rules.products
        read_at = catalog_read_at(self._copies, products)
        wanted = self._latecomers.wanted(orders, books.products, products, self._copies, read_at)
        books = with_latecomers(self._copies, mapping, schema, books, wanted)
        self._latecomers.asked(wanted, self._parts.now())
        return books

    def _candidates(self, orders: Sequence[SeenOrder]) -> list[Candidate]:
        known = {account.name: marketplaces_of(self._parts.ledger, account.name) for account in self._parts.accounts}
        return [made for order in orders if (made := self._candidate(order, known)) is not None]

    def _candidate(self, order: SeenOrder, known: Mapping[str, Marketplaces]) -> Candidate | None:
        """An order as planning wants it; None for an account that is no longer in the settings."""
        account = next((known for known in self._parts.accounts if known.name == order.account), None)
        if account is None:
            return None
        try:
            seller_id, marketplaces = account.seller_id, known[order.account]
            made = read_order(order.reader, order.content, order.account, seller_id, marketplaces)
        except UnreadableOrder as problem:
            return Candidate(order.account, order.order_id, order.content_hash, None, str(problem))
        if missing := account.lacking(made.details.included):
            made = replace(made, doubts=(*made.doubts, not_told(missing)))
        return Candidate(order.account, order.order_id, order.content_hash, made)

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
        fresh = replace(self._copies, max_age=timedelta(0))
        again = self._candidates([order for order in orders if order.order_id in outcome.stale])
        books = read_books(fresh, self._parts.mapping, schema, self._customers)
        books = self._with_latecomers(again, schema, books, again=True)
        plan, _ = self._plan(again, schema, books)
        second = deliverer.carry_out(plan)
        report.outcome.counts += second.counts
        report.outcome.stale |= second.stale
        return second.refused
