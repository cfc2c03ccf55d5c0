"""Rates of a mapping against what an infobase publishes: the register, its columns, and whose currency it is."""

from __future__ import annotations

from collections.abc import Iterator

from adapter.mapping.edm import misfit, wording
from adapter.mapping.inspection import Inspection, no_property, shown
from adapter.mapping.paths import Kind
from adapter.mapping.sources import Rate
from adapter.mapping.uses import Use, all_uses
from adapter.model.schema import EntitySet
from adapter.yamlfile import Problem


def check_rates(inspection: Inspection) -> Iterator[Problem]:
    """A rate is a number that a register keeps by days, for the catalog to which the document's currency refers."""
    for use in all_uses(inspection.rules):
        if not isinstance(use.source, Rate):
            continue
        register = inspection.register((*use.location, "rate"), use.source.rate)
        if isinstance(register, Problem):
            yield register
        elif "Period" not in register.properties:
            yield inspection.problem(
                (*use.location, "rate"), f"{register.name} keeps nothing by days: it has no Period"
            )
        else:
            yield from _columns(inspection, use, use.source, register)


def _columns(inspection: Inspection, use: Use, source: Rate, register: EntitySet) -> Iterator[Problem]:
    for key, name in (("give", source.give), ("currency", source.currency)):
        if name not in register.properties:
            message = no_property(register.name, name, register.properties)
            yield inspection.problem((*use.location, key), message)
    given, currency = register.properties.get(source.give), register.properties.get(source.currency)
    wanted = inspection.property(use)
    if given is not None and misfit(given.type, Kind.NUMBER, whole=True):
        message = f"{register.name}.{given.name} holds {wording(given.type)}; a number is needed"
        yield inspection.problem((*use.location, "give"), message)
    elif given is not None and wanted is not None:
        whole = given.type.startswith("Edm.Int")
        if misfit(wanted.type, Kind.NUMBER, whole=whole):
            message = f"{shown(use)} holds {wording(wanted.type)}, but {given.name} is {wording(given.type)}"
            yield inspection.problem((*use.location, "give"), message)
    properties = inspection.properties(use) or {}
    of = properties.get(source.of)
    if currency is not None and currency.type != "Edm.Guid":
        message = f"{register.name}.{currency.name} holds {wording(currency.type)}; a reference is needed"
        yield inspection.problem((*use.location, "currency"), message)
    elif currency is not None and of is not None and of.target != currency.target:
        message = f"{register.name}.{currency.name} refers to {currency.target}, but {source.of} to {of.target}"
        yield inspection.problem((*use.location, "currency"), message)
