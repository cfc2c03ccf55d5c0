"""Which preset fits an infobase: the one whose names the infobase publishes. The rule is the presets themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from adapter.mapping.catalogs import BarcodeRegister
from adapter.mapping.rules import Rules
from adapter.mapping.sources import Rate
from adapter.mapping.uses import all_lookups, all_uses, owned_elements
from adapter.model.schema import EntitySet, Schema

Touched = tuple[str, ...]
"""What a preset names: an entity set, and perhaps its tabular section, its property, or both."""

# What every configuration has says nothing. Source: 1C:Enterprise developer guide 17.4, standard attributes.
_STANDARD: Final = frozenset(
    {
        *("Ref_Key", "DataVersion", "DeletionMark", "Code", "Description", "Parent_Key", "IsFolder", "Owner_Key"),
        *("Predefined", "PredefinedDataName", "Number", "Date", "Posted"),
    }
)
LEAST_SHARE: Final = 0.5
CLEAR_LEAD: Final = 0.05


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a preset fits.

    Attributes:
        names: everything that the preset touches, sorted.
        missing: what of it the infobase does not publish; of an entity set that is missing, only the set itself.
        share: of the names that are there, from 0 to 1.
    """

    preset: str
    names: tuple[Touched, ...]
    missing: tuple[Touched, ...]
    share: float

    def __str__(self) -> str:
        return f"{self.preset} ({round(self.share * len(self.names))} of {len(self.names)} names found)"


def fits(schema: Schema, presets: Mapping[str, Rules]) -> tuple[Fit, ...]:
    """All presets, the one that fits best first; of equally good ones the one that names more."""
    found = [_fit(name, schema, rules) for name, rules in presets.items()]
    return tuple(sorted(found, key=lambda fit: (-fit.share, -len(fit.names), fit.preset)))


def clearly_best(found: Sequence[Fit]) -> Fit | None:
    """The preset to take without asking, of `fits`; None if none fits, or if another one fits as well."""
    if not found or found[0].share < LEAST_SHARE:
        return None
    best = found[0]
    for rival in found[1:]:
        if set(rival.names) < set(best.names) and not best.missing:
            continue  # the best one says the same and more
        if best.share - rival.share < CLEAR_LEAD and bool(best.missing) == bool(rival.missing):
            return None
    return best


def touched(rules: Rules) -> frozenset[Touched]:
    """Every name of the infobase that a mapping depends on, but for standard attributes."""
    return frozenset(name for name in _touched(rules) if name[-1] not in _STANDARD)


def _touched(rules: Rules) -> Iterator[Touched]:
    for rule in rules.documents.values():
        yield (rule.entity_set,)
    for use in all_uses(rules):
        if use.section is not None:
            yield use.entity_set, use.section
            yield use.entity_set, use.section, use.name
        else:
            yield use.entity_set, use.name
    rates = [use.source for use in all_uses(rules) if isinstance(use.source, Rate)]
    for rate in rates:
        yield from ((rate.rate,), (rate.rate, rate.give), (rate.rate, rate.currency))
    for _, lookup in all_lookups(rules):
        yield (lookup.lookup,)
        yield from ((lookup.lookup, name) for name in lookup.where)
    for catalog in (rules.customers, rules.products):
        yield (catalog.entity_set,)
        yield from ((catalog.entity_set, name) for name in catalog.read.named.values())
    if isinstance(barcodes := rules.products.read.barcode, BarcodeRegister):
        yield (barcodes.entity_set,)
        yield from ((barcodes.entity_set, name) for name in barcodes.columns)
    for _, _, owned in owned_elements(rules):
        yield (owned.owned,)
        yield from ((owned.owned, name) for name in (owned.by, *owned.where) if name is not None)


def _fit(preset: str, schema: Schema, rules: Rules) -> Fit:
    names = sorted(touched(rules))
    absent = [name for name in names if not _is_there(schema.entity_sets.get(name[0]), name)]
    whole_sets = {name[0] for name in absent if len(name) == 1}
    missing = tuple(name for name in absent if len(name) == 1 or name[0] not in whole_sets)
    return Fit(preset, tuple(names), missing, 1 - len(absent) / len(names))


def _is_there(entity_set: EntitySet | None, name: Touched) -> bool:
    if entity_set is None:
        return False
    match name[1:]:
        case (section, column):
            return column in entity_set.sections.get(section, {})
        case (either,):
            return either in entity_set.properties or either in entity_set.sections
    return True
