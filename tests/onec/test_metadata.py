from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pytest

from adapter.model.schema import Property
from adapter.onec.errors import InfobaseUnavailable, NotPublished, WrongAddress
from adapter.onec.metadata import parse_metadata, published
from tests.benchmarks.metadata import big_metadata

# Documents of real and derived infobases lie beside the checkout where they are to be had.
EXAMPLES = Path(__file__).parents[2].parent / "shared" / "onec" / "metadata"
with_examples = pytest.mark.skipif(not EXAMPLES.is_dir(), reason="the example documents are not beside the checkout")


def test_entity_sets(schema):
    assert list(schema.entity_sets) == ["Catalog_Buyers", "Document_Order", "Document_Order_Lines"]
    order = schema.entity_sets["Document_Order"]
    assert (order.name, order.key, order.functions) == ("Document_Order", ("Ref_Key",), frozenset({"Post", "Unpost"}))
    assert list(order.properties) == [
        "Ref_Key",
        "DataVersion",
        "Number",
        "Date",
        "DeletionMark",
        "Posted",
        "Buyer_Key",
        "Comment",
        "Total",
    ]
    assert order.properties["Buyer_Key"] == Property("Buyer_Key", "Edm.Guid", target="Catalog_Buyers")
    assert order.properties["Total"] == Property("Total", "Edm.Double")
    assert order.sections == {
        "Lines": {
            "Ref_Key": Property("Ref_Key", "Edm.Guid"),
            "LineNumber": Property("LineNumber", "Edm.Int64"),
            "Item_Key": Property("Item_Key", "Edm.Guid", target="Catalog_NotPublished"),
            "Quantity": Property("Quantity", "Edm.Double"),
            "RowCode": Property("RowCode", "Edm.Int64"),
        }
    }
    lines = schema.entity_sets["Document_Order_Lines"]
    assert lines.key == ("Ref_Key", "LineNumber")
    assert lines.properties == order.sections["Lines"]
    assert lines.functions == frozenset()


def test_of_two_enumerations_of_one_name_the_first_counts(schema):
    assert schema.enumerations == {"AllowedLength": ("Variable", "Fixed")}


def test_sources(edmx, schema, tmp_path):
    file = tmp_path / "metadata.xml"
    file.write_bytes(edmx)
    assert parse_metadata(file) == schema
    with file.open("rb") as stream:
        assert parse_metadata(stream) == schema


class Piecewise(BytesIO):
    """Comes in pieces, as from the network; remembers how much was asked for at once."""

    def __init__(self, content):
        super().__init__(content)
        self.asked = []

    def read(self, size=-1):
        self.asked.append(size)
        return super().read(min(size, 1_000) if size > 0 else size)


def test_it_is_read_piece_by_piece(edmx, schema):
    """A document of any size: repeated under new names, it is never held as a whole, and says the same each time."""
    document = big_metadata(edmx, 200_000)
    stream = Piecewise(document)
    found = parse_metadata(stream)
    assert len(stream.asked) > 200
    assert 0 < min(stream.asked) <= max(stream.asked) < len(document) / 4
    copies = len(found.entity_sets) // len(schema.entity_sets)
    assert copies > 20
    assert found.entity_sets["Document_Order"] == schema.entity_sets["Document_Order"]
    last = found.entity_sets[f"Document_Order_{copies - 1}"]
    assert last.properties["Buyer_Key"].target == f"Catalog_Buyers_{copies - 1}"
    assert (last.sections.keys(), last.functions) == ({"Lines"}, {"Post", "Unpost"})


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5, 0.7, 0.9, 0.999])
def test_a_document_that_was_cut_off(edmx, share):
    with pytest.raises(InfobaseUnavailable, match="not whole"):
        parse_metadata(edmx[: int(len(edmx) * share)])


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"<!DOCTYPE html><html><body>login<br></body></html>",
        b"\xef\xbb\xbf  <html><body>login",
        b'<?xml version="1.0"?><!DOCTYPE html PUBLIC "x" "y"><html><body/></html>',
        b"<html/>",
        b'<?xml version="1.0"?><service xmlns="http://www.w3.org/2007/app"/>',
        b'<?xml version="1.0"?><Other><EntityType Name="A"/></Other>',
        b'{"odata.error": {"code": "8"}}',
        b"garbage" * 150_000,
    ],
    ids=[
        "nothing",
        "page",
        "cut page",
        "XHTML",
        "page without DOCTYPE",
        "service document",
        "other XML",
        "JSON",
        "garbage",
    ],
)
def test_something_else_than_metadata(text):
    with pytest.raises(WrongAddress, match="check the address"):
        parse_metadata(text)


