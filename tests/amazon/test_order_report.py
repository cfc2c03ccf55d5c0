"""Order reports as files: encodings, quotes, columns in any order, and what is no report at all."""

from __future__ import annotations

import codecs
from datetime import UTC, datetime

import pytest

from adapter.amazon.errors import BadAnswer
from adapter.amazon.wire.order_report import ReportedOrder, charset_of, decoded_report, read_order_report

HEADER = "amazon-order-id\tpurchase-date\tlast-updated-date\tproduct-name\tsku"
ORDER = "302-1234567-1234567"


def read(text):
    return read_order_report(text, "the file")


@pytest.mark.parametrize(
    ("text", "encoding", "told"),
    [
        ("Größe – 3 €", "cp1252", "Cp1252"),
        ("Größe – 3 €", "cp1252", None),
        ("Größe – 3 €", "cp1252", "UTF-8"),
        ("Größe – 3 €", "cp1252", "ISO-8859-1"),
        ("Größe – 3 €", "utf-8", "UTF-8"),
        ("Größe – 3 €", "utf-8", "Cp1252"),
        ("Größe – 3 €", "utf-8-sig", "Cp1252"),
        ("Größe – 3 €", "utf-16", None),
        ("Größe – 3 €", "utf-16-le", "UTF-16LE"),
        ("緑茶 ﾐﾙｸ ①\tAmazon.co.jp\t", "cp932", "windows-31j"),
        ("緑茶 ﾐﾙｸ ①\tAmazon.co.jp\t", "cp932", "MS932"),
        ("緑茶 ﾐﾙｸ ①\tAmazon.co.jp\t", "cp932", "Shift_JIS"),
        ("緑茶 ﾐﾙｸ ①\tAmazon.co.jp\t", "cp932", None),
        ("緑茶 ﾐﾙｸ ①\tJPY\t", "cp932", "no-such-charset"),
        ("緑茶 ﾐﾙｸ ①\tAmazon.co.jp\t", "utf-8", "Shift_JIS"),
        ("Łódź", "iso8859-2", "ISO-8859-2"),
        ("plain", "ascii", "hex"),
        ("plain", "ascii", ""),
    ],
)
def test_encodings(text, encoding, told):
    assert decoded_report(text.encode(encoding), told)[0] == text


def test_a_byte_that_stands_for_nothing_costs_one_letter():
    text, encoding = decoded_report(b"302-1\tTee \x81\xff\t9.90", "UTF-8")
    assert (text, encoding) == ("302-1\tTee \ufffd\xff\t9.90", "cp1252")


@pytest.mark.parametrize(
    ("kind", "charset"),
    [
        ("text/plain;charset=Cp1252", "Cp1252"),
        ('text/plain; Charset="UTF-8"; x=1', "UTF-8"),
        ("text/plain", None),
        ("", None),
    ],
)
def test_the_charset_of_a_content_type(kind, charset):
    assert charset_of(kind) == charset


def test_columns_in_any_order_and_unknown_ones():
    report = read(f"Currency\tnew-column\tSKU\t AMAZON-ORDER-ID \r\nEUR\tx\tTEA\t{ORDER}\r\n")
    assert report.rows == ({"currency": "EUR", "new-column": "x", "sku": "TEA", "amazon-order-id": ORDER},)


def test_a_quote_is_a_part_of_a_title():
    lines = [f'{ORDER}\t\t\tScreen 24" black\tS-1', f'{ORDER}\t\t\t"Best" of all\tS-2', f'{ORDER}\t\t\t24"\tS-3']
    report = read("\n".join([HEADER, *lines]))
    assert [row["product-name"] for row in report.rows] == ['Screen 24" black', '"Best" of all', '24"']
    assert report.problems == ()


def test_quoted_fields():
    quoted = "\t".join(f'"{name}"' for name in HEADER.split("\t"))
    report = read(f'{quoted}\n"{ORDER}"\t""\t""\t"Screen 24"" black\tnew\nline"\t"S-1"\n')
    assert [(row["product-name"], row["sku"]) for row in report.rows] == [('Screen 24" black\tnew\nline', "S-1")]


def test_only_those_that_need_it_are_quoted():
    report = read(f'{HEADER}\n{ORDER}\t\t\t"Screen 24"" black"\tS-1\n')
    assert report.rows[0]["product-name"] == 'Screen 24" black'
    broken = read(f'{HEADER}\n{ORDER}\t\t\t"two\nlines"\tS-1\n')
    assert (broken.rows[0]["product-name"], broken.problems) == ("two\nlines", ())


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_saved_by_a_spreadsheet(delimiter):
    text = f'\ufeffamazon-order-id{delimiter}product-name\n{ORDER}{delimiter}"Tea{delimiter} green"\n'
    assert read(text).rows == ({"amazon-order-id": ORDER, "product-name": f"Tea{delimiter} green"},)


def test_lines_that_are_odd():
    report = read(f"{HEADER}\n\n{ORDER}\t\t\tTea\n\t\t\tTea\tS\n{ORDER}\t\t\tTea\tS\tmore\n{ORDER}\t\t\tTea\tS\t\t\n")
    assert [row.get("sku") for row in report.rows] == [None, "S"]
    assert report.problems == ("line 4 has no order id", "line 5 has 6 fields for 5 columns")


def test_each_order_once_and_as_it_was_last():
    old, new = "2026-05-01T10:00:00+00:00", "2026-05-01T12:00:00+02:00"
    lines = [
        f"A\t{old}\t{old}\t\t1",
        f"B\t{old}\tnever\t\t2",
        f"A\t{old}\t2026-05-02T00:00:00Z\t\t3",
        f"A\t{new}\t{old}\t\t1",
    ]
    at = datetime(2026, 5, 1, 10, tzinfo=UTC)
    assert list(read("\n".join([HEADER, *lines])).orders()) == [
        ReportedOrder("A", at, datetime(2026, 5, 2, tzinfo=UTC)),
        ReportedOrder("B", at, None),
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "the file: it is empty"),
        ("\n \n", "the file: it is empty"),
        ("Date range exceeded. Report can be requested only upto 30 days\r\n", 'begins with "Date range exceeded'),
        ("<html>\n", 'no column amazon-order-id; it begins with "<html>"'),
        ("order-id\tsku\n1\t2\n", "no column amazon-order-id"),
        ('"amazon-order-id"\tsku\n"' + "x" * 200_000, "where a field never ends"),
    ],
    ids=["nothing", "blank", "a refusal", "a page", "another report", "a quote without an end"],
)
def test_what_is_no_report(text, problem):
    with pytest.raises(BadAnswer, match=problem):
        read(text)


def test_an_empty_report():
    assert read(HEADER).rows == ()


def test_all_marks_are_known():
    for mark in (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        encoding = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}[mark]
        assert decoded_report(mark + "ü".encode(encoding), "Cp1252")[0] == "ü"
