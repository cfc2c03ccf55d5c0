"""Rules against what an infobase publishes: the gate between a typo and lost data.

1C ignores a property that it does not know, and stores a reference to nothing without a word. So every name and every
type is compared with `$metadata` before anything is written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from adapter.mapping.edm import constant_misfit, misfit, wording
from adapter.mapping.load import LoadedRules
from adapter.mapping.paths import PATHS, Kind
from adapter.mapping.rules import ROW_KINDS, Const, DocumentRule, From, Rules, Text, Vat
from adapter.mapping.uses import Use, all_lookups, all_uses, charge_products, pooled_customers
from adapter.model.schema import EntitySet, Property, Schema
from adapter.yamlfile import Location, Problem, did_you_mean

NAMESPACE: Final = "StandardODATA."


def lint(loaded: LoadedRules, schema: Schema) -> tuple[str, ...]:
    """Everything in a mapping that the infobase would not take, each with file, line and column; empty: it agrees."""
    inspection = _Inspection(loaded, schema)
    return tuple(map(str, sorted({problem for check in _CHECKS for problem in check(inspection)})))


@dataclass(frozen=True, slots=True)
class _Inspection:
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

    def properties(self, use: Use) -> Mapping[str, Property] | None:
        """The properties or columns among which the used one should be; None where not even these exist."""
        entity_set = self.entity_set(use.entity_set)
        if entity_set is None:
            return None
        return entity_set.properties if use.section is None else entity_set.sections.get(use.section)

    def property(self, use: Use) -> Property | None:
        return (self.properties(use) or {}).get(use.name)


def _shown(use: Use) -> str:
    return ".".join(filter(None, (use.entity_set, use.section, use.name)))


# -------------------- names


def _entity_sets(inspection: _Inspection) -> Iterator[Problem]:
    """Every entity set is published and holds objects."""
    rules = inspection.rules
    named: list[tuple[Location, str]] = [
        (("documents", name, "entity_set"), rule.entity_set) for name, rule in rules.documents.items()
    ]
    named += [(("customers", "entity_set"), rules.customers.entity_set)]
    named += [(("products", "entity_set"), rules.products.entity_set)]
    named += [((*location, "lookup"), lookup.lookup) for location, lookup in all_lookups(rules)]
    for location, name in named:
        entity_set = inspection.schema.entity_sets.get(name)
        if entity_set is None:
            meant = did_you_mean(name, inspection.schema.entity_sets) or "; is it ticked in 1C for the OData interface?"
            yield inspection.problem(location, f"the infobase publishes no {name}{meant}")
        elif entity_set.key != ("Ref_Key",):
            yield inspection.problem(location, f"{name} holds rows or records, not documents or catalog elements")


def _sections(inspection: _Inspection) -> Iterator[Problem]:
    """Every tabular section exists."""
    for location, rule, sections in _documents(inspection.rules):
        entity_set = inspection.entity_set(rule.entity_set)
        for section in sections if entity_set else ():
            if entity_set and section not in entity_set.sections:
                meant = did_you_mean(section, entity_set.sections)
                message = f'{rule.entity_set} has no tabular section "{section}"{meant}'
                yield inspection.problem((*location, "rows", section), message, of_key=True)


def _documents(rules: Rules) -> Iterator[tuple[Location, DocumentRule, Iterable[str]]]:
    """Every document, then every variant of it: where it stands, its rule, and its tabular sections there."""
    for name, rule in rules.documents.items():
        yield ("documents", name), rule, rule.rows
    for index, variant in enumerate(rules.variants):
        for name, overlay in variant.documents.items():
            yield ("variants", index, "documents", name), rules.documents[name], overlay.rows


def _properties(inspection: _Inspection) -> Iterator[Problem]:
    """Every property and column exists and is ours to write."""
    for use in all_uses(inspection.rules):
        properties = inspection.properties(use)
        if properties is None:
            continue
        if use.name in _NOT_OURS:
            message = f"{use.name} is not written by a mapping: {_NOT_OURS[use.name]}"
            yield inspection.problem(use.location, message, of_key=True)
        elif use.name not in properties:
            entity_set = inspection.entity_set(use.entity_set)
            if entity_set is not None and use.section is None and use.name in entity_set.sections:
                message = f"{use.name} is a tabular section of {use.entity_set}; it belongs below rows"
            else:
                message = _no_property(use.entity_set, use.name, properties, use.section)
            yield inspection.problem(use.location, message, of_key=True)


def _no_property(entity_set: str, name: str, properties: Iterable[str], section: str | None = None) -> str:
    inside = f" in {section}" if section is not None else ""
    return f'{entity_set} has no property "{name}"{inside}{did_you_mean(name, properties)}'


_NOT_OURS: Final[Mapping[str, str]] = {
    "Ref_Key": "the adapter chooses it",
    "LineNumber": "the adapter numbers the rows",
    "DataVersion": "1C keeps it",
    "Posted": "say post: true or on_cancel: unpost_and_mark",
    "DeletionMark": "say on_cancel: unpost_and_mark",
    "Predefined": "1C keeps it",
    "PredefinedDataName": "1C keeps it",
}


# -------------------- types


def _types(inspection: _Inspection) -> Iterator[Problem]:
    """Every property gets the sort of value that it holds."""
    for use in all_uses(inspection.rules):
        wanted = inspection.property(use)
        if wanted is None or use.name in _NOT_OURS:
            continue
        composite = f"{use.name}_Type" in (inspection.properties(use) or {})
        for location, kind, given, whole in _given(use):
            if not (composite and kind is Kind.REFERENCE) and (reason := misfit(wanted.type, kind, whole=whole)):
                message = f"{_shown(use)} holds {wording(wanted.type)} ({wanted.type}), but {given}{reason}"
                yield inspection.problem(location, message)
        for location, value in use.constants:
            if reason := constant_misfit(wanted.type, value):
                message = f"{_shown(use)} holds {wording(wanted.type)} ({wanted.type}): {reason}"
                yield inspection.problem(location, message)


def _given(use: Use) -> Iterator[tuple[Location, Kind, str, bool]]:
    """Where, of which kind, in words, and whether it is certainly a whole number."""
    match use.source:
        case From(source=path) as source:
            kind = PATHS[path][0]
            whole = path in {"line.quantity", "line.number"} or source.round == 0
            yield (*use.location, "from"), kind, f'"{path}" is a {kind}', whole
        case Text():
            yield (*use.location, "text"), Kind.TEXT, "this is a text", False
        case Vat():
            yield (*use.location, "vat"), Kind.NUMBER, "VAT is a number", False
    for location, _ in use.lookups:
        yield (*location, "lookup"), Kind.REFERENCE, "a lookup is a reference", False


def _carriers(inspection: _Inspection) -> Iterator[Problem]:
    """The order id is carried by a text, the sum is a number."""
    for name, rule in inspection.rules.documents.items():
        entity_set = inspection.entity_set(rule.entity_set)
        if entity_set is None:
            continue
        carrier = entity_set.properties.get(rule.order_id)
        if carrier is not None and carrier.type != "Edm.String":
            message = f"{rule.entity_set}.{rule.order_id} holds {wording(carrier.type)}; an order id needs a text"
            yield inspection.problem(("documents", name, "order_id"), message)
        columns = entity_set.sections.get(rule.total.rows, {}) if rule.total.rows else entity_set.properties
        total = columns.get(rule.total.property)
        if total is not None and misfit(total.type, Kind.NUMBER, whole=True):
            message = f"{rule.total.property} holds {wording(total.type)}; a sum needs a number"
            yield inspection.problem(("documents", name, "total", "property"), message)


def _lookup_conditions(inspection: _Inspection) -> Iterator[Problem]:
    """What is looked up by exists and is compared with the right sort of value."""
    for location, lookup in all_lookups(inspection.rules):
        entity_set = inspection.entity_set(lookup.lookup)
        if entity_set is None:
            continue
        for name, value in lookup.where.items():
            here = (*location, "where", name)
            wanted = entity_set.properties.get(name)
            if wanted is None:
                yield inspection.problem(here, _no_property(lookup.lookup, name, entity_set.properties), of_key=True)
            elif reason := constant_misfit(wanted.type, value):
                message = f"{lookup.lookup}.{name} holds {wording(wanted.type)} ({wanted.type}): {reason}"
                yield inspection.problem(here, message)


def _read_properties(inspection: _Inspection) -> Iterator[Problem]:
    """The properties by which customers and products are known exist and are texts."""
    customers, products = inspection.rules.customers, inspection.rules.products
    wanted = [("customers", "name", customers.entity_set, customers.read.name)]
    wanted += [("products", "sku", products.entity_set, products.read.sku)]
    if products.read.name is not None:
        wanted.append(("products", "name", products.entity_set, products.read.name))
    for part, key, set_name, name in wanted:
        entity_set = inspection.entity_set(set_name)
        if entity_set is None:
            continue
        found = entity_set.properties.get(name)
        if found is None:
            yield inspection.problem((part, "read", key), _no_property(set_name, name, entity_set.properties))
        elif found.type != "Edm.String":
            message = f"{set_name}.{name} holds {wording(found.type)}; a text is needed"
            yield inspection.problem((part, "read", key), message)


# -------------------- references


def _targets(inspection: _Inspection) -> Iterator[Problem]:
    """A reference leads into the catalog that the property refers to."""
    for use in all_uses(inspection.rules):
        wanted = inspection.property(use)
        if wanted is None or wanted.target is None:
            continue
        for location, entity_set in _referred(inspection.rules, use):
            if entity_set != wanted.target and inspection.entity_set(entity_set):
                message = f"{_shown(use)} refers to {wanted.target}, but this is one of {entity_set}"
                yield inspection.problem(location, message)


def _referred(rules: Rules, use: Use) -> Iterator[tuple[Location, str]]:
    """Into which entity sets the references lead that a property may get, and where the file says so."""
    for location, lookup in use.lookups:
        yield (*location, "lookup"), lookup.lookup
    if not isinstance(use.source, From):
        return
    if use.source.source == "customer":
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


def _pooled(inspection: _Inspection) -> Iterator[Problem]:
    """A pooled customer is one of the customers."""
    wanted = inspection.rules.customers.entity_set
    for location, lookup in pooled_customers(inspection.rules):
        if lookup.lookup != wanted and inspection.entity_set(wanted):
            message = f"customers are in {wanted} (customers.entity_set), but this is one of {lookup.lookup}"
            yield inspection.problem((*location, "lookup"), message)


def _pairs(inspection: _Inspection) -> Iterator[Problem]:
    """A property that can hold several types comes with its `_Type`, and the type is the right one."""
    groups: dict[Location, dict[str, Use]] = {}
    for use in all_uses(inspection.rules):
        groups.setdefault(use.location[:-1], {})[use.name] = use
    for location, group in groups.items():
        base = groups.get(location[2:], {}) if location[0] == "variants" else {}
        for name, use in group.items():
            yield from _pair(inspection, use, name, {**base, **group})


def _pair(inspection: _Inspection, use: Use, name: str, group: Mapping[str, Use]) -> Iterator[Problem]:
    properties = inspection.properties(use) or {}
    if name in properties and f"{name}_Type" in properties and f"{name}_Type" not in group:
        message = f'{_shown(use)} can hold several types; write {name}_Type too, such as {{const: "{_a_type(use)}"}}'
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
    expected = {NAMESPACE + entity_set for _, entity_set in _referred(inspection.rules, group[whole])}
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


# -------------------- functions


def _posting(inspection: _Inspection) -> Iterator[Problem]:
    """What shall be posted or unposted can be."""
    rules = inspection.rules
    for name, rule in rules.documents.items():
        entity_set = inspection.entity_set(rule.entity_set)
        if entity_set is None:
            continue
        posts: list[tuple[Location, bool | None]] = [(("documents", name, "post"), rule.post)]
        posts += [
            (("variants", index, "documents", name, "post"), variant.documents[name].post)
            for index, variant in enumerate(rules.variants)
            if name in variant.documents
        ]
        if "Post" not in entity_set.functions:
            for location, wanted in posts:
                if wanted:
                    message = f"{rule.entity_set} cannot be posted: the infobase has no Post for it; write post: false"
                    yield inspection.problem(location, message)
        elif rule.on_cancel == "unpost_and_mark" and "Unpost" not in entity_set.functions:
            message = f"{rule.entity_set} cannot be unposted: the infobase has no Unpost for it; write hold"
            yield inspection.problem(("documents", name, "on_cancel"), message)


_CHECKS: Final[tuple[Callable[[_Inspection], Iterator[Problem]], ...]] = (
    _entity_sets,
    _sections,
    _properties,
    _types,
    _carriers,
    _lookup_conditions,
    _read_properties,
    _targets,
    _pooled,
    _pairs,
    _posting,
)
