"""Fills the catalogs of BAS Бухгалтерія from the made-up shop."""

from __future__ import annotations

from adapter.simulators.onec.fillings.currencies import fill_currencies
from adapter.simulators.onec.infobase import Infobase
from adapter.simulators.shop import SERVICES, books_customers, books_products


def fill_bas_accounting(infobase: Infobase) -> None:
    """Enter what invoices refer to, and the shop's customers and products, once: a filled infobase stays as it is."""
    if infobase.rows("Catalog_Валюты"):
        return
    currencies = fill_currencies(infobase)
    organisation = infobase.add("Catalog_Организации", {"Description": "Наша організація"})["Ref_Key"]
    account = infobase.add(
        "Catalog_БанковскиеСчета",
        {
            "Description": "Основний рахунок",
            "Owner": organisation,
            "Owner_Type": "StandardODATA.Catalog_Организации",
            "ВалютаДенежныхСредств_Key": currencies["EUR"],
        },
    )["Ref_Key"]
    infobase.edit("Catalog_Организации", organisation, {"ОсновнойБанковскийСчет_Key": account})
    infobase.add("Catalog_Склады", {"Description": "Основний склад"})
    infobase.add("Catalog_КлассификаторЕдиницИзмерения", {"Code": "2009", "Description": "шт"})
    services = {sku for sku, _ in SERVICES}
    for sku, title in books_products():
        infobase.add(
            "Catalog_Номенклатура",
            {"Description": title, "НаименованиеПолное": title, "Артикул": sku, "Услуга": sku in services},
        )
    _fill_customers(infobase, organisation, currencies["EUR"])


def _fill_customers(infobase: Infobase, organisation: str, currency: str) -> None:
    """Customers, all in one folder, each with a contract that is its main one."""
    folder = infobase.add("Catalog_Контрагенты", {"Description": "Покупці", "IsFolder": True})["Ref_Key"]
    for name in books_customers():
        customer = infobase.add(
            "Catalog_Контрагенты",
            {
                "Description": name,
                "НаименованиеПолное": name,
                "Parent_Key": folder,
                "ЮридическоеФизическоеЛицо": "ФизическоеЛицо",
            },
        )["Ref_Key"]
        contract = infobase.add(
            "Catalog_ДоговорыКонтрагентов",
            {
                "Owner_Key": customer,
                "Description": "Основний договір",
                "ВидДоговора": "СПокупателем",
                "Организация_Key": organisation,
                "ВалютаВзаиморасчетов_Key": currency,
            },
        )["Ref_Key"]
        infobase.edit("Catalog_Контрагенты", customer, {"ОсновнойДоговорКонтрагента_Key": contract})
