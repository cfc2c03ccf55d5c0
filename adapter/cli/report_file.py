"""Order reports in a file, shown order by order with their sums."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from adapter.amazon.wire.order_report import OrderReport

AMOUNTS = (
    "item-price", "item-tax", "shipping-price", "shipping-tax", "gift-wrap-price", "gift-wrap-tax",
    "item-promotion-discount", "ship-promotion-discount",
)  # fmt: skip
"""The columns with amounts, in the line's currency. Source: FACTS 10.2."""

NOT_TOLD = (
    "A report does not tell: Amazon's own total (so nothing proves the sums), whether prices contain the tax, fees for "
    "cash on delivery, points, tips, the buyer, the street, the ids of the lines. For 1C, orders are read one by one: "
    "amazon1c backfill."
)
_GZIP = b"\x1f\x8b"
_LARGEST = 256_000_000


@dataclass(frozen=True, slots=True)
class ReportedLines:
    """An order with its lines, each as column -> text."""

    order_id: str
    rows: tuple[Mapping[str, str], ...]

    @property
    def sums(self) -> dict[tuple[str, str], Decimal]:
        """(Column, currency) -> sum over the lines; a column without an amount is left out."""
        found: dict[tuple[str, str], Decimal] = {}
        for row in self.rows:
            for column, amount in amounts(row).items():
                key = (column, row.get("currency", ""))
                found[key] = found.get(key, Decimal(0)) + amount
        return found


def read_file(file: Path, charset: str | None) -> tuple[OrderReport, str]:
    """The report in a file, packed with gzip or not, and the encoding it turned out to have.

    Raises:
        ConfigurationError: it holds no report of orders.
    """
    from adapter.amazon.errors import BadAnswer
    from adapter.amazon.wire.order_report import decoded_report, read_order_report
    from adapter.errors import ConfigurationError

    body = file.read_bytes()
    if body.startswith(_GZIP):
        try:
            with gzip.open(file) as packed:
                body = packed.read(_LARGEST)
        except (OSError, EOFError, zlib.error) as problem:
            raise ConfigurationError(f"{file}: a damaged gzip file; download it once more") from problem
    text, encoding = decoded_report(body, charset)
    try:
        return read_order_report(text, str(file)), encoding
    except BadAnswer as problem:
        raise ConfigurationError(
            f"{problem}. Give a saved answer of the Orders API (JSON), or the order report "
            "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_ORDER_DATE_GENERAL or ..._BY_LAST_UPDATE_GENERAL as it was downloaded"
        ) from problem


def orders_of(report: OrderReport) -> Iterator[ReportedLines]:
    """The orders of a report in its order, each with all its lines, wherever they stand."""
    found: dict[str, list[Mapping[str, str]]] = {}
    for row in report.rows:
        found.setdefault(row["amazon-order-id"], []).append(row)
    yield from (ReportedLines(order_id, tuple(rows)) for order_id, rows in found.items())


def amounts(row: Mapping[str, str]) -> dict[str, Decimal]:
    """The amounts of a line; what is empty or no number is left out: missing is not zero."""
    found = {}
    for column in AMOUNTS:
        try:
            amount = Decimal(row.get(column, "").strip())
        except InvalidOperation:
            continue
        if amount.is_finite():
            found[column] = amount
    return found


def problems_of(report: OrderReport) -> list[str]:
    """What is odd in a report: lines that are none, amounts that are no numbers, lines that come twice."""
    problems = list(report.problems)
    for row in report.rows:
        known = amounts(row)
        problems += [
            f'order {row["amazon-order-id"]}: {column} is no amount: "{row[column]}"'
            for column in AMOUNTS
            if row.get(column, "").strip() and column not in known
        ]
    for order in orders_of(report):
        twice = len(order.rows) - len({tuple(sorted(row.items())) for row in order.rows})
        if twice:
            problems.append(
                f"order {order.order_id}: {twice} of its lines come twice in the same words; all are counted"
            )
    return problems


def show(report: OrderReport, encoding: str) -> None:
    """Print the orders and their sums."""
    orders = list(orders_of(report))
    for order in orders:
        first = order.rows[0]
        words = (first.get("order-status"), first.get("sales-channel"), first.get("fulfillment-channel"))
        typer.echo("  ".join((order.order_id, *(word or "-" for word in words), first.get("purchase-date", "")[:10])))
        for row in order.rows:
            typer.echo(
                f"    {row.get('quantity', '?')} x {row.get('sku') or '(no SKU)'}  {row.get('product-name', '')}"
            )
        if not order.sums:
            typer.echo("    no amounts")
        for (column, currency), amount in _in_order(order.sums):
            typer.echo(f"        {column:<34}{amount:>14} {currency}")
    for problem in problems_of(report):
        typer.echo(problem, err=True)
    totals: dict[tuple[str, str], Decimal] = {}
    for order in orders:
        for key, amount in order.sums.items():
            totals[key] = totals.get(key, Decimal(0)) + amount
    typer.echo(f"{len(orders)} orders, {len(report.rows)} lines (read as {encoding}). Sums of all:")
    for (column, currency), amount in _in_order(totals):
        typer.echo(f"    {column:<38}{amount:>14} {currency}")
    typer.echo(NOT_TOLD)


def as_data(report: OrderReport, encoding: str) -> dict[str, Any]:
    """The same as JSON data: sums as texts, columns as the file has them."""
    return {
        "encoding": encoding,
        "orders": [
            {
                "order_id": order.order_id,
                "lines": [dict(row) for row in order.rows],
                "sums": [
                    {"column": column, "currency": currency, "amount": str(amount)}
                    for (column, currency), amount in _in_order(order.sums)
                ],
            }
            for order in orders_of(report)
        ],
        "problems": problems_of(report),
        "not_told": NOT_TOLD,
    }


def _in_order(sums: Mapping[tuple[str, str], Decimal]) -> Sequence[tuple[tuple[str, str], Decimal]]:
    return sorted(sums.items(), key=lambda entry: (entry[0][1], AMOUNTS.index(entry[0][0])))
