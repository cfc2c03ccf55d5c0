"""Amounts of an order's JSON as decimals, all in the order's one currency."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Protocol

from adapter.amazon.errors import quoted
from adapter.model.money import Money, minor_digits

# Enough for any price, and few enough for sums of them to be exact in 28 digits.
DECIMAL = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,8})?")
CURRENCY = re.compile(r"[A-Z]{3}")


class Told(Protocol):
    """An amount as a version of the API writes it."""

    @property
    def amount(self) -> str | None:
        """A decimal number."""

    @property
    def currency_code(self) -> str | None:
        """ISO 4217."""


class Amounts:
    """Reads amounts; what it cannot read is left out and becomes a doubt.

    Args:
        currency: of the order; None where no amount names one.
        doubts: is added to.
    """

    def __init__(self, currency: str | None, doubts: list[str]) -> None:
        self.currency = currency
        self.doubts = doubts

    def read(self, money: Told | None, what: str) -> Decimal | None:
        """The amount, or None with a doubt that names `what`."""
        if money is None or money.amount is None:
            self.doubts.append(f"{what}: Amazon gives no amount")
            return None
        text = money.amount.strip()
        if not DECIMAL.fullmatch(text):
            self.doubts.append(f"{what}: {quoted(text)!r} is no amount")
            return None
        if money.currency_code is None or not CURRENCY.fullmatch(money.currency_code):
            self.doubts.append(f"{what}: {text} has no currency")
            return None
        if money.currency_code != self.currency:
            self.doubts.append(
                f"{what}: {text} {money.currency_code} is left out, the order being in {self.currency or 'no currency'}"
            )
            return None
        return _with_usual_digits(Decimal(text), money.currency_code)

    def money(self, amount: Decimal) -> Money:
        """An amount that was read here, with its currency."""
        assert self.currency is not None  # noqa: S101 - `read` gives no amount without one
        return Money(amount, self.currency)

    def optional(self, money: Told | None, what: str) -> Money | None:
        """The amount with its currency; None where there is none, without a doubt if Amazon left it out."""
        amount = None if money is None else self.read(money, what)
        return None if amount is None else self.money(amount)


def first_currency(amounts: Iterable[Told | None]) -> str | None:
    """The first currency that an amount names."""
    named = (money.currency_code for money in amounts if money is not None)
    return next((code for code in named if code is not None and CURRENCY.fullmatch(code)), None)


def _with_usual_digits(amount: Decimal, currency: str) -> Decimal:
    """`10`, `10.0` and `10.00` EUR are written in one way: what is the same has to look the same in fingerprints."""
    usual = amount.quantize(Decimal(1).scaleb(-minor_digits(currency)))
    return usual if usual == amount else amount.normalize()
