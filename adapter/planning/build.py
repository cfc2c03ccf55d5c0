"""Orders, matches, rules and entries to a plan: the decisions, in the order in which they are taken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID
from zoneinfo import ZoneInfo

from adapter.mapping.rules import DocumentRule
from adapter.matching.explanation import Explanation
from adapter.model.entry import Entry, HoldCause, Key, State
from adapter.model.order import Order, OrderStatus
from adapter.planning.cancelling import cancellation
from adapter.planning.conditions import holds, rules_for, undecidable
from adapter.planning.documents import Doubts, Draft, draft, material, volatile_properties
from adapter.planning.explained import as_data
from adapter.planning.inputs import Inputs
from adapter.planning.plan import (
    AnyStep,
    Create,
    Hold,
    Plan,
    Skip,
    Source,
    Totals,
    Update,
    Wait,
    document_from_json,
)
from adapter.planning.sums import unusable
from adapter.planning.values import Context
from adapter.planning.written import (
    changes_between,
    customer_before,
    is_settled,
    refused_before,
    shown,
    still_held,
    taken_back,
)

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
            steps.append(_unreadable(candidate, entries, inputs))
        else:
            steps += _Planner(candidate, candidate.order, entries, inputs).steps()
    return Plan(tuple(_one_at_a_time(steps)))


def _one_at_a_time(steps: Sequence[AnyStep]) -> Iterator[AnyStep]:
    """Let an order wait whose buyer has the name of a new customer of the plan, but may be somebody else."""
    first: dict[tuple[str, str], str] = {}
    for step in steps:
        elements = step.new_elements if isinstance(step, Create | Update) else ()
        told = {(each.entity_set, each.natural_key): each.told for each in elements if each.namesakes is not None}
        if any(first.get(key, mine) != mine for key, mine in told.items()):
            yield Wait(
                step.key, step.source, "another order makes a new customer of this name first; then it is compared"
            )
            continue
        first |= told
        yield step


def _unreadable(candidate: Candidate, entries: Mapping[Key, Entry], inputs: Inputs) -> AnyStep:
    key = Key(candidate.account, candidate.order_id, next(iter(inputs.rules.documents)))
    source = Source(candidate.content_hash, "", inputs.mapping_version)
    return _in_hand(key, source, entries.get(key)) or Hold(key, source, (_with_step(candidate.unreadable),))


def _in_hand(key: Key, source: Source, entry: Entry | None) -> Wait | Hold | None:
    """The step for a document that may not be planned for: it is being written, or a person has to look at it."""
    if entry is None:
        return None
    if entry.state in {State.INTENT, State.UNKNOWN}:
        return Wait(key, source, "its last write got no answer and is being looked up in the infobase")
    if entry.state is State.PLANNED and entry.written:
        return Wait(key, source, "it is written only in part, and is gone on with first")
    if entry.state is State.HELD and entry.hold is HoldCause.DIFFERENT:
        return still_held(key, source, entry)
    return None


def _with_step(doubt: str) -> str:
    """A doubt of the reader, with what to do about it where it does not say so itself."""
    return doubt if ";" in doubt else f"{doubt}; look at the order at Amazon"


class _Planner:
    """Plans one order."""

    def __init__(self, candidate: Candidate, order: Order, entries: Mapping[Key, Entry], inputs: Inputs) -> None:
        self._order = order
        self._entries = entries
        self._inputs = inputs
        self._source = Source(candidate.content_hash, material(order), inputs.mapping_version)
        zone = ZoneInfo(inputs.rules.infobase.time_zone)
        self._context = Context(order, inputs.books.references, zone, rates=inputs.books.rates)
        self._rules = rules_for(inputs.rules, self._context)
        self._context = replace(self._context, charges=self._rules.charges)

    def steps(self) -> list[AnyStep]:
        return [self._step(name, rule) for name, rule in self._rules.documents.items()]

    def _step(self, name: str, rule: DocumentRule) -> AnyStep:
        key = Key(self._order.account, self._order.order_id, name)
        entry = self._entries.get(key)
        if (step := _in_hand(key, self._source, entry)) is not None:
            return self._with_cancellation(step)
        if entry is not None and entry.written:
            return self._after(key, entry, rule)
        return self._before(key, entry, rule)

    def _with_cancellation(self, step: Wait | Hold) -> Wait | Hold:
        """A person who looks at a document should know that its order is cancelled by now."""
        if isinstance(step, Wait) or self._order.status != OrderStatus.CANCELLED:
            return step
        reasons = (*step.reasons, "it has been cancelled at Amazon too; take it back in 1C")
        return replace(step, reasons=tuple(dict.fromkeys(reasons)))

    def _before(self, key: Key, entry: Entry | None, rule: DocumentRule) -> AnyStep:
        """The step for a document that is not in the infobase."""
        if self._order.status == OrderStatus.CANCELLED:
            return Skip(key, self._source, "cancelled at Amazon before anything was written")
        if self._order.status in _WAITING:
            return Wait(key, self._source, f"{self._order.status} at Amazon")
        if reasons := (*self._stuck(), *self._doubts()):
            return self._hold(key, reasons)
        if self._order.replaces and self._rules.orders.replacement == "leave_out":
            return Skip(key, self._source, f"a replacement for {self._order.replaces}")
        if not holds(rule.when, self._context):
            return Skip(key, self._source, f"the mapping wants no {key.document} for it")
        if reasons := self._free():
            return self._hold(key, reasons)
        made = self._draft(key, entry, rule)
        if isinstance(made, Doubts):
            return self._hold(key, made.reasons, made.explanation)
        if entry is not None and refused_before(entry, made.document, self._source):
            return still_held(key, self._source, entry)
        return self._create(key, made, rule)

    def _after(self, key: Key, entry: Entry, rule: DocumentRule) -> AnyStep:
        """The step for a document that is in the infobase; whether the mapping would write it today does not count."""
        if entry.state is State.CLOSED:
            return Skip(key, self._source, "a person has deleted it in 1C for good")
        if self._order.status == OrderStatus.CANCELLED:
            limits = self._rules.limits(rule.entity_set)
            return cancellation(key, self._source, entry, rule, self._context, limits)
        settled = is_settled(entry, self._source)
        if not settled and taken_back(entry):
            reason = (
                "it is open again at Amazon, but its document was taken back in 1C; put it right there, then: "
                f"amazon1c held accept {key.order_id}"
            )
            return Hold(key, self._source, (reason,), *shown(entry))
        if not settled and (reasons := self._stuck()):
            return self._still_refused(key, entry) or Hold(key, self._source, reasons, *shown(entry))
        if self._is_unchanged(entry, rule):
            return self._unchanged(key, entry, rule)
        if self._order.status in _WAITING:
            return Wait(key, self._source, f"{self._order.status} at Amazon")
        if reasons := (*self._doubts(), *self._free()):
            return self._still_refused(key, entry) or self._hold(key, reasons)
        made = self._draft(key, entry, rule)
        if isinstance(made, Doubts):
            return self._still_refused(key, entry) or self._hold(key, made.reasons, made.explanation)
        if refused_before(entry, made.document, self._source):
            return still_held(key, self._source, entry)
        return self._update(key, entry, made, rule)

    def _is_unchanged(self, entry: Entry, rule: DocumentRule) -> bool:
        """Whether what is in the infobase still goes for the order as it is now."""
        if entry.hold is HoldCause.REFUSED or entry.material != self._source.material:
            return False  # what was refused is recorded as if it had been written
        chosen = self._inputs.chosen.get((self._order.account, self._order.order_id))
        before = customer_before(entry, rule)
        return chosen is None or before is None or chosen == before.ref_key

    def _still_refused(self, key: Key, entry: Entry) -> Hold | None:
        """A refusal stays until it is settled, even if planning has doubts by now."""
        return still_held(key, self._source, entry) if entry.hold is HoldCause.REFUSED else None

    def _stuck(self) -> tuple[str, ...]:
        """Why an order of this status cannot be dealt with."""
        if self._order.status not in _KNOWN:
            return (f'Amazon gives it the status "{self._order.status}", which is not known; look at it at Amazon',)
        if self._order.status == OrderStatus.UNFULFILLABLE:
            return ("Amazon says that it cannot be fulfilled; decide at Amazon what becomes of it",)
        return ()

    def _doubts(self) -> tuple[str, ...]:
        """What is odd in the order itself."""
        order = self._order
        return (*map(_with_step, order.doubts), *unusable(order), *undecidable(order, self._inputs.rules))

    def _free(self) -> tuple[str, ...]:
        """Why an order that costs nothing is held."""
        order, rules = self._order, self._rules.orders
        if order.replaces and rules.replacement == "hold":
            return (f"a free replacement for {order.replaces}; decide under orders.replacement in the mapping",)
        if order.total is not None and not order.total and not order.replaces and rules.zero_total == "hold":
            return ("it costs the buyer nothing; decide under orders.zero_total in the mapping",)
        return ()

    def _draft(self, key: Key, entry: Entry | None, rule: DocumentRule) -> Draft | Doubts:
        buyer = self._order.buyer
        # Amazon stops telling the buyer of an older order: that is no reason to give the document to another customer.
        nameless = not (buyer.name or buyer.company)
        chosen = self._inputs.chosen.get((self._order.account, self._order.order_id))
        before = customer_before(entry, rule) if entry is not None and entry.written else None
        return draft(
            self._order,
            self._context,
            rule,
            self._rules,
            self._inputs,
            self._ref_key(key, entry),
            before if nameless and chosen is None else None,
        )

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
            order_id_search=rule.order_id_search,
            notes=made.notes,
            explanation=as_data(made.customer.explanation),
        )

    def _update(self, key: Key, entry: Entry, made: Draft, rule: DocumentRule) -> AnyStep:
        old = document_from_json(entry.wanted) if entry.wanted else None
        changes = changes_between(old, made.document)
        if not changes and entry.hold is HoldCause.REFUSED:
            changes = ("1C refused it; the mapping has changed since",)
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
            order_id_search=rule.order_id_search,
            notes=made.notes,
            explanation=as_data(made.customer.explanation),
        )

    def _unchanged(self, key: Key, entry: Entry, rule: DocumentRule) -> AnyStep:
        """Nothing that matters has changed since it was written: at most a state in the header is brought up to date.

        Neither an edited mapping nor a changed catalog rewrites what is in the books already.
        """
        there = Skip(key, self._source, "already in the infobase", written=True)
        customer, total = shown(entry)
        if not entry.wanted or total is None or entry.mapping_version != self._source.mapping_version:
            return there
        reasons: list[str] = []
        fresh = volatile_properties(
            rule, replace(self._context, document_total=total), reasons, self._rules.limits(rule.entity_set)
        )
        if reasons:
            return self._hold(key, tuple(reasons))
        old = document_from_json(entry.wanted)
        new = replace(old, properties={**old.properties, **fresh})
        changes = changes_between(old, new)
        if not changes:
            return there
        return Update(
            key,
            self._source,
            document=new,
            totals=Totals(total, {}, total),
            customer=customer,
            matched="as before",
            changes=changes,
            order_id_property=rule.order_id,
            order_id_search=rule.order_id_search,
        )

    def _hold(self, key: Key, reasons: tuple[str, ...], why: Explanation | None = None) -> Hold:
        buyer, total = self._order.buyer, self._order.total
        known = total if total is not None and total.amount.is_finite() else None
        shown_buyer = buyer.company or buyer.name or ""
        return Hold(key, self._source, tuple(dict.fromkeys(reasons)), shown_buyer, known, explanation=as_data(why))

    def _ref_key(self, key: Key, entry: Entry | None) -> UUID:
        if entry is not None and entry.written and entry.ref_key is not None:
            return entry.ref_key
        return self._inputs.identity.document_key(self._order.seller_id, key.order_id, key.document)
