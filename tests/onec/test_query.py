from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.model.schema import Property
from adapter.onec.errors import Unsendable
from adapter.onec.query import (
    LONGEST_QUERY,
    and_,
    entity,
    equals,
    ge,
    literal,
    or_,
    path,
    query_string,
    split_or,
    substring_of,
    typed,
)

KEY = UUID("0f8fad5b-d9cb-469f-a165-70867728950e")


def decoded(text: str) -> str:
    """Percent-decoding, written anew: a plus sign is itself, anything that is not ASCII is an error."""
    result, index = bytearray(), 0
    while index < len(text):
        if text[index] == "%":
            result.append(int(text[index + 1 : index + 3], 16))
            index += 3
        else:
            result += text[index].encode("ascii")
            index += 1
    return result.decode("utf-8")


def options_of(query: str) -> dict[str, str]:
    """The options of a query string as a server takes them apart."""
    assert "#" not in query
    return {key: decoded(value) for key, value in (part.split("=", 1) for part in query.split("&"))}


def value_of(text: str) -> object:
    """The value of a literal, by a reader that knows nothing of the one that wrote it."""
    if text.startswith("'"):
        inner, index = "", 1
        while True:
            if text[index] == "'":
                if text[index + 1 : index + 2] != "'":
                    assert index == len(text) - 1, "something follows the text"
                    return inner
                index += 1
            inner += text[index]
            index += 1
    if found := re.fullmatch(r"guid'([0-9a-f-]{36})'", text):
        return UUID(found[1])
    if found := re.fullmatch(r"datetime'(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)'", text):
        return datetime(*map(int, found.groups()))  # noqa: DTZ001 - 1C knows no zones
    if text in {"true", "false"}:
        return text == "true"
    assert re.fullmatch(r"-?\d+(\.\d+)?", text)
    return Decimal(text)


sendable = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]))
numbers = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=3)
values = st.one_of(
    sendable,
    st.booleans(),
    st.integers(-(10**15) + 1, 10**15 - 1),
    numbers,
    st.uuids(),
    st.datetimes().map(lambda moment: moment.replace(microsecond=0)),
)


@given(values)
def test_a_literal_says_what_went_in(value):
    assert value_of(literal(value)) == value


@given(sendable, st.sampled_from(["Description", "Артикул", "Контрагент/ИНН"]))
def test_a_query_says_what_went_in(text, prop):
    options = options_of(query_string({"$select": ["Ref_Key", prop], "$top": 5}, equals(prop, text)))
    assert options.keys() == {"$select", "$top", "$filter"}
    assert (options["$select"], options["$top"]) == (f"Ref_Key,{prop}", "5")
    before, _, after = options["$filter"].partition(" eq ")
    assert (before, value_of(after)) == (prop, text)


@pytest.mark.parametrize("text", ["\x00", "a\r\nb", "tab\t", "\x85", "\ud800", "\ufffe", "\U0001ffff", "\ufdd0"])
def test_texts_that_no_query_can_carry(text):
    with pytest.raises(Unsendable, match=r"U\+"):
        literal(text)


@pytest.mark.parametrize(
    "value",
    [
        datetime(2026, 5, 1, tzinfo=UTC),
        datetime(2026, 5, 1, 1, 1, 1, 1),  # noqa: DTZ001
        Decimal("NaN"),
        Decimal("-Infinity"),
        Decimal("1234567890.123456"),
        Decimal("1e300"),
        10**15 + 1,
        1.5,
        None,
        b"bytes",
    ],
)
def test_values_without_an_exact_literal(value):
    with pytest.raises(Unsendable):
        literal(value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("10.50"), "10.50"),
        (Decimal("1E+3"), "1000"),
        (Decimal("-0.00"), "0"),
        (Decimal("1E-7"), "0.0000001"),
        (True, "true"),
        (7, "7"),
        ("O'Neil", "'O''Neil'"),
        (KEY, f"guid'{KEY}'"),
        (datetime(1, 1, 1), "datetime'0001-01-01T00:00:00'"),  # noqa: DTZ001
    ],
)
def test_literals(value, text):
    assert literal(value) == text


