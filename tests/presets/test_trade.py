"""The presets of УТ 11.5 and BAS ERP with the changes that their comments offer, and what they write besides sums."""

from __future__ import annotations

from decimal import Decimal

import pytest

from adapter.planning.plan import Create, Hold
from tests.presets.conftest import PRESETS, Run, number, run_preset

TRADE = [preset for preset in PRESETS if preset.name in {"ut-11.5", "bas-erp"}]
each_trade = pytest.mark.parametrize("preset", TRADE, ids=lambda preset: preset.name)


def replaced(*pairs):
    """An edit: each text, which stands in the preset once, becomes another."""

    def edit(text):
        for old, new in pairs:
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        return text

    return edit


def wanted(run: Run):
    return {step.key.order_id: step.totals.document.amount for step in run.plan if isinstance(step, Create)}


def by_order(run: Run):
    return {row["НомерПоДаннымКлиента"]: row for row in run.rows}


RATE = "{map: order.marketplace.country, table: {DE: 19, FR: 20, ES: 21, IT: 22, PL: 23}, otherwise: 0}"


@each_trade
def test_prices_without_vat(preset, tmp_path):
    run = run_preset(
        preset,
        [3],
        tmp_path,
        replaced(
            ("ЦенаВключаетНДС: {const: true}", "ЦенаВключаетНДС: {const: false}"),
            (
                "        Цена: {from: line.unit_price}",
                f"        Цена: {{vat: line.unit_price, rate: {RATE}, give: net}}",
            ),
            ("        Сумма: {from: line.amount}", f"        Сумма: {{vat: line.amount, rate: {RATE}, give: net}}"),
        ),
    )
    orders = wanted(run)
    assert {order_id: number(row["СуммаДокумента"]) for order_id, row in by_order(run).items()} == orders
    lines = [line for row in run.rows for line in row["Товары"]]
    assert any(number(line["СуммаНДС"]) for line in lines)
    for line in lines:
        assert number(line["Сумма"]) + number(line["СуммаНДС"]) == number(line["СуммаСНДС"])
        rounding = number(line["Количество"]) * Decimal("0.01")
        assert abs(number(line["Количество"]) * number(line["Цена"]) - number(line["Сумма"])) <= rounding


@each_trade
def test_new_customers_belong_to_a_partner(preset, tmp_path):
    run = run_preset(
        preset, [7], tmp_path, replaced(("  otherwise: hold\n  create:", "  otherwise: create\n  create:"))
    )
    created = list(run.plan.new_elements().values())
    assert created
    customers = {row["Ref_Key"]: row for row in run.infobase.rows("Catalog_Контрагенты")}
    partners = {row["Ref_Key"]: row for row in run.infobase.rows("Catalog_Партнеры")}
    new = [element for element in created if element.entity_set == "Catalog_Контрагенты"]
    for element in new:
        stored = customers[str(element.ref_key)]
        partner = partners[stored["Партнер_Key"]]
        assert stored["Description"] == partner["Description"] == element.name
        assert (stored["ЮрФизЛицо"], partner["ЮрФизЛицо"], partner["Клиент"]) in {
            ("ФизЛицо", "ЧастноеЛицо", True),
            ("ЮрЛицоНеРезидент", "Компания", True),
        }
    documents = [row for row in run.rows if row["Контрагент_Key"] in {str(element.ref_key) for element in new}]
    assert documents
    assert all(row["Партнер_Key"] == customers[row["Контрагент_Key"]]["Партнер_Key"] for row in documents)


@each_trade
def test_the_contract_of_the_buyer(preset, tmp_path):
    """Buyers with one contract in force get their documents with it; an order of any other is held."""

    def contracts(infobase):
        for number_, customer in enumerate(infobase.rows("Catalog_Контрагенты")):
            for state in ("Действует", "Закрыт", *(["Действует"] if number_ % 10 == 0 else [])):
                infobase.add(
                    "Catalog_ДоговорыКонтрагентов",
                    {"Description": f"{number_}", "Контрагент_Key": customer["Ref_Key"], "Статус": state},
                )

    run = run_preset(
        preset,
        [11],
        tmp_path,
        replaced(
            ("    # contract: {owned", "    contract: {owned"),
            ("      Контрагент_Key: {from: customer}\n",
             "      Контрагент_Key: {from: customer}\n      Договор_Key: {from: customer.contract}\n"),
        ),
        contracts,
    )  # fmt: skip
    in_force = {
        row["Ref_Key"]: row["Контрагент_Key"]
        for row in run.infobase.rows("Catalog_ДоговорыКонтрагентов")
        if row["Статус"] == "Действует"
    }
    assert run.rows
    assert all(in_force[row["Договор_Key"]] == row["Контрагент_Key"] for row in run.rows)
    reasons = [reason for step in run.plan if isinstance(step, Hold) for reason in step.reasons]
    assert any("the customer has no contract" in reason for reason in reasons)


@each_trade
def test_what_stands_in_a_document(preset, run_of):
    run = run_of(preset)
    catalogs = {
        name: {row["Ref_Key"]: row for row in run.infobase.rows(f"Catalog_{name}")}
        for name in ("Валюты", "Склады", "Контрагенты", "Номенклатура", "СоглашенияСКлиентами", "СтавкиНДС")
    }
    letters = {row["Ref_Key"]: row["Description"] for row in run.infobase.rows("Catalog_Валюты")}
    steps = {step.key.order_id: step for step in run.plan if isinstance(step, Create)}
    warehouses = set()
    for order_id, row in by_order(run).items():
        step = steps[order_id]
        assert letters[row["Валюта_Key"]] == step.totals.document.currency
        customer = catalogs["Контрагенты"][row["Контрагент_Key"]]
        assert row["Партнер_Key"] == customer["Партнер_Key"]
        assert customer["Description"] == step.customer
        assert row["ДатаПоДаннымКлиента"] == row["Date"] <= row["ДатаОтгрузки"]
        warehouses.add(catalogs["Склады"][row["Склад_Key"]]["Description"])
        for line in row["Товары"]:
            product = catalogs["Номенклатура"][line["Номенклатура_Key"]]
            assert line["КоличествоУпаковок"] == line["Количество"]
            assert line["Склад_Key"] == row["Склад_Key"]
            assert (line["ВариантОбеспечения"] == "НеТребуется") == (product["ТипНоменклатуры"] == "Услуга")
            vat = number(line["СуммаНДС"])
            name = catalogs["СтавкиНДС"][line["СтавкаНДС_Key"]]["Description"]
            rate = Decimal(name.removesuffix("%") if vat else 0)
            assert abs(vat - number(line["Сумма"]) * rate / (100 + rate)) <= Decimal("0.005")
    assert warehouses == {"Основной склад", "Склад Amazon FBA"}
