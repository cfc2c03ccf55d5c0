"""Properties of what is to be written, evaluated from the mapping."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final
from uuid import UUID

from adapter.mapping.catalogs import Customers, Products
from adapter.model.document import Scalar
from adapter.planning.books import Books
from adapter.planning.values import Context, NoValue, ValueSource

NO_LIMITS: Final[Mapping[str, int]] = MappingProxyType({})


def properties(
    sources: Mapping[str, ValueSource],
    context: Context,
    reasons: list[str],
    limits: Mapping[str, int] = NO_LIMITS,
) -> dict[str, Scalar]:
    """The values of some properties; those for which there is none are left out.

    Args:
        reasons: is added to, for each property that must not be left out or does not fit; then nothing may be written.
        limits: the known lengths of texts; 1C would cut what is longer.
    """
    found: dict[str, Scalar] = {}
    for name, source in sources.items():
        try:
            value = context.value(source)
        except NoValue as problem:
            reasons.append(f"{name}: {problem}")
            continue
        if isinstance(value, str) and len(value) > limits.get(name, len(value)):
            reasons.append(
                f"{name}: the text has {len(value)} characters, the property holds {limits[name]}; cut it with "
                "substring in the mapping, or take a shorter one"
            )
            continue
        if value is not None:
            found[name] = value
    return found


def further_of(
    ref_key: UUID,
    known: Mapping[str, str] | None,
    rules: Customers | Products,
    books: Books,
    context: Context,
    reasons: list[str],
) -> Mapping[str, str]:
    """What the mapping reads of an element besides, by its names.

    What the copy of the catalog does not say yet of an element that we have created, the mapping says.

    Args:
        known: as the copy of the catalog says; None for an element that is not in it.
        reasons: is added to, as by `properties`.
    """
    known = known or {}
    missing = {prop for name, prop in rules.read.further.items() if name not in known}
    if not missing or ref_key not in books.created.values():
        return known
    sources = {prop: source for prop, source in rules.create.items() if prop in missing}
    return {**further_of_new(properties(sources, context, reasons), rules), **known}


def further_of_new(values: Mapping[str, Scalar], rules: Customers | Products) -> dict[str, str]:
    """The same of an element that is created by us, whose properties are these."""
    return {name: str(values[prop]) for name, prop in rules.read.named.items() if values.get(prop)}
