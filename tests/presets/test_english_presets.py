"""The presets of Small Business, 1C:Drive and AccountingSuite: what they write that is particular to each."""

from __future__ import annotations

import json
from contextlib import ExitStack
from decimal import ROUND_HALF_UP, Decimal

import pytest

from adapter.demo import write_settings
from adapter.mapping.load import load_mapping
from adapter.mapping.presets import preset_path
from adapter.simulators.amazon import SellerAccount
from adapter.simulators.onec import Infobase, load_model
from adapter.simulators.onec.fillings import FILLINGS
from adapter.simulators.server import RunningServer, StandIn
from tests.presets.conftest import number

ORDER_SETS = {
    "small-business": "Document_CustomerOrder",
    "drive": "Document_SalesOrder",
    "accounting-suite": "Document_SalesOrder",
}
RATES = (
    "{map: order.marketplace.country, table: "
    "{AE: 5, BE: 21, DE: 19, ES: 21, FR: 20, GB: 20, IE: 23, IT: 22, NL: 21, PL: 23, SE: 25, TR: 20}}"
)
ON_TOP = [
    ("AmountIncludesVAT: {const: true}", "AmountIncludesVAT: {const: false}"),
    ("Price: {from: line.unit_price}", f"Price: {{vat: line.unit_price, rate: {RATES}, give: net}}"),
    ("Amount: {from: line.amount}", f"Amount: {{vat: line.amount, rate: {RATES}, give: net}}"),
]
"""What the end of both presets says about VAT on top of the amounts."""


class Books:
    """An infobase with one of the presets, a seller account, and the command line over both."""

    def __init__(self, name, infobase, config, run):
        self.name, self.infobase, self.config, self._run = name, infobase, config, run

    def json(self, *arguments):
        code, out, err = self._run(*arguments, "-c", self.config, "--json")
        assert code == 0, err
        return json.loads(out)

    def wanted(self):
        """Order id -> what the dry run says that its document shall be worth."""
        steps = self.json("plan")["steps"]
        return {step["order_id"]: Decimal(step["total"]["amount"]) for step in steps if step["verb"] == "create"}

    @property
    def documents(self):
        return self.infobase.rows(ORDER_SETS[self.name])

    def element(self, entity_set, key):
        return self.infobase.row(entity_set, key)

    def reasons(self):
        return [reason for entry in self.json("held") for reason in entry["reasons"]]


@pytest.fixture
def open_books(tmp_path, amazon1c):
    with ExitStack() as stack:

        def open_books(name, orders, edits=(), region="EU"):
            infobase = Infobase(load_model(name))
            FILLINGS[name](infobase)
            account = StandIn(SellerAccount(orders, seed=5, region=region))
            addresses = [stack.enter_context(RunningServer(each)).address for each in (account, StandIn(infobase))]
            config = write_settings(tmp_path, addresses[0], addresses[1] + infobase.publication)
            config.write_text(config.read_text(encoding="utf-8").replace("region: EU", f"region: {region}"))
            text = preset_path(name).read_text(encoding="utf-8")
            for old, new in edits:
                assert old in text
                text = text.replace(old, new)
            (tmp_path / "mapping.yaml").write_text(text, encoding="utf-8")
            return Books(name, infobase, config, amazon1c)

        yield open_books


@pytest.mark.parametrize("name", ["small-business", "drive"])
def test_an_order_of_the_same_program_in_two_generations(open_books, name):
    books = open_books(name, 30)
    wanted = books.wanted()
    assert books.json("sync")["counts"]["create"] == len(wanted) == len(books.documents) > 15
    kinds = set()
    for document in books.documents:
        contract = books.element("Catalog_CounterpartyContracts", document["Contract_Key"])
        assert contract["Owner_Key"] == document["Counterparty_Key"]
        currency = books.element("Catalog_Currencies", document["DocumentCurrency_Key"])
        assert (currency["Description"] == "EUR") == (document["ExchangeRate"] == 1)
        assert document["Multiplicity"] == 1
        for row in document["Inventory"]:
            rate = books.element("Catalog_VATRates", row["VATRate_Key"])
            assert not rate["Calculated"]
            due = number(row["Amount"]) * rate["Rate"] / (100 + rate["Rate"])
            assert abs(number(row["VATAmount"]) - due) <= Decimal("0.005")
            assert row["ShipmentDate"] == document["ShipmentDate"] != "0001-01-01T00:00:00"
            assert books.element("Catalog_UOMClassifier", row["MeasurementUnit"])["PredefinedDataName"] == "pcs"
            kinds.add(row["ProductsTypeInventory" if name == "drive" else "ProductsAndServicesTypeInventory"])
    assert kinds == {True, False}
    if name == "small-business":
        assert {document["IncomingDocumentNumber"] for document in books.documents} == set(wanted)
    assert {document["Comment"].split(",")[0] for document in books.documents} == {f"Amazon {key}" for key in wanted}


