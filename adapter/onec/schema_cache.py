"""A schema as text that is read back in milliseconds, and what differs between two of them.

One line of JSON each: a head, the enumerations, the names of the entity sets, then every entity set. A set is decoded
when it is asked for: a mapping touches a dozen of the thousands that a big infobase publishes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from adapter.model.schema import EntitySet, Property, Schema

FORMAT: Final = 1
"""Grows with every change of this form; what was kept in another form is read from the infobase again."""

_HEAD_LINES: Final = 3


@dataclass(frozen=True, slots=True)
class Kept:
    """A schema that was kept.

    Attributes:
        digest: of the XML that it was made of, as `digest_of` makes it.
    """

    digest: str
    schema: Schema


@dataclass(frozen=True, slots=True)
class Changes:
    """How many entity sets differ between two schemas."""

    added: int = 0
    removed: int = 0
    changed: int = 0

    def __str__(self) -> str:
        return f"{self.added} entity sets added, {self.removed} removed, {self.changed} changed"


def digest_of(xml: bytes) -> str:
    """What tells one `$metadata` from another: SHA-256, hexadecimal."""
    return hashlib.sha256(xml).hexdigest()


def encode_schema(schema: Schema, digest: str) -> str:
    """The schema as text; equal schemas give equal texts."""
    sets = schema.entity_sets
    lines: list[object] = [
        {"format": FORMAT, "digest": digest, "sets": len(sets)},
        {name: list(members) for name, members in schema.enumerations.items()},
        list(sets),
        *(_packed_set(entity_set) for entity_set in sets.values()),
    ]
    return "\n".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")) for line in lines)


def decode_schema(text: str) -> Kept | None:
    """The schema of a text that `encode_schema` made; None if it has another form or is not whole."""
    lines = text.split("\n")
    try:
        head, enumerations, names = (json.loads(line) for line in lines[:_HEAD_LINES])
        if head["format"] != FORMAT or not head["sets"] == len(names) == len(lines) - _HEAD_LINES:
            return None
        members = {name: tuple(each) for name, each in enumerations.items()}
        return Kept(str(head["digest"]), Schema(_LazySets(names, lines[_HEAD_LINES:]), members))
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def compare(before: Schema, after: Schema) -> Changes:
    """What differs; compared as texts, so that sets which were kept need not be decoded."""
    old, new = _packed(before.entity_sets), _packed(after.entity_sets)
    return Changes(
        added=len(new.keys() - old.keys()),
        removed=len(old.keys() - new.keys()),
        changed=sum(old[name] != new[name] for name in old.keys() & new.keys()),
    )


class _LazySets(Mapping[str, EntitySet]):
    """Entity sets, each decoded when it is asked for the first time."""

    def __init__(self, names: Sequence[str], lines: Sequence[str]) -> None:
        self.packed = dict(zip(names, lines, strict=True))
        self._decoded: dict[str, EntitySet] = {}

    def __getitem__(self, name: str) -> EntitySet:
        found = self._decoded.get(name)
        if found is None:
            found = self._decoded[name] = _unpacked_set(name, json.loads(self.packed[name]))
        return found

    def __contains__(self, name: object) -> bool:
        return name in self.packed

    def __iter__(self) -> Iterator[str]:
        return iter(self.packed)

    def __len__(self) -> int:
        return len(self.packed)


def _packed(sets: Mapping[str, EntitySet]) -> Mapping[str, str]:
    if isinstance(sets, _LazySets):
        return sets.packed
    return {
        name: json.dumps(_packed_set(entity_set), ensure_ascii=False, separators=(",", ":"))
        for name, entity_set in sets.items()
    }


def _packed_set(entity_set: EntitySet) -> list[object]:
    return [
        list(entity_set.key),
        _packed_properties(entity_set.properties),
        {section: _packed_properties(columns) for section, columns in entity_set.sections.items()},
        sorted(entity_set.functions),
    ]


def _unpacked_set(name: str, packed: Any) -> EntitySet:
    key, properties, sections, functions = packed
    return EntitySet(
        name,
        tuple(key),
        _unpacked_properties(properties),
        {section: _unpacked_properties(columns) for section, columns in sections.items()},
        frozenset(functions),
    )


def _packed_properties(properties: Mapping[str, Property]) -> dict[str, object]:
    """Name -> the type without `Edm.`; whatever else there is to tell makes it a pair of type and target."""
    return {
        name: each.type.removeprefix("Edm.")
        if each.target is None and each.type.startswith("Edm.")
        else [each.type, each.target]
        for name, each in properties.items()
    }


def _unpacked_properties(packed: Mapping[str, Any]) -> dict[str, Property]:
    return {
        name: Property(name, f"Edm.{each}") if isinstance(each, str) else Property(name, *each)
        for name, each in packed.items()
    }
