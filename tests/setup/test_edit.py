"""Changes in the text of a mapping: the value is another one, and nothing else is."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.errors import ConfigurationError
from adapter.problems import path_text
from adapter.setup.edit import Edit, aligned, edited, locate, replace_value, replace_where, scalar, unmark
from adapter.yamlfile import parse_yaml

FILE = Path("shop.yaml")
TEXT = """\
# Ключ: значение
plain: hold          # (*) a comment: {x}
double: "a \\" # b"   # stays
single: 'it''s'
number: 20
flag: true
list: [DE, "FR"]
flow: {lookup: Catalog_X, where: {Description: "Старое имя", Deep: {a: 1}}}   # (*) behind
value: {const: "old"}
block:
  lookup: Catalog_Y
  where:
    Description: Old name   # comment
    Code: "001"
"""


def parse(text):
    return parse_yaml(FILE, text.encode())


def set_value(path, value, text=TEXT):
    document = parse(text)
    return edited(text, [replace_value(document, locate(document, path), value)])


@pytest.mark.parametrize(
    ("path", "value", "old", "new"),
    [
        ("plain", "leave_out", "plain: hold ", "plain: leave_out "),
        ("plain", "Europe/Kyiv", "plain: hold ", "plain: Europe/Kyiv "),
        ("plain", "no", "plain: hold ", 'plain: "no" '),
        ("plain", "001", "plain: hold ", 'plain: "001" '),
        ("double", 'x"y', '"a \\" # b"', '"x\\"y"'),
        ("single", "new name", "'it''s'", '"new name"'),
        ("number", "7.5", "number: 20", "number: 7.5"),
        ("flag", "false", "flag: true", "flag: false"),
        ("value", "Розница", '{const: "old"}', '{const: "Розница"}'),
        ("list", "hold", '[DE, "FR"]', "hold"),
        ("list[2]", "IT", '"FR"', "IT"),
        ("flow", "hold", '{lookup: Catalog_X, where: {Description: "Старое имя", Deep: {a: 1}}}', "hold"),
        ("block.where.Description", "New", "Old name", "New"),
    ],
)
def test_replace_value(path, value, old, new):
    assert TEXT.count(old) == 1
    assert set_value(path, value) == TEXT.replace(old, new)


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["unix", "windows"])
def test_line_ends_stay(newline):
    text = TEXT.replace("\n", newline)
    assert set_value("block.lookup", "Catalog_Z", text) == text.replace("Catalog_Y", "Catalog_Z")


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("plian", 'there is no plian in this mapping; did you mean "plain"?'),
        ("list[3]", "there is no list\\[3\\]"),
        ("block", "block is not a single value; set what stands below it: block.lookup, block.where"),
    ],
)
def test_what_cannot_be_replaced(path, message):
    with pytest.raises(ConfigurationError, match=message):
        set_value(path, "x")


def test_replace_where():
    document = parse(TEXT)
    edits = [
        *replace_where(document, ("block",), {"Description": 'New "name"', "Code": "001", "Owner": 5, "Main": True}),
        *replace_where(parse('f: {lookup: C, where: {Code: "1"}}'), ("f",), {"Code": "1"}),
    ]
    wanted = TEXT.replace("Old name", '"New \\"name\\""').replace('"001"', '"001"\n    Owner: 5\n    Main: true')
    assert edited(TEXT, edits) == wanted
    flow = 'f: {lookup: C, where: {Code: "1"}}  # one\n'
    edits = replace_where(parse(flow), ("f",), {"Code": "2", "Ref_Key": "x"})
    assert edited(flow, edits) == 'f: {lookup: C, where: {Code: "2", Ref_Key: "x"}}  # one\n'


def test_unmark():
    document = parse(TEXT)
    edits = [edit for place in (("plain",), ("double",), ("block",)) for edit in unmark(TEXT, document, place)]
    assert edited(TEXT, edits) == TEXT.replace("# (*) a comment", "# a comment")


@pytest.mark.parametrize(
    ("text", "new", "expected"),
    [
        ("a: old     # why", "x", "a: x       # why"),
        ("a: old     # why", "longer", "a: longer  # why"),
        ("a: old # why", "much longer", "a: much longer # why"),
        ("a: old\nb: # c", "x", "a: x\nb: # c"),
        ("a: old", "x", "a: x"),
    ],
)
def test_aligned(text, new, expected):
    assert edited(text, [aligned(text, Edit(3, 6, new))]) == expected


def test_edits_may_come_in_any_order():
    assert edited("abcdef", [Edit(4, 5, "E"), Edit(0, 1, "AA"), Edit(2, 2, "-")]) == "AAb-cdEf"


printable = st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=0x4FF, exclude_categories=("C", "Z")))


@given(printable | st.integers(-(10**16), 10**16) | st.booleans())
def test_a_scalar_is_read_as_what_it_was(value):
    assert parse(f"key: {scalar(value)}\n").data == {"key": value}


@given(printable.filter(str.strip), st.sampled_from(["plain", "double", "single", "value", "flow", "list[1]"]))
def test_nothing_else_changes(value, path):
    document = parse(TEXT)
    changed = parse(set_value(path, value))
    place = locate(document, path)
    single = (*place, "const") if path == "value" else place
    assert changed.value(single) == value
    same = [each for each in document.locations if each[: len(place)] != place and place[: len(each)] != each]
    assert [changed.value(each) for each in same] == [document.value(each) for each in same]
    assert path_text(place) == path
