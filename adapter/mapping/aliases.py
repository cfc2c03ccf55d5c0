"""Aliases: a CSV table of seller SKUs that are written differently in the infobase, or that are several products."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Final

from adapter.errors import ConfigurationError
from adapter.model.barcodes import gtin
from adapter.problems import Problem
from adapter.yamlfile import MAX_PROBLEMS, decode_text, did_you_mean, read_bytes

COLUMNS: Final = ("seller_sku", "sku", "barcode", "characteristic", "unit", "multiplier", "share", "price")
HEADING: Final = "seller_sku;sku;multiplier"
MAX_BYTES = 50_000_000
MAX_MULTIPLIER = 1_000_000
DECIMALS: Final = 3  # of a quantity in 1C: Number(15,3). Source: CONFIGS 1.1, 3.1, 4.1, 5.1


@dataclass(frozen=True, slots=True)
class Alias:
    """What a seller SKU is in the infobase: one product, or one part of a kit.

    Attributes:
        sku: of the product in the infobase; a barcode counts where no product has it as its SKU. Empty: see `barcode`.
        multiplier: how many of the infobase's units of it one piece sold at Amazon is; at most `DECIMALS` decimals.
        barcode: of the product in the infobase, where the table names no SKU.
        characteristic, unit: as the table names them, by a text or a Ref_Key; empty where it does not.
        weight: of a part of a kit, its share of the price in proportion to those of the other parts.
        place: file and line, for messages.
    """

    sku: str
    multiplier: Decimal = Decimal(1)
    barcode: str = ""
    characteristic: str = ""
    unit: str = ""
    weight: Decimal = Decimal(1)
    place: str = field(default="", compare=False)

    @property
    def parts(self) -> tuple[Alias, ...]:
        """Itself: it is no kit."""
        return (self,)

    @property
    def wanted(self) -> str:
        """The SKU or the barcode that stands for the product."""
        return self.sku or self.barcode

    @property
    def told(self) -> dict[str, str]:
        """What the table says of the product besides, by the names of the columns."""
        told = {"characteristic": self.characteristic, "unit": self.unit}
        return {name: text for name, text in told.items() if text}

    def problem(self, message: str) -> Problem:
        """Something that is wrong in this line of the table."""
        file, _, line = self.place.rpartition(":")
        return Problem(file, int(line or 0), 0, message)


@dataclass(frozen=True, slots=True)
class Kit:
    """A seller SKU that is several products in the infobase; one piece of it is the `multiplier` of each."""

    parts: tuple[Alias, ...]


Aliases = Mapping[str, Alias | Kit]


def load_aliases(path: Path) -> dict[str, Alias | Kit]:
    """Read the table: a line of headings, in any order, then a line for each alias or part of a kit.

    UTF-8; the separator is a semicolon, a comma or a tab. Excel's `sep=;` line is understood.

    Raises:
        ConfigurationError: all problems of the file, each with its line.
    """
    return parse_aliases(path, read_bytes(path, MAX_BYTES))


def parse_aliases(path: Path, content: bytes) -> dict[str, Alias | Kit]:
    """The aliases in the content of a file; `path` is what messages call it.

    Raises:
        ConfigurationError: all problems, each with its line.
    """
    text = decode_text(path, content)
    first = 1
    if (declared := re.match(r"sep=(.)\r?\n", text)) is not None:
        text, first = text[declared.end() :], 2
    heading = text.splitlines()[0] if text.strip() else ""
    if not heading.strip():
        raise ConfigurationError(f"{path}:{first}: the first line has to be {HEADING}")
    separator = max((";", ",", "\t"), key=heading.count)
    table = _Table(str(path))
    rows = csv.reader(text.splitlines(keepends=True), delimiter=separator, strict=True)
    try:
        for cells in rows:
            table.take(cells, rows.line_num + first - 1)
        table.finish()
    except csv.Error as error:
        table.problem(rows.line_num + first - 1, f"this line cannot be read: {error}")
    except _TooMany:
        pass
    if table.problems:
        table.problems.sort(key=lambda problem: problem.line)
        raise ConfigurationError(table.problems)
    return table.aliases


class _TooMany(Exception):
    """So many problems that a person starts with these."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of the table that can be read, with what it says of the price."""

    alias: Alias
    line: int
    share: Decimal | None
    price: Decimal | None


