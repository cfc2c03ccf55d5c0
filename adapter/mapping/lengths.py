"""Texts against the lengths that a mapping knows: 1C cuts what is longer, and says nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from adapter.mapping.rules import Rules
from adapter.mapping.sources import From, Text, placeholders
from adapter.mapping.uses import Use, all_lookups, all_uses
from adapter.yamlfile import Location, Problem, YamlDocument

ORDER_ID_LENGTH: Final = 19
"""Letters of an order id of Amazon, such as 111-1234567-1234567."""


def check_lengths(rules: Rules, document: YamlDocument) -> Iterator[Problem]:
    """Constants, the fixed parts of templates and order ids that cannot fit."""
    for use in all_uses(rules):
        limit = rules.limits(use.entity_set, use.section).get(use.name)
        for location, what, length in _least(use) if limit is not None else ():
            if limit is not None and length > limit:
                message = f"{what} has {length} characters; {use.name} holds {limit} (see lengths), and 1C would cut it"
                yield document.problem(location, message)
    for location, lookup in all_lookups(rules):
        limits = rules.limits(lookup.lookup)
        for name, value in lookup.where.items():
            if name in limits and isinstance(value, str) and len(value) > limits[name]:
                message = f"{name} holds {limits[name]} characters (see lengths), so no element has this value"
                yield document.problem((*location, "where", name), message)


def _least(use: Use) -> Iterator[tuple[Location, str, int]]:
    """Where, what, and how many characters it has at least."""
    for location, value in use.constants:
        if isinstance(value, str):
            yield location, "this text", len(value)
    match use.source:
        case From(source="order.id", substring=None):
            yield (*use.location, "from"), "an order id", ORDER_ID_LENGTH
        case From(source="order.id", substring=(start, length)):
            yield (*use.location, "substring"), "this part of an order id", min(length, ORDER_ID_LENGTH - start)
        case Text(text=text):
            parts = placeholders(text)
            length = sum(len(literal) + ORDER_ID_LENGTH * (path == "order.id") for literal, path in parts)
            yield (*use.location, "text"), "this text, even with nothing in its other braces,", length
