"""The currencies of the made-up shop's marketplaces, as the catalogs of 1C hold them."""

from __future__ import annotations

from adapter.simulators.onec.infobase import Infobase

# ISO 4217: numeric code | letters | name.
CURRENCIES = """
978|EUR|Евро
826|GBP|Фунт стерлингов
985|PLN|Злотый
752|SEK|Шведская крона
949|TRY|Турецкая лира
784|AED|Дирхам ОАЭ
840|USD|Доллар США
124|CAD|Канадский доллар
484|MXN|Мексиканское песо
986|BRL|Бразильский реал
392|JPY|Иена
036|AUD|Австралийский доллар
702|SGD|Сингапурский доллар
643|RUB|Российский рубль
980|UAH|Гривня
"""


def fill_currencies(infobase: Infobase) -> dict[str, str]:
    """Enter the currencies into `Catalog_Валюты` of УНФ, БП, BAS and their kin; letters -> Ref_Key."""
    found = {}
    for line in CURRENCIES.strip().splitlines():
        code, letters, name = line.split("|")
        row = infobase.add("Catalog_Валюты", {"Code": code, "Description": letters, "НаименованиеПолное": name})
        found[letters] = row["Ref_Key"]
    return found
