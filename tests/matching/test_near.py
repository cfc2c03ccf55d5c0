"""The nearest SKUs: the same as comparing with all of them, and no others."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from adapter.matching.near import NEAR, NearProducts, bare
from adapter.matching.products import NoProduct, ProductIndex
from adapter.model.catalog import Product

PRODUCTS = [
    Product(UUID(int=number), sku, name)
    for number, (sku, name) in enumerate(
        [("AB-1234", "Apple"), ("ab-1235 ", ""), ("00123", "Blade"), ("ЧАЙ-700", "Tea"), ("AB-9999", "Far"), ("X", "")]
    )
]


@pytest.mark.parametrize(
    ("sku", "told"),
    [
        ("AB1234X", '. Did you mean "AB-1234" (Apple)?'),
        ("123", '. Did you mean "00123" (Blade)?'),
        ("чай 70", '. Did you mean "ЧАЙ-700" (Tea)?'),
        ("BA-1234", '. Did you mean "AB-1234" (Apple)?'),
        ("AB-1236", '. Did you mean "AB-1234" (Apple) or "ab-1235"?'),
        ("something else", ""),
        ("-", ""),
        ("000", ""),
        ("Y", ""),
        (None, ""),
    ],
)
def test_near(sku, told):
    index = ProductIndex(PRODUCTS)
    assert index.near(sku) == told
    assert isinstance(index.match(sku), NoProduct)


def test_three_at_most():
    many = [Product(UUID(int=number), f"AB-12{number}") for number in range(9)]
    assert ProductIndex(many).near("AB-12").count('"') == 6


SKUS = st.text("ABab12-0Щ ", min_size=1, max_size=12)


@given(st.lists(SKUS, min_size=1, max_size=40, unique_by=bare), SKUS)
def test_nothing_near_is_missed(skus, sku):
    products = NearProducts((sku, [Product(UUID(int=number), sku)]) for number, sku in enumerate(skus))
    scores = {known: OSA.normalized_similarity(bare(sku), bare(known)) for known in skus}
    found = [product.sku for product in products.of(sku)]
    expected = sorted((score for score in scores.values() if bare(sku) and score >= NEAR), reverse=True)[:3]
    assert [scores[each] for each in found] == expected


def test_an_empty_catalog():
    assert ProductIndex([]).near("A") == ""
