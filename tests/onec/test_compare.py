from __future__ import annotations

from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.model.document import Document, StoredDocument
from adapter.onec.compare import Difference, differences

KEY = UUID(int=5)
GUID = "0f8fad5b-d9cb-469f-a165-70867728950e"


def compare(wanted, stored, rows=(), stored_rows=()):
    document = Document("Document_Order", KEY, wanted, {"Lines": tuple(rows)})
    there = StoredDocument("Document_Order", KEY, "AAA=", False, False, stored, {"Lines": tuple(stored_rows)})
    return differences(document, there)


@pytest.mark.parametrize(
    ("wanted", "stored"),
    [
        (Decimal("10.50"), Decimal("10.5")),
        (Decimal("10"), 10),
        (Decimal("10.50"), Decimal("10.500000000000001")),  # noise of a binary double
        (Decimal("123456789012.35"), Decimal("123456789012.350006")),
        (Decimal("7"), "7"),  # Int64 comes as text
        (7, "7"),
        ("7", 7),
        (0, None),
        (False, None),
        ("", None),
        ("", "   "),
        ("text", "text  "),
        ("text ", "text"),
        (GUID.upper(), GUID),
        ("2026-05-01T10:00:00", "2026-05-01T10:00:00"),
        ("00000000-0000-0000-0000-000000000000", None),
        (True, True),
    ],
)
def test_equal(wanted, stored):
    assert compare({"A": wanted}, {"A": stored, "Other": "not ours"}) == ()


@pytest.mark.parametrize(
    ("wanted", "stored"),
    [
        (Decimal("10"), Decimal("10.4")),  # a person's cents must not be rounded away
        (Decimal("10.50"), Decimal("10.51")),
        (Decimal("0.01"), 0),
        (Decimal("0.01"), None),
        (1, True),
        (True, 1),
        (True, False),
        (0, False),
        (3, "three"),
        (3, "NaN"),
        (3, Decimal("1E+99999999")),
        (3, [3]),
        ("text", "Text"),
        ("text", " text"),
        ("text", None),
        (GUID, GUID.replace("0", "1")),
        ("2026-05-01T10:00:00", "2026-05-01T07:00:00"),
    ],
)
def test_different(wanted, stored):
    assert compare({"A": wanted}, {"A": stored}) == (Difference("A", wanted, stored),)


def test_a_property_that_1c_does_not_know():
    assert compare({"A": ""}, {}) == (Difference("A", "", None),)


def test_rows_are_told_by_line_number():
    rows = [{"LineNumber": 1, "Q": Decimal(1)}, {"LineNumber": 2, "Q": Decimal(2)}, {"LineNumber": 3, "Q": Decimal(3)}]
    stored = [{"LineNumber": "2", "Q": 5}, {"LineNumber": "1", "Q": 1, "Price": 9}]
    assert compare({}, {}, rows, stored) == (
        Difference("Lines[2].Q", Decimal(2), 5),
        Difference("Lines[3]", rows[2], None),
    )
    assert compare({}, {}, rows[:1], stored) == (Difference("Lines[2]", None, stored[0]),)
    assert compare({}, {}, [], []) == ()


def test_a_section_that_1c_does_not_know():
    document = Document("D", KEY, {}, {"Lines": ({"Q": 1},)})
    found = differences(document, StoredDocument("D", KEY, "", False, False, {}, {}))
    assert found == (Difference("Lines", ({"Q": 1},), None),)
    assert str(found[0]) == "Lines: 1 rows was sent, nothing is stored"


def test_differences_in_words():
    found = compare(
        {"Name": "Ann Smith", "Sum": Decimal("1.50")},
        {"Name": "Ann", "Sum": Decimal("1.5001")},
        [],
        [{"LineNumber": "1", "Q": 2}],
    )
    assert [str(each) for each in found] == [
        "Name: 'Ann Smith' was sent, 'Ann' is stored (cut to 3 characters)",
        "Sum: 1.50 was sent, 1.5001 is stored",
        "Lines[1]: nothing was sent, a row of LineNumber 1, Q 2 is stored",
    ]


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**10), max_value=10**10, places=4))
def test_no_number_differs_from_itself_as_a_double(value):
    assert compare({"A": value}, {"A": Decimal(repr(float(value)))}) == ()
    assert compare({"A": value + Decimal("0.0001")}, {"A": Decimal(repr(float(value)))}) != ()
