"""The table of aliases: forms that spreadsheets write, and every problem with its line."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.errors import ConfigurationError
from adapter.mapping.aliases import Alias, Kit, load_aliases, parse_aliases

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
    assert parse_aliases(FILE, content.encode()) == {"A-6": Alias("A", Decimal(6)), "B": Alias("00123", Decimal(1))}


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
            b"seller_sku;sku;multiplier\nA;;\n;B;\nC;D;0\nE;F;1.0005\nG;H;x\nI;J;-1\nK;L;1000000.5\n"
            b"M;N;1,500\nO;P;0.0\n",
            [
                'products.csv:2: "sku" is empty',
                'products.csv:3: "seller_sku" is empty',
                'products.csv:4: "multiplier" is 0; it has to be more than 0 and at most 1000000',
                'products.csv:5: "multiplier" is 1.0005; 1C keeps 3 decimals of a quantity; take a smaller unit in 1C, '
                "of which it is a whole number",
                'products.csv:6: "multiplier" is x; it has to be a number such as 6 or 0.5',
                'products.csv:7: "multiplier" is -1; it has to be a number such as 6 or 0.5',
                'products.csv:8: "multiplier" is 1000000.5; it has to be more than 0 and at most 1000000',
                'products.csv:9: "multiplier" is 1,500; it may be 1500 or 1 and a bit; write 1500, or 1.5000',
                'products.csv:10: "multiplier" is 0.0; it has to be more than 0 and at most 1000000',
            ],
        ),
        (
            b"seller_sku;sku\nA;B\nC;D\na ;E\n",
            [
                'products.csv:4: the seller SKU "a" stands here a second time; the first is in line 2, and the lines '
                "of a kit have to follow one another"
            ],
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
    assert all(
        sku and part.sku and round(part.multiplier, 3) == part.multiplier > 0
        for sku, alias in aliases.items()
        for part in alias.parts
    )


# -------------------- kits, barcodes, characteristics and units

HEAD = "seller_sku;sku;barcode;characteristic;unit;multiplier;share;price\n"


def test_every_column():
    content = HEAD + "A;X;;red, 42;box;6;;\nB;;4006381333931;;;;;\n"
    assert parse_aliases(FILE, content.encode()) == {
        "A": Alias("X", Decimal(6), "", "red, 42", "box"),
        "B": Alias("", Decimal(1), "4006381333931"),
    }
    assert parse_aliases(FILE, b"seller_sku,barcode\nB,4006381333931\n") == {
        "B": Alias("", Decimal(1), "4006381333931")
    }


def test_parts_of_a_unit():
    """As exact as 1C's own quantities, and shown without zeros that say nothing."""
    texts = ["0.5", "0,125", "100", "100.0", "2.50", "1.5000", "0.001", "1000000"]
    rows = "".join(f"{number};A;{text}\n" for number, text in enumerate(texts))
    aliases = parse_aliases(FILE, f"seller_sku;sku;multiplier\n{rows}".encode())
    assert [str(alias.multiplier) for alias in aliases.values()] == [
        "0.5", "0.125", "100", "100", "2.5", "1.5", "0.001", "1000000"
    ]  # fmt: skip


def test_a_line_knows_its_place():
    alias = parse_aliases(FILE, b"sep=,\nseller_sku,sku\n\nA,X\n")["A"]
    assert (alias.place, str(alias.problem("is odd"))) == ("products.csv:4", "products.csv:4: is odd")


