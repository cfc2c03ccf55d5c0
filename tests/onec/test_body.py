from __future__ import annotations

import json
import unicodedata
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.errors import ConfigurationError
from adapter.onec.body import decode, encode, properties_of, section_of
from adapter.onec.errors import Unsendable
from adapter.onec.text import one_line

texts = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]) | st.sampled_from("\t\r\n"))
numbers = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**11), max_value=10**11, places=4)
scalars = texts | st.booleans() | numbers | st.integers(-(10**15) + 1, 10**15 - 1)
bodies = st.dictionaries(
    st.from_regex(r"[A-Za-zА-я_]+", fullmatch=True), scalars | st.lists(st.dictionaries(st.just("A"), scalars))
)


@given(bodies)
def test_json_brings_over_what_went_in(body):
    assert json.loads(encode(body), parse_float=Decimal) == body
    assert decode(b"\xef\xbb\xbf" + encode(body)) == body


@given(numbers)
def test_a_binary_double_on_the_other_side_still_is_the_same_number(value):
    """1C keeps such numbers as decimals, a JSON reader between may make doubles of them."""
    sent = json.loads(encode({"A": value}))["A"]
    assert Decimal(repr(sent)) == value


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({"A": Decimal("0.1")}, '{"A":0.1}'),
        ({"A": Decimal("19.90")}, '{"A":19.90}'),
        ({"A": Decimal("2E+2"), "Б": True}, '{"A":200,"Б":true}'),
        ({"A": UUID(int=1)}, '{"A":"00000000-0000-0000-0000-000000000001"}'),
        ({"A": [{"N": 1}, {}]}, '{"A":[{"N":1},{}]}'),
        ({"A": 'say "no"\n'}, '{"A":"say \\"no\\"\\n"}'),
        ({}, "{}"),
    ],
)
def test_encode(body, text):
    assert encode(body).decode() == text


@pytest.mark.parametrize(
    "value",
    [
        1.5,
        None,
        b"x",
        {1, 2},
        Decimal("NaN"),
        Decimal("0.1234567890123456"),
        2**63,
        "\x00",
        "\x0b",
        "\udc00",
        ["\ud800"],
    ],
)
def test_what_cannot_be_sent(value):
    with pytest.raises(Unsendable):
        encode({"A": value})


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"[1, NaN]",
        b"Infinity",
        b"\xff\xfe{",
        b'{"a":1e99999999999999999999}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"9" * 100_000,
        b"\x00" * 1_000_000,
    ],
    ids=["empty", "cut", "NaN", "Infinity", "not UTF-8", "exponent", "deep list", "deep object", "digits", "garbage"],
)
def test_what_is_no_json(text):
    with pytest.raises(ValueError, match=r"\w"):
        decode(text)


def test_numbers_with_a_fraction_are_exact():
    assert decode(b'{"a": 0.1, "b": 10, "c": "10"}') == {"a": Decimal("0.1"), "b": 10, "c": "10"}


def test_unknown_properties_are_not_sent(schema):
    with pytest.raises(ConfigurationError) as caught:
        properties_of(
            schema.entity_sets["Document_Order"], {"Coment": "x", "Lines": "x", "Posted": True, "Number": "1"}
        )
    assert caught.value.problems == (
        "Document_Order: Posted is not the mapping's to set",
        "Document_Order has no Coment, did you mean Comment?",
        "Document_Order: Lines is a tabular section, which takes rows",
    )


def test_rows(schema):
    order = schema.entity_sets["Document_Order"]
    rows = ({"LineNumber": 1, "RowCode": Decimal("3.00")}, {"Quantity": Decimal("3.00")})
    assert section_of(order, "Lines", rows) == [
        {"LineNumber": 1, "RowCode": 3},
        {"LineNumber": 2, "Quantity": Decimal("3.00")},
    ]
    with pytest.raises(Unsendable, match=r"whole numbers only, not 1\.5"):
        section_of(order, "Lines", ({"RowCode": Decimal("1.5")},))
    with pytest.raises(Unsendable, match="row 1 carries LineNumber 2"):
        section_of(order, "Lines", ({"LineNumber": 2},))
    with pytest.raises(ConfigurationError, match=r"Document_Order.Lines has no Qty$"):
        section_of(order, "Lines", ({"Qty": 1}, {"Qty": 2}))
    with pytest.raises(ConfigurationError, match="has no Line, did you mean Lines"):
        section_of(order, "Line", ())


@given(st.text())
def test_foreign_text_fits_into_a_message(text):
    line = one_line(text, 50)
    assert len(line) <= 50
    assert not {character for character in line if unicodedata.category(character).startswith("C")}
    assert line == line.strip()
