"""The presets of УНФ, БП and BAS Бухгалтерія beyond what all presets share: contracts, units, services, VAT rates."""

from __future__ import annotations

import json
import re
from collections import Counter
from contextlib import ExitStack
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

import pytest

from adapter.demo import write_settings
from adapter.mapping.lint import lint
from adapter.mapping.load import load_mapping
from adapter.mapping.presets import preset_path
from adapter.simulators.amazon import SellerAccount
from adapter.simulators.faults import Fault
from adapter.simulators.onec import Infobase, Modes, load_model
from adapter.simulators.onec.fillings import FILLINGS
from adapter.simulators.server import RunningServer, StandIn
from tests.presets.conftest import PRESETS, number, schema_of, shared_folder

OURS = {preset.name: preset for preset in PRESETS if preset.name in {"unf-3.0", "bp-3.0", "bas-accounting"}}
WHOLE = ("unf-3.0", "bp-3.0")  # of BAS there is no model of the whole configuration
VAT_BY_COUNTRY = {
    "AE": 5, "BE": 21, "DE": 19, "ES": 21, "FR": 20, "GB": 20, "IE": 23, "IT": 22, "NL": 21, "PL": 23, "SE": 25,
    "TR": 20,
}  # fmt: skip
BY_COUNTRY = f"{{map: order.marketplace.country, table: {VAT_BY_COUNTRY}}}".replace("'", "")
RATES = {"unf-3.0": BY_COUNTRY, "bp-3.0": "22", "bas-accounting": "20"}
ZERO = "00000000-0000-0000-0000-000000000000"


def whole_model(name):
    """The model of the whole configuration; how posting and sums work is our own model's word."""
    shared = shared_folder()
    path = shared and shared / f"onec/metadata/models/{name}.json"
    if path is None or not path.is_file():
        pytest.skip(f"there is no onec/metadata/models/{name}.json in ../shared or AMAZON1C_SHARED")
    own = {item.entity_set: item for item in load_model(name).objects}
    model = load_model(path)
    objects = tuple(
        replace(item, recalculate=known.recalculate, posting_demands=known.posting_demands)
        if (known := own.get(item.entity_set))
        else item
        for item in model.objects
    )
    return replace(model, objects=objects)


def cents(amount):
    return number(amount).quantize(Decimal("0.01"), ROUND_HALF_UP)


# -------------------- the files


def test_own_models_are_parts_of_the_whole_ones():
    """Names, types, lengths and flags are those of the configuration, and so are its enumerations."""
    for name in WHOLE:
        whole, own = whole_model(name), load_model(name)
        objects = {item.entity_set: item for item in whole.objects}
        for item in own.objects:
            other = objects[item.entity_set]
            assert set(item.attributes) <= {replace(attribute, synonym="") for attribute in other.attributes}
            sections = {section.name: section.attributes for section in other.tabular_sections}
            for section in item.tabular_sections:
                assert set(section.attributes) <= {replace(column, synonym="") for column in sections[section.name]}
            for fact in ("code_length", "description_length", "number_length", "fixed_length", "owners", "predefined"):
                assert getattr(item, fact) == getattr(other, fact)
        assert own.enumerations.items() <= whole.enumerations.items()


NOT_FOR_A_SALE = {
    "БанковскийСчет_Key",  # these two: only where the order is to be paid by the payment calendar
    "Касса_Key",
    "ВариантЗавершения",  # only of a finished order
    "ПричинаОтмены_Key",  # only of a cancelled one
    "ДатаПоступления",  # only of processing on behalf of the customer
    "Лид_Key",  # only of a request, which is not an order yet
    "КодТНВЭД_Key",  # only of a traced product
}


@pytest.mark.parametrize("name", OURS)
def test_writes_all_that_is_mandatory(name):
    model = whole_model(name) if name in WHOLE else load_model(name)
    (rule,) = load_mapping(preset_path(name)).rules.documents.values()
    document = next(item for item in model.objects if item.entity_set == rule.entity_set)
    mandatory = {attribute.name for attribute in document.attributes if attribute.fill_check}
    assert mandatory - NOT_FOR_A_SALE <= set(rule.header)
    for section in document.tabular_sections:
        if section.name in rule.rows:
            mandatory = {attribute.name for attribute in section.attributes if attribute.fill_check}
            assert mandatory - NOT_FOR_A_SALE <= set(rule.rows[section.name].columns)


@pytest.mark.parametrize("name", OURS)
def test_the_variants_in_the_comments_are_right(name, tmp_path):
    head, commented = preset_path(name).read_text(encoding="utf-8").split("# More of this file, if you need it:\n")
    path = tmp_path / "mapping.yaml"
    path.write_text(head + re.sub(r"^# ", "", commented, flags=re.MULTILINE), encoding="utf-8")
    loaded = load_mapping(path)
    assert len(loaded.rules.variants) > 1
    assert lint(loaded, schema_of(name)) == ()


# -------------------- what is in the documents


