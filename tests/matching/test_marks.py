"""By what a buyer is known again, and what is no such sign."""

from __future__ import annotations

import pytest

from adapter.matching.asked import Asked
from adapter.matching.marks import marks_of
from adapter.matching.postal_codes import postal_code_in
from adapter.matching.tax_numbers import first_valid
from adapter.model.catalog import Evidence
from adapter.model.remembered import MarkKind


def asked(buyer="Anna Muster", email="ab12@marketplace.amazon.de", phone="+49 170 1234567", **fields):
    return Asked(buyer=buyer, evidence=Evidence(emails=(email,), phones=(phone,)), **fields)


def test_the_same_buyer_in_another_writing():
    one = marks_of(asked(recipient="Anna Muster"))
    other = marks_of(asked("MUSTER, Anna", "AB12@Marketplace.Amazon.de ", "0170-1234567"))
    assert list(one) == list(other)
    assert [mark.kind for mark in one] == [MarkKind.ALIAS, MarkKind.PHONE, MarkKind.NAME]


def test_a_mark_keeps_nothing_that_tells_who_it_is():
    for mark in marks_of(asked()):
        assert all(part not in f"{mark.digest}{mark.hint}" for part in ("Muster", "Anna", "ab12", "1234567"))


def test_the_telephone_of_somebody_else_is_no_sign():
    assert marks_of(asked(recipient="Bob Other")).phone is None


def test_a_proxy_is_nobody():
    assert list(marks_of(asked("Amazon Business EU SARL"))) == []


def test_what_stands_for_nobody_is_no_sign():
    """Amazon's own address for all business buyers, and a number of which hardly a digit is told."""
    marks = marks_of(asked(email="no-reply@amazon.com", phone="123"))
    assert (marks.alias, marks.phone) == (None, None)
    assert list(marks_of(Asked())) == []


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("101000, Москва г, Тверская ул, дом 1", "101000"),
        ("12681, Berlin, Musterstr. 5", "12681"),
        ("Musterstraße 15, 12681 Berlin", "12681"),
        ("10 Downing Street, London SW1A 1AA", "SW1A 1AA"),
        ("ul. Prosta 12, 00-950 Warszawa", "00-950"),
        ("1010 Wien, Ring 1234", "1010"),
        ("3511 AB, Utrecht, Straat 4", "3511 AB"),
        ("110 00 Praha, Ulice 7", "110 00"),
        ("H2X 1Y4, Montréal, rue 9", "H2X 1Y4"),
        ("060-0001, 札幌市, 1", "060-0001"),
        ("Хутор 7, дом 12", ""),
        ("", ""),
    ],
)
def test_the_postal_code_of_an_address(address, code):
    assert postal_code_in(address) == code


@pytest.mark.parametrize(
    ("kind", "numbers", "valid"),
    [
        ("inn", ["7707083893"], "7707083893"),
        ("inn", ["7707083894"], None),
        ("edrpou", ["32855961"], "32855961"),
        ("edrpou", ["32855968"], None),
        ("vat", ["DE 136 695 976"], "DE136695976"),
        ("vat", ["12", "DE136695976"], "DE136695976"),
        ("vat", ["DE136695978"], None),
        ("vat", [], None),
    ],
)
def test_tax_numbers_by_their_check_digits(kind, numbers, valid):
    """The numbers are the examples of python-stdnum's own documentation."""
    assert first_valid(kind, numbers) == valid
