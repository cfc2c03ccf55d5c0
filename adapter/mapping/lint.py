"""Rules against what an infobase publishes: the gate between a typo and lost data.

1C ignores a property that it does not know, and stores a reference to nothing without a word. So every name and every
type is compared with `$metadata` before anything is written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from adapter.mapping.alias_references import check_alias_references
from adapter.mapping.edm import constant_misfit, misfit, wording
from adapter.mapping.enumerations import check_enumerations
from adapter.mapping.evidence import EVIDENCE
from adapter.mapping.evidence_lint import check_evidence
from adapter.mapping.inspection import Inspection, no_property, shown
from adapter.mapping.load import LoadedRules
from adapter.mapping.paths import Kind
from adapter.mapping.rates import check_rates
from adapter.mapping.references import (
    check_barcodes,
    check_charge_products,
    check_owners,
    check_pairs,
    check_pooled,
    check_targets,
)
from adapter.mapping.rules import DocumentRule, Rules
from adapter.mapping.sources import From, Text, Vat
from adapter.mapping.uses import (
    Use,
    all_lookups,
    all_uses,
    new_elements,
    owned_elements,
    path_facts,
)
from adapter.model.schema import Schema
from adapter.yamlfile import Location, Problem, did_you_mean


def lint(loaded: LoadedRules, schema: Schema) -> tuple[str, ...]:
    """Everything in a mapping that the infobase would not take, each with file, line and column; empty: it agrees."""
    return tuple(map(str, disagreements(loaded, schema)))


def disagreements(loaded: LoadedRules, schema: Schema) -> tuple[Problem, ...]:
    """The same as values, in the order of the file."""
    inspection = Inspection(loaded, schema)
    return tuple(sorted({problem for check in _CHECKS for problem in check(inspection)}))


# -------------------- names


def _entity_sets(inspection: Inspection) -> Iterator[Problem]:
    """Every entity set is published and holds objects."""
    rules = inspection.rules
    named: list[tuple[Location, str]] = [
        (("documents", name, "entity_set"), rule.entity_set) for name, rule in rules.documents.items()
    ]
    named += [(("customers", "entity_set"), rules.customers.entity_set)]
    named += [(("products", "entity_set"), rules.products.entity_set)]
    named += [((*location, "lookup"), lookup.lookup) for location, lookup in all_lookups(rules)]
    named += [((*location, "owned"), owned.owned) for location, _, owned in owned_elements(rules)]
    named += [((*location, "entity_set"), name) for location, name, _ in new_elements(rules) if "together" in location]
    for location, name in named:
        entity_set = inspection.schema.entity_sets.get(name)
        if entity_set is None:
            meant = did_you_mean(name, inspection.schema.entity_sets) or "; is it ticked in 1C for the OData interface?"
            yield inspection.problem(location, f"the infobase publishes no {name}{meant}")
        elif entity_set.key != ("Ref_Key",):
            yield inspection.problem(location, f"{name} holds rows or records, not documents or catalog elements")


def _sections(inspection: Inspection) -> Iterator[Problem]:
    """Every tabular section exists."""
    for location, rule, sections in _documents(inspection.rules):
        entity_set = inspection.entity_set(rule.entity_set)
        for section in sections if entity_set else ():
            if entity_set and section not in entity_set.sections:
                meant = did_you_mean(section, entity_set.sections)
                message = f'{rule.entity_set} has no tabular section "{section}"{meant}'
                yield inspection.problem((*location, "rows", section), message, of_key=True)
    for location, name, rows in new_elements(inspection.rules):
        created = inspection.entity_set(name)
        for section in rows if created else ():
            if created and section not in created.sections:
                message = f'{name} has no tabular section "{section}"{did_you_mean(section, created.sections)}'
                yield inspection.problem((*location, "create_rows", section), message, of_key=True)


def _documents(rules: Rules) -> Iterator[tuple[Location, DocumentRule, Iterable[str]]]:
    """Every document, then every variant of it: where it stands, its rule, and its tabular sections there."""
    for name, rule in rules.documents.items():
        yield ("documents", name), rule, rule.rows
    for index, variant in enumerate(rules.variants):
        for name, overlay in variant.documents.items():
            yield ("variants", index, "documents", name), rules.documents[name], overlay.rows


def _properties(inspection: Inspection) -> Iterator[Problem]:
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
                below = "rows" if use.location[0] in {"documents", "variants"} else "create_rows"
                message = f"{use.name} is a tabular section of {use.entity_set}; it belongs below {below}"
            else:
                message = no_property(use.entity_set, use.name, properties, use.section)
            yield inspection.problem(use.location, message, of_key=True)


def _companions(inspection: Inspection) -> Iterator[Problem]:
    """What is created together with a customer has a name; where one is only misspelt, that is said already."""
    for name, companion in inspection.rules.customers.together.items():
        entity_set = inspection.entity_set(companion.entity_set)
        known = entity_set is not None and companion.create.keys() <= entity_set.properties.keys()
        if known and companion.name not in companion.create:
            location = ("customers", "together", name, "create")
            yield inspection.problem(location, f"create needs at least {companion.name}", of_key=True)


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


def _types(inspection: Inspection) -> Iterator[Problem]:
    """Every property gets the sort of value that it holds."""
    for use in all_uses(inspection.rules):
        wanted = inspection.property(use)
        if wanted is None or use.name in _NOT_OURS:
            continue
        composite = f"{use.name}_Type" in (inspection.properties(use) or {})
        for location, kind, given, whole in _given(inspection, use):
            if not (composite and kind is Kind.REFERENCE) and (reason := misfit(wanted.type, kind, whole=whole)):
                if given == _QUANTITY and inspection.loaded.sells_parts:
                    reason = ", and the table of aliases sells parts of a unit; write whole multipliers there"
                message = f"{shown(use)} holds {wording(wanted.type)} ({wanted.type}), but {given}{reason}"
                yield inspection.problem(location, message)
        for location, value in use.constants:
            if reason := constant_misfit(wanted.type, value):
                message = f"{shown(use)} holds {wording(wanted.type)} ({wanted.type}): {reason}"
                yield inspection.problem(location, message)


_QUANTITY: Final = f'"line.quantity" is a {Kind.NUMBER}'


def _given(inspection: Inspection, use: Use) -> Iterator[tuple[Location, Kind, str, bool]]:
    """Where, of which kind, in words, and whether it is certainly a whole number."""
    match use.source:
        case From(source=path) as source:
            kind = path_facts(path, inspection.rules)[0]
            counts = {"line.number"} if inspection.loaded.sells_parts else {"line.number", "line.quantity"}
            whole = (path in counts and source.times is None) or source.round == 0
            yield (*use.location, "from"), kind, f'"{path}" is a {kind}', whole
        case Text():
            yield (*use.location, "text"), Kind.TEXT, "this is a text", False
        case Vat():
            yield (*use.location, "vat"), Kind.NUMBER, "VAT is a number", False
    for location, _ in use.lookups:
        yield (*location, "lookup"), Kind.REFERENCE, "a lookup is a reference", False


def _carriers(inspection: Inspection) -> Iterator[Problem]:
    """The order id is carried by a text, the sum is a number."""
    for name, rule in inspection.rules.documents.items():
        entity_set = inspection.entity_set(rule.entity_set)
        if entity_set is None:
            continue
        carrier = entity_set.properties.get(rule.order_id)
        if carrier is not None and carrier.type != "Edm.String":
            message = f"{rule.entity_set}.{rule.order_id} holds {wording(carrier.type)}; an order id needs a text"
            yield inspection.problem(("documents", name, "order_id"), message)
        sections = [entity_set.sections.get(section, {}) for section in rule.total.sections()]
        for columns in sections or [entity_set.properties]:
            for prop in rule.total.properties():
                total = columns.get(prop)
                if total is not None and misfit(total.type, Kind.NUMBER, whole=True):
                    message = f"{prop} holds {wording(total.type)}; a sum needs a number"
                    yield inspection.problem(("documents", name, "total", "property"), message)


def _lookup_conditions(inspection: Inspection) -> Iterator[Problem]:
    """What is looked up by exists and is compared with the right sort of value."""
    asked = [(location, lookup.lookup, lookup.where) for location, lookup in all_lookups(inspection.rules)]
    asked += [(location, owned.owned, owned.where) for location, _, owned in owned_elements(inspection.rules)]
    for location, set_name, where in asked:
        entity_set = inspection.entity_set(set_name)
        if entity_set is None:
            continue
        for name, value in where.items():
            here = (*location, "where", name)
            wanted = entity_set.properties.get(name)
            if wanted is None:
                yield inspection.problem(here, no_property(set_name, name, entity_set.properties), of_key=True)
            elif reason := constant_misfit(wanted.type, value):
                message = f"{set_name}.{name} holds {wording(wanted.type)} ({wanted.type}): {reason}"
                yield inspection.problem(here, message)


def _read_properties(inspection: Inspection) -> Iterator[Problem]:
    """The properties by which customers and products are known exist and are texts, or references where asked for."""
    customers, products = inspection.rules.customers, inspection.rules.products
    wanted = [
        ("customers", key, customers.entity_set, name, key in {"name", "full_name"})
        for key, name in customers.read.named.items()
        if key not in EVIDENCE  # seen to with what stands elsewhere
    ]
    wanted += [
        ("products", key, products.entity_set, name, key in {"sku", "name", "barcode", "asin"})
        for key, name in products.read.named.items()
    ]
    for part, key, set_name, name, is_text in wanted:
        entity_set = inspection.entity_set(set_name)
        if entity_set is None:
            continue
        found = entity_set.properties.get(name)
        if found is None:
            yield inspection.problem((part, "read", key), no_property(set_name, name, entity_set.properties))
        elif found.type != "Edm.String" and (is_text or found.type != "Edm.Guid"):
            needed = "a text is needed" if is_text else "only texts and references can be read"
            message = f"{set_name}.{name} holds {wording(found.type)}; {needed}"
            yield inspection.problem((part, "read", key), message)


def _lengths(inspection: Inspection) -> Iterator[Problem]:
    """What has a known length exists and is a text."""
    for set_name, limits in inspection.rules.lengths.items():
        known = inspection.columns("lengths", set_name)
        if isinstance(known, Problem):
            yield known
            continue
        for name in limits:
            if name not in known:
                message = no_property(set_name, name, known)
                yield inspection.problem(("lengths", set_name, name), message, of_key=True)
            elif known[name].type != "Edm.String":
                message = f"{set_name}.{name} holds {wording(known[name].type)}; only texts have a length"
                yield inspection.problem(("lengths", set_name, name), message, of_key=True)


# -------------------- functions


def _posting(inspection: Inspection) -> Iterator[Problem]:
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


_CHECKS: Final[tuple[Callable[[Inspection], Iterator[Problem]], ...]] = (
    _entity_sets,
    _sections,
    _properties,
    _companions,
    _types,
    _carriers,
    _lookup_conditions,
    check_owners,
    check_barcodes,
    check_alias_references,
    check_charge_products,
    _read_properties,
    check_evidence,
    _lengths,
    check_enumerations,
    check_rates,
    check_targets,
    check_pooled,
    check_pairs,
    _posting,
)
