"""Fills the catalogs of Бухгалтерия предприятия (БП) from the made-up shop."""

from __future__ import annotations

from adapter.simulators.onec.fillings.barcodes import enter_barcode
from adapter.simulators.onec.fillings.contacts import contact_rows
from adapter.simulators.onec.fillings.currencies import fill_currencies
from adapter.simulators.onec.infobase import Infobase
from adapter.simulators.shop import SERVICES, books_customers, books_products

BARCODES = "InformationRegister_ШтрихкодыНоменклатуры"
CONTRACTS = {"СПокупателем": "Договор с покупателем", "СПоставщиком": "Договор поставки"}


def fill_bp(infobase: Infobase) -> None:
    """Enter what invoices refer to, and the shop's customers and products, once: a filled infobase stays as it is."""
    if infobase.rows("Catalog_Валюты"):
        return
    currencies = fill_currencies(infobase)
    organisation = infobase.add(
        "Catalog_Организации", {"Description": "Наша организация", "НаименованиеСокращенное": "ООО «Наша организация»"}
    )["Ref_Key"]
    account = infobase.add(
        "Catalog_БанковскиеСчета",
        {
            "Description": "Основной счет",
            "Owner": organisation,
            "Owner_Type": "StandardODATA.Catalog_Организации",
            "ВалютаДенежныхСредств_Key": currencies["EUR"],
        },
    )["Ref_Key"]
    infobase.edit("Catalog_Организации", organisation, {"ОсновнойБанковскийСчет_Key": account})
    infobase.add("Catalog_Склады", {"Description": "Основной склад"})
    infobase.add(
        "Catalog_СтраныМира", {"Code": "276", "Description": "ГЕРМАНИЯ", "КодАльфа2": "DE", "КодАльфа3": "DEU"}
    )
    _fill_products(infobase)
    _fill_customers(infobase, organisation, currencies["EUR"])


def _fill_products(infobase: Infobase) -> None:
    unit = infobase.add("Catalog_КлассификаторЕдиницИзмерения", {"Code": "796", "Description": "шт"})["Ref_Key"]
    kinds = {
        is_service: infobase.add("Catalog_ВидыНоменклатуры", {"Description": title, "Услуга": is_service})["Ref_Key"]
        for title, is_service in (("Товары", False), ("Услуги", True))
    }
    services = {sku for sku, _ in SERVICES}
    for sku, title in books_products():
        product = infobase.add(
            "Catalog_Номенклатура",
            {
                "Description": title,
                "НаименованиеПолное": title,
                "Артикул": sku,
                "Услуга": sku in services,
                "ВидНоменклатуры_Key": kinds[sku in services],
                "ЕдиницаИзмерения_Key": unit,
            },
        )
        enter_barcode(infobase, BARCODES, sku, product["Ref_Key"])


def _fill_customers(infobase: Infobase, organisation: str, currency: str) -> None:
    """Customers, all in one folder, each with a contract as a buyer and one as a supplier."""
    folder = infobase.add("Catalog_Контрагенты", {"Description": "Покупатели", "IsFolder": True})["Ref_Key"]
    for name in books_customers():
        customer = infobase.add(
            "Catalog_Контрагенты",
            {
                "Description": name,
                "НаименованиеПолное": name,
                "Parent_Key": folder,
                "ЮридическоеФизическоеЛицо": "ФизическоеЛицо",
                **contact_rows(infobase, name),
            },
        )["Ref_Key"]
        for kind, title in CONTRACTS.items():
            infobase.add(
                "Catalog_ДоговорыКонтрагентов",
                {
                    "Owner_Key": customer,
                    "Description": title,
                    "ВидДоговора": kind,
                    "Организация_Key": organisation,
                    "ВалютаВзаиморасчетов_Key": currency,
                },
            )
