"""Values of enumerations against the members that an infobase publishes.

`$metadata` tells the members of each enumeration, but not which property takes which: the mapping says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from adapter.mapping.inspection import Inspection, no_property, shown
from adapter.mapping.paths import further
from adapter.mapping.sources import MapTable
from adapter.mapping.uses import Use, all_lookups, all_uses, owned_elements
from adapter.yamlfile import Location, Problem, did_you_mean


def check_enumerations(inspection: Inspection) -> Iterator[Problem]:
    """Every fixed value of a property that takes an enumeration is one of its members, in whatever place it stands."""
    yield from _declared(inspection)
    for use in all_uses(inspection.rules):
        members = members_of(inspection, use.entity_set, use.name, use.section)
        for location, value in use.constants if members else ():
            yield from compared(inspection, location, shown(use), value, members)
        yield from _chosen_by(inspection, use)
    asked = [(location, lookup.lookup, lookup.where) for location, lookup in all_lookups(inspection.rules)]
    asked += [(location, owned.owned, owned.where) for location, _, owned in owned_elements(inspection.rules)]
    for location, entity_set, where in asked:
        for name, value in where.items():
            if members := members_of(inspection, entity_set, name):
                here = (*location, "where", name)
                yield from compared(inspection, here, f"{entity_set}.{name}", value, members)


def _declared(inspection: Inspection) -> Iterator[Problem]:
    """What the mapping calls an enumeration is a text of a published set. The enumeration itself may be unpublished."""
    for set_name, named in inspection.rules.enumerations.items():
        known = inspection.columns("enumerations", set_name)
        if isinstance(known, Problem):
            yield known
            continue
        for name, enumeration in named.items():
            here: Location = ("enumerations", set_name, name)
            if name not in known:
                yield inspection.problem(here, no_property(set_name, name, known), of_key=True)
            elif known[name].type != "Edm.String":
                yield inspection.problem(here, f"{set_name}.{name} takes no values of an enumeration", of_key=True)
            elif enumeration not in inspection.schema.enumerations and (
                meant := did_you_mean(enumeration, inspection.schema.enumerations)
            ):
                yield inspection.problem(here, f"the infobase publishes no enumeration {enumeration}{meant}")


def members_of(inspection: Inspection, entity_set: str, name: str, section: str | None = None) -> tuple[str, ...]:
    """What a property may hold; nothing where that is not known."""
    named: Mapping[str, str] = inspection.rules.enumerations.get(entity_set, {})
    enumeration = named.get(name if section is None else f"{section}.{name}", "")
    return inspection.schema.enumerations.get(enumeration, ())


def _chosen_by(inspection: Inspection, use: Use) -> Iterator[Problem]:
    """The keys of a table that goes by a property of the customer or the product, such as its kind."""
    if not isinstance(use.source, MapTable) or (own := further(use.source.map)) is None:
        return
    owner, name = own
    catalog = inspection.rules.customers if owner == "customer" else inspection.rules.products
    prop = catalog.read.named.get(name, "")
    members = members_of(inspection, catalog.entity_set, prop)
    for key in use.source.table if members else ():
        here = (*use.location, "table", key)
        yield from compared(inspection, here, f"{catalog.entity_set}.{prop}", key, members, of_key=True)


def compared(
    inspection: Inspection,
    location: Location,
    what: str,
    value: object,
    members: tuple[str, ...],
    *,
    of_key: bool = False,
) -> Iterator[Problem]:
    """What is wrong with a value that has to be one of the members."""
    if isinstance(value, str) and value and value not in members:
        meant = did_you_mean(value, members) or f"; it knows {', '.join(members[:10])}"
        yield inspection.problem(location, f'{what} has no value "{value}"{meant}', of_key=of_key)
