"""Information registers: their records read whole, or those with certain values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from adapter.errors import ConfigurationError
from adapter.model.document import Scalar
from adapter.model.schema import EntitySet, Schema
from adapter.onec.client import InfobaseClient
from adapter.onec.errors import InfobaseUnavailable
from adapter.onec.metadata import published
from adapter.onec.query import Option, and_, equals, le, path, query_string, split_or, typed
from adapter.onec.rows import PAGE, comparable, property_of

Record = Mapping[str, Any]
"""The columns of a record that were asked for, by name, as JSON brought them."""


class Registers:
    """The information registers of one infobase, as its `$metadata` describes them. The key may be any."""

    def __init__(self, client: InfobaseClient, schema: Schema) -> None:
        self._client = client
        self._schema = schema

    def read_records(self, register: str, columns: Sequence[str]) -> list[Record]:
        """All records, by pages of 1,000 in the order of the key; what is entered meanwhile may be missed.

        Raises:
            ConfigurationError: no such register or column.
            InfobaseUnavailable: no answer, or the infobase repeats pages.
        """
        records = published(self._schema, register)
        # Pages hang together only in a total order, so the whole key counts; the type of a reference goes with it.
        order = [name for name in records.key if not _is_type(name, records)]
        options: dict[str, Option] = {"$select": _selected(records, columns), **({"$orderby": order} if order else {})}
        target = path(register)
        found: list[Record] = []
        before: list[dict[str, Any]] = []
        while True:
            page: dict[str, Option] = options | {"$top": PAGE, "$skip": len(found)}
            rows = self._client.read_rows(target, query_string(page, room=self._client.room(target)))
            if rows and rows == before:
                raise InfobaseUnavailable(f"{register}: the page from {len(found)} on repeats what came before")
            found += rows
            before = rows
            if len(rows) < PAGE:
                return [_only(columns, row) for row in found]

    def find_any(self, register: str, column: str, values: Iterable[Scalar], columns: Sequence[str]) -> list[Record]:
        """Records whose column has one of the values, in as few requests as the length of an address allows.

        Raises:
            ConfigurationError: no such register or column, or a thousand records have these values.
            InfobaseUnavailable: no answer.
        """
        records = published(self._schema, register)
        of = property_of(records, column)
        distinct = dict.fromkeys(values)
        wanted = {comparable(of, value) for value in distinct}
        options: dict[str, Option] = {"$select": _selected(records, [*columns, column]), "$top": PAGE}
        target = path(register)
        terms = [equals(of.name, typed(of, value)) for value in distinct]
        found: list[Record] = []
        for query in split_or(options, terms, room=self._client.room(target)):
            rows = self._client.read_rows(target, query)
            if len(rows) >= PAGE:
                raise ConfigurationError(f"{register}: {PAGE:,} records share a few values of {column}")
            found += [_only(columns, row) for row in rows if comparable(of, row.get(column)) in wanted]
        return found

    def newest(
        self, register: str, where: tuple[str, UUID], until: datetime, columns: Sequence[str], most: int
    ) -> list[Record]:
        """The last records of a periodic register up to a moment, the newest first; each with its `Period`.

        Args:
            where: a column and the reference in it.
            until: the infobase's wall clock, whole seconds.

        Raises:
            ConfigurationError: no such register or column.
            InfobaseUnavailable: no answer.
        """
        records = published(self._schema, register)
        period = property_of(records, "Period").name
        options: dict[str, Option] = {
            "$select": _selected(records, [period, *columns]),
            "$orderby": [f"{period} desc"],
            "$top": most,
        }
        condition = and_(equals(property_of(records, where[0]).name, where[1]), le(period, until))
        return list(self._client.read_rows(path(register), query_string(options, condition)))


def _is_type(name: str, records: EntitySet) -> bool:
    return name.endswith("_Type") and name.removesuffix("_Type") in records.properties


def _selected(records: EntitySet, columns: Sequence[str]) -> list[str]:
    """Columns to ask for, each once; that of a composite reference comes with its type."""
    whole = [property_of(records, name).name for name in columns]
    types = [f"{name}_Type" for name in whole if f"{name}_Type" in records.properties]
    return list(dict.fromkeys([*whole, *types]))


def _only(columns: Sequence[str], row: Record) -> Record:
    kept = {name for column in columns for name in (column, f"{column}_Type")}
    return {name: value for name, value in row.items() if name in kept}
