"""The second shop as files: those of `amazon1c match`, and the truth beside them."""

from __future__ import annotations

from pathlib import Path

from tests.benchmarks.customers.files import CUSTOMERS, write_orders, write_rows
from tests.benchmarks.customers.labels import Order
from tests.benchmarks.others.latin import Latin
from tests.benchmarks.others.names import Company, Names
from tests.benchmarks.others.orders import Orders
from tests.benchmarks.others.shop import Entry, Shop, country


def write(folder: Path, seed: int, size: int, count: int) -> list[Order]:
    """Write customers.csv, queries.csv and truth.csv, with names of the packages that `./dev bench` brings."""
    return write_shop(folder, Shop(seed, size, Names.usual(), Latin.usual()), count)


def write_shop(folder: Path, shop: Shop, count: int) -> list[Order]:
    """The same of a shop."""
    write_rows(folder / "customers.csv", CUSTOMERS, map(_row, shop.entries))
    orders = list(Orders(shop).made(count))
    write_orders(folder, orders)
    return orders


def _row(entry: Entry) -> tuple[str, ...]:
    kind = "company" if isinstance(entry.who, Company) else "person"
    known = entry.known
    values = (known.email, known.phone, known.postal_code, "", country(entry.who), known.vat)
    return (entry.customer_id, kind, entry.name, "", *values)
