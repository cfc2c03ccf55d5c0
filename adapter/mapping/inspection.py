"""What every check of a mapping against an infobase looks at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from adapter.mapping.load import LoadedRules
from adapter.mapping.rules import Rules
from adapter.mapping.uses import Use
from adapter.model.schema import EntitySet, Property, Schema
from adapter.yamlfile import Location, Problem, did_you_mean


@dataclass(frozen=True, slots=True)
class Inspection:
    """What every check looks at."""

    loaded: LoadedRules
    schema: Schema

    @property
    def rules(self) -> Rules:
        return self.loaded.rules

    def problem(self, location: Location, message: str, *, of_key: bool = False) -> Problem:
        return self.loaded.document.problem(location, message, of_key=of_key)

    def entity_set(self, name: str) -> EntitySet | None:
        """The set, if it is published and holds objects: what does not is told once, not for each of its properties."""
        found = self.schema.entity_sets.get(name)
        return found if found is not None and found.key == ("Ref_Key",) else None

    def register(self, location: Location, name: str) -> EntitySet | Problem:
        """The set of records of this name, or what is wrong with it."""
        found = self.schema.entity_sets.get(name)
        if found is None:
            meant = did_you_mean(name, self.schema.entity_sets) or "; is it ticked in 1C for the OData interface?"
            return self.problem(location, f"the infobase publishes no {name}{meant}")
        if found.key == ("Ref_Key",):
            return self.problem(location, f"{name} holds documents or catalog elements, not records of a register")
        if f"{name}_RecordType" in self.schema.entity_sets:
            message = f"{name} holds sets of records that documents write; the records are in {name}_RecordType"
            return self.problem(location, message)
        return found

    def columns(self, part: str, name: str) -> Mapping[str, Property] | Problem:
        """Properties of a set that a part of the mapping has as a key, and its columns, written `Section.Column`."""
        entity_set = self.schema.entity_sets.get(name)
        if entity_set is None:
            message = f"the infobase publishes no {name}{did_you_mean(name, self.schema.entity_sets)}"
            return self.problem((part, name), message, of_key=True)
        known = dict(entity_set.properties)
        for section, columns in entity_set.sections.items():
            known |= {f"{section}.{column}": found for column, found in columns.items()}
        return known

    def properties(self, use: Use) -> Mapping[str, Property] | None:
        """The properties or columns among which the used one should be; None where not even these exist."""
        entity_set = self.entity_set(use.entity_set)
        if entity_set is None:
            return None
        return entity_set.properties if use.section is None else entity_set.sections.get(use.section)

    def property(self, use: Use) -> Property | None:
        return (self.properties(use) or {}).get(use.name)


def shown(use: Use) -> str:
    return ".".join(filter(None, (use.entity_set, use.section, use.name)))


def no_property(entity_set: str, name: str, properties: Iterable[str], section: str | None = None) -> str:
    inside = f" in {section}" if section is not None else ""
    return f'{entity_set} has no property "{name}"{inside}{did_you_mean(name, properties)}'


def no_reference(entity_set: EntitySet, name: str) -> str:
    references = [each for each, found in entity_set.properties.items() if found.type == "Edm.Guid"]
    return f'{entity_set.name} has no reference "{name}"{did_you_mean(name, references)}'
