"""What an infobase's `$metadata` says, as far as we use it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Property:
    """One property. `type` is the Edm type, such as `Edm.Double`.

    Attributes:
        target: for a reference `X_Key`, the entity set it points into; None where `$metadata` does not tell.
    """

    name: str
    type: str
    target: str | None = None


@dataclass(frozen=True, slots=True)
class EntitySet:
    """A catalog, document or register that is published.

    Attributes:
        key: names of the key properties.
        sections: tabular sections by name, each with its columns by name.
        functions: bound functions such as `Post`.
    """

    name: str
    key: tuple[str, ...]
    properties: Mapping[str, Property]
    sections: Mapping[str, Mapping[str, Property]] = field(default_factory=dict)
    functions: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Schema:
    """All published entity sets by name, and the members of the enumerations by enumeration name."""

    entity_sets: Mapping[str, EntitySet]
    enumerations: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
