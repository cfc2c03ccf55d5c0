"""The only place where OData literals, filters and addresses are made.

Source of the dialect: 1C:Enterprise developer guide 17.4.6; what differs from it was measured on live infobases.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from urllib.parse import quote
from uuid import UUID

from adapter.model.document import Scalar
from adapter.model.schema import Property
from adapter.onec.errors import Unsendable
from adapter.onec.text import checked, number

# IIS answers a longer query string than 2,048 with an HTML 404. Source: IIS default; measured on a live УТ 11.
# Proxies count the whole request line, so that is what is bounded.
LONGEST_LINE = 2_000
LONGEST_QUERY = LONGEST_LINE
Value = str | int | Decimal | bool | UUID | datetime
Option = str | int | bool | Sequence[str]

_SHORTEST_BEGINNING = 8
_NAME = re.compile(r"[^\W\d]\w*(/[^\W\d]\w*)*")
_OPTIONS = frozenset({"$select", "$filter", "$orderby", "$top", "$skip", "$inlinecount", "$format", "allowedOnly"})


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition whose names and literals have been checked; made by the functions below only.

    Attributes:
        text: the condition as OData writes it, not yet percent-encoded.
        equal: property and text of a comparison of texts, which may be asked for by their beginnings.
    """

    text: str
    equal: tuple[str, str] | None = None


def name(text: str) -> str:
    """The name of a set or property, or a path of names, if it is one: letters of any script, digits, underscores.

    Raises:
        Unsendable: it is something else.
    """
    if not _NAME.fullmatch(text):
        raise Unsendable(f"{text!r} is no name of an object or property in 1C")
    return text


def literal(value: Value) -> str:
    """The value as OData writes it, not yet percent-encoded.

    Dates are the infobase's wall clock and know no zone and no fractions of a second.

    Raises:
        Unsendable: the value has no exact literal: a control character, an aware date, more than 15 digits.
    """
    match value:
        case bool():
            return "true" if value else "false"
        case int() | Decimal():
            return number(value)
        case UUID():
            return f"guid'{value}'"
        case datetime():
            if value.tzinfo is not None or value.microsecond:
                raise Unsendable(f"{value.isoformat()} is not wall clock time in whole seconds")
            return f"datetime'{value.isoformat()}'"
        case str():
            doubled = checked(value).replace("'", "''")
            return f"'{doubled}'"
    raise Unsendable(f"{type(value).__name__} has no literal in OData")


def typed(of: Property, value: Scalar) -> Value:
    """The value in the type that a property has, since a guid or a date arrives as text from the mapping.

    Raises:
        Unsendable: the value is not of that type.
    """
    if not isinstance(value, str) or of.type == "Edm.String":
        return value
    try:
        match of.type:
            case "Edm.Guid":
                return UUID(value)
            case "Edm.DateTime":
                return datetime.fromisoformat(value)
            case "Edm.Int16" | "Edm.Int32" | "Edm.Int64":
                return int(value)
            case "Edm.Double":
                return Decimal(value)
    except (ValueError, ArithmeticError) as problem:
        raise Unsendable(f"{of.name} is {of.type}, and {value!r} is not") from problem
    return value


def equals(prop: str, value: Value) -> Filter:
    """`Name eq literal`. Not for strings of unlimited length: 1C refuses to compare them."""
    return Filter(f"{name(prop)} eq {literal(value)}", (prop, value) if isinstance(value, str) else None)


def le(prop: str, value: Value) -> Filter:
    """`Name le literal`."""
    return Filter(f"{name(prop)} le {literal(value)}")


def ge(prop: str, value: Value) -> Filter:
    """`Name ge literal`."""
    return Filter(f"{name(prop)} ge {literal(value)}")


def leads_to(prop: str, key: UUID, entity_set: str) -> Filter:
    """Whether a reference of several types is this element: 1C compares such only with a cast. Source: FACTS 5.2."""
    return Filter(f"{name(prop)} eq cast({literal(key)}, '{name(entity_set)}')")


def substring_of(part: str, prop: str) -> Filter:
    """Whether a string contains a part; works for strings of unlimited length, too."""
    return Filter(f"substringof({literal(part)},{name(prop)}) eq true")


def and_(*terms: Filter) -> Filter:
    """All of the conditions."""
    return _joined("and", terms)


def or_(*terms: Filter) -> Filter:
    """At least one of the conditions. 1C knows no `in`."""
    return _joined("or", terms)


