"""Seller SKU to product."""

from __future__ import annotations

import unicodedata
from decimal import Decimal
from uuid import UUID

import pytest

from adapter.mapping.aliases import Alias, Kit
from adapter.matching.products import KitMatch, Missing, NoProduct, ProductIndex, ProductMatch, sku_key
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
        ("PACK", ProductMatch(A, Decimal(6))),
        ("pack ", ProductMatch(A, Decimal(6))),
        ("00123", ProductMatch(A, Decimal(2))),
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
        (EAN, (), ProductMatch(A, Decimal(1), EAN)),
        (f" 0{EAN} ", (), ProductMatch(A, Decimal(1), f"0{EAN}")),
        (f"0{UPC}", (), ProductMatch(B, Decimal(1), f"0{UPC}")),
        (CASE, (), unknown(CASE)),
        ("4006381333932", (), unknown("4006381333932")),
        (GONE, (), unknown(GONE)),
        ("not a number", (), unknown("not a number")),
        ("X", (EAN,), ProductMatch(A, Decimal(1), EAN)),
        ("A-1", (UPC,), ProductMatch(A)),
        ("PACK", (UPC,), ProductMatch(A, Decimal(6))),
        (None, (UPC,), ProductMatch(B, Decimal(1), UPC)),
        (" ", (GONE,), NoProduct("Amazon gave no SKU; write the order by hand in 1C, and give the offer a SKU at "
                                 "Amazon")),
        ("X", (EAN, GONE), ProductMatch(A, Decimal(1), EAN)),
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
    assert ProductIndex([A, B], {EAN: Alias("00123", Decimal(3))}, CODES).match(EAN) == ProductMatch(B, Decimal(3))


def test_which_codes_the_infobase_could_still_tell():
    index = ProductIndex([A, B, TEA, *TWINS], ALIASES, CODES)
    assert index.unknown_codes(CASE) == {CASE}
    assert index.unknown_codes(GONE, [EAN, CASE]) == {f"0{GONE}", CASE}
    for known in (EAN, "A-1", "PACK", "LOST", "t-1", "X", None):
        assert index.unknown_codes(known) == frozenset()
    assert index.unknown_codes("A-1", [CASE]) == frozenset()


# -------------------- aliases of barcodes, kits, zeros, ASINs


def aliased(*parts, references=None, products=(A, B, TEA, NAMELESS, *TWINS), codes=CODES):
    alias = parts[0] if len(parts) == 1 else Kit(parts)
    return ProductIndex(products, {"OLD": alias}, codes, references=references)


@pytest.mark.parametrize(
    ("part", "found"),
    [
        (Alias("", Decimal(2), EAN), ProductMatch(A, Decimal(2))),
        (Alias(EAN, 2), ProductMatch(A, Decimal(2))),
        (Alias("", Decimal(1), f"0{UPC}"), ProductMatch(B)),
        (Alias("", Decimal(1), CASE, place="p.csv:3"), NoProduct(
            f'SKU "OLD" (alias of "{CASE}" in p.csv:3) is not among the barcodes of the infobase; correct the alias, '
            "or add it in 1C")),
        (Alias("", Decimal(1), SHARED), NoProduct(
            f'SKU "OLD" (alias of "{SHARED}") is a barcode of 2 products (Apple, Tea); leave it with one of them in '
            "1C, or give the SKU of the product in the alias")),
        (Alias("", Decimal(1), PART), NoProduct(
            f'SKU "OLD" (alias of "{PART}") is in 1C the barcode of a package or characteristic of Tea; give the SKU '
            "of the product in the alias, with how many pieces it is")),
        (Alias("A-1", 1, "", "red", "box"), ProductMatch(A, given={"characteristic": "red", "unit": "box"})),
    ],
)  # fmt: skip
def test_what_an_alias_means(part, found):
    assert aliased(part).match("OLD") == found


def test_kits():
    index = aliased(Alias("A-1", 2, weight=Decimal(3)), Alias("", Decimal(1), UPC))
    assert index.match("OLD") == KitMatch((ProductMatch(A, Decimal(2), weight=Decimal(3)), ProductMatch(B)))


