"""Seller SKU to product."""

from __future__ import annotations

import unicodedata
from uuid import UUID

import pytest

from adapter.mapping.aliases import Alias
from adapter.matching.products import NoProduct, ProductIndex, ProductMatch, sku_key
from adapter.model.catalog import Product

A, B, TEA, NAMELESS = (
    Product(UUID(int=1), "A-1", "Apple"),
    Product(UUID(int=2), " 00123 ", "Blade"),
    Product(UUID(int=3), "ЧАЙ-7", "Tea"),
    Product(UUID(int=4), "", "No SKU"),
)
TWINS = Product(UUID(int=5), "T-1", "Twin b"), Product(UUID(int=6), "t-1", "Twin a"), Product(UUID(int=7), "T-1 ")
ALIASES = {"PACK": Alias("A-1", 6), "T-1-OLD": Alias("T-1"), "LOST": Alias("GONE"), "00123": Alias("A-1", 2)}


@pytest.mark.parametrize(
    ("sku", "found"),
    [
        ("A-1", ProductMatch(A)),
        (" a-1\t", ProductMatch(A)),
        ("PACK", ProductMatch(A, 6)),
        ("pack ", ProductMatch(A, 6)),
        ("00123", ProductMatch(A, 2)),
        (unicodedata.normalize("NFD", "чай-7"), ProductMatch(TEA)),
        ("A1", NoProduct('SKU "A1" is not among the products of the infobase; add it in 1C or to the aliases, or let '
                         "the mapping create products (products.otherwise)", unknown=True)),
        ("123", NoProduct('SKU "123" is not among the products of the infobase; add it in 1C or to the aliases, or let '
                          "the mapping create products (products.otherwise)", unknown=True)),
        ("LOST", NoProduct('SKU "LOST" (alias of "GONE") is not among the products of the infobase; correct the alias, '
                           "or add it in 1C")),
        ("t-1", NoProduct('SKU "t-1" belongs to 3 products (00000000-0000-0000-0000-000000000007, Twin a, Twin b); '
                          "give each its own SKU in 1C")),
        ("T-1-OLD", NoProduct('SKU "T-1-OLD" (alias of "T-1") belongs to 3 products '
                              "(00000000-0000-0000-0000-000000000007, Twin a, Twin b); give each its own SKU in 1C")),
        *((nothing, NoProduct("Amazon gave no SKU; write the order by hand in 1C, and give the offer a SKU at Amazon"))
          for nothing in (None, "", "  ")),
    ],
)  # fmt: skip
def test_match(sku, found):
    assert ProductIndex([A, B, TEA, NAMELESS, *TWINS], ALIASES).match(sku) == found
    assert ProductIndex([*TWINS[::-1], NAMELESS, TEA, B, A], ALIASES).match(sku) == found


def test_without_aliases():
    index = ProductIndex([A, B, NAMELESS])
    assert (index.match("00123"), len(index)) == (ProductMatch(B), 2)


def test_sku_key():
    assert sku_key(" Straße ") == sku_key("STRASSE") == "strasse"
    assert sku_key("A B") != sku_key("AB")
