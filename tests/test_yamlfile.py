"""What the YAML reader takes, and what it says about everything else."""

from __future__ import annotations

import os
import tempfile
import time
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field

from adapter.errors import ConfigurationError
from adapter.yamlfile import Location, did_you_mean, load_yaml, nearest, path_text, validate


@pytest.fixture
def problems(tmp_path, monkeypatch):
    """The problems of a file with this content; it is called f.yaml, relative as the user wrote it."""
    monkeypatch.chdir(tmp_path)

    def read(content: str | bytes) -> list[str]:
        path = Path("f.yaml")
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))
        with pytest.raises(ConfigurationError) as caught:
            load_yaml(path)
        return list(caught.value.problems)

    return read


def test_plain_data(tmp_path):
    path = tmp_path / "f.yaml"
    path.write_text(
        "a: text with spaces\nb: 12\nc: -3\nd: 1.50\ne: true\nf: False\ng: ['00123', \"1E5\", it's]\n"
        "h: {deep: {er: x}}\nСклад: 'да'\ni: |\n  two\n  lines\nj: SKU-1\nk: v1.2.3\nl: 01.02.2024\nm: N/A\n"
    )
    assert load_yaml(path).data == {
        "a": "text with spaces",
        "b": 12,
        "c": -3,
        "d": Decimal("1.50"),
        "e": True,
        "f": False,
        "g": ["00123", "1E5", "it's"],
        "h": {"deep": {"er": "x"}},
        "Склад": "да",
        "i": "two\nlines\n",
        "j": "SKU-1",
        "k": "v1.2.3",
        "l": "01.02.2024",
        "m": "N/A",
    }


@pytest.mark.parametrize(
    "content", [b"\xef\xbb\xbfa: 1\nb: 2\n", b"a: 1\r\nb: 2\r\n", b"---\na: 1\nb: 2\n...\n"], ids=["BOM", "CRLF", "---"]
)
def test_forms_of_files_that_do_not_matter(tmp_path, content):
    path = tmp_path / "f.yaml"
    path.write_bytes(content)
    document = load_yaml(path)
    assert document.data == {"a": 1, "b": 2}
    assert document.where(("b",)).endswith(":4" if b"---" not in content else ":3:4")


UNCLEAR = [
    ("00123", 'can be misread as a number; put it in quotes: "00123"'),
    ("1E5", 'can be misread as a number; put it in quotes: "1E5"'),
    ("1e-5", 'can be misread as a number; put it in quotes: "1e-5"'),
    ("0x1F", 'can be misread as a number; put it in quotes: "0x1F"'),
    ("0o17", 'can be misread as a number; put it in quotes: "0o17"'),
    ("1_000", 'can be misread as a number; put it in quotes: "1_000"'),
    ("+5", 'can be misread as a number; put it in quotes: "+5"'),
    (".5", 'can be misread as a number; put it in quotes: ".5"'),
    ("5.", 'can be misread as a number; put it in quotes: "5."'),
    (".inf", 'can be misread as a number; put it in quotes: ".inf"'),
    ("1234567890123456789", 'can be misread as a number; put it in quotes: "1234567890123456789"'),
    ("12:30:00", 'can be misread as a time; put it in quotes: "12:30:00"'),
    ("12:30", 'can be misread as a time; put it in quotes: "12:30"'),
    ("2024-01-31", 'can be misread as a date; put it in quotes: "2024-01-31"'),
    ("2024-01-31T10:00:00Z", 'can be misread as a date; put it in quotes: "2024-01-31T10:00:00Z"'),
    ("NO", 'is not clear: write true or false, or put a text in quotes: "NO"'),
    ("yes", 'is not clear: write true or false, or put a text in quotes: "yes"'),
    ("Off", 'is not clear: write true or false, or put a text in quotes: "Off"'),
    ("0,95", "is not clear: a decimal has a point (0.95), a text stands in quotes"),
]


@pytest.mark.parametrize(("scalar", "message"), UNCLEAR, ids=[scalar for scalar, _ in UNCLEAR])
def test_unclear_scalar(problems, scalar, message):
    assert problems(f"ok: 1\nkey: {scalar}\n") == [f"f.yaml:2:6 {scalar} {message}"]
    assert problems(f"ok: 1\nkey:\n  - {scalar}\n") == [f"f.yaml:3:5 {scalar} {message}"]


