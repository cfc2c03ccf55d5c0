"""Fills the catalogs of 1C:Small Business (English) from the made-up shop."""

from __future__ import annotations

from adapter.simulators.onec.fillings.barcodes import enter_barcode
from adapter.simulators.onec.fillings.contacts import english_contact_rows
from adapter.simulators.onec.fillings.english import enter, fill_currencies, fill_vat_rates, predefined
from adapter.simulators.onec.infobase import Infobase
from adapter.simulators.shop import SERVICES, books_customers, books_products


def fill_small_business(infobase: Infobase) -> None:
    """Enter what orders refer to, and the shop's customers and products, once: a filled infobase stays as it is.

    The company, the warehouse, the department, the unit and the state of an open order are predefined.
    """
    if infobase.rows("Catalog_Counterparties"):
        return
    currencies = fill_currencies(infobase)
    fill_vat_rates(infobase)
    enter(infobase, "Catalog_StructuralUnits", {"Description": "Amazon FBA", "StructuralUnitType": "Warehouse"})
    unit = predefined(infobase, "Catalog_UOMClassifier", "pcs")
    services = {sku for sku, _ in SERVICES}
    for sku, title in books_products():
        values = {
            "Description": title,
            "DescriptionFull": title,
            "SKU": sku,
            "ProductsAndServicesType": "Service" if sku in services else "InventoryItem",
            "MeasurementUnit_Key": unit,
        }
        product = enter(infobase, "Catalog_ProductsAndServices", values)
        enter_barcode(
            infobase,
            "InformationRegister_ProductsAndServicesBarcodes",
            sku,
            product,
            ("Barcode", "ProductsAndServices_Key"),
        )
    _fill_customers(infobase, currencies["EUR"])


def _fill_customers(infobase: Infobase, currency: str) -> None:
    """Customers, all in one folder, each with a contract that is its default."""
    company = predefined(infobase, "Catalog_Companies", "MainCompany")
    folder = enter(infobase, "Catalog_Counterparties", {"Description": "Customers", "IsFolder": True})
    for name in books_customers():
        values = {"Description": name, "DescriptionFull": name, "Parent_Key": folder, "Customer": True}
        values |= english_contact_rows(infobase, name)
        customer = enter(infobase, "Catalog_Counterparties", {**values, "LegalEntityIndividual": "Individual"})
        contract = enter(
            infobase,
            "Catalog_CounterpartyContracts",
            {
                "Owner_Key": customer,
                "Description": "Main contract",
                "ContractKind": "WithCustomer",
                "Company_Key": company,
                "SettlementsCurrency_Key": currency,
            },
        )
        infobase.edit("Catalog_Counterparties", customer, {"ContractByDefault_Key": contract})
