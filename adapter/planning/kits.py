"""Kits: a line of an order that becomes several rows, whose amounts add up to those of the line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from adapter.model.details import LineDetails
from adapter.model.money import Money, apportion, minor_digits
from adapter.model.order import Charge, OrderLine
from adapter.planning.rows import Parcel


def split_parcel(parcel: Parcel, weights: Sequence[Decimal], currency: str) -> list[Parcel]:
    """The parcels of a kit's parts: every charge of the line, split in proportion to weights, adds up exactly.

    What lessens the price is split by what the parts come to without it: no part comes to less than nothing, as long
    as the line does not.

    Args:
        parcel: of a line with a quantity.
        currency: ISO 4217; its smallest unit is the finest step, unless an amount is finer.
    """
    finest = (-int(charge.amount.amount.as_tuple().exponent) for charge in parcel.charges)
    digits = max(minor_digits(currency), *finest, 0)
    split: dict[int, list[Decimal]] = {}
    sums = [Decimal(0)] * len(weights)
    for at in _higher_first(parcel.charges):
        amount = parcel.charges[at].amount.amount
        lessens = amount < 0 <= sum(sums) + amount
        split[at] = apportion(amount, sums if lessens else weights, digits)
        sums = [before + part for before, part in zip(sums, split[at], strict=True)]
    return [
        Parcel(parcel.kind, _line_of(parcel.line, weights, part, digits), _charges(parcel.charges, split, part))
        for part in range(len(weights))
    ]


def _higher_first(charges: Sequence[Charge]) -> list[int]:
    """What adds to the price, then what lessens it; each in its order."""
    return sorted(range(len(charges)), key=lambda at: charges[at].amount.amount < 0)


def _charges(charges: Iterable[Charge], split: dict[int, list[Decimal]], part: int) -> tuple[Charge, ...]:
    return tuple(
        replace(charge, amount=Money(split[at][part], charge.amount.currency)) for at, charge in enumerate(charges)
    )


def _line_of(line: OrderLine | None, weights: Sequence[Decimal], part: int, digits: int) -> OrderLine | None:
    """The line as the row of a part sees it; the price in the shop is that of the whole kit, so no part has it."""
    if line is None:
        return None
    return replace(line, shop_price=None, total=None, details=_details(line.details, weights, part, digits))


def _details(details: LineDetails, weights: Sequence[Decimal], part: int, digits: int) -> LineDetails:
    """Points belong to the line as amounts do; the rest is the same for all parts."""
    points, value = details.points, details.points_value
    if points is not None:
        points = int(apportion(Decimal(points), weights, 0)[part])
    if value is not None:
        value = Money(apportion(value.amount, weights, digits)[part], value.currency)
    return replace(details, points=points, points_value=value)
