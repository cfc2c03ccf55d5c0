"""What is read of customers against what an infobase publishes: every place exists, and leads to customers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from adapter.mapping.edm import constant_misfit, wording
from adapter.mapping.enumerations import compared, members_of
from adapter.mapping.evidence import Elsewhere, KindSource
from adapter.mapping.inspection import Inspection, no_property, no_reference
from adapter.mapping.references import owner_problem
from adapter.mapping.uses import evidence_elsewhere
from adapter.model.schema import EntitySet, Property
from adapter.yamlfile import Location, Problem, did_you_mean


def check_evidence(inspection: Inspection) -> Iterator[Problem]:
    """Every value that is compared can be read where the mapping says."""
    yield from _kind(inspection)
    yield from _properties(inspection)
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
    sections: Mapping[str, Mapping[str, Property]] = field(default_factory=dict)

    def shown(self, name: str) -> str:
        return ".".join(filter(None, (self.entity_set, self.section, name)))

    def absent(self, name: str) -> str:
        """What to say of a name that is not there, but perhaps in a tabular section."""
        if name in self.sections:
            return f"{name} is a tabular section of {self.entity_set}; write {{section: {name}, value: ...}}"
        holders = [section for section, columns in self.sections.items() if name in columns]
        if holders:
            return f"{name} is a column of {holders[0]}; write {{section: {holders[0]}, value: {name}}}"
        return no_property(self.entity_set, name, self.columns, self.section)


def _whole(entity_set: EntitySet) -> _Place:
    return _Place(entity_set.name, None, entity_set.properties, entity_set.sections)


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


def _properties(inspection: Inspection) -> Iterator[Problem]:
    """Properties of the catalog itself exist and are texts."""
    entity_set = inspection.entity_set(inspection.rules.customers.entity_set)
    for location, source in inspection.rules.customers.read.places if entity_set else ():
        if entity_set and isinstance(source, str):
            yield from _text(inspection, ("customers", "read", *location), source, _whole(entity_set))


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
        return _whole(entity_set)
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
        return inspection.problem(here, no_reference(entity_set, name))
    target = inspection.entity_set(found.target) if found.target else None
    if target is None:
        message = f"{entity_set.name}.{name} leads to what the infobase does not publish; tick it in 1C for OData"
        return inspection.problem(here, message)
    return target


def _of_owned(inspection: Inspection, location: Location, source: Elsewhere, name: str) -> _Place | Problem:
    here, known = (*location, "owned"), inspection.schema.entity_sets
    if name not in known:
        meant = did_you_mean(name, known) or "; is it ticked in 1C for the OData interface?"
        return inspection.problem(here, f"the infobase publishes no catalog {name}{meant}")
    entity_set = inspection.entity_set(name)
    if entity_set is None:
        message = f"{name} holds rows or records, not elements of a catalog; for records write register and customer"
        return inspection.problem(here, message)
    problem = owner_problem(inspection, location, entity_set, source.by, inspection.rules.customers.entity_set)
    return problem or _Place(name, None, entity_set.properties)


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
    return _whole(register)


def _values(inspection: Inspection, location: Location, source: Elsewhere, place: _Place) -> Iterator[Problem]:
    yield from _text(inspection, (*location, "value"), source.value, place)
    for name, value in source.where.items():
        here = (*location, "where", name)
        wanted = place.columns.get(name)
        if wanted is None:
            yield inspection.problem(here, place.absent(name), of_key=True)
        elif reason := constant_misfit(wanted.type, value):
            message = f"{place.shown(name)} holds {wording(wanted.type)} ({wanted.type}): {reason}"
            yield inspection.problem(here, message)
        elif members := members_of(inspection, place.entity_set, name, place.section):
            yield from compared(inspection, here, place.shown(name), value, members)


def _text(inspection: Inspection, location: Location, name: str, place: _Place) -> Iterator[Problem]:
    found = place.columns.get(name)
    if found is None:
        yield inspection.problem(location, place.absent(name))
    elif found.type != "Edm.String":
        yield inspection.problem(location, f"{place.shown(name)} holds {wording(found.type)}; a text is needed")
