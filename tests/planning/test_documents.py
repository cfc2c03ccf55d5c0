"""Products, sums and sections of the document that an order becomes."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from adapter.model.document import NewElement
from adapter.model.order import Address, Buyer, Marketplace
from adapter.planning.documents import material, volatile_properties
from adapter.planning.plan import Totals

NO_BOOKS = {"customers": ("Amazon retail",), "products": ()}


def short(rows, *columns):
    return [tuple(str(row[column]) for column in columns) for row in rows]


# -------------------- products


@pytest.mark.parametrize(
    ("sku", "aliases", "quantity", "price"),
    [
        ("A", {}, "3", "4.00"),
        (" a ", {}, "3", "4.00"),
        ("PACK-A", {"PACK-A": ("A", 6)}, "18", "0.67"),
        ("pack-a", {"PACK-A": ("a",)}, "3", "4.00"),
        ("B", {"B": ("A", 2)}, "6", "2.00"),
    ],
    ids=["known", "case and blanks", "pack", "alias", "alias before product"],
)
def test_products(shop, sku, aliases, quantity, price):
    rows = shop.rows(shop.order(shop.line(sku, "12.00", 3)), aliases=aliases)
    assert rows == (
        {
            "LineNumber": 1,
            "Product_Key": str(shop.ref("A")),
            "Quantity": Decimal(quantity),
            "Price": Decimal(price),
            "Amount": Decimal("12.00"),
        },
    )


def test_two_lines_of_one_product_stay_two_rows(shop):
    rows = shop.rows(shop.order(shop.line("A", line_id="1"), shop.line("A", "7.00", 2, line_id="2")))
    assert short(rows, "LineNumber", "Quantity", "Amount") == [("1", "1", "10.00"), ("2", "2", "7.00")]
    assert len({row["Product_Key"] for row in rows}) == 1


def test_lines_without_pieces_get_no_row(shop):
    cancelled = shop.line("UNKNOWN", None, 0)
    rows = shop.rows(shop.order(cancelled, shop.line("A"), shop.line("B", "0.00", 0)))
    assert short(rows, "LineNumber", "Amount") == [("1", "10.00")]


def test_every_reason_is_told(shop):
    order = shop.order(
        shop.line("X", "10.00"),
        shop.line("A", "10.00", 1, shop.charge("other", "1.00")),
        shop.line(None, "5.00", line_id="L-0"),
        shop.line("PACK", "5.00"),
        shop.line("C", "5.00"),
        buyer=Buyer(name="Nobody Known"),
        total="1.00",
    )
    products = ("A", "C", "c")
    assert shop.reasons(order, products=products, aliases={"PACK": ("GONE", 2)}) == (
        "Amazon's total 1.00 EUR is not the sum of its parts 36.00 EUR; look at the order at Amazon",
        'no customer is called "Nobody Known"; add the customer in 1C, or choose one: amazon1c held choose-customer '
        "302-1234567-1234567 REF_KEY, or let the mapping create them (customers.otherwise: create)",
        "the mapping holds orders with other (1.00 EUR); decide under charges.other in the mapping, or write it by "
        "hand in 1C",
        'line 1: SKU "X" is not among the products of the infobase; add it in 1C or to the aliases, or let the mapping '
        "create products (products.otherwise)",
        "line 3: Amazon gave no SKU; write the order by hand in 1C, and give the offer a SKU at Amazon",
        'line 4: SKU "PACK" (alias of "GONE") is not among the products of the infobase; correct the alias, or add it '
        "in 1C",
        'line 5: SKU "C" belongs to 2 products (Product C, Product c); give each its own SKU in 1C',
    )


def test_every_missing_value_is_told_once(shop):
    table = {"map": "order.channel", "table": {"X": "1"}}
    header, column = "documents/sales_order/header/", "documents/sales_order/rows/Products/"
    order = shop.order(shop.line("A"), shop.line("B"))
    assert shop.reasons(order, {header + "One": table, header + "Two": table, column + "Three": table}) == tuple(
        f'{name}: the mapping has no entry for "" in its table of order.channel; add one'
        for name in ("One", "Two", "Three")
    )


CREATE = {"products/otherwise": "create"}


def test_new_products(shop):
    order = shop.order(shop.line("New-1"), shop.line("A"), shop.line("NEW-1", line_id="L-3"), shop.line("N2"))
    step = shop.step(order, inputs=shop.inputs(CREATE))
    keys = [shop.identity.element_key("Catalog_Products", key) for key in ("new-1", "n2")]
    assert [row["Product_Key"] for row in step.document.sections["Products"]] == [
        str(key) for key in (keys[0], shop.ref("A"), keys[0], keys[1])
    ]
    assert step.new_elements == (
        NewElement("Catalog_Products", keys[0], "new-1", "sku", {"sku": "NEW-1", "Description": "Title NEW-1"}),
        NewElement("Catalog_Products", keys[1], "n2", "sku", {"sku": "N2", "Description": "Title N2"}),
    )


def test_a_product_is_created_once(shop):
    created = {("Catalog_Products", "x"): shop.ref("given by 1C")}
    step = shop.step(shop.order(shop.line("X")), inputs=shop.inputs(CREATE, created=created))
    assert (step.document.sections["Products"][0]["Product_Key"], step.new_elements) == (
        str(shop.ref("given by 1C")),
        (),
    )


@pytest.mark.parametrize(("sku", "aliases"), [(None, {}), ("  ", {}), ("PACK", {"PACK": ("GONE",)})])
def test_what_is_never_created(shop, sku, aliases):
    assert len(shop.reasons(shop.order(shop.line(sku, line_id="1")), CREATE, aliases=aliases)) == 1


def test_a_new_product_that_cannot_be_described(shop):
    changes = CREATE | {"products/create/Kind": {"map": "order.channel", "table": {"X": "1"}}}
    assert shop.reasons(shop.order(shop.line("X")), changes) == (
        'Kind: the mapping has no entry for "" in its table of order.channel; add one',
    )


# -------------------- Amazon's total

AMAZONS = {"by_marketplace": True}


@pytest.mark.parametrize(
    ("inside", "answer", "totals"),
    [
        (True, "leave_out", ("11.90", {"marketplace tax": "1.90"}, "10.00")),
        (False, "leave_out", ("10.00", {}, "10.00")),
        (True, "into_line", ("11.90", {}, "11.90")),
    ],
    ids=["inside, left out", "outside, left out", "inside, in the line"],
)
def test_a_tax_that_amazon_collects(shop, inside, answer, totals):
    tax = shop.charge("goods_tax", "1.90", by_marketplace=True)
    order = shop.order(shop.line("A", "10.00", 1, tax), total="11.90" if inside else "10.00")
    amazon, left_out, document = totals
    step = shop.step(order, inputs=shop.inputs({"charges/marketplace_tax": answer}))
    assert step.totals == Totals(
        shop.money(amazon), {name: shop.money(amount) for name, amount in left_out.items()}, shop.money(document)
    )
    assert short(step.document.sections["Products"], "Amount") == [(document,)]


@pytest.mark.parametrize(
    "where",
    [{}, {"documents/sales_order/total": {"property": "Sum"},
          "documents/sales_order/header/Sum": {"from": "order.total"}}],
    ids=["rows", "header"],
)  # fmt: skip
def test_a_tax_beside_the_total_cannot_go_into_the_rows(shop, where):
    tax = shop.charge("goods_tax", "1.90", by_marketplace=True)
    order = shop.order(shop.line("A", "10.00", 1, tax), total="10.00")
    assert shop.reasons(order, {"charges/marketplace_tax": "into_line"} | where) == (
        "the document would amount to 11.90 EUR instead of 10.00 EUR, for Amazon's total is without the tax that "
        "Amazon collects itself; set charges.marketplace_tax to leave_out in the mapping",
    )


def test_what_is_left_out_is_explained(shop):
    line = shop.line("A", "10.00", 1, shop.charge("shipping", "4.00"), shop.charge("goods_discount", "-1.00"))
    changes = {"charges/shipping": "leave_out", "charges/discount": "leave_out"}
    step = shop.step(shop.order(line), inputs=shop.inputs(changes))
    assert step.totals.explain() == "13.00 EUR - 4.00 EUR shipping + 1.00 EUR discount = 10.00 EUR"


@pytest.mark.parametrize(
    ("order", "reason"),
    [
        (lambda s: s.order(total=None),
         "Amazon gave no total for it; wait until it does, or give the application the role for proceeds"),
        (lambda s: s.order(s.line("A"), s.line("B", currency="USD")),
         "Amazon gave amounts in several currencies for one order; write it by hand in 1C"),
        (lambda s: s.order(s.line("A", "10.00"), total="10.01"),
         "Amazon's total 10.01 EUR is not the sum of its parts 10.00 EUR; look at the order at Amazon"),
        (lambda s: s.order(s.line("A", "10.00", 1, s.charge("goods_tax", "2.00", **AMAZONS)), total="11.00"),
         "Amazon's total 11.00 EUR is not the sum of its parts 12.00 EUR; look at the order at Amazon"),
        (lambda s: s.order(s.line("A", "10.00", 0, line_id="1"), total="10.00"),
         "line 1 has the quantity 0 but costs 10.00 EUR; look at the order at Amazon"),
    ],
    ids=["no total", "two currencies", "a cent off", "neither inside nor outside", "nothing costs"],
)  # fmt: skip
def test_totals_that_prove_nothing(shop, order, reason):
    assert shop.reasons(order(shop))[0] == reason


def test_nothing_ordered(shop):
    order = shop.order(shop.line("A", None, 0), charges=(shop.charge("tip", "1.00"),))
    assert shop.reasons(order) == ("no line has a quantity; look at the order at Amazon",)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"documents/sales_order/rows/Products/Amount": {"from": "line.gross"}},
         "Products.Amount would amount to 10.00 EUR instead of 9.00 EUR; see total, charges and rows in the mapping"),
        ({"documents/sales_order/rows/Products/Amount": {"from": "line.shop_price"}},
         "Products.Amount would amount to 0.00 EUR instead of 9.00 EUR; see total, charges and rows in the mapping"),
        ({"documents/sales_order/rows/Products/Amount": {"from": "line.title"}},
         "Products.Amount is not a number, so the document's sum cannot be checked; see total in the mapping"),
        ({"documents/sales_order/rows/Products/Amount": {"const": True}},
         "Products.Amount is not a number, so the document's sum cannot be checked; see total in the mapping"),
        ({"documents/sales_order/total": {"property": "Sum"},
          "documents/sales_order/header/Sum": {"from": "order.deliver_by"}},
         "Sum would amount to 0.00 EUR instead of 9.00 EUR; see total, charges and rows in the mapping"),
        ({"documents/sales_order/total": {"property": "Sum"}, "documents/sales_order/header/Sum": {"const": 10}},
         "Sum would amount to 10.00 EUR instead of 9.00 EUR; see total, charges and rows in the mapping"),
    ],
    ids=["gross", "absent", "text", "flag", "absent in header", "wrong in header"],
)  # fmt: skip
def test_documents_that_would_be_wrong(shop, changes, reason):
    order = shop.order(shop.line("A", "10.00", 1, shop.charge("goods_discount", "-1.00")))
    assert shop.reasons(order, changes) == (reason,)


def test_a_total_in_the_header(shop):
    changes = {
        "documents/sales_order/total": {"property": "Sum"},
        "documents/sales_order/header/Sum": {"from": "order.total"},
        "charges/tip": "leave_out",
    }
    order = shop.order(charges=(shop.charge("tip", "1.00"),))
    assert shop.step(order, inputs=shop.inputs(changes)).document.properties["Sum"] == Decimal("10.00")


# -------------------- sections

SERVICES = {
    "each": ["shipping"],
    "Service_Key": {"from": "product"},
    "Text": {"from": "line.title"},
    "Amount": {"from": "line.amount"},
    "Quantity": {"from": "line.quantity"},
}


@pytest.fixture
def order(shop):
    charges = shop.charge("shipping", "4.00"), shop.charge("shipping_tax", "0.76"), shop.charge("cod_fee", "2.00")
    return shop.order(shop.line("A", "10.00", 1, *charges), shop.line("B", "5.00", 1, shop.charge("shipping", "1.00")))


def test_charges_get_rows_after_the_goods(shop, order):
    assert short(shop.rows(order), "LineNumber", "Product_Key", "Quantity", "Price", "Amount") == [
        ("1", str(shop.ref("A")), "1", "10.00", "10.00"),
        ("2", str(shop.ref("B")), "1", "5.00", "5.00"),
        ("3", str(shop.ref("AMZ-SHIPPING")), "1", "5.76", "5.76"),
        ("4", str(shop.ref("AMZ-COD")), "1", "2.00", "2.00"),
    ]


def test_a_section_for_shipping(shop, order):
    changes = {"documents/sales_order/rows/Services": SERVICES}
    assert shop.rows(order, changes, "Services") == (
        {
            "LineNumber": 1,
            "Service_Key": str(shop.ref("AMZ-SHIPPING")),
            "Text": "Shipping",
            "Amount": Decimal("5.76"),
            "Quantity": Decimal(1),
        },
    )
    assert short(shop.rows(order, changes), "LineNumber", "Amount") == [("1", "10.00"), ("2", "5.00"), ("3", "2.00")]
    assert shop.rows(shop.order(), changes, "Services") == ()


def test_each_section_is_checked(shop, order):
    changes = {"documents/sales_order/rows/Services": SERVICES | {"Amount": {"from": "line.tax"}}}
    assert shop.reasons(order, changes) == (
        "Services.Amount would amount to 0.76 EUR instead of 5.76 EUR; see total, charges and rows in the mapping",
    )


def test_a_charge_whose_product_is_not_known(shop, order):
    assert shop.reasons(order, unknown=("AMZ-COD",)) == (
        "Catalog_Products with sku AMZ-COD was not found in the infobase; see: amazon1c check",
    )


def test_vat_in_rows(shop):
    column = "documents/sales_order/rows/Products/"
    changes = {column + "VAT": {"vat": "line.amount", "rate": 20}, column + "Tax": {"from": "line.tax"}}
    order = shop.order(shop.line("A", "10.00", 3, shop.charge("goods_tax", "2.00")))
    assert short(shop.rows(order, changes), "Amount", "VAT", "Tax", "Price") == [("12.00", "2.00", "2.00", "4.00")]


def test_the_buyers_wish_to_cancel_is_noted(shop):
    step = shop.step(shop.order(shop.line("A", cancel_requested=True)))
    assert step.notes == ("the buyer asks to cancel line L-A; it stays an order until you cancel it at Amazon",)


# -------------------- what matters in an order


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({"status": "SHIPPED"}, True),
        ({"updated_at": None}, True),
        ({"fulfilled_by": "AMAZON"}, True),
        ({"programs": ("PRIME",)}, True),
        ({"doubts": ("odd",)}, True),
        ({"buyer": Buyer(name="Bob")}, False),
        ({"ship_to": Address(country="FR")}, False),
        ({"marketplace": Marketplace("X")}, False),
        ({"replaces": "302-1"}, False),
        ({"purchased_at": None}, False),
        ({"charges": "tip"}, False),
        ({"total": None}, False),
        ({"lines": ()}, False),
    ],
    ids=lambda value: "".join(value) if isinstance(value, dict) else "",
)
def test_material(shop, change, same):
    order = shop.order()
    change = change if change != {"charges": "tip"} else {"charges": (shop.charge("tip", "1.00"),)}
    assert (material(replace(order, **change)) == material(order)) is same


def test_material_of_lines(shop):
    lines = [shop.line("A"), shop.line(None, line_id="0"), shop.line("B", "5.00", 2)]
    first = material(shop.order(*lines))
    assert material(shop.order(*lines[::-1])) == first
    assert material(shop.order(*lines[:2], replace(lines[2], title="other", quantity_shipped=1))) == first
    for changed in ({"quantity": 3}, {"sku": "C"}, {"line_id": "9"}, {"charges": ()}):
        assert material(shop.order(*lines[:2], replace(lines[2], **changed))) != first


def test_volatile_properties(shop):
    header = {
        "State": {"from": "order.status"},
        "Shown": {"text": "{order.id} {order.updated_at}"},
        "Code": {"map": "order.status", "table": {"UNSHIPPED": "1"}},
        "ShipBy": {"from": "order.ship_by"},
        "Name": {"text": "{buyer.name}"},
        "Kind": {"map": "order.channel", "table": {"AMAZON": "1"}},
        "VAT": {"vat": "order.total", "rate": 20},
    }
    rule = shop.rules({"documents/sales_order/header": header | {"Number": {"from": "order.id"}}})
    reasons: list[str] = []
    assert volatile_properties(rule.documents["sales_order"], shop.context(), reasons) == {
        "State": "UNSHIPPED",
        "Shown": "302-1234567-1234567 2026-05-01 12:30:00",
        "Code": "1",
    }
    assert reasons == []
