"""Customers and orders as files: those of `amazon1c match`, and the truth beside them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from adapter.matching.asked import Asked
from adapter.model.catalog import Evidence
from tests.benchmarks.customers.catalog import Catalog, Entry, Person
from tests.benchmarks.customers.labels import Order, Watch
from tests.benchmarks.customers.orders import draft

_EVIDENCE = ("email", "phone", "postal_code", "city", "country", "vat_id")
CUSTOMERS = ("customer_id", "kind", "name", "full_name", *_EVIDENCE)
QUERIES = ("query_id", "buyer_name", "recipient_name", "company_name", *_EVIDENCE)
TRUTH = ("query_id", "label", "customer_ids", "strata")


def write(folder: Path, catalog: Catalog, count: int, attested: float = 0.0) -> list[Order]:
    """Write customers.csv, queries.csv and truth.csv; the catalog is made once and never held."""
    watch = Watch(draft(catalog, number, attested) for number in range(count))
    write_rows(folder / "customers.csv", CUSTOMERS, _customers(watch.look(catalog.entries())))
    orders = watch.orders()
    write_orders(folder, orders)
    return orders


def write_orders(folder: Path, orders: Sequence[Order]) -> None:
    """Write queries.csv and truth.csv."""
    write_rows(folder / "queries.csv", QUERIES, ((order.query_id, *_asked(order.asked)) for order in orders))
    write_rows(
        folder / "truth.csv",
        TRUTH,
        ((each.query_id, each.label, "|".join(sorted(each.truth)), "|".join(each.strata)) for each in orders),
    )


def write_rows(path: Path, header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    """Write a file with its header."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)


def _customers(entries: Iterable[Entry]) -> Iterator[tuple[str, ...]]:
    for entry in entries:
        known, kind = entry.known, "person" if isinstance(entry.who, Person) else "company"
        place = known.place
        yield (
            *(entry.customer_id, kind, entry.name, entry.full_name, known.email, known.phone),
            *(place.postal_code, place.city, place.country, known.vat),
        )


def _asked(asked: Asked) -> tuple[str, ...]:
    return asked.buyer, asked.recipient, asked.company, *_evidence(asked.evidence)


def _evidence(evidence: Evidence) -> tuple[str, ...]:
    emails, phones, tax_ids = evidence.emails, evidence.phones, evidence.tax_ids
    return (
        emails[0] if emails else "",
        phones[0] if phones else "",
        evidence.postal_codes[0] if evidence.postal_codes else "",
        evidence.city,
        evidence.country,
        tax_ids[0] if tax_ids else "",
    )
