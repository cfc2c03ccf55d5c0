"""Entities as JSON: values, envelopes, links. Shapes: developer guide 17.4.7 and live infobases."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from adapter.simulators.onec.formats import Format
from adapter.simulators.onec.presentations import presentation
from adapter.simulators.onec.schema import NAMESPACE, EntityType, Schema
from adapter.simulators.onec.selections import Selection, everything
from adapter.simulators.onec.store import Store
from adapter.simulators.onec.values import UNSHOWN_TYPES, ZERO_GUID, Row


@dataclass(frozen=True, slots=True)
class JsonAnswers:
    """Writes answers in one JSON flavour; `root` is the absolute address of the service."""

    schema: Schema
    store: Store
    format: Format
    root: str

    def collection(self, entity: EntityType, rows: list[Row], selection: Selection, count: int | None) -> bytes:
        """A set; the count is text."""
        body: dict[str, Any] = self._metadata(entity.name)
        if count is not None:
            body["odata.count"] = str(count)
        body["value"] = [self.entity(entity, row, selection) for row in rows]
        return dump(body)

    def single(self, entity: EntityType, row: Row, selection: Selection | None = None) -> bytes:
        """One entity, the object itself."""
        shown = self.entity(entity, row, selection or everything(entity))
        return dump(self._metadata(f"{entity.name}/@Element") | shown)

    def value(self, name: str, edm: str, value: Any) -> bytes:
        """One property, reached by its path."""
        return dump(self._metadata(edm) | {"value": wire(edm, value)})

    def section(self, row_type: str, rows: EntityType, found: list[Row]) -> bytes:
        """A tabular section, reached by its path."""
        shown = [self.entity(rows, row, everything(rows), links=False) for row in found]
        return dump(self._metadata(f"Collection({NAMESPACE}.{row_type})") | {"value": shown})

    def service(self) -> bytes:
        """The service document."""
        body = {} if self.format.level == "nometadata" else {"odata.metadata": f"{self.root}/$metadata"}
        return dump(body | {"value": [{"name": name, "url": name} for name in self.schema.types]})

    def _metadata(self, what: str) -> dict[str, Any]:
        if self.format.level == "nometadata":
            return {}
        return {"odata.metadata": f"{self.root}/$metadata#{what}"}

    def entity(self, entity: EntityType, row: Row, selection: Selection, links: bool = True) -> dict[str, Any]:
        """One entity as a JSON object."""
        full = self.format.level == "fullmetadata"
        links = links and self.format.level != "nometadata"
        shown: dict[str, Any] = {}
        if full and links:
            address = entity_address(entity, row)
            shown |= {
                "odata.type": f"{NAMESPACE}.{entity.name}",
                "odata.id": f"{self.root}/{address}",
                "odata.editLink": address,
            }
        for attribute in entity.in_json_order:
            name = attribute.name
            if selection.shows(name):
                if full and attribute.edm not in UNSHOWN_TYPES:
                    shown[f"{name}@odata.type"] = attribute.edm
                shown[name] = wire(attribute.edm, row[name])
            if attribute.type_property and selection.shows(attribute.type_property):
                shown[attribute.type_property] = row[attribute.type_property]
        for section in entity.sections:
            if section.name in selection.sections:
                columns = selection.sections[section.name]
                chosen = Selection(columns, {})
                shown[section.name] = [
                    self.entity(section.rows, line, chosen, links=False) for line in row[section.name]
                ]
        for name in selection.presentations:
            self._present(entity, row, name, shown)
        if links:
            shown |= self._links(entity, row, selection)
        for expansion in selection.expansions:
            reference = expansion.attribute
            target = self.store.get(expansion.target.name, row[reference.name])
            shown[reference.navigation] = (
                None if target is None else self.entity(expansion.target, target, expansion.selection)
            )
        return shown

    def _present(self, entity: EntityType, row: Row, name: str, shown: dict[str, Any]) -> None:
        if name == "Presentation":
            shown[name] = presentation(self.store, entity, row, "")
        else:
            shown[f"{name}____Presentation"] = presentation(self.store, entity, row, name)

    def _links(self, entity: EntityType, row: Row, selection: Selection) -> dict[str, str]:
        """Links of the references that lead somewhere."""
        address = entity_address(entity, row)
        return {
            f"{name}@navigationLinkUrl": f"{address}/{name}"
            for name, attribute in entity.by_navigation.items()
            if selection.shows(attribute.name) and row[attribute.name] != ZERO_GUID and self.schema.target(attribute)
        }


def wire(edm: str, value: Any) -> Any:
    """A stored value as JSON shows it: Int64 is text (measured live)."""
    return str(value) if edm == "Edm.Int64" else value


def entity_address(entity: EntityType, row: Mapping[str, Any]) -> str:
    """`Catalog_X(guid'…')`, or with names where the key has several parts; raw letters, not percent-encoded."""
    if entity.key == ("Ref_Key",):
        return f"{entity.name}(guid'{row['Ref_Key']}')"
    parts = []
    for name in entity.key:
        attribute = entity.by_name.get(name)
        parts.append(f"{name}={_key_literal(attribute.edm if attribute else 'Edm.String', row[name])}")
    return f"{entity.name}({','.join(parts)})"


def _key_literal(edm: str, value: Any) -> str:
    match edm:
        case "Edm.Guid":
            return f"guid'{value}'"
        case "Edm.DateTime":
            return f"datetime'{value}'"
        case "Edm.String":
            doubled = str(value).replace("'", "''")
            return f"'{doubled}'"
    return str(value).lower()


def dump(body: Mapping[str, Any]) -> bytes:
    """JSON in UTF-8, letters unescaped."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
