"""What the fillings of configurations with English names have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapter.simulators.onec.fillings.currencies import CURRENCIES
from adapter.simulators.onec.infobase import Infobase

VAT_RATES = (0, 5, 7, 10, 19, 20, 21, 22, 23, 25)


def fill_currencies(infobase: Infobase) -> dict[str, str]:
    """Enter the currencies into `Catalog_Currencies`, with the numeric code where the catalog has codes."""
    found = {row["Description"]: row["Ref_Key"] for row in infobase.rows("Catalog_Currencies")}
    for line in CURRENCIES.strip().splitlines():
        code, letters, _ = line.split("|")
        if letters not in found:
            found[letters] = enter(infobase, "Catalog_Currencies", {"Description": letters, "Code": code})
    return found


def fill_vat_rates(infobase: Infobase) -> None:
    """Enter the VAT rates of the shop's marketplaces, and beside one of them the other kinds that bases hold."""
    for rate in VAT_RATES:
        enter(infobase, "Catalog_VATRates", {"Description": f"{rate}%", "Rate": rate})
    enter(infobase, "Catalog_VATRates", {"Description": "20% / 120%", "Rate": 20, "Calculated": True})
    enter(infobase, "Catalog_VATRates", {"Description": "Without VAT", "Rate": 0, "NotTaxable": True})


def enter(infobase: Infobase, entity_set: str, values: Mapping[str, Any]) -> str:
    """Enter an element; its Ref_Key."""
    key: str = infobase.add(entity_set, values)["Ref_Key"]
    return key


def predefined(infobase: Infobase, entity_set: str, name: str) -> str:
    """The Ref_Key of an element that the configuration itself brings."""
    found: str = next(row for row in infobase.rows(entity_set) if row["PredefinedDataName"] == name)["Ref_Key"]
    return found
