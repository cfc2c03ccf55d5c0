"""Orders whose tax Amazon collects itself: what a mapping can make of them."""

from __future__ import annotations

import pytest

NO_VAT = {
    "when": {"tax_collected": True},
    "documents": {"sales_order": {"rows": {"Products": {"Rate": {"const": "none"}, "VAT": {"const": 0}}}}},
}
AS_VARIANT = {
    "variants": [NO_VAT],
    "documents/sales_order/rows/Products/Rate": {"const": "20 %"},
    "documents/sales_order/rows/Products/VAT": {"vat": "line.amount", "rate": 20},
}
BY_ROW = {
    "documents/sales_order/rows/Products/Rate": {
        "map": "line.tax_collected", "table": {"true": "none", "false": "20 %"},
    },
    "documents/sales_order/rows/Products/VAT": {
        "vat": "line.amount", "rate": {"map": "line.tax_collected", "table": {"true": 0}, "otherwise": 20},
    },
}  # fmt: skip


def line(shop, sku, collected, *more):
    tax = shop.charge("goods_tax", "2.00", by_marketplace=collected)
    return shop.line(sku, "10.00", 1, tax, *more, tax_collected=collected)


def vat(rows):
    return [(row["Rate"], str(row["VAT"])) for row in rows]


@pytest.mark.parametrize("mapping", [AS_VARIANT, BY_ROW], ids=["variant", "row"])
@pytest.mark.parametrize(("collected", "found"), [(True, ("none", "0")), (False, ("20 %", "2.00"))])
def test_vat_of_such_an_order(shop, mapping, collected, found):
    """10.00 and 2.00 tax: of 12.00, or of the 10.00 that are left."""
    shipping = shop.charge("shipping", "12.00")
    order = shop.order(line(shop, "A", collected, shipping))
    rows = shop.rows(order, mapping)
    assert [(rate, float(amount)) for rate, amount in vat(rows)] == [(found[0], float(found[1]))] * 2


def test_nothing_collected_of_what_is_free_of_tax(shop):
    """Books, say: Amazon is the one to collect, and there is nothing."""
    order = shop.order(shop.line("A", "10.00", tax_collected=True))
    assert [rate for rate, _ in vat(shop.rows(order, AS_VARIANT))] == ["none"]


def test_lines_that_are_cancelled_do_not_count(shop):
    order = shop.order(line(shop, "A", True), shop.line("B", None, 0))
    assert [rate for rate, _ in vat(shop.rows(order, AS_VARIANT))] == ["none"]


MIXED = "Amazon collects the tax of some of its lines only (L-A); write it by hand in 1C"


def test_an_order_of_two_minds(shop):
    order = shop.order(line(shop, "A", True), line(shop, "B", False))
    assert order.tax_collected is None
    assert shop.reasons(order, AS_VARIANT) == (MIXED,)
    whole = {"documents/sales_order/header/Collected": {"from": "order.tax_collected"}}
    assert shop.reasons(order, whole) == (MIXED,)
    assert [rate for rate, _ in vat(shop.rows(order, BY_ROW))] == ["none", "20 %"]
    assert shop.reasons(order) == ()  # a mapping that does not ask has nothing to decide


def test_a_row_of_two_minds(shop):
    shipping = shop.charge("shipping", "3.00")
    order = shop.order(line(shop, "A", True, shipping), line(shop, "B", False, shipping))
    assert shop.reasons(order, BY_ROW) == (
        'Rate: Amazon collects the tax on a part of "Shipping" only; write the order by hand in 1C',
        'VAT: Amazon collects the tax on a part of "Shipping" only; write the order by hand in 1C',
    )


def test_a_flag_in_a_text(shop):
    text = {"documents/sales_order/header/Comment": {"text": "{order.tax_collected}"}}
    step = shop.step(shop.order(line(shop, "A", True)), inputs=shop.inputs(text))
    assert step.document.properties["Comment"] == "true"
