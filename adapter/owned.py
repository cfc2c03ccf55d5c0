"""Elements of other catalogs that belong to those of one, such as the contracts of customers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final

from adapter.model.catalog import Element
from adapter.model.document import Scalar
from adapter.model.schema import Schema
from adapter.onec.catalogs import Catalogs

EMPTY: Final = (None, "", "00000000-0000-0000-0000-000000000000")
"""What 1C sends for nothing."""


def owned_by(
    catalogs: Catalogs,
    schema: Schema,
    owners: str,
    owned: tuple[str, str | None],
    where: Mapping[str, Scalar],
    properties: Sequence[str] = (),
    keys: Sequence[str] | None = None,
) -> Iterator[tuple[str, Element]]:
    """`Ref_Key` of an owner, and an element that belongs to it and has the values of `where`.

    Args:
        owners: the entity set of the owners.
        owned: the entity set of what they own, and the property that refers to the owner; None: 1C's own Owner.
        keys: of the owners; by default all of them.

    Raises:
        ConfigurationError, Unavailable: as `Catalogs.elements`.
    """
    name, by = owned
    pair = by is None and "Owner" in schema.entity_sets[name].properties
    owner = by or ("Owner" if pair else "Owner_Key")
    wanted = list(dict.fromkeys([owner, *(["Owner_Type"] if pair else []), *where, *properties]))
    if keys is None:
        found: Iterator[Element] = catalogs.elements(name, wanted)
    else:
        found = iter(catalogs.referring(name, owner, keys, wanted, owners if pair else None))
    for element in found:
        known = element.properties
        if pair and known.get("Owner_Type") != f"StandardODATA.{owners}":
            continue
        if known.get(owner) not in EMPTY and all(equal(known.get(key), value) for key, value in where.items()):
            yield str(known[owner]), element


def equal(stored: object, wanted: Scalar) -> bool:
    """Whether what 1C stores is the value that a mapping names."""
    if isinstance(wanted, str | bool) or isinstance(stored, bool):
        return (stored.rstrip() if isinstance(stored, str) else stored) == wanted
    return stored is not None and Decimal(str(stored)) == wanted