@pytest.mark.parametrize("name", OURS)
def test_vat_is_that_of_the_rate(run_of, name):
    """To the cent, and the price is the sum of one piece."""
    run = run_of(OURS[name])
    for document in run.rows:
        country = document["Комментарий"].rpartition(", ")[2]
        rate = {"unf-3.0": VAT_BY_COUNTRY[country], "bp-3.0": 22, "bas-accounting": 20}[name]
        collected = run.is_tax_collected(document)
        rate = 0 if collected else rate
        for row in (row for columns in OURS[name].columns for row in document[columns.section]):
            amount = number(row["Сумма"])
            assert number(row["СуммаНДС"]) == cents(amount * rate / (100 + rate))
            assert number(row["Цена"]) == cents(amount / number(row["Количество"]))
            name_of_rate = "БезНДС" if collected else f"НДС{rate}"
            assert row.get("СтавкаНДС", name_of_rate) == name_of_rate
        assert document.get("ДокументБезНДС", collected) is collected


def test_unf_references(run_of):
    run = run_of(OURS["unf-3.0"])

    def keyed(entity_set):
        return {row["Ref_Key"]: row for row in run.infobase.rows(entity_set)}

    products, rates, contracts = map(
        keyed, ("Catalog_Номенклатура", "Catalog_СтавкиНДС", "Catalog_ДоговорыКонтрагентов")
    )
    units = keyed("Catalog_КлассификаторЕдиницИзмерения")
    states = keyed("Catalog_СостоянияЗаказовПокупателей")
    kinds = Counter()
    for document in run.rows:
        country = document["Комментарий"].rpartition(", ")[2]
        contract = contracts[document["Договор_Key"]]
        assert (contract["Owner"], contract["ВидДоговора"]) == (document["Контрагент_Key"], "СПокупателем")
        assert states[document["СостояниеЗаказа"]]["Description"] == "В работе"
        assert document["Комментарий"] == f"Amazon {document['НомерВходящегоДокумента']}, {country}"
        assert document["ДатаОтгрузки"] >= document["ДатаВходящегоДокумента"] == document["Date"][:10] + "T00:00:00"
        for row in document["Запасы"]:
            kind = products[row["Номенклатура"]]["ТипНоменклатуры"]
            kinds[kind] += 1
            assert row["ТипНоменклатурыЗапас"] is (kind == "Запас")
            assert units[row["ЕдиницаИзмерения"]]["PredefinedDataName"] == "шт"
            assert row["КлючСвязи"] == row["LineNumber"]
            rate = rates[row["СтавкаНДС_Key"]]
            if run.is_tax_collected(document):
                assert rate["НеОблагается"]
            else:
                assert (rate["Ставка"], rate["Расчетная"]) == (VAT_BY_COUNTRY[country], False)
    assert kinds["Запас"]
    assert kinds["Услуга"]


@pytest.mark.parametrize("name", ["bp-3.0", "bas-accounting"])
def test_invoices_have_the_contract_of_their_customer_as_a_buyer(run_of, name):
    run = run_of(OURS[name])
    contracts = {row["Ref_Key"]: row for row in run.infobase.rows("Catalog_ДоговорыКонтрагентов")}
    for document in run.rows:
        contract = contracts[document["ДоговорКонтрагента_Key"]]
        assert (contract["Owner_Key"], contract["ВидДоговора"]) == (document["Контрагент_Key"], "СПокупателем")


def test_bas_services_stand_apart_from_goods(run_of):
    run = run_of(OURS["bas-accounting"])
    products = {row["Ref_Key"]: row for row in run.infobase.rows("Catalog_Номенклатура")}
    goods = [products[row["Номенклатура_Key"]] for document in run.rows for row in document["Товары"]]
    assert not any(product["Услуга"] for product in goods)
    services = [row for document in run.rows for row in document["Услуги"]]
    assert services
    for row in services:
        product = products[row["Номенклатура_Key"]]
        assert (product["Услуга"], row["Содержание"]) == (True, product["Description"])


# -------------------- other infobases, other wishes, other days


class Books:
    """An infobase with one of the presets, a seller account, and the command line over both."""

    def __init__(self, name, infobase, onec, config, run):
        self.name, self.infobase, self.onec, self.config, self._run = name, infobase, onec, config, run

    def call(self, *arguments):
        code, out, err = self._run(*arguments, "-c", self.config)
        assert code == 0, err
        return out

    def wanted(self):
        """Order id -> what the dry run says that its document shall be worth."""
        steps = json.loads(self.call("plan", "--json"))["steps"]
        return {step["order_id"]: Decimal(step["total"]["amount"]) for step in steps if step["verb"] == "create"}

    @property
    def rule(self):
        (rule,) = load_mapping(preset_path(self.name)).rules.documents.values()
        return rule

    @property
    def documents(self):
        """Order id -> document; no order has two."""
        rows = self.infobase.rows(self.rule.entity_set)
        ids = [re.search(r"\d{3}-\d{7}-\d{7}", row[self.rule.order_id])[0] for row in rows]
        assert max(Counter(ids).values(), default=1) == 1
        return dict(zip(ids, rows, strict=True))

    @property
    def sums(self):
        """Order id -> what the infobase says that its document is worth."""
        return {order_id: number(row["СуммаДокумента"]) for order_id, row in self.documents.items()}


