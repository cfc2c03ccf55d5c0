"""Values as the infobase keeps them, and how JSON becomes such a value.

Kept are: str for strings, lower-case guids and dates (`2024-05-01T10:00:00`, naive, so that text order is time
order), bool, int and float. A composite `X` is text beside its `X_Type`; a tabular section is a list of rows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from adapter.simulators.onec import errors
from adapter.simulators.onec.model import Attribute
from adapter.simulators.onec.schema import NAMESPACE, UNDEFINED, EntityType, reference_types

Row = dict[str, Any]

ZERO_GUID = "00000000-0000-0000-0000-000000000000"
EMPTY_DATE = "0001-01-01T00:00:00"
GUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z")
DATE = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-]\d\d:\d\d)?\Z")
UNSHOWN_TYPES = {"Edm.String", "Edm.Boolean", "Edm.Int32", "Edm.Double"}
"""Types that JSON values carry in themselves, so that no `X@odata.type` is written."""
INTEGERS = {"Edm.Int16", "Edm.Int32", "Edm.Int64"}

_EMPTY: Mapping[str, Any] = {
    "Edm.Guid": ZERO_GUID,
    "Edm.DateTime": EMPTY_DATE,
    "Edm.String": "",
    "Edm.Binary": "",
    "Edm.Boolean": False,
    "Edm.Double": 0,
    "Edm.Int16": 0,
    "Edm.Int32": 0,
    "Edm.Int64": 0,
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading a value depends on: the infobase's offset from UTC and its enumerations."""

    utc_offset: timedelta
    enumerations: Mapping[str, tuple[str, ...]]


def empty_value(edm: str) -> Any:
    """The empty value of a type."""
    return _EMPTY[edm]


def empty_row(entity: EntityType) -> Row:
    """An object with nothing filled in, tabular sections included."""
    row: Row = {}
    for attribute in entity.in_json_order:
        row[attribute.name] = _EMPTY[attribute.edm]
        if attribute.type_property:
            row[attribute.type_property] = UNDEFINED if attribute.is_composite else "application/octet-stream"
    for section in entity.sections:
        row[section.name] = []
    return row


def is_filled(attribute: Attribute, row: Mapping[str, Any]) -> bool:
    """Whether a mandatory attribute counts as filled; a Boolean always does, a folder's reference never matters."""
    value = row[attribute.name]
    if attribute.is_composite:
        return row[attribute.type_property] != UNDEFINED and value not in {"", ZERO_GUID}
    return isinstance(value, bool) or value != _EMPTY[attribute.edm]


def assign(row: Row, attribute: Attribute, body: Mapping[str, Any], reading: Reading) -> None:
    """Set one attribute from a request body that has it or its companion; the row changes in place.

    Too long strings are cut, and a text that is no number leaves the old value, both in silence (measured live).

    Raises:
        ODataError: 400 code 1 or 4, or 500 -1 where the live service does so.
    """
    name = attribute.name
    if attribute.is_composite:
        _assign_composite(row, attribute, body)
        return
    if attribute.type_property and attribute.type_property in body:
        row[attribute.type_property] = str(body[attribute.type_property])
    if name not in body:
        return
    value = body[name]
    if value is None:
        row[name] = _EMPTY[attribute.edm]
    elif attribute.edm == "Edm.String":
        row[name] = _string(attribute, value, reading)
    elif attribute.edm == "Edm.Guid":
        row[name] = read_guid(value)
    elif attribute.edm == "Edm.Boolean":
        row[name] = read_boolean(value)
    elif attribute.edm == "Edm.DateTime":
        row[name] = read_date(value, reading.utc_offset)
    elif attribute.edm == "Edm.Binary":
        row[name] = _text(value)
    else:
        number = read_number(attribute, value)
        if number is not None:
            row[name] = number


def _assign_composite(row: Row, attribute: Attribute, body: Mapping[str, Any]) -> None:
    """Set `X` with `X_Type`; a value sent while its type is Undefined is lost (inference: nothing names its type)."""
    name, type_name = attribute.name, attribute.type_property
    if type_name in body:
        given = str(body[type_name] or UNDEFINED)
        allowed = reference_types(attribute)
        if given != UNDEFINED and allowed is not None and given not in allowed:
            raise errors.bad_value(type_name, given)
        row[type_name] = given
        row[name] = ""
    if row[type_name] == UNDEFINED:
        row[name] = ""
    elif name in body:
        value = body[name]
        if value is None:
            row[name] = ""
        elif row[type_name].startswith((f"{NAMESPACE}.Catalog_", f"{NAMESPACE}.Document_")):
            row[name] = read_guid(value)
        else:
            row[name] = str(value).lower() if isinstance(value, bool) else _text(value)


def _text(value: Any) -> str:
    if isinstance(value, (list, dict)):
        raise errors.internal()
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)


def _string(attribute: Attribute, value: Any, reading: Reading) -> str:
    text = _text(value)
    if attribute.enumeration:
        members = reading.enumerations.get(attribute.enumeration)
        if text and members is not None and text not in members:
            raise errors.bad_value(attribute.name, text)
        return text
    if attribute.max_length == 0:
        return text
    text = text[: attribute.max_length]
    return text.ljust(attribute.max_length) if attribute.fixed_length and text else text.rstrip(" ")


def read_guid(value: Any) -> str:
    """A guid in lower case.

    Raises:
        ODataError: 400 code 1; the text is echoed.
    """
    if not isinstance(value, str) or not GUID.match(value):
        raise errors.bad_literal(str(value), "Edm.Guid")
    return value.lower()


def read_boolean(value: Any) -> bool:
    """A boolean, or one of the texts `true` and `false`.

    Raises:
        ODataError: 400 code 1.
    """
    if isinstance(value, bool):
        return value
    if value in {"true", "false"}:
        return bool(value == "true")
    raise errors.bad_literal(str(value), "Edm.Boolean")


def read_date(value: Any, utc_offset: timedelta) -> str:
    """A naive date in the infobase's time; a date with a zone is shifted (measured for `Z`), parts of a second go.

    Raises:
        ODataError: 400 code 1.
    """
    match = DATE.match(value) if isinstance(value, str) else None
    if match is None:
        raise errors.bad_literal(str(value), "Edm.DateTime")
    try:
        moment = datetime.fromisoformat(match[1] + (match[2] or "").replace("Z", "+00:00"))
        if moment.tzinfo is not None:
            moment = moment.astimezone(UTC).replace(tzinfo=None) + utc_offset
    except (ValueError, OverflowError):
        raise errors.bad_literal(str(value), "Edm.DateTime") from None
    return moment.isoformat()


def read_number(attribute: Attribute, value: Any) -> int | float | None:
    """A number rounded half up to the attribute's digits; None for a text that is no number.

    Rounding, and the refusal of numbers with too many digits, are inferences.

    Raises:
        ODataError: 400 code 4, more digits before the point than the attribute has.
    """
    if isinstance(value, (list, dict)):
        raise errors.internal()
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    if not number.is_finite():
        return None
    whole = attribute.edm in INTEGERS
    if whole or attribute.digits:
        places = 0 if whole else attribute.fraction_digits
        if abs(number) >= Decimal(10) ** ((attribute.digits or 19) - places):
            raise errors.bad_value(attribute.name, str(value))
        number = number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return as_number(number)


def as_number(number: Decimal) -> int | float:
    """An int where there is no fraction, as the wire shows `1` and `1.5`."""
    return int(number) if number == number.to_integral_value() else float(number)