@pytest.mark.parametrize("name", ["small-business", "drive"])
def test_vat_on_top_leaves_the_sum_as_it_is(open_books, name):
    books = open_books(name, 30, ON_TOP)
    wanted = books.wanted()
    books.json("sync")
    assert sorted(number(document["DocumentAmount"]) for document in books.documents) == sorted(wanted.values())
    for document in books.documents:
        for row in document["Inventory"]:
            assert number(row["Amount"]) + number(row["VATAmount"]) == number(row["Total"])
    assert all(document["Posted"] for document in books.documents)


@pytest.mark.parametrize("name", ["small-business", "drive"])
def test_a_customer_without_a_contract(open_books, name):
    books = open_books(name, 10)
    for customer in books.infobase.rows("Catalog_Counterparties"):
        books.infobase.edit("Catalog_Counterparties", customer["Ref_Key"], {"ContractByDefault_Key": EMPTY})
    books.json("sync")
    assert books.documents == []
    assert any("contract" in reason for reason in books.reasons())


EMPTY = "00000000-0000-0000-0000-000000000000"


@pytest.mark.parametrize("region", ["NA", "EU"])
def test_accounting_suite(open_books, region):
    books = open_books("accounting-suite", 60, region=region)
    wanted = books.wanted()
    assert books.json("sync")["counts"]["create"] == len(wanted) == len(books.documents) > 15
    line_ids = [row["LineID"] for document in books.documents for row in document["LineItems"]]
    assert EMPTY not in line_ids
    assert len(set(line_ids)) == len(line_ids)
    for document in books.documents:
        assert document["Posted"]
        assert document["Number"] == document["RefNum"]
        total = sum(number(row["LineTotal"]) for row in document["LineItems"])
        assert total == wanted[document["RefNum"]]
        assert {number(document[name]) for name in ("LineSubtotal", "SubTotal", "DocumentTotal")} == {total}
        in_dollars = (total * number(document["ExchangeRate"])).quantize(Decimal("0.01"), ROUND_HALF_UP)
        assert number(document["DocumentTotalRC"]) == in_dollars
        for reference, flag in (("ShipTo_Key", "DefaultShipping"), ("BillTo_Key", "DefaultBilling")):
            address = books.element("Catalog_Addresses", document[reference])
            assert (address["Owner_Key"], address[flag]) == (document["Company_Key"], True)
        for row in document["LineItems"]:
            assert row["QtyUnits"] == row["QtyUM"] > 0
            assert row["Location_Key"] == document["Location_Key"]
            unit = books.element("Catalog_Units", row["Unit_Key"])
            assert unit["Owner_Key"] == row["UnitSet_Key"]
    assert any(document["ExchangeRate"] == 1 for document in books.documents) == (region == "NA")


def test_a_customer_without_an_address(open_books):
    books = open_books("accounting-suite", 10, region="NA")
    for address in books.infobase.rows("Catalog_Addresses"):
        books.infobase.edit("Catalog_Addresses", address["Ref_Key"], {"DefaultShipping": False})
    books.json("sync")
    assert books.documents == []
    assert any("ship_to" in reason for reason in books.reasons())


@pytest.mark.parametrize("name", ORDER_SETS)
def test_nothing_of_the_shop_is_too_long(name):
    """The lengths that the preset knows are the stand-in's."""
    model = {item.entity_set: item for item in load_model(name).objects}
    for entity_set, lengths in load_mapping(preset_path(name)).rules.lengths.items():
        item = model[entity_set]
        known = {attribute.name: attribute.max_length for attribute in item.attributes}
        known |= {"Description": item.description_length, "Code": item.code_length, "Number": item.number_length}
        for section in item.tabular_sections:
            known |= {f"{section.name}.{attribute.name}": attribute.max_length for attribute in section.attributes}
        assert {prop: known[prop] for prop in lengths} == dict(lengths)
