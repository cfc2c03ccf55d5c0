"""The body of a write put into a row: attributes, references, tabular sections."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from adapter.simulators.onec import errors
from adapter.simulators.onec.model import Attribute
from adapter.simulators.onec.routes import parse_path
from adapter.simulators.onec.schema import NAMESPACE, EntityType, Section
from adapter.simulators.onec.values import Reading, Row, assign, empty_row

Body = Mapping[str, Any]

BY_SERVER = frozenset({"Ref_Key", "DataVersion", "Predefined", "PredefinedDataName", "Posted"})
"""Properties that a body cannot set like any other."""
BIND = "@odata.bind"


def read_body(content_type: str, content: bytes) -> Body:
    """The object that a write sends. Atom bodies are not taken by this stand-in.

    Raises:
        ODataError: 415 code 3 for other types, 500 -1 for text that is no JSON or no object.
    """
    kind = content_type.partition(";")[0].strip().lower()
    if kind not in {"", "application/json", "text/json"}:
        raise errors.representation(kind, 415)
    try:
        body = json.loads(content.decode("utf-8-sig"), parse_constant=_no_constant)
    except ValueError:
        raise errors.broken_json() from None
    if not isinstance(body, dict):
        raise errors.internal()
    return body


def _no_constant(name: str) -> None:
    raise ValueError(name)


def apply_body(entity: EntityType, row: Row, body: Body, reading: Reading) -> None:
    """Change a row in place by what the body names. Unknown names and annotations are ignored (measured live).

    Raises:
        ODataError: a value that cannot be read, or rows without proper line numbers.
    """
    body = _with_bound(entity, body)
    done: set[str] = set()
    for name in body:
        attribute = entity.by_name.get(name) or entity.by_type_name.get(name)
        if attribute is None or attribute.name in done or name in BY_SERVER:
            continue
        done.add(attribute.name)
        assign(row, attribute, body, reading)
    for section in entity.sections:
        if section.name in body:
            row[section.name] = _rows(entity, section, row, body[section.name], reading)


def _with_bound(entity: EntityType, body: Body) -> Body:
    """The body with `X@odata.bind` turned into `X_Key`, or into `X` with `X_Type` for a composite."""
    bound = {name: value for name, value in body.items() if name.endswith(BIND)}
    if not bound:
        return body
    plain = {name: value for name, value in body.items() if name not in bound}
    for name, value in bound.items():
        owner = name.removesuffix(BIND)
        attribute = entity.by_navigation.get(owner) or entity.by_name.get(owner)
        if attribute is not None:
            plain |= _bound_value(attribute, owner, str(value))
    return plain


def _bound_value(attribute: Attribute, owner: str, value: str) -> Body:
    address = parse_path(value.rpartition("/")[2])
    token = (address.key or {}).get("")
    if token is None or token.kind != "guid" or (attribute.target and attribute.target != address.first):
        raise errors.bad_value(owner, value)
    if attribute.is_composite:
        return {attribute.name: token.value, attribute.type_property: f"{NAMESPACE}.{address.first}"}
    return {attribute.name: token.value}


def _rows(entity: EntityType, section: Section, owner: Row, sent: Any, reading: Reading) -> list[Row]:
    """The new rows of a section; the old ones are gone as a whole.

    A row without LineNumber is the service's internal error, numbers not running from 1 are 400 (measured live).
    """
    if sent is None:
        return []
    if not isinstance(sent, list):
        raise errors.internal()
    rows = []
    for expected, line in enumerate(sent, start=1):
        if not isinstance(line, dict) or line.get("LineNumber") is None:
            raise errors.internal()
        if str(line["LineNumber"]) != str(expected):
            raise errors.bad_value("LineNumber", str(line["LineNumber"]))
        row = empty_row(section.rows)
        if "Active" in row:
            row["Active"] = True
        apply_body(section.rows, row, line, reading)
        row["LineNumber"] = expected
        row |= {name: owner[name] for name in entity.key if name in row}
        rows.append(row)
    return rows


def check_record_key(entity: EntityType, body: Body) -> None:
    """A record of a register comes with its whole key.

    Raises:
        ODataError: 400 code 7.
    """
    for name in entity.key:
        if name not in body and f"{name.removesuffix('_Key')}{BIND}" not in body:
            raise errors.key_missing(name)


def check_complete(entity: EntityType, body: Body) -> None:
    """PUT wants every property that a client may set.

    Raises:
        ODataError: 400 code 5.
    """
    sent = {name.removesuffix(BIND) for name in body}
    for attribute in entity.attributes:
        if attribute.name not in BY_SERVER and not {attribute.name, attribute.navigation} & sent:
            raise errors.value_missing(attribute.name)
    for section in entity.sections:
        if section.name not in sent:
            raise errors.value_missing(section.name)
