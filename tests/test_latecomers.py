"""Products entered in 1C after its catalogs were read: asked for by SKU before an order is held or one is created."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from urllib.parse import unquote

import pytest

from adapter.mapping.load import load_mapping
from adapter.mapping.presets import preset_path
from adapter.model.entry import State
from adapter.onec.catalogs import Catalogs
from adapter.onec.errors import InfobaseUnavailable, RefusedByInfobase

PRODUCTS = "Catalog_Products"
CREATING = ("  otherwise: hold\n  create:\n    sku", "  otherwise: create\n  create:\n    sku")


def asked(world):
    """The questions for single products since the last time, as filters."""
    found = [unquote(entry.target) for entry in world.onec.log if f"/{PRODUCTS}?" in entry.target]
    world.onec.log.clear()
    return [target for target in found if " eq '" in target and "AMZ-" not in target]


def sold(world, order_id):
    return [row["Product_Key"] for row in world.document(order_id)["Products"]]


@pytest.fixture
def read_world(open_world):
    """A world whose catalogs have been read already; the copies are a year fresh."""

    def read_world(*changes):
        world = open_world(*changes)
        world.order()
        world.run()
        asked(world)
        return world

    return read_world


def cup(world, sku="CUP", **values):
    return world.infobase.add(PRODUCTS, {"Description": "Cup", "sku": sku, **values})["Ref_Key"]


def test_a_product_entered_since(read_world):
    world = read_world()
    held = world.order(sku=" cup")
    world.run()
    assert world.state(held) is State.HELD
    assert len(asked(world)) == 1
    made = cup(world)
    world.run()
    assert sold(world, held) == [made]


def test_once_a_minute(read_world):
    world = read_world()
    world.order(sku="CUP")
    sync, counts = world.sync(), []
    for seconds in (180, 20, 20, 25, 60):
        world.clock.forward(seconds=seconds)
        sync.run()
        counts.append(len(asked(world)))
    assert counts == [1, 0, 0, 1, 1]


def test_a_lost_answer_does_not_count(read_world):
    world = read_world()
    order_id, made, sync = world.order(sku="CUP"), cup(world), world.sync()
    world.clock.forward(minutes=3)
    world.away = True
    with pytest.raises(InfobaseUnavailable):
        sync.run()
    world.away = False
    world.clock.forward(seconds=5)
    sync.run()
    assert sold(world, order_id) == [made]


def test_nothing_is_created_beside_it(read_world):
    world = read_world(CREATING)
    made = cup(world)
    order_id, other = world.order(sku="CUP"), world.order(sku="POT")
    world.run()
    assert sold(world, order_id) == [made]
    assert sorted(row["sku"] for row in world.infobase.rows(PRODUCTS) if row["sku"] in {"CUP", "POT"}) == ["CUP", "POT"]
    assert len(sold(world, other)) == 1


def test_two_of_them_are_held(read_world):
    world = read_world(CREATING)
    cup(world), cup(world, "cup ")
    order_id = world.order(sku="CUP")
    world.run()
    assert "belongs to 2 products (Cup, Cup)" in " ".join(world.entry(order_id).reasons)


def test_many_at_once(read_world):
    """Each request is short enough for every web server."""
    world = read_world()
    world.modes(iis=True)
    skus = [f"ЧАЙ-{number:04}" for number in range(200)]
    order_ids = [world.order(sku=sku) for sku in skus]
    made = [cup(world, sku) for sku in skus]
    world.run()
    assert [sold(world, order_id) for order_id in order_ids] == [[each] for each in made]
    requests = asked(world)
    assert 3 < len(requests) < 20


def test_skus_that_no_address_could_carry(read_world):
    world = read_world()
    odd = [world.order(sku=sku) for sku in ("A\x01B", "X" * 3000, "it's 100% & more")]
    fine, made = world.order(sku="CUP"), cup(world)
    world.run()
    assert sold(world, fine) == [made]
    assert {world.state(order_id) for order_id in odd} == {State.HELD}


def test_a_property_that_cannot_be_asked_for(read_world, monkeypatch):
    """1C compares no texts of unlimited length: then the next reading of the catalog tells."""
    world = read_world()

    def refuse(*_):
        raise RefusedByInfobase(f"GET {PRODUCTS}", 500, "-1", "Нельзя сравнивать поля неограниченной длины")

    monkeypatch.setattr(Catalogs, "find_any", refuse)
    held = world.order(sku="CUP")
    world.run()
    assert "is not among the products" in " ".join(world.entry(held).reasons)


def test_a_code_with_zeros_in_front(read_world):
    world = read_world(("products:\n  entity_set", "products:\n  leading_zeros: ignore\n  entity_set"))
    made = cup(world, "00000000123")
    order_id = world.order(sku="123")
    world.run()
    assert sold(world, order_id) == [made]


def test_an_asin(read_world):
    world = read_world(("read: {sku: sku,", "read: {asin: Description, sku: sku,"))
    made = cup(world, "ELSE", Description="B000000001")
    order_id = world.order(sku="CUP")
    world.run()
    assert sold(world, order_id) == [made]


def test_what_an_alias_means(read_world, tmp_path):
    world = read_world()
    text = preset_path("training").read_text(encoding="utf-8")
    (tmp_path / "mapping.yaml").write_text(text.replace("# aliases:", "aliases:"), encoding="utf-8")
    (tmp_path / "products.csv").write_text("seller_sku;sku\nKIT;TEA\nKIT;CUP\n", encoding="utf-8")
    world.parts = replace(world.parts, mapping=load_mapping(tmp_path / "mapping.yaml"))
    order_id, made = world.order(sku="KIT"), cup(world)
    world.run()
    assert len(sold(world, order_id)) == 2
    assert sold(world, order_id)[1] == made


def test_copies_that_are_always_read_need_no_question(read_world):
    world = read_world()
    world.parts = replace(world.parts, refresh=timedelta(0))
    world.order(sku="CUP")
    world.run()
    assert asked(world) == []