BROKEN = [
    ("", ["f.yaml:1:1 the file is empty"]),
    (" \n\n", ["f.yaml:1:1 the file is empty"]),
    ("# only this\n", ["f.yaml:1:1 the file holds nothing but comments"]),
    ("- a\n", ["f.yaml:1:1 the file has to consist of lines such as `key: value`"]),
    ("a: 1\nb: 2\na: 3\n", ['f.yaml:3:1 the key "a" stands here a second time; the first is in line 1']),
    ("x: {a: 1, a: 2}\n", ['f.yaml:1:11 the key "a" stands here a second time; the first is in line 1']),
    (
        "a: &x 1\nb: *x\n<<: {c: 1}\nd: !!str 3\ne: !custom {}\n",
        [
            "f.yaml:1:4 &x is a YAML anchor; anchors are not used here: take it out",
            "f.yaml:2:4 *x is a YAML alias; aliases are not used here: repeat the value",
            "f.yaml:3:1 << is a YAML merge key; it is not used here: write the keys out",
            "f.yaml:4:4 !!str is a YAML tag; tags are not used here: take it out or quote the text",
            "f.yaml:5:4 !custom is a YAML tag; tags are not used here: take it out or quote the text",
        ],
    ),
    (
        "a: 1\n\tb: 2\n  \tc: 3\n",
        [
            "f.yaml:2:1 the line is indented with a tab; use blanks",
            "f.yaml:3:3 the line is indented with a tab; use blanks",
        ],
    ),
    ("a:\t1\n", ["f.yaml:1:3 a tab stands here; use blanks"]),
    (
        "a: 1\n---\nb: 2\n",
        ["f.yaml:2:1 a second document begins here; one file holds one document, take out the ---"],
    ),
    ("%YAML 1.1\n---\na: 1\n", ["f.yaml:2:1 lines beginning with % are not used here; take them out"]),
    (
        "a:\nb: ~\nc: null\n",
        [
            "f.yaml:1:1 a value is missing: write one, or take the key out",
            "f.yaml:2:4 a value is missing: write one, or take the key out",
            "f.yaml:3:4 a value is missing: write one, or take the key out",
        ],
    ),
    ("a:\n  b: [1,\n", ["f.yaml:3:1 the file ends within brackets"]),
    ("a:\n  b: [1\nc: 2\n", ["f.yaml:3:2 a comma or ] is missing before this place"]),
    ("a: [1,, 2]\n", ["f.yaml:1:7 a value is missing before this place"]),
    ("a: b: c\n", ["f.yaml:1:5 a colon too many: put a text that holds a colon in quotes, else check the indentation"]),
    ("a: 1\nb: 'x\n", ["f.yaml:2:4 the quote that opens here is never closed"]),
    ("a: @x\n", ["f.yaml:1:4 a text cannot begin with @ unless it is in quotes"]),
    ("a: *\n", ["f.yaml:1:4 a text cannot begin with * or & unless it is in quotes"]),
    (
        'a: "C:\\users"\n',
        ["f.yaml:1:9 a backslash has a meaning between double quotes; use single quotes, or write it twice"],
    ),
    (
        'a: "\\q"\n',
        ["f.yaml:1:6 a backslash has a meaning between double quotes; use single quotes, or write it twice"],
    ),
    (
        "a:\n    b: 1\n  c: 2\n",
        ["f.yaml:3:3 this does not line up with what stands above: check the indentation and the quotes"],
    ),
    ('a: "\\U00110000"\n', ["f.yaml:1:5 there is no character with this number"]),
    ('a: 1\nb: x "\nc: "\\UFFFFFFFF', ["f.yaml:3:5 there is no character with this number"]),
    ("a: >more\n", ["f.yaml:1:4 a text cannot begin with | or > unless it is in quotes"]),
    ("a: - b\n", ["f.yaml:1:4 an entry of a list (-) cannot begin here; give it a line of its own"]),
    ("%YAML 9.9\n---\na: 1\n", ["f.yaml:1:1 a line cannot begin with % here; put a text in quotes"]),
    ("a: [1]]\n", ["f.yaml:1:7 this bracket was never opened"]),
    ("? [a]\n: b\n", ["f.yaml:1:3 a key has to be a text"]),
    (": b\n", ["f.yaml:1:1 a key is missing before the colon"]),
    (
        "no: x\n19: z\n",
        ['f.yaml:1:1 a key is a text; put no in quotes: "no"', 'f.yaml:2:1 a key is a text; put 19 in quotes: "19"'],
    ),
    ("a: x\x00y\n", ["f.yaml:1:5 the invisible character U+0000 does not belong here; delete it"]),
    ("a: x\nb: y\u2028z\n", ["f.yaml:2:5 the invisible character U+2028 does not belong here; delete it"]),
    (
        'a: "\\0"\nb: "\\ud800"\n',
        [
            "f.yaml:1:4 the text holds the invisible character U+0000; take it out",
            "f.yaml:2:4 the text holds the invisible character U+D800; take it out",
        ],
    ),
    ("a: 1\nb: \ud800\n", ["f.yaml:2:4 this is not UTF-8; save the file as UTF-8"]),
    ("a: 1\nб: Склад\n".encode("cp1251"), ["f.yaml:2:1 this is not UTF-8; save the file as UTF-8"]),
    ("a: 1\n".encode("utf-16"), ["f.yaml:1:1 the file is in UTF-16; save it as UTF-8"]),
]


