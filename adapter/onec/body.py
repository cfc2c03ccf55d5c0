"""JSON bodies: numbers without binary noise, and nothing in them that the entity set does not know."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from adapter.errors import ConfigurationError
from adapter.model.document import Row, Scalar
from adapter.model.schema import EntitySet, Property
from adapter.onec.errors import Unsendable
from adapter.onec.metadata import unknown_name
from adapter.onec.text import checked, number

_INTEGERS = frozenset({"Edm.Int16", "Edm.Int32", "Edm.Int64"})
# Written by steps of their own; in a body they would post or mark behind the plan's back.
_NOT_OURS = frozenset({"Ref_Key", "Posted", "DeletionMark"})


def encode(body: Mapping[str, object]) -> bytes:
    """JSON in UTF-8.

    Raises:
        Unsendable: a value of another type than text, number, truth value, list or mapping; a text with control
            characters other than line ends; a number of more than 15 significant digits.
    """
    return "".join(_pieces(body)).encode()


def decode(text: bytes) -> Any:
    """JSON as 1C sends it, with or without a byte order mark; numbers with a fraction become `Decimal`.

    Raises:
        ValueError: it is not JSON, not UTF-8, or nested too deeply.
    """
    try:
        return json.loads(text.decode("utf-8-sig"), parse_float=Decimal, parse_constant=_no_number)
    except (RecursionError, ArithmeticError) as problem:
        raise ValueError("JSON that no program can read") from problem


def properties_of(entity_set: EntitySet, properties: Mapping[str, Scalar]) -> dict[str, Scalar]:
    """Properties as they go into a body.

    1C ignores an unknown property without a word, so a misspelt or renamed one would be lost.
    Source: 1C:Enterprise developer guide 17.4.13.1.2; measured on a live УТ 11.

    Raises:
        ConfigurationError: the entity set has no such property, or it is written by a step of its own.
        Unsendable: a fraction for a whole number.
    """
    problems = [f"{entity_set.name}: {key} is not the mapping's to set" for key in properties if key in _NOT_OURS]
    problems += [unknown_name(entity_set, key) for key in properties if key not in entity_set.properties]
    if problems:
        raise ConfigurationError(problems)
    return {key: _fit(entity_set.properties[key], value) for key, value in properties.items()}


def section_of(entity_set: EntitySet, section: str, rows: Sequence[Row]) -> list[dict[str, Scalar]]:
    """Rows of a tabular section as they go into a body: `LineNumber` from 1 without gaps.

    Without `LineNumber` 1C stores nothing (500, code -1). Source: measured on a live УТ 11.

    Raises:
        ConfigurationError: there is no such section or column.
        Unsendable: line numbers in another order, or a fraction for a whole number.
    """
    columns = entity_set.sections.get(section)
    if columns is None:
        raise ConfigurationError(unknown_name(entity_set, section))
    unknown = dict.fromkeys(key for row in rows for key in row if key not in columns and key != "LineNumber")
    if unknown:
        raise ConfigurationError([unknown_name(entity_set, key, section) for key in unknown])
    result: list[dict[str, Scalar]] = []
    for line, row in enumerate(rows, start=1):
        if str(row.get("LineNumber", line)) != str(line):
            raise Unsendable(f"{section}: row {line} carries LineNumber {row['LineNumber']}")
        values = {key: _fit(columns[key], value) for key, value in row.items() if key != "LineNumber"}
        result.append({"LineNumber": line, **values})
    return result


def _fit(of: Property, value: Scalar) -> Scalar:
    """A whole `Decimal` as an integer where the property is one: 1C drops a text such as 3.00 there silently."""
    if of.type not in _INTEGERS or not isinstance(value, Decimal):
        return value
    if not value.is_finite() or value != value.to_integral_value():
        raise Unsendable(f"{of.name} takes whole numbers only, not {value}")
    return int(value)


def _pieces(value: object) -> Iterator[str]:
    match value:
        case bool():
            yield "true" if value else "false"
        case str():
            yield json.dumps(checked(value, line_ends=True), ensure_ascii=False)
        case int() | Decimal():
            yield number(value)
        case UUID():
            yield f'"{value}"'
        case Mapping():
            for index, (key, inner) in enumerate(value.items()):
                yield ("," if index else "{") + json.dumps(checked(key), ensure_ascii=False) + ":"
                yield from _pieces(inner)
            yield "}" if value else "{}"
        case list() | tuple():
            yield "["
            for index, inner in enumerate(value):
                if index:
                    yield ","
                yield from _pieces(inner)
            yield "]"
        case _:
            raise Unsendable(f"{type(value).__name__} cannot be sent to 1C")


def _no_number(word: str) -> object:
    raise ValueError(f"{word} is no number in JSON")
