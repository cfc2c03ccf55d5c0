"""Aliases: a CSV table of seller SKUs that are written differently in the infobase."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from adapter.errors import ConfigurationError
from adapter.problems import Problem
from adapter.yamlfile import MAX_PROBLEMS, decode_text, did_you_mean, read_bytes

COLUMNS = ("seller_sku", "sku", "multiplier")
MAX_BYTES = 50_000_000
MAX_MULTIPLIER = 1_000_000


@dataclass(frozen=True, slots=True)
class Alias:
    """What a seller SKU is in the infobase.

    Attributes:
        multiplier: how many pieces of `sku` one piece sold at Amazon is.
    """

    sku: str
    multiplier: int = 1


def load_aliases(path: Path) -> dict[str, Alias]:
    """Read the table: a line of headings (`seller_sku`, `sku`, perhaps `multiplier`), then a line for each alias.

    UTF-8; the separator is a semicolon, a comma or a tab. Excel's `sep=;` line is understood.

    Raises:
        ConfigurationError: all problems of the file, each with its line.
    """
    return parse_aliases(path, read_bytes(path, MAX_BYTES))


def parse_aliases(path: Path, content: bytes) -> dict[str, Alias]:
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
        raise ConfigurationError(f"{path}:{first}: the first line has to be seller_sku;sku;multiplier")
    separator = max((";", ",", "\t"), key=heading.count)
    table = _Table(str(path))
    rows = csv.reader(text.splitlines(keepends=True), delimiter=separator, strict=True)
    try:
        for cells in rows:
            table.take(cells, rows.line_num + first - 1)
    except csv.Error as error:
        table.problem(rows.line_num + first - 1, f"this line cannot be read: {error}")
    except _TooMany:
        pass
    if table.problems:
        raise ConfigurationError(table.problems)
    return table.aliases


class _TooMany(Exception):
    """So many problems that a person starts with these."""


class _Table:
    def __init__(self, file: str) -> None:
        self.file = file
        self.aliases: dict[str, Alias] = {}
        self.problems: list[Problem] = []
        self._columns: dict[str, int] = {}
        self._lines: dict[str, int] = {}

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
        for message in _row_problems(named):
            self.problem(line, message)
        seller_sku = named.get("seller_sku", "")
        # Products are found without regard to case (matching/products.py), so two spellings would be one alias.
        folded = seller_sku.casefold()
        if folded and folded in self._lines:
            self.problem(
                line,
                f'the seller SKU "{seller_sku}" stands here a second time; the first is in line {self._lines[folded]}',
            )
        self._lines.setdefault(folded, line)
        multiplier = named.get("multiplier") or "1"
        if _MULTIPLIER.fullmatch(multiplier):
            self.aliases[seller_sku] = Alias(named.get("sku", ""), int(multiplier))

    def _headings(self, names: list[str], line: int) -> None:
        self._columns = {name: index for index, name in enumerate(names)}
        for name in names:
            if name not in COLUMNS:
                self.problem(line, f'unknown column "{name}"{did_you_mean(name, COLUMNS)}')
        if len(self._columns) < len(names):
            self.problem(line, "a column stands here twice")
        for name in COLUMNS[:2]:
            if name not in names:
                self.problem(
                    line, f'the column "{name}" is missing; the first line has to be seller_sku;sku;multiplier'
                )
        if self.problems:  # the rows below cannot be judged
            raise _TooMany


_MULTIPLIER = re.compile(r"[1-9][0-9]{0,5}|1000000")
_SPREADSHEET_NUMBER = re.compile(r"[0-9][.,]?[0-9]*[eE]\+[0-9]+")


def _row_problems(named: dict[str, str]) -> Iterator[str]:
    for name in COLUMNS[:2]:
        value = named.get(name, "")
        if not value:
            yield f'"{name}" is empty'
        elif _SPREADSHEET_NUMBER.fullmatch(value):
            yield f'"{name}" is {value}: the spreadsheet has made a number of it; format the column as text'
        elif not value.isprintable():
            yield f'"{name}" holds an invisible character'
    multiplier = named.get("multiplier") or "1"
    if not _MULTIPLIER.fullmatch(multiplier):
        yield f'"multiplier" is {multiplier[:40]}; it has to be a whole number from 1 to {MAX_MULTIPLIER}'
