"""What is asked of Amazon: exactly what the mapping needs, buyers' data above all."""

from __future__ import annotations

import pytest

from adapter.amazon.private import CUSTOMIZATION, GIFT_MESSAGE, TAX_REGISTRATIONS
from adapter.amazon.query import DATA_SETS
from adapter.mapping.paths import PATHS
from adapter.reading.data_sets import ALWAYS_NEEDED, data_set_of, wanted_data
from adapter.settings import DataSet

IN_EVERY_ORDER = {
    "order.id", "order.seller_order_id", "order.account", "order.channel", "order.program", "order.purchased_at",
    "order.updated_at", "order.replaces", "order.marketplace.id", "order.marketplace.name",
    "order.marketplace.country", "order.marketplace.currency", "customer", "product", "line.id", "line.number",
    "line.uuid", "line.quantity", "line.sku", "line.asin", "line.title", "line.shop_price", "line.condition",
    "item.title", "item.brand", "item.ean",
    "line.measure", "line.measure_unit", "line.serial_numbers", "line.customization",
}  # fmt: skip
BASE = {"PROCEEDS", "FULFILLMENT", "TAX", "CANCELLATION"}
POOLED = '{pooled: {lookup: Catalog_Customers, where: {Description: "Amazon retail"}}}'


def test_every_path_has_its_data_set():
    assert {path for path in PATHS if data_set_of(path) is None} == IN_EVERY_ORDER
    assert {data_set_of(path) for path in PATHS} - {None} == set(DATA_SETS)


def test_settings_know_the_same_names():
    assert DataSet.__args__ == DATA_SETS


@pytest.fixture
def asked(mapping_with):
    """What a mapping asks for, beyond the usual: the preset with changes."""

    def asked(*changes):
        return set(wanted_data(mapping_with(*changes).rules).asked) - BASE

    return asked


MATCH = """  match:
    - pooled: {lookup: Catalog_Customers, where: {Description: "Amazon retail"}}
      when: {buyer.name: absent, buyer.company: absent}
    - exact_name: true
    - fuzzy_name: {sure: 0.99}
"""
COMMENT = 'Comment: {text: "Amazon {order.id}, {order.marketplace.country}"}'


@pytest.mark.parametrize(
    ("comment", "more"),
    [
        ("buyer.tax_id", set()),  # a tax number comes with TAX, not with BUYER
        ("buyer.invoice_preference", set()),
        ("ship_to.city", {"RECIPIENT"}),
        ("order.payment_method", {"PAYMENT"}),
        ("order.tracking", {"PACKAGES"}),
        ("order.promotion", {"PROMOTION"}),
        ("order.points_value", {"EXPENSE"}),
        ("order.easy_ship_id", {"FULFILLMENT_ORDERS"}),
        ("buyer.email", {"BUYER"}),
    ],
)
def test_paths(asked, pooled, comment, more):
    assert asked(pooled, (COMMENT, f"Comment: {{from: {comment}}}")) == more


@pytest.fixture
def pooled(mapping_with):
    """Makes one customer for everybody of the preset."""
    text = mapping_with().document.path.read_text(encoding="utf-8")
    start = text.index("  match:", text.index("customers:"))
    end = text.index("  otherwise:", start)
    return (text[start:end], f"  match:\n    - {POOLED}\n")


def test_one_customer_for_everybody(asked, pooled):
    """No buyer's data at all, whatever stands behind the policy that always decides."""
    assert asked() == {"BUYER"}
    assert asked(pooled) == set()
    dead = (pooled[0], pooled[1] + pooled[0].removeprefix("  match:\n"))
    assert asked(dead) == set()


def test_customers_that_are_never_created_need_nothing(asked, mapping_with, pooled):
    """`create` may stand in the mapping although `otherwise` says hold."""
    assert "create:" in mapping_with().document.path.read_text(encoding="utf-8")
    assert asked(pooled, ("  otherwise: hold", "  otherwise: create")) == set()


def test_buyers_words(mapping_with, pooled):
    def private(*changes, **policy):
        return wanted_data(mapping_with(pooled, *changes).rules, **policy).private

    row = (
        "        Quantity: {from: line.quantity}",
        "        Quantity: {from: line.quantity}\n        Note: {from: %s}",
    )
    assert private() == frozenset()
    assert private((COMMENT, "Comment: {from: buyer.tax_address}")) == {TAX_REGISTRATIONS}
    assert private((row[0], row[1] % "line.gift_message")) == {GIFT_MESSAGE}
    assert private((row[0], row[1] % "line.customization")) == {CUSTOMIZATION}
    assert private(always=["TAX", "FULFILLMENT"]) == {TAX_REGISTRATIONS, GIFT_MESSAGE}


def test_the_settings_widen_and_narrow(mapping_with, pooled):
    rules = mapping_with(pooled).rules
    assert wanted_data(rules, ["PACKAGES"], ["CANCELLATION"]).asked == ("PROCEEDS", "FULFILLMENT", "PACKAGES", "TAX")
    assert set(wanted_data(rules, never=["TAX"]).needed) == set(ALWAYS_NEEDED)
