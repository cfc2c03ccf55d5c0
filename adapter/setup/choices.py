"""The catalog elements that a preset looks up and an infobase does not have under that name: what there is instead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final
from uuid import UUID

from adapter.errors import ConfigurationError
from adapter.mapping.load import LoadedRules
from adapter.mapping.sources import Lookup
from adapter.mapping.uses import all_lookups
from adapter.model.catalog import Element
from adapter.model.document import Scalar
from adapter.model.schema import EntitySet, Schema
from adapter.onec.catalogs import Catalogs
from adapter.onec.errors import RefusedByInfobase, Unsendable
from adapter.problems import Location, path_text

MOST: Final = 20
SHOWN: Final = ("Description", "Code")

# Where a wrong guess would not be noticed: customers of whole groups, products of charges, values chosen by an order's.
_NEVER_ALONE: Final = frozenset({"pooled", "charges", "table"})


@dataclass(frozen=True, slots=True)
class Choice:
    """A lookup that names no single element, and the elements that there are.

    Attributes:
        locations: of every lookup of the mapping that asks the same.
        why: what the infobase says to the lookup as it stands.
        more: whether the catalog has more elements than these.
    """

    locations: tuple[Location, ...]
    lookup: Lookup
    why: str
    candidates: tuple[Element, ...]
    more: bool = False

    @property
    def path(self) -> str:
        """The first place, as an administrator reads it."""
        return path_text(self.locations[0])

    @property
    def spared(self) -> tuple[str, ...]:
        """The paths to which `hold` can be written instead, so that nothing has to be looked up; mostly none."""
        charges = all("charges" in location for location in self.locations)
        return tuple(path_text(location[:-2]) for location in self.locations) if charges else ()

    @property
    def obvious(self) -> Element | None:
        """The only element, where taking it without asking does no harm."""
        parts = {part for location in self.locations for part in location}
        alone = len(self.candidates) == 1 and not self.more and not parts & _NEVER_ALONE
        return self.candidates[0] if alone else None


Taken = tuple[Choice, Element]


def shown(element: Element) -> str:
    """An element as a person knows it."""
    name, code = (str(element.properties.get(key) or "").strip() for key in SHOWN)
    return f"{name} ({code})" if name and code else name or code or str(element.ref_key)


def open_choices(mapping: LoadedRules, catalogs: Catalogs, schema: Schema) -> tuple[Choice, ...]:
    """Every lookup that does not find exactly one element, each asked once however often it stands in the mapping.

    Lookups in what the infobase does not publish are left to `lint`.

    Raises:
        ConfigurationError, Unavailable: the infobase cannot be read.
    """
    found = []
    for lookup, locations in _distinct(mapping):
        entity_set = schema.entity_sets.get(lookup.lookup)
        if entity_set is None or not set(lookup.where) <= set(entity_set.properties):
            continue
        try:
            catalogs.lookup(lookup.lookup, lookup.where)
        except (ConfigurationError, Unsendable) as problem:
            found.append(_choice(locations, lookup, str(problem), catalogs, entity_set))
    return tuple(found)


def choice_at(mapping: LoadedRules, location: Location, catalogs: Catalogs, schema: Schema) -> Choice | None:
    """The choice for the lookup at a location, whether it finds its element or not; None if none stands there."""
    for lookup, locations in _distinct(mapping):
        entity_set = schema.entity_sets.get(lookup.lookup)
        if location in locations and entity_set is not None:
            return _choice((location,), lookup, "", catalogs, entity_set)
    return None


def answer(
    mapping: LoadedRules, named: Mapping[Location, str], catalogs: Catalogs, schema: Schema
) -> tuple[list[Taken], list[Choice]]:
    """What a person has said beforehand, and the choices that are still open.

    Args:
        named: what to take for the lookups at these locations; other lookups that ask the same take it too.

    Raises:
        ConfigurationError: everything that was named and is not there.
        Unavailable: the infobase does not answer.
    """
    taken, still, problems = [], [], []
    for location, text in named.items():
        choice = choice_at(mapping, location, catalogs, schema)
        if choice is None:
            problems.append(f"{path_text(location)}: the infobase does not publish what is looked up here")
            continue
        try:
            taken.append((choice, find(choice, text, catalogs, schema)))
        except ConfigurationError as problem:
            problems.append(str(problem))
    if problems:
        raise ConfigurationError(problems)
    for choice in open_choices(mapping, catalogs, schema):
        said = {element.ref_key: element for each, element in taken if each.locations[0] in choice.locations}
        rest = replace(choice, locations=tuple(place for place in choice.locations if place not in named))
        if rest.locations and len(said) == 1:
            taken.append((rest, next(iter(said.values()))))
        elif rest.locations:
            still.append(rest)
    return taken, still


def find(choice: Choice, text: str, catalogs: Catalogs, schema: Schema) -> Element:
    """The one element that a person names by its description, code or key; capital letters do not count.

    Raises:
        ConfigurationError: none or several.
        Unavailable: the infobase does not answer.
    """
    entity_set = schema.entity_sets[choice.lookup.lookup]
    wanted = _wanted(entity_set, choice.lookup)
    hits: dict[UUID, Element] = {}
    for name in (*wanted, "Ref_Key"):
        try:
            found = catalogs.find_elements(entity_set.name, name, text, wanted)
        except (Unsendable, RefusedByInfobase):  # a text is not what this property holds, or is not compared by 1C
            continue
        hits |= {element.ref_key: element for element in found}
        if hits:
            break
    if len(hits) == 1:
        return next(iter(hits.values()))
    if hits:
        names = ", ".join(f"{shown(element)} {element.ref_key}" for element in hits.values())
        raise ConfigurationError(f'{choice.path}: {entity_set.name} has {len(hits)} "{text}": {names}; take a code')
    raise ConfigurationError(f'{choice.path}: {entity_set.name} has no "{text}"; {offered(choice)}')


def offered(choice: Choice) -> str:
    """The candidates in one line."""
    if not choice.candidates:
        return f"there is nothing in {choice.lookup.lookup} yet; create it in 1C"
    names = ", ".join(f'"{shown(element)}"' for element in choice.candidates)
    return f"there are {names}{', ...' if choice.more else ''}"


def where_of(choice: Choice, element: Element, catalogs: Catalogs) -> dict[str, Scalar]:
    """Conditions that find this element and no other: those of the lookup, with a code or the key if they must be.

    Raises:
        Unavailable: the infobase does not answer.
    """
    where = {name: _like(value, element.properties.get(name)) for name, value in choice.lookup.where.items()}
    for name in ("", "Code", "Ref_Key"):
        if name == "Ref_Key":
            where[name] = str(element.ref_key)
        elif name and (code := element.properties.get(name)):
            where[name] = _like("", code)
        try:
            if catalogs.lookup(choice.lookup.lookup, where) == element.ref_key:
                break
        except ConfigurationError:
            continue
    return where


def _distinct(mapping: LoadedRules) -> Iterator[tuple[Lookup, tuple[Location, ...]]]:
    grouped: dict[object, tuple[Lookup, list[Location]]] = {}
    for location, lookup in all_lookups(mapping.rules):
        key = (lookup.lookup, tuple(sorted((name, str(value)) for name, value in lookup.where.items())))
        grouped.setdefault(key, (lookup, []))[1].append(location)
    for lookup, locations in grouped.values():
        yield lookup, tuple(locations)


def _choice(
    locations: tuple[Location, ...], lookup: Lookup, why: str, catalogs: Catalogs, entity_set: EntitySet
) -> Choice:
    found = catalogs.first_elements(entity_set.name, _wanted(entity_set, lookup), MOST + 1)
    return Choice(locations, lookup, why, tuple(found[:MOST]), more=len(found) > MOST)


def _wanted(entity_set: EntitySet, lookup: Lookup) -> Sequence[str]:
    """What to read of a candidate."""
    also = [name for name in SHOWN if name in entity_set.properties]
    return list(dict.fromkeys([*(name for name in lookup.where if name in entity_set.properties), *also]))


def _like(old: Scalar, value: object) -> Scalar:
    """A value in the form of the one that stood there; 1C pads codes with blanks and sends long integers as texts."""
    if isinstance(value, str):
        return int(value) if isinstance(old, int) and value.lstrip("-").isdigit() else value.rstrip()
    return value if isinstance(value, bool | int | Decimal) else ""
