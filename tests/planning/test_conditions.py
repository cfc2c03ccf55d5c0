"""Conditions, and the variants that they lay over the mapping."""

from __future__ import annotations

import pytest

from adapter.mapping.rules import Variant
from adapter.model.order import Address, Buyer
from adapter.planning.conditions import holds, rules_for


@pytest.mark.parametrize(
    ("condition", "result"),
    [
        ({}, True),
        ({"status": "UNSHIPPED"}, True),
        ({"status": "unshipped"}, True),
        ({"status": ["SHIPPED", "UNSHIPPED"]}, True),
        ({"status": ["SHIPPED"]}, False),
        ({"marketplace": "DE", "fulfilled_by": "AMAZON"}, False),
        ({"marketplace": "DE", "fulfilled_by": "MERCHANT"}, True),
        ({"order.marketplace.country": ["DE", "FR"]}, True),
        ({"program": "PRIME"}, True),
        ({"program": "PRI"}, False),
        ({"order.program": ["AMAZON_BUSINESS"]}, True),
        ({"payment_method": "giftcard"}, True),
        ({"program": "PRIME,AMAZON_BUSINESS"}, False),
        ({"buyer.name": "Smith, John"}, True),
        ({"buyer.name": "Smith"}, False),
        ({"currency": "EUR"}, True),
        ({"account": "de"}, True),
        ({"ship_to_country": "DE"}, True),
        ({"buyer.company": "absent"}, True),
        ({"buyer.company": "present"}, False),
        ({"ship_to.city": "absent"}, True),
        ({"order.purchased_at": "present"}, True),
        ({"order.deliver_by": "absent"}, True),
        ({"service_level": "STANDARD"}, False),
        ({"tax_collected": False}, True),
        ({"order.tax_collected": True}, False),
    ],
)
def test_holds(shop, condition, result):
    order = shop.order(
        buyer=Buyer(name="Smith, John"),
        ship_to=Address(country="DE", city="  "),
        programs=("PRIME", "AMAZON_BUSINESS"),
        payment_methods=("GiftCard",),
    )
    assert holds(condition, shop.context(order)) is result


FBA = {"when": {"fulfilled_by": "AMAZON"}}
WAREHOUSE = {"documents": {"sales_order": {"header": {"Warehouse": {"const": "FBA"}, "Number": {"const": "1"}}}}}


def varied(shop, *variants, fulfilled_by="AMAZON"):
    order = shop.order(fulfilled_by=fulfilled_by)
    return rules_for(shop.rules({"variants": list(variants)}), shop.context(order))


def test_without_a_variant_that_holds_nothing_changes(shop):
    rules = shop.rules({"variants": [FBA | WAREHOUSE]})
    assert rules_for(rules, shop.context()) is rules


def test_a_variant_adds_and_replaces(shop):
    document = varied(shop, FBA | WAREHOUSE).documents["sales_order"]
    assert list(document.header) == ["Number", "Date", "Customer_Key", "Warehouse"]
    assert (document.header["Number"].const, document.header["Warehouse"].const) == ("1", "FBA")
    assert document.rows == shop.rules().documents["sales_order"].rows


def test_later_variants_win(shop):
    second = FBA | {"documents": {"sales_order": {"header": {"Warehouse": {"const": "2"}}, "when": {}, "post": False}}}
    document = varied(shop, FBA | WAREHOUSE, second).documents["sales_order"]
    assert (document.header["Warehouse"].const, document.header["Number"].const) == ("2", "1")
    assert (document.when, document.post) == ({}, False)


def test_a_variant_changes_columns_and_adds_sections(shop):
    rows = {
        "Products": {"Price": {"const": 1}, "VAT": {"const": 2}},
        "Services": {"each": ["shipping"], "Sum": {"const": 3}},
    }
    found = varied(shop, FBA | {"documents": {"sales_order": {"rows": rows}}}).documents["sales_order"].rows
    assert {name: list(section.columns) for name, section in found.items()} == {
        "Products": ["Product_Key", "Quantity", "Price", "Amount", "VAT"],
        "Services": ["Sum"],
    }
    assert (found["Products"].each, found["Services"].each) == ("goods", ["shipping"])
    assert found["Products"].columns["Price"].const == 1


def test_a_variant_changes_only_the_charges_that_it_names(shop):
    rules = varied(shop, FBA | {"charges": {"shipping": "leave_out", "tax": "hold"}})
    before = shop.rules().charges
    assert rules.charges == before.model_copy(update={"shipping": "leave_out", "tax": "hold"})


def test_a_variant_leaves_the_mapping_itself_alone(shop):
    rules = shop.rules({"variants": [FBA | WAREHOUSE]})
    rules_for(rules, shop.context(shop.order(fulfilled_by="AMAZON")))
    assert rules == shop.rules({"variants": [FBA | WAREHOUSE]})
    assert rules.variants == [Variant.model_validate(FBA | WAREHOUSE)]


def test_a_variant_in_a_document(shop):
    inputs = shop.inputs({"variants": [FBA | {"charges": {"tip": "hold"}} | WAREHOUSE]})
    order = {"charges": (shop.charge("tip", "1.00"),)}
    assert shop.step(shop.order(**order), inputs=inputs).verb == "create"
    assert shop.step(shop.order(**order, fulfilled_by="AMAZON"), inputs=inputs).verb == "hold"
    document = shop.step(shop.order(fulfilled_by="AMAZON"), inputs=inputs).document
    assert (document.properties["Warehouse"], document.properties["Number"]) == ("FBA", "1")
