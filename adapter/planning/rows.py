"""Charges to rows: which row each part of the price goes into, and which stays out of the document.

A *parcel* is a row in the making: a line of the order with its goods, or all charges of one kind (shipping, say).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from adapter.mapping.rules import ChargeAnswer, Charges, RowAnswer
from adapter.model.money import Money, distribute, minor_digits
from adapter.model.order import Charge, ChargeKind, Order, OrderLine

Answer = Literal["into_line", "leave_out", "hold"] | RowAnswer

MARKETPLACE_TAX = "marketplace tax"


@dataclass(frozen=True, slots=True)
class Parcel:
    """What becomes one row. `line` is None where the row is for a charge.

    Attributes:
        charges: all that is in the row, its part of what belongs to no line or kind of its own included.
    """

    kind: ChargeKind
    line: OrderLine | None
    charges: tuple[Charge, ...]

    @property
    def amount(self) -> Decimal:
        """Everything in the row."""
        return _sum(self.charges)

    @property
    def discount(self) -> Decimal:
        """The discounts in the row, as a positive number."""
        return -_sum(charge for charge in self.charges if charge.kind.is_discount)

    @property
    def gross(self) -> Decimal:
        """The row without its discounts."""
        return self.amount + self.discount

    @property
    def tax(self) -> Decimal:
        """The seller's taxes in the row."""
        return _sum(charge for charge in self.charges if charge.kind.is_tax and not charge.by_marketplace)


@dataclass(frozen=True, slots=True)
class Sorted:
    """Every charge in its place.

    Attributes:
        left_out: group of charges -> signed sum that is in no row.
        reasons: why the order has to be held, each with its next step.
    """

    parcels: tuple[Parcel, ...]
    left_out: Mapping[str, Decimal]
    reasons: tuple[str, ...]


def sort_charges(order: Order, rules: Charges) -> Sorted:
    """Put every charge of an order where the mapping wants it."""
    sorter = _Sorter(order, rules)
    for at, line in enumerate(order.lines):
        for charge in line.charges:
            sorter.place(charge, at)
    for charge in order.charges:
        sorter.place(charge, None)
    return sorter.result()


class _Sorter:
    def __init__(self, order: Order, rules: Charges) -> None:
        self._order = order
        self._rules = rules
        self._goods: list[list[Charge]] = [[] for _ in order.lines]
        self._rows: defaultdict[ChargeKind, list[Charge]] = defaultdict(list)
        self._shared: list[Charge] = []
        self._left_out: defaultdict[str, Decimal] = defaultdict(Decimal)
        self._held: defaultdict[tuple[str, str], list[Charge]] = defaultdict(list)

    def place(self, charge: Charge, at: int | None) -> None:
        """Put one charge where it belongs; a charge of nothing needs no place.

        Args:
            at: index of its line, None for a charge of the whole order.
        """
        if not charge.amount:
            return
        rule = _rule_of(charge)
        answer = _answer(rule, self._rules)
        if answer == "into_line" and charge.kind.of is not ChargeKind.GOODS:
            rule = charge.kind.of.value  # a shipping tax goes where the shipping goes
            answer = _answer(rule, self._rules)
        if answer == "hold":
            self._held[rule, _name_of(charge)].append(charge)
        elif answer == "leave_out":
            self._left_out[_group_of(charge)] += charge.amount.amount
        elif isinstance(answer, RowAnswer):
            self._rows[charge.kind.of].append(charge)
        elif at is not None:
            self._goods[at].append(charge)
        else:
            self._shared.append(charge)

    def result(self) -> Sorted:
        """All parcels: goods in Amazon's order, then one for each kind of charge that has a row."""
        self._share()
        parcels = [
            Parcel(ChargeKind.GOODS, line, tuple(goods))
            for line, goods in zip(self._order.lines, self._goods, strict=True)
            if line.quantity > 0
        ]
        parcels += [Parcel(kind, None, tuple(self._rows[kind])) for kind in ChargeKind if kind in self._rows]
        return Sorted(
            tuple(parcels), dict(self._left_out), (*self._doubts(), *map(_too_cheap, filter(_is_odd, parcels)))
        )

    def _share(self) -> None:
        """Split charges of the whole order that have no row of their own by the price of the goods."""
        wanted = [at for at, line in enumerate(self._order.lines) if line.quantity > 0]
        weights = [max(_sum(self._goods[at]), Decimal(0)) for at in wanted]
        digits = minor_digits(self._order.currency or "")
        for charge in self._shared:
            parts = distribute(charge.amount.amount, weights, digits)
            for at, part in zip(wanted, parts, strict=True):
                if part:
                    money = Money(part, charge.amount.currency)
                    self._goods[at].append(Charge(charge.kind, money, charge.by_marketplace))

    def _doubts(self) -> Iterable[str]:
        for (rule, name), charges in self._held.items():
            yield (
                f"the mapping holds orders with {name} ({_money(charges)}); decide under charges.{rule} in the "
                "mapping, or write it by hand in 1C"
            )
        for line, goods in zip(self._order.lines, self._goods, strict=True):
            if line.quantity <= 0 and _sum(goods):
                yield (
                    f"line {line.line_id} has the quantity {line.quantity} but costs {_money(goods)}; "
                    "look at the order at Amazon"
                )


def _rule_of(charge: Charge) -> str:
    """The name of the answer in the mapping that a charge falls under."""
    if charge.kind.is_tax:
        return "marketplace_tax" if charge.by_marketplace else "tax"
    return "discount" if charge.kind.is_discount else charge.kind.value


def _answer(rule: str, rules: Charges) -> Answer:
    if rule == ChargeKind.GOODS:
        return "into_line"
    answer: ChargeAnswer = getattr(rules, rule)
    return answer


def _group_of(charge: Charge) -> str:
    """The kind of charge as the mapping groups it, in words."""
    return _rule_of(charge).replace("_", " ")


def _name_of(charge: Charge) -> str:
    """A kind of charge in words."""
    name = charge.kind.value.replace("_", " ")
    return f"marketplace {name}" if charge.by_marketplace else name


def _is_odd(parcel: Parcel) -> bool:
    return parcel.amount < 0


def _too_cheap(parcel: Parcel) -> str:
    of = f"line {parcel.line.line_id}" if parcel.line else parcel.kind.value.replace("_", " ")
    return (
        f"the discounts of {of} exceed its price (it would cost {_money(parcel.charges)}); look at the order at Amazon"
    )


def _sum(charges: Iterable[Charge]) -> Decimal:
    return sum((charge.amount.amount for charge in charges), start=Decimal(0))


def _money(charges: Iterable[Charge]) -> Money:
    """What charges of one order amount to, for people."""
    listed = list(charges)
    return Money(_sum(listed), listed[0].amount.currency)
