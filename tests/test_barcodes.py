"""Products by barcode, on the whole way: from a register or a property, from the copies or asked for once more."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from adapter.model.barcodes import gtin
from adapter.model.entry import State
from adapter.simulators.onec import load_model, read_model

REGISTER, PRODUCTS = "InformationRegister_Barcodes", "Catalog_Products"
EAN, OTHER_EAN = "4006381333931", "5901234123457"
REF = {"name": "Product", "property": "Product_Key", "edm": "Edm.Guid", "types": ["CatalogRef.Products"]}
ANY = {
    "name": "Product", "property": "Product", "edm": "Edm.String", "type_property": "Product_Type",
    "types": ["CatalogRef.Products", "CatalogRef.Customers"],
}  # fmt: skip
CODE = {"name": "Code", "property": "Code", "edm": "Edm.String", "types": ["String(200)"], "max_length": 200}
PACKAGE = {"name": "Package", "property": "Package_Key", "edm": "Edm.Guid", "types": ["CatalogRef.Packages"]}
PACKAGE_KEY = "5f0c0000-0000-4000-8000-0000000000aa"

KEYS = {"code": ([CODE], [REF, PACKAGE]), "all": ([CODE, REF, PACKAGE], []), "composite": ([CODE, ANY, PACKAGE], [])}
"""Dimensions and resources, as УТ, УНФ and nobody yet has them."""


def model(kind):
    dimensions, resources = KEYS[kind]
    register = {
        "entity_set": REGISTER, "kind": "InformationRegister", "name": "Barcodes",
        "dimensions": dimensions, "resources": resources,
    }  # fmt: skip
    training = load_model("training")
    return replace(training, objects=(*training.objects, *read_model({"objects": [register]}).objects))


class Books:
    """A `World` whose infobase keeps barcodes."""

    def __init__(self, world, composite):
        self.world = world
        self._composite = composite

    def product(self, name, **values):
        return self.world.infobase.add(PRODUCTS, {"Description": name, "sku": f"{name}-1", **values})["Ref_Key"]

    def barcode(self, code, product, **values):
        to = {"Product": product, "Product_Type": f"StandardODATA.{PRODUCTS}"}
        self.world.infobase.add(
            REGISTER, {"Code": code, **(to if self._composite else {"Product_Key": product}), **values}
        )

    def asked(self):
        """How often the register was asked, since the last time."""
        count = sum(REGISTER in entry.target for entry in self.world.onec.log)
        self.world.onec.log.clear()
        return count

    def sold(self, order_id):
        return [row["Product_Key"] for row in self.world.document(order_id)["Products"]]

    def why(self, order_id):
        """Why an order is held."""
        entry = self.world.entry(order_id)
        assert entry.state is State.HELD
        return " ".join(entry.reasons)


@pytest.fixture
def open_books(open_world, monkeypatch):
    def open_books(kind="code", *changes):
        monkeypatch.setattr("tests.world.load_model", lambda _: model(kind))
        column = "Product" if kind == "composite" else "Product_Key"
        read = f"{{register: {REGISTER}, barcode: Code, product: {column}, empty: [Package_Key]}}"
        return Books(
            open_world(("read: {sku: sku,", f"read: {{barcode: {read}, sku: sku,"), *changes), kind == "composite"
        )

    return open_books


@pytest.fixture(params=KEYS)
def books(request, open_books):
    return open_books(request.param)


def test_the_barcode_of_a_product(books):
    cup = books.product("Cup")
    books.barcode(EAN, cup)
    order_id = books.world.order(sku=EAN)
    plan, _ = books.world.sync().plan()
    books.world.clock.forward(minutes=3)
    plan, _ = books.world.sync().plan()
    assert [note for step in plan for note in step.notes] == [f"line 1: {EAN} is a barcode of Cup"]
    books.world.run()
    assert books.sold(order_id) == [cup]
    assert books.asked() == 1


def test_the_sku_wins(books):
    cup, tea = books.product("Cup"), books.product("Pot", sku=EAN)
    books.barcode(EAN, cup)
    order_id = books.world.order(sku=EAN)
    books.world.run()
    assert books.sold(order_id) == [tea]


def test_what_is_marked_for_deletion_is_no_product(books):
    books.barcode(EAN, books.product("Cup", DeletionMark=True))
    order_id = books.world.order(sku=EAN)
    books.world.run()
    assert "is not among the products" in books.why(order_id)
    books.barcode(OTHER_EAN, books.product("Pot", DeletionMark=True))  # not when asked once more, either
    late = books.world.order(sku=OTHER_EAN)
    books.world.run()
    assert "is not among the products" in books.why(late)


def test_a_package_is_not_the_product(books):
    books.barcode(EAN, books.product("Cup"), Package_Key=PACKAGE_KEY)
    order_id = books.world.order(sku=EAN)
    books.world.run()
    assert "barcode of a package or characteristic of Cup; add the SKU to the aliases" in books.why(order_id)


@pytest.mark.parametrize("kind", ["all", "composite"])
def test_two_products_with_one_barcode(open_books, kind):
    books = open_books(kind)
    for name in ("Cup", "Pot"):
        books.barcode(EAN, books.product(name))
    order_id = books.world.order(sku=EAN)
    books.world.run()
    assert f'SKU "{EAN}" is a barcode of 2 products (Cup, Pot)' in books.why(order_id)


def test_two_products_in_two_spellings(open_books):
    books = open_books()
    books.barcode(EAN, books.product("Cup"))
    books.barcode(f"0{EAN}", books.product("Pot"))
    order_id = books.world.order(sku=EAN)
    books.world.run()
    assert "(Cup, Pot)" in books.why(order_id)


def test_a_composite_reference_may_lead_elsewhere(open_books):
    books = open_books("composite")
    books.barcode(EAN, books.product("Cup"), Product_Type="StandardODATA.Catalog_Customers")
    order_id = books.world.order(sku=EAN)
    books.world.run()
    assert "is not among the products" in books.why(order_id)


# -------------------- asked once more


def test_a_barcode_entered_since_the_last_reading(books):
    """The copies are a year fresh; the product is new, too."""
    books.world.order()
    books.world.run()
    cup = books.product("Cup")
    books.barcode(f"0{EAN}", cup)
    books.asked()
    order_ids = [books.world.order(sku=EAN) for _ in range(3)]
    books.world.run()
    assert books.asked() == 1
    assert [books.sold(order_id) for order_id in order_ids] == [[cup]] * 3
    again = books.world.order(sku=EAN)
    books.world.run()
    assert books.sold(again) == [cup]


def test_what_holds_an_order_is_not_asked_for_in_every_run(books):
    order_id, sync = books.world.order(sku=EAN), books.world.sync()
    for _ in range(4):
        books.world.clock.forward(minutes=3)
        sync.run()
    assert books.asked() == 2  # the register whole, then this barcode
    assert "is not among the products" in books.why(order_id)


def test_asked_again_when_the_time_has_come(open_books):
    books = open_books()
    books.world.parts = replace(books.world.parts, refresh=timedelta(minutes=10))
    sync = books.world.sync()
    books.world.order(sku=EAN)
    counts = []
    for _ in range(6):
        books.world.clock.forward(minutes=4)
        sync.run()
        counts.append(books.asked())
    # Read with the first order, and every ten minutes; asked once more where the copy is older than the order.
    assert counts == [2, 0, 0, 2, 0, 0]


def test_no_product_is_created_beside_one_with_the_barcode(open_books):
    creating = ("  otherwise: hold\n  create:\n    sku", "  otherwise: create\n  create:\n    sku")
    books = open_books("code", creating)
    unknown = books.world.order(sku=OTHER_EAN)
    books.world.run()
    assert len(books.sold(unknown)) == 1  # nobody knows the barcode: created
    cup = books.product("Cup")
    books.barcode(EAN, cup)
    known = books.world.order(sku=EAN)
    books.world.run()
    assert books.sold(known) == [cup]
    assert [row["sku"] for row in books.world.infobase.rows(PRODUCTS) if row["sku"] in {EAN, OTHER_EAN}] == [OTHER_EAN]


def test_many_codes_at_once(books):
    """Each request is short enough for every web server."""
    books.world.modes(iis=True)
    books.world.order()
    books.world.run()
    books.asked()
    codes = [code for number in range(10**9, 10**9 + 1000) if gtin(code := f"{number:013}")]
    order_ids = [books.world.order(sku=code) for code in codes]
    cup = books.product("Cup")
    for code in codes:
        books.barcode(code, cup)
    books.world.run()
    assert len(codes) == 100
    assert {tuple(books.sold(order_id)) for order_id in order_ids} == {(cup,)}
    assert 5 < books.asked() < 20


# -------------------- a property of the catalog


def test_a_property_of_the_product(open_world):
    world = open_world(("read: {sku: sku,", "read: {barcode: Code, sku: sku,"))
    cup = world.infobase.add(PRODUCTS, {"Description": "Cup", "sku": "CUP", "Code": "96385074"})["Ref_Key"]
    order_id = world.order(sku="0000096385074")
    world.run()
    assert [row["Product_Key"] for row in world.document(order_id)["Products"]] == [cup]
    late = world.infobase.add(PRODUCTS, {"Description": "Pot", "sku": "POT", "Code": "96385081"})["Ref_Key"]
    order_id = world.order(sku="96385081")
    world.run()
    assert [row["Product_Key"] for row in world.document(order_id)["Products"]] == [late]
