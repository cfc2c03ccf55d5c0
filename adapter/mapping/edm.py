"""Which values a property of an Edm type takes, in words for a person."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from adapter.mapping.paths import Kind

_WORDS: Final = {
    "Edm.String": "a text",
    "Edm.Boolean": "true or false",
    "Edm.Guid": "a reference",
    "Edm.DateTime": "a date",
    "Edm.Double": "a number",
    "Edm.Decimal": "a number",
    "Edm.Int16": "a whole number",
    "Edm.Int32": "a whole number",
    "Edm.Int64": "a whole number",
}
_KINDS: Final = {
    "Edm.String": Kind.TEXT,
    "Edm.Boolean": Kind.FLAG,
    "Edm.Guid": Kind.REFERENCE,
    "Edm.DateTime": Kind.DATE,
}
_BITS: Final = {"Edm.Int16": 15, "Edm.Int32": 31, "Edm.Int64": 63}
_NUMBERS: Final = frozenset({"Edm.Double", "Edm.Decimal", *_BITS})
_GUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_DATE: Final = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3])(:[0-5][0-9]){2}")


def wording(edm: str) -> str:
    """What a property of this type holds: `a text`."""
    return _WORDS.get(edm, "what cannot be sent as a value")


def misfit(edm: str, kind: Kind, *, whole: bool) -> str:
    """Empty if values of this kind go into a property of this type; else what to add to "... is a number".

    Args:
        whole: a number that certainly has no fraction.
    """
    if edm in _BITS and kind is Kind.NUMBER and not whole:
        return " with a fraction; add round: 0"
    if edm == "Edm.String" and kind in {Kind.NUMBER, Kind.DATE}:
        return '; a text of it is written {text: "{...}"}'
    fits = kind is Kind.NUMBER if edm in _NUMBERS else _KINDS.get(edm) is kind
    return "" if fits else "; take another value"


def constant_misfit(edm: str, value: object) -> str:
    """Empty if this very value goes into a property of this type; else what to write instead."""
    problem = ""
    if edm == "Edm.String":
        problem = "" if isinstance(value, str) else "put the value in quotes"
    elif edm == "Edm.Boolean":
        problem = "" if isinstance(value, bool) else "write true or false"
    elif edm in _NUMBERS:
        problem = _number_misfit(edm, value)
    elif edm == "Edm.Guid":
        shaped = isinstance(value, str) and _GUID.fullmatch(value)
        problem = "" if shaped else "write a lookup, or a guid in quotes"
    elif edm == "Edm.DateTime":
        shaped = isinstance(value, str) and _DATE.fullmatch(value)
        problem = "" if shaped else 'write the date as "2026-05-01T00:00:00"'
    else:
        problem = "take the property out"
    return problem


def _number_misfit(edm: str, value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return "write a number without quotes"
    if edm not in _BITS:
        return ""
    if value != int(value):
        return "write a number without a fraction"
    return "" if -(1 << _BITS[edm]) <= value < 1 << _BITS[edm] else "the number is too large for it"
