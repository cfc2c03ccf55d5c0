"""Catalogs: reading them whole, finding elements by a value, creating one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from adapter.errors import ConfigurationError
from adapter.model.catalog import Element
from adapter.model.document import NewElement, Scalar
from adapter.model.schema import EntitySet, Schema
from adapter.onec.body import properties_of, section_of
from adapter.onec.client import InfobaseClient
from adapter.onec.errors import InfobaseUnavailable
from adapter.onec.lookups import shown_of, the_one
from adapter.onec.metadata import published
from adapter.onec.query import (
    Filter,
    Option,
    and_,
    equals,
    leads_to,
    path,
    query_string,
    room_beside,
    split_or,
    typed,
    within,
)
from adapter.onec.rows import (
    NO_COLUMNS,
    PAGE,
    Columns,
    columns_of,
    comparable,
    elements_of,
    in_turns,
    property_of,
    ref_key_of,
    without,
)

_LONGEST_SKIP = 99_999_999


class Catalogs:
    """The catalogs of one infobase, as its `$metadata` describes them.

    Elements marked for deletion are passed over everywhere; so are folders, except in `lookup`.
    """

    def __init__(self, client: InfobaseClient, schema: Schema) -> None:
        self._client = client
        self._schema = schema

    def read_elements(self, entity_set: str, properties: Sequence[str]) -> list[Element]:
        """All elements with the given properties.

        Raises:
            ConfigurationError, InfobaseUnavailable: as `elements`.
        """
        return list(self.elements(entity_set, properties))

    def elements(self, entity_set: str, properties: Sequence[str], sections: Columns = NO_COLUMNS) -> Iterator[Element]:
        """All elements with the given properties and rows of tabular sections, page by page of 1,000.

        A page is read in several turns where the names are too long for one address. What is created or deleted
        meanwhile may be missed; no element comes twice. Source of `Section/Column`: FACTS 5.1.

        Raises:
            ConfigurationError: no such catalog, property, section or column.
            InfobaseUnavailable: no answer, or the infobase repeats pages.
        """
        catalog = published(self._schema, entity_set)
        names = [*(property_of(catalog, key).name for key in properties), *columns_of(catalog, sections)]
        condition = and_(*living) if (living := without(catalog, "DeletionMark", "IsFolder")) else None
        parts = in_turns(names, self._room(catalog) - self._used(condition))
        before: set[UUID] = set()
        skip = 0
        while True:
            rows = self._page(catalog, parts[0], condition, skip)
            page = {ref_key_of(row): dict(row) for row in rows}
            for part in parts[1:]:
                more = {ref_key_of(row): row for row in self._page(catalog, part, condition, skip)}
                page = {key: {**row, **more[key]} for key, row in page.items() if key in more}
            # A page can only repeat the end of the one before: what is inserted meanwhile shifts them.
            fresh = [row for key, row in page.items() if key not in before]
            yield from elements_of(fresh, [*properties, *sections])
            if len(rows) < PAGE:
                return
            if not fresh:
                raise InfobaseUnavailable(f"{catalog.name}: the page from {skip} on repeats what came before")
            before = set(page)
            skip += len(rows)

    def _page(
        self, catalog: EntitySet, names: Sequence[str], condition: Filter | None, skip: int
    ) -> list[dict[str, Any]]:
        options: dict[str, Option] = {
            "$select": ["Ref_Key", *names],
            "$orderby": ["Ref_Key"],
            "$top": PAGE,
            "$skip": skip,
        }
        return self._client.read_rows(path(catalog.name), query_string(options, condition, self._room(catalog)))

    def _used(self, condition: Filter | None) -> int:
        """Bytes of a query for a page beside the names that are selected."""
        options: dict[str, Option] = {
            "$select": ["Ref_Key"],
            "$orderby": ["Ref_Key"],
            "$top": PAGE,
            "$skip": _LONGEST_SKIP,
        }
        return len(query_string(options, condition))

    def first_elements(self, entity_set: str, properties: Sequence[str], most: int) -> list[Element]:
        """The first elements by name, for a person to choose from.

        Raises:
            ConfigurationError: no such catalog or property.
            InfobaseUnavailable: no answer.
        """
        catalog = published(self._schema, entity_set)
        options: dict[str, Option] = {
            **self._selected(catalog, properties),
            "$orderby": ["Description" if "Description" in catalog.properties else "Ref_Key"],
            "$top": most,
        }
        condition = and_(*living) if (living := without(catalog, "DeletionMark", "IsFolder")) else None
        rows = self._client.read_rows(path(entity_set), query_string(options, condition, self._room(catalog)))
        return elements_of(rows, properties)

    def find_elements(
        self, entity_set: str, property_name: str, value: Scalar, properties: Sequence[str]
    ) -> list[Element]:
        """Elements whose property has the value, whatever its case and trailing blanks, as 1C's own queries compare.

        Raises:
            ConfigurationError: no such catalog or property.
            InfobaseUnavailable: no answer.
        """
        return self.find_any(entity_set, property_name, [value], properties)

    def find_any(
        self,
        entity_set: str,
        property_name: str,
        values: Iterable[Scalar],
        properties: Sequence[str],
        sections: Columns = NO_COLUMNS,
    ) -> list[Element]:
        """Elements whose property has one of the values, in as few requests as the length of an address allows.

        Raises:
            ConfigurationError: no such catalog or property, or a thousand elements have these values.
            InfobaseUnavailable: no answer.
        """
        catalog = published(self._schema, entity_set)
        of = property_of(catalog, property_name)
        distinct = dict.fromkeys(values)
        wanted = {comparable(of, value) for value in distinct}
        options: dict[str, Option] = {**self._selected(catalog, [*properties, property_name], sections), "$top": PAGE}
        hits: dict[UUID, dict[str, Any]] = {}
        living, room = without(catalog, "DeletionMark", "IsFolder"), self._room(catalog)
        free = room_beside(options, living, room)
        terms = [within(free, equals(of.name, typed(of, value))) for value in distinct]
        for query in split_or(options, terms, living, room):
            rows = self._client.read_rows(path(entity_set), query)
            if len(rows) >= PAGE:
                raise ConfigurationError(f"{entity_set}: {PAGE:,} elements share a few values of {property_name}")
            hits |= {ref_key_of(row): row for row in rows if comparable(of, row.get(property_name)) in wanted}
        return elements_of(hits.values(), [*properties, *sections])

    def referring(
        self, entity_set: str, reference: str, keys: Sequence[str], properties: Sequence[str], target: str | None = None
    ) -> list[Element]:
        """Elements whose reference leads to one of these keys.

        Args:
            target: entity set of the keys, for a reference that may lead into several. Source: FACTS 5.2.

        Raises:
            ConfigurationError, InfobaseUnavailable: as `find_any`.
        """
        if target is None:
            return self.find_any(entity_set, reference, keys, properties)
        catalog = published(self._schema, entity_set)
        options: dict[str, Option] = {**self._selected(catalog, [*properties, reference]), "$top": PAGE}
        living, room = without(catalog, "DeletionMark", "IsFolder"), self._room(catalog)
        hits: dict[UUID, dict[str, Any]] = {}
        terms = [leads_to(property_of(catalog, reference).name, UUID(key), target) for key in keys]
        for query in split_or(options, terms, living, room):
            rows = self._client.read_rows(path(entity_set), query)
            if len(rows) >= PAGE:
                raise ConfigurationError(f"{entity_set}: {PAGE:,} elements share a few values of {reference}")
            hits |= {ref_key_of(row): row for row in rows}
        return elements_of(hits.values(), properties)

    def lookup(self, entity_set: str, where: Mapping[str, Scalar]) -> UUID:
        """The one element, folder or other object with these values; texts count with their case.

        Raises:
            ConfigurationError: none or several match, or there is no such set or property.
            InfobaseUnavailable: no answer.
        """
        (found,) = self.lookups(entity_set, [where])
        if isinstance(found, ConfigurationError):
            raise found
        return found

    def lookups(self, entity_set: str, wheres: Sequence[Mapping[str, Scalar]]) -> list[UUID | ConfigurationError]:
        """Several lookups in one set, in as few requests as the length of an address allows; in their order.

        Raises:
            ConfigurationError: there is no such set or property.
            InfobaseUnavailable: no answer.
        """
        catalog = published(self._schema, entity_set)
        columns = {key: property_of(catalog, key) for where in wheres for key in where}
        options: dict[str, Option] = {**self._selected(catalog, [*columns, *shown_of(catalog)]), "$top": PAGE}
        living, room = without(catalog, "DeletionMark"), self._room(catalog)
        free = room_beside(options, living, room)
        terms = [
            within(free, *(equals(key, typed(columns[key], value)) for key, value in where.items())) for where in wheres
        ]
        rows: dict[UUID, dict[str, Any]] = {}
        for query in split_or(options, terms, living, room):
            page = self._client.read_rows(path(entity_set), query)
            if len(page) >= PAGE:
                if len(wheres) == 1:
                    return [the_one(catalog, columns, wheres[0], page, more=True)]
                return [self.lookups(entity_set, [where])[0] for where in wheres]
            rows |= {ref_key_of(row): row for row in page}
        return [the_one(catalog, columns, where, list(rows.values())) for where in wheres]

    def create_element(self, element: NewElement) -> UUID:
        """Create an element; the `Ref_Key` it got, which a configuration may have chosen itself.

        Raises:
            ConfigurationError: no such catalog or property.
            KeyExists, RefusedByInfobase: nothing was stored now; look whether an earlier attempt has stored it.
            UnknownOutcome: it may have been stored.
            InfobaseUnavailable: it never arrived.
        """
        catalog = published(self._schema, element.entity_set)
        body = {
            "Ref_Key": element.ref_key,
            **properties_of(catalog, element.properties),
            **{name: section_of(catalog, name, rows) for name, rows in element.sections.items()},
        }
        return UUID(self._client.create(element.entity_set, body)["Ref_Key"])

    def _selected(
        self, catalog: EntitySet, properties: Sequence[str], sections: Columns = NO_COLUMNS
    ) -> dict[str, Option]:
        """The option that asks for these properties; none, which brings all of them, where it would be too long."""
        named = [property_of(catalog, key).name for key in properties]
        names = list(dict.fromkeys(["Ref_Key", *named, *columns_of(catalog, sections)]))
        parts = in_turns(names, self._room(catalog) // 2)
        return {"$select": names} if len(parts) == 1 else {}

    def _room(self, catalog: EntitySet) -> int:
        return self._client.room(path(catalog.name))
