"""The flat files "all orders" of the Reports API: encodings, quotes and columns as they come.

Columns are found by their names: real files have more of them than the documentation tells, and other orders of them.
Source: FACTS 10.1, 10.2; amzn/selling-partner-api-docs issue 927 for the encodings.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from adapter.amazon.errors import BadAnswer
from adapter.amazon.times import read_time

ORDER_ID, PURCHASED, UPDATED = "amazon-order-id", "purchase-date", "last-updated-date"

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WIDER = {"shift_jis": "cp932", "shift_jisx0213": "cp932", "iso8859-1": "cp1252", "ascii": "utf-8"}
"""Encodings that are taken for the larger one which bears their name in practice."""

_OTHER_NAMES = {"windows-31j": "cp932", "cswindows31j": "cp932", "x-sjis": "cp932"}
"""Names that Java gives and Python does not know."""

_JAPAN = re.compile(rb"Amazon\.co\.jp|\tJPY\t|\tJP\t")
_ID = re.compile(r"[A-Za-z0-9_-]{1,50}")
_FIRST_WORDS = 120
_NEVER = 10**9


@dataclass(frozen=True, slots=True)
class ReportedOrder:
    """What a report tells of one order, beside its lines.

    Attributes:
        purchased_at, updated_at: aware, UTC; None where they cannot be read.
    """

    order_id: str
    purchased_at: datetime | None = None
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OrderReport:
    """A report's lines: column -> text, as the file has them, one for each item of an order.

    Attributes:
        problems: lines that could not be read, in words.
    """

    columns: tuple[str, ...]
    rows: tuple[Mapping[str, str], ...]
    problems: tuple[str, ...] = ()

    def orders(self) -> Iterator[ReportedOrder]:
        """Each order once, in the order of the file; of two lines the later update counts."""
        found: dict[str, ReportedOrder] = {}
        for row in self.rows:
            order_id = row[ORDER_ID]
            made = ReportedOrder(order_id, read_time(row.get(PURCHASED)), read_time(row.get(UPDATED)))
            before = found.get(order_id)
            if before is None or (made.updated_at and before.updated_at and made.updated_at > before.updated_at):
                found[order_id] = made
        yield from found.values()


def charset_of(content_type: str) -> str | None:
    """The encoding that a Content-Type names, whether or not anybody knows it."""
    match = re.search(r"""charset\s*=\s*["']?([^\s;"']+)""", content_type, re.IGNORECASE)
    return match[1] if match else None


def decoded_report(body: bytes, charset: str | None = None) -> tuple[str, str]:
    """A report's text and the encoding it turned out to have.

    A byte order mark decides; then UTF-8, for which other texts do not pass by chance; then the encoding that was told;
    and where none was, or it does not fit, that of the marketplace: Shift-JIS as Windows has it for Japan, Windows-1252
    for the rest. A byte that stands for nothing becomes a replacement character: the ids and amounts are plain ASCII.

    Args:
        charset: as a Content-Type or a person names it.
    """
    for mark, marked in _BOMS:
        if body.startswith(mark):
            return body.decode(marked, "replace"), marked.removesuffix("-sig")
    told = _codec(charset)
    usual = "cp932" if _JAPAN.search(body) else "cp1252"
    wide = told is not None and told.startswith(("utf-16", "utf-32"))
    for name in (told if wide else None, "utf-8", told, usual):
        if name is None:
            continue
        try:
            return body.decode(name), name
        except (UnicodeError, LookupError):
            continue
    return body.decode(usual, "replace"), usual


def read_order_report(text: str, what: str) -> OrderReport:
    """The lines of a report.

    Args:
        what: names the report in messages.

    Raises:
        BadAnswer: it is no report of orders; with its first words.
    """
    text = text.lstrip("\ufeff")
    header = text.split("\n", 1)[0].rstrip("\r")
    delimiter = next((each for each in "\t,;" if ORDER_ID in _names(header.split(each))), None)
    if delimiter is None:
        if not text.strip():
            raise BadAnswer(f"{what}: it is empty")
        raise BadAnswer(
            f'{what}: no report of orders, there is no column {ORDER_ID}; it begins with "{_shown(header)}"'
        )
    # In plain files a quote is a part of a title, such as 24" for inches; where that does not come out even, and in
    # files that a spreadsheet has saved, quotes hold a field together.
    plain, quoted = (_table(text, delimiter, quoting) for quoting in (csv.QUOTE_NONE, csv.QUOTE_MINIMAL))
    chosen = quoted if header.startswith('"') or delimiter != "\t" or quoted.uneven < plain.uneven else plain
    if chosen.broken_at:
        raise BadAnswer(f"{what}: it cannot be read on from line {chosen.broken_at}, where a field never ends")
    return chosen.report()


@dataclass(frozen=True, slots=True)
class _Table:
    columns: tuple[str, ...]
    lines: tuple[tuple[int, list[str]], ...]
    plain: bool
    broken_at: int = 0

    @property
    def uneven(self) -> int:
        """How many lines do not have as many fields as there are columns."""
        return _NEVER if self.broken_at else sum(len(fields) != len(self.columns) for _, fields in self.lines)

    def report(self) -> OrderReport:
        rows, problems = [], []
        for number, fields in self.lines:
            values = dict(zip(self.columns, map(self._field, fields), strict=False))
            # Fields may be missing at the end, where they are empty.
            if len(fields) > len(self.columns) and any(fields[len(self.columns) :]):
                problems.append(f"line {number} has {len(fields)} fields for {len(self.columns)} columns")
            elif not _ID.fullmatch(values.get(ORDER_ID, "")):
                problems.append(f"line {number} has no order id")
            else:
                rows.append(values)
        return OrderReport(self.columns, tuple(rows), tuple(problems))

    def _field(self, text: str) -> str:
        if self.plain and len(text) > 1 and text[0] == text[-1] == '"' and '"' not in text[1:-1].replace('""', ""):
            text = text[1:-1].replace('""', '"')
        return text.strip()


def _table(text: str, delimiter: str, quoting: int) -> _Table:
    plain = quoting == csv.QUOTE_NONE
    reader = csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=delimiter, quoting=quoting)  # type: ignore[arg-type]
    lines: list[tuple[int, list[str]]] = []
    columns: tuple[str, ...] = ()
    try:
        columns = _names(next(reader))
        for fields in reader:
            if any(map(str.strip, fields)):
                lines.append((reader.line_num, fields))
    except csv.Error:
        return _Table(columns, tuple(lines), plain, broken_at=reader.line_num)  # a quote that is never closed
    return _Table(columns, tuple(lines), plain)


def _names(fields: list[str]) -> tuple[str, ...]:
    return tuple(field.strip().strip('"').strip().lower() for field in fields)


def _codec(charset: str | None) -> str | None:
    """Python's name of an encoding; None for one that nobody knows."""
    name = (charset or "").strip().lower()
    try:
        name = codecs.lookup(_OTHER_NAMES.get(name, name)).name
    except (LookupError, ValueError):
        return None
    return _WIDER.get(name, name)


def _shown(text: str) -> str:
    words = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return words if len(words) <= _FIRST_WORDS else words[:_FIRST_WORDS] + "..."
