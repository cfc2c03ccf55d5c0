"""Orders, matches, rules and entries to a plan: the decisions, in the order in which they are taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from adapter.mapping.rules import DocumentRule, SetOnCancel
from adapter.model.document import Document
from adapter.model.entry import Entry, HoldCause, Key, State
from adapter.model.money import Money
from adapter.model.order import Order, OrderStatus
from adapter.planning.conditions import holds, rules_for
from adapter.planning.documents import Draft, draft, material, volatile_properties
from adapter.planning.elements import properties
from adapter.planning.inputs import Inputs
from adapter.planning.plan import (
    AnyStep,
    Cancel,
    Create,
    Hold,
    Plan,
    Skip,
    Source,
    Totals,
    Update,
    Wait,
    document_as_json,
    document_from_json,
)
from adapter.planning.values import Context, NoValue

_WAITING = frozenset({OrderStatus.PENDING, OrderStatus.PENDING_AVAILABILITY})
_KNOWN = frozenset(OrderStatus)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An order to plan for. `unreadable` says why there is no `order`, where Amazon's content makes no sense."""

    account: str
    order_id: str
    content_hash: str
    order: Order | None
    unreadable: str = ""


def build_plan(candidates: Sequence[Candidate], entries: Mapping[Key, Entry], inputs: Inputs) -> Plan:
    """Decide what is to be done for each document of each order; the same inputs give the same plan."""
    steps: list[AnyStep] = []
    for candidate in candidates:
        if candidate.order is None:
            key = Key(candidate.account, candidate.order_id, next(iter(inputs.rules.documents)))
            source = Source(candidate.content_hash, "", inputs.mapping_version)
            steps.append(Hold(key, source, (candidate.unreadable,)))
        else:
            steps += _Planner(candidate, candidate.order, entries, inputs).steps()
    return Plan(tuple(steps))


