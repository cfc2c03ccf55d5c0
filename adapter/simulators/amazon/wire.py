"""Amounts and times in the form that the Selling Partner API sends them."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, TypeAlias

Wire: TypeAlias = dict[str, Any]
"""A JSON object as it goes over the line."""

WHOLE_UNITS_ONLY = frozenset({"JPY"})
"""Currencies whose amounts have no decimals."""


def rounded(amount: Decimal, currency: str) -> Decimal:
    """`amount` to the smallest unit of the currency, halves away from zero."""
    unit = Decimal(1) if currency in WHOLE_UNITS_ONLY else Decimal("0.01")
    return amount.quantize(unit, ROUND_HALF_UP)


def money(amount: Decimal, currency: str) -> Wire:
    """The Money object: a decimal string, never a number."""
    return {"amount": f"{rounded(amount, currency) + 0:f}", "currencyCode": currency}


def amount_of(value: Wire) -> Decimal:
    """The amount of a Money object."""
    return Decimal(value["amount"])


def timestamp(moment: datetime) -> str:
    """UTC with milliseconds, the rest cut off: `2026-11-21T09:30:00.125Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def moment_of(text: str) -> datetime:
    """Read an ISO 8601 time with an offset.

    Raises:
        ValueError: another form, or no offset.
    """
    moment = datetime.fromisoformat(text)
    if "T" not in text or moment.tzinfo is None:
        raise ValueError(f"{text!r} has no time or no offset")
    return moment.astimezone(UTC)
