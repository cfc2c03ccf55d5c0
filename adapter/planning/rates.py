"""Exchange rates as the infobase keeps them: which of them orders need, and the one that counts on a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from adapter.mapping.sources import Rate


@dataclass(frozen=True, slots=True)
class RateKey:
    """Whose rates: the register, its column that refers to the currency, and the currency."""

    register: str
    column: str
    currency: UUID


@dataclass(frozen=True, slots=True)
class RateRecord:
    """The numbers that hold from a moment on, by column. `since` is the infobase's wall clock."""

    since: datetime
    values: Mapping[str, Decimal]


Rates = Mapping[RateKey, tuple[RateRecord, ...]]


def rate_at(rates: Rates, source: Rate, currency: UUID, moment: datetime) -> Decimal | None:
    """The number that holds at a moment, the infobase's wall clock; None where there is none, or it is zero."""
    records = rates.get(RateKey(source.rate, source.currency, currency), ())
    known = [record for record in records if record.since <= moment]
    newest = max(known, key=lambda record: record.since, default=None)
    return (newest.values.get(source.give) or None) if newest else None


def spans(needed: Iterable[tuple[RateKey, datetime]]) -> dict[RateKey, tuple[datetime, datetime]]:
    """From when to when rates are needed, by whose they are."""
    found: dict[RateKey, tuple[datetime, datetime]] = {}
    for key, moment in needed:
        first, last = found.get(key, (moment, moment))
        found[key] = min(first, moment), max(last, moment)
    return found
