"""Money and its rounding."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

# Currencies of ISO 4217 whose smallest unit is not a hundredth.
_DIGITS = dict.fromkeys(
    (
        "BIF",
        "CLP",
        "DJF",
        "GNF",
        "ISK",
        "JPY",
        "KMF",
        "KRW",
        "PYG",
        "RWF",
        "UGX",
        "VND",
        "VUV",
        "XAF",
        "XOF",
        "XPF",
    ),
    0,
) | dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3)


class CurrencyMismatch(ValueError):
    """Amounts of different currencies met in one sum."""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in a currency (ISO 4217 letters). Adding different currencies raises `CurrencyMismatch`."""

    amount: Decimal
    currency: str

    @classmethod
    def zero(cls, currency: str) -> Money:
        """Nothing, in this currency."""
        return cls(Decimal(0), currency)

    def __add__(self, other: Money) -> Money:
        self._check(other)
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._check(other)
        return Money(self.amount - other.amount, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount, self.currency)

    def __bool__(self) -> bool:
        return bool(self.amount)

    def __str__(self) -> str:
        if not self.amount.is_finite():
            return f"{self.amount} {self.currency}"
        digits = max(minor_digits(self.currency), -int(self.amount.normalize().as_tuple().exponent))
        return f"{self.amount:,.{digits}f} {self.currency}"

    def _check(self, other: Money) -> None:
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency} cannot be added")


def minor_digits(currency: str) -> int:
    """How many decimal digits the smallest unit of a currency has: 2, but JPY 0 and KWD 3 (ISO 4217)."""
    return _DIGITS.get(currency, 2)


def round_half_up(amount: Decimal, digits: int) -> Decimal:
    """Round as bookkeepers do: 0.005 becomes 0.01, -0.005 becomes -0.01."""
    return amount.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


def total(amounts: Iterable[Money], currency: str) -> Money:
    """The sum, zero of `currency` where there is nothing to add.

    Raises:
        CurrencyMismatch: an amount is in another currency.
    """
    return sum(amounts, start=Money.zero(currency))


def distribute(amount: Decimal, weights: Sequence[Decimal], digits: int) -> list[Decimal]:
    """Split an amount in proportion to weights so that the rounded parts add up to it exactly.

    The running remainder is carried along, so no part is off by more than one smallest unit. Equal parts where the
    weights come to nothing.
    """
    if not weights:
        return []
    if not sum(weights, start=Decimal(0)):
        weights = [Decimal(1)] * len(weights)
    parts: list[Decimal] = []
    given, seen, whole = Decimal(0), Decimal(0), sum(weights, start=Decimal(0))
    for weight in weights[:-1]:
        seen += weight
        part = round_half_up(amount * seen / whole, digits) - given
        parts.append(part)
        given += part
    return [*parts, amount - given]


def apportion(amount: Decimal, weights: Sequence[Decimal], digits: int) -> list[Decimal]:
    """Split an amount in proportion to weights; the rounded parts add up to it exactly (largest remainders).

    No part is off by a smallest unit or more, none has another sign than the amount, and a weight of 0 gets nothing.
    Where the amount has finer digits than that, its own smallest unit counts. Equal parts where the weights come to
    nothing.
    """
    if not weights:
        return []
    exact = [Fraction(weight) for weight in weights]
    whole = sum(exact)
    if not whole:
        exact, whole = [Fraction(1)] * len(weights), Fraction(len(weights))
    places = max(digits, -int(amount.as_tuple().exponent))
    units = int(abs(amount).scaleb(places))
    shares = [units * weight / whole for weight in exact]
    parts = [int(share) for share in shares]
    most = sorted(range(len(parts)), key=lambda at: (parts[at] - shares[at], at))
    for at in most[: units - sum(parts)]:
        parts[at] += 1
    sign = -1 if amount < 0 else 1
    return [Decimal(sign * part).scaleb(-places) for part in parts]
