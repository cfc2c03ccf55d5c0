"""Elements of the infobase's catalogs, as far as matching looks at them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID


class Kind(StrEnum):
    """Whether somebody is a person or a company, as far as that is known."""

    PERSON = "person"
    COMPANY = "company"
    UNKNOWN = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What besides a name tells who somebody is, as written by people; every value as it was found.

    Attributes:
        tax_ids: VAT numbers, ИНН, ЄДРПОУ and the like, with or without a country before them.
        postal_codes: of any address; `country` belongs to all of them.
        country: two letters, or as the infobase writes it.
    """

    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    tax_ids: tuple[str, ...] = ()
    postal_codes: tuple[str, ...] = ()
    city: str = ""
    country: str = ""

    def __bool__(self) -> bool:
        """Whether there is anything that can decide; city and country alone cannot."""
        return bool(self.emails or self.phones or self.tax_ids or self.postal_codes)


@dataclass(frozen=True, slots=True)
class Customer:
    """A buyer's counterpart in the infobase.

    Attributes:
        further: what the mapping reads besides, by its names; without what 1C leaves empty.
        full_name: the name for documents, where the infobase keeps one beside the name for lists.
    """

    ref_key: UUID
    name: str
    further: Mapping[str, str] = field(default_factory=dict, hash=False)
    full_name: str = ""
    kind: Kind = Kind.UNKNOWN
    evidence: Evidence = Evidence()


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