@pytest.mark.parametrize(
    ("content", "weights"),
    [
        ("seller_sku;sku;multiplier\nKIT;A;1\nkit ;B;3\n", [1, 3]),
        ("seller_sku;sku;multiplier;price\nKIT;A;0.5;10,50\nKIT;B;3;2.25\n", ["5.25", "6.75"]),
        ("seller_sku;sku;multiplier;price\nKIT;A;1;10,50\nKIT;B;3;2.25\n", ["10.50", "6.75"]),
        ("seller_sku;sku;multiplier;share\nKIT;A;1;60%\n\nKIT;B;3;40 %\n", [60, 40]),
        ("seller_sku;sku;share\nKIT;A;0.125\nKIT;B;0\n", ["0.125", 0]),
        ("seller_sku;sku;share;price\nKIT;A;;1\nKIT;B;;1\n", [1, 1]),
    ],
    ids=["quantity", "price of a part of a unit", "price", "per cent", "share", "empty column"],
)
def test_kits(content, weights):
    (kit,) = parse_aliases(FILE, content.encode()).values()
    assert isinstance(kit, Kit)
    assert [part.sku for part in kit.parts] == ["A", "B"]
    assert [part.weight for part in kit.parts] == [Decimal(weight) for weight in weights]


def test_a_kit_between_aliases():
    found = parse_aliases(FILE, b"seller_sku;sku\nX;A\nKIT;A\nKIT;B\nY;B\n")
    assert found == {"X": Alias("A"), "KIT": Kit((Alias("A"), Alias("B"))), "Y": Alias("B")}


@pytest.mark.parametrize(
    ("lines", "messages"),
    [
        (["A;X;4006381333931;;;;;"], ['2: "sku" and "barcode" are both given; give one of them']),
        (["A;;;;;;;"], ['2: "sku" and "barcode" are both empty; give one of them']),
        (
            ["A;;36000291452;;;;;"],
            ['2: "barcode" is 36000291452: no EAN, UPC or GTIN of 8, 12, 13 or 14 digits with the right last one; '
             "correct it, and format the column as text, so that zeros in front stay"],
        ),
        (
            ["A;;00000000;;;;;"],
            ['2: "barcode" is 00000000: no EAN, UPC or GTIN of 8, 12, 13 or 14 digits with the right last one; '
             "correct it, and format the column as text, so that zeros in front stay"],
        ),
        (["A;X;;;;;x;"], ['2: "share" is x; it has to be a number such as 12.50']),
        (["A;X;;;;;;-1"], ['2: "price" is -1; it has to be a number such as 12.50']),
        (["A;X;;;;;;1.000"], ['2: "price" is 1.000; it may be 1000 or 1 and a bit; write 1000, or 1.0000']),
        (
            ["K;X;;;;;1;", "K;Y;;;;;;"],
            ['3: "share" is empty, but other lines of the kit "K" have one; give all or none'],
        ),
        (["K;X;;;;;0;", "K;Y;;;;;0;"], ['2: "share" is 0 in all lines of the kit "K"; give one of them more']),
        (["K;X;;;;;1;2", "K;Y;;;;;1;2"], ['2: the kit "K" has a share and a price; empty one of them']),
        (
            ["K;X;;;;;;", "K;x;;;;2;;"],
            ['3: the seller SKU "K" stands here a second time with the same product; the first is in line 2. Write how '
             "many pieces it is into multiplier"],
        ),
        (["K;X;;red;;;;", "K;X;;blue;;;;"], []),
        (["A;X;;\x01;;;;", "B;Y;;;1E+5;;;"], [
            '2: "characteristic" holds an invisible character',
            '3: "unit" is 1E+5: the spreadsheet has made a number of it; format the column as text',
        ]),
    ],
)  # fmt: skip
def test_problems_of_kits(lines, messages):
    content = (HEAD + "\n".join(lines)).encode()
    if not messages:
        parse_aliases(FILE, content)
    else:
        assert problems(content) == [f"products.csv:{message}" for message in messages]


def test_all_problems_at_once_in_the_order_of_the_file():
    content = HEAD + "K;X;;;;;1;\nK;Y;;;;;;\nA;X;;;;0;;\nK;Z;;;;;;\n"
    assert [problem.split(" ")[0] for problem in problems(content.encode())] == [
        "products.csv:3:",
        "products.csv:4:",
        "products.csv:5:",
    ]


def test_utf_16():
    assert problems("seller_sku;sku\nA;B\n".encode("utf-16")) == [
        "products.csv:1:1 the file is in UTF-16; save it as UTF-8"
    ]