@pytest.mark.parametrize(("content", "messages"), BROKEN)
def test_broken_file(problems, content, messages):
    assert problems(content) == messages


HOSTILE = [
    ("a: &a [x, x]\n" + "".join(f"b{i}: &b{i} [*a, *a, *a]\n" for i in range(2000)), 10),
    ("a: &a [x]\n" + "b: " + "[*a, *a, *a]\n", 4),
    ("[" * 100_000, 1),
    ("[" * 10_000 + "\n" + "]" * 10_000, 1),
    ("\n".join(" " * depth + "a:" for depth in range(5_000)), 1),
    ("{a: " * 4_000, 1),
    ("a: " + "x" * 6_000_000, 1),
    ("".join(f"k{i}: v\n" for i in range(60_000)), 1),
    ("\n" * 200_000 + "a: 1", 1),
    ("\t\n" * 50_000, 100 + 1),
    ("\x00" * 1_000_000, 100 + 1),
    ("-\n" * 3_000, 101),
    ('"' + "y \n" * 30_000, 1),
]


@pytest.mark.parametrize(("content", "count"), HOSTILE)
def test_hostile_file_ends_soon_and_clearly(problems, content, count):
    started = time.monotonic()
    found = problems(content)
    assert time.monotonic() - started < 15
    assert 1 <= len(found) <= count
    assert all(line.startswith("f.yaml:") and len(line) < 200 for line in found)


@given(st.text(max_size=200) | st.text(alphabet="ab: -[]{}\n'\"#&*!|>%?,\t0", max_size=60))
def test_any_text_is_read_or_refused(text):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "f.yaml"
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        problems: tuple[str, ...] = ()
        try:
            _assert_plain(load_yaml(path).data)
        except ConfigurationError as error:
            problems = error.problems
    assert all(line.startswith(f"{path}:") for line in problems)


def _assert_plain(data: object) -> None:
    if isinstance(data, dict):
        assert all(isinstance(key, str) and key.strip() for key in data)
        for value in data.values():
            _assert_plain(value)
    elif isinstance(data, list):
        for value in data:
            _assert_plain(value)
    else:
        assert isinstance(data, str | int | Decimal)


