"""Mapping files: what is refused, word for word, and that the preset is right."""

from __future__ import annotations

import json
import time
from decimal import Decimal
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from adapter.errors import ConfigurationError
from adapter.mapping.aliases import Alias
from adapter.mapping.load import load_mapping, mapping_schema
from adapter.mapping.policies import Pooled
from adapter.mapping.presets import preset_names, preset_path
from adapter.share import share_directory
from adapter.yamlfile import load_yaml

TRAINING = preset_path("training")


def at(text: str, line_of: str, column: int) -> str:
    """`shop.yaml:line:column` of the first line that contains a text."""
    line = next(number for number, content in enumerate(text.splitlines(), 1) if line_of in content)
    return f"shop.yaml:{line}:{column}"


@pytest.fixture
def shop(tmp_path, monkeypatch):
    """Writes the preset with some texts replaced to shop.yaml in the current folder; gives its text."""
    monkeypatch.chdir(tmp_path)

    def write(*replacements: tuple[str, str]) -> str:
        text = TRAINING.read_text()
        for old, new in replacements:
            assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the preset"
            text = text.replace(old, new)
        Path("shop.yaml").write_text(text)
        return text

    return write


def problems() -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        load_mapping(Path("shop.yaml"))
    return list(caught.value.problems)


def test_the_preset_loads():
    loaded = load_mapping(TRAINING)
    assert loaded.rules.documents["sales_order"].entity_set == "Document_SalesOrder"
    assert isinstance(loaded.rules.customers.match[0], Pooled)
    assert loaded.rules.customers.otherwise == "hold"
    assert loaded.aliases == {}
    assert loaded.files == (TRAINING,)
    assert len(loaded.version) == 12
    assert "training" in preset_names()


def test_one_word_switches_to_creating_customers(shop):
    shop(
        (
            "  otherwise: hold\n  create:\n    Description: {from: buyer.company_or_name}",
            "  otherwise: create\n  create:\n    Description: {from: buyer.company_or_name}",
        )
    )
    assert load_mapping(Path("shop.yaml")).rules.customers.otherwise == "create"