class _Table:
    def __init__(self, file: str) -> None:
        self.file = file
        self.aliases: dict[str, Alias | Kit] = {}
        self.problems: list[Problem] = []
        self._columns: dict[str, int] = {}
        self._lines: dict[str, int] = {}
        self._key, self._seller_sku = "", ""
        self._rows: list[_Row] = []

    def problem(self, line: int, message: str) -> None:
        self.problems.append(Problem(self.file, line, 0, message))
        if len(self.problems) >= MAX_PROBLEMS:
            raise _TooMany

    def take(self, cells: list[str], line: int) -> None:
        cells = [cell.strip() for cell in cells]
        if not any(cells):
            return
        if not self._columns:
            self._headings([cell.casefold() for cell in cells], line)
            return
        if len(cells) > len(self._columns) and any(cells[len(self._columns) :]):
            self.problem(
                line,
                f"{len(cells)} cells, but only {len(self._columns)} columns; quote a text that holds the separator",
            )
            return
        named = {name: cells[index] if index < len(cells) else "" for name, index in self._columns.items()}
        wrong = list(_row_problems(named, self._columns))
        for message in wrong:
            self.problem(line, message)
        self._take_row(named, line, readable=not wrong)

    def _take_row(self, named: Mapping[str, str], line: int, *, readable: bool) -> None:
        """Keep a line with those above it, if it goes on with their kit; or finish them and begin anew."""
        seller_sku = named.get("seller_sku", "")
        # Products are found without regard to case (matching/products.py), so two spellings would be one alias.
        folded = seller_sku.casefold()
        if not folded or folded != self._key:
            self.finish()
            if folded in self._lines:
                self.problem(
                    line,
                    f'the seller SKU "{seller_sku}" stands here a second time; the first is in line '
                    f"{self._lines[folded]}, and the lines of a kit have to follow one another",
                )
                readable = False
            self._key, self._seller_sku = folded, seller_sku
            if folded:
                self._lines.setdefault(folded, line)
        if readable:
            self._rows.append(_row(named, line, f"{self.file}:{line}"))

    def finish(self) -> None:
        """Make an alias or a kit of the lines above."""
        rows, seller_sku = self._rows, self._seller_sku
        self._rows, self._key, self._seller_sku = [], "", ""
        if len(rows) == 1:
            self.aliases[seller_sku] = rows[0].alias
        elif rows:
            for row, message in _kit_problems(seller_sku, rows):
                self.problem(row.line, message)
            parts = zip(rows, _weights(rows), strict=True)
            self.aliases[seller_sku] = Kit(tuple(replace(row.alias, weight=weight) for row, weight in parts))

    def _headings(self, names: list[str], line: int) -> None:
        while names and not names[-1]:  # spreadsheets write empty columns at the end
            names = names[:-1]
        self._columns = {name: index for index, name in enumerate(names)}
        for name in names:
            if name not in COLUMNS:
                self.problem(line, f'unknown column "{name}"{did_you_mean(name, COLUMNS)}')
        if len(self._columns) < len(names):
            self.problem(line, "a column stands here twice")
        for name, others in _NEEDED.items():
            if name not in names and not set(others) & set(names):
                self.problem(line, f'the column "{name}" is missing; the first line has to be {HEADING}')
        if self.problems:  # the rows below cannot be judged
            raise _TooMany


_NEEDED: Final = {"seller_sku": (), "sku": ("barcode",)}
_SPREADSHEET_NUMBER = re.compile(r"[0-9][.,]?[0-9]*[eE]\+[0-9]+")
_NUMBER: Final = re.compile(r"([0-9]{1,9})(?:[.,]([0-9]{1,6}))?")
_THOUSANDS: Final = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")