def test_files_that_cannot_be_read(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("folder.yaml").mkdir()
    os.mkfifo("pipe.yaml")
    for name, message in [
        ("none.yaml", "none.yaml: there is no such file"),
        ("folder.yaml", "folder.yaml: this is not a file"),
        ("pipe.yaml", "pipe.yaml: this is not a file"),
    ]:
        with pytest.raises(ConfigurationError) as caught:
            load_yaml(Path(name))
        assert caught.value.problems == (message,)


def test_positions(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("f.yaml").write_text("a:\n  b: {c: 1}\n  d:\n    - x\n    - e: 2\n")
    document = load_yaml(Path("f.yaml"))
    table: list[tuple[Location, str]] = [
        ((), "f.yaml:1:1"),
        (("a",), "f.yaml:1:1"),
        (("a", "b"), "f.yaml:2:3"),
        (("a", "b", "c"), "f.yaml:2:10"),
        (("a", "b", "missing", "deeper"), "f.yaml:2:3"),
        (("a", "d", 0), "f.yaml:4:7"),
        (("a", "d", 1), "f.yaml:5:7"),
        (("a", "d", 1, "e"), "f.yaml:5:10"),
        (("nothing",), "f.yaml:1:1"),
    ]
    assert [(location, document.where(location)) for location, _ in table] == table
    assert document.where(("a", "b", "c"), of_key=True) == "f.yaml:2:7"
    assert len(document.digest) == 64


# -------------------- models


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Small(_Strict):
    size: int = Field(ge=1)
    colour: Literal["red", "green"] = "red"


class _Named(_Strict):
    name: str = Field(min_length=1)
    share: float | None = None


class _Whole(_Strict):
    version: Literal[1]
    one: _Small | Literal["none"] = "none"
    many: list[_Small | _Named] = Field(default_factory=list)
    table: dict[str, bool] = Field(default_factory=dict)
    pair: Annotated[list[int], Field(min_length=2, max_length=2)] = Field(default_factory=list)
    code: Annotated[str, Field(pattern="^[a-z]+$", max_length=5)] = "x"


INVALID = [
    ("version: 2\n", ["f.yaml:1:10 version: must be 1"]),
    ("one: none\n", ["f.yaml:1:1 version: is missing"]),
    ("version: 1\none: nine\n", ['f.yaml:2:6 one: must be none or {size: ...}; did you mean "none"?']),
    (
        "version: 1\none: {siz: 3}\n",
        ["f.yaml:2:1 one.size: is missing", 'f.yaml:2:7 one.siz: unknown key; did you mean "size"?'],
    ),
    (
        "version: 1\none:\n  size: 0\n  colour: gren\n",
        [
            "f.yaml:3:9 one.size: must be at least 1",
            'f.yaml:4:11 one.colour: must be red or green; did you mean "green"?',
        ],
    ),
    (
        "version: 1\nmany:\n  - size: x\n  - name: 5\n  - name: ''\n    share: no number\n  - 7\n",
        [
            "f.yaml:3:11 many[1].size: must be a whole number",
            "f.yaml:4:11 many[2].name: must be a text: put it in quotes",
            "f.yaml:5:11 many[3].name: must not be empty",
            "f.yaml:6:12 many[3].share: must be a number",
            "f.yaml:7:5 many[4]: must be {size: ...} or {name: ...}",
        ],
    ),
    ("version: 1\nmany: {size: 1}\n", ["f.yaml:2:1 many: must be a list [..., ...]"]),
    (
        "version: 1\nmany: [{zzz: 1, qqq: 2}]\n",
        [
            "f.yaml:2:8 many[1].size: is missing",
            "f.yaml:2:9 many[1].zzz: unknown key; known here: size, colour, name, share",
            "f.yaml:2:17 many[1].qqq: unknown key; known here: size, colour, name, share",
        ],
    ),
    (
        "version: 1\ntable: {x: 1, w: true, z: 'true'}\n",
        ["f.yaml:2:12 table.x: must be true or false", "f.yaml:2:27 table.z: must be true or false"],
    ),
    (
        "version: 1\npair: [1]\ncode: ABC\n",
        ["f.yaml:2:1 pair: must have at least 2 entries", "f.yaml:3:7 code: must have the form ^[a-z]+$"],
    ),
    (
        "version: 1\npair: [1, 2, 3]\ncode: abcdef\n",
        ["f.yaml:2:1 pair: must have at most 2 entries", "f.yaml:3:7 code: must have at most 5 characters"],
    ),
    (
        "version: 1\ncodee: x\ntabel: {}\n",
        ['f.yaml:2:1 codee: unknown key; did you mean "code"?', 'f.yaml:3:1 tabel: unknown key; did you mean "table"?'],
    ),
]


@pytest.mark.parametrize(("content", "messages"), INVALID)
def test_model_errors_in_plain_words(tmp_path, monkeypatch, content, messages):
    monkeypatch.chdir(tmp_path)
    Path("f.yaml").write_text(content)
    with pytest.raises(ConfigurationError) as caught:
        validate(load_yaml(Path("f.yaml")), _Whole)
    assert list(caught.value.problems) == messages


def test_a_document_that_fits(tmp_path):
    path = tmp_path / "f.yaml"
    path.write_text("version: 1\none: {size: 3}\nmany: [{name: x, share: 0.5}]\n")
    assert validate(load_yaml(path), _Whole) == _Whole(
        version=1, one=_Small(size=3), many=[_Named(name="x", share=0.5)]
    )


@pytest.mark.parametrize(
    ("name", "known", "meant"),
    [
        ("Qty", ["Product_Key", "Quantity", "Price", "Amount"], "Quantity"),
        ("Customer", ["Customer_Key", "Comment"], "Customer_Key"),
        ("amuont", ["Price", "Amount"], "Amount"),
        ("Количесвто", ["Цена", "Количество"], "Количество"),
        ("xyzzy", ["Price", "Amount"], None),
        ("", ["Price"], None),
        ("Price", [], None),
    ],
)
def test_nearest(name, known, meant):
    assert nearest(name, known) == meant
    assert did_you_mean(name, known) == (f'; did you mean "{meant}"?' if meant else "")


def test_path_text():
    assert path_text(("customers", "match", 1, "when", "buyer.name")) == "customers.match[2].when.buyer.name"