def test_declarations_of_entities_are_refused(edmx):
    bomb = b'<!DOCTYPE a [<!ENTITY b "x"><!ENTITY c "&b;&b;"><!ENTITY d SYSTEM "file:///etc/passwd">]>'
    document = edmx.lstrip(b"\xef\xbb\xbf")
    start = document.index(b"<edmx:Edmx")
    with pytest.raises(WrongAddress, match="DOCTYPE"):
        parse_metadata(document[:start] + bomb + document[start:])


@pytest.mark.parametrize("bomb", [b"<a>" * 100_000, b'<a b="' + b"x" * 12_000_000 + b'"/>'], ids=["deep", "long"])
def test_bombs(bomb):
    with pytest.raises(InfobaseUnavailable, match="broken"):
        parse_metadata(b'<?xml version="1.0"?><Edmx>' + bomb)


def test_a_name_that_is_not_published(schema):
    assert published(schema, "Document_Order").name == "Document_Order"
    with pytest.raises(NotPublished, match="Document_Ordre is not published, did you mean Document_Order"):
        published(schema, "Document_Ordre")
    with pytest.raises(NotPublished, match="Каталог is not published; add it"):
        published(schema, "Каталог")


@with_examples
@pytest.mark.parametrize(
    ("file", "document", "section", "column"),
    [
        ("training", "Document_SalesOrder", "Products", ("Product_Key", "Catalog_Products")),
        ("ut-11.5", "Document_ЗаказКлиента", "Товары", ("Номенклатура_Key", "Catalog_Номенклатура")),
        ("unf-3.0", "Document_ЗаказПокупателя", "Запасы", ("СтавкаНДС_Key", "Catalog_СтавкиНДС")),
        ("bp-3.0", "Document_СчетНаОплатуПокупателю", "Товары", ("КлючКалькуляцииРасходов", None)),
        ("small-business-en", "Document_CustomerOrder", "Inventory", ("VATRate_Key", "Catalog_VATRates")),
    ],
)
def test_derived_documents(file, document, section, column):
    path = EXAMPLES / "derived" / f"{file}.edmx.xml"
    schema = parse_metadata(path)
    text = path.read_text("utf-8")
    assert len(schema.entity_sets) == text.count("<EntitySet ")
    assert len(schema.enumerations) == text.count("<EnumType ")
    assert sum(len(each.properties) + len(each.sections) for each in schema.entity_sets.values()) == len(
        re.findall("<Property ", re.sub("<ComplexType.*?</ComplexType>", "", text, flags=re.DOTALL))
    )
    order = schema.entity_sets[document]
    assert {"Post", "Unpost"} <= order.functions
    assert order.properties["Date"].type == "Edm.DateTime"
    assert order.sections[section]["LineNumber"].type == "Edm.Int64"
    name, target = column
    assert order.sections[section][name] == Property(name, "Edm.Guid", target)


@with_examples
def test_a_real_document():
    schema = parse_metadata(EXAMPLES / "real" / "ut11-excerpt.edmx.xml")
    assert len(schema.entity_sets) == 14
    sale = schema.entity_sets["Document_РеализацияТоваровУслуг"]
    assert sale.functions == {"Post", "Unpost"}
    assert sale.properties["Валюта_Key"].target == "Catalog_Валюты"
    assert sale.sections["Товары"]["Номенклатура_Key"].type == "Edm.Guid"
    rates = schema.entity_sets["InformationRegister_КурсыВалют"]
    assert (rates.key, rates.functions) == (("Period", "Валюта_Key"), frozenset({"SliceLast", "SliceFirst"}))
    queue = schema.entity_sets["InformationRegister_пр_ОчередьДействий"]
    assert "RecordSet" in queue.sections
    assert schema.enumerations["СтатусыТаможенныхДеклараций"] == ("ВыпущеноСТаможни", "ТаможенноеОформление")


@with_examples
@pytest.mark.parametrize(
    ("number", "sets", "enumerations"),
    [
        ("01", 2, 0),
        ("02", 2, 0),
        ("03", 1, 0),
        ("04", 1, 0),
        ("05", 1, 0),
        ("06", 1, 0),
        ("07", 1, 0),
        ("08", 2, 0),
        ("09", 0, 1),
    ],
)
def test_fixtures_of_a_code_generator(number, sets, enumerations):
    (file,) = (EXAMPLES / "fixtures-hacker-cb").glob(f"{number}-*.xml")
    schema = parse_metadata(file)
    assert (len(schema.entity_sets), len(schema.enumerations)) == (sets, enumerations)
