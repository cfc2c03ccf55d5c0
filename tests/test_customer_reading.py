"""Customers as the mapping has them read, against stand-ins of the configurations."""

from __future__ import annotations

from urllib.parse import unquote

import pytest

from adapter.customer_reading import CustomerReader, Sought
from adapter.http import HttpClient
from adapter.mapping.load import load_mapping
from adapter.mapping.presets import preset_path
from adapter.model.catalog import Customer, Evidence, Kind
from adapter.onec.client import InfobaseClient
from adapter.onec.query import LONGEST_LINE
from adapter.simulators.onec import Infobase, Modes, load_model
from adapter.simulators.server import StandIn
from tests.presets.conftest import schema_of


class Desk:
    """An infobase of a configuration, and a reader for its preset."""

    def __init__(self, name, transport_to, text=None, folder=None):
        self.infobase = Infobase(load_model(name), modes=Modes(longest_line=LONGEST_LINE))
        self.stand_in = StandIn(self.infobase)
        http = HttpClient("http://1c.test", transport=transport_to(self.stand_in))
        self.client = InfobaseClient(http, f"http://1c.test{self.infobase.publication}", "odata", "odata")
        path = preset_path(name)
        if text is not None:
            path = folder / "mapping.yaml"
            path.write_text(text, encoding="utf-8")
        self.reader = CustomerReader(load_mapping(path).rules, schema_of(name))

    def read(self):
        return sorted(self.reader.read(self.client), key=lambda customer: customer.name)

    @property
    def asked(self):
        return [unquote(entry.target) for entry in self.stand_in.log]


@pytest.fixture
def desk(transport_to, tmp_path):
    def desk(name, *changes):
        text = preset_path(name).read_text(encoding="utf-8")
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new)
        return Desk(name, transport_to, text if changes else None, tmp_path)

    return desk


PHONE = {"Тип": "Телефон", "Представление": "+7 495 123-45-67", "НомерТелефона": "74951234567"}
MAIL = {"Тип": "АдресЭлектроннойПочты", "Представление": "a@example.org", "АдресЭП": "a@example.org"}
PLACE = {"Тип": "Адрес", "Представление": "101000, Москва г, Тверская ул, дом 1", "Город": "Москва"}


def _add_legal_entity(infobase, partner_rows=()):
    partner = infobase.add("Catalog_Партнеры", {"Description": "Ромашка", "КонтактнаяИнформация": list(partner_rows)})
    values = {
        "Description": "Ромашка ООО",
        "НаименованиеПолное": 'ООО "Ромашка"',
        "ЮрФизЛицо": "ЮрЛицо",
        "ИНН": "7707083893",
        "Партнер_Key": partner["Ref_Key"],
        "КонтактнаяИнформация": [PHONE, MAIL, PLACE],
    }
    return infobase.add("Catalog_Контрагенты", values)["Ref_Key"], partner["Ref_Key"]


def test_contacts_of_a_tabular_section(desk):
    made = desk("ut-11.5")
    key, partner = _add_legal_entity(made.infobase)
    retail, found = made.read()
    assert (str(found.ref_key), retail) == (key, Customer(retail.ref_key, "Розничный покупатель"))
    assert found.evidence == Evidence(
        emails=("a@example.org",),
        phones=("74951234567",),
        tax_ids=("7707083893",),
        postal_codes=("101000",),
        city="Москва",
    )
    assert (found.full_name, found.kind, found.further) == ('ООО "Ромашка"', Kind.COMPANY, {"partner": partner})


def test_only_what_is_needed_is_asked_for(desk):
    made = desk("ut-11.5")
    _add_legal_entity(made.infobase)
    made.read()
    assert "КонтактнаяИнформация/НомерТелефона" in made.asked[0]
    assert not any("Значение" in line or "ЗначенияПолей" in line for line in made.asked)
    assert max(len(f"GET {entry.target} HTTP/1.1") for entry in made.stand_in.log) <= LONGEST_LINE


def test_contacts_of_the_partner_are_the_legal_entitys_too(desk):
    phone = '    phone: {section: КонтактнаяИнформация, value: НомерТелефона, where: {Тип: "Телефон"}}\n'
    partners = phone.replace("    phone: {", "      - {through: Партнер_Key, ")
    both = phone.replace("phone: {", "phone:\n      - {") + partners
    made = desk("ut-11.5", (phone, both))
    key, _ = _add_legal_entity(made.infobase, [PHONE | {"НомерТелефона": "5550100"}])
    (found,) = [each for each in made.read() if str(each.ref_key) == key]
    assert found.evidence.phones == ("74951234567", "5550100")
    (again,) = made.reader.with_keys(made.client, [key])
    assert again == found


def test_contacts_of_owned_elements(desk):
    made = desk("accounting-suite")
    customer = made.infobase.add("Catalog_Companies", {"Code": "1", "Description": "ACME Inc"})["Ref_Key"]
    for code, flag, phone in (("1", "DefaultShipping", "555-0100"), ("2", "DefaultBilling", "555-0101")):
        values = {"Code": code, "Owner_Key": customer, flag: True, "Phone": phone, "ZIP": "97201", "City": "Portland"}
        made.infobase.add("Catalog_Addresses", values)
    (found,) = made.read()
    assert found.evidence == Evidence(phones=("555-0100", "555-0101"), postal_codes=("97201",), city="Portland")
    assert set(found.further) == {"ship_to", "bill_to"}
    assert made.reader.with_keys(made.client, [customer]) == [found]


def test_somebody_who_was_entered_a_moment_ago_is_found(desk):
    """By name in any case, by tax number, and by an address in the tabular section."""
    made = desk("ut-11.5")
    key, _ = _add_legal_entity(made.infobase)
    for sought in (
        Sought(names=frozenset({"РОМАШКА ооо", "Никто"})),
        Sought(tax_ids=frozenset({"7707083893"})),
        Sought(emails=frozenset({"a@example.org"})),
    ):
        assert [str(found.ref_key) for found in made.reader.seek(made.client, sought)] == [key], sought
    assert made.reader.seek(made.client, Sought(names=frozenset({"Никто"}))) == []
