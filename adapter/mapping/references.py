"""References in a mapping against what an infobase publishes: they lead where the infobase expects them to lead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from adapter.mapping.alias_references import given_targets
from adapter.mapping.catalogs import BarcodeRegister
from adapter.mapping.edm import wording
from adapter.mapping.inspection import Inspection, no_property, no_reference, shown
from adapter.mapping.paths import further
from adapter.mapping.rules import ROW_KINDS, Rules
from adapter.mapping.sources import Const, From
from adapter.mapping.uses import Place, Use, all_uses, charge_products, owned_elements, pooled_customers
from adapter.model.schema import EntitySet, Schema
from adapter.yamlfile import Location, Problem, did_you_mean

NAMESPACE: Final = "StandardODATA."


def check_targets(inspection: Inspection) -> Iterator[Problem]:
    """A reference leads into the catalog that the property refers to."""
    for use in all_uses(inspection.rules):
        wanted = inspection.property(use)
        if wanted is None or wanted.target is None:
            continue
        for location, entity_set in _referred(inspection, use):
            if entity_set != wanted.target and inspection.entity_set(entity_set):
                message = f"{shown(use)} refers to {wanted.target}, but this is one of {entity_set}"
                yield inspection.problem(location, message)


def _referred(inspection: Inspection, use: Use) -> Iterator[tuple[Location, str]]:
    """Into which entity sets the references lead that a property may get, and where the file says so."""
    rules = inspection.rules
    for location, lookup in use.lookups:
        yield (*location, "lookup"), lookup.lookup
    if not isinstance(use.source, From):
        return
    if own := further(use.source.source):
        owner, name = own
        if use.place is Place.NEW_CUSTOMER and (companion := rules.customers.together.get(name)):
            yield (*use.location, "from"), companion.entity_set
            return
        if owned := rules.read(owner).owned.get(name):
            yield (*use.location, "from"), owned.owned
        if owner == "product":
            yield from given_targets(inspection, name)
        catalog = rules.customers.entity_set if owner == "customer" else rules.products.entity_set
        entity_set = inspection.entity_set(catalog)
        found = entity_set.properties.get(rules.read(owner).named.get(name, "")) if entity_set else None
        if found is not None and found.target is not None:
            yield (*use.location, "from"), found.target
    elif use.source.source == "customer":
        yield (*use.location, "from"), rules.customers.entity_set
    elif use.source.source == "product" and use.section is not None:
        kinds = _kinds(rules, use)
        if "goods" in kinds:
            yield (*use.location, "from"), rules.products.entity_set
        for location, lookup in charge_products(rules):
            if kinds & set(location):
                yield (*location, "lookup"), lookup.lookup


def _kinds(rules: Rules, use: Use) -> set[str | int]:
    """What may get a row in the tabular section of a column."""
    document = str(use.location[use.location.index("documents") + 1])
    rows = rules.documents[document].rows
    part = rows.get(str(use.section))
    if part is None:  # a section that only a variant has
        return set()
    elsewhere = {kind for other in rows.values() if other.each != "goods" for kind in other.each}
    taken: set[str | int] = {"goods", *ROW_KINDS} if part.each == "goods" else set(part.each)
    return taken - elsewhere if part.each == "goods" else taken


def check_pooled(inspection: Inspection) -> Iterator[Problem]:
    """A pooled customer is one of the customers."""
    wanted = inspection.rules.customers.entity_set
    for location, lookup in pooled_customers(inspection.rules):
        if lookup.lookup != wanted and inspection.entity_set(wanted):
            message = f"customers are in {wanted} (customers.entity_set), but this is one of {lookup.lookup}"
            yield inspection.problem((*location, "lookup"), message)


def check_pairs(inspection: Inspection) -> Iterator[Problem]:
    """A property that can hold several types comes with its `_Type`, and the type is the right one."""
    groups: dict[Location, dict[str, Use]] = {}
    for use in all_uses(inspection.rules):
        groups.setdefault(use.location[:-1], {})[use.name] = use
    for location, group in groups.items():
        base = groups.get(location[2:], {}) if location[0] == "variants" else {}
        for name, use in group.items():
            yield from _pair(inspection, use, name, {**base, **group})


def _pair(inspection: Inspection, use: Use, name: str, group: Mapping[str, Use]) -> Iterator[Problem]:
    properties = inspection.properties(use) or {}
    if name in properties and f"{name}_Type" in properties and f"{name}_Type" not in group:
        message = f'{shown(use)} can hold several types; write {name}_Type too, such as {{const: "{_a_type(use)}"}}'
        yield inspection.problem(use.location, message, of_key=True)
    whole = name.removesuffix("_Type")
    if name not in properties or whole == name or whole not in properties:
        return
    if whole not in group:
        yield inspection.problem(use.location, f"{name} is the type of {whole}; write {whole} too", of_key=True)
        return
    if not isinstance(use.source, Const):
        return
    here, given = (*use.location, "const"), str(use.source.const)
    expected = {NAMESPACE + entity_set for _, entity_set in _referred(inspection, group[whole])}
    if expected and given not in expected:
        yield inspection.problem(here, f"must be {' or '.join(sorted(expected))}, where {whole} leads")
    elif not _is_type(given, inspection.schema):
        known = [NAMESPACE + entity_set for entity_set in inspection.schema.entity_sets]
        message = f'"{given}" is no type of this infobase{did_you_mean(given, known)}'
        yield inspection.problem(here, message)


def _a_type(use: Use) -> str:
    lookups = use.lookups
    return NAMESPACE + (lookups[0][1].lookup if lookups else "Catalog_...")


def _is_type(name: str, schema: Schema) -> bool:
    if name.startswith("Edm.") or name == NAMESPACE + "Undefined":
        return True
    return name.startswith(NAMESPACE) and name.removeprefix(NAMESPACE).partition("(")[0] in {
        *schema.entity_sets,
        *schema.enumerations,
    }


def check_charge_products(inspection: Inspection) -> Iterator[Problem]:
    """What rows read of their product is there for the products of charges too: they are in the same catalog."""
    rules = inspection.rules
    wanted = rules.products.entity_set
    read = {path for use in all_uses(rules) for _, path in use.paths if path.startswith("product.")}
    for location, lookup in charge_products(rules) if read else ():
        if lookup.lookup != wanted and inspection.entity_set(lookup.lookup):
            message = f"{min(read)} is read from {wanted} (products.entity_set), but this is one of {lookup.lookup}"
            yield inspection.problem((*location, "lookup"), message)


def check_barcodes(inspection: Inspection) -> Iterator[Problem]:
    """The barcodes stand in a register with these columns, of which one refers to the products."""
    rules = inspection.rules
    barcodes = rules.products.read.barcode
    if not isinstance(barcodes, BarcodeRegister):
        return
    here: Location = ("products", "read", "barcode")
    register = inspection.register((*here, "register"), barcodes.entity_set)
    if isinstance(register, Problem):
        yield register
        return
    named: list[tuple[Location, str]] = [((*here, "barcode"), barcodes.barcode), ((*here, "product"), barcodes.product)]
    named += [((*here, "empty", index), name) for index, name in enumerate(barcodes.empty)]
    for location, name in named:
        if name not in register.properties:
            yield inspection.problem(location, no_property(register.name, name, register.properties))
    code, product = register.properties.get(barcodes.barcode), register.properties.get(barcodes.product)
    if barcodes.characteristic and barcodes.characteristic not in register.properties:
        message = no_property(register.name, barcodes.characteristic, register.properties)
        yield inspection.problem((*here, "characteristic"), message)
    if code is not None and code.type != "Edm.String":
        message = f"{register.name}.{code.name} holds {wording(code.type)}; a barcode is a text"
        yield inspection.problem((*here, "barcode"), message)
    if product is None:
        return
    if product.target is not None and product.target != rules.products.entity_set:
        message = f"{register.name}.{product.name} refers to {product.target}, not to {rules.products.entity_set}"
        yield inspection.problem((*here, "product"), message)
    elif product.type != "Edm.Guid" and f"{product.name}_Type" not in register.properties:
        message = f"{register.name}.{product.name} holds {wording(product.type)}; a reference to the product is needed"
        yield inspection.problem((*here, "product"), message)


def check_owners(inspection: Inspection) -> Iterator[Problem]:
    """What shall belong to customers or products belongs to their catalog."""
    for location, catalog, owned in owned_elements(inspection.rules):
        entity_set = inspection.entity_set(owned.owned)
        if entity_set and (problem := owner_problem(inspection, location, entity_set, owned.by, catalog)):
            yield problem


def owner_problem(
    inspection: Inspection, location: Location, entity_set: EntitySet, by: str | None, catalog: str
) -> Problem | None:
    """What is wrong with elements of a set that shall belong to those of a catalog.

    Args:
        location: of the section in which the file says `owned`, and perhaps `by`.
        by: the property that refers to the owner; None: 1C's own Owner.
    """
    name = entity_set.name
    owner = entity_set.properties.get(by or "Owner_Key")
    if by is None and "Owner" in entity_set.properties:  # a pair with Owner_Type: seen when it is read
        return None
    if by is not None and (owner is None or owner.type != "Edm.Guid"):
        return inspection.problem((*location, "by"), no_reference(entity_set, by))
    if owner is None:
        return inspection.problem((*location, "owned"), f"elements of {name} have no owner")
    if owner.target is not None and owner.target != catalog:
        message = f"elements of {name} belong to {owner.target}, not to {catalog}"
        return inspection.problem((*location, "owned" if by is None else "by"), message)
    return None
