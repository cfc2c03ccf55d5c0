"""Customers, questions and answers as CSV files: an administrator's own data, to judge the matcher by.

UTF-8 with or without a byte order mark, a line of headings, comma (a semicolon or a tab is understood, too). Columns
are found by their names, in any order; those that are missing are empty, others are left alone.
"""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final
from uuid import UUID

import numpy as np

from adapter.errors import ConfigurationError
from adapter.matching.answers import Ambiguous, CustomerMatch, Matched
from adapter.matching.asked import Asked
from adapter.model.catalog import Customer, Evidence, Kind
from adapter.problems import Problem

_EVIDENCE = ("email", "phone", "postal_code", "city", "country", "vat_id")
CUSTOMER_COLUMNS: Final = ("customer_id", "kind", "name", "full_name", *_EVIDENCE)
QUERY_COLUMNS: Final = ("query_id", "buyer_name", "recipient_name", "company_name", *_EVIDENCE)
RESULT_COLUMNS: Final = ("query_id", "decision", "customer_id", "candidates")
SHOWN_PROBLEMS: Final = 10
_KINDS = {"": Kind.UNKNOWN, "person": Kind.PERSON, "company": Kind.COMPANY}
_SPREADSHEET_NUMBER = re.compile(r"[0-9][.,]?[0-9]*[eE]\+[0-9]+")

Progress = Callable[[int], None]
"""Is told how many bytes of a file have been read so far."""


@dataclass(frozen=True, slots=True)
class Query:
    """A line of the file of queries."""

    query_id: str
    asked: Asked


class CustomersFile:
    """A file of customers, read row by row; a million never stand in memory.

    Attributes:
        with_evidence: how many rows have something beside the name that can decide; complete once all are read.
    """

    def __init__(self, path: Path, progress: Progress = lambda _: None) -> None:
        self.path = path
        self.with_evidence = 0
        self._progress = progress

    def customers(self) -> Iterator[Customer]:
        """All customers, in the order of the file; `id_of` tells which row one of them is.

        Raises:
            ConfigurationError: the problems of the file, each with its line.
        """
        table = _Table(self.path, CUSTOMER_COLUMNS, ("customer_id", "name"), self._progress)
        seen = np.empty(1024, np.uint64)
        count = 0
        for line, (customer_id, kind, name, full_name, *evidence) in table.rows():
            if not customer_id:
                table.problem(line, "customer_id is empty")
                continue
            if (known := _KINDS.get(kind.lower())) is None:
                table.problem(line, f'kind is "{kind[:40]}"; it is person, company or empty')
                continue
            found = _evidence(evidence, table, line)
            self.with_evidence += bool(found)
            key = _key_of(customer_id)
            if count == len(seen):
                seen = np.concatenate([seen, np.empty(count, np.uint64)])
            seen[count] = key.int & 0xFFFFFFFFFFFFFFFF
            count += 1
            yield Customer(key, name, {"customer_id": customer_id}, full_name, known, found)
        table.refuse_if_wrong()
        if len(np.unique(seen[:count])) < count:
            self._tell_doubles()

    def _tell_doubles(self) -> None:
        """Say which ids stand twice: read once more, as that costs nothing where all is well."""
        table = _Table(self.path, CUSTOMER_COLUMNS, ("customer_id",), lambda _: None)
        lines: dict[str, int] = {}
        for line, (customer_id, *_) in table.rows():
            if customer_id in lines:
                table.problem(line, f'customer_id "{customer_id}" is that of line {lines[customer_id]}, too')
            lines.setdefault(customer_id, line)
        table.refuse_if_wrong()


def id_of(customer: Customer) -> str:
    """What the file calls a customer."""
    return customer.further["customer_id"]


def read_queries(path: Path) -> list[Query]:
    """All queries, in the order of the file.

    Raises:
        ConfigurationError: the problems of the file, each with its line.
    """
    table = _Table(path, QUERY_COLUMNS, ("query_id",), lambda _: None)
    if not table.has("buyer_name", "recipient_name", "company_name"):
        table.problem(1, "there is no column with names: buyer_name, recipient_name or company_name")
    queries: dict[str, Query] = {}
    for line, (query_id, buyer, recipient, company, *evidence) in table.rows():
        if not query_id:
            table.problem(line, "query_id is empty")
        elif query_id in queries:
            table.problem(line, f'query_id "{query_id}" stands here a second time')
        else:
            queries[query_id] = Query(query_id, Asked(buyer, recipient, company, _evidence(evidence, table, line)))
    table.refuse_if_wrong()
    return list(queries.values())


def result_row(query: Query, match: CustomerMatch) -> tuple[str, str, str, str]:
    """Query, decision, the customer where it is accepted, and up to five candidates, the best first."""
    if isinstance(match, Matched):
        others = [judged.customer for judged in match.explanation.candidates]
        candidates = list(dict.fromkeys(id_of(customer) for customer in (match.customer, *others)))
        return query.query_id, "accept", candidates[0], "|".join(candidates[:5])
    candidates = [id_of(customer) for customer, _ in match.candidates[:5]]
    return query.query_id, "review" if isinstance(match, Ambiguous) else "none", "", "|".join(candidates)


