"""Characteristics and units that the table of aliases names, from the file to the rows of a document."""

from __future__ import annotations

from dataclasses import replace

import pytest

from adapter.books import agreed_schema
from adapter.copies import Copies
from adapter.errors import ConfigurationError
from adapter.mapping.load import load_mapping
from adapter.mapping.presets import preset_path
from adapter.model.entry import State
from adapter.setup.check import check_infobase
from adapter.simulators.onec import load_model, read_model

PRODUCTS, SIZES, UNITS = "Catalog_Products", "Catalog_Sizes", "Catalog_Units"
KINDS = "Catalog_Kinds"
MODEL = {
    "objects": [
        {
            "entity_set": SIZES, "kind": "Catalog", "name": "Sizes", "description_length": 150,
            "owners": [KINDS, PRODUCTS],
        },
        {"entity_set": UNITS, "kind": "Catalog", "name": "Units", "description_length": 25},
        {"entity_set": KINDS, "kind": "Catalog", "name": "Kinds", "description_length": 25},
    ]
}  # fmt: skip
COLUMNS = (
    {"name": "Size", "property": "Size_Key", "edm": "Edm.Guid", "types": ["CatalogRef.Sizes"]},
    {"name": "Unit", "property": "Unit_Key", "edm": "Edm.Guid", "types": ["CatalogRef.Units"]},
    {"name": "Remark", "property": "Remark", "edm": "Edm.String", "types": ["String(50)"], "max_length": 50},
    {"name": "Kind", "property": "Kind_Key", "edm": "Edm.Guid", "types": ["CatalogRef.Kinds"]},
)
KIND = "5f0c0000-0000-4000-8000-0000000000cc"
ROWS = """        Product_Key: {from: product}
        Size_Key: {from: product.characteristic, optional: true}
        Unit_Key: {from: product.unit, optional: true}
"""
REFERENCES = """products:
  aliases: products.csv
  alias_references:
    characteristic: {lookup: Catalog_Sizes, owner: [product, product.kind]}
    unit: {lookup: Catalog_Units, by: Description}
"""


def model():
    """The training configuration with sizes, units and kinds."""
    extra = {"entity_set": "Catalog_X", "kind": "Catalog", "name": "X", "attributes": COLUMNS}
    (columns,) = read_model({"objects": [extra]}).objects
    *in_rows, kind = columns.attributes
    training = load_model("training")
    objects = []
    for item in training.objects:
        if item.entity_set == "Document_SalesOrder":
            (section,) = item.tabular_sections
            whole = replace(section, attributes=(*section.attributes, *in_rows))
            objects.append(replace(item, tabular_sections=(whole,)))
        elif item.entity_set == PRODUCTS:
            objects.append(replace(item, attributes=(*item.attributes, kind)))
        else:
            objects.append(item)
    return replace(training, objects=(*objects, *read_model(MODEL).objects))


class Shop:
    """A world whose products have sizes and units, with a table of aliases."""

    def __init__(self, world, folder):
        self.world, self._folder = world, folder
        self.add = world.infobase.add
        self.tee = self.add(PRODUCTS, {"Description": "Tee", "sku": "TEE", "Kind_Key": KIND})["Ref_Key"]

    def size(self, text, owner=None, of=PRODUCTS, **values):
        owned = {"Owner": owner, "Owner_Type": f"StandardODATA.{of}"} if owner else {}
        return self.add(SIZES, {"Description": text, **owned, **values})["Ref_Key"]

    def table(self, *lines, rows=ROWS, references=REFERENCES, read=""):
        text = preset_path("training").read_text(encoding="utf-8")
        text = text.replace("        Product_Key: {from: product}\n", rows, 1)
        text = text.replace("products:\n", references, 1).replace(
            "read: {sku: sku,", f"read: {{{read}kind: Kind_Key, sku: sku,"
        )
        (self._folder / "mapping.yaml").write_text(text, encoding="utf-8")
        head = "seller_sku;sku;characteristic;unit;multiplier\n"
        (self._folder / "products.csv").write_text(head + "\n".join(lines), encoding="utf-8")
        mapping = load_mapping(self._folder / "mapping.yaml")
        self.world.parts = replace(self.world.parts, mapping=mapping)
        return mapping

    def sold(self, sku):
        order_id = self.world.order(sku=sku)
        self.world.run()
        if self.world.state(order_id) is State.HELD:
            return " ".join(self.world.entry(order_id).reasons)
        return [(row.get("Size_Key"), row.get("Unit_Key")) for row in self.world.document(order_id)["Products"]]

    def check(self):
        parts = self.world.parts
        copies = Copies(parts.ledger, parts.infobase, parts.now, parts.refresh)
        return check_infobase(copies, parts.mapping)

    def problems(self):
        parts = self.world.parts
        copies = Copies(parts.ledger, parts.infobase, parts.now, parts.refresh)
        with pytest.raises(ConfigurationError) as caught:
            agreed_schema(copies, parts.mapping)
        return [str(problem).partition(" ")[2] for problem in caught.value.problems]


@pytest.fixture
def shop(open_world, monkeypatch, tmp_path):
    monkeypatch.setattr("tests.world.load_model", lambda _: model())
    return Shop(open_world(), tmp_path)


def test_from_the_table_to_the_rows(shop):
    red, box = shop.size("Red, 42", shop.tee), shop.add(UNITS, {"Description": "box"})["Ref_Key"]
    shop.size("Red, 42", "5f0c0000-0000-4000-8000-0000000000ff")  # of another product
    shop.table("A;TEE;red, 42 ;BOX;", "B;TEE;;;2", f"C;TEE;{red};;", "KIT;TEE;Red, 42;;", "KIT;TEE;;box;")
    assert shop.sold("A") == [(red, box)]
    assert shop.sold("B") == [(NOTHING, NOTHING)]
    assert [size for size, _ in shop.sold("C")] == [red]
    (size, _), (_, unit) = shop.sold("KIT")
    assert (size, unit) == (red, box)


