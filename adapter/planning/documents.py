"""An order to a document: customer, products, header and rows."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from adapter.mapping.rules import DocumentRule, Rows, Rules
from adapter.mapping.sources import From, MapTable, Text, placeholders
from adapter.matching.explanation import Explanation
from adapter.model.document import Document, NewElement, Row, Scalar
from adapter.model.order import Order
from adapter.planning.customers import Decided, Undecided, decide_customer
from adapter.planning.details import LATER
from adapter.planning.elements import NO_LIMITS, properties
from adapter.planning.inputs import Inputs
from adapter.planning.paths import RowValues
from adapter.planning.plan import Totals
from adapter.planning.products import Found, find_products, rows_of
from adapter.planning.rows import Parcel, sort_charges
from adapter.planning.sums import expected_totals, unproven, wrong_sums
from adapter.planning.values import Context, NoValue, ValueSource


@dataclass(frozen=True, slots=True)
class Draft:
    """A document that may be written, with what people want to know about it."""

    document: Document
    totals: Totals
    customer: Decided
    new_elements: tuple[NewElement, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Doubts:
    """Why a document cannot be written; `explanation` tells what was thought of its customer."""

    reasons: tuple[str, ...]
    explanation: Explanation | None = None


def draft(
    order: Order,
    context: Context,
    rule: DocumentRule,
    rules: Rules,
    inputs: Inputs,
    ref_key: UUID,
    customer: Decided | None,
) -> Draft | Doubts:
    """Make the document of an order, or give all reasons why it has to be held.

    Args:
        customer: whose order it is, where that is settled already; None to find out.
    """
    found = customer or decide_customer(context, rules, inputs)
    charges = sort_charges(order, rules.charges)
    reasons = [*unproven(order), *(found.reasons if isinstance(found, Undecided) else ()), *charges.reasons]
    if not any(parcel.line for parcel in charges.parcels):
        reasons.append("no line has a quantity; look at the order at Amazon")
    notes: list[str] = []
    products = find_products(order, rules, inputs, context, reasons, notes)
    if reasons or isinstance(found, Undecided):
        return Doubts(tuple(dict.fromkeys(reasons)), found.explanation)

    expected = expected_totals(order, charges.left_out)
    further = found.further(context, rules, inputs.books, reasons)
    context = replace(
        context,
        customer=found.ref_key,
        customer_further=further,
        document_total=expected.document,
        header=rule.header,
    )
    parcels = _by_section(rule, charges.parcels)
    document = Document(
        entity_set=rule.entity_set,
        ref_key=ref_key,
        properties=properties(rule.header, context, reasons, rules.limits(rule.entity_set)),
        sections={
            name: _section(
                rows,
                [row for parcel in parcels[name] for row in rows_of(parcel, products, context, inputs)],
                context,
                reasons,
                rules.limits(rule.entity_set, name),
            )
            for name, rows in rule.rows.items()
        },
        posted=rule.post,
    )
    reasons += wrong_sums(document, rule, parcels, expected) if not reasons else ()
    if reasons:
        return Doubts(tuple(dict.fromkeys(reasons)), found.explanation)
    elements = [*found.together, found.new, *(part.new for parts in products.values() for part in parts)]
    new = {element.ref_key: element for element in elements if element is not None}
    return Draft(document, expected, found, tuple(new.values()), (*notes, *_notes(order)))


def material(order: Order) -> str:
    """A fingerprint of what in an order matters for money, goods and people; its state and dates do not count."""
    parts = (
        sorted((line.line_id, line.sku or "", line.quantity, repr(line.charges)) for line in order.lines),
        order.charges,
        order.total,
        order.buyer,
        order.ship_to,
        order.marketplace,
        order.purchased_at,
        order.replaces,
    )
    return hashlib.sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def volatile_properties(
    rule: DocumentRule, context: Context, reasons: list[str], limits: Mapping[str, int] = NO_LIMITS
) -> dict[str, Scalar]:
    """The header's properties that follow the order's state or dates; problems are added to `reasons`."""
    volatile = {name: source for name, source in rule.header.items() if _is_volatile(source)}
    return properties(volatile, context, reasons, limits)


_VOLATILE = LATER | {"order.status", "order.updated_at", "order.ship_by", "order.ship_on", "order.deliver_by"}


def _is_volatile(source: ValueSource) -> bool:
    match source:
        case From():
            return source.source in _VOLATILE
        case MapTable():
            return source.map in _VOLATILE
        case Text():
            return any(path in _VOLATILE for _, path in placeholders(source.text))
    return False


# -------------------- rows


def _by_section(rule: DocumentRule, parcels: Sequence[Parcel]) -> dict[str, list[Parcel]]:
    """Tabular section -> its parcels: charges go to the section that asks for their kind, all others to the goods."""
    claimed = {kind for rows in rule.rows.values() if rows.each != "goods" for kind in rows.each}
    return {
        name: [
            parcel
            for parcel in parcels
            if (
                parcel.line is not None or parcel.kind.value not in claimed
                if rows.each == "goods"
                else parcel.line is None and parcel.kind.value in rows.each
            )
        ]
        for name, rows in rule.rows.items()
    }


def _section(
    rows: Rows,
    parcels: Sequence[tuple[Parcel, Found | NoValue]],
    context: Context,
    reasons: list[str],
    limits: Mapping[str, int],
) -> tuple[Row, ...]:
    made: list[Row] = []
    for number, (parcel, found) in enumerate(parcels, start=1):
        if isinstance(found, NoValue):
            reasons.append(str(found))
            continue
        here = replace(context, row=_row_values(parcel, number, found, context))
        made.append({"LineNumber": number, **properties(rows.columns, here, reasons, limits)})
    return tuple(made)


def _row_values(parcel: Parcel, number: int, found: Found, context: Context) -> RowValues:
    """What the paths mean in one row."""
    quantity = parcel.line.quantity * found.multiplier if parcel.line is not None else Decimal(1)
    return RowValues(
        number=number,
        product=found.ref_key,
        quantity=quantity,
        amount=parcel.amount,
        gross=parcel.gross,
        discount=parcel.discount,
        tax=parcel.tax,
        line=parcel.line,
        title=parcel.kind.value.replace("_", " ").capitalize(),
        digits=max(2, context.digits),
        further=found.further,
        part=found.part,
        tax_collected=_is_tax_collected(parcel, context.order),
    )


def _is_tax_collected(parcel: Parcel, order: Order) -> bool | None:
    """Whether Amazon collects the tax on a row itself; None: on a part of it only."""
    if parcel.line is not None:
        return parcel.line.tax_collected
    told = {line.tax_collected for line in order.lines if any(charge.kind.of is parcel.kind for charge in line.charges)}
    return order.tax_collected if not told else None if len(told) > 1 else True in told


def _notes(order: Order) -> tuple[str, ...]:
    """What a person may want to know although it holds nothing."""
    return tuple(
        f"the buyer asks to cancel line {line.line_id}; it stays an order until you cancel it at Amazon"
        for line in order.lines
        if line.cancel_requested
    )
