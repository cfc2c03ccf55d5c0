"""Customers who are created: with their partner, their contacts and their tax number, each once."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from adapter.planning.plan import Create
from adapter.simulators.amazon import SellerAccount
from adapter.simulators.server import StandIn
from adapter.sync import Sync
from tests.presets.conftest import PRESETS, open_run

UT = next(preset for preset in PRESETS if preset.name == "ut-11.5")
CUSTOMERS, PARTNERS = "Catalog_Контрагенты", "Catalog_Партнеры"


def creating(text: str) -> str:
    """The preset, with customers created and their contacts written."""
    text = text.replace("  otherwise: hold\n  create:\n    Desc", "  otherwise: create\n  create:\n    Desc")
    start = text.index("  # create_rows:")
    end = text.index("  # Partner and legal entity are two")
    return text[:start] + re.sub(r"(?m)^  # ", "  ", text[start:end]) + text[end:]


@pytest.fixture
def shop(tmp_path):
    """A shop in which strangers buy: makes a run, and orders out of one that the seller account has made up."""
    run = open_run(UT, [3], tmp_path, orders=0, edit=creating)
    made = SellerAccount(134, seed=3)
    known = {row["Description"] for row in run.infobase.rows(CUSTOMERS)}
    template = next(
        order
        for order in map(made.order, made.order_ids())
        if order["buyer"].get("buyerEmail")
        and order["fulfillment"]["fulfillmentStatus"] == "UNSHIPPED"
        and all(not item["product"]["sellerSku"].lower().startswith("new") for item in order["orderItems"])
    )

    def order(number, name, email, phone, postal_code, **buyer):
        address = template["recipient"]["deliveryAddress"]
        # Within what is read again in any case, so that every run sees it.
        updated = datetime.now(UTC) - timedelta(seconds=125)
        return {
            **template,
            "lastUpdatedTime": updated.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "orderId": f"302-9000000-{number:07}",
            "buyer": {"buyerName": name, "buyerEmail": email, **buyer},
            "recipient": {"deliveryAddress": {**address, "name": name, "phone": phone, "postalCode": postal_code}},
        }

    run.order = order
    assert "Nadine Unbekannt" not in known
    return run


def sell(run, *orders):
    """A run with these orders more."""
    run.amazon["amazon3.test"] = StandIn(SellerAccount(list(orders)))
    with run.parts() as parts:
        return Sync(parts).run(accept_unusual=True)


def created(run, entity_set, name):
    return [row for row in run.infobase.rows(entity_set) if row["Description"] == name]


NADINE = ("Nadine Unbekannt", "n1@marketplace.amazon.example", "+49 170 5550101", "12681")
NAMESAKE = ("Nadine Unbekannt", "n2@marketplace.amazon.example", "+49 171 7770202", "80331")


def test_partner_and_legal_entity_are_created_together(shop):
    report = sell(shop, shop.order(1, *NADINE))
    assert report.outcome.counts == {"create": 1}
    (customer,), (partner,) = (created(shop, entity_set, NADINE[0]) for entity_set in (CUSTOMERS, PARTNERS))
    assert customer["Партнер_Key"] == partner["Ref_Key"]
    assert (customer["ЮрФизЛицо"], partner["ЮрФизЛицо"], partner["Клиент"]) == ("ФизЛицо", "ЧастноеЛицо", True)
    phone, email, address = customer["КонтактнаяИнформация"]
    assert (phone["НомерТелефона"], email["АдресЭП"]) == (NADINE[2], NADINE[1])
    assert address["Представление"].startswith(f"12681, {address['Город']}, ")
    assert [row["Тип"] for row in (phone, email, address)] == ["Телефон", "АдресЭлектроннойПочты", "Адрес"]
    (document,) = shop.rows
    assert (document["Контрагент_Key"], document["Партнер_Key"]) == (customer["Ref_Key"], partner["Ref_Key"])


def test_the_next_order_of_a_new_customer_finds_it(shop):
    sell(shop, shop.order(1, *NADINE))
    sell(shop, shop.order(1, *NADINE), shop.order(2, *NADINE))
    assert len(created(shop, CUSTOMERS, NADINE[0])) == 1
    assert len({row["Контрагент_Key"] for row in shop.rows}) == 1 < len(shop.rows) == 2


def test_a_namesake_is_never_put_on_the_customer_of_another_buyer(shop):
    """Neither in the plan that creates the first, nor later: nothing but the name is the same."""
    report = sell(shop, shop.order(1, *NADINE), shop.order(2, *NAMESAKE))
    assert report.outcome.counts["create"] == 1
    sell(shop, shop.order(1, *NADINE), shop.order(2, *NAMESAKE))
    assert len(shop.rows) == 1
    (held,) = shop.ledger.entries.of_order("302-9000000-0000002")
    assert "Choose one: amazon1c held choose-customer 302-9000000-0000002" in held.reasons[0]


def test_a_customer_whom_a_person_enters_meanwhile_is_taken(shop):
    """After the copies were read, and before the customer is created."""
    with shop.parts() as parts:
        Sync(parts).run()
        partner = shop.infobase.add(PARTNERS, {"Description": NADINE[0], "Клиент": True})["Ref_Key"]
        phone = {"Тип": "Телефон", "НомерТелефона": NADINE[2]}
        values = {"Description": "UNBEKANNT Nadine", "Партнер_Key": partner, "КонтактнаяИнформация": [phone]}
        key = shop.infobase.add(CUSTOMERS, values | {"Description": "nadine UNBEKANNT"})["Ref_Key"]
    shop.amazon["amazon3.test"] = StandIn(SellerAccount([shop.order(1, *NADINE)]))
    with shop.parts() as parts:
        # The copies serve still, but are no longer of this moment.
        later = replace(parts, now=lambda: datetime.now(UTC) + timedelta(minutes=5))
        assert Sync(later).run().outcome.counts == {"create": 1}
    (document,) = shop.rows
    assert (document["Контрагент_Key"], document["Партнер_Key"]) == (key, partner)


@pytest.mark.parametrize(("number", "inn", "foreign"), [("7707083893", "7707083893", ""), ("7707083894", "", ""),
                                                       ("DE136695976", "", "DE136695976")])  # fmt: skip
def test_a_tax_number_only_if_it_is_right(shop, number, inn, foreign):
    order = shop.order(1, "Ansprechpartner Egal", *NADINE[1:], buyerCompanyName="Unbekannte Waren GmbH")
    registration = {"entityType": "BUYER", "taxRegistrationType": "VAT", "taxRegistrationNumber": number}
    sell(shop, {**order, "tax": {"taxRegistrations": [registration]}})
    (customer,) = created(shop, CUSTOMERS, "Unbekannte Waren GmbH")
    assert (customer["ИНН"], customer["НалоговыйНомер"], customer["ЮрФизЛицо"]) == (inn, foreign, "ЮрЛицоНеРезидент")


def test_a_dry_run_shows_what_would_be_created(shop):
    shop.amazon["amazon3.test"] = StandIn(SellerAccount([shop.order(1, *NADINE)]))
    with shop.parts() as parts:
        plan, _ = Sync(parts).plan()
    (step,) = plan
    assert isinstance(step, Create)
    assert [element.entity_set for element in step.new_elements] == [PARTNERS, CUSTOMERS]
    assert created(shop, CUSTOMERS, NADINE[0]) == []
