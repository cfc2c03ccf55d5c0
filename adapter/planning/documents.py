"""An order to a document: customer, products, rows, and the proof that its sum is Amazon's."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from adapter.mapping.rules import DocumentRule, From, MapTable, RowAnswer, Rows, Rules, Text, placeholders
from adapter.matching.products import NoProduct, ProductMatch
from adapter.model.document import Document, NewElement, Row, Scalar
from adapter.model.entry import Key
from adapter.model.money import Money
from adapter.model.order import ChargeKind, Order, OrderLine
from adapter.model.proof import prove
from adapter.planning.customers import Decided, Undecided, decide_customer
from adapter.planning.elements import properties
from adapter.planning.inputs import Inputs
from adapter.planning.plan import Totals
from adapter.planning.rows import MARKETPLACE_TAX, Parcel, Sorted, sort_charges
from adapter.planning.values import Context, RowValues, ValueSource, reference_key


@dataclass(frozen=True, slots=True)
class Draft:
    """A document that may be written, with what people want to know about it."""

    document: Document
    totals: Totals
    customer: Decided
    new_elements: tuple[NewElement, ...]
    notes: tuple[str, ...]


def draft(
    order: Order, context: Context, rule: DocumentRule, rules: Rules, inputs: Inputs, ref_key: UUID, key: Key
) -> Draft | tuple[str, ...]:
    """Make the document of an order, or give all reasons why it has to be held.

    Raises:
        NoValue: a property cannot be given a value; one more reason to hold.
    """
    reasons = list(_unproven(order))
    customer = decide_customer(
        context, rules, inputs.books, inputs.identity, inputs.chosen.get((key.account, key.order_id))
    )
    if isinstance(customer, Undecided):
        reasons += customer.reasons
    charges = sort_charges(order, rules.charges)
    reasons += charges.reasons
    if not any(parcel.line for parcel in charges.parcels):
        reasons.append("no line has a quantity; look at the order at Amazon")
    products, missing = _products(order, charges, rules, inputs, context)
    reasons += missing
    if reasons or isinstance(customer, Undecided):
        return tuple(reasons)

    expected = _expected(order, charges)
    context = replace(context, customer=customer.ref_key, document_total=expected.document)
    document = Document(
        entity_set=rule.entity_set,
        ref_key=ref_key,
        properties=properties(rule.header, context),
        sections={name: _section(rows, name, rule, charges, products, context) for name, rows in rule.rows.items()},
        posted=rule.post,
    )
    if problem := _wrong_sum(document, rule, expected):
        return (problem,)
    elements = tuple(item.new for item in products.values() if item.new is not None)
    new = ((customer.new,) if customer.new else ()) + tuple({element.ref_key: element for element in elements}.values())
    return Draft(document, expected, customer, new, _notes(order))


def material(order: Order) -> str:
    """A fingerprint of what in an order matters for money, goods and people; its state and dates do not count."""
    parts = (
        order.lines and [(line.line_id, line.sku, line.quantity, line.charges) for line in order.lines],
        order.charges,
        order.total,
        order.buyer,
        order.ship_to,
        order.marketplace,
        order.purchased_at,
        order.replaces,
    )
    return hashlib.sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def volatile_properties(rule: DocumentRule, context: Context) -> dict[str, Scalar]:
    """The header's properties that follow the order's state or dates."""
    return properties({name: source for name, source in rule.header.items() if _is_volatile(source)}, context)


_VOLATILE = frozenset({"order.status", "order.updated_at", "order.ship_by", "order.deliver_by"})


def _is_volatile(source: ValueSource) -> bool:
    match source:
        case From():
            return source.source in _VOLATILE
        case MapTable():
            return source.map in _VOLATILE
        case Text():
            return any(path in _VOLATILE for _, path in placeholders(source.text))
    return False


# -------------------- sums


def _unproven(order: Order) -> tuple[str, ...]:
    proof = prove(order)
    if order.total is None:
        return ("Amazon gave no total for it; wait until it does, or give the application the role for proceeds",)
    if proof.charges is None:
        return ("Amazon gave amounts in several currencies for one order",)
    if proof.difference is None or proof.difference:
        parts = proof.charges + proof.marketplace_tax if proof.marketplace_tax else proof.charges
        return (f"Amazon's total {order.total} is not the sum of its parts {parts}; look at the order at Amazon",)
    return ()


def _expected(order: Order, charges: Sorted) -> Totals:
    """What the document has to amount to."""
    assert order.total is not None  # noqa: S101 - `_unproven` has held the others
    currency = order.total.currency
    inside = prove(order).marketplace_tax_inside is not False
    left_out = {
        name: Money(amount, currency)
        for name, amount in charges.left_out.items()
        if amount and (inside or name != MARKETPLACE_TAX)
    }
    document = order.total
    for money in left_out.values():
        document -= money
    return Totals(order.total, left_out, document)


def _wrong_sum(document: Document, rule: DocumentRule, expected: Totals) -> str:
    """Why the document's sum is not what it has to be; empty where it is."""
    name = rule.total.property
    if rule.total.rows is None:
        found = document.properties.get(name)
        values = [found] if found is not None else []
    else:
        values = [row[name] for row in document.sections.get(rule.total.rows, ()) if name in row]
    if not all(isinstance(value, Decimal | int) and not isinstance(value, bool) for value in values):
        return f"{name} is not a number, so the document's sum cannot be checked; see total in the mapping"
    amount = sum((Decimal(value) for value in values), start=Decimal(0))
    if amount == expected.document.amount:
        return ""
    got = Money(amount, expected.document.currency)
    return f"the document would amount to {got} instead of {expected.explain()}; see charges and rows in the mapping"


