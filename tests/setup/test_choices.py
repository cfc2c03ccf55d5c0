"""What is offered where a lookup finds nothing, and how the chosen element is written down."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapter.errors import ConfigurationError
from adapter.mapping.presets import preset_path
from adapter.model.schema import Schema
from adapter.setup.choices import answer, choice_at, find, offered, open_choices, shown, where_of
from adapter.setup.init import MappingDraft

FILE = Path("mapping.yaml")
POOLED = ("customers", "match", 0, "pooled")
TIP = ("charges", "tip", "row", "product")


def draft(*replacements):
    text = preset_path("training").read_text(encoding="utf-8")
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new)
    return MappingDraft.of(FILE, text)


@pytest.fixture
def desk(open_infobase):
    """An infobase with the products that the preset looks up, and no customers."""
    opened = open_infobase()
    for sku in ("AMZ-SHIPPING", "AMZ-GIFTWRAP", "AMZ-COD", "AMZ-TIP"):
        opened.infobase.add("Catalog_Products", {"Description": f"Product {sku}", "sku": sku})
    return opened


def customer(desk, name, code=""):
    return desk.infobase.add("Catalog_Customers", {"Description": name} | ({"Code": code} if code else {}))


def test_nothing_is_open_where_everything_is_found(desk):
    customer(desk, "Amazon retail")
    assert open_choices(draft().loaded, desk.catalogs, desk.schema) == ()


def test_a_catalog_without_elements(desk):
    (choice,) = open_choices(draft().loaded, desk.catalogs, desk.schema)
    assert (choice.path, choice.locations, choice.candidates) == ("customers.match[1].pooled", (POOLED,), ())
    assert choice.why.startswith("there is no Catalog_Customers with Description = 'Amazon retail'")
    assert offered(choice) == "there is nothing in Catalog_Customers yet; create it in 1C"


def test_candidates_are_sorted_and_not_too_many(desk):
    for number in range(25, 0, -1):
        customer(desk, f"Buyer {number:02}", f"{number:09}")
    desk.infobase.add("Catalog_Customers", {"Description": "AAA", "DeletionMark": True})
    (choice,) = open_choices(draft().loaded, desk.catalogs, desk.schema)
    assert [shown(element) for element in choice.candidates] == [f"Buyer {n:02} ({n:09})" for n in range(1, 21)]
    assert choice.more
    assert offered(choice).endswith('"Buyer 20 (000000020)", ...')


def test_two_of_one_name(desk):
    """The code tells them apart; where there is none, the key does."""
    first, second = customer(desk, "Amazon retail", "000000007"), customer(desk, "Amazon retail", "000000008")
    (choice,) = open_choices(draft().loaded, desk.catalogs, desk.schema)
    assert choice.why.startswith("there are 2 of Catalog_Customers")
    by_key = {str(element.ref_key): element for element in choice.candidates}
    chosen = by_key[second["Ref_Key"]]
    assert where_of(choice, chosen, desk.catalogs) == {"Description": "Amazon retail", "Code": "000000008"}
    desk.infobase.edit("Catalog_Customers", first["Ref_Key"], {"Code": "000000008"})
    assert where_of(choice, chosen, desk.catalogs) == {
        "Description": "Amazon retail",
        "Code": "000000008",
        "Ref_Key": second["Ref_Key"],
    }
    written = draft().with_elements([(choice, chosen)], desk.catalogs)
    assert f'Ref_Key: "{second["Ref_Key"]}"}}' in written.text
    assert written.remaining(desk.catalogs, desk.schema) == []


@pytest.mark.parametrize(
    "text", ["Розница Амазон", "РОЗНИЦА АМАЗОН", "000000007"], ids=["name", "capital letters", "code"]
)
def test_found_by_name_or_code(desk, text):
    row = customer(desk, "Розница Амазон", "000000007")
    choice = choice_at(draft().loaded, POOLED, desk.catalogs, desk.schema)
    assert str(find(choice, text, desk.catalogs, desk.schema).ref_key) == row["Ref_Key"]
    assert str(find(choice, row["Ref_Key"], desk.catalogs, desk.schema).ref_key) == row["Ref_Key"]


def test_found_by_what_the_lookup_asks_for(desk):
    choice = choice_at(draft().loaded, TIP, desk.catalogs, desk.schema)
    found = find(choice, "amz-cod", desk.catalogs, desk.schema)
    assert where_of(choice, found, desk.catalogs) == {"sku": "AMZ-COD"}


def test_not_found(desk):
    customer(desk, "Twin", "1")
    customer(desk, "Twin", "2")
    choice = choice_at(draft().loaded, POOLED, desk.catalogs, desk.schema)
    with pytest.raises(ConfigurationError, match=r'Catalog_Customers has no "X"; there are "Twin \(1\)"'):
        find(choice, "X", desk.catalogs, desk.schema)
    with pytest.raises(ConfigurationError, match=r'has 2 "twin": Twin \(1\) .*; take a code'):
        find(choice, "twin", desk.catalogs, desk.schema)


VARIANT = """
variants:
  - when: {fulfilled_by: AMAZON}
    documents:
      sales_order:
        header:
          Customer_Key: {lookup: Catalog_Customers, where: {Description: "Only one"}}
