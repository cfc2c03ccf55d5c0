"""The proof that a document's sum is Amazon's: what it has to amount to, and whether it does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from adapter.mapping.rules import DocumentRule
from adapter.model.document import Document, Scalar
from adapter.model.money import Money, total
from adapter.model.order import Order
from adapter.model.proof import prove
from adapter.planning.plan import Totals
from adapter.planning.rows import MARKETPLACE_TAX, Parcel

# Within these limits sums are exact in the 28 digits of `Decimal`.
_LARGEST = Decimal(10) ** 15
_FINEST = 8
_LARGEST_QUANTITY = 10**9


def unusable(order: Order) -> tuple[str, ...]:
    """What nobody can calculate with: amounts and quantities beyond all reason, and lines that cannot be told apart."""
    amounts = [charge.amount.amount for charge in order.all_charges()]
    amounts += [order.total.amount] if order.total else []
    reasons = []
    if not all(amount.is_finite() and abs(amount) < _LARGEST and _digits(amount) <= _FINEST for amount in amounts):
        reasons.append("an amount is no number or beyond all reason; look at the order at Amazon")
    if any(abs(line.quantity) >= _LARGEST_QUANTITY for line in order.lines):
        reasons.append("a quantity is beyond all reason; look at the order at Amazon")
    if len({line.line_id for line in order.lines}) < len(order.lines):
        reasons.append("two of its lines have the same id; look at the order at Amazon")
    return tuple(reasons)


def _digits(amount: Decimal) -> int:
    return -int(amount.as_tuple().exponent)


def unproven(order: Order) -> tuple[str, ...]:
    """Why Amazon's total cannot be relied on."""
    if order.total is None:
        if order.replaces:
            return (
                "Amazon gave no total for the replacement; leave replacements out (orders.replacement), or write it "
                "by hand in 1C",
            )
        return ("Amazon gave no total for it; wait until it does, or give the application the role for proceeds",)
    proof = prove(order)
    if proof.charges is None:
        return ("Amazon gave amounts in several currencies for one order; write it by hand in 1C",)
    if not proof.proven:
        parts = proof.charges + proof.marketplace_tax if proof.marketplace_tax else proof.charges
        return (f"Amazon's total {order.total} is not the sum of its parts {parts}; look at the order at Amazon",)
    return ()


def expected_totals(order: Order, sums_left_out: Mapping[str, Decimal]) -> Totals:
    """What the document has to amount to: Amazon's total, which is known, less what is left out of it."""
    assert order.total is not None  # noqa: S101 - `unproven` has held the others
    currency = order.total.currency
    inside = prove(order).marketplace_tax_inside is not False
    left_out = {
        name: Money(amount, currency)
        for name, amount in sums_left_out.items()
        if amount and (inside or name != MARKETPLACE_TAX)
    }
    return Totals(order.total, left_out, order.total - total(left_out.values(), currency))


def wrong_sums(
    document: Document, rule: DocumentRule, parcels: Mapping[str, Sequence[Parcel]], expected: Totals
) -> list[str]:
    """Why the document would not amount to what it has to; empty where it does.

    The parcels have to add up to the total, and what is written has to add up to the parcels: the column that the
    mapping names, in every section that has it, or the property of the header.
    """
    currency = expected.document.currency
    sums = {name: sum((parcel.amount for parcel in part), start=Decimal(0)) for name, part in parcels.items()}
    if (amount := sum(sums.values(), start=Decimal(0))) != expected.document.amount:
        # The charges being proven, a tax that Amazon collects beside its total is all that can be too much.
        return [
            f"the document would amount to {Money(amount, currency)} instead of {expected.explain()}, for Amazon's "
            "total is without the tax that Amazon collects itself; set charges.marketplace_tax to leave_out in the "
            "mapping"
        ]
    named, wanted = rule.total.properties(), rule.total.sections()
    if not wanted:
        values = [document.properties[name] for name in named if name in document.properties]
        return _wrong_sum(" + ".join(named), values, expected.document)
    reasons: list[str] = []
    for section, rows in document.sections.items():
        columns = [name for name in named if name in rule.rows[section].columns]
        if section in wanted or columns:
            values = [row[name] for row in rows for name in named if name in row]
            what = " + ".join(f"{section}.{name}" for name in columns or named)
            reasons += _wrong_sum(what, values, Money(sums[section], currency))
    return reasons


def _wrong_sum(what: str, values: Sequence[Scalar], expected: Money) -> list[str]:
    numbers = [Decimal(value) for value in values if isinstance(value, Decimal | int) and not isinstance(value, bool)]
    if len(numbers) < len(values):
        return [f"{what} is not a number, so the document's sum cannot be checked; see total in the mapping"]
    found = Money(sum(numbers, start=Decimal(0)), expected.currency)
    if found == expected:
        return []
    return [f"{what} would amount to {found} instead of {expected}; see total, charges and rows in the mapping"]