@pytest.fixture
def open_books(tmp_path, amazon1c):
    with ExitStack() as stack:

        def open_books(name, orders, model=None, edits=(), **modes):
            infobase = Infobase(model or load_model(name), modes=Modes(**modes))
            FILLINGS[name](infobase)
            onec = StandIn(infobase)
            addresses = [
                stack.enter_context(RunningServer(stand_in)).address
                for stand_in in (StandIn(SellerAccount(orders, seed=7)), onec)
            ]
            config = write_settings(tmp_path, addresses[0], addresses[1] + infobase.publication)
            text = preset_path(name).read_text(encoding="utf-8")
            for old, new in edits:
                assert old in text
                text = text.replace(old, new)
            (tmp_path / "mapping.yaml").write_text(text, encoding="utf-8")
            return Books(name, infobase, onec, config, amazon1c)

        yield open_books


@pytest.mark.parametrize("name", WHOLE)
def test_orders_in_the_whole_configuration(open_books, name):
    books = open_books(name, 60, whole_model(name))
    wanted = books.wanted()
    books.call("sync")
    assert len(wanted) > 40
    assert books.sums == wanted
    assert all(row["Posted"] for row in books.documents.values())


@pytest.mark.parametrize("name", OURS)
def test_vat_on_top(open_books, name):
    """As the end of each preset describes it: the document is worth the same, whatever is rounded."""
    edits = [
        ("СуммаВключаетНДС: {const: true}", "СуммаВключаетНДС: {const: false}"),
        ("Цена: {from: line.unit_price}", f"Цена: {{vat: line.unit_price, rate: {RATES[name]}, give: net}}"),
        ("Сумма: {from: line.amount}", f"Сумма: {{vat: line.amount, rate: {RATES[name]}, give: net}}"),
    ]
    if name != "unf-3.0":
        edits.append((", property: Сумма}", ", property: [Сумма, СуммаНДС]}"))
    books = open_books(name, 70, edits=edits)
    wanted = books.wanted()
    books.call("sync")
    assert len(wanted) > 40
    assert books.sums == wanted
    rows = [
        row for document in books.documents.values() for part in OURS[name].columns for row in document[part.section]
    ]
    assert any(row["СуммаНДС"] for row in rows)
    if name == "unf-3.0":
        assert all(cents(row["Сумма"] + row["СуммаНДС"]) == number(row["Всего"]) for row in rows)


def test_a_customer_without_a_contract(open_books):
    """УНФ takes its default contract, so nothing is sent and nothing is held."""
    books = open_books("unf-3.0", 20)
    for contract in books.infobase.rows("Catalog_ДоговорыКонтрагентов"):
        books.infobase.edit("Catalog_ДоговорыКонтрагентов", contract["Ref_Key"], {"DeletionMark": True})
    wanted = books.wanted()
    books.call("sync")
    assert books.sums == wanted
    assert {row["Договор_Key"] for row in books.documents.values()} == {ZERO}


def test_new_customers_and_products(open_books):
    """With create, everything that the configuration demands of a new element is written."""
    books = open_books("unf-3.0", 70, edits=[("  otherwise: hold\n", "  otherwise: create\n")])
    wanted = books.wanted()
    books.call("sync")
    assert books.sums == wanted
    assert len(wanted) > 50
    unit, category = (
        next(row["Ref_Key"] for row in books.infobase.rows(entity_set) if row["PredefinedDataName"] == name)
        for entity_set, name in (
            ("Catalog_КлассификаторЕдиницИзмерения", "шт"),
            ("Catalog_КатегорииНоменклатуры", "БезКатегории"),
        )
    )
    products = [row for row in books.infobase.rows("Catalog_Номенклатура") if row["Артикул"].lower().startswith("new")]
    assert products
    for row in products:
        assert (row["ТипНоменклатуры"], row["ЕдиницаИзмерения_Key"]) == ("Запас", unit)
        assert (row["КатегорияНоменклатуры_Key"], row["НаименованиеПолное"]) == (category, row["Description"])


@pytest.mark.parametrize(
    ("name", "replaces_key"),
    [
        # As УНФ does where ОснованиеПечати has its default text, which the preset does not leave to it.
        ("unf-3.0", True),
        ("unf-3.0", False),
        ("bp-3.0", False),  # found again within the comment, which cannot be compared
    ],
)
def test_lost_answers_make_no_second_document(open_books, name, replaces_key):
    """Answers of the infobase get lost after the documents were written: the order ids find them again."""
    books = open_books(name, 40, replaces_key=replaces_key)
    if replaces_key:
        books.call("probe")
    settings = books.config.read_text(encoding="utf-8")
    settings = settings.replace("  user: odata", "  user: odata\n  quarantine_seconds: 0")
    books.config.write_text(settings, encoding="utf-8")
    wanted = books.wanted()
    fault = Fault("lost", "POST", books.rule.entity_set, times=0, probability=0.3, after_commit=True)
    books.onec.faults.add(fault)
    for _ in range(4):
        books.call("sync")
    books.onec.faults.clear()
    books.call("sync")
    assert books.sums == wanted
    assert all(row["Posted"] for row in books.documents.values())
