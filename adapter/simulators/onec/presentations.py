"""Texts for people: `X____Presentation`. They travel on the wire but are not in `$metadata`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from adapter.simulators.onec.schema import NAMESPACE, EntityType
from adapter.simulators.onec.store import Store
from adapter.simulators.onec.values import EMPTY_DATE, ZERO_GUID, Row


def presentation(store: Store, entity: EntityType, row: Row, name: str) -> str:
    """The text of one property (or of its navigation); of the object itself where `name` is empty."""
    if not name:
        return _object_text(entity.name, row)
    attribute = entity.by_navigation.get(name) or entity.by_name[name]
    value = row[attribute.name]
    if attribute.is_composite:
        target = str(row[attribute.type_property]).removeprefix(f"{NAMESPACE}.")
        found = store.get(target, value)
        return str(value) if found is None else _object_text(target, found)
    if attribute.target:
        if value == ZERO_GUID:
            return ""
        found = store.get(attribute.target, value)
        return f"<Объект не найден> ({value})" if found is None else _object_text(attribute.target, found)
    return _value_text(attribute.edm, value)


def _object_text(set_name: str, row: Row) -> str:
    if "Number" in row:
        return f"{set_name.partition('_')[2]} {row['Number']} от {_value_text('Edm.DateTime', row['Date'])}"
    return str(row.get("Description", row.get("Code", "")))


def _value_text(edm: str, value: Any) -> str:
    if edm == "Edm.DateTime":
        return "" if value == EMPTY_DATE else datetime.fromisoformat(value).strftime("%d.%m.%Y %H:%M:%S")
    if isinstance(value, bool):
        return "Да" if value else "Нет"
    return str(value)
