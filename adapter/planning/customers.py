"""Whose order it is: a person's decision, then the mapping's policies in turn, then what it says otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from adapter.mapping.policies import AliasPolicy, CustomerPolicy, ExactName, FuzzyName, NameAlone, Pooled, TaxIdPolicy
from adapter.mapping.rules import Rules
from adapter.matching.answers import Ambiguous, CustomerMatch, Matched, Unmatched
from adapter.matching.asked import Asked
from adapter.matching.decision import Sureness
from adapter.matching.evidence import tax_id_key
from adapter.matching.explanation import Explanation
from adapter.matching.marks import marks_of
from adapter.model.catalog import Customer, Kind
from adapter.model.document import NewElement
from adapter.model.remembered import Decision
from adapter.planning.asking import asked_of
from adapter.planning.books import Books
from adapter.planning.conditions import holds
from adapter.planning.elements import further_of, further_of_new
from adapter.planning.inputs import Inputs
from adapter.planning.new_customers import new_customer
from adapter.planning.values import Context, NoValue


@dataclass(frozen=True, slots=True)
class Decided:
    """The customer of an order.

    Attributes:
        new: the element to create first, where there is none yet.
        together: what is created before it, such as the partner that it belongs to.
        explanation: why a machine was sure; None where none had to decide.
    """

    ref_key: UUID
    name: str
    how: str
    new: NewElement | None = None
    together: tuple[NewElement, ...] = ()
    explanation: Explanation | None = field(default=None, compare=False)

    def further(self, context: Context, rules: Rules, books: Books, reasons: list[str]) -> Mapping[str, str]:
        """What the mapping reads of the customer besides, by its names; problems are added to `reasons`."""
        if self.new is not None:
            return further_of_new(self.new.properties, rules.customers)
        customer = books.customers.by_ref(self.ref_key)
        return further_of(
            self.ref_key, customer.further if customer else None, rules.customers, books, context, reasons
        )


@dataclass(frozen=True, slots=True)
class Undecided:
    """Why nobody could be chosen, each with its next step."""

    reasons: tuple[str, ...]
    explanation: Explanation | None = field(default=None, compare=False)


def decide_customer(context: Context, rules: Rules, inputs: Inputs) -> Decided | Undecided:
    """Find the customer of the order in `context`: the company if there is one, else the buyer."""
    order, books = context.order, inputs.books
    chosen = inputs.chosen.get((order.account, order.order_id))
    if chosen is not None:
        return _chosen(chosen, books, order.order_id)
    asked, unmatched = asked_of(order), Unmatched()
    for policy in rules.customers.policies:
        found = _asked(policy, asked, context, rules, inputs)
        if isinstance(found, Decided | Undecided):
            return found
        unmatched = found or unmatched
    return _otherwise(asked, unmatched, context, rules, inputs)


def _asked(
    policy: CustomerPolicy, asked: Asked, context: Context, rules: Rules, inputs: Inputs
) -> Decided | Undecided | Unmatched | None:
    """What one policy says; nothing where it does not decide."""
    books, order_id = inputs.books, context.order.order_id
    match policy:
        case AliasPolicy():
            return _remembered(asked, context, rules, inputs)
        case Pooled():
            return _pooled(policy, context, books) if holds(policy.when, context) else None
        case TaxIdPolicy():
            return _by_tax_id(asked, books, order_id)
    if not (asked.company or asked.buyer or asked.recipient):
        return None
    match = _match(policy, asked, rules, books)
    match match:
        case Matched() if contact := _contact(asked, match):
            return Undecided((_choose(contact, [match.customer], order_id),), match.explanation)
        case Matched() if _conflicts(match.customer, asked):
            reason = f"the order has another tax number than the customer {match.customer.name}"
            return Undecided((_choose(reason, [match.customer], order_id),), match.explanation)
        case Matched():
            return Decided(match.customer.ref_key, match.customer.name, _how(match), explanation=match.explanation)
        case Ambiguous():
            return Undecided((_choose(match.reason, _candidates(match), order_id),), match.explanation)
    return match


def _match(policy: ExactName | FuzzyName, asked: Asked, rules: Rules, books: Books) -> CustomerMatch:
    if isinstance(policy, ExactName):
        return books.customers.exact(asked.company or asked.buyer, company=bool(asked.company))
    sureness = Sureness(policy.fuzzy_name.sure, rules.customers.name_alone(policy))
    return books.customers.find(asked, sureness)


def _contact(asked: Asked, match: Matched) -> str:
    """Why a company's order is not simply that of the customer who is found: it may be its contact alone."""
    found = match.explanation.candidates
    if not asked.company or not found or found[0].where == "company" or match.customer.kind is Kind.COMPANY:
        return ""
    contact = found[0].asked
    return f'the company "{asked.company}" is not among the customers, but its contact "{contact}" seems to be'


def _how(match: Matched) -> str:
    return match.how if match.likeness == 1 else f"{match.how} ({match.likeness:.4f})"


# -------------------- a person's word