"""


def test_the_only_one_is_obvious_in_a_document_only(desk):
    """A pooled customer or the product of a charge is never guessed."""
    customer(desk, "Someone")
    with_variant = MappingDraft.of(FILE, draft().text + VARIANT)
    by_path = {each.path: each for each in open_choices(with_variant.loaded, desk.catalogs, desk.schema)}
    assert by_path["customers.match[1].pooled"].obvious is None
    element = by_path["variants[1].documents.sales_order.header.Customer_Key"].obvious
    assert shown(element).startswith("Someone (")
    customer(desk, "Someone else")
    assert all(each.obvious is None for each in open_choices(with_variant.loaded, desk.catalogs, desk.schema))


def test_what_stands_twice_is_asked_once(desk):
    """And one answer is for both, unless each has its own."""
    customer(desk, "New")
    customer(desk, "Other")
    loaded = MappingDraft.of(FILE, draft().text + VARIANT.replace("Only one", "Amazon retail")).loaded
    (choice,) = open_choices(loaded, desk.catalogs, desk.schema)
    header = ("variants", 0, "documents", "sales_order", "header", "Customer_Key")
    assert set(choice.locations) == {POOLED, header}
    taken, still = answer(loaded, {POOLED: "New"}, desk.catalogs, desk.schema)
    assert (still, {place for each, _ in taken for place in each.locations}) == ([], {POOLED, header})
    taken, still = answer(loaded, {POOLED: "New", header: "Other"}, desk.catalogs, desk.schema)
    names = {each.locations: element.properties["Description"] for each, element in taken}
    assert (still, names) == ([], {(POOLED,): "New", (header,): "Other"})


def test_what_is_named_may_replace_what_is_found(desk):
    customer(desk, "Amazon retail")
    customer(desk, "New")
    taken, still = answer(draft().loaded, {POOLED: "New"}, desk.catalogs, desk.schema)
    assert still == []
    written = draft().with_elements(taken, desk.catalogs)
    assert written.text == draft().text.replace('"Amazon retail"', '"New"')


def test_everything_that_is_named_wrongly_is_told(desk):
    with pytest.raises(ConfigurationError) as refused:
        answer(draft().loaded, {POOLED: "X", TIP: "Y"}, desk.catalogs, desk.schema)
    assert len(refused.value.problems) == 2


def test_what_is_not_published_is_left_to_lint(desk):
    smaller = Schema({name: each for name, each in desk.schema.entity_sets.items() if name != "Catalog_Customers"})
    assert open_choices(draft().loaded, desk.catalogs, smaller) == ()
    assert choice_at(draft().loaded, POOLED, desk.catalogs, smaller) is None
    with pytest.raises(ConfigurationError, match="does not publish what is looked up here"):
        answer(draft().loaded, {POOLED: "X"}, desk.catalogs, smaller)
