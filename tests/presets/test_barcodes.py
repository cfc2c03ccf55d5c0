"""Every preset that knows barcodes: orders whose seller SKU is the EAN become the same documents."""

from __future__ import annotations

import pytest

from adapter.planning.plan import Create, Hold
from adapter.simulators.shop import books_products, products
from tests.presets.conftest import PRESETS, run_preset

WITH_BARCODES = [preset for preset in PRESETS if preset.name != "bas-accounting"]
EANS = {product.sku: product.ean for product in products()}
SEED = 7
BARCODES = "InformationRegister_ШтрихкодыНоменклатуры"
each_preset = pytest.mark.parametrize("preset", WITH_BARCODES, ids=lambda preset: preset.name)


def sell_by_ean(account):
    """Offers whose seller SKU is the EAN; what Amazon gave no SKU stays so."""
    for order_id in account.order_ids():
        order = account.order(order_id)
        for item in order.get("orderItems", []):
            product = item.get("product", {})
            if "sellerSku" in product:
                product["sellerSku"] = EANS.get(product["sellerSku"], product["sellerSku"])
        account.put(order)


def totals(plan):
    return {step.key.order_id: step.totals.document.amount for step in plan if isinstance(step, Create)}


def goods(run):
    """Order id -> the numbers of its rows that name each product, by the product's name."""
    (catalog,) = {run.rules.products.entity_set}
    names = {row["Ref_Key"]: row["Description"] for row in run.infobase.rows(catalog)}
    orders = totals(run.plan)
    found = {}
    for row in run.rows:
        (order_id,) = [order_id for order_id in orders if order_id in run.order_id(row)]
        sections = [columns.section for columns in run.preset.columns]
        values = [value for section in sections for line in row[section] for value in line.values()]
        found[order_id] = sorted(names[value] for value in values if isinstance(value, str) and value in names)
    return found


def only(of_orders, seller):
    """What was found for the orders of one seller account."""
    return {order_id: value for order_id, value in of_orders.items() if order_id in seller.service.order_ids()}


@each_preset
def test_a_seller_sku_that_is_an_ean(preset, run_of, tmp_path):
    by_sku = run_of(preset)
    by_ean = run_preset(preset, (SEED,), tmp_path, sell=sell_by_ean)
    (seller,) = by_ean.amazon.values()
    assert totals(by_ean.plan) == only(totals(by_sku.plan), seller)
    assert goods(by_ean) == only(goods(by_sku), seller)
    notes = [note for step in by_ean.plan if isinstance(step, Create) for note in step.notes]
    assert sum(" is a barcode of " in note for note in notes) >= 60


def test_barcodes_that_nobody_has_entered(tmp_path):
    """Without its barcodes the infobase knows none of the goods."""

    def forget(infobase):
        for row in infobase.rows(BARCODES):
            assert infobase.remove(BARCODES, row["Штрихкод"])

    preset = next(preset for preset in PRESETS if preset.name == "ut-11.5")
    run = run_preset(preset, (SEED,), tmp_path, sell=sell_by_ean, prepare=forget)
    assert not run.rows
    reasons = [reason for step in run.plan if isinstance(step, Hold) for reason in step.reasons]
    assert sum("is not among the products of the infobase" in reason for reason in reasons) >= 60


def test_the_shop_has_barcodes():
    assert len(EANS) == len(set(EANS.values()))
    assert sum(sku in EANS for sku, _ in books_products()) >= 60
