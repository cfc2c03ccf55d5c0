"""Elements of the infobase's catalogs, as far as matching looks at them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Customer:
    """A buyer's counterpart in the infobase.

    Attributes:
        further: what the mapping reads besides, by its names; without what 1C leaves empty.
    """

    ref_key: UUID
    name: str
    further: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Product:
    """Something sold, with the article number under which the infobase knows it.

    Attributes:
        further: what the mapping reads besides, by its names; without what 1C leaves empty.
    """

    ref_key: UUID
    sku: str
    name: str = ""
    further: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Barcode:
    """A barcode as the infobase has it, and the product that it leads to.

    Attributes:
        whole: it stands for a piece of the product; otherwise for a package or a characteristic of it.
    """

    code: str
    product: UUID
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Element:
    """One catalog element as read: the properties that were asked for, by their names in the infobase."""

    ref_key: UUID
    properties: Mapping[str, object]
