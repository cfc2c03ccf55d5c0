"""Amazon's catalog: what it tells of a product, and barcodes in one form."""

from __future__ import annotations

import pytest

from adapter.amazon.catalog_items import CatalogItemsClient
from adapter.amazon.errors import BadAnswer, Throttled
from adapter.model.item import CatalogItem, barcode
from adapter.simulators.amazon import Item, Rate
from adapter.simulators.faults import Fault
from adapter.simulators.shop import products

DE = "A1PA6795UKMFR9"


@pytest.fixture
def client(world):
    return CatalogItemsClient(world.calls)


def test_twenty_in_one_call(client, world):
    asked = [product.asin for product in products()[:19]]
    found = client.by_asin(DE, [*asked, "B0UNKNOWN0"])
    assert list(found) == asked
    assert sum("/catalog/" in entry.target for entry in world.amazon.log) == 1
    first = products()[0]
    assert found[first.asin] == CatalogItem(first.asin, first.title, "Nordwind", (first.ean,))


@pytest.mark.parametrize(
    ("ean", "upc", "codes"),
    [
        ("4006381333931", None, ("4006381333931",)),
        (None, "012345678905", ("0012345678905",)),
        ("40170725", None, ("40170725", "0000040170725")),
        (None, None, ()),
        ("no code", None, ()),
    ],
)
def test_barcodes(client, world, ean, upc, codes):
    world.account.catalog.add(Item("B0NEW", "New", "N", ean=ean, upc=upc))
    item = client.by_asin(DE, ["B0NEW"])["B0NEW"]
    assert (item.barcodes, item.ean, item.brand) == (codes, codes[0] if codes else None, None)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (" 4006381333931 ", "4006381333931"),
        ("012345678905", "0012345678905"),
        ("04006381333931", "4006381333931"),
        ("14006381333938", "14006381333938"),
        ("40170725", "40170725"),
        ("", None),
        ("123", None),
        ("400638133393X", None),
        ("\u0664006381333931", None),
    ],
)
def test_one_form(text, code):
    assert barcode(text) == code


def test_odd_answers(client, world):
    world.amazon.faults.add(Fault("status", path="/catalog/", status=200, times=1))
    with pytest.raises(BadAnswer):
        client.by_asin(DE, ["B0NEW"])


def test_the_budget(client, world):
    world.account.set_rate("searchCatalogItems", Rate(0.01, 0))
    with pytest.raises(Throttled):
        client.by_asin(DE, ["B0NEW"])
