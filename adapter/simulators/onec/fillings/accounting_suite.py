"""Fills the catalogs of AccountingSuite from the made-up shop."""

from __future__ import annotations

from adapter.simulators.onec.fillings.barcodes import eans
from adapter.simulators.onec.fillings.english import enter, fill_currencies, predefined
from adapter.simulators.onec.infobase import Infobase
from adapter.simulators.shop import SERVICES, books_contacts, books_customers, books_products

SHORT = 25
"""Letters of an address's name."""


def fill_accounting_suite(infobase: Infobase) -> None:
    """Enter what orders refer to, and the shop's customers and products, once: a filled infobase stays as it is.

    The US dollar and the main warehouse are predefined.
    """
    if infobase.rows("Catalog_Companies"):
        return
    dollar = predefined(infobase, "Catalog_Currencies", "USD")
    fill_currencies(infobase)
    enter(infobase, "Catalog_Locations", {"Description": "Amazon FBA"})
    unit_set = enter(infobase, "Catalog_UnitSets", {"Description": "Each"})
    enter(infobase, "Catalog_Units", {"Description": "Each", "Code": "EA", "Owner_Key": unit_set})
    services = {sku for sku, _ in SERVICES}
    for sku, title in books_products():
        kind = "NonInventory" if sku in services else "Inventory"
        values = {"Code": sku, "Description": title, "Type": kind, "UnitSet_Key": unit_set, "UPC": eans().get(sku, "")}
        enter(infobase, "Catalog_Products", values)
    for number, name in enumerate(books_customers(), start=1):
        _fill_customer(infobase, name, f"{number:05}", dollar)


def _fill_customer(infobase: Infobase, name: str, code: str, currency: str) -> None:
    """A customer with an address for deliveries and one for bills."""
    values = {"Code": code, "Description": name, "FullName": name, "Customer": True, "DefaultCurrency_Key": currency}
    customer, buyer = enter(infobase, "Catalog_Companies", values), books_contacts().get(name)
    for purpose, flag in (("Shipping", "DefaultShipping"), ("Billing", "DefaultBilling")):
        address = {"Owner_Key": customer, "Description": f"{purpose}: {name}"[:SHORT], flag: True}
        if buyer is not None:
            address |= {
                "Phone": buyer.phone,
                "City": buyer.city,
                "ZIP": buyer.postal_code,
                "AddressLine1": buyer.street,
            }
        enter(infobase, "Catalog_Addresses", address)