def within(room: int, *terms: Filter) -> Filter:
    """As many of the conditions, all of which are to hold, as fit into so many bytes.

    What is left out is the caller's to compare: more than was meant may be found then, never less. Where not even one
    fits, a text is asked for by its beginning.

    Raises:
        Unsendable: nothing fits.
    """
    if len(_encoded(and_(*terms).text)) <= room:
        return and_(*terms)
    chosen: list[Filter] = []
    for term in sorted(terms, key=lambda term: len(_encoded(term.text))):
        if len(_encoded(and_(*chosen, term).text)) <= room:
            chosen.append(term)
    return and_(*chosen) if chosen else _beginning(room, next((term for term in terms if term.equal), terms[0]))


def _beginning(room: int, term: Filter) -> Filter:
    """That a text begins like the one that is meant, as far as there is room for it."""
    prop, text = term.equal or ("", "")
    for letters in range(len(text) - 1, _SHORTEST_BEGINNING - 1, -1):
        shorter = Filter(f"startswith({name(prop)},{literal(text[:letters])}) eq true")
        if len(_encoded(shorter.text)) <= room:
            return shorter
    raise Unsendable(f"the condition {term.text[:60]}... is too long for an address; shorten the names in it")


def _joined(operator: str, terms: Sequence[Filter]) -> Filter:
    if not terms:
        raise Unsendable(f"{operator} joins nothing")
    if len(terms) == 1:
        return terms[0]
    return Filter("(" + f" {operator} ".join(term.text for term in terms) + ")")


def path(entity_set: str) -> str:
    """The address of an entity set below the service root, percent-encoded."""
    return quote(name(entity_set))


def entity(entity_set: str, key: UUID) -> str:
    """The address of one object below the service root, percent-encoded."""
    return f"{path(entity_set)}(guid'{key}')"


def query_string(options: Mapping[str, Option], condition: Filter | None = None, room: int = LONGEST_QUERY) -> str:
    """Query options, percent-encoded in UTF-8, a space as `%20`: 1C answers `+` with 400.

    Args:
        options: by name; the value of `$select` and `$orderby` is a list of names, perhaps with " desc" behind.
        condition: becomes `$filter`.
        room: bytes that it may take, as `InfobaseClient.room` tells.

    Raises:
        Unsendable: an unknown option, a wrong name, or more bytes than there is room for.
    """
    parts = [f"{_option(key)}={_encoded(_option_text(key, value))}" for key, value in options.items()]
    if condition is not None:
        parts.append(f"$filter={_encoded(condition.text)}")
    text = "&".join(parts)
    if len(text) > room:
        raise Unsendable(f"the query takes {len(text)} bytes; web servers accept {room}: ask for less at once")
    return text


def room_beside(options: Mapping[str, Option], also: Sequence[Filter] = (), room: int = LONGEST_QUERY) -> int:
    """Bytes that are left for one more condition beside these options and all of `also`.

    Raises:
        Unsendable: the options alone are too long.
    """
    return room - len(query_string(options, and_(*also, Filter("()")), room))


def split_or(
    options: Mapping[str, Option], terms: Sequence[Filter], also: Sequence[Filter] = (), room: int = LONGEST_QUERY
) -> Iterator[str]:
    """Query strings that ask for any of the terms and all of `also`, each short enough for the room that there is.

    Raises:
        Unsendable: a single term is too long.
    """
    free = room_beside(options, also, room)
    group: list[Filter] = []
    used = 0
    for term in terms:
        size = len(_encoded(f"{term.text} or "))
        if group and used + size > free:
            yield query_string(options, and_(*also, or_(*group)), room)
            group, used = [], 0
        group.append(term)
        used += size
    if group:
        yield query_string(options, and_(*also, or_(*group)), room)


def _encoded(text: str) -> str:
    return quote(text, safe="")


def _option(key: str) -> str:
    if key not in _OPTIONS or key == "$filter":
        raise Unsendable(f"{key!r} is no query option; conditions are passed as a Filter")
    return key


def _option_text(key: str, value: Option) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case str():
            return checked(value)
        case _:
            return ",".join(_ordered(part) for part in value)


def _ordered(part: str) -> str:
    """A name, perhaps with the direction in which it orders."""
    plain = part.removesuffix(" desc")
    return name(plain) + part[len(plain) :]
