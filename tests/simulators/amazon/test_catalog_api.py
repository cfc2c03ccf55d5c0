"""The Catalog Items API of the stand-in: its rules, and its answers against Amazon's own model."""

from __future__ import annotations

import pytest

from adapter.simulators.amazon import Item
from adapter.simulators.shop import products

ITEMS = "/catalog/2022-04-01/items"
DE = "A1PA6795UKMFR9"


@pytest.fixture
def caller(open_account):
    return open_account(0)


@pytest.fixture
def check(official_model):
    return official_model("catalogItems_2022-04-01")


def search(caller, **parameters):
    return caller.get(ITEMS, **({"marketplaceIds": DE, "identifiersType": "ASIN"} | parameters))


def test_by_asin(caller, check):
    product = products()[0]
    answer = search(caller, identifiers=product.asin, includedData="summaries,identifiers")
    check("ItemSearchResults").validate(answer.body)
    (item,) = answer.body["items"]
    assert item["asin"] == product.asin
    assert item["summaries"][0]["itemName"] == product.title
    assert {"identifierType": "EAN", "identifier": product.ean} in item["identifiers"][0]["identifiers"]
    assert set(search(caller, identifiers=product.asin).body["items"][0]) == {"asin", "summaries"}


def test_ten_on_a_page_unless_more_are_asked_for(caller, check):
    asins = ",".join(product.asin for product in products()[:20])
    first = search(caller, identifiers=asins)
    check("ItemSearchResults").validate(first.body)
    assert (first.body["numberOfResults"], len(first.body["items"])) == (20, 10)
    second = search(caller, identifiers=asins, pageToken=first.body["pagination"]["nextToken"])
    assert len({item["asin"] for item in first.body["items"] + second.body["items"]}) == 20
    assert "nextToken" not in second.body["pagination"]
    whole = search(caller, identifiers=asins, pageSize=20).body
    assert (len(whole["items"]), "pagination" in whole) == (20, False)


def test_by_sku_nothing_tells_which_one(caller):
    product = products()[1]
    answer = search(caller, identifiers=product.sku, identifiersType="SKU", sellerId=caller.account.seller_id)
    assert [item["asin"] for item in answer.body["items"]] == [product.asin]
    assert product.sku not in str(answer.body).replace(product.title, "")


def test_unknown_items_are_left_out(caller):
    assert search(caller, identifiers="B000000000").body == {"numberOfResults": 0, "items": []}


@pytest.mark.parametrize(
    "parameters",
    [
        {"identifiers": "A", "marketplaceIds": ""},
        {"identifiers": "A", "marketplaceIds": f"{DE},A13V1IB3VIYZZH"},
        {"identifiers": "A", "identifiersType": ""},
        {"identifiers": "A", "identifiersType": "SKU"},
        {"identifiers": "A", "keywords": "tea"},
        {},
        {"identifiers": ",".join("ABCDEFGHIJKLMNOPQRSTU")},
        {"identifiers": "A", "pageSize": 21},
        {"identifiers": "A", "pageToken": "x"},
        {"identifiers": "A", "includedData": "prices"},
    ],
)
def test_refused(caller, check, parameters):
    answer = search(caller, **parameters)
    assert answer.status == 400
    check("ErrorList").validate(answer.body)


def test_a_marketplace_of_another_region(caller):
    assert search(caller, identifiers="A", marketplaceIds="ATVPDKIKX0DER").status == 403


def test_one_item(caller, check):
    caller.account.catalog.add(Item("B0NEW", "New", "N-1", upc="012345678905"))
    answer = caller.get(f"{ITEMS}/B0NEW", marketplaceIds=DE, includedData="summaries,identifiers")
    check("Item").validate(answer.body)
    assert "brand" not in answer.body["summaries"][0]
    assert [entry["identifier"] for entry in answer.body["identifiers"][0]["identifiers"]] == [
        "012345678905", "00012345678905",
    ]  # fmt: skip
    assert caller.get(f"{ITEMS}/B0NONE", marketplaceIds=DE).status == 404


def test_keywords(caller, check):
    answer = caller.get(ITEMS, keywords="handtuch", marketplaceIds=DE)
    check("ItemSearchResults").validate(answer.body)
    assert answer.body["numberOfResults"] == 3
