"""Mappings against a schema: every disagreement, word for word."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapter.errors import ConfigurationError
from adapter.mapping.lint import lint
from adapter.mapping.load import load_mapping
from adapter.mapping.presets import preset_path
from adapter.model.schema import EntitySet, Property, Schema

TRAINING = preset_path("training")
DERIVED = Path(__file__).parents[3] / "shared" / "onec" / "metadata" / "derived" / "training.edmx.xml"


def _properties(**types: str) -> dict[str, Property]:
    """`Name="String"` or `X_Key="Guid Catalog_Target"`."""
    found = {}
    for name, declared in types.items():
        edm, _, target = declared.partition(" ")
        found[name] = Property(name, f"Edm.{edm}", target or None)
    return found


def _catalog(name: str, *, sections: Mapping[str, Mapping[str, Property]] | None = None, **types: str) -> EntitySet:
    standard = _properties(Ref_Key="Guid", Predefined="Boolean", PredefinedDataName="String", DataVersion="String",
                           Description="String", Code="String", DeletionMark="Boolean")  # fmt: skip
    return EntitySet(name, ("Ref_Key",), standard | _properties(**types), sections or {})


ORDER = EntitySet(
    "Document_SalesOrder",
    ("Ref_Key",),
    _properties(Ref_Key="Guid", DataVersion="String", Number="String", Date="DateTime", DeletionMark="Boolean",
                Posted="Boolean", Customer_Key="Guid Catalog_Customers", Comment="String", Paid="Boolean",
                Priority="Int16", Total="Double", Payer="String", Payer_Type="String", External="Guid",
                Picture="Stream"),
    {
        "Products": _properties(Ref_Key="Guid", LineNumber="Int64", Product_Key="Guid Catalog_Products",
                                Quantity="Double", Price="Double", Amount="Double", Pieces="Int64", Note="String"),
        "Services": _properties(Ref_Key="Guid", LineNumber="Int64", Service_Key="Guid Catalog_Services",
                                Amount="Double"),
    },
    frozenset({"Post", "Unpost"}),
)  # fmt: skip
ROWS = EntitySet("Document_SalesOrder_Products", ("Ref_Key", "LineNumber"), ORDER.sections["Products"])
SCHEMA = Schema(
    {
        entity_set.name: entity_set
        for entity_set in (
            _catalog(
                "Catalog_Customers",
                first_name="String",
                last_name="String",
                email="String",
                Rating="Int16",
                Main_Key="Guid Catalog_Services",
                Partner_Key="Guid Catalog_Partners",
                Lost_Key="Guid Catalog_Gone",
                sections={"Contacts": _properties(Kind="String", Mail="String", Main="Boolean", Count="Int64")},
            ),
            _catalog("Catalog_Partners", Phone="String", sections={"Contacts": _properties(Site="String")}),
            _catalog("Catalog_Products", sku="String", Weight="Double", Country_Key="Guid Catalog_Services"),
            _catalog("Catalog_Services"),
            _catalog("Catalog_Contracts", Owner_Key="Guid Catalog_Customers", Kind="String"),
            _catalog("Catalog_Addresses", Owner="String", Owner_Type="String"),
            ORDER,
            ROWS,
            EntitySet(
                "InformationRegister_Barcodes",
                ("Code",),
                _properties(
                    Code="String",
                    Product_Key="Guid Catalog_Products",
                    Owner_Key="Guid Catalog_Customers",
                    Pack_Key="Guid",
                    Any="String",
                    Any_Type="String",
                    Number="Int64",
                ),
            ),
            EntitySet(
                "InformationRegister_Rates",
                ("Period", "Customer_Key"),
                _properties(
                    Period="DateTime",
                    Customer_Key="Guid Catalog_Customers",
                    Service_Key="Guid Catalog_Services",
                    Rate="Double",
                    Units="Int64",
                    Name="String",
                ),
            ),
            EntitySet("InformationRegister_Written", ("Recorder", "Recorder_Type"), _properties(Recorder="String")),
            EntitySet(
                "InformationRegister_Written_RecordType",
                ("Code",),
                _properties(Code="String", Product_Key="Guid Catalog_Products"),
            ),
        )
    },
    {"Priorities": ("Low", "High")},
)


def lint_text(folder: Path, text: str, schema: Schema = SCHEMA) -> list[str]:
    path = folder / "shop.yaml"
    path.write_text(text)
    return [line.replace(f"{path}:", "") for line in lint(load_mapping(path), schema)]


def changed(*replacements: tuple[str, str]) -> str:
    text = TRAINING.read_text()
    for old, new in replacements:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the preset"
        text = text.replace(old, new)
    return text


def test_the_preset_agrees_with_the_training_configuration():
    assert lint(load_mapping(TRAINING), SCHEMA) == ()


@pytest.mark.skipif(not DERIVED.exists(), reason="the derived $metadata of the training configuration is not here")
def test_the_preset_agrees_with_derived_metadata():
    metadata = pytest.importorskip("adapter.onec.metadata", reason="there is no reader of $metadata yet")
    assert lint(load_mapping(TRAINING), metadata.parse_metadata(DERIVED.read_bytes())) == ()


HEADER = "      Customer_Key: {from: customer}\n"
COLUMN = "        Quantity: {from: line.quantity}\n"
TEXT, NUMBER, DATE = "holds a text (Edm.String)", "holds a number (Edm.Double)", "holds a date (Edm.DateTime)"
H, R = "documents.sales_order.header", "documents.sales_order.rows"
REG = "InformationRegister_Barcodes"
RATES = "rate: InformationRegister_Rates"
O = "Document_SalesOrder"  # noqa: E741 - it stands in half of the lines below

CASES = [
    ("a column", [("Quantity: {", "Qty: {")],
     [("Qty", 0, f'{R}.Products.Qty: {O} has no property "Qty" in Products; did you mean "Quantity"?')]),
    ("a property", [(HEADER, "      Customer: {from: customer}\n"), ("email: {from", "mail: {from")],
     [("      Customer:", 6, f'{H}.Customer: {O} has no property "Customer"; did you mean "Customer_Key"?'),
      ("mail: {from", 0, 'customers.create.mail: Catalog_Customers has no property "mail"; did you mean "email"?')]),
    ("a section", [("      Products:\n", "      Product:\n"), ("total: {rows: Products", "total: {rows: Product")],
     [("      Product:", 6, f'{R}.Product: {O} has no tabular section "Product"; did you mean "Products"?')]),
    ("a section in the header", [(HEADER, HEADER + "      Services: {const: 1}\n")],
     [("Services", 0, f"{H}.Services: Services is a tabular section of {O}; it belongs below rows")]),
    ("entity sets", [("entity_set: Document_SalesOrder\n", "entity_set: Document_SaleOrder\n"),
                     ("entity_set: Catalog_Customers", "entity_set: Katalog"),
                     ("entity_set: Catalog_Products", "entity_set: Document_SalesOrder_Products")],
     [("Document_SaleOrder", 0, "documents.sales_order.entity_set: the infobase publishes no Document_SaleOrder; "
                                'did you mean "Document_SalesOrder"?'),
      ("Katalog", 0, "customers.entity_set: the infobase publishes no Katalog; is it ticked in 1C for the OData "
                     "interface?"),
      ("Document_SalesOrder_P", 0, "products.entity_set: Document_SalesOrder_Products holds rows or records, not "
                                   "documents or catalog elements")]),
    ("written by others", [(HEADER, HEADER + '      Posted: {const: true}\n      Ref_Key: {const: "x"}\n'),
                           ("    sku: {from: line.sku}", "    sku: {from: line.sku}\n    DeletionMark: {const: false}"),
                           ("unpost_and_mark\n", '{set: {DataVersion: {const: "x"}}}\n')],
     [("Posted", 0, f"{H}.Posted: Posted is not written by a mapping: say post: true or on_cancel: unpost_and_mark"),
      ("Ref_Key: {c", 0, f"{H}.Ref_Key: Ref_Key is not written by a mapping: the adapter chooses it"),
      ("DataVersion", 0, "documents.sales_order.on_cancel.set.DataVersion: DataVersion is not written by a mapping: "
                         "1C keeps it"),
      ("DeletionMark", 0, "products.create.DeletionMark: DeletionMark is not written by a mapping: say on_cancel: "
                          "unpost_and_mark")]),
    ("kinds", [(HEADER, HEADER + "      Paid: {from: order.id}\n      Priority: {from: order.total}\n"
                                 "      Picture: {from: order.id}\n      External: {from: order.id}\n"),
               ("Date: {from: order.purchased_at}", "Date: {text: '{order.purchased_at}'}"),
               ("Price: {from: line.unit_price}", "Price: {from: line.sku}\n        Note: {from: line.amount}\n"
                                                  "        Pieces: {from: line.quantity}")],
     [("{text: '", 7, f"{H}.Date.text: {O}.Date {DATE}, but this is a text; take another value"),
      ("Paid: {from: ", 13, f'{H}.Paid.from: {O}.Paid holds true or false (Edm.Boolean), but "order.id" is a text; '
                            "take another value"),
      ("Priority: {from: ", 17, f'{H}.Priority.from: {O}.Priority holds a whole number (Edm.Int16), but "order.total" '
                                "is a number with a fraction; add round: 0"),
      ("Picture: {from: ", 16, f"{H}.Picture.from: {O}.Picture holds what cannot be sent as a value (Edm.Stream), but "
                               '"order.id" is a text; take another value'),
      ("External: {from: ", 17, f"{H}.External.from: {O}.External holds a reference (Edm.Guid), but "
                                '"order.id" is a text; take another value'),
      ("Price: {from: ", 14, f'{R}.Products.Price.from: {O}.Products.Price {NUMBER}, but "line.sku" is a text; '
                             "take another value"),
      ("Note: {from: ", 13, f'{R}.Products.Note.from: {O}.Products.Note {TEXT}, but "line.amount" is a number; '
                            'a text of it is written {text: "{...}"}')]),
    ("constants", [(HEADER, HEADER + "      Paid: {const: 1}\n      Priority: {const: 1.5}\n      Total: {const: '5'}\n"
                                     "      External: {const: abc}\n"),
                   ("Date: {from: order.purchased_at}", "Date: {from: order.ship_by, default: '1.5.26'}"),
                   ("Comment: {text: \"Amazon {order.id}, {order.marketplace.country}\"}",
                    "Comment: {map: ship_to.country, table: {DE: 5, FR: a}, otherwise: true}")],
     [("1.5.26", -1, f"{H}.Date.default: {O}.Date {DATE}: write the date as \"2026-05-01T00:00:00\""),
      ("Paid: {const: ", 14, f"{H}.Paid.const: {O}.Paid holds true or false (Edm.Boolean): write true or false"),
      ("Priority: {const: ", 18, f"{H}.Priority.const: {O}.Priority holds a whole number (Edm.Int16): write a number "
                                 "without a fraction"),
      ("Total: {const: ", 15, f"{H}.Total.const: {O}.Total {NUMBER}: write a number without quotes"),
      ("External: {const: ", 18, f"{H}.External.const: {O}.External holds a reference (Edm.Guid): write a lookup, or "
                                 "a guid in quotes"),
      ("DE: 5", 4, f"{H}.Comment.table.DE: {O}.Comment {TEXT}: put the value in quotes"),
      ("otherwise: true", 11, f"{H}.Comment.otherwise: {O}.Comment {TEXT}: put the value in quotes")]),
    ("too large", [(HEADER, HEADER + "      Priority: {const: 40000}\n")],
     [("40000", 0, f"{H}.Priority.const: {O}.Priority holds a whole number (Edm.Int16): the number is too large "
                   "for it")]),
    ("good constants", [(HEADER, HEADER + "      Paid: {const: true}\n      Priority: {const: 3}\n"
                                          "      Total: {const: 5.5}\n      External: {const: "
                                          "00000000-0000-0000-0000-000000000000}\n"),
                        ("Date: {from: order.purchased_at}", "Date: {const: '2026-05-01T00:00:00'}")], []),
    ("the order id", [("order_id: Number", "order_id: External"),
                      (HEADER, HEADER + "      External: {from: order.id}\n")],
     [("order_id: E", 10, f"documents.sales_order.order_id: {O}.External holds a reference; an order id needs a text"),
      ("External: {from: ", 17, f"{H}.External.from: {O}.External holds a reference (Edm.Guid), but "
                                '"order.id" is a text; take another value')]),
    ("the total", [("property: Amount", "property: Product_Key")],
     [("property: P", 10, "documents.sales_order.total.property: Product_Key holds a reference; a sum needs a "
                          "number")]),
    ("lookups", [('{sku: "AMZ-TIP"}', "{SKU: x, Weight: heavy, Code: 5}")],
     [("SKU: x", 0, 'charges.tip.row.product.where.SKU: Catalog_Products has no property "SKU"; did you mean "sku"?'),
      ("Weight: heavy", 8, f"charges.tip.row.product.where.Weight: Catalog_Products.Weight {NUMBER}: write a number "
                           "without quotes"),
      ("Code: 5", 6, f"charges.tip.row.product.where.Code: Catalog_Products.Code {TEXT}: put the value in quotes")]),
    ("lookups elsewhere", [('Catalog_Products, where: {sku: "AMZ-TIP"}', 'Catalog_Services, where: {Code: "TIP"}'),
                           ("pooled: {lookup: Catalog_Customers", "pooled: {lookup: Catalog_Services"),
                           (HEADER, "      Customer_Key: {map: order.currency, table: {EUR: {lookup: Catalog_Products, "
                                    "where: {sku: x}}}}\n")],
     [("EUR: {lookup: ", 14, f"{H}.Customer_Key.table.EUR.lookup: {O}.Customer_Key refers to Catalog_Customers, "
                             "but this is one of Catalog_Products"),
      ('Catalog_Services, where: {Code: "TIP"}', 0, f"charges.tip.row.product.lookup: {O}.Products.Product_Key refers "
                                                    "to Catalog_Products, but this is one of Catalog_Services"),
      ("pooled: {lookup: ", 17, "customers.match[1].pooled.lookup: customers are in Catalog_Customers "
                                "(customers.entity_set), but this is one of Catalog_Services")]),
    ("references", [(HEADER, HEADER + "      Comment: {from: customer}\n"),
                    ("      Comment: {text: \"Amazon", "      Paid: {text: \"Amazon"),
                    ("Product_Key: {from: product}", "Product_Key: {from: customer}")],
     [("Comment: {from: ", 16, f'{H}.Comment.from: {O}.Comment {TEXT}, but "customer" is a reference; '
                               "take another value"),
      ("Paid: {text: ", 13, f"{H}.Paid.text: {O}.Paid holds true or false (Edm.Boolean), but this is a text; "
                            "take another value"),
      ("Product_Key: {from: ", 20, f"{R}.Products.Product_Key.from: {O}.Products.Product_Key refers to "
                                   "Catalog_Products, but this is one of Catalog_Customers")]),
    ("read", [("read: {name: Description}", "read: {name: Rating}"), ("read: {sku: sku,", "read: {sku: skuu,")],
     [("read: {name: R", 13, "customers.read.name: Catalog_Customers.Rating holds a whole number; a text is needed"),
      ("read: {sku: skuu", 12, 'products.read.sku: Catalog_Products has no property "skuu"; did you mean "sku"?')]),
    ("read besides", [("read: {name: Description}", "read: {name: Description, rate: Rating, kind: Kynd}"),
                      ("read: {sku: sku,", "read: {weight: Weight, sku: sku,")],
     [("read: {name: Description, r", 32, "customers.read.rate: Catalog_Customers.Rating holds a whole number; only "
                                          "texts and references can be read"),
      ("kind: Kynd", 6, 'customers.read.kind: Catalog_Customers has no property "Kynd"'),
      ("weight: Weight", 8, "products.read.weight: Catalog_Products.Weight holds a number; only texts and references "
                            "can be read")]),
    ("targets of what is read", [("read: {name: Description}", "read: {name: Description, other: Main_Key, contract: "
                                  "{owned: Catalog_Contracts, where: {Kind: sale}}}"),
                                 (HEADER, "      Customer_Key: {from: customer.contract}\n      External: {from: "
                                          "customer.other}\n      Payer: {from: customer.contract}\n      Payer_Type: "
                                          '{const: "StandardODATA.Catalog_Customers"}\n'),
                                 ("Product_Key: {from: product}", "Product_Key: {from: customer.other}")],
     [("Customer_Key: {from: ", 21, f"{H}.Customer_Key.from: {O}.Customer_Key refers to Catalog_Customers, but this is "
                                    "one of Catalog_Contracts"),
      ("Payer_Type: {const: ", 20, f"{H}.Payer_Type.const: must be StandardODATA.Catalog_Contracts, where Payer leads"),
      ("Product_Key: {from: ", 20, f"{R}.Products.Product_Key.from: {O}.Products.Product_Key refers to "
                                   "Catalog_Products, but this is one of Catalog_Services")]),
    ("what charges lack", [("Quantity: {from: line.quantity}", "Quantity: {from: line.quantity}\n"
                                                               "        Note: {text: '{product.name}'}"),
                           ('Catalog_Products, where: {sku: "AMZ-TIP"}', 'Catalog_Services, where: {Code: "TIP"}')],
     [('Catalog_Services, where: {Code: "TIP"}', 0, f"charges.tip.row.product.lookup: {O}.Products.Product_Key refers "
                                                    "to Catalog_Products, but this is one of Catalog_Services"),
      ('Catalog_Services, where: {Code: "TIP"}', 0, "charges.tip.row.product.lookup: product.name is read from "
                                                    "Catalog_Products (products.entity_set), but this is one of "
                                                    "Catalog_Services")]),
    ("owned elements", [("read: {name: Description}", "read: {name: Description, a: {owned: Catalog_Contrcts}, "
                         "b: {owned: Catalog_Contracts, where: {Kynd: x, Kind: 5}}, c: {owned: Catalog_Services}, "
                         "d: {owned: Catalog_Addresses}, f: {owned: Catalog_Contracts, by: Kind}, "
                         "g: {owned: Catalog_Contracts, by: Owner_Key}}"),
                        ("read: {sku: sku,", "read: {e: {owned: Catalog_Contracts}, sku: sku,")],
     [("Catalog_Contrcts", 0, "customers.read.a.owned: the infobase publishes no Catalog_Contrcts; did you mean "
                              '"Catalog_Contracts"?'),
      ("Kynd", 0, 'customers.read.b.where.Kynd: Catalog_Contracts has no property "Kynd"; did you mean "Kind"?'),
      ("Kind: 5", 6, "customers.read.b.where.Kind: Catalog_Contracts.Kind holds a text (Edm.String): put the value in "
                     "quotes"),
      ("c: {owned: ", 11, "customers.read.c.owned: elements of Catalog_Services have no owner"),
      ("by: Kind", 4, 'customers.read.f.by: Catalog_Contracts has no reference "Kind"'),
      ("e: {owned: ", 11, "products.read.e.owned: elements of Catalog_Contracts belong to Catalog_Customers, not to "
                          "Catalog_Products")]),
    *(
        (f"barcodes: {name}", [("read: {sku: sku,", f"read: {{barcode: {barcode}, sku: sku,")],
         [(anchor, offset, f"products.read.barcode{message}")])
        for name, barcode, anchor, offset, message in (
            ("property", "skuu", "skuu", 0, ': Catalog_Products has no property "skuu"; did you mean "sku"?'),
            ("number", "Weight", "Weight", 0, ": Catalog_Products.Weight holds a number; a text is needed"),
            ("register", f"{{register: {REG}x, barcode: Code, product: Product_Key}}", f"{REG}x", 0,
             f'.register: the infobase publishes no {REG}x; did you mean "{REG}"?'),
            ("catalog", "{register: Catalog_Services, barcode: Code, product: Product_Key}", "Catalog_Services", 0,
             ".register: Catalog_Services holds documents or catalog elements, not records of a register"),
            ("sets of records", "{register: InformationRegister_Written, barcode: Code, product: Product_Key}",
             "InformationRegister_Written", 0, ".register: InformationRegister_Written holds sets of records that "
             "documents write; the records are in InformationRegister_Written_RecordType"),
            ("barcode", f"{{register: {REG}, barcode: Coda, product: Product_Key}}", "Coda", 0,
             f'.barcode: {REG} has no property "Coda"; did you mean "Code"?'),
            ("a number", f"{{register: {REG}, barcode: Number, product: Product_Key}}", "barcode: Number", 9,
             f".barcode: {REG}.Number holds a whole number; a barcode is a text"),
            ("product", f"{{register: {REG}, barcode: Code, product: Produkt_Key}}", "Produkt_Key", 0,
             f'.product: {REG} has no property "Produkt_Key"; did you mean "Product_Key"?'),
            ("another catalog", f"{{register: {REG}, barcode: Code, product: Owner_Key}}", "Owner_Key", 0,
             f".product: {REG}.Owner_Key refers to Catalog_Customers, not to Catalog_Products"),
            ("no reference", f"{{register: {REG}, barcode: Code, product: Code}}", "product: Code", 9,
             f".product: {REG}.Code holds a text; a reference to the product is needed"),
            ("empty", f"{{register: {REG}, barcode: Code, product: Any, empty: [Pack_Key, Pak_Key]}}", "Pak_Key", 0,
             f'.empty[2]: {REG} has no property "Pak_Key"; did you mean "Pack_Key"?'),
        )
    ),
    ("good barcodes", [("read: {sku: sku,", f"read: {{barcode: {{register: {REG}, barcode: Code, product: Any, "
                                            "empty: [Pack_Key]}, sku: sku,")], []),
    *(
        (f"evidence: {key}: {value}", [("read: {name: Description}", f"read: {{name: Description, {key}: {value}}}"),
                              ("infobase:\n", "enumerations: {Catalog_Customers: {email: Priorities, Contacts.Kind: "
                                              "Priorities}}\ninfobase:\n")],
         [(anchor, offset, f"customers.read.{key}{message}")])
        for key, value, anchor, offset, message in (
            ("email", "emial", "emial", 0, ': Catalog_Customers has no property "emial"; did you mean "email"?'),
            ("email", "[email, emial]", "emial", 0, '[2]: Catalog_Customers has no property "emial"; did you mean '
             '"email"?'),
            ("phone", "{value: Phnoe}", "Phnoe", 0, '.value: Catalog_Customers has no property "Phnoe"'),
            ("phone", "Rating", "phone: R", 7, ": Catalog_Customers.Rating holds a whole number; a text is needed"),
            ("email", "Mail", "Mail}", 0, ": Mail is a column of Contacts; write {section: Contacts, value: Mail}"),
            ("email", "[Contacts]", "Contacts]", 0, "[1]: Contacts is a tabular section of Catalog_Customers; write "
             "{section: Contacts, value: ...}"),
            ("email", "{section: Contact, value: Mail}", "section: C", 9, ".section: Catalog_Customers has no tabular "
             'section "Contact"; did you mean "Contacts"?'),
            ("email", "{section: Contacts, value: Mial}", "Mial", 0, ".value: Catalog_Customers has no property "
             '"Mial" in Contacts; did you mean "Mail"?'),
            ("email", "{section: Contacts, value: Count}", "Count", 0, ".value: Catalog_Customers.Contacts.Count holds "
             "a whole number; a text is needed"),
            ("email", "{section: Contacts, value: Mail, where: {Knd: Low}}", "Knd", 0, ".where.Knd: Catalog_Customers "
             'has no property "Knd" in Contacts; did you mean "Kind"?'),
            ("email", "{section: Contacts, value: Mail, where: {Kind: Lo}}", "Lo}", 0, ".where.Kind: "
             'Catalog_Customers.Contacts.Kind has no value "Lo"; did you mean "Low"?'),
            ("email", "{section: Contacts, value: Mail, where: {Main: 1}}", "1}}", 0, ".where.Main: "
             "Catalog_Customers.Contacts.Main holds true or false (Edm.Boolean): write true or false"),
            ("phone", "{through: Partner, value: Phone}", "Partner,", 0, '.through: Catalog_Customers has no reference '
             '"Partner"; did you mean "Partner_Key"?'),
            ("phone", "{through: Lost_Key, value: Phone}", "Lost_Key", 0, ".through: Catalog_Customers.Lost_Key leads "
             "to what the infobase does not publish; tick it in 1C for OData"),
            ("phone", "{through: Partner_Key, value: Phne}", "Phne", 0, '.value: Catalog_Partners has no property '
             '"Phne"; did you mean "Phone"?'),
            ("phone", "{through: Partner_Key, value: Site}", "Site}", 0, ".value: Site is a column of Contacts; write "
             "{section: Contacts, value: Site}"),
            ("phone", "[{through: Partner_Key, section: Contcts, value: Site}]", "Contcts", 0, "[1].section: "
             'Catalog_Partners has no tabular section "Contcts"; did you mean "Contacts"?'),
            ("city", "{owned: Catalog_Adresses, value: Code}", "Catalog_Adresses", 0, ".owned: the infobase publishes "
             'no catalog Catalog_Adresses; did you mean "Catalog_Addresses"?'),
            ("city", f"{{owned: {REG}, value: Any}}", f"owned: {REG}", 7, f".owned: {REG} holds rows or records, not "
             "elements of a catalog; for records write register and customer"),
            ("city", "{owned: Catalog_Services, value: Code}", "owned: C", 7, ".owned: elements of Catalog_Services "
             "have no owner"),
            ("city", "{owned: Catalog_Contracts, value: Kynd}", "Kynd", 0, '.value: Catalog_Contracts has no property '
             '"Kynd"; did you mean "Kind"?'),
            ("city", "{owned: Catalog_Contracts, by: Ownr_Key, value: Kind}", "Ownr_Key", 0, '.by: Catalog_Contracts '
             'has no reference "Ownr_Key"; did you mean "Owner_Key"?'),
            ("city", "{owned: Catalog_Customers, by: Main_Key, value: Code}", "Main_Key", 0, ".by: elements of "
             "Catalog_Customers belong to Catalog_Services, not to Catalog_Customers"),
            ("city", f"{{register: {REG}x, customer: Owner_Key, value: Any}}", f"{REG}x", 0, ".register: the infobase "
             f'publishes no {REG}x; did you mean "{REG}"?'),
            ("city", "{register: Catalog_Contracts, customer: Owner_Key, value: Kind}", "Catalog_Contracts", 0,
             ".register: Catalog_Contracts holds documents or catalog elements, not records of a register"),
            ("city", f"{{register: {REG}, customer: Onwer_Key, value: Any}}", "Onwer_Key", 0, f'.customer: {REG} has '
             'no property "Onwer_Key"; did you mean "Owner_Key"?'),
            ("city", f"{{register: {REG}, customer: Product_Key, value: Any}}", "customer: P", 10, f".customer: {REG}."
             "Product_Key refers to Catalog_Products, not to Catalog_Customers"),
            ("city", f"{{register: {REG}, customer: Code, value: Any}}", "customer: Code", 10, f".customer: {REG}.Code "
             "holds a text; a reference to the customer is needed"),
            ("city", f"{{register: {REG}, customer: Any, value: Number}}", "value: Number", 7, f".value: {REG}.Number "
             "holds a whole number; a text is needed"),
            ("kind", "{value: emial, person: [Low]}", "emial", 0, '.value: Catalog_Customers has no property "emial"; '
             'did you mean "email"?'),
            ("kind", "{value: Rating, person: [Low]}", "Rating", 0, ".value: Catalog_Customers.Rating holds a whole "
             "number; a text is needed"),
            ("kind", "{value: email, person: [Low], company: [High, Hihg]}", "Hihg", 0, ".company[2]: "
             'Catalog_Customers.email has no value "Hihg"; did you mean "High"?'),
        )
    ),
    ("good evidence", [("read: {name: Description}",
                        "read: {name: Description, phone: [email, {section: Contacts, value: Mail, where: {Main: "
                        "true}}, {through: Partner_Key, value: Phone}, {through: Partner_Key, section: Contacts, "
                        "value: Site}, {owned: Catalog_Addresses, value: Code}, {register: "
                        "InformationRegister_Barcodes, customer: Owner_Key, value: Any}], "
                        "kind: {value: email, company: [x]}}"),
                       ("read: {sku: sku,", "read: {country: Country_Key, sku: sku,")], []),
    ("an ASIN that is a reference", [("read: {sku: sku,", "read: {asin: Country_Key, sku: sku,")],
     [("asin: C", 6, "products.read.asin: Catalog_Products.Country_Key holds a reference; a text is needed")]),
    ("lengths", [("infobase:\n", "lengths: {Document_SalesOrdr: {Number: 20}, Document_SalesOrder: {Numer: 20, "
                                 "Paid: 5, Products.Nte: 9, Products.Note: 9}}\ninfobase:\n")],
     [("Document_SalesOrdr", 0, "lengths.Document_SalesOrdr: the infobase publishes no Document_SalesOrdr; did you "
                                'mean "Document_SalesOrder"?'),
      ("Numer:", 0, f'lengths.{O}.Numer: {O} has no property "Numer"; did you mean "Number"?'),
      ("Paid: 5", 0, f"lengths.{O}.Paid: {O}.Paid holds true or false; only texts have a length"),
      ("Products.Nte", 0, f'lengths.{O}.Products.Nte: {O} has no property "Products.Nte"; did you mean '
                          '"Products.Note"?')]),
    ("values of enumerations", [
        ("infobase:\n", "enumerations: {Document_SalesOrder: {Comment: Priorities, Products.Note: Priorities}, "
                        "Catalog_Products: {sku: Priorities}, Catalog_Contracts: {Kind: Priorities}}\ninfobase:\n"),
        ('Comment: {text: "Amazon {order.id}, {order.marketplace.country}"}', 'Comment: {const: "Hihg"}'),
        (COLUMN, COLUMN + '        Note: {map: product.kind, table: {Low: "Low", Lo: ""}, otherwise: "Middle"}\n'),
        ("read: {sku: sku,", "read: {kind: sku, a: {owned: Catalog_Contracts, by: Owner_Key, where: {Kind: Hig}}, "
                             "sku: sku,"),
     ],
     [("Hihg", -1, f'{H}.Comment.const: {O}.Comment has no value "Hihg"; did you mean "High"?'),
      ("Lo: ", 0, f'{R}.Products.Note.table.Lo: Catalog_Products.sku has no value "Lo"; did you mean "Low"?'),
      ("Middle", -1, f'{R}.Products.Note.otherwise: {O}.Products.Note has no value "Middle"; it knows Low, High'),
      *((f'"{sku}"', 0, f'charges.{kind}.row.product.where.sku: Catalog_Products.sku has no value "{sku}"; it knows '
         "Low, High") for kind, sku in (("shipping", "AMZ-SHIPPING"), ("gift_wrap", "AMZ-GIFTWRAP"),
                                        ("cod_fee", "AMZ-COD"), ("tip", "AMZ-TIP"))),
      ("by: Owner_Key", 4, "products.read.a.by: elements of Catalog_Contracts belong to Catalog_Customers, not to "
                       "Catalog_Products"),
      ("Hig}", 0, 'products.read.a.where.Kind: Catalog_Contracts.Kind has no value "Hig"; did you mean "High"?')]),
    *(
        (f"rates: {name}", [(HEADER, HEADER + f"      {prop}: {{{rate}, of: Customer_Key}}\n")],
         [(anchor, offset, f"{H}.{prop}.{message}")])
        for name, prop, rate, anchor, offset, message in (
            ("register", "Total", "rate: InformationRegister_Rate, give: Rate, currency: Customer_Key",
             "InformationRegister_Rate,", 0, "rate: the infobase publishes no InformationRegister_Rate; did you mean "
             '"InformationRegister_Rates"?'),
            ("no days", "Total", f"rate: {REG}, give: Rate, currency: Customer_Key", f"rate: {REG}", 6,
             f"rate: {REG} keeps nothing by days: it has no Period"),
            ("column", "Total", f"{RATES}, give: Rat, currency: Customer_Key", "give: Rat,", 6,
             'give: InformationRegister_Rates has no property "Rat"; did you mean "Rate"?'),
            ("currency", "Total", f"{RATES}, give: Rate, currency: Customr_Key", "Customr_Key", 0,
             'currency: InformationRegister_Rates has no property "Customr_Key"; did you mean "Customer_Key"?'),
            ("no number", "Total", f"{RATES}, give: Name, currency: Customer_Key", "give: Name", 6,
             "give: InformationRegister_Rates.Name holds a text; a number is needed"),
            ("no whole number", "Priority", f"{RATES}, currency: Customer_Key, give: Rate", "give: Rate, of", 6,
             f"give: {O}.Priority holds a whole number, but Rate is a number"),
            ("no reference", "Total", f"{RATES}, give: Rate, currency: Name", "currency: N", 10,
             "currency: InformationRegister_Rates.Name holds a text; a reference is needed"),
            ("another catalog", "Total", f"{RATES}, give: Rate, currency: Service_Key", "currency: S", 10,
             "currency: InformationRegister_Rates.Service_Key refers to Catalog_Services, but Customer_Key to "
             "Catalog_Customers"),
        )
    ),
    ("good rates", [(HEADER, HEADER + "".join(f"      {prop}: {{{RATES}, give: {column}, currency: Customer_Key, "
                                              "of: Customer_Key}\n" for prop, column in (("Total", "Rate"),
                                                                                         ("Priority", "Units"))))], []),
    ("enumerations", [("infobase:\n", "enumerations: {Document_SalesOrdr: {A: B}, Document_SalesOrder: {"
                                      "Comnt: Priorities, Paid: Priorities, Payer: Prioritys, "
                                      "Products.Note: Unheard}}\ninfobase:\n")],
     [("Document_SalesOrdr", 0, "enumerations.Document_SalesOrdr: the infobase publishes no Document_SalesOrdr; did "
                                'you mean "Document_SalesOrder"?'),
      ("Comnt:", 0, f'enumerations.{O}.Comnt: {O} has no property "Comnt"; did you mean "Comment"?'),
      ("Paid: P", 0, f"enumerations.{O}.Paid: {O}.Paid takes no values of an enumeration"),
      ("Prioritys", 0, f"enumerations.{O}.Payer: the infobase publishes no enumeration Prioritys; did you mean "
                       '"Priorities"?')]),
    ("half a pair", [(HEADER, HEADER + "      Payer: {from: customer}\n")],
     [("Payer", 0, f"{H}.Payer: {O}.Payer can hold several types; write Payer_Type too, such as "
                   '{const: "StandardODATA.Catalog_..."}')]),
    ("the other half", [(HEADER, HEADER + '      Payer_Type: {const: "StandardODATA.Catalog_Customers"}\n')],
     [("Payer_Type", 0, f"{H}.Payer_Type: Payer_Type is the type of Payer; write Payer too")]),
    ("a pair of two minds", [(HEADER, HEADER + "      Payer: {from: customer}\n"
                                               '      Payer_Type: {const: "StandardODATA.Catalog_Products"}\n')],
     [("Payer_Type: {const: ", 20, f"{H}.Payer_Type.const: must be StandardODATA.Catalog_Customers, where Payer "
                                   "leads")]),
    ("a pair without such a type", [(HEADER, HEADER + "      Payer: {text: x}\n"
                                                      '      Payer_Type: {const: "StandardODATA.Catalog_Custmers"}\n')],
     [("Payer_Type: {const: ", 20, f'{H}.Payer_Type.const: "StandardODATA.Catalog_Custmers" is no type of this '
                                   'infobase; did you mean "StandardODATA.Catalog_Customers"?')]),
    ("good pairs", [(HEADER, HEADER + "      Payer: {from: customer}\n"
                                      '      Payer_Type: {const: "StandardODATA.Catalog_Customers"}\n')], []),
    ("rows of services", [("      Products:\n        # goods", "      Services:\n        each: [shipping]\n"
                           "        Service_Key: {from: product}\n        Amount: {from: line.amount}\n"
                           "      Products:\n        # goods")],
     [('Catalog_Products, where: {sku: "AMZ-S', 0, "charges.shipping.row.product.lookup: "
       f"{O}.Services.Service_Key refers to Catalog_Services, but this is one of Catalog_Products")]),
]  # fmt: skip


@pytest.mark.parametrize(("replacements", "messages"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_disagreements(tmp_path, replacements, messages):
    text = changed(*replacements)
    wanted = []
    for anchor, offset, message in messages:
        assert text.count(anchor) == 1, f"{anchor!r} stands {text.count(anchor)} times"
        index = text.index(anchor) + offset
        column = index - text.rfind("\n", 0, index)
        wanted.append(f"{text.count(chr(10), 0, index) + 1}:{column} {message}")
    assert lint_text(tmp_path, text) == wanted


def test_parts_of_a_unit_are_no_whole_numbers(tmp_path):
    text = changed(
        ("  # aliases: products.csv", "  aliases: products.csv"), (COLUMN, COLUMN.replace("Quantity", "Pieces"))
    )
    line = text[: text.index("Pieces")].count("\n") + 1
    (tmp_path / "products.csv").write_text("seller_sku;sku;multiplier\nA;B;6\n")
    assert lint_text(tmp_path, text) == []
    (tmp_path / "products.csv").write_text("seller_sku;sku;multiplier\nA;B;6\nC;D;0.5\n")
    assert lint_text(tmp_path, text) == [
        f"{line}:24 {R}.Products.Pieces.from: {O}.Products.Pieces holds a whole number (Edm.Int64), but "
        '"line.quantity" is a number, and the table of aliases sells parts of a unit; write whole multipliers there'
    ]


def test_posting(tmp_path):
    text = TRAINING.read_text()
    post, cancel = (text[: text.index(key)].count("\n") + 1 for key in ("    post: true", "    on_cancel:"))

    def schema(*functions: str) -> Schema:
        order = replace(ORDER, functions=frozenset(functions))
        return replace(SCHEMA, entity_sets={**SCHEMA.entity_sets, order.name: order})

    assert lint_text(tmp_path, text, schema()) == [
        f"{post}:11 documents.sales_order.post: Document_SalesOrder cannot be posted: the infobase has no Post for it; "
        "write post: false"
    ]
    assert lint_text(tmp_path, text, schema("Post")) == [
        f"{cancel}:16 documents.sales_order.on_cancel: Document_SalesOrder cannot be unposted: the infobase has no "
        "Unpost for it; write hold"
    ]
    assert lint_text(tmp_path, text.replace("post: true", "post: false"), schema()) == []


def test_variants(tmp_path):
    text = TRAINING.read_text() + (
        "variants:\n  - when: {fulfilled_by: AMAZON}\n    documents:\n      sales_order:\n"
        "        header: {Warehouse: {const: x}, Payer: {from: customer}}\n"
        "        rows: {Products: {Pric: {from: line.amount}}, Services: {each: [tip], Amount: {from: line.sku}}}\n"
        "    charges: {tip: {row: {product: {lookup: Catalog_X, where: {Code: '1'}}}}}\n"
    )
    line = text.count("\n")
    assert lint_text(tmp_path, text) == [
        f'{line - 2}:18 variants[1].documents.sales_order.header.Warehouse: {O} has no property "Warehouse"',
        f"{line - 2}:41 variants[1].documents.sales_order.header.Payer: {O}.Payer can hold several types; write "
        'Payer_Type too, such as {const: "StandardODATA.Catalog_..."}',
        f'{line - 1}:27 variants[1].documents.sales_order.rows.Products.Pric: {O} has no property "Pric" in Products; '
        'did you mean "Price"?',
        f"{line - 1}:94 variants[1].documents.sales_order.rows.Services.Amount.from: {O}.Services.Amount {NUMBER}, but "
        '"line.sku" is a text; take another value',
        f"{line}:45 variants[1].charges.tip.row.product.lookup: the infobase publishes no Catalog_X; is it ticked in "
        "1C for the OData interface?",
    ]


# The preset with its comments blanked, so that places stay the same.
_BARE = re.sub(r"#.*", lambda comment: " " * len(comment.group()), TRAINING.read_text())
# Every name of the infobase in the preset: where it begins in the text.
_NAMES = [
    (match.start(1), match.group(1))
    for pattern in (
        r"^      (\w+): \{(?:from|text)",  # header
        r"^        (\w+_Key|Quantity|Price|Amount): ",  # columns
        r"^      (Products):",
        r"^    (Description|email|sku): \{from",  # create
        r"where: \{(\w+):",
        r"(?:read: \{|, )(?:name|sku): (\w+)",
        r"(?:entity_set|lookup): (\w+)",
        r"order_id: (\w+)",
        r"rows: (Products), ",
        r"property: (\w+)",
    )
    for match in re.finditer(pattern, _BARE, re.MULTILINE)
]


@settings(deadline=None)
@given(name=st.sampled_from(_NAMES), data=st.data())
def test_a_typo_in_any_name_is_found_in_its_line(tmp_path_factory, name, data):
    start, word = name
    position = data.draw(st.integers(0, len(word) - 1))
    letter = data.draw(st.sampled_from("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_Щ"))
    kind = data.draw(st.sampled_from(["replace", "insert", "delete"]))
    typo = word[:position] + (letter if kind != "delete" else "") + word[position + (kind != "insert") :]
    if typo == word:
        return
    text = TRAINING.read_text()
    text = text[:start] + typo + text[start + len(word) :]
    line = text.count("\n", 0, start) + 1
    path = tmp_path_factory.getbasetemp() / "typo.yaml"
    path.write_text(text)
    try:
        found = lint(load_mapping(path), SCHEMA)
    except ConfigurationError as error:
        found = error.problems
    lines = {int(problem.removeprefix(f"{path}:").partition(":")[0]) for problem in found}
    # A changed key may also be missed elsewhere: the total, the order id, or its own line tells.
    named = {number for number, content in enumerate(text.splitlines(), 1) if word in content}
    assert line in lines or lines & named, (typo, found)
