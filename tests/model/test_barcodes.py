"""EAN, UPC and GTIN: what is one, and which of them are the same."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapter.model.barcodes import gtin, spellings


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("4006381333931", "04006381333931"),
        (" 4006381333931\t", "04006381333931"),
        ("036000291452", "00036000291452"),
        ("0036000291452", "00036000291452"),
        ("00036000291452", "00036000291452"),
        ("96385074", "00000096385074"),
        ("14006381333938", "14006381333938"),
        ("4006381333932", None),
        ("400638133393", None),
        ("4006381333931-2", None),
        ("4006381 333931", None),
        ("٤٠٠٦٣٨١٣٣٣٩٣١", None),
        ("00000000", None),
        ("0000000000000", None),
        ("36000291452", None),
        ("B0XX000001", None),
        ("", None),
    ],
)
def test_gtin(text, code):
    assert gtin(text) == code


def test_a_case_is_not_a_piece():
    assert gtin("14006381333938") != gtin("4006381333931")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("4006381333931", ("04006381333931", "4006381333931")),
        ("036000291452", ("00036000291452", "0036000291452", "036000291452")),
        ("96385074", ("00000096385074", "0000096385074", "000096385074", "96385074")),
        ("14006381333938", ("14006381333938",)),
    ],
)
def test_spellings(text, written):
    assert spellings(gtin(text)) == written


@settings(derandomize=True, deadline=None)
@given(st.integers(1, 10**13 - 1))
def test_every_spelling_is_the_same_code(number):
    body = f"{number:013}"
    code = next(body + digit for digit in "0123456789" if gtin(body + digit))
    assert {gtin(written) for written in spellings(code)} == {code}


@settings(derandomize=True, deadline=None)
@given(st.from_regex(r"[0-9]{13}", fullmatch=True), st.integers(0, 12), st.integers(1, 9))
def test_one_wrong_digit_is_seen(digits, place, more):
    """Every slip of one digit changes the sum."""
    if code := gtin(digits):
        wrong = digits[:place] + str((int(digits[place]) + more) % 10) + digits[place + 1 :]
        assert gtin(wrong) != code
        assert gtin(wrong) is None
