"""Fills the catalogs of УТ (КА and ERP too) and of BAS ERP, its Ukrainian relative, from the made-up shop."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapter.simulators.onec.fillings.barcodes import enter_barcode
from adapter.simulators.onec.fillings.contacts import contact_rows, tax_id
from adapter.simulators.onec.fillings.currencies import fill_currencies
from adapter.simulators.onec.infobase import Infobase
from adapter.simulators.shop import SERVICES, books_customers, books_products

BARCODES = "InformationRegister_ШтрихкодыНоменклатуры"


def fill_trade(infobase: Infobase) -> None:
    """Enter what orders of УТ refer to, and the shop's customers and products, once: a filled one stays as it is."""
    if infobase.rows("Catalog_Номенклатура"):
        return
    for rate in (19, 20, 21, 22, 23):
        infobase.add("Catalog_СтавкиНДС", {"Description": f"{rate}%", "Ставка": rate})
    infobase.add("Catalog_СтавкиНДС", {"Description": "20/120", "Ставка": 20, "РасчетнаяСтавка": True})
    _fill(infobase, "Наша организация", {"Code": "796", "Description": "шт"}, contacts=True)


def fill_bas_erp(infobase: Infobase) -> None:
    """Enter the same for BAS ERP, whose rates of VAT are known by their names."""
    if infobase.rows("Catalog_Номенклатура"):
        return
    for rate in (0, 7, 14, 19, 20, 21, 22, 23):
        infobase.add("Catalog_СтавкиНДС", {"Description": f"{rate}%"})
    _fill(infobase, "Наша організація", {"Code": "2009", "Description": "шт"}, contacts=False)


def _fill(infobase: Infobase, organisation: str, piece: Mapping[str, Any], *, contacts: bool) -> None:
    fill_currencies(infobase)
    infobase.add("Catalog_Организации", {"Description": organisation, "НаименованиеПолное": organisation})
    for warehouse in ("Основной склад", "Склад Amazon FBA"):
        infobase.add("Catalog_Склады", {"Description": warehouse})
    infobase.add(
        "Catalog_СоглашенияСКлиентами",
        {
            "Description": "Amazon",
            "Типовое": True,
            "Статус": "Действует",
            "ХозяйственнаяОперация": "РеализацияКлиенту",
            "ЦенаВключаетНДС": True,
        },
    )
    _fill_products(infobase, str(infobase.add("Catalog_УпаковкиЕдиницыИзмерения", piece)["Ref_Key"]))
    for name in books_customers():
        partner = infobase.add("Catalog_Партнеры", {"Description": name, "НаименованиеПолное": name, "Клиент": True})[
            "Ref_Key"
        ]
        values = {"Description": name, "НаименованиеПолное": name, "Партнер_Key": partner}
        infobase.add("Catalog_Контрагенты", values | (contact_rows(infobase, name) if contacts else tax_id(name)))


def _fill_products(infobase: Infobase, piece: str) -> None:
    kinds = {
        kind: infobase.add(
            "Catalog_ВидыНоменклатуры",
            {"Description": kind, "ТипНоменклатуры": kind, "ИспользованиеХарактеристик": "НеИспользовать"},
        )["Ref_Key"]
        for kind in ("Товар", "Услуга")
    }
    services = {sku for sku, _ in SERVICES}
    for sku, title in books_products():
        kind = "Услуга" if sku in services else "Товар"
        product = infobase.add(
            "Catalog_Номенклатура",
            {
                "Description": title,
                "НаименованиеПолное": title,
                "Артикул": sku,
                "ТипНоменклатуры": kind,
                "ВидНоменклатуры_Key": kinds[kind],
                "ЕдиницаИзмерения_Key": piece,
                "ИспользованиеХарактеристик": "НеИспользовать",
            },
        )
        enter_barcode(infobase, BARCODES, sku, product["Ref_Key"])
