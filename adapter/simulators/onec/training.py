"""Fills the training catalogs from the made-up shop that both stand-ins share."""

from __future__ import annotations

from adapter.simulators.onec.infobase import Infobase
from adapter.simulators.shop import books_customers, books_products


def fill_training(infobase: Infobase) -> None:
    """Enter the shop's customers and products into the training catalogs, once: what is there stays as it is."""
    if not infobase.rows("Catalog_Customers"):
        for name in books_customers():
            first, _, last = name.partition(" ")
            infobase.add("Catalog_Customers", {"Description": name, "first_name": first, "last_name": last})
    if not infobase.rows("Catalog_Products"):
        for sku, title in books_products():
            infobase.add("Catalog_Products", {"Description": title, "sku": sku})
