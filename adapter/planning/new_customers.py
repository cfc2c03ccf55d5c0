"""A customer that is to be created, and what belongs to it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from adapter.mapping.catalogs import Companion, NewRows
from adapter.mapping.rules import Rules
from adapter.mapping.sources import From, Text
from adapter.matching.answers import Ambiguous, Matched
from adapter.matching.asked import Asked
from adapter.matching.marks import marks_of
from adapter.matching.names import Name, normalised
from adapter.model.document import NewElement, Row
from adapter.planning.elements import properties
from adapter.planning.inputs import Inputs
from adapter.planning.values import Context, ValueSource

_NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class NewCustomer:
    """The customer that an order makes necessary, or why it cannot be made: then there are `reasons`.

    Attributes:
        element: to be created; None where it has been already.
        together: to be created before.
    """

    ref_key: UUID = _NOBODY
    name: str = ""
    how: str = ""
    element: NewElement | None = None
    together: tuple[NewElement, ...] = ()
    reasons: tuple[str, ...] = ()


def new_customer(asked: Asked, context: Context, rules: Rules, inputs: Inputs) -> NewCustomer:
    """Make the element for a buyer whom no policy knows."""
    customers, reasons = rules.customers, list[str]()
    limits = rules.limits(customers.entity_set)
    made = {key: _companion(each, context, rules, inputs, reasons) for key, each in customers.together.items()}
    context = replace(context, customer_further={key: str(ref_key) for key, (ref_key, _) in made.items()})
    values = properties(customers.create, context, reasons, limits)
    sections = new_rows(customers.create_rows, context, rules, customers.entity_set, reasons)
    name = str(values.get(customers.read.name, "")).strip()
    reasons += _unfit(name, asked, context, customers.read.name)
    if reasons:
        return NewCustomer(reasons=tuple(reasons))
    natural_key = normalised(name)
    known = inputs.books.created.get((customers.entity_set, natural_key))
    if known is not None and customers.read.tells_evidence:
        # The index knows it by now with all its values, and no policy has taken it for this buyer.
        return NewCustomer(
            reasons=(
                f'a customer "{name}" has been created for an earlier order, and nothing but the name tells that this '
                f"is the same buyer. Choose one: amazon1c held choose-customer {context.order.order_id} REF_KEY, such "
                f"as {known} ({name})",
            )
        )
    if known is not None:
        return NewCustomer(known, name, "created by us")
    ref_key = inputs.identity.element_key(customers.entity_set, natural_key)
    namesakes = _namesakes(name, asked, inputs) if customers.read.tells_evidence else None
    element = NewElement(
        customers.entity_set,
        ref_key,
        natural_key,
        customers.read.name,
        values,
        sections,
        namesakes,
        _told(asked) if namesakes is not None else "",
    )
    together = tuple(element for _, element in made.values() if element is not None)
    return NewCustomer(ref_key, name, "new customer", element, together)


def _unfit(name: str, asked: Asked, context: Context, prop: str) -> list[str]:
    """Why a new customer cannot be called so."""
    company, person = asked.company, asked.buyer
    order_id = context.order.order_id
    by_hand = f"add the customer in 1C, or choose one: amazon1c held choose-customer {order_id} REF_KEY"
    if not name:
        return [f"the new customer would have no {prop}; see customers.create in the mapping"]
    if not Name.of(name).tells_who(company=bool(company)):
        return [f'"{name}" is too little of a name for a new customer; {by_hand}']
    if company and normalised(name) == normalised(person) != normalised(company):
        return [
            f'the buyer is the company "{company}", but the mapping would call the new customer "{name}"; '
            "name it by buyer.company_or_name under customers.create"
        ]
    return []


def _companion(
    rule: Companion, context: Context, rules: Rules, inputs: Inputs, reasons: list[str]
) -> tuple[UUID, NewElement | None]:
    """The key of what is created together with the customer, and the element unless it has been created already."""
    values = properties(rule.create, context, reasons, rules.limits(rule.entity_set))
    sections = new_rows(rule.create_rows, context, rules, rule.entity_set, reasons)
    natural_key = normalised(str(values.get(rule.name, "")))
    if not natural_key:
        reasons.append(f"the new element of {rule.entity_set} would have no {rule.name}; see customers.together")
    known = inputs.books.created.get((rule.entity_set, natural_key))
    if known is not None:
        return known, None
    ref_key = inputs.identity.element_key(rule.entity_set, natural_key)
    return ref_key, NewElement(rule.entity_set, ref_key, natural_key, rule.name, values, sections)


def _namesakes(name: str, asked: Asked, inputs: Inputs) -> frozenset[UUID]:
    """Customers of this very name whom matching knows and has not taken for the buyer."""
    found = inputs.books.customers.exact(name, company=bool(asked.company))
    match found:
        case Matched():
            return frozenset({found.customer.ref_key})
        case Ambiguous():
            return frozenset(customer.ref_key for customer, _ in found.candidates)
    return frozenset()


def _told(asked: Asked) -> str:
    """The same for orders that tell the same of their buyer."""
    alias = marks_of(asked).alias
    text = alias.digest if alias else repr(asked.evidence)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def new_rows(
    wanted: NewRows, context: Context, rules: Rules, entity_set: str, reasons: list[str]
) -> Mapping[str, tuple[Row, ...]]:
    """Rows of a new element's tabular sections; those for which the order lacks a value are left out."""
    found: dict[str, tuple[Row, ...]] = {}
    for section, rows in wanted.items():
        whole = [row for row in rows if not any(_lacking(source, context) for source in row.values())]
        limits = rules.limits(entity_set, section)
        made: Sequence[Row] = [properties(row, context, reasons, limits) for row in whole]
        if made:
            found[section] = tuple(made)
    return found


def _lacking(source: ValueSource, context: Context) -> bool:
    """Whether the order has nothing for a value."""
    match source:
        case From(default=None, optional=False):
            return context.value(source) in {None, ""}
        case Text():
            paths = source.paths
            return bool(paths) and not any(context.text(path).strip() for path in paths)
    return False
