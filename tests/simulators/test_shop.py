from __future__ import annotations

import re

from adapter.simulators import shop


def test_products():
    products = shop.products()
    assert len(products) == 70
    for values in zip(*((product.sku, product.asin, product.ean) for product in products), strict=True):
        assert len(set(values)) == len(products)
    assert all(re.fullmatch(r"B0[0-9A-Z]{8}", product.asin) for product in products)
    assert {"00123", "D'ART-01", "1E5", "ЧАЙ-7"} <= {product.sku for product in products}
    assert [product.sku for product in products if not product.in_books] == ["NEW-01", "NEW-02", "new-03"]


def test_eans_have_a_good_check_digit():
    for product in shop.products():
        digits = [int(digit) for digit in product.ean]
        assert len(digits) == 13
        assert sum(digits[0::2] + [3 * digit for digit in digits[1::2]]) % 10 == 0


def test_buyers():
    buyers = shop.buyers()
    assert len(buyers) == 272
    assert len({buyer.name for buyer in buyers}) == len(buyers)
    assert len({buyer.email for buyer in buyers}) == len(buyers)
    assert all(buyer.email.endswith(".example") for buyer in buyers)
    assert len({buyer.country for buyer in buyers}) == 26
    assert sum(buyer.books_name is None for buyer in buyers) == 10
    assert sum(bool(buyer.rivals) for buyer in buyers) == 5
    companies = [buyer for buyer in buyers if buyer.company is not None]
    assert len(companies) == 20
    assert all((buyer.company is None) == (buyer.tax_id is None) for buyer in buyers)


def test_spellings():
    known = {buyer.name: (buyer.books_name, buyer.rivals) for buyer in shop.buyers()}
    assert known["Ivan Petrenko"] == ("Петренко Іван Олексійович", ("Петренко Іван Степанович",))
    assert known["Дмитрий Смирнов"] == ("Смирнов Дмитрий", ())
    assert known["Łukasz Żak"] == ("Zak Lukasz", ())
    assert known["Birgit Müller"] == ("Мюллер Биргит", ())
    assert known["Emily Baker"] == ("Baker Emily", ())
    assert known["Ivan Bondarenko"] == (None, ())


def test_each_customer_of_the_books_stands_for_one_buyer():
    names = [buyer.books_name for buyer in shop.buyers() if buyer.books_name is not None]
    assert len(set(names)) == len(names)
    rivals = [rival for buyer in shop.buyers() for rival in buyer.rivals]
    assert set(rivals).isdisjoint(names)


def test_books():
    customers = shop.books_customers()
    assert len(set(customers)) == len(customers)
    assert shop.POOLED_CUSTOMER in customers
    assert set(shop.UNRELATED_CUSTOMERS) < set(customers)
    skus = [sku for sku, _ in shop.books_products()]
    assert skus[-4:] == ["AMZ-SHIPPING", "AMZ-GIFTWRAP", "AMZ-COD", "AMZ-TIP"]
    assert len(skus) == 71
    assert "NEW-01" not in skus