def test_whose_characteristic_it_is(shop):
    """The product's own comes before that of its kind, and that before one of nobody."""
    own, common, free = shop.size("S", shop.tee), shop.size("M", KIND, KINDS), shop.size("L")
    for text in ("S", "L"):
        shop.size(text, KIND, KINDS, DeletionMark=True)
    shop.size("S", KIND, KINDS)
    shop.table("A;TEE;S;;", "B;TEE;M;;", "C;TEE;L;;")
    assert [shop.sold(sku)[0][0] for sku in "ABC"] == [own, common, free]


def test_one_that_is_not_there_holds_its_orders_only(shop):
    shop.size("S", "5f0c0000-0000-4000-8000-0000000000ff")
    shop.size("M", shop.tee), shop.size("m", shop.tee)
    shop.table("A;TEE;S;;", "B;TEE;M;;", "C;TEE;;crate;", "D;TEE;;;2", "E;GONE;;;")
    place = shop.world.parts.mapping.files[-1]
    reasons = {
        "A": f'there is no characteristic "S" of Tee in {SIZES} ({place}:2); correct the table of aliases, or add it '
        "in 1C",
        "B": f'2 of {SIZES} are called "M" of Tee ({place}:3); write the Ref_Key of one of them into the table',
        "C": f'there is no unit "crate" in {UNITS} ({place}:4); correct the table of aliases, or add it in 1C',
    }
    for sku, reason in reasons.items():
        assert shop.sold(sku) == f'line 1: SKU "{sku}": {reason}'
    assert len(shop.sold("D")) == 1
    found = shop.check()
    assert f"5 seller SKUs in {place}" in found
    assert [line for line in found if line.startswith(f"{place}:")] == [
        *(f"{place}:{number}: {reasons[sku]}; its orders are held" for number, sku in enumerate("ABC", start=2)),
        f'{place}:6: SKU "E" (alias of "GONE" in {place}:6) is not among the products of the infobase; correct '
        "the alias, or add it in 1C; its orders are held",
    ]


def test_looked_up_once(shop):
    shop.size("S", shop.tee)
    shop.table("A;TEE;S;;", "B;TEE;s;;")
    for sku in "ABAB":
        shop.sold(sku)
    assert sum(f"/{SIZES}?" in entry.target for entry in shop.world.onec.log) == 1


def test_texts(shop):
    """Without a catalog, what the table says is written as it is."""
    rows = "        Product_Key: {from: product}\n        Remark: {from: product.characteristic, optional: true}\n"
    shop.table("A;TEE;Red, 42;;", rows=rows, references="products:\n  aliases: products.csv\n")
    order_id = shop.world.order(sku="A")
    shop.world.run()
    assert [row["Remark"] for row in shop.world.document(order_id)["Products"]] == ["Red, 42"]


# -------------------- what the files may say

NO_ROWS = "        Product_Key: {from: product}\n"


def refused(shop, *lines, **texts):
    with pytest.raises(ConfigurationError) as caught:
        shop.table(*lines, **texts)
    return [str(problem).rpartition("/")[2] for problem in caught.value.problems]


def test_what_nothing_would_be_done_with(shop):
    assert refused(shop, "A;TEE;S;box;", rows=NO_ROWS) == [
        'products.csv:2: "characteristic" is S, but no row of the mapping uses product.characteristic; write {from: '
        "product.characteristic, optional: true} there, or empty the cell",
        'products.csv:2: "unit" is box, but no row of the mapping uses product.unit; write {from: product.unit, '
        "optional: true} there, or empty the cell",
    ]
    shop.table("A;TEE;;;2", rows=NO_ROWS)


def test_a_text_where_a_reference_is_read(shop):
    found = refused(
        shop, "A;TEE;;box;", references="products:\n  aliases: products.csv\n",
        rows=NO_ROWS + "        Unit_Key: {from: product.unit}\n",
        read="unit: Kind_Key, ",
    )  # fmt: skip
    assert found == [
        'products.csv:2: "unit" is box, but product.unit is a reference; name its catalog below '
        "products.alias_references.unit in the mapping"
    ]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (("lookup: Catalog_Sizes", "lookup: Catalog_Size"),
         'products.alias_references.characteristic.lookup: the infobase publishes no catalog Catalog_Size; did you '
         'mean "Catalog_Sizes"?'),
        (("by: Description", "by: Descripton"),
         'products.alias_references.unit.by: Catalog_Units has no property "Descripton"; did you mean "Description"?'),
        (("product.kind]", "product.kin]"),
         'products.alias_references.characteristic.owner[2]: products.read reads no "kin"; did you mean '
         '"product.kind"?'),
        (("by: Description}", "owner: [product]}"),
         "products.alias_references.unit.owner: elements of Catalog_Units have no owner"),
        (("lookup: Catalog_Units", "lookup: Catalog_Sizes"),
         "products.alias_references.unit.lookup: Document_SalesOrder.Products.Unit_Key refers to Catalog_Units, but "
         "this is one of Catalog_Sizes"),
    ],
)  # fmt: skip
def test_disagreements(shop, change, problem):
    shop.table("A;TEE;S;;", references=REFERENCES.replace(*change))
    assert any(problem in found for found in shop.problems()), shop.problems()


def test_an_owner_is_a_product(shop):
    assert (
        "must be product, or what products.read reads of it"
        in refused(shop, references=REFERENCES.replace("[product, product.kind]", "[customer]"))[0]
    )


NOTHING = "00000000-0000-0000-0000-000000000000"
