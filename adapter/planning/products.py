"""The products of an order's lines, known or to be created, and the rows that they become."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from uuid import UUID

from adapter.mapping.rules import RowAnswer, Rules
from adapter.mapping.uses import Place, all_uses
from adapter.matching.products import NoProduct, ProductMatch, sku_key
from adapter.model.document import NewElement
from adapter.model.order import Order, OrderLine
from adapter.planning.elements import further_of, further_of_new, properties
from adapter.planning.inputs import Inputs
from adapter.planning.items import described
from adapter.planning.kits import split_parcel
from adapter.planning.rows import Parcel
from adapter.planning.values import Context, NoValue


@dataclass(frozen=True, slots=True)
class Found:
    """A product of a line, and which part of it.

    Attributes:
        part: 0, and from 1 on for the further parts of a kit; `weight`: the part's share of the price.
    """

    ref_key: UUID
    multiplier: Decimal = Decimal(1)
    new: NewElement | None = None
    further: Mapping[str, str] = field(default_factory=dict)
    part: int = 0
    weight: Decimal = Decimal(1)


def find_products(
    order: Order, rules: Rules, inputs: Inputs, context: Context, reasons: list[str], notes: list[str]
) -> dict[str, list[Found]]:
    """Line id -> its product, or the parts of its kit, for the lines that get a row.

    Problems are added to `reasons`, what is odd to `notes`.
    """
    found: dict[str, list[Found]] = {}
    for number, line in enumerate(order.lines, start=1):
        if line.quantity <= 0:
            continue
        match = inputs.books.products.match(line.sku, asin=line.asin)
        if not isinstance(match, NoProduct):
            here = replace(context, line=line)
            found[line.line_id] = [
                _known(part, at, rules, inputs, here, reasons) for at, part in enumerate(match.parts)
            ]
            notes += (f"line {number}: {note}" for note in _how(line, match.parts))
        elif match.unknown and rules.products.otherwise == "create" and line.sku:
            item = inputs.items.of(order, line)
            if (why := inputs.items.why_not(order, line)) and _asks_catalog(rules):
                reasons.append(
                    f"line {number}: Amazon's catalog has not told of it yet; the next run asks again: {why}"
                )
            here = replace(context, item=item)
            found[line.line_id] = [_new_product(line, line.sku, rules, inputs, here, reasons)]
        else:
            about = described(inputs.items.of(order, line)) + inputs.books.products.near(line.sku)
            about = about if match.unknown else ""
            reasons += (f"line {number}: {reason}{about}" for reason in match.reasons)
    return found


def _known(match: ProductMatch, part: int, rules: Rules, inputs: Inputs, context: Context, reasons: list[str]) -> Found:
    product = match.product
    read = further_of(product.ref_key, product.further, rules.products, inputs.books, context, reasons)
    return Found(product.ref_key, match.multiplier, further={**read, **match.given}, part=part, weight=match.weight)


def _how(line: OrderLine, parts: Sequence[ProductMatch]) -> Iterator[str]:
    """How the products of a line were found, where its SKU alone does not tell."""
    if len(parts) > 1:
        named = ", ".join(f"{part.multiplier} x {part.product.name or part.product.sku}" for part in parts)
        yield f'SKU "{line.sku}" is a kit: {named}'
    for part in parts:
        if part.barcode:
            yield f"{part.barcode} is a barcode of {part.product.name or part.product.sku}"
        if part.asin:
            yield f"{part.asin} is the ASIN of {part.product.name or part.product.sku}"


def _asks_catalog(rules: Rules) -> bool:
    """Whether new products are made of what Amazon's catalog tells."""
    return any(
        path.startswith("item.") for use in all_uses(rules) if use.place is Place.NEW_PRODUCT for _, path in use.paths
    )


def _new_product(
    line: OrderLine, sku: str, rules: Rules, inputs: Inputs, context: Context, reasons: list[str]
) -> Found:
    entity_set, natural_key = rules.products.entity_set, sku_key(sku)
    values = properties(rules.products.create, replace(context, line=line), reasons, rules.limits(entity_set))
    further = further_of_new(values, rules.products)
    known = inputs.books.created.get((entity_set, natural_key))
    if known is not None:
        return Found(known, further=further)
    ref_key = inputs.identity.element_key(entity_set, natural_key)
    new = NewElement(entity_set, ref_key, natural_key, rules.products.read.sku, values)
    return Found(ref_key, new=new, further=further)


def rows_of(
    parcel: Parcel, products: Mapping[str, list[Found]], context: Context, inputs: Inputs
) -> list[tuple[Parcel, Found | NoValue]]:
    """The rows of a parcel with their products: one for each part of a kit, else one."""
    if parcel.line is None:
        return [(parcel, _product_of_charge(parcel, context, inputs))]
    parts = products[parcel.line.line_id]
    if len(parts) == 1:
        return [(parcel, parts[0])]
    split = split_parcel(parcel, [part.weight for part in parts], context.order.currency or "")
    return list(zip(split, parts, strict=True))


def _product_of_charge(parcel: Parcel, context: Context, inputs: Inputs) -> Found | NoValue:
    """The product that the mapping names for the row of a charge."""
    answer = getattr(context.charges, parcel.kind.value)
    assert isinstance(answer, RowAnswer)  # noqa: S101 - only such charges become parcels of their own
    try:
        ref_key = context.reference(answer.row.product)
    except NoValue as problem:
        return problem
    product = inputs.books.products.by_ref(ref_key)
    return Found(ref_key, further=product.further if product else {})
