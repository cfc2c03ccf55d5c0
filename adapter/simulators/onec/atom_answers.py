"""Entities as Atom, the format that is sent when nobody asks for another."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from adapter.simulators.onec import errors
from adapter.simulators.onec.json_answers import entity_address
from adapter.simulators.onec.schema import NAMESPACE, EntityType, Schema
from adapter.simulators.onec.selections import Selection, everything
from adapter.simulators.onec.store import Store
from adapter.simulators.onec.values import Row

DATA_SERVICES = "http://schemas.microsoft.com/ado/2007/08/dataservices"
DATA_NAMESPACES = f'xmlns:d="{DATA_SERVICES}" xmlns:m="{DATA_SERVICES}/metadata"'
NAMESPACES = f'xmlns="http://www.w3.org/2005/Atom" {DATA_NAMESPACES}'
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class AtomAnswers:
    """Writes answers in Atom; `root` is the absolute address of the service, `updated` the time to show."""

    schema: Schema
    store: Store
    root: str
    updated: str

    def collection(self, entity: EntityType, rows: list[Row], selection: Selection, count: int | None) -> bytes:
        """A feed."""
        counted = "" if count is None else f"<m:count>{count}</m:count>"
        entries = "".join(self._entry(entity, row, selection) for row in rows)
        return _document(
            f"<feed {NAMESPACES} xml:base={quoteattr(self.root + '/')}>"
            f'<id>{escape(f"{self.root}/{entity.name}")}</id><title type="text"/>'
            f"<updated>{self.updated}</updated>{counted}{entries}</feed>"
        )

    def single(self, entity: EntityType, row: Row, selection: Selection | None = None) -> bytes:
        """An entry that is a document of its own."""
        head = f"{NAMESPACES} xml:base={quoteattr(self.root + '/')}"
        return _document(self._entry(entity, row, selection or everything(entity), f" {head}"))

    def value(self, name: str, edm: str, value: Any) -> bytes:
        """One property, reached by its path."""
        return _document(_element(name, edm, value, f" {DATA_NAMESPACES}"))

    def section(self, row_type: str, rows: EntityType, found: list[Row]) -> bytes:
        """A tabular section, reached by its path."""
        inner = "".join(self._row(row_type, rows, row, None) for row in found)
        name = rows.section
        return _document(f'<d:{name} {DATA_NAMESPACES} m:type="Collection({NAMESPACE}.{row_type})">{inner}</d:{name}>')

    def service(self) -> bytes:
        """The AtomPub service document: one workspace, a collection for every set."""
        collections = "".join(
            f"<collection href={quoteattr(name)}><atom:title>{escape(name)}</atom:title></collection>"
            for name in self.schema.types
        )
        return _document(
            '<service xmlns="http://www.w3.org/2007/app" xmlns:atom="http://www.w3.org/2005/Atom"'
            f" xml:base={quoteattr(self.root)}><workspace><atom:title>Default</atom:title>"
            f"{collections}</workspace></service>"
        )

    def _entry(self, entity: EntityType, row: Row, selection: Selection, namespaces: str = "") -> str:
        address = entity_address(entity, row)
        links = "".join(
            f'<link rel="{DATA_SERVICES}/related/{name}" href={quoteattr(f"{address}/{name}")}'
            f' type="application/atom+xml;type=entry" title={quoteattr(name)}>'
            f"{self._expanded(row, selection, name)}</link>"
            for name, attribute in entity.by_navigation.items()
            if self.schema.target(attribute)
        )
        return (
            f"<entry{namespaces}><id>{escape(f'{self.root}/{address}')}</id>"
            f'<category term="{NAMESPACE}.{entity.name}" scheme="{DATA_SERVICES}/scheme"/>'
            f'<link rel="edit" href={quoteattr(address)}/>{links}<title/>'
            f"<updated>{self.updated}</updated><author/>"
            f'<content type="application/xml"><m:properties>{self._properties(entity, row, selection)}'
            "</m:properties></content></entry>"
        )

    def _expanded(self, row: Row, selection: Selection, name: str) -> str:
        for expansion in selection.expansions:
            if expansion.attribute.navigation == name:
                target = self.store.get(expansion.target.name, row[expansion.attribute.name])
                entry = "" if target is None else self._entry(expansion.target, target, expansion.selection)
                return f"<m:inline>{entry}</m:inline>"
        return ""

    def _properties(self, entity: EntityType, row: Row, selection: Selection) -> str:
        parts = [_element(name, edm, row[name]) for name, edm in _scalars(entity) if selection.shows(name)]
        for section in entity.sections:
            if section.name in selection.sections:
                columns = selection.sections[section.name]
                inner = "".join(self._row(section.row_type, section.rows, line, columns) for line in row[section.name])
                parts.append(
                    f'<d:{section.name} m:type="Collection({NAMESPACE}.{section.row_type})">{inner}</d:{section.name}>'
                )
        return "".join(parts)

    def _row(self, row_type: str, rows: EntityType, row: Mapping[str, Any], columns: frozenset[str] | None) -> str:
        inner = "".join(
            _element(name, edm, row[name]) for name, edm in _scalars(rows) if columns is None or name in columns
        )
        return f'<d:element m:type="{NAMESPACE}.{row_type}">{inner}</d:element>'


def _scalars(entity: EntityType) -> list[tuple[str, str]]:
    found = [(attribute.name, attribute.edm) for attribute in entity.in_json_order]
    return found + [(name, "Edm.String") for name in entity.by_type_name]


def _element(name: str, edm: str, value: Any, namespaces: str = "") -> str:
    if value is None:
        return f'<d:{name}{namespaces} m:null="true"/>'
    kind = "" if edm == "Edm.String" else f' m:type="{edm}"'
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f"<d:{name}{namespaces}{kind}>{escape(text)}</d:{name}>"


def _document(text: str) -> bytes:
    """The document; data with control characters spoils the whole answer (measured live: 400)."""
    if FORBIDDEN.search(text):
        raise errors.bad_request("Недопустимый символ в данных XML")
    return (DECLARATION + text).encode()
