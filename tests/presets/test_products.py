"""Products that presets create with what their comments offer: a folder, a unit, a kind of VAT."""

from __future__ import annotations

import re

import pytest

from adapter.mapping.lint import lint
from adapter.mapping.load import load_mapping
from adapter.mapping.presets import preset_path
from adapter.simulators.shop import books_products
from tests.presets.conftest import PRESETS, run_preset, schema_of

SEED = 7
NEW = {"МЛ-НОВЫЙ-1", "MUG-NEW-2"}
each_preset = pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)


def creating(text):
    """The preset with otherwise: create, and what its comments offer for new products, but for examples with dots."""
    head, part, tail = text.partition("\nproducts:\n")
    own, end, rest = tail.partition("\nlengths:")
    lines = own.replace("  otherwise: hold", "  otherwise: create").splitlines()
    if "  create:" in lines:
        start, offered = lines.index("  create:"), r"^    # (?=\w+: \{.*\}$)"
    else:
        start, offered = lines.index("  # create:"), r"^  # (?=create:|  )"
    lines[start:] = [line if "..." in line else re.sub(offered, "    " if "    #" in offered else "  ", line)
                     for line in lines[start:]]  # fmt: skip
    return head + part + "\n".join(lines) + end + rest


def sell_new_products(account):
    """The first offers are of products that 1C does not know."""
    known = {sku for sku, _ in books_products()}
    for order_id in account.order_ids():
        order = account.order(order_id)
        for item, sku in zip(order.get("orderItems", []), sorted(NEW), strict=False):
            if item.get("product", {}).get("sellerSku") in known:
                item["product"]["sellerSku"] = sku
        account.put(order)


@each_preset
def test_the_templates_agree(preset, tmp_path):
    file = tmp_path / "mapping.yaml"
    file.write_text(creating(preset_path(preset.name).read_text(encoding="utf-8")), encoding="utf-8")
    loaded = load_mapping(file)
    assert lint(loaded, schema_of(preset.name)) == ()
    assert "Parent_Key" in loaded.rules.products.create


TRIED = [preset for preset in PRESETS if preset.name in {"ut-11.5", "bas-accounting"}]  # the rest is like them


@pytest.mark.parametrize("preset", TRIED, ids=lambda preset: preset.name)
def test_products_of_a_folder_a_unit_and_a_rate(preset, tmp_path):
    made = {}

    def prepare(infobase):
        published = {item.entity_set for item in infobase.model.objects}
        (entity_set,) = published & {"Catalog_Номенклатура", "Catalog_Products", "Catalog_ProductsAndServices"}
        made["folder"] = infobase.add(entity_set, {"Description": "Amazon", "IsFolder": True})["Ref_Key"]

    run = run_preset(preset, (SEED,), tmp_path, edit=creating, prepare=prepare, sell=sell_new_products)
    products = run.rules.products
    new = [row for row in run.infobase.rows(products.entity_set) if row[products.read.sku] in NEW]
    assert {row[products.read.sku] for row in new} == NEW
    assert len(new) == len(NEW)
    for row in new:
        assert row["Parent_Key"] == made["folder"]
        assert all(row[name] not in {"", "00000000-0000-0000-0000-000000000000"} for name in products.create)
    assert len(run.rows) >= 60