def test_references_of_aliases():
    red, blue = Alias("A-1", 1, "", "red"), Alias("A-1", 1, "", "blue")
    assert aliased(red, references={red: {"characteristic": "ref"}}).match("OLD") == ProductMatch(
        A, given={"characteristic": "ref"}
    )
    for index in (
        aliased(red, references={red: "there is none"}),
        aliased(red, blue, references={red: "there is none"}),
    ):
        assert index.match("OLD").reasons[0] == 'SKU "OLD": there is none'
    index = aliased(blue, references={})  # the product came after the references were read
    assert isinstance(index.match("OLD"), NoProduct)
    assert [reason for _, reason in index.alias_problems()] == [
        "its characteristic and unit were not looked up yet; the next run does it"
    ]
    assert index.with_references({blue: {"characteristic": "ref"}}).match("OLD").given == {"characteristic": "ref"}


def test_zeros_in_front():
    padded, other, text = (
        Product(UUID(int=20), "00000000123"),
        Product(UUID(int=21), "124"),
        Product(UUID(int=22), "0X1"),
    )
    exact = ProductIndex([padded, other, text, B])
    for sku in ("123", "0124", "X1"):
        assert isinstance(exact.match(sku), NoProduct)
    lax = ProductIndex([padded, other, text], ignore_zeros=True)
    assert lax.match("123") == lax.match("0123 ") == ProductMatch(padded)
    assert lax.match("0124") == ProductMatch(other)
    assert isinstance(lax.match("X1"), NoProduct)
    assert isinstance(lax.match("000"), NoProduct)
    both = ProductIndex([padded, other, B], ignore_zeros=True)
    assert both.match("00123") == ProductMatch(B)  # the same with its zeros comes first
    assert "belongs to 2 products" in both.match("123").reason


def test_asins():
    x, y, z = (
        Product(UUID(int=number), f"P{number}", f"Product {number}", {"asin": asin})
        for number, asin in ((30, "B000000001"), (31, "b000000002 "), (32, "B000000002"))
    )
    index = ProductIndex([x, y, z, A], {}, CODES)
    assert index.match("NEW", asin="B000000001") == ProductMatch(x, asin="B000000001")
    assert index.match(None, asin="B000000001") == ProductMatch(x, asin="B000000001")
    assert index.match("A-1", asin="B000000001") == ProductMatch(A)
    assert index.match(EAN, asin="B000000001") == ProductMatch(A, Decimal(1), EAN)
    assert index.match("NEW", asin="B000000002").reason == (
        'SKU "NEW": the ASIN B000000002 belongs to 2 products (Product 31, Product 32); leave it with one of them in '
        "1C, or add the SKU to the aliases"
    )
    assert index.match("NEW", asin="B000000003").unknown


def test_the_characteristic_of_a_barcode():
    red, blue = (Barcode(EAN, A.ref_key, characteristic=each) for each in ("red", "blue"))
    assert ProductIndex([A], {}, [red]).match(EAN) == ProductMatch(A, Decimal(1), EAN, {"characteristic": "red"})
    assert "is a barcode of 2 characteristics of Apple" in ProductIndex([A], {}, [red, blue]).match(EAN).reason
    index = ProductIndex([A], {"OLD": Alias("", Decimal(3), EAN)}, [red])
    assert index.match("OLD") == ProductMatch(A, Decimal(3), given={"characteristic": "red"})


def test_by_what_the_infobase_may_be_asked():
    index = ProductIndex(
        [A, B, TEA, *TWINS], {**ALIASES, "KIT": Kit((Alias("A-1"), Alias("N"), Alias("", Decimal(1), CASE)))}, CODES
    )
    assert index.missing("new ", "B01") == Missing(frozenset({"new"}), frozenset(), frozenset({"B01"}))
    assert index.missing(CASE) == Missing(frozenset({CASE}), frozenset({CASE}))
    assert index.missing(None, "B01") == Missing(asins=frozenset({"B01"}))
    assert index.missing("LOST") == Missing(frozenset({"GONE"}))
    assert index.missing("KIT", "B01") == Missing(frozenset({"N"}), frozenset({CASE}))
    for known in ("A-1", "PACK", EAN, "t-1", None):
        assert index.missing(known) == Missing()


def test_a_product_that_has_got_another_sku_keeps_one():
    index = ProductIndex([A, B]).extended([Product(A.ref_key, "A-2", "Apple")], [])
    assert isinstance(index.match("A-1"), NoProduct)
    assert index.match("A-2").product.ref_key == A.ref_key
    assert len(index) == 2


def test_all_of_many_products_are_named():
    twins = [Product(UUID(int=number), "T", f"Twin {number:02}") for number in range(22)]
    reason = ProductIndex(twins).match("T").reason
    assert "belongs to 22 products (Twin 00, Twin 01" in reason
    assert "Twin 19 and 2 more); give" in reason
