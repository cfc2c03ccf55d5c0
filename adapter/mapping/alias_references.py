"""What aliases and barcodes say of a product besides, against what an infobase publishes."""

from __future__ import annotations

from collections.abc import Iterator

from adapter.mapping.catalogs import AliasReference, BarcodeRegister
from adapter.mapping.inspection import Inspection, no_property
from adapter.model.schema import EntitySet
from adapter.yamlfile import Location, Problem, did_you_mean


def check_alias_references(inspection: Inspection) -> Iterator[Problem]:
    """The columns of the table refer to catalogs that have what they are found by, the same as elsewhere."""
    for name, wanted in inspection.rules.products.alias_references.named.items():
        here: Location = ("products", "alias_references", name)
        entity_set = inspection.entity_set(wanted.lookup)
        if entity_set is None:
            meant = did_you_mean(wanted.lookup, inspection.schema.entity_sets)
            ticked = meant or "; is it ticked in 1C for the OData interface?"
            yield inspection.problem((*here, "lookup"), f"the infobase publishes no catalog {wanted.lookup}{ticked}")
            continue
        if wanted.by not in entity_set.properties:
            yield inspection.problem((*here, "by"), no_property(wanted.lookup, wanted.by, entity_set.properties))
        if wanted.owner and owner_of(entity_set) is None:
            yield inspection.problem((*here, "owner"), f"elements of {wanted.lookup} have no owner")
        yield from _owners(inspection, here, wanted)
        for other in sorted(set(_targets(inspection, name)) - {wanted.lookup}):
            message = f"products.read and rows take product.{name} from {other}, but this is one of {wanted.lookup}"
            yield inspection.problem((*here, "lookup"), message)


def _owners(inspection: Inspection, here: Location, wanted: AliasReference) -> Iterator[Problem]:
    """What is read of the product and may be an owner is read."""
    read = inspection.rules.products.read
    names = ["product", *(f"product.{name}" for name in (*read.named, *read.owned))]
    for index, path in enumerate(wanted.owner):
        if path not in names:
            message = f'products.read reads no "{path.removeprefix("product.")}"{did_you_mean(path, names)}'
            yield inspection.problem((*here, "owner", index), message)


def owner_of(entity_set: EntitySet) -> str | None:
    """The property that refers to the owner of an element: `Owner` where owners are of several types."""
    return next((name for name in ("Owner_Key", "Owner") if name in entity_set.properties), None)


def given_targets(inspection: Inspection, name: str) -> Iterator[tuple[Location, str]]:
    """Into which catalog the characteristic or unit of an alias or barcode leads, and where the file says so."""
    products = inspection.rules.products
    if (wanted := products.alias_references.named.get(name)) is not None:
        yield ("products", "alias_references", name, "lookup"), wanted.lookup
    barcodes = products.read.barcode
    if name == "characteristic" and isinstance(barcodes, BarcodeRegister) and barcodes.characteristic:
        register = inspection.schema.entity_sets.get(barcodes.entity_set)
        found = register.properties.get(barcodes.characteristic) if register is not None else None
        if found is not None and found.target is not None:
            yield ("products", "read", "barcode", "characteristic"), found.target


def _targets(inspection: Inspection, name: str) -> Iterator[str]:
    """Into which catalogs product.unit and the like lead otherwise."""
    rules = inspection.rules
    catalog = inspection.entity_set(rules.products.entity_set)
    found = catalog.properties.get(rules.products.read.named.get(name, "")) if catalog is not None else None
    if found is not None and found.target is not None:
        yield found.target
    yield from (target for location, target in given_targets(inspection, name) if location[1] == "read")
