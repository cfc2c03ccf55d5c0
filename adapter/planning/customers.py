"""Whose order it is: a person's decision, then the mapping's policies in turn, then what it says otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from adapter.mapping.rules import Customers, ExactName, Pooled, Rules
from adapter.matching.customers import Ambiguous, Matched
from adapter.matching.names import normalised
from adapter.model.document import NewElement
from adapter.planning.books import Books, Identity
from adapter.planning.conditions import holds
from adapter.planning.elements import properties
from adapter.planning.values import Context, reference_key


@dataclass(frozen=True, slots=True)
class Decided:
    """The customer of an order; `new` is the element to create first, where there is none yet."""

    ref_key: UUID
    name: str
    how: str
    new: NewElement | None = None


@dataclass(frozen=True, slots=True)
class Undecided:
    """Why nobody could be chosen, each with its next step."""

    reasons: tuple[str, ...]


def decide_customer(
    context: Context, rules: Rules, books: Books, identity: Identity, chosen: UUID | None
) -> Decided | Undecided:
    """Find the customer of the order in `context`.

    Args:
        chosen: the customer that a person chose for this very order.
    """
    if chosen is not None:
        customer = books.customers.by_ref(chosen)
        if customer is None:
            return Undecided((f"the chosen customer {chosen} is not among the customers of the infobase any more",))
        return Decided(chosen, customer.name, "chosen by a person")
    order = context.order
    names = [name.strip() for name in (order.buyer.company, order.buyer.name) if name and name.strip()]
    doubts: list[str] = []
    for policy in rules.customers.match:
        if isinstance(policy, Pooled):
            if holds(policy.when, context):
                return _pooled(policy, context, books)
            continue
        for name in names:
            if isinstance(policy, ExactName):
                match = books.customers.exact(name)
            else:
                limits = policy.fuzzy_name
                match = books.customers.fuzzy(name, limits.sure, limits.margin)
            if isinstance(match, Matched):
                return Decided(match.customer.ref_key, match.customer.name, _how(match))
            if isinstance(match, Ambiguous):
                doubts.append(_choose(match, order.order_id))
    if doubts:
        return Undecided(tuple(dict.fromkeys(doubts)))
    return _otherwise(rules.customers, names, context, books, identity)


def _how(match: Matched) -> str:
    return match.how if match.likeness == 1 else f"{match.how} ({match.likeness:.2f})"


def _choose(match: Ambiguous, order_id: str) -> str:
    best = match.candidates[0][0].ref_key
    return f"{match.reason}. Choose one: amazon1c held choose-customer {order_id} {best}"


def _pooled(policy: Pooled, context: Context, books: Books) -> Decided:
    ref_key = context.references[reference_key(policy.pooled)]
    customer = books.customers.by_ref(ref_key)
    shown = customer.name if customer else ", ".join(str(value) for value in policy.pooled.where.values())
    return Decided(ref_key, shown, "pooled")


def _otherwise(
    rules: Customers, names: list[str], context: Context, books: Books, identity: Identity
) -> Decided | Undecided:
    if isinstance(rules.otherwise, Pooled):
        if holds(rules.otherwise.when, context):
            return _pooled(rules.otherwise, context, books)
    elif rules.otherwise == "create" and names:
        return _created(rules, context, books, identity)
    if not names:
        return Undecided(
            ("Amazon gave no buyer name; name a pooled customer for such orders under customers.match in the mapping",)
        )
    return Undecided(
        (
            f'no customer is called "{names[0]}"; add the customer in 1C, choose one with amazon1c held '
            f"choose-customer {context.order.order_id} REF_KEY, or let the mapping create them "
            "(customers.otherwise: create)",
        )
    )


def _created(rules: Customers, context: Context, books: Books, identity: Identity) -> Decided | Undecided:
    values = properties(rules.create, context)
    name = str(values.get(rules.read.name, "")).strip()
    if not name:
        return Undecided(
            (f"the new customer would have no {rules.read.name}; see customers.create in the mapping",),
        )
    natural_key = normalised(name)
    known = books.created.get((rules.entity_set, natural_key))
    if known is not None:
        return Decided(known, name, "created by us")
    ref_key = identity.element_key(rules.entity_set, natural_key)
    element = NewElement(rules.entity_set, ref_key, natural_key, rules.read.name, values)
    return Decided(ref_key, name, "new customer", element)
