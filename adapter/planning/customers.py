"""Whose order it is: a person's decision, then the mapping's policies in turn, then what it says otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from adapter.mapping.catalogs import Customers, ExactName, FuzzyName, Pooled
from adapter.mapping.rules import Rules
from adapter.matching.customers import Ambiguous, CustomerMatch, Matched, Unmatched
from adapter.matching.names import Name, normalised
from adapter.model.document import NewElement
from adapter.planning.books import Books, Identity
from adapter.planning.conditions import holds
from adapter.planning.elements import further_of, further_of_new, properties
from adapter.planning.values import Context, NoValue


@dataclass(frozen=True, slots=True)
class Decided:
    """The customer of an order; `new` is the element to create first, where there is none yet."""

    ref_key: UUID
    name: str
    how: str
    new: NewElement | None = None

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


def decide_customer(
    context: Context, rules: Rules, books: Books, identity: Identity, chosen: UUID | None
) -> Decided | Undecided:
    """Find the customer of the order in `context`: the company if there is one, else the buyer.

    Args:
        chosen: the customer that a person chose for this very order.
    """
    if chosen is not None:
        return _chosen(chosen, books, context.order.order_id)
    company, person = _stripped(context.order.buyer.company), _stripped(context.order.buyer.name)
    for policy in rules.customers.match:
        if isinstance(policy, Pooled):
            if holds(policy.when, context):
                return _pooled(policy, context, books)
            continue
        match = _ask(policy, books, company or person, bool(company))
        if isinstance(match, Matched):
            return Decided(match.customer.ref_key, match.customer.name, _how(match))
        if isinstance(match, Ambiguous):
            return Undecided((_choose(match.reason, match, context.order.order_id),))
    if company and person and (known := _contact(company, person, context, rules.customers, books)):
        return Undecided((known,))
    return _otherwise(rules, company, person, context, books, identity)


def _stripped(name: str | None) -> str:
    return (name or "").strip()


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


def _ask(policy: ExactName | FuzzyName, books: Books, name: str, company: bool) -> CustomerMatch:
    if isinstance(policy, ExactName):
        return books.customers.exact(name, company=company)
    return books.customers.fuzzy(name, policy.fuzzy_name.sure, policy.fuzzy_name.margin)


def _contact(company: str, person: str, context: Context, rules: Customers, books: Books) -> str:
    """Why the order of an unknown company is not simply that: its contact may be a customer. Empty if not."""
    if normalised(company) == normalised(person):
        return ""
    for policy in rules.match:
        match = Unmatched() if isinstance(policy, Pooled) else _ask(policy, books, person, company=False)
        if not isinstance(match, Unmatched):
            reason = f'the company "{company}" is not among the customers, but its contact "{person}" seems to be'
            return _choose(reason, match, context.order.order_id)
    return ""


def _how(match: Matched) -> str:
    return match.how if match.likeness == 1 else f"{match.how} ({match.likeness:.2f})"


def _choose(reason: str, match: Matched | Ambiguous, order_id: str) -> str:
    found = [match.customer] if isinstance(match, Matched) else [customer for customer, _ in match.candidates]
    keys = " or ".join(f"{customer.ref_key} ({customer.name})" for customer in found)
    return f"{reason}. Choose: amazon1c held choose-customer {order_id} REF_KEY, such as {keys}"


def _pooled(policy: Pooled, context: Context, books: Books) -> Decided | Undecided:
    try:
        ref_key = context.reference(policy.pooled)
    except NoValue as problem:
        return Undecided((str(problem),))
    customer = books.customers.by_ref(ref_key)
    shown = customer.name if customer else ", ".join(str(value) for value in policy.pooled.where.values())
    return Decided(ref_key, shown, "pooled")


def _otherwise(
    rules: Rules, company: str, person: str, context: Context, books: Books, identity: Identity
) -> Decided | Undecided:
    name = company or person
    otherwise = rules.customers.otherwise
    if isinstance(otherwise, Pooled):
        if holds(otherwise.when, context):
            return _pooled(otherwise, context, books)
    elif otherwise == "create" and name:
        return _created(rules, company, person, context, books, identity)
    if not name:
        return Undecided(
            ("Amazon gave no buyer name; name a pooled customer for such orders under customers.match in the mapping",)
        )
    return Undecided(
        (
            f'no customer is called "{name}"; {_by_hand(context)}, or let the mapping create them '
            "(customers.otherwise: create)",
        )
    )


def _by_hand(context: Context) -> str:
    return f"add the customer in 1C, or choose one: amazon1c held choose-customer {context.order.order_id} REF_KEY"


def _created(
    all_rules: Rules, company: str, person: str, context: Context, books: Books, identity: Identity
) -> Decided | Undecided:
    rules = all_rules.customers
    reasons: list[str] = []
    values = properties(rules.create, context, reasons, all_rules.limits(rules.entity_set))
    name = str(values.get(rules.read.name, "")).strip()
    if not name:
        reasons.append(f"the new customer would have no {rules.read.name}; see customers.create in the mapping")
    elif not Name.of(name).tells_who(company=bool(company)):
        reasons.append(f'"{name}" is too little of a name for a new customer; {_by_hand(context)}')
    elif company and normalised(name) == normalised(person) != normalised(company):
        reasons.append(
            f'the buyer is the company "{company}", but the mapping would call the new customer "{name}"; '
            "name it by buyer.company_or_name under customers.create"
        )
    if reasons:
        return Undecided(tuple(reasons))
    natural_key = normalised(name)
    known = books.created.get((rules.entity_set, natural_key))
    if known is not None:
        return Decided(known, name, "created by us")
    ref_key = identity.element_key(rules.entity_set, natural_key)
    element = NewElement(rules.entity_set, ref_key, natural_key, rules.read.name, values)
    return Decided(ref_key, name, "new customer", element)
