"""Rows of catalogs: what is asked for, whose they are, and how their values are compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from adapter.errors import ConfigurationError
from adapter.model.catalog import Element
from adapter.model.schema import EntitySet, Property
from adapter.onec.errors import InfobaseUnavailable, Unsendable
from adapter.onec.metadata import unknown_name
from adapter.onec.query import Filter, equals, path, typed

PAGE: Final = 1_000
Columns = Mapping[str, Sequence[str]]
"""Tabular section -> columns of it."""
NO_COLUMNS: Final[Columns] = MappingProxyType({})


def columns_of(catalog: EntitySet, sections: Columns) -> Iterator[str]:
    """The columns of tabular sections as `$select` names them."""
    for section, columns in sections.items():
        known = catalog.sections.get(section)
        if known is None:
            raise ConfigurationError(unknown_name(catalog, section))
        for column in dict.fromkeys(columns):
            if column not in known:
                raise ConfigurationError(unknown_name(catalog, column, section))
            yield f"{section}/{column}"


def property_of(catalog: EntitySet, key: str) -> Property:
    """The property of this name.

    Raises:
        ConfigurationError: there is none.
    """
    found = catalog.properties.get(key)
    if found is None:
        raise ConfigurationError(unknown_name(catalog, key))
    return found


def in_turns(names: Sequence[str], room: int) -> list[list[str]]:
    """The names in as many lists as it takes for each to need no more bytes than that in an address."""
    parts: list[list[str]] = [[]]
    used = 0
    for each in dict.fromkeys(names):
        size = len(path(each).replace("/", "%2F")) + len("%2C")
        if parts[-1] and used + size > room:
            parts.append([])
            used = 0
        parts[-1].append(each)
        used += size
    return parts


def without(catalog: EntitySet, *flags: str) -> list[Filter]:
    """Conditions that none of the flags is set, as far as the catalog has them."""
    return [equals(flag, False) for flag in flags if flag in catalog.properties]


def elements_of(rows: Iterable[Mapping[str, Any]], properties: Sequence[str]) -> list[Element]:
    """The rows as elements, with those of the properties that they have."""
    return [Element(ref_key_of(row), {key: row[key] for key in properties if key in row}) for row in rows]


def ref_key_of(row: Mapping[str, Any]) -> UUID:
    """Whose row it is.

    Raises:
        InfobaseUnavailable: it does not say.
    """
    try:
        return UUID(row["Ref_Key"])
    except (KeyError, ValueError, TypeError, AttributeError) as problem:
        raise InfobaseUnavailable("an object came without its Ref_Key") from problem


def exact(of: Property, value: Any) -> object:
    """A value as it is compared: numbers as numbers, texts without trailing blanks, which 1C does not keep."""
    if isinstance(value, str):
        try:
            value = typed(of, value)
        except Unsendable:
            return value
    return value.rstrip() if isinstance(value, str) else value


def comparable(of: Property, value: Any) -> object:
    """The same without regard to case, as 1C's own queries compare texts."""
    found = exact(of, value)
    return found.casefold() if isinstance(found, str) else found