class _Planner:
    """Plans one order."""

    def __init__(self, candidate: Candidate, order: Order, entries: Mapping[Key, Entry], inputs: Inputs) -> None:
        self._order = order
        self._entries = entries
        self._inputs = inputs
        self._source = Source(candidate.content_hash, material(order), inputs.mapping_version)
        zone = ZoneInfo(inputs.rules.infobase.time_zone)
        self._context = Context(order, inputs.books.references, zone)
        self._rules = rules_for(inputs.rules, self._context)
        self._context = replace(self._context, charges=self._rules.charges)

    def steps(self) -> list[AnyStep]:
        return [self._step(name, rule) for name, rule in self._rules.documents.items()]

    def _step(self, name: str, rule: DocumentRule) -> AnyStep:
        key = Key(self._order.account, self._order.order_id, name)
        entry = self._entries.get(key)
        if entry is not None and entry.state in {State.INTENT, State.UNKNOWN}:
            return Wait(key, self._source, "its last write got no answer and is being looked up in the infobase")
        if entry is not None and entry.hold is HoldCause.DIFFERENT:
            return Hold(key, self._source, entry.reasons, *_shown(entry), cause=HoldCause.DIFFERENT)
        if self._order.status == OrderStatus.CANCELLED:
            return self._cancelled(key, entry, rule)
        if entry is not None and entry.written and entry.material == self._source.material:
            return self._unchanged(key, entry, rule)
        if self._order.status in _WAITING:
            return Wait(key, self._source, f"{self._order.status} at Amazon")
        if reasons := self._odd():
            return self._hold(key, reasons)
        if self._order.replaces and self._rules.orders.replacement == "leave_out":
            return Skip(key, self._source, f"a replacement for {self._order.replaces}")
        if not holds(rule.when, self._context):
            written = entry is not None and entry.written
            return Skip(key, self._source, f"the mapping wants no {name} for it", written)
        return self._written(key, entry, rule)

    def _odd(self) -> tuple[str, ...]:
        """What holds an order before it is looked at more closely."""
        order = self._order
        reasons = list(order.doubts)
        if order.status not in _KNOWN:
            reasons.append(f'Amazon gives it the status "{order.status}", which is not known; look at it at Amazon')
        if order.status == OrderStatus.UNFULFILLABLE:
            reasons.append("Amazon says that it cannot be fulfilled; decide at Amazon what becomes of it")
        if order.replaces and self._rules.orders.replacement == "hold":
            reasons.append(f"a free replacement for {order.replaces}; decide under orders.replacement in the mapping")
        free = order.total is not None and not order.total
        if free and not order.replaces and self._rules.orders.zero_total == "hold":
            reasons.append("it costs the buyer nothing; decide under orders.zero_total in the mapping")
        return tuple(reasons)

    def _written(self, key: Key, entry: Entry | None, rule: DocumentRule) -> AnyStep:
        try:
            made = draft(self._order, self._context, rule, self._rules, self._inputs, self._ref_key(key, entry), key)
        except NoValue as problem:
            return self._hold(key, (str(problem),))
        if isinstance(made, tuple):
            return self._hold(key, made)
        if entry is not None and entry.hold is HoldCause.REFUSED and entry.wanted == document_as_json(made.document):
            return Hold(key, self._source, entry.reasons, *_shown(entry), cause=HoldCause.REFUSED)
        if entry is None or not entry.written:
            return self._create(key, made, rule)
        return self._update(key, entry, made, rule)

    def _create(self, key: Key, made: Draft, rule: DocumentRule) -> Create:
        return Create(
            key,
            self._source,
            document=made.document,
            totals=made.totals,
            customer=made.customer.name,
            matched=made.customer.how,
            new_elements=made.new_elements,
            order_id_property=rule.order_id,
            notes=made.notes,
        )

    def _update(self, key: Key, entry: Entry, made: Draft, rule: DocumentRule) -> AnyStep:
        old = document_from_json(entry.wanted or {}) if entry.wanted else None
        changes = _changes(old, made.document)
        if not changes:
            return Skip(key, self._source, "already in the infobase", written=True)
        return Update(
            key,
            self._source,
            document=made.document,
            totals=made.totals,
            customer=made.customer.name,
            matched=made.customer.how,
            changes=changes,
            new_elements=made.new_elements,
            order_id_property=rule.order_id,
            notes=made.notes,
        )

    def _unchanged(self, key: Key, entry: Entry, rule: DocumentRule) -> AnyStep:
        """Nothing that matters has changed since it was written: at most a state in the header is brought up to date.

        Neither an edited mapping nor a changed catalog rewrites what is in the books already.
        """
        if entry.state is State.HELD:
            return Hold(key, self._source, entry.reasons, *_shown(entry), cause=entry.hold or HoldCause.PLAN)
        if entry.wanted is None or entry.mapping_version != self._source.mapping_version:
            return Skip(key, self._source, "already in the infobase", written=True)
        old = document_from_json(entry.wanted)
        fresh = volatile_properties(rule, self._context)
        new = replace(old, properties={**old.properties, **fresh})
        changes = _changes(old, new)
        if not changes:
            return Skip(key, self._source, "already in the infobase", written=True)
        customer, total = _shown(entry)
        if total is None:
            return Skip(key, self._source, "already in the infobase", written=True)
        return Update(
            key,
            self._source,
            document=new,
            totals=Totals(total, {}, total),
            customer=customer,
            matched="as before",
            changes=changes,
            order_id_property=rule.order_id,
        )

    def _cancelled(self, key: Key, entry: Entry | None, rule: DocumentRule) -> AnyStep:
        if entry is None or not entry.written:
            return Skip(key, self._source, "cancelled at Amazon before anything was written")
        if entry.marked or entry.summary.get("cancelled"):
            return Skip(key, self._source, "cancelled at Amazon and taken back in the infobase")
        if rule.on_cancel == "hold":
            reason = "cancelled at Amazon after it was written; take it back in 1C, or set on_cancel in the mapping"
            return Hold(key, self._source, (reason,), *_shown(entry))
        if isinstance(rule.on_cancel, SetOnCancel):
            try:
                return Cancel(key, self._source, properties(rule.on_cancel.set, self._context))
            except NoValue as problem:
                return Hold(key, self._source, (str(problem),), *_shown(entry))
        return Cancel(key, self._source)

    def _hold(self, key: Key, reasons: tuple[str, ...]) -> Hold:
        buyer = self._order.buyer
        return Hold(key, self._source, reasons, customer=buyer.company or buyer.name or "", total=self._order.total)

    def _ref_key(self, key: Key, entry: Entry | None) -> UUID:
        if entry is not None and entry.written and entry.ref_key is not None:
            return entry.ref_key
        return self._inputs.identity.document_key(self._order.seller_id, key.order_id, key.document)


def _changes(old: Document | None, new: Document) -> tuple[str, ...]:
    """What differs between two documents of ours, in words."""
    if old is None:
        return ("it is not known what was written before",)
    found = [
        f"{name}: {old.properties.get(name)} -> {value}"
        for name, value in new.properties.items()
        if old.properties.get(name) != value
    ]
    for section, rows in new.sections.items():
        before = old.sections.get(section, ())
        if len(before) != len(rows):
            found.append(f"{section}: {len(before)} rows -> {len(rows)} rows")
        for number, (was, now) in enumerate(zip(before, rows, strict=False), start=1):
            found += [
                f"{section}[{number}].{column}: {was.get(column)} -> {value}"
                for column, value in now.items()
                if was.get(column) != value
            ]
    return tuple(found)


def _shown(entry: Entry) -> tuple[str, Money | None]:
    """Customer and total of an entry, for people."""
    total = entry.summary.get("total")
    money = Money(Decimal(total["amount"]), total["currency"]) if isinstance(total, dict) else None
    return str(entry.summary.get("customer", "")), money
