"""Telephone, address and tax number of the books' customers, in the terms of the standard subsystems library.

Names of the predefined kinds: as public clients of live infobases write them; the tabular section: CONFIGS 1.2.
"""

from __future__ import annotations

from typing import Any

from adapter.simulators.onec.infobase import Infobase
from adapter.simulators.shop import Buyer, books_contacts

KINDS = "Catalog_ВидыКонтактнойИнформации"
ENGLISH_KINDS = "Catalog_ContactInformationKinds"


def contact_rows(infobase: Infobase, name: str) -> dict[str, Any]:
    """The tabular section of a customer; nothing for those of whom the books know no more than the name."""
    buyer = books_contacts().get(name)
    if buyer is None:
        return {}
    phone = {"Тип": "Телефон", "Представление": buyer.phone, "НомерТелефона": buyer.phone}
    address = {"Тип": "Адрес", "Представление": address_line(buyer), "Город": buyer.city}
    return {
        "КонтактнаяИнформация": [
            phone | _kind(infobase, KINDS, "Вид_Key", "ТелефонКонтрагента"),
            address | _kind(infobase, KINDS, "Вид_Key", "ЮрАдресКонтрагента"),
        ]
    }


def english_contact_rows(infobase: Infobase, name: str) -> dict[str, Any]:
    """The same in English configurations."""
    buyer = books_contacts().get(name)
    if buyer is None:
        return {}
    phone = {"Type": "Phone", "Presentation": buyer.phone, "PhoneNumber": buyer.phone}
    address = {"Type": "Address", "Presentation": address_line(buyer), "City": buyer.city}
    return {
        "ContactInformation": [
            phone | _kind(infobase, ENGLISH_KINDS, "Kind_Key", "CounterpartyPhone"),
            address | _kind(infobase, ENGLISH_KINDS, "Kind_Key", "CounterpartyLegalAddress"),
        ]
    }


def _kind(infobase: Infobase, kinds: str, column: str, name: str) -> dict[str, Any]:
    """The kind of a contact, where the stand-in has the catalog of kinds."""
    if not any(item.entity_set == kinds for item in infobase.model.objects):
        return {}
    return {column: next(row["Ref_Key"] for row in infobase.rows(kinds) if row["PredefinedDataName"] == name)}


def tax_id(name: str, prop: str = "НалоговыйНомер") -> dict[str, Any]:
    """The tax number of a company; nothing for all others."""
    buyer = books_contacts().get(name)
    return {prop: buyer.tax_id} if buyer is not None and buyer.tax_id else {}


def address_line(buyer: Buyer) -> str:
    """An address in one line, the postal code first, as 1C writes it."""
    return f"{buyer.postal_code}, {buyer.city}, {buyer.street}"