# -------------------- products and rows


@dataclass(frozen=True, slots=True)
class _Found:
    ref_key: UUID
    multiplier: int = 1
    new: NewElement | None = None


def _products(
    order: Order, charges: Sorted, rules: Rules, inputs: Inputs, context: Context
) -> tuple[dict[str, _Found], list[str]]:
    found: dict[str, _Found] = {}
    reasons: list[str] = []
    for number, line in enumerate(order.lines, start=1):
        if not any(parcel.line is line for parcel in charges.parcels):
            continue
        match = inputs.books.products.match(line.sku)
        if isinstance(match, ProductMatch):
            found[line.line_id] = _Found(match.product.ref_key, match.multiplier)
        elif match.unknown and rules.products.otherwise == "create" and line.sku:
            found[line.line_id] = _new_product(line, line.sku, rules, inputs, context)
        else:
            reasons.append(f"line {number}: {_next_step(match)}")
    return found, reasons


def _next_step(match: NoProduct) -> str:
    if not match.unknown:
        return match.reason
    return f"{match.reason}; add it in 1C or to the aliases, or let the mapping create products (products.otherwise)"


def _new_product(line: OrderLine, sku: str, rules: Rules, inputs: Inputs, context: Context) -> _Found:
    entity_set, natural_key = rules.products.entity_set, sku.strip().casefold()
    known = inputs.books.created.get((entity_set, natural_key))
    if known is not None:
        return _Found(known)
    ref_key = inputs.identity.element_key(entity_set, natural_key)
    values = properties(rules.products.create, replace(context, line=line))
    return _Found(ref_key, 1, NewElement(entity_set, ref_key, natural_key, rules.products.read.sku, values))


def _section(
    rows: Rows, name: str, rule: DocumentRule, charges: Sorted, products: Mapping[str, _Found], context: Context
) -> tuple[Row, ...]:
    claimed = {kind for other in rule.rows.values() if other.each != "goods" for kind in other.each}
    made: list[Row] = []
    for parcel in charges.parcels:
        if rows.each == "goods":
            mine = parcel.line is not None or parcel.kind.value not in claimed
        else:
            mine = parcel.line is None and parcel.kind.value in rows.each
        if mine:
            made.append(_row(rows, parcel, len(made) + 1, products, context))
    return tuple(made)


def _row(rows: Rows, parcel: Parcel, number: int, products: Mapping[str, _Found], context: Context) -> Row:
    if parcel.line is not None:
        found = products[parcel.line.line_id]
        product, quantity = found.ref_key, Decimal(parcel.line.quantity * found.multiplier)
    else:
        product, quantity = _charge_product(parcel.kind, context), Decimal(1)
    values = RowValues(
        number=number,
        product=product,
        quantity=quantity,
        amount=parcel.amount,
        gross=parcel.gross,
        discount=parcel.discount,
        tax=parcel.tax,
        line=parcel.line,
        title=parcel.kind.value.replace("_", " ").capitalize(),
    )
    return {"LineNumber": number, **properties(rows.columns, replace(context, row=values))}


def _charge_product(kind: ChargeKind, context: Context) -> UUID:
    answer = getattr(context.charges, kind.value)
    assert isinstance(answer, RowAnswer)  # noqa: S101 - only such charges become parcels of their own
    return context.references[reference_key(answer.row.product)]


def _notes(order: Order) -> tuple[str, ...]:
    """What a person may want to know although it holds nothing."""
    return tuple(
        f"the buyer asks to cancel line {line.line_id}; it stays an order until you cancel it at Amazon"
        for line in order.lines
        if line.cancel_requested
    )
