"""Typed parts of a compiled `$filter`: properties, comparisons, connectives, calculations."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, DivisionByZero, InvalidOperation
from typing import Any
from typing import Literal as Kindly

from adapter.simulators.onec import errors, filter_functions
from adapter.simulators.onec.model import Attribute
from adapter.simulators.onec.schema import NAMESPACE, UNDEFINED
from adapter.simulators.onec.store import fold
from adapter.simulators.onec.values import Row

Kind = Kindly["string", "unlimited", "number", "boolean", "datetime", "guid", "composite", "binary"]
Scope = Mapping[str, Row | None]
"""Rows by lambda variable; the row that is filtered has the name ``."""

PRIMITIVES: Mapping[str, Kind] = {
    "String": "string",
    "Number": "number",
    "Boolean": "boolean",
    "Date": "datetime",
}
COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "gt": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
}
ARITHMETIC: Mapping[str, Callable[[Decimal, Decimal], Decimal]] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "div": operator.truediv,
}
EDM_KINDS: Mapping[str, Kind] = {
    "Edm.Guid": "guid",
    "Edm.DateTime": "datetime",
    "Edm.Boolean": "boolean",
    "Edm.Double": "number",
    "Edm.Int16": "number",
    "Edm.Int32": "number",
    "Edm.Int64": "number",
    "Edm.Binary": "binary",
}
TYPE_NAMES: Mapping[Kind, str] = {
    "string": "Edm.String",
    "number": "Edm.Double",
    "boolean": "Edm.Boolean",
    "datetime": "Edm.DateTime",
}


@dataclass(frozen=True, slots=True)
class Term:
    """A compiled expression. Values: str, Decimal, bool; of a composite the pair of `X_Type` and text."""

    kind: Kind
    value: Callable[[Scope], Any]
    target: str = ""
    """Of a guid: the set it refers to."""


def get(row: Row | None, name: str) -> Any:
    """A value of a row that may be missing."""
    return None if row is None else row.get(name)


def property_term(attribute: Attribute, find: Callable[[Scope], Row | None]) -> Term:
    """A property of the row that `find` gives."""
    name = attribute.name
    if attribute.is_composite:
        type_name = attribute.type_property

        def pair(scope: Scope) -> tuple[str, str] | None:
            row = find(scope)
            return None if row is None else (row[type_name], row[name])

        return Term("composite", pair)
    if attribute.edm == "Edm.String":
        kind: Kind = "unlimited" if attribute.is_unlimited else "string"
        return Term(kind, lambda scope: get(find(scope), name))
    kind = EDM_KINDS[attribute.edm]
    if kind == "number":
        return Term(
            kind,
            lift(lambda value: Decimal(str(value)), [Term(kind, lambda scope: get(find(scope), name))]),
        )
    return Term(kind, lambda scope: get(find(scope), name), attribute.target)


def lift(function: Callable[..., Any], terms: list[Term]) -> Callable[[Scope], Any]:
    """A function over scopes that is None as soon as one argument is."""
    values = [term.value for term in terms]
    if len(values) == 1:
        (only,) = values
        return lambda scope: None if (value := only(scope)) is None else function(value)

    def call(scope: Scope) -> Any:
        found = [value(scope) for value in values]
        return None if None in found else function(*found)

    return call


def applied(kind: Kind, function: Callable[..., Any], terms: list[Term]) -> Term:
    """A function of terms."""
    return Term(kind, lift(function, terms))


def invert(value: bool | None) -> bool | None:
    """`not`, which leaves the unknown unknown."""
    return None if value is None else not value


def negate(term: Term) -> Term:
    """Unary minus."""
    return Term("number", lift(operator.neg, [term]))


def connect(word: str, left: Term, right: Term) -> Term:
    """`and` and `or` with three values."""
    decisive = word == "or"

    def value(scope: Scope) -> bool | None:
        one: bool | None = left.value(scope)
        if one is decisive:
            return decisive
        other: bool | None = right.value(scope)
        if other is decisive:
            return decisive
        return None if one is None or other is None else not decisive

    return Term("boolean", value)


def calculate(word: str, left: Term, right: Term) -> Term:
    """`add`, `sub`, `mul`, `div`; a division by zero has no value."""
    function = ARITHMETIC[word]

    def value(one: Decimal, other: Decimal) -> Decimal | None:
        try:
            return function(one, other)
        except (DivisionByZero, InvalidOperation):
            return None

    return Term("number", lift(value, [left, right]))


def compare(word: str, left: Term, right: Term) -> Term:
    """A comparison, or the refusal that 1C gives: unlimited strings, guids by order, composites with guids."""
    kinds = {left.kind, right.kind}
    if kinds & {"unlimited", "binary"}:
        raise errors.cannot_compare()
    function = COMPARISONS[word]
    if "composite" in kinds:
        if word not in {"eq", "ne"}:
            raise errors.cannot_compare()
        pairs = [_as_pair(left, right), _as_pair(right, left)]
        return Term("boolean", lift(function, pairs))
    if len(kinds) > 1 or ("guid" in kinds and word not in {"eq", "ne"}):
        raise errors.cannot_compare()
    if kinds == {"string"}:
        return Term("boolean", lift(lambda one, other: function(fold(one), fold(other)), [left, right]))
    return Term("boolean", lift(function, [left, right]))


def _as_pair(term: Term, other: Term) -> Term:
    """A side of a comparison with a composite as pair of type and folded text.

    A guid without a known type cannot stand there: 500 was measured live for `Owner eq guid'…'`.
    """
    if term.kind == "composite":
        return Term("composite", lift(lambda value: (value[0], fold(value[1])), [term]))
    if term.kind == "guid":
        if not term.target:
            raise errors.cannot_compare()
        return Term("composite", lift(lambda value: (f"{NAMESPACE}.{term.target}", value), [term]))
    name = TYPE_NAMES[term.kind]
    return Term("composite", lift(lambda value: (name, fold(_primitive_text(value))), [term]))


def _primitive_text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def is_of(term: Term, value: Any, name: str) -> bool:
    """Whether a value has a type."""
    if term.kind == "composite":
        wanted = TYPE_NAMES[PRIMITIVES[name]] if name in PRIMITIVES else f"{NAMESPACE}.{name}"
        return bool(value[0] == wanted)
    if name in PRIMITIVES:
        return term.kind == PRIMITIVES[name] or (name == "String" and term.kind == "unlimited")
    return term.kind == "guid" and term.target == name


def cast_primitive(term: Term, value: Any, name: str) -> Any:
    """A value as a primitive type; None where it has another one."""
    if term.kind != "composite":
        return filter_functions.convert(value, name)
    kept, text = value
    if kept == UNDEFINED or kept != TYPE_NAMES[PRIMITIVES[name]]:
        return None
    match name:
        case "Number":
            return Decimal(text)
        case "Boolean":
            return text == "true"
    return text
