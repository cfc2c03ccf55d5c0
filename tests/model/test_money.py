"""Money, its rounding, and how it is shared out."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapter.model.money import CurrencyMismatch, Money, distribute, minor_digits, round_half_up, total


def eur(amount) -> Money:
    return Money(Decimal(str(amount)), "EUR")


def test_arithmetic():
    assert eur("1.10") + eur("2.05") == eur("3.15")
    assert eur("1.10") - eur("2.05") == -eur("0.95")
    assert Money.zero("JPY") == Money(Decimal(0), "JPY")
    assert (bool(eur("0.00")), bool(eur("-0.01"))) == (False, True)


@pytest.mark.parametrize(
    "mix",
    [
        lambda: eur(1) + Money(Decimal(1), "USD"),
        lambda: eur(1) - Money(Decimal(1), "USD"),
        lambda: total([eur(1)], "USD"),
        lambda: total([eur(1), Money(Decimal(1), "USD")], "EUR"),
    ],
)
def test_currencies_do_not_mix(mix):
    with pytest.raises(CurrencyMismatch):
        mix()


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        ("1234.5", "EUR", "1,234.50 EUR"),
        ("0", "EUR", "0.00 EUR"),
        ("-0.005", "EUR", "-0.005 EUR"),
        ("1.5000", "EUR", "1.50 EUR"),
        ("1E+3", "EUR", "1,000.00 EUR"),
        ("19940", "JPY", "19,940 JPY"),
        ("0.5", "JPY", "0.5 JPY"),
        ("1.5", "KWD", "1.500 KWD"),
        ("7", "XYZ", "7.00 XYZ"),
    ],
)
def test_money_for_people(amount, currency, text):
    assert str(Money(Decimal(amount), currency)) == text


@pytest.mark.parametrize(("currency", "digits"), [("EUR", 2), ("JPY", 0), ("KWD", 3), ("ISK", 0), ("", 2), ("???", 2)])
def test_minor_digits(currency, digits):
    assert minor_digits(currency) == digits


@pytest.mark.parametrize(
    ("amount", "digits", "rounded"),
    [
        ("0.005", 2, "0.01"),
        ("-0.005", 2, "-0.01"),
        ("0.015", 2, "0.02"),
        ("0.0049", 2, "0.00"),
        ("2.5", 0, "3"),
        ("-2.5", 0, "-3"),
        ("1", 3, "1.000"),
        ("1E+2", 2, "100.00"),
    ],
)
def test_round_half_up(amount, digits, rounded):
    assert str(round_half_up(Decimal(amount), digits)) == rounded


def test_total():
    assert total([eur("1.10"), eur("-0.10")], "EUR") == eur("1.00")
    assert total([], "JPY") == Money.zero("JPY")


@pytest.mark.parametrize(
    ("amount", "weights", "digits", "parts"),
    [
        ("1.00", "1 1 1", 2, "0.33 0.34 0.33"),
        ("0.01", "1 1 1", 2, "0.00 0.01 0.00"),
        ("-1.01", "10 30", 2, "-0.25 -0.76"),
        ("100", "1 1 1", 0, "33 34 33"),
        ("1.00", "0 0", 2, "0.50 0.50"),
        ("1.00", "0 5 0", 2, "0.00 1.00 0.00"),
        ("0.005", "1 1", 2, "0.00 0.005"),
        ("1.00", "", 2, ""),
    ],
)
def test_distribute(amount, weights, digits, parts):
    found = distribute(Decimal(amount), [Decimal(weight) for weight in weights.split()], digits)
    assert found == [Decimal(part) for part in parts.split()]


@settings(max_examples=400, derandomize=True, deadline=None)
@given(
    units=st.integers(-(10**9), 10**9),
    weights=st.lists(st.decimals(0, 10**6, places=2), min_size=1, max_size=12),
    digits=st.integers(0, 3),
)
def test_parts_add_up_and_none_is_off_by_more_than_the_smallest_unit(units, weights, digits):
    unit = Decimal(1).scaleb(-digits)
    amount = units * unit
    parts = distribute(amount, weights, digits)
    assert sum(parts) == amount
    shares = weights if any(weights) else [Decimal(1)] * len(weights)
    for part, share in zip(parts, shares, strict=True):
        assert part == part.quantize(unit)
        assert abs(part - amount * share / sum(shares)) <= unit


def test_weights_that_cancel_out_share_equally():
    assert distribute(Decimal("10.00"), [Decimal(1), Decimal(-1)], 2) == [Decimal("5.00"), Decimal("5.00")]


def test_what_is_no_number_can_still_be_shown():
    assert str(Money(Decimal("NaN"), "EUR")) == "NaN EUR"