@pytest.mark.parametrize(
    "name", ["", "1Name", "A B", "A'", "A eq 1 or B", "A/", "A/b)", "/A", "A//B", "A?x", "A-B", "a\n"]
)
def test_names_cannot_smuggle_anything_in(name):
    for make in (
        lambda: equals(name, 1),
        lambda: ge(name, 1),
        lambda: substring_of("x", name),
        lambda: path(name),
        lambda: entity(name, KEY),
        lambda: query_string({"$select": [name]}),
        lambda: query_string({"$orderby": [name]}),
    ):
        with pytest.raises(Unsendable, match="no name"):
            make()


def test_conditions():
    one, two, three = equals("A", 1), ge("Б_Key", 2), substring_of("x'y", "C")
    assert or_(one).text == "A eq 1"
    assert and_(one, or_(two, three)).text == "(A eq 1 and (Б_Key ge 2 or substringof('x''y',C) eq true))"
    for join in (and_, or_):
        with pytest.raises(Unsendable, match="nothing"):
            join()


def test_addresses():
    assert path("Catalog_Товары") == "Catalog_%D0%A2%D0%BE%D0%B2%D0%B0%D1%80%D1%8B"
    assert entity("Document_X", KEY) == f"Document_X(guid'{KEY}')"
    assert query_string({}) == ""
    assert query_string({"$orderby": ["A", "B"], "allowedOnly": True}) == "$orderby=A%2CB&allowedOnly=true"
    assert query_string({"$format": "json"}, equals("A", "a +&#%")) == (
        "$format=json&$filter=A%20eq%20%27a%20%2B%26%23%25%27"
    )


@pytest.mark.parametrize("option", ["$filter", "$expan", "a&b", ""])
def test_unknown_options(option):
    with pytest.raises(Unsendable, match="no query option"):
        query_string({option: 1})


def test_a_query_longer_than_web_servers_take_is_refused():
    fits = equals("A", "x" * (LONGEST_QUERY - len("$filter=A%20eq%20%27%27")))
    assert len(query_string({}, fits)) == LONGEST_QUERY
    with pytest.raises(Unsendable, match="2001 bytes"):
        query_string({"$top": 1}, equals("A", "x" * (LONGEST_QUERY - len("$top=1&$filter=A%20eq%20%27%27") + 1)))


@given(st.lists(st.text(st.characters(categories=["L", "P"]), max_size=60), min_size=1, max_size=40))
def test_long_lists_are_split_without_losing_a_term(texts):
    terms = [equals("Артикул", text) for text in texts]
    also = [equals("DeletionMark", False)]
    queries = list(split_or({"$select": ["Ref_Key"]}, terms, also))
    assert max(map(len, queries)) <= LONGEST_QUERY
    found = [part for query in queries for part in _terms(options_of(query)["$filter"])]
    assert found == [term.text for term in terms]


def _terms(condition: str) -> list[str]:
    """The terms between the brackets of `(DeletionMark eq false and (a or b))`; texts may hold brackets and words."""
    inner = condition.removeprefix("(DeletionMark eq false and ").removesuffix(")")
    quoted = r"Артикул eq '(?:[^']|'')*'"
    assert re.fullmatch(rf"\({quoted}( or {quoted})+\)|{quoted}", inner)
    return re.findall(quoted, inner)


def test_splitting_makes_full_use_of_the_room():
    terms = [equals("Code", f"{number:08}") for number in range(200)]
    lengths = [len(query) for query in split_or({}, terms)]
    assert all(length > LONGEST_QUERY - 50 for length in lengths[:-1])
    assert list(split_or({}, [])) == []
    with pytest.raises(Unsendable, match="bytes"):
        list(split_or({}, [equals("A", "я" * 400)]))


@pytest.mark.parametrize(
    ("edm", "value", "result"),
    [
        ("Edm.Guid", str(KEY).upper(), KEY),
        ("Edm.DateTime", "2026-05-01T10:00:00", datetime(2026, 5, 1, 10)),  # noqa: DTZ001
        ("Edm.Int64", "12", 12),
        ("Edm.Double", "1.50", Decimal("1.50")),
        ("Edm.String", str(KEY), str(KEY)),
        ("Edm.Boolean", True, True),
        ("Edm.Int64", 3, 3),
    ],
)
def test_texts_take_the_type_of_the_property(edm, value, result):
    assert typed(Property("A", edm), value) == result


@pytest.mark.parametrize("edm", ["Edm.Guid", "Edm.DateTime", "Edm.Int32", "Edm.Double"])
def test_texts_of_another_type(edm):
    with pytest.raises(Unsendable, match=f"A is {edm}"):
        typed(Property("A", edm), "none of these")