def _row_problems(named: Mapping[str, str], columns: Mapping[str, int]) -> Iterator[str]:
    """What is wrong in one line."""
    product = [name for name in ("sku", "barcode") if name in columns]
    needed = ["seller_sku", *([] if len(product) > 1 else product)]
    for name in ("seller_sku", *product, "characteristic", "unit"):
        value = named.get(name, "")
        if not value:
            if name in needed:
                yield f'"{name}" is empty'
        elif _SPREADSHEET_NUMBER.fullmatch(value):
            yield f'"{name}" is {value}: the spreadsheet has made a number of it; format the column as text'
        elif not value.isprintable():
            yield f'"{name}" holds an invisible character'
        elif name == "barcode" and not _is_barcode(value):
            yield (
                f'"barcode" is {value[:40]}: no EAN, UPC or GTIN of 8, 12, 13 or 14 digits with the right last one; '
                "correct it, and format the column as text, so that zeros in front stay"
            )
    if len(product) > 1 and (given := sum(bool(named[name]) for name in product)) != 1:
        yield f'"sku" and "barcode" are both {"given" if given else "empty"}; give one of them'
    for name in ("multiplier", "share", "price"):
        if (value := named.get(name, "")) and (message := _number_problem(name, _plain(name, value))):
            yield f'"{name}" is {value[:40]}; {message}'


def _is_barcode(value: str) -> bool:
    return gtin(value) is not None


def _plain(name: str, value: str) -> str:
    """A number without the sign of per cent that a share may have."""
    return value.removesuffix("%").rstrip() if name == "share" else value


def _number_problem(name: str, value: str) -> str:
    """Why a text is no number that can be understood; empty if it is one."""
    if not _NUMBER.fullmatch(value):
        return f"it has to be a number such as {'6 or 0.5' if name == 'multiplier' else '12.50'}"
    if _THOUSANDS.fullmatch(value):
        whole, part = re.split("[.,]", value)
        return f"it may be {whole}{part} or {whole} and a bit; write {whole}{part}, or {whole}.{part}0"
    return _multiplier_problem(_decimal(value)) if name == "multiplier" else ""


def _multiplier_problem(number: Decimal) -> str:
    if not 0 < number <= MAX_MULTIPLIER:
        return f"it has to be more than 0 and at most {MAX_MULTIPLIER}"
    if number != round(number, DECIMALS):
        return f"1C keeps {DECIMALS} decimals of a quantity; take a smaller unit in 1C, of which it is a whole number"
    return ""


@lru_cache(maxsize=1024)  # large tables repeat few numbers
def _decimal(value: str) -> Decimal:
    """A number as it is shown: without zeros that say nothing, and never as 1E+2."""
    number = Decimal(value.replace(",", "."))
    return number.to_integral_value() if number == number.to_integral_value() else number.normalize()


def _number(name: str, value: str) -> Decimal | None:
    return _decimal(_plain(name, value)) if value else None


def _row(named: Mapping[str, str], line: int, place: str) -> _Row:
    alias = Alias(
        named.get("sku", ""),
        _number("multiplier", named.get("multiplier", "")) or Decimal(1),
        named.get("barcode", ""),
        named.get("characteristic", ""),
        named.get("unit", ""),
        place=place,
    )
    share, price = (_number(name, named.get(name, "")) for name in ("share", "price"))
    return _Row(alias, line, share, price)


def _kit_problems(seller_sku: str, rows: Sequence[_Row]) -> Iterator[tuple[_Row, str]]:
    """What is wrong with the parts of a kit as a whole."""
    seen: dict[tuple[str, ...], int] = {}
    for row in rows:
        alias = row.alias
        what = tuple(text.casefold() for text in (alias.sku, alias.barcode, alias.characteristic, alias.unit))
        if what in seen:
            message = f'the seller SKU "{seller_sku}" stands here a second time with the same product; the first is in'
            yield row, f"{message} line {seen[what]}. Write how many pieces it is into multiplier"
        seen.setdefault(what, row.line)
    for name in ("share", "price"):
        given = [row for row in rows if getattr(row, name) is not None]
        if not given:
            continue
        for row in rows:
            if getattr(row, name) is None:
                yield row, f'"{name}" is empty, but other lines of the kit "{seller_sku}" have one; give all or none'
        if len(given) == len(rows) and not any(getattr(row, name) for row in rows):
            yield rows[0], f'"{name}" is 0 in all lines of the kit "{seller_sku}"; give one of them more'
    if any(row.share is not None for row in rows) and any(row.price is not None for row in rows):
        yield rows[0], f'the kit "{seller_sku}" has a share and a price; empty one of them'


def _weights(rows: Sequence[_Row]) -> Iterator[Decimal]:
    """In which proportion the parts of a kit share its price: by the shares, else by the prices, else by quantity."""
    for row in rows:
        if row.share is not None:
            yield row.share
        else:
            yield (row.price if row.price is not None else Decimal(1)) * row.alias.multiplier
