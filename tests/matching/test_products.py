"""Seller SKU to product."""

from __future__ import annotations

import unicodedata
from uuid import UUID

import pytest

from adapter.mapping.aliases import Alias
from adapter.matching.products import NoProduct, ProductIndex, ProductMatch, sku_key
from adapter.model.catalog import Barcode, Product

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


# -------------------- barcodes

EAN, UPC, CASE, SHARED, PART, GONE = (
    "4006381333931",
    "036000291452",
    "14006381333938",
    "96385074",
    "5901234123457",
    "9780306406157",
)
CODES = (
    Barcode(EAN, A.ref_key),
    Barcode(UPC, B.ref_key),
    Barcode(f"00{UPC}", B.ref_key, whole=False),
    Barcode("not a number", TEA.ref_key),
    Barcode(SHARED, A.ref_key),
    Barcode(SHARED, TEA.ref_key, whole=False),
    Barcode(PART, TEA.ref_key, whole=False),
    Barcode(GONE, UUID(int=99)),
)


def unknown(sku):
    step = "add it in 1C or to the aliases, or let the mapping create products (products.otherwise)"
    return NoProduct(f'SKU "{sku}" is not among the products of the infobase; {step}', unknown=True)


@pytest.mark.parametrize(
    ("sku", "barcodes", "found"),
    [
        (EAN, (), ProductMatch(A, 1, EAN)),
        (f" 0{EAN} ", (), ProductMatch(A, 1, f"0{EAN}")),
        (f"0{UPC}", (), ProductMatch(B, 1, f"0{UPC}")),
        (CASE, (), unknown(CASE)),
        ("4006381333932", (), unknown("4006381333932")),
        (GONE, (), unknown(GONE)),
        ("not a number", (), unknown("not a number")),
        ("X", (EAN,), ProductMatch(A, 1, EAN)),
        ("A-1", (UPC,), ProductMatch(A)),
        ("PACK", (UPC,), ProductMatch(A, 6)),
        (None, (UPC,), ProductMatch(B, 1, UPC)),
        (" ", (GONE,), NoProduct("Amazon gave no SKU; write the order by hand in 1C, and give the offer a SKU at "
                                 "Amazon")),
        ("X", (EAN, GONE), ProductMatch(A, 1, EAN)),
        ("X", (EAN, UPC), NoProduct(f"the barcode {EAN} and {UPC} is a barcode of 2 products (Apple, Blade); leave it "
                                    "with one of them in 1C, or add the SKU to the aliases")),
        (SHARED, (), NoProduct(f'SKU "{SHARED}" is a barcode of 2 products (Apple, Tea); leave it with one of them in '
                               "1C, or add the SKU to the aliases")),
        (PART, (), NoProduct(f'SKU "{PART}" is in 1C the barcode of a package or characteristic of Tea; add the SKU '
                             "to the aliases, with how many pieces it is")),
        ("t-1", (EAN,), NoProduct('SKU "t-1" belongs to 3 products (00000000-0000-0000-0000-000000000007, Twin a, '
                                  "Twin b); give each its own SKU in 1C")),
        ("LOST", (EAN,), NoProduct('SKU "LOST" (alias of "GONE") is not among the products of the infobase; correct '
                                   "the alias, or add it in 1C")),
    ],
)  # fmt: skip
def test_match_by_barcode(sku, barcodes, found):
    products = [A, B, TEA, NAMELESS, *TWINS]
    assert ProductIndex(products, ALIASES, CODES).match(sku, barcodes) == found
    assert ProductIndex(products, ALIASES, CODES[::-1]).match(sku, barcodes) == found
    halves = ProductIndex(products[:2], ALIASES, CODES[:3]).extended(products[2:], CODES[3:])
    assert halves.match(sku, barcodes) == found


def test_a_sku_wins_before_a_barcode():
    other = Product(UUID(int=8), EAN, "Its article")
    assert ProductIndex([A, other], {}, CODES).match(EAN) == ProductMatch(other)
    assert ProductIndex([A, B], {EAN: Alias("00123", 3)}, CODES).match(EAN) == ProductMatch(B, 3)


def test_which_codes_the_infobase_could_still_tell():
    index = ProductIndex([A, B, TEA, *TWINS], ALIASES, CODES)
    assert index.unknown_codes(CASE) == {CASE}
    assert index.unknown_codes(GONE, [EAN, CASE]) == {f"0{GONE}", CASE}
    for known in (EAN, "A-1", "PACK", "LOST", "t-1", "X", None):
        assert index.unknown_codes(known) == frozenset()
    assert index.unknown_codes("A-1", [CASE]) == frozenset()
