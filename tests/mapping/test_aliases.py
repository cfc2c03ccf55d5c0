"""The table of aliases: forms that spreadsheets write, and every problem with its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.errors import ConfigurationError
from adapter.mapping.aliases import Alias, load_aliases, parse_aliases

FILE = Path("products.csv")


def problems(content: bytes) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        parse_aliases(FILE, content)
    return list(caught.value.problems)


@pytest.mark.parametrize(
    "content",
    [
        "seller_sku,sku,multiplier\nA-6,A,6\nB,00123,\n",
        "seller_sku;sku;multiplier\r\nA-6;A;6\r\nB;00123;1\r\n",
        "seller_sku\tsku\tmultiplier\nA-6\tA\t6\n\nB\t00123\n",
        '\ufeffsep=;\r\n"SELLER_SKU"; sku ;multiplier\r\n"A-6"; A ;6\r\nB;00123;;;\r\n;;\r\n',
        "multiplier,sku,seller_sku\n6,A,A-6\n1,00123,B\n",
    ],
    ids=["comma", "semicolon", "tab", "excel", "order"],
)
def test_forms(content):
    assert parse_aliases(FILE, content.encode()) == {"A-6": Alias("A", 6), "B": Alias("00123", 1)}


def test_separator_within_a_name():
    assert parse_aliases(FILE, b'seller_sku;sku\n"A;6";"say ""x"""\n') == {"A;6": Alias('say "x"')}


@pytest.mark.parametrize(
    ("content", "messages"),
    [
        (b"", ["products.csv:1: the first line has to be seller_sku;sku;multiplier"]),
        (b"\n\n", ["products.csv:1: the first line has to be seller_sku;sku;multiplier"]),
        (
            b"seler_sku;sku\nA;B\n",
            [
                'products.csv:1: unknown column "seler_sku"; did you mean "seller_sku"?',
                'products.csv:1: the column "seller_sku" is missing; the first line has to be '
                "seller_sku;sku;multiplier",
            ],
        ),
        (b"seller_sku;sku;sku\nA;B;C\n", ["products.csv:1: a column stands here twice"]),
        (
            b"seller_sku;sku;multiplier\nA;;\n;B;\nC;D;0\nE;F;1.5\nG;H;x\nI;J;-1\nK;L;1000001\n",
            [
                'products.csv:2: "sku" is empty',
                'products.csv:3: "seller_sku" is empty',
                'products.csv:4: "multiplier" is 0; it has to be a whole number from 1 to 1000000',
                'products.csv:5: "multiplier" is 1.5; it has to be a whole number from 1 to 1000000',
                'products.csv:6: "multiplier" is x; it has to be a whole number from 1 to 1000000',
                'products.csv:7: "multiplier" is -1; it has to be a whole number from 1 to 1000000',
                'products.csv:8: "multiplier" is 1000001; it has to be a whole number from 1 to 1000000',
            ],
        ),
        (
            b"seller_sku;sku\nA;B\nC;D\na ;E\n",
            ['products.csv:4: the seller SKU "a" stands here a second time; the first is in line 2'],
        ),
        (
            b"sep=;\nseller_sku;sku\nA;B;C\n",
            ["products.csv:3: 3 cells, but only 2 columns; quote a text that holds the separator"],
        ),
        (
            b"seller_sku;sku\n4.00638E+12;A\nB;4,00638E+12\n",
            [
                'products.csv:2: "seller_sku" is 4.00638E+12: the spreadsheet has made a number of it; '
                "format the column as text",
                'products.csv:3: "sku" is 4,00638E+12: the spreadsheet has made a number of it; '
                "format the column as text",
            ],
        ),
        (b"seller_sku;sku\nA\x01;B\n", ['products.csv:2: "seller_sku" holds an invisible character']),
        (b'seller_sku;sku\n"A;B\nC;D\n', ["products.csv:3: this line cannot be read: unexpected end of data"]),
        ("seller_sku;sku\nА;Б\n".encode("cp1251"), ["products.csv:2:1 this is not UTF-8; save the file as UTF-8"]),
    ],
)
def test_problems(content, messages):
    assert problems(content) == messages


def test_many_problems_end(tmp_path):
    path = tmp_path / "products.csv"
    path.write_bytes(b"seller_sku;sku\n" + b"A;\n" * 200_000)
    with pytest.raises(ConfigurationError) as caught:
        load_aliases(path)
    assert len(caught.value.problems) == 100


@given(st.binary(max_size=300) | st.text(alphabet='abc;,\t"\n\r1\x00', max_size=100).map(str.encode))
def test_any_table_is_read_or_refused(content):
    try:
        aliases = parse_aliases(FILE, b"seller_sku;sku;multiplier\n" + content)
    except ConfigurationError:
        return
    assert all(sku and alias.sku and alias.multiplier >= 1 for sku, alias in aliases.items())
