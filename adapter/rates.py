"""Exchange rates that the orders at hand need, read from the registers in which the infobase keeps them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from adapter.copies import Copies
from adapter.mapping.rules import Rules
from adapter.mapping.sources import Rate
from adapter.mapping.uses import all_uses
from adapter.model.order import Order
from adapter.model.schema import Schema
from adapter.onec.registers import Record, Registers
from adapter.onec.rows import PAGE
from adapter.planning.books import Books
from adapter.planning.conditions import rules_for
from adapter.planning.rates import RateKey, RateRecord, spans
from adapter.planning.values import Context, NoValue


def with_rates(copies: Copies, rules: Rules, schema: Schema, books: Books, orders: Iterable[Order]) -> Books:
    """The books with the rates of the days of these orders, one or two requests for each currency.

    Raises:
        ConfigurationError, Unavailable: a register cannot be read.
    """
    columns = _columns(rules)
    if not columns:
        return books
    found: dict[RateKey, tuple[RateRecord, ...]] = {}
    for key, (first, last) in spans(_needed(rules, books, orders)).items():
        found[key] = _read(copies, schema, key, columns[key.register], first, last)
    return replace(books, rates=found)


def _columns(rules: Rules) -> dict[str, list[str]]:
    """Register -> its columns that the mapping asks for."""
    found: dict[str, list[str]] = {}
    for use in all_uses(rules):
        if isinstance(use.source, Rate):
            known = found.setdefault(use.source.rate, [])
            known += [] if use.source.give in known else [use.source.give]
    return found


def _needed(rules: Rules, books: Books, orders: Iterable[Order]) -> Iterator[tuple[RateKey, datetime]]:
    """Whose rate on which moment; what cannot be told holds the order later, with the reason."""
    zone = ZoneInfo(rules.infobase.time_zone)
    for order in orders:
        context = Context(order, books.references, zone)
        for rule in rules_for(rules, context).documents.values():
            here = replace(context, header=rule.header)
            for source in rule.header.values():
                if isinstance(source, Rate):
                    try:
                        yield here.rate_key(source)
                    except NoValue:
                        continue


def _read(
    copies: Copies, schema: Schema, key: RateKey, columns: list[str], first: datetime, last: datetime
) -> tuple[RateRecord, ...]:
    """The records of some days, and the one that held before them."""
    # By whole days, so that orders of the same days find the same copy.
    first, last = (moment.replace(hour=0, minute=0, second=0) for moment in (first, last))
    until = last + timedelta(days=1, seconds=-1)

    def read() -> str:
        registers = Registers(copies.client, schema)
        where = (key.column, key.currency)
        rows = registers.newest(key.register, where, until, columns, min((last - first).days + 2, PAGE))
        if rows and _since(rows[-1]) > first:  # more than one record a day, or years between the orders
            rows += registers.newest(key.register, where, first, columns, 1)
        return json.dumps([{name: str(value) for name, value in row.items()} for row in rows])

    name = f"{key.register}?{','.join(columns)} of {key.column} {key.currency}, {first:%Y-%m-%d} to {last:%Y-%m-%d}"
    return tuple(_record(row, columns) for row in json.loads(copies.get(name, read)))


def _record(row: Mapping[str, str], columns: list[str]) -> RateRecord:
    return RateRecord(
        _since(row), {name: Decimal(row[name]) for name in columns if row.get(name) not in (None, "None")}
    )


def _since(row: Record) -> datetime:
    return datetime.fromisoformat(str(row["Period"]))
