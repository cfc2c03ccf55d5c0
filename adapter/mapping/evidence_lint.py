"""What is read of customers against what an infobase publishes: every place exists, and leads to customers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from adapter.mapping.edm import constant_misfit, wording
from adapter.mapping.enumerations import compared, members_of
from adapter.mapping.evidence import Elsewhere, KindSource
from adapter.mapping.inspection import Inspection, no_property
from adapter.mapping.uses import evidence_elsewhere
from adapter.model.schema import EntitySet, Property
from adapter.yamlfile import Location, Problem, did_you_mean


def check_evidence(inspection: Inspection) -> Iterator[Problem]:
    """Every value that is compared can be read where the mapping says."""
    yield from _kind(inspection)
    yield from _listed(inspection)
    for location, source in evidence_elsewhere(inspection.rules):
        place = _place(inspection, location, source)
        if isinstance(place, Problem):
            yield place
        elif place is not None:
            yield from _values(inspection, location, source, place)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where values stand: the set, perhaps a tabular section of it, and what there is to be read."""

    entity_set: str
    section: str | None
    columns: Mapping[str, Property]


def _kind(inspection: Inspection) -> Iterator[Problem]:
    """The property that tells persons from companies exists, and has these values."""
    kind, name = inspection.rules.customers.read.kind, inspection.rules.customers.entity_set
    entity_set = inspection.entity_set(name)
    if not isinstance(kind, KindSource) or entity_set is None:
        return
    here: Location = ("customers", "read", "kind")
    found = entity_set.properties.get(kind.value)
    if found is None:
        yield inspection.problem((*here, "value"), no_property(name, kind.value, entity_set.properties))
    elif found.type != "Edm.String":
        message = f"{name}.{kind.value} holds {wording(found.type)}; a text is needed"
        yield inspection.problem((*here, "value"), message)
    members = members_of(inspection, name, kind.value)
    for key, values in (("person", kind.person), ("company", kind.company)):
        for index, value in enumerate(values if members else ()):
            yield from compared(inspection, (*here, key, index), f"{name}.{kind.value}", value, members)


def _listed(inspection: Inspection) -> Iterator[Problem]:
    """Properties of the catalog that stand in a list exist and are texts; single ones are seen to elsewhere."""
    name = inspection.rules.customers.entity_set
    entity_set = inspection.entity_set(name)
    for location, source in inspection.rules.customers.read.places if entity_set else ():
        if entity_set and isinstance(source, str) and len(location) > 1:
            yield from _text(
                inspection, ("customers", "read", *location), source, _Place(name, None, entity_set.properties)
            )


def _place(inspection: Inspection, location: Location, source: Elsewhere) -> _Place | Problem | None:
    """Where the values stand; None where that is told already."""
    if source.register_ is not None:
        return _of_register(inspection, location, source, source.register_)
    if source.owned is not None:
        return _of_owned(inspection, location, source, source.owned)
    entity_set = inspection.entity_set(inspection.rules.customers.entity_set)
    if entity_set is None:
        return None
    if source.through is not None:
        target = _target(inspection, location, source.through, entity_set)
        if not isinstance(target, EntitySet):
            return target
        entity_set = target
    if source.section is None:
        return _Place(entity_set.name, None, entity_set.properties)
    columns = entity_set.sections.get(source.section)
    if columns is None:
        message = f'{entity_set.name} has no tabular section "{source.section}"'
        meant = did_you_mean(source.section, entity_set.sections)
        return inspection.problem((*location, "section"), message + meant)
    return _Place(entity_set.name, source.section, columns)


def _target(inspection: Inspection, location: Location, name: str, entity_set: EntitySet) -> EntitySet | Problem:
    here = (*location, "through")
    found = entity_set.properties.get(name)
    if found is None or found.type != "Edm.Guid":
        references = [each for each, prop in entity_set.properties.items() if prop.type == "Edm.Guid"]
        message = f'{entity_set.name} has no reference "{name}"{did_you_mean(name, references)}'
        return inspection.problem(here, message)
    target = inspection.entity_set(found.target) if found.target else None
    if target is None:
        message = f"{entity_set.name}.{name} leads to what the infobase does not publish; tick it in 1C for OData"
        return inspection.problem(here, message)
    return target


def _of_owned(inspection: Inspection, location: Location, source: Elsewhere, name: str) -> _Place | Problem:
    entity_set = inspection.schema.entity_sets.get(name)
    if entity_set is None or entity_set.key != ("Ref_Key",):
        meant = did_you_mean(name, inspection.schema.entity_sets) or "; is it ticked in 1C for the OData interface?"
        return inspection.problem((*location, "owned"), f"the infobase publishes no catalog {name}{meant}")
    customers = inspection.rules.customers.entity_set
    owner = entity_set.properties.get(source.by or "Owner_Key")
    if source.by is None and "Owner" in entity_set.properties:
        return _Place(name, None, entity_set.properties)  # a pair with Owner_Type: seen when it is read
    if owner is None or owner.type != "Edm.Guid":
        key = "by" if source.by else "owned"
        message = f'{name} has no reference "{source.by}"' if source.by else f"elements of {name} have no owner"
        return inspection.problem((*location, key), message)
    if owner.target is not None and owner.target != customers:
        return inspection.problem(
            (*location, "owned"), f"elements of {name} belong to {owner.target}, not to {customers}"
        )
    return _Place(name, None, entity_set.properties)


def _of_register(inspection: Inspection, location: Location, source: Elsewhere, name: str) -> _Place | Problem:
    register = inspection.register((*location, "register"), name)
    if isinstance(register, Problem):
        return register
    here, column, customers = (*location, "customer"), source.customer or "", inspection.rules.customers.entity_set
    found = register.properties.get(column)
    if found is None:
        return inspection.problem(here, no_property(name, column, register.properties))
    if found.target is not None and found.target != customers:
        return inspection.problem(here, f"{name}.{column} refers to {found.target}, not to {customers}")
    if found.type != "Edm.Guid" and f"{column}_Type" not in register.properties:
        message = f"{name}.{column} holds {wording(found.type)}; a reference to the customer is needed"
        return inspection.problem(here, message)
    return _Place(name, None, register.properties)


def _values(inspection: Inspection, location: Location, source: Elsewhere, place: _Place) -> Iterator[Problem]:
    yield from _text(inspection, (*location, "value"), source.value, place)
    whole = place.entity_set if place.section is None else f"{place.entity_set}.{place.section}"
    for name, value in source.where.items():
        here = (*location, "where", name)
        wanted = place.columns.get(name)
        if wanted is None:
            message = no_property(place.entity_set, name, place.columns, place.section)
            yield inspection.problem(here, message, of_key=True)
        elif reason := constant_misfit(wanted.type, value):
            yield inspection.problem(here, f"{whole}.{name} holds {wording(wanted.type)} ({wanted.type}): {reason}")
        elif members := members_of(inspection, place.entity_set, name, place.section):
            yield from compared(inspection, here, f"{whole}.{name}", value, members)


def _text(inspection: Inspection, location: Location, name: str, place: _Place) -> Iterator[Problem]:
    found = place.columns.get(name)
    if found is None:
        yield inspection.problem(location, no_property(place.entity_set, name, place.columns, place.section))
    elif found.type != "Edm.String":
        yield inspection.problem(location, f"{place.entity_set}.{name} holds {wording(found.type)}; a text is needed")
