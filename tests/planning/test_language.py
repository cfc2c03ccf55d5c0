"""What a mapping says about values becomes a document: VAT, properties of matched elements, lengths, tables."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.mapping.load import load_mapping
from adapter.mapping.presets import preset_path
from adapter.mapping.sources import RateTable, Vat
from adapter.mapping.uses import all_lookups
from adapter.matching.customers import CustomerIndex
from adapter.matching.products import ProductIndex
from adapter.model.catalog import Customer, Product
from adapter.model.money import Money
from adapter.model.order import Buyer, Charge, ChargeKind, Marketplace, Order, OrderLine
from adapter.planning.books import Books, Identity
from adapter.planning.build import Candidate, build_plan
from adapter.planning.inputs import Inputs
from adapter.planning.paths import RowValues
from adapter.planning.plan import Create, Hold
from adapter.planning.values import Context, reference_key

ALICE, SOAP, SHIPPING, PARTNER, PIECE = (UUID(int=number) for number in range(1, 6))
AT = datetime(2026, 5, 1, 10, tzinfo=UTC)
HEADER = "      Customer_Key: {from: customer}\n"
COLUMN = "        Quantity: {from: line.quantity}\n"
READ_CUSTOMER, READ_PRODUCT = "read: {name: Description}", "read: {sku: sku, name: Description}"
LENGTHS = "infobase:\n"


def money(amount: str, currency: str = "EUR") -> Money:
    return Money(Decimal(amount), currency)


ORDER = Order(
    order_id="302-1234567-1234567",
    account="main",
    seller_id="SELLER",
    status="UNSHIPPED",
    purchased_at=AT,
    updated_at=AT,
    lines=(
        OrderLine("1", 3, "SOAP", title="Soap", charges=(Charge(ChargeKind.GOODS, money("10.00")),)),
        OrderLine("2", 1, "SOAP", title="Soap", charges=(Charge(ChargeKind.SHIPPING, money("4.90")),)),
    ),
    total=money("14.90"),
    marketplace=Marketplace("A1PA6795UKMFR9", "Amazon.de", "DE"),
    buyer=Buyer(name="Alice Smith"),
)


@pytest.fixture
def rules(tmp_path):
    """The training preset with some texts replaced."""

    def rules(*replacements):
        text = preset_path("training").read_text(encoding="utf-8")
        for old, new in replacements:
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        path = tmp_path / "mapping.yaml"
        path.write_text(text, encoding="utf-8")
        return load_mapping(path).rules

    return rules


def plan(rules, order=ORDER, customer=None, product=None, created=None):
    """The step for an order; every lookup of the mapping finds the shipping product, whose unit is PIECE."""
    references = {reference_key(lookup): SHIPPING for _, lookup in all_lookups(rules)}
    books = Books(
        CustomerIndex([Customer(ALICE, "Alice Smith", customer or {})]),
        ProductIndex(
            [Product(SOAP, "SOAP", "Soap", product or {}), Product(SHIPPING, "S", "Shipping", {"unit": str(PIECE)})]
        ),
        references,
        created or {},
    )
    inputs = Inputs(rules, "v", books, Identity("test", "books"))
    (step,) = build_plan([Candidate("main", order.order_id, "hash", order)], {}, inputs)
    return step


def held(step) -> str:
    """The first reason; a reason for every row may follow."""
    assert isinstance(step, Hold), step
    return step.reasons[0]


# -------------------- VAT


def vat(amount, source, currency="EUR", country="DE"):
    order = replace(ORDER, total=money("1", currency), marketplace=Marketplace(country=country))
    zero = Decimal(0)
    row = RowValues(1, SOAP, Decimal(1), Decimal(amount), Decimal(amount), zero, zero)
    return Context(order, {}, None, row=row).value(Vat.model_validate({"vat": "line.amount", **source}))


@pytest.mark.parametrize(
    ("amount", "source", "currency", "value"),
    [
        ("119.00", {"rate": 19}, "EUR", "19.00"),
        ("119.00", {"rate": 19, "give": "net"}, "EUR", "100.00"),
        ("119.00", {"rate": 19, "give": "gross"}, "EUR", "119.00"),
        ("100.00", {"rate": 19, "included": False}, "EUR", "19.00"),
        ("100.00", {"rate": 19, "included": False, "give": "net"}, "EUR", "100.00"),
        ("100.00", {"rate": 19, "included": False, "give": "gross"}, "EUR", "119.00"),
        ("0.30", {"rate": Decimal("5.5"), "included": False}, "EUR", "0.02"),
        ("0.10", {"rate": 5, "included": False}, "EUR", "0.01"),  # half up
        ("1000", {"rate": 10}, "JPY", "91"),
        ("1.000", {"rate": 15}, "KWD", "0.130"),
        ("9.99", {"rate": 0, "give": "net"}, "EUR", "9.99"),
    ],
)
def test_vat(amount, source, currency, value):
    assert str(vat(amount, source, currency)) == value


TABLE = {"map": "order.marketplace.country", "table": {"DE": 19, "FR": 20}}


@given(
    cents=st.integers(0, 10**9),
    rate=st.decimals(0, 100, places=2),
    included=st.booleans(),
    currency=st.sampled_from(["EUR", "JPY", "KWD"]),
)
def test_net_and_vat_are_gross(cents, rate, included, currency):
    amount = Decimal(cents).scaleb({"EUR": -2, "JPY": 0, "KWD": -3}[currency])
    parts = [vat(amount, {"rate": rate, "included": included, "give": give}, currency) for give in ("net", "vat")]
    gross = vat(amount, {"rate": rate, "included": included, "give": "gross"}, currency)
    assert sum(parts) == gross
    assert amount == (gross if included else parts[0])


def test_rate_by_a_table(rules):
    assert vat("119.00", {"rate": TABLE}) == Decimal("19.00")
    assert vat("119.00", {"rate": TABLE, "give": "net"}, country="FR") == Decimal("99.17")
    assert vat("119.00", {"rate": {**TABLE, "otherwise": 0}}, country="IT") == 0
    wanted = rules((COLUMN, COLUMN + "        Vat: {vat: line.amount, rate: {map: order.currency, table: {USD: 5}}}\n"))
    assert isinstance(wanted.documents["sales_order"].rows["Products"].columns["Vat"].rate, RateTable)
    assert held(plan(wanted)) == 'Vat: the mapping has no VAT rate for "EUR" in its table of order.currency; add one'


# -------------------- properties of what is matched

MORE = (READ_CUSTOMER, "read: {name: Description, partner: Partner_Key}")
UNIT = (READ_PRODUCT, "read: {sku: sku, name: Description, unit: Unit_Key}")
PARTNERS = (HEADER, HEADER + "      Partner_Key: {from: customer.partner}\n")
UNITS = (COLUMN, COLUMN + "        Unit_Key: {from: product.unit}\n")


def test_properties_of_customer_and_products(rules):
    step = plan(rules(MORE, UNIT, PARTNERS, UNITS), customer={"partner": str(PARTNER)}, product={"unit": str(PIECE)})
    assert isinstance(step, Create)
    assert step.document.properties["Partner_Key"] == str(PARTNER)
    assert [row["Unit_Key"] for row in step.document.sections["Products"]] == [str(PIECE)] * 3


def test_a_property_that_1c_lacks_holds(rules):
    assert held(plan(rules(MORE, PARTNERS))) == (
        "Partner_Key: the customer has no partner in 1C; enter it there, or give {from: customer.partner} a default or "
        "optional: true in the mapping"
    )
    assert held(plan(rules(UNIT, UNITS))).startswith("Unit_Key: the product of row 1 has no unit in 1C; enter it there")


@pytest.mark.parametrize(
    ("source", "given"),
    [
        ('default: "x"', {"Partner_Key": "x"}),
        ("default: {lookup: Catalog_Customers, where: {Description: Nobody}}", {"Partner_Key": str(SHIPPING)}),
        ("optional: true", {}),
    ],
    ids=["constant", "lookup", "left out"],
)
def test_what_stands_in_for_it(rules, source, given):
    wanted = rules(MORE, (HEADER, HEADER + f"      Partner_Key: {{from: customer.partner, {source}}}\n"))
    step = plan(wanted)
    assert isinstance(step, Create)
    assert {name: value for name, value in step.document.properties.items() if name == "Partner_Key"} == given


CREATE = (
    "  otherwise: hold\n  create:\n    Description: {from: buyer.company_or_name}\n",
    "  otherwise: create\n  create:\n    Description: {from: buyer.company_or_name}\n    Partner_Key: "
    '{const: "00000000-0000-0000-0000-00000000000a"}\n',
)


def test_a_new_customer_has_what_the_mapping_gives(rules):
    new = replace(ORDER, buyer=Buyer(name="Bob Brown", company="Brown Ltd"))
    step = plan(rules(MORE, PARTNERS, CREATE), new)
    assert isinstance(step, Create)
    assert step.document.properties["Partner_Key"] == str(UUID(int=10))
    assert step.new_elements[0].properties["Description"] == "Brown Ltd"


def test_a_customer_just_created_is_not_held_until_the_catalog_is_read_again(rules):
    wanted = rules(MORE, PARTNERS, CREATE)
    created = {("Catalog_Customers", "alice smith"): ALICE}
    step = plan(wanted, customer={"name": "Alice Smith"}, created=created)
    assert isinstance(step, Create)
    assert step.document.properties["Partner_Key"] == str(UUID(int=10))
    assert isinstance(plan(wanted, customer={"name": "Alice Smith"}), Hold)


def test_a_table_by_a_property_of_the_product(rules):
    wanted = rules(
        (READ_PRODUCT, "read: {sku: sku, name: Description, kind: Kind}"),
        (
            COLUMN,
            COLUMN + "        Service: {map: product.kind, table: {Work: true}, absent: true, otherwise: false}\n",
        ),
    )
    step = plan(wanted, product={"kind": "Goods"})
    assert isinstance(step, Create)
    assert [row["Service"] for row in step.document.sections["Products"]] == [False, False, True]


# -------------------- lengths, small paths


def lengths(text):
    return (LENGTHS, f"lengths:\n  {text}\n{LENGTHS}")


@pytest.mark.parametrize(
    ("known", "reason"),
    [
        ("Document_SalesOrder: {Comment: 40}", None),
        ("Document_SalesOrder: {Comment: 28}", "Comment: the text has 30 characters, the property holds 28"),
    ],
)
def test_a_text_that_1c_would_cut_holds(rules, known, reason):
    step = plan(rules(lengths(known)))
    assert (held(step).partition("; ")[0] if isinstance(step, Hold) else None) == reason


def test_lengths_of_columns_and_new_elements(rules):
    note = (COLUMN, COLUMN + "        Note: {from: line.title, default: none}\n")
    assert held(plan(rules(note, lengths("Document_SalesOrder: {Products.Note: 4, Note: 1}"))))
    assert isinstance(plan(rules(note, lengths("Document_SalesOrder: {Products.Note: 8, Note: 1}"))), Create)
    bob = replace(ORDER, buyer=Buyer(name="Bartholomew Brownstone"))
    known = lengths("Catalog_Customers: {Description: 16}")
    assert held(plan(rules(CREATE, known), bob)).startswith("Description: the text has 22 characters")
    cut = (CREATE[0], CREATE[1].replace("buyer.company_or_name", "buyer.company_or_name, substring: [0, 16]"))
    assert plan(rules(cut, known), bob).new_elements[0].properties["Description"] == "Bartholomew Brow"


def test_a_sum_over_several_columns(rules):
    net = (
        "        Amount: {from: line.amount}\n",
        "        Amount: {vat: line.amount, rate: 20, give: net}\n        Vat: {vat: line.amount, rate: 20}\n",
    )
    total = ("total: {rows: Products, property: Amount}", "total: {rows: [Products], property: [Amount, Vat]}")
    assert isinstance(plan(rules(net, total)), Create)
    assert "would amount to 12.41 EUR instead of 14.90 EUR" in held(plan(rules(net)))


def test_small_paths(rules):
    wanted = rules(
        (HEADER, HEADER + "      Shipment: {from: order.ship_on}\n      Buyer: {from: buyer.company_or_name}\n"),
        (COLUMN, COLUMN + "        Key: {from: line.uuid}\n"),
    )
    step, again = plan(wanted), plan(wanted, replace(ORDER, ship_by=AT.replace(day=3)))
    assert isinstance(step, Create)
    assert isinstance(again, Create)
    assert (step.document.properties["Shipment"], step.document.properties["Buyer"]) == (
        "2026-05-01T13:00:00", "Alice Smith",
    )  # fmt: skip
    assert again.document.properties["Shipment"] == "2026-05-03T13:00:00"
    keys = [row["Key"] for row in step.document.sections["Products"]]
    assert len({UUID(str(key)) for key in keys}) == 3
    assert keys == [row["Key"] for row in again.document.sections["Products"]]
    assert str(uuid4()) not in keys


def test_how_the_order_id_is_searched_travels_with_the_step(rules):
    within = ("    order_id: Number\n", "    order_id: Comment\n    order_id_search: contains\n")
    assert plan(rules(within)).order_id_search == "contains"
    assert plan(rules()).order_id_search == "equals"
