"""Fills the catalogs of Управление нашей фирмой (УНФ) from the made-up shop."""

from __future__ import annotations

from adapter.simulators.onec.fillings.barcodes import enter_barcode
from adapter.simulators.onec.fillings.contacts import contact_rows
from adapter.simulators.onec.fillings.currencies import fill_currencies
from adapter.simulators.onec.infobase import Infobase
from adapter.simulators.shop import SERVICES, books_customers, books_products

BARCODES = "InformationRegister_ШтрихкодыНоменклатуры"
VAT_RATES = (0, 5, 10, 19, 20, 21, 22, 23, 25)
ORDER_STATES = ("Открыт", "В работе")
RATES = {
    "EUR": (92.5, 1),
    "GBP": (106.4, 1),
    "PLN": (21.75, 1),
    "SEK": (84.0, 10),
    "TRY": (19.0, 10),
    "AED": (21.6, 1),
    "USD": (80.0, 1),
    "RUB": (1.0, 1),
}
"""Made up: roubles for so many units."""
CONTRACTS = {"СПокупателем": "Договор с покупателем", "СПоставщиком": "Договор поставки"}


def fill_unf(infobase: Infobase) -> None:
    """Enter what orders refer to, and the shop's customers and products, once: a filled infobase stays as it is.

    The organisation, the warehouse, the department, the unit and the kind of order are predefined.
    """
    if infobase.rows("Catalog_Валюты"):
        return
    currencies = fill_currencies(infobase)
    for letters, (rate, units) in RATES.items():
        values = {"Валюта_Key": currencies[letters], "Курс": rate, "Кратность": units}
        infobase.add("InformationRegister_КурсыВалют", {"Period": "2020-01-01T00:00:00", **values})
    for rate in VAT_RATES:
        infobase.add("Catalog_СтавкиНДС", {"Description": f"{rate}%", "Ставка": rate})
    infobase.add("Catalog_СтавкиНДС", {"Description": "Без НДС", "НеОблагается": True})
    infobase.add("Catalog_СтавкиНДС", {"Description": "20/120", "Ставка": 20, "Расчетная": True})
    for state in ORDER_STATES:
        infobase.add("Catalog_СостоянияЗаказовПокупателей", {"Description": state})
    infobase.add("Catalog_ВидыЦен", {"Description": "Розничная цена", "ВалютаЦены_Key": currencies["EUR"]})
    _fill_products(infobase)
    _fill_customers(infobase, currencies["EUR"])


def _fill_products(infobase: Infobase) -> None:
    unit, category = (
        _predefined(infobase, entity_set, name)
        for entity_set, name in (
            ("Catalog_КлассификаторЕдиницИзмерения", "шт"),
            ("Catalog_КатегорииНоменклатуры", "БезКатегории"),
        )
    )
    services = {sku for sku, _ in SERVICES}
    for sku, title in books_products():
        product = infobase.add(
            "Catalog_Номенклатура",
            {
                "Description": title,
                "НаименованиеПолное": title,
                "Артикул": sku,
                "ТипНоменклатуры": "Услуга" if sku in services else "Запас",
                "ЕдиницаИзмерения_Key": unit,
                "КатегорияНоменклатуры_Key": category,
            },
        )
        enter_barcode(infobase, BARCODES, sku, product["Ref_Key"])


def _fill_customers(infobase: Infobase, currency: str) -> None:
    """Customers, all in one folder, each with a contract as a buyer and one as a supplier."""
    organisation = _predefined(infobase, "Catalog_Организации", "ОсновнаяОрганизация")
    folder = infobase.add("Catalog_Контрагенты", {"Description": "Покупатели", "IsFolder": True})["Ref_Key"]
    for name in books_customers():
        customer = infobase.add(
            "Catalog_Контрагенты",
            {
                "Description": name,
                "НаименованиеПолное": name,
                "Parent_Key": folder,
                "ВидКонтрагента": "ФизическоеЛицо",
                "ЮридическоеФизическоеЛицо": "ФизическоеЛицо",
                "Покупатель": True,
                **contact_rows(infobase, name),
            },
        )
        for kind, title in CONTRACTS.items():
            infobase.add(
                "Catalog_ДоговорыКонтрагентов",
                {
                    "Owner": customer["Ref_Key"],
                    "Owner_Type": "StandardODATA.Catalog_Контрагенты",
                    "Description": title,
                    "ВидДоговора": kind,
                    "Организация_Key": organisation,
                    "ВалютаРасчетов_Key": currency,
                },
            )


def _predefined(infobase: Infobase, entity_set: str, name: str) -> str:
    found: str = next(row for row in infobase.rows(entity_set) if row["PredefinedDataName"] == name)["Ref_Key"]
    return found