@contextmanager
def results(path: Path) -> Iterator[Callable[[Iterable[str]], object]]:
    """Write results by rows; the file appears under its name when all are in it, or not at all.

    Raises:
        ConfigurationError: it cannot be written; said before anything is computed.
    """
    try:
        with NamedTemporaryFile(
            "w", encoding="utf-8", newline="", dir=path.parent, prefix=f".{path.name}.", delete=False
        ) as file:
            draft = Path(file.name)
            try:
                writer = csv.writer(file)
                writer.writerow(RESULT_COLUMNS)
                yield writer.writerow
                file.flush()
                os.fsync(file.fileno())
                draft.replace(path)
            finally:
                draft.unlink(missing_ok=True)
    except OSError as problem:
        raise ConfigurationError(f"{path}: cannot be written: {problem.strerror}") from problem


def digest(path: Path) -> str:
    """A name for the content of a file.

    Raises:
        ConfigurationError: it cannot be read.
    """
    found = blake2b(digest_size=16)
    try:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                found.update(block)
    except OSError as problem:
        raise ConfigurationError(f"{path}: cannot be read: {problem.strerror}") from problem
    return found.hexdigest()


def _key_of(customer_id: str) -> UUID:
    """A key for an id, the same in every run and whatever else is in the file."""
    return UUID(bytes=blake2b(customer_id.encode(), digest_size=16).digest())


def _evidence(cells: list[str], table: _Table, line: int) -> Evidence:
    email, phone, postal_code, city, country, vat_id = cells
    for name, value in (("phone", phone), ("vat_id", vat_id), ("postal_code", postal_code)):
        if "+" in value and _SPREADSHEET_NUMBER.fullmatch(value):
            table.problem(line, f"{name} is {value}: the spreadsheet has made a number of it; save the column as text")
    return Evidence(
        (email,) if email else (),
        (phone,) if phone else (),
        (vat_id,) if vat_id else (),
        (postal_code,) if postal_code else (),
        city,
        country,
    )


# -------------------- rows of a file


class _Table:
    """The rows of a CSV file as lists of its known columns, and what is wrong with it."""

    def __init__(self, path: Path, columns: tuple[str, ...], required: tuple[str, ...], progress: Progress) -> None:
        self._path = path
        self._problems: list[Problem] = []
        self._progress = progress
        self._columns = columns
        self._headings = self._read_headings(required)

    def has(self, *columns: str) -> bool:
        """Whether the file has one of these columns at least."""
        return any(column in self._headings for column in columns)

    def problem(self, line: int, message: str) -> None:
        """Remember what is wrong; so many problems are enough for a person to begin with."""
        self._problems.append(Problem(str(self._path), line, 0, message))
        if len(self._problems) >= SHOWN_PROBLEMS:
            self.refuse_if_wrong()

    def refuse_if_wrong(self) -> None:
        if self._problems:
            raise ConfigurationError(self._problems)

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Line and cells of every row that is not empty; columns that the file does not have are ""."""
        width = len(self._headings)
        at = [self._headings.index(column) if column in self._headings else width for column in self._columns]
        reader = None
        try:
            with self._path.open(encoding="utf-8-sig", newline="") as file:
                reader = csv.reader(file, delimiter=self._separator, strict=True)
                next(reader, None)
                for number, cells in enumerate(reader):
                    if len(cells) != width:
                        self._odd_row(reader.line_num, cells, width)
                        continue
                    cells.append("")
                    yield reader.line_num, [cells[index].strip() for index in at]
                    if number % 4096 == 0:
                        self._progress(os.lseek(file.fileno(), 0, os.SEEK_CUR))
        except UnicodeDecodeError as problem:
            raise ConfigurationError(f"{self._path}:{self._undecodable()}: not UTF-8; save it as UTF-8") from problem
        except csv.Error as problem:
            self.problem(reader.line_num if reader else 1, f"this line cannot be read: {problem}")
            self.refuse_if_wrong()
        except OSError as problem:
            raise ConfigurationError(f"{self._path}: cannot be read: {problem.strerror}") from problem

    def _odd_row(self, line: int, cells: list[str], width: int) -> None:
        if any(cell.strip() for cell in cells):
            self.problem(line, f"{len(cells)} cells, but {width} headings; quote a text that holds the separator")

    def _read_headings(self, required: tuple[str, ...]) -> list[str]:
        try:
            with self._path.open(encoding="utf-8-sig", newline="") as file:
                first = file.readline()
        except UnicodeDecodeError as problem:
            raise ConfigurationError(f"{self._path}:{self._undecodable()}: not UTF-8; save it as UTF-8") from problem
        except OSError as problem:
            raise ConfigurationError(f"{self._path}: cannot be read: {problem.strerror}") from problem
        self._separator = max((",", ";", "\t"), key=first.count)
        headings = [cell.strip().lower() for cell in next(csv.reader([first], delimiter=self._separator), [])]
        needed = f"the first line has to be {','.join(self._columns)}"
        for column in required:
            if column not in headings:
                self.problem(1, f'the column "{column}" is missing; {needed}')
        for column in self._columns:
            if headings.count(column) > 1:
                self.problem(1, f'the column "{column}" stands here twice')
        self.refuse_if_wrong()
        return headings

    def _undecodable(self) -> int:
        """The first line that is not UTF-8."""
        with self._path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                try:
                    line.decode()
                except UnicodeDecodeError:
                    return number
        return 0