ROWS_OF = "      Products:\n        # goods"
BROKEN = [
    ("path", [("Number: {from: order.id}", "Number: {from: order.idd}")],
     [("order.idd", 22, 'documents.sales_order.header.Number.from: there is no path "order.idd"; '
                        'did you mean "order.id"?')]),
    ("template", [("Amazon {order.id}, {order.m", "{order.id, {order.m")],
     [("Comment: {text", 23, 'documents.sales_order.header.Comment.text: there is no path '
                             '"order.id, {order.marketplace.country"; did you mean "order.marketplace.country"?')]),
    ("form of a value", [("{from: product}", "{form: product}"), ("{from: line.quantity}", "line.quantity")],
     [("{form:", 9, "documents.sales_order.rows.Products.Product_Key: must be one of {from: ...}, {const: ...}, "
                    "{text: ...}, {lookup: ..., where: ...}, {map: ..., table: ...}, {vat: ..., rate: ...}, "
                    "{rate: ..., give: ..., currency: ..., of: ...}; "
                    'did you mean "from"?'),
      ("Quantity:", 19, "documents.sales_order.rows.Products.Quantity: must be one of {from: ...}, {const: ...}, "
                        "{text: ...}, {lookup: ..., where: ...}, {map: ..., table: ...}, {vat: ..., rate: ...}, "
                        "{rate: ..., give: ..., currency: ..., of: ...}")]),
    ("unknown keys", [("post: true", "pots: true"), ("{from: line.amount}", "{from: line.amount, rond: 2}"),
                      ("shipping: {row:", "shipping: {rwo:")],
     [("pots:", 5, 'documents.sales_order.pots: unknown key; did you mean "post"?'),
      ("rond", 37, 'documents.sales_order.rows.Products.Amount.rond: unknown key; did you mean "round"?'),
      ("rwo", 3, "charges.shipping.row: is missing"),
      ("rwo", 14, 'charges.shipping.rwo: unknown key; did you mean "row"?')]),
    ("missing", [("  other: hold\n", ""), ("  entity_set: Document_SalesOrder\n", "")],
     [("sales_order:", 3, "documents.sales_order.entity_set: is missing"),
      ("charges:", 1, "charges.other: is missing")]),
    ("closed words", [("on_cancel: unpost_and_mark", "on_cancel: unpost"), ("  discount: into_line", "  discount: row"),
                      ("version: 1", "version: 2")],
     [("version:", 10, "version: must be 1"),
      ("on_cancel:", 16, "documents.sales_order.on_cancel: must be unpost_and_mark, hold or {set: ...}; "
                         'did you mean "unpost_and_mark"?'),
      ("  discount:", 13, "charges.discount: must be into_line, leave_out or hold")]),
    ("types", [("post: true", "post: 1"), ("sku: sku", "sku: 5"), ("sure: 0.99", "sure: 93"),
               ('where: {sku: "AMZ-TIP"}', "where: [x]")],
     [("post: 1", 11, "documents.sales_order.post: must be true or false"),
      ("  tip:", 51, "charges.tip.row.product.where: must be a section: keys with values below it"),
      ("sure: 93", 26, "customers.match[3].fuzzy_name.sure: is the probability that it is this customer and "
                       "nobody else, from 0.95 to less than 1; write 0.99 (a likeness such as 0.93 means nothing "
                       "any more)"),
      ("sku: 5", 15, "products.read.sku: must be a text: put it in quotes")]),
    ("quotes", [('where: {sku: "AMZ-TIP"}', "where: {sku: 00123}"), ('where: {sku: "AMZ-COD"}', "where: {sku: 1E5}"),
                ("post: true", "post: yes")],
     [("post: yes", 11, 'yes is not clear: write true or false, or put a text in quotes: "yes"'),
      ("{sku: 1E5", 68, '1E5 can be misread as a number; put it in quotes: "1E5"'),
      ("00123", 64, '00123 can be misread as a number; put it in quotes: "00123"')]),
    ("condition names", [("when: {status:", "when: {stats:"), ("buyer.company: absent", "buyer.compny: absent")],
     [("stats", 12, 'documents.sales_order.when.stats: a condition cannot ask for this; did you mean "status"?'),
      ("buyer.compny", 34, "customers.match[1].when.buyer.compny: a condition cannot ask for this; "
                           'did you mean "buyer.company"?')]),
    ("condition values", [("[UNSHIPPED, PARTIALLY_SHIPPED, SHIPPED, INVOICE_UNCONFIRMED]",
                                                          "[UNSHIPED, CANCELLED, absent], "
                                                          "order.total: absent, "
                                                          "marketplace: UK, currency: EURO, channel: true, "
                                                          "order.updated_at: never, line.sku: x, buyer.name: \"\"")],
     [("UNSHIPED", 21, "documents.sales_order.when.status[1]: must be one of PENDING_AVAILABILITY, PENDING, UNSHIPPED, "
                       "PARTIALLY_SHIPPED, SHIPPED, CANCELLED, UNFULFILLABLE, INVOICE_UNCONFIRMED; "
                       'did you mean "UNSHIPPED"?'),
      ("UNSHIPED", 31, "documents.sales_order.when.status[2]: an order that is CANCELLED is never written; "
                       "take it out"),
      ("UNSHIPED", 42, 'documents.sales_order.when.status[3]: "absent" cannot stand in a list'),
      ("UNSHIPED", 64, "documents.sales_order.when.order.total: a condition asks about the whole order, before its "
                       "rows and its customer are known"),
      ("UNSHIPED", 85, "documents.sales_order.when.marketplace: Great Britain is GB"),
      ("UNSHIPED", 99, "documents.sales_order.when.currency: a currency has three letters, such as EUR"),
      ("UNSHIPED", 114, "documents.sales_order.when.channel: must be a text, a list of texts, absent or present"),
      ("UNSHIPED", 138, "documents.sales_order.when.order.updated_at: this is a date: a condition can only ask whether "
                        "it is absent or present"),
      ("UNSHIPED", 155, "documents.sales_order.when.line.sku: a condition asks about the whole order, before its rows "
                        "and its customer are known"),
      ("UNSHIPED", 170, "documents.sales_order.when.buyer.name: must not be empty; to ask for nothing, write absent")]),
    ("factors", [("Quantity: {from: line.quantity}", "Quantity: {from: line.quantity, times: 0}"),
                 ("Price: {from: line.unit_price}", "Price: {from: line.unit_price, times: 1000001}"),
                 ("Amount: {from: line.amount}", "Amount: {from: line.amount, times: {map: order.currency, table: "
                                                 '{EUR: -1, USD: "2"}}}')],
     [("Quantity:", 48, "documents.sales_order.rows.Products.Quantity.times: must be more than 0"),
      ("Price:", 47, "documents.sales_order.rows.Products.Price.times: must be at most 1000000"),
      ("Amount:", 79, "documents.sales_order.rows.Products.Amount.times.table.EUR: must be more than 0"),
      ("Amount:", 88, "documents.sales_order.rows.Products.Amount.times.table.USD: must be a number")]),
    ("factors of what", [("Number: {from: order.id}", "Number: {from: order.id, times: 2}"),
                         ("Price: {from: line.unit_price}", "Price: {from: line.unit_price, times: {map: "
                                                            "order.purchased_at, table: {EUR: 1}}}")],
     [("Number: {", 32, 'documents.sales_order.header.Number.times: "order.id" is a text; times works on a number'),
      ("Price:", 53, 'documents.sales_order.rows.Products.Price.times.map: "order.purchased_at" is a date; a factor is '
                     "chosen by a text, such as order.marketplace.country")]),
    ("rates in 1C", [("Customer_Key: {from: customer}", "Customer_Key: {from: customer}\n      Rate: "
                                                  "{rate: R, give: A, currency: B, of: Customer_Key, by: C}"),
               ("Price: {from: line.unit_price}", "Price: {rate: R, give: A, curency: B, of: Customer_Key}")],
     [("      Rate: {", 63, "documents.sales_order.header.Rate.by: unknown key; known here: rate, give, currency, of"),
      ("Price:", 9, "documents.sales_order.rows.Products.Price.currency: is missing"),
      ("Price:", 35, 'documents.sales_order.rows.Products.Price.curency: unknown key; did you mean "currency"?')]),
    ("rates of what", [("Customer_Key: {from: customer}", "Customer_Key: {from: customer}\n      Rate: "
                                                          "{rate: R, give: A, currency: B, of: Custmer_Key}"),
                       ("Quantity: {from: line.quantity}", "Quantity: {rate: R, give: A, currency: B, of: "
                                                           "Customer_Key}")],
     [("      Rate: {", 49, 'documents.sales_order.header.Rate.of: "Custmer_Key" is not in the header; did you mean '
                            '"Customer_Key"?'),
      ("Quantity:", 26, "documents.sales_order.rows.Products.Quantity.rate: a rate has a meaning only in the header of "
                        "a document")]),
    ("flags", [("[UNSHIPPED, PARTIALLY_SHIPPED, SHIPPED, INVOICE_UNCONFIRMED]", "[UNSHIPPED], tax_collected: present"),
               ("Quantity: {from: line.quantity}", "Quantity: {map: line.tax_collected, table: {'yes': 1, 'true': 2}}"),
               ("Price: {from: line.unit_price}", "Price: {vat: line.amount, rate: {map: order.tax_collected, "
                                                  "table: {'True': 0}}}")],
     [("when: {status", 48, "documents.sales_order.when.tax_collected: write true or false"),
      ("Quantity:", 53, 'documents.sales_order.rows.Products.Quantity.table.yes: "line.tax_collected" is "true" or '
                        '"false"'),
      ("Price:", 76, 'documents.sales_order.rows.Products.Price.rate.table.True: "order.tax_collected" is "true" or '
                     '"false"')]),
    ("misplaced paths", [("{from: order.purchased_at}", "{from: product}"), ("{from: buyer.email}", "{from: line.sku}"),
                         ("{from: line.title}", "{from: line.amount}"),
                         ("on_cancel: unpost_and_mark", "on_cancel: {set: {A: {from: customer}, "
                                                        'B: {text: "{order.total} {line.id}"}}}'),
                         ("Description: {from: buyer.company_or_name}", "Description: {from: customer}")],
     [("Date:", 20, 'documents.sales_order.header.Date.from: "product" has a meaning only in rows'),
      ("on_cancel: {", 33, 'documents.sales_order.on_cancel.set.A.from: "customer" is not known here'),
      ("on_cancel: {", 54, 'documents.sales_order.on_cancel.set.B.text: "line.id" has a meaning only in rows'),
      ("on_cancel: {", 54, 'documents.sales_order.on_cancel.set.B.text: "order.total" is not known here; '
                           '"order.amazon_total" is'),
      ("Description: {from: customer}", 25, 'customers.create.Description.from: "customer" is not known here'),
      ("email:", 19, 'customers.create.email.from: "line.sku" has a meaning only in rows and below products.create'),
      ("Description: {from: line.amount}", 25, 'products.create.Description.from: "line.amount" has a meaning only '
                                               "in rows")]),
    ("transforms", [("{from: line.quantity}", "{from: line.quantity, trim: true}"),
                    ("{from: order.purchased_at}", "{from: order.purchased_at, round: 2, date: start_of_day}"),
                    ("Price: {from: line.unit_price}", "Price: {vat: line.sku, rate: 20}"),
                    ("{from: customer}", '{text: "{customer}"}')],
     [("Date: {", 40, 'documents.sales_order.header.Date.round: "order.purchased_at" is a date; '
                       "round works on a number"),
      ("Customer_Key", 28, 'documents.sales_order.header.Customer_Key.text: "customer" is a reference, not a text; '
                           "write {from: customer}"),
      ("Quantity:", 41, 'documents.sales_order.rows.Products.Quantity.trim: "line.quantity" is a number; '
                        "trim works on a text"),
      ("Price:", 22, 'documents.sales_order.rows.Products.Price.vat: "line.sku" is a text; VAT is part of a number')]),
    ("order id", [("order_id: Number", "order_id: Numbr")],
     [("order_id", 15, 'documents.sales_order.order_id: "Numbr" is not in the header; did you mean "Number"?')]),
    ("order id lost", [("Number: {from: order.id}", "Number: {from: order.id, substring: [0, 11]}")],
     [("Number: {", 7, "documents.sales_order.header.Number: documents are found again by this property, "
                       "so it has to be {from: order.id}")]),
    ("total rows", [("total: {rows: Products,", "total: {rows: Product,")],
     [("total:", 19, 'documents.sales_order.total.rows: there are no rows "Product" in this document; '
                     'did you mean "Products"?')]),
    ("total column", [("property: Amount", "property: Amont")],
     [("total:", 39, 'documents.sales_order.total.property: "Amont" is not a column of Products here; '
                     'did you mean "Amount"?')]),
    ("total in the header", [("{rows: Products, property: Amount}", "{property: Coment}")],
     [("total:", 23, 'documents.sales_order.total.property: "Coment" is not in the header; did you mean "Comment"?')]),
    ("line number", [("        Product_Key:", "        LineNumber: {from: line.number}\n        Product_Key:")],
     [("LineNumber", 9, "documents.sales_order.rows.Products.LineNumber: line numbers are written by the adapter; "
                        "take it out")]),
    ("kinds", [("each: goods", "each: [shiping, goods]")],
     [("each:", 16, "documents.sales_order.rows.Products.each[1]: must be one of shipping, gift_wrap, cod_fee, tip, "
                    'other; did you mean "shipping"?'),
      ("each:", 25, "documents.sales_order.rows.Products.each[2]: must be one of shipping, gift_wrap, cod_fee, tip, "
                    "other; goods stands alone: each: goods")]),
    ("no goods", [("each: goods", "each: [shipping, other]")],
     [("    rows:\n", 5, "documents.sales_order.rows: no rows take the goods; one tabular section needs each: goods"),
      ("each:", 26, "documents.sales_order.rows.Products.each[2]: other never gets a row: see charges.other")]),
    ("twice", [(ROWS_OF, "      Services: {each: [tip], A: {from: line.amount}}\n"
                         "      More: {each: [tip], A: {from: line.amount}}\n"
                         "      Others: {A: {from: line.amount}}\n" + ROWS_OF)],
     [("More:", 14, "documents.sales_order.rows.More.each: tip would be written twice: the rows Services take them "
                    "already; see each"),
      ("each: goods", 15, "documents.sales_order.rows.Products.each: goods would be written twice: the rows Others "
                          "take them already; see each")]),
    ("document name", [("  sales_order:\n", "  sales order:\n")],
     [("sales order:", 3, "documents.sales order: the name of a document consists of letters, digits, _ and -, "
                          "at most 50")]),
    ("time zone", [("time_zone: Europe/Kyiv", "time_zone: Europe/Kyyiv")],
     [("time_zone:", 14, 'infobase.time_zone: there is no time zone "Europe/Kyyiv"; did you mean "Europe/Kyiv"?')]),
    ("create says nothing", [("  create:\n    sku: {from: line.sku}\n", "  create:\n"),
                             ("  # An unknown SKU", "  # unknown SKU"),
                             ("  otherwise: hold\n  create:\n    Description: {from: line.title}",
                              "  otherwise: create\n  create:\n    Description: {from: line.title}")],
     [("products:\n", 1, "products: otherwise: create needs at least sku below create")]),
    ("rates", [("Price: {from: line.unit_price}", "Price: {vat: line.amount, rate: 101, give: brutto}"),
               ("Amount: {from: line.amount}", "Amount: {vat: line.amount, rate: {map: order.currency, table: {}}}")],
     [("Price:", 41, "documents.sales_order.rows.Products.Price.rate: must be at most 100"),
      ("Price:", 52, "documents.sales_order.rows.Products.Price.give: must be vat, net or gross"),
      ("Amount:", 64, "documents.sales_order.rows.Products.Amount.rate.table: must not be empty")]),
    ("rate by a reference", [("Price: {from: line.unit_price}", "Price: {vat: line.amount, rate: {map: product, "
                                                                "table: {A: 1}}}")],
     [("Price:", 47, 'documents.sales_order.rows.Products.Price.rate.map: "product" is a reference; a rate is chosen '
                     "by a text, such as order.marketplace.country")]),
    ("paths of one's own", [("read: {name: Description}", "read: {name: Description, partner: Partner_Key}"),
                            ("{from: customer}", "{from: customer.partnr}"),
                            ("{from: line.quantity}", "{from: product.unit}"),
                            ("{from: order.purchased_at}", "{from: product.name}"),
                            ("{from: buyer.email}", "{from: customer.partner}"),
                            ("Amazon {order.id}, {order.marketplace.country}", "{customer.partner}")],
     [("Date: {", 20, 'documents.sales_order.header.Date.from: "product.name" has a meaning only in rows'),
      ("Customer_Key:", 28, 'documents.sales_order.header.Customer_Key.from: customers.read reads no "partnr"; '
                            'did you mean "customer.partner"?'),
      ("Comment:", 23, 'documents.sales_order.header.Comment.text: "customer.partner" is a reference, not a text; '
                       "write {from: customer.partner}"),
      ("Quantity:", 26, 'documents.sales_order.rows.Products.Quantity.from: products.read reads no "unit"; '
                        'did you mean "product.sku"?'),
      ("email: {", 19, 'customers.create.email.from: "customer.partner" is not known here')]),
    ("names of one's own", [("read: {name: Description}", "read: {name: Description, Part-ner: Partner_Key}"),
                            ("{from: line.quantity}", "{from: line.quantity, optional: true}")],
     [("read: {name: Description, P", 39, "customers.read.Part-ner: a name of yours consists of small letters, digits "
                                          "and _, such as partner")]),
    *(
        (f"nothing uses {name}", [("read: {name: Description}", f"read: {{name: Description, {name}: {value}}}")],
         [("read: {name: Description, ", at, f"customers.read.{name}{message}") for at, message in messages])
        for name, value, messages in (
            ("emial", "email", [(29, ': nothing uses customer.emial; did you mean "email"?')]),
            ("taxid", "{owned: Catalog_X}", [(29, ': nothing uses customer.taxid; did you mean "tax_id"?')]),
            ("phon", "{section: A, value: B}",
             [(29, '.owned: is missing; did you mean "phone" instead of "phon"?'),
              (36, '.section: unknown key; did you mean "phone" instead of "phon"?'),
              (48, '.value: unknown key; did you mean "phone" instead of "phon"?')]),
            ("citys", "[A, B]", [(29, ': must be a text or {owned: ...}; did you mean "city" instead of "citys"?')]),
            ("Phone", "A", [(36, ": a name of yours consists of small letters, digits and _, such as partner; did you "
                                 'mean "phone" instead of "Phone"?')]),
        )
    ),
    ("parts of an address", [("read: {name: Description}",
                              "read: {name: Description, city: [A, {section: B, value: C, take: postal_code}], "
                              "postal_code: {section: B, value: C, take: postalcode}}")],
     [("read: {name", 125, 'customers.read.postal_code.take: must be postal_code; did you mean "postal_code"?')]),
    ("a part of another address", [("read: {name: Description}", "read: {name: Description, city: [A, {section: B, "
                                                                 "value: C, take: postal_code}]}")],
     [("read: {name", 68, "customers.read.city[2].take: postal_code is taken of an address, but this is city; take it "
                          "out, or write postal_code: {...}")]),
    ("nothing uses barcod", [("read: {sku: sku,", "read: {barcod: Code, sku: sku,")],
     [("read: {barcod", 10, 'products.read.barcod: nothing uses product.barcod; did you mean "barcode"?')]),
    ("optional", [("{from: line.quantity}", "{from: line.quantity, optional: true}")],
     [("Quantity:", 41, "documents.sales_order.rows.Products.Quantity.optional: only what is read from a catalog, such "
                        "as customer.partner, can be optional")]),
    ("maps of nothing", [("{from: line.quantity}", "{map: order.currency, otherwise: 5}")],
     [("Quantity:", 25, "documents.sales_order.rows.Products.Quantity.map: a map needs a table, or absent")]),
    ("lengths", [("infobase:\n", "lengths: {Document_SalesOrder: {Number: 18, Comment: 27, Note: 0}, Catalog_Products: "
                                 "{sku: 7}}\ninfobase:\n")],
     [("lengths:", 64, "lengths.Document_SalesOrder.Note: must be at least 1")]),
    ("too long", [("infobase:\n", "lengths:\n  Document_SalesOrder: {Number: 18, Comment: 27, Products.Note: 3, "
                                  "Sum: 5}\n"
                                  "  Catalog_Products: {sku: 7}\ninfobase:\n"),
                  ("{from: line.quantity}", "{from: line.quantity}\n        Note: {map: order.currency, table: "
                                            "{EUR: Euro}, otherwise: ab}"),
                  ("      Customer_Key:", "      Sum: {const: abcdef}\n      Customer_Key:")],
     [("Number: {from", 22, "documents.sales_order.header.Number.from: an order id has 19 characters; Number holds 18 "
                            "(see lengths), and 1C would cut it"),
      ("Sum: {const", 20, "documents.sales_order.header.Sum.const: this text has 6 characters; Sum holds 5 (see "
                          "lengths), and 1C would cut it"),
      ("Comment: {text", 23, "documents.sales_order.header.Comment.text: this text, even with nothing in its other "
                             "braces, has 28 characters; Comment holds 27 (see lengths), and 1C would cut it"),
      ("EUR: Euro", 50, "documents.sales_order.rows.Products.Note.table.EUR: this text has 4 characters; Note holds 3 "
                        "(see lengths), and 1C would cut it"),
      ('"AMZ-SHIPPING"', 69, "charges.shipping.row.product.where.sku: sku holds 7 characters (see lengths), so no "
                             "element has this value"),
      ('"AMZ-GIFTWRAP"', 70, "charges.gift_wrap.row.product.where.sku: sku holds 7 characters (see lengths), so no "
                             "element has this value")]),
    ("aliases", [("  # aliases: products.csv", "  aliases: products.csv"), ("post: true", "post: 1")],
     [("post: 1", 11, "documents.sales_order.post: must be true or false"),
      (None, 0, "products.csv: there is no such file")]),
]  # fmt: skip


