"""Objects of the infobase as we want them: a document or a catalog element, ready to be sent.

Property values are what JSON can say and 1C expects: text, `Decimal`, `bool`, `int`. Dates are texts
`2026-05-01T10:00:00` in the infobase's wall clock, references are texts of a guid.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

Scalar = str | Decimal | int | bool
Row = Mapping[str, Scalar]


@dataclass(frozen=True, slots=True)
class Document:
    """A document with its tabular sections. `LineNumber` is part of each row, from 1.

    Attributes:
        entity_set: such as `Document_SalesOrder`.
        ref_key: chosen by us, so that a repeated creation collides instead of doubling.
        posted: whether the document shall be posted once it is written.
    """

    entity_set: str
    ref_key: UUID
    properties: Mapping[str, Scalar]
    sections: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)
    posted: bool = True


@dataclass(frozen=True, slots=True)
class NewElement:
    """A catalog element that is to be created.

    Attributes:
        natural_key: what it is known by on our side (a normalised name, a SKU): one creator for each.
        name_property: the property by which the infobase is asked once more before creating; its value is the name.
        namesakes: elements of this name that are known and meant for somebody else; None: a name is enough, and
            whatever has it is what is meant.
        told: fingerprint of what the order tells of a customer that no name alone makes known.
    """

    entity_set: str
    ref_key: UUID
    natural_key: str
    name_property: str
    properties: Mapping[str, Scalar]
    sections: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)
    namesakes: frozenset[UUID] | None = None
    told: str = ""

    @property
    def name(self) -> str:
        """What a person calls it."""
        return str(self.properties.get(self.name_property, self.natural_key))


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document as the infobase has it. Values are as JSON brought them, `Int64` being texts.

    Attributes:
        data_version: opaque; changes with every write by anybody.
    """

    entity_set: str
    ref_key: UUID
    data_version: str
    posted: bool
    marked: bool
    properties: Mapping[str, object]
    sections: Mapping[str, tuple[Mapping[str, object], ...]] = field(default_factory=dict)