def _chosen(chosen: UUID, books: Books, order_id: str) -> Decided | Undecided:
    customer = books.customers.by_ref(chosen)
    if customer is None:
        return Undecided(
            (
                f"the chosen customer {chosen} is not among the customers of the infobase; wait for the next reading "
                f"of the catalog if it is new, or choose another: amazon1c held choose-customer {order_id} REF_KEY",
            )
        )
    return Decided(chosen, customer.name, "chosen by a person")


def _remembered(asked: Asked, context: Context, rules: Rules, inputs: Inputs) -> Decided | Undecided | None:
    """Whom a person chose for an earlier order of the same buyer, unless this order speaks against it."""
    books, order_id = inputs.books, context.order.order_id
    decision = _decision(asked, rules, inputs)
    customer = books.customers.by_ref(decision.ref_key) if decision else None
    if decision is None or customer is None:
        return None
    words = f"{decision.decided_by} chose {customer.name} for {decision.order_id}"
    if _conflicts(customer, asked):
        reason = f"{words}, but this order of the same buyer has another tax number"
        return Undecided((_choose(reason, [customer], order_id),))
    for policy in rules.customers.policies:
        other = _match(policy, asked, rules, books) if isinstance(policy, FuzzyName) else None
        if isinstance(other, Matched) and other.customer.ref_key != customer.ref_key:
            reason = f"{words}, but this order of the same buyer fits {other.customer.name}"
            return Undecided((_choose(reason, [customer, other.customer], order_id),), other.explanation)
    how = f"chosen by {decision.decided_by} on {decision.decided_at:%Y-%m-%d} for {decision.order_id}"
    return Decided(customer.ref_key, customer.name, how)


def _decision(asked: Asked, rules: Rules, inputs: Inputs) -> Decision | None:
    """The decision that holds for this buyer: by alias; by name and telephone; by name, if that may do."""
    marks = marks_of(asked)
    by_alias, by_phone, by_name = (inputs.remembered.of(mark) for mark in (marks.alias, marks.phone, marks.name))
    if by_alias is not None or by_name is None:
        return by_alias
    if by_phone is not None:
        return by_name if by_phone.ref_key == by_name.ref_key else None
    return None if _name_alone(rules) == "never" else by_name


def _name_alone(rules: Rules) -> NameAlone:
    customers = rules.customers
    allowed = [customers.name_alone(policy) for policy in customers.match if isinstance(policy, FuzzyName)]
    return allowed[0] if allowed else "never" if customers.read.tells_evidence else "sure"


def _conflicts(customer: Customer, asked: Asked) -> bool:
    known, told = ({tax_id_key(number) for number in each.evidence.tax_ids} - {""} for each in (customer, asked))
    return bool(known and told) and not known & told


# -------------------- policies without a name


def _by_tax_id(asked: Asked, books: Books, order_id: str) -> Decided | Undecided | None:
    """The one customer with a tax number of the order."""
    found = books.customers.with_tax_id(asked.evidence.tax_ids)
    if len(found) == 1:
        return Decided(found[0].ref_key, found[0].name, "tax number")
    if found:
        return Undecided((_choose(f"{len(found)} customers have the buyer's tax number", found, order_id),))
    return None


def _pooled(policy: Pooled, context: Context, books: Books) -> Decided | Undecided:
    try:
        ref_key = context.reference(policy.pooled)
    except NoValue as problem:
        return Undecided((str(problem),))
    customer = books.customers.by_ref(ref_key)
    shown = customer.name if customer else ", ".join(str(value) for value in policy.pooled.where.values())
    return Decided(ref_key, shown, "pooled")


# -------------------- nobody


def _otherwise(
    asked: Asked, unmatched: Unmatched, context: Context, rules: Rules, inputs: Inputs
) -> Decided | Undecided:
    name, otherwise = asked.company or asked.buyer or asked.recipient, rules.customers.otherwise
    if isinstance(otherwise, Pooled):
        if holds(otherwise.when, context):
            return _pooled(otherwise, context, inputs.books)
    elif otherwise == "create" and name:
        made = new_customer(asked, context, rules, inputs)
        if made.reasons:
            return Undecided(made.reasons, unmatched.explanation)
        return Decided(made.ref_key, made.name, made.how, made.element, made.together, unmatched.explanation)
    if not name:
        return Undecided(
            ("Amazon gave no buyer name; name a pooled customer for such orders under customers.match in the mapping",)
        )
    near = [customer for customer, _ in unmatched.candidates]
    reason = f'no customer is called "{name}"'
    if near:
        return Undecided(
            (_choose(f"{reason}, nor surely by another name", near, context.order.order_id),), unmatched.explanation
        )
    by_hand = f"add the customer in 1C, or choose one: amazon1c held choose-customer {context.order.order_id} REF_KEY"
    return Undecided(
        (f"{reason}; {by_hand}, or let the mapping create them (customers.otherwise: create)",), unmatched.explanation
    )


def _candidates(match: Ambiguous) -> list[Customer]:
    return [customer for customer, _ in match.candidates]


def _choose(reason: str, found: Any, order_id: str) -> str:
    keys = " or ".join(f"{customer.ref_key} ({customer.name})" for customer in found)
    return f"{reason}. Choose one: amazon1c held choose-customer {order_id} REF_KEY, such as {keys}"