@pytest.mark.parametrize(("replacements", "messages"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_broken_mapping(shop, replacements, messages):
    # Two replacements of one table may depend on each other, so they are applied in turn.
    text = TRAINING.read_text()
    for old, new in replacements:
        assert old in text, old
        text = text.replace(old, new)
    shop()
    Path("shop.yaml").write_text(text)
    wanted = []
    for line_of, column, message in messages:
        if line_of is None:
            wanted.append(message)
            continue
        index = text.index("\n" + line_of) + 1 if line_of.endswith("\n") else text.index(line_of)
        wanted.append(f"shop.yaml:{text.count(chr(10), 0, index) + 1}:{column} {message}")
    assert problems() == wanted


VARIANTS = """
variants:
  - when: {fulfilled_by: AMAZN, order.currency: EUR}
    documents:
      sale_order: {post: false}
      sales_order:
        header: {Number: {const: "x"}, Date: {from: line.sku}}
        rows:
          Product: {Price: {from: line.amount}}
          Products: {each: [tip]}
    charges: {tip: into_line}
  - when: {}
"""


def test_broken_variants(shop):
    text = shop() + VARIANTS
    Path("shop.yaml").write_text(text)
    first = text.count("\n") - VARIANTS.count("\n") + 2
    assert problems() == [
        f"shop.yaml:{first + 9}:20 variants[1].charges.tip: must be leave_out, hold or {{row: ...}}",
        f"shop.yaml:{first + 10}:5 variants[2].when: must not be empty",
    ]
    text = text.replace("tip: into_line", "tip: hold").replace("  - when: {}\n", "")
    Path("shop.yaml").write_text(text)
    assert problems() == [
        f"shop.yaml:{first + 1}:26 variants[1].when.fulfilled_by: must be one of AMAZON, MERCHANT; "
        'did you mean "AMAZON"?',
        f'shop.yaml:{first + 3}:7 variants[1].documents.sale_order: there is no document "sale_order"; '
        'did you mean "sales_order"?',
        f"shop.yaml:{first + 5}:18 variants[1].documents.sales_order.header.Number: documents are found again by this "
        "property, so it has to be {from: order.id}",
        f'shop.yaml:{first + 5}:53 variants[1].documents.sales_order.header.Date.from: "line.sku" has a meaning only '
        "in rows and below products.create",
        f'shop.yaml:{first + 7}:11 variants[1].documents.sales_order.rows.Product: the document has no rows "Product"; '
        'did you mean "Products"?',
    ]


def test_a_whole_mapping_with_everything(shop):
    text = shop(
        ("      Comment: {text: \"Amazon", '      Agreement_Key: {map: order.currency, table: {EUR: '
                            '{lookup: Catalog_A, where: {Code: "1"}}}, '
                            'otherwise: {lookup: Catalog_A, where: {Code: "2"}}}\n'
                            "      Vat: {vat: order.total, rate: 20, included: false}\n"
                            "      Rate: {map: ship_to.country, table: {DE: 19, FR: 5.5, PL: \"x\", AT: true}}\n"
                            "      Name: {from: ship_to.name, default: \"-\", trim: true, upper: true, "
                            "substring: [0, 25]}\n      Comment: {text: \"Amazon"),
        ("      Products:\n        # goods", "      Services:\n        each: [shipping, tip]\n        Amount: "
                                            "{from: line.amount, round: 2}\n      Products:\n        # goods"),
    )  # fmt: skip
    text += (
        "variants:\n  - when: {fulfilled_by: amazon, marketplace: [DE, FR]}\n    documents:\n      sales_order:\n"
        "        post: false\n        when: {status: SHIPPED}\n        header: {Warehouse_Key: {lookup: Catalog_W, "
        "where: {Description: FBA}}}\n        rows:\n          Products: {Price: {from: line.shop_price}}\n"
        "          Tips: {each: [gift_wrap], Amount: {from: line.amount}}\n    charges: {shipping: hold}\n"
        "orders: {replacement: write, zero_total: write}\nsafety: {max_held_share: 0.25}\n"
    )
    Path("shop.yaml").write_text(text)
    loaded = load_mapping(Path("shop.yaml"))
    assert loaded.rules.safety.max_held_share == 0.25
    assert loaded.rules.documents["sales_order"].header["Vat"].rate == Decimal(20)  # type: ignore[union-attr]
    _assert_schema_takes(Path("shop.yaml"))


def test_aliases_and_version(shop):
    shop(("  # aliases: products.csv", "  aliases: products.csv"))
    Path("products.csv").write_text("seller_sku,sku,multiplier\nA-6,A,6\n")
    first = load_mapping(Path("shop.yaml"))
    assert first.aliases == {"A-6": Alias("A", 6)}
    assert first.files == (Path("shop.yaml"), Path("products.csv"))
    assert load_mapping(Path("shop.yaml")).version == first.version
    Path("products.csv").write_text("seller_sku,sku,multiplier\nA-6,A,12\n")
    second = load_mapping(Path("shop.yaml"))
    shop(("  # aliases: products.csv", "  aliases: products.csv "))
    assert len({first.version, second.version, load_mapping(Path("shop.yaml")).version}) == 3
    Path("products.csv").write_text("seller_sku,sku\nA,\n")
    assert problems() == ['products.csv:2: "sku" is empty']


@pytest.mark.parametrize(("places", "told"), [(0, True), (2, True), (3, False)])
def test_parts_of_a_unit_are_not_rounded(shop, places, told):
    rounded = ("{from: line.quantity}", f"{{from: line.quantity, round: {places}}}")
    shop(("  # aliases: products.csv", "  aliases: products.csv"), rounded)
    Path("products.csv").write_text("seller_sku;sku;multiplier\nA;B;6\nC;D;0.125\nE;F;0.5\n")
    line = TRAINING.read_text()[: TRAINING.read_text().index("Quantity: {from")].count("\n") + 1
    if told:
        assert problems() == [
            f"shop.yaml:{line}:48 documents.sales_order.rows.Products.Quantity.round: products.csv:3 sells 0.125 of a "
            "unit, and rounded that is another quantity; take round out"
        ]
    else:
        assert load_mapping(Path("shop.yaml")).sells_parts


@pytest.mark.parametrize(
    "content",
    [
        b"", b"version", b"version: 1\n", b"\x00" * 100, b"documents: [" * 50_000, b"a: &a [*a]\n",
        b"documents: {x: {rows: {y: {each: {}}}}}\nvariants: [{documents: 5}]\nproducts: {aliases: [x]}\n",
        b"version: 1\ninfobase: []\ndocuments: 5\ncharges: x\ncustomers: [1]\nproducts: true\nvariants: {a: 1}\n",
    ],
    ids=range(8),
)  # fmt: skip
def test_half_written_and_hostile_files(tmp_path, monkeypatch, content):
    monkeypatch.chdir(tmp_path)
    Path("shop.yaml").write_bytes(content)
    started = time.monotonic()
    found = problems()
    assert time.monotonic() - started < 5
    assert found
    assert all(line.startswith("shop.yaml:") for line in found)
    assert not any("Input" in line or "valid dictionary" in line or "instance" in line for line in found)


# -------------------- JSON Schema for editors


def _as_json(path: Path) -> object:
    return json.loads(json.dumps(load_yaml(path).data, default=float))


def _assert_schema_takes(path: Path) -> None:
    errors = [error.message for error in Draft202012Validator(mapping_schema()).iter_errors(_as_json(path))]
    assert errors == []


def test_schema_takes_the_preset():
    schema = mapping_schema()
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert "title" in schema
    assert "null" not in json.dumps(schema)
    _assert_schema_takes(TRAINING)


# What needs more than one look is for load_mapping alone.
_BEYOND_A_SCHEMA = {
    "template", "condition values", "misplaced paths", "transforms", "order id", "order id lost", "total rows",
    "total column", "total in the header", "line number", "no goods", "twice", "document name", "time zone",
    "create says nothing", "quotes", "rate by a reference", "paths of one's own", "optional", "maps of nothing",
    "too long", "flags", "factors of what", "rates of what", "nothing uses emial", "nothing uses taxid",
    "nothing uses barcod", "a part of another address",
}  # fmt: skip


@pytest.mark.parametrize(
    "replacements",
    [case[1] for case in BROKEN if case[0] not in _BEYOND_A_SCHEMA],
    ids=[case[0] for case in BROKEN if case[0] not in _BEYOND_A_SCHEMA],
)
def test_schema_refuses(tmp_path, replacements):
    text = TRAINING.read_text()
    for old, new in replacements:
        text = text.replace(old, new)
    path = tmp_path / "shop.yaml"
    path.write_text(text)
    assert list(Draft202012Validator(mapping_schema()).iter_errors(_as_json(path)))


# -------------------- where things are


def test_presets_and_shared_folders():
    assert share_directory("mappings") == TRAINING.parent
    with pytest.raises(ConfigurationError, match=r'there is no preset "trainin"; did you mean "training"\?'):
        preset_path("trainin")
    with pytest.raises(ConfigurationError, match="the folder 'nothing' of the installation is missing"):
        share_directory("nothing")


def test_an_installed_package_carries_its_own_folders(tmp_path, monkeypatch):
    for folder in ("package/share/mappings", "mappings"):
        (tmp_path / folder).mkdir(parents=True)
    monkeypatch.setattr("adapter.share.__file__", str(tmp_path / "package" / "share.py"))
    assert share_directory("mappings") == tmp_path / "package" / "share" / "mappings"
    (tmp_path / "package" / "share" / "mappings").rmdir()
    assert share_directory("mappings") == tmp_path / "mappings"
