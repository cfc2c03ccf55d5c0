"""Charges to rows: which row each part of the price goes into, and which stays out of the document.

A *parcel* is a row in the making: a line of the order with its goods, or all charges of one kind (shipping, say).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from adapter.mapping.rules import ChargeAnswer, Charges, RowAnswer
from adapter.model.money import distribute, minor_digits
from adapter.model.order import Charge, ChargeKind, Order, OrderLine

Answer = Literal["into_line", "leave_out", "hold"] | RowAnswer


@dataclass(frozen=True, slots=True)
class Parcel:
    """What becomes one row. `line` is None where the row is for a charge.

    Attributes:
        shares: parts of charges of the whole order that this row bears, such as shipping without a row of its own.
    """

    kind: ChargeKind
    line: OrderLine | None
    charges: tuple[Charge, ...]
    shares: Decimal = Decimal(0)

    @property
    def amount(self) -> Decimal:
        """Everything in the row."""
        return sum((charge.amount.amount for charge in self.charges), start=self.shares)

    @property
    def discount(self) -> Decimal:
        """The discounts in the row, as a positive number."""
        return -sum((charge.amount.amount for charge in self.charges if charge.kind.is_discount), start=Decimal(0))

    @property
    def gross(self) -> Decimal:
        """The row without its discounts."""
        return self.amount + self.discount

    @property
    def tax(self) -> Decimal:
        """The seller's taxes in the row."""
        own = (charge.amount.amount for charge in self.charges if charge.kind.is_tax and not charge.by_marketplace)
        return sum(own, start=Decimal(0))


@dataclass(frozen=True, slots=True)
class Sorted:
    """Every charge in its place.

    Attributes:
        left_out: group of charges -> signed sum that is in no row.
        reasons: why the order has to be held.
    """

    parcels: tuple[Parcel, ...]
    left_out: Mapping[str, Decimal]
    reasons: tuple[str, ...]


def sort_charges(order: Order, rules: Charges) -> Sorted:
    """Put every charge of an order where the mapping wants it."""
    sorter = _Sorter(order, rules)
    for line in order.lines:
        for charge in line.charges:
            sorter.place(charge, line)
    for charge in order.charges:
        sorter.place(charge, None)
    return sorter.result()


def answer_for(charge: Charge, rules: Charges) -> Answer:
    """What the mapping says about a kind of charge."""
    if charge.kind.is_tax:
        return rules.marketplace_tax if charge.by_marketplace else rules.tax
    if charge.kind.is_discount:
        return rules.discount
    return _base_answer(charge.kind, rules)


def _base_answer(kind: ChargeKind, rules: Charges) -> ChargeAnswer:
    answers: dict[ChargeKind, ChargeAnswer] = {
        ChargeKind.GOODS: "into_line",
        ChargeKind.SHIPPING: rules.shipping,
        ChargeKind.GIFT_WRAP: rules.gift_wrap,
        ChargeKind.COD_FEE: rules.cod_fee,
        ChargeKind.TIP: rules.tip,
        ChargeKind.OTHER: rules.other,
    }
    return answers[kind]


MARKETPLACE_TAX = "marketplace tax"


def group_of(charge: Charge) -> str:
    """The kind of charge as the mapping groups it."""
    if charge.kind.is_tax:
        return MARKETPLACE_TAX if charge.by_marketplace else "tax"
    return "discount" if charge.kind.is_discount else name_of(charge)


def name_of(charge: Charge) -> str:
    """A kind of charge in words."""
    name = charge.kind.value.replace("_", " ")
    return f"marketplace {name}" if charge.by_marketplace else name


class _Sorter:
    def __init__(self, order: Order, rules: Charges) -> None:
        self._order = order
        self._rules = rules
        self._goods: dict[str, list[Charge]] = {line.line_id: [] for line in order.lines}
        self._rows: defaultdict[ChargeKind, list[Charge]] = defaultdict(list)
        self._shared: list[Charge] = []
        self._left_out: defaultdict[str, Decimal] = defaultdict(Decimal)
        self._reasons: list[str] = []

    def place(self, charge: Charge, line: OrderLine | None) -> None:
        """Put one charge where it belongs; a charge of nothing needs no place."""
        if not charge.amount:
            return
        answer = answer_for(charge, self._rules)
        if answer == "into_line" and charge.kind.of is not ChargeKind.GOODS:
            answer = _base_answer(charge.kind.of, self._rules)  # a shipping tax goes where the shipping goes
        if answer == "hold":
            self._reasons.append(
                f"the mapping holds orders with {name_of(charge)} ({charge.amount}); see charges in the mapping"
            )
        elif answer == "leave_out":
            self._left_out[group_of(charge)] += charge.amount.amount
        elif isinstance(answer, RowAnswer):
            self._rows[charge.kind.of].append(charge)
        elif line is not None:
            self._goods[line.line_id].append(charge)
        else:
            self._shared.append(charge)

    def result(self) -> Sorted:
        """All parcels: goods in Amazon's order, then one for each kind of charge that has a row."""
        lines = [line for line in self._order.lines if line.quantity > 0]
        for line in self._order.lines:
            if line.quantity <= 0 and (amount := _sum(self._goods[line.line_id])):
                self._reasons.append(
                    f"line {line.line_id} has quantity {line.quantity} but costs {amount}; look at the order at Amazon"
                )
        shares = self._shares(lines)
        parcels = [
            Parcel(ChargeKind.GOODS, line, tuple(self._goods[line.line_id]), share)
            for line, share in zip(lines, shares, strict=True)
        ]
        parcels += [Parcel(kind, None, tuple(self._rows[kind])) for kind in ChargeKind if kind in self._rows]
        for parcel in parcels:
            if parcel.amount < 0:
                of = f"line {parcel.line.line_id}" if parcel.line else parcel.kind.value
                self._reasons.append(f"the discounts of {of} exceed its price (it would cost {parcel.amount})")
        return Sorted(tuple(parcels), dict(self._left_out), tuple(self._reasons))

    def _shares(self, lines: list[OrderLine]) -> list[Decimal]:
        """Charges of the whole order that have no row of their own, split by the price of the goods."""
        if not self._shared:
            return [Decimal(0)] * len(lines)
        if not lines:
            self._reasons.append("charges without a row of their own have no line to go into")
        weights = [_sum(self._goods[line.line_id]) for line in lines]
        return distribute(_sum(self._shared), weights, minor_digits(self._order.currency or ""))


def _sum(charges: list[Charge]) -> Decimal:
    return sum((charge.amount.amount for charge in charges), start=Decimal(0))
