"""Walks over a mapping: every property that gets a value, and every catalog element that is looked up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto

from adapter.mapping.catalogs import NewRows, Owned
from adapter.mapping.evidence import Elsewhere
from adapter.mapping.paths import CONDITION_NAMES, PATHS, Kind, Scope, further
from adapter.mapping.policies import Pooled
from adapter.mapping.rules import Charges, ChargesOverlay, DocumentOverlay, DocumentRule, RowAnswer, Rules, SetOnCancel
from adapter.mapping.sources import (
    Condition,
    Const,
    FactorTable,
    From,
    Lookup,
    MapTable,
    RateTable,
    Text,
    Value,
    Vat,
    placeholders,
)
from adapter.yamlfile import Location


class Place(Enum):
    """Where a value is used: it decides which paths have a meaning."""

    HEADER = auto()
    ROW = auto()
    CANCELLATION = auto()
    NEW_CUSTOMER = auto()
    NEW_COMPANION = auto()
    NEW_PRODUCT = auto()


@dataclass(frozen=True, slots=True)
class Use:
    """A property (`name`) and the source of its value.

    Attributes:
        location: of the property in the file.
        section: the tabular section whose column it is; None for a property of the object itself.
    """

    location: Location
    place: Place
    entity_set: str
    section: str | None
    name: str
    source: Value

    @property
    def paths(self) -> tuple[tuple[Location, str], ...]:
        """Every path that the source names, with its own location."""
        match self.source:
            case From(source=path, times=FactorTable(map=by)):
                return ((*self.location, "from"), path), ((*self.location, "times", "map"), by)
            case From(source=path):
                return (((*self.location, "from"), path),)
            case MapTable(map=path):
                return (((*self.location, "map"), path),)
            case Vat(vat=path, rate=RateTable(map=by)):
                return ((*self.location, "vat"), path), ((*self.location, "rate", "map"), by)
            case Vat(vat=path):
                return (((*self.location, "vat"), path),)
            case Text(text=text):
                return tuple(((*self.location, "text"), path) for _, path in placeholders(text) if path is not None)
        return ()

    @property
    def lookups(self) -> tuple[tuple[Location, Lookup], ...]:
        """Every lookup in the source, with the location of its section."""
        if isinstance(self.source, Lookup):
            return ((self.location, self.source),)
        if isinstance(self.source, From) and isinstance(self.source.default, Lookup):
            return (((*self.location, "default"), self.source.default),)
        if not isinstance(self.source, MapTable):
            return ()
        found: list[tuple[Location, Lookup]] = [
            ((*self.location, "table", key), value)
            for key, value in self.source.table.items()
            if isinstance(value, Lookup)
        ]
        for name, value in (("absent", self.source.absent), ("otherwise", self.source.otherwise)):
            if isinstance(value, Lookup):
                found.append(((*self.location, name), value))
        return tuple(found)

    @property
    def constants(self) -> tuple[tuple[Location, object], ...]:
        """Every fixed value that may be written, with its own location."""
        match self.source:
            case Const(const=value):
                return (((*self.location, "const"), value),)
            case From(default=value) if value is not None and not isinstance(value, Lookup):
                return (((*self.location, "default"), value),)
            case MapTable(table=table, absent=absent, otherwise=otherwise):
                every: dict[Location, object] = {("table", key): value for key, value in table.items()}
                every |= {("absent",): absent, ("otherwise",): otherwise}
                return tuple(
                    ((*self.location, *below), value)
                    for below, value in every.items()
                    if value is not None and not isinstance(value, Lookup)
                )
        return ()


def path_facts(path: str, rules: Rules) -> tuple[Kind, Scope, str]:
    """The kind of a path, where it has a meaning, and what it is; of one that the mapping makes itself too.

    What is read from a catalog is a reference where the name of its property says so, else a text.
    """
    own = further(path)
    if own is None:
        return PATHS[path]
    owner, name = own
    read = rules.read(owner)
    prop = read.named.get(name, name)
    kind = Kind.REFERENCE if prop.endswith("_Key") or name in read.owned else Kind.TEXT
    return kind, Scope.ORDER if owner == "customer" else Scope.ROW, f"{prop} of the {owner}"


def all_uses(rules: Rules) -> Iterator[Use]:
    """Every property that the mapping writes, in documents, their variants, and new catalog elements."""
    for name, rule in rules.documents.items():
        location: Location = ("documents", name)
        yield from document_uses(rule, location, rule.entity_set)
        if isinstance(rule.on_cancel, SetOnCancel):
            below = (*location, "on_cancel", "set")
            yield from _uses(rule.on_cancel.set, below, Place.CANCELLATION, rule.entity_set)
    for index, variant in enumerate(rules.variants):
        for name, overlay in variant.documents.items():
            if name in rules.documents:
                location = ("variants", index, "documents", name)
                yield from document_uses(overlay, location, rules.documents[name].entity_set)
    customers, products = rules.customers, rules.products
    here: Location = ("customers",)
    yield from _uses(customers.create, (*here, "create"), Place.NEW_CUSTOMER, customers.entity_set)
    yield from _row_uses(customers.create_rows, here, Place.NEW_CUSTOMER, customers.entity_set)
    for name, companion in customers.together.items():
        here = ("customers", "together", name)
        yield from _uses(companion.create, (*here, "create"), Place.NEW_COMPANION, companion.entity_set)
        yield from _row_uses(companion.create_rows, here, Place.NEW_COMPANION, companion.entity_set)
    yield from _uses(products.create, ("products", "create"), Place.NEW_PRODUCT, products.entity_set)


def document_uses(rule: DocumentRule | DocumentOverlay, location: Location, entity_set: str) -> Iterator[Use]:
    """The properties and columns of one document, or of what a variant changes in it."""
    yield from _uses(rule.header, (*location, "header"), Place.HEADER, entity_set)
    for section, rows in rule.rows.items():
        yield from _uses(rows.columns, (*location, "rows", section), Place.ROW, entity_set, section)


def _uses(
    values: Mapping[str, Value], location: Location, place: Place, entity_set: str, section: str | None = None
) -> Iterator[Use]:
    for name, source in values.items():
        yield Use((*location, name), place, entity_set, section, name, source)


def _row_uses(rows: NewRows, location: Location, place: Place, entity_set: str) -> Iterator[Use]:
    for section, made in rows.items():
        for index, row in enumerate(made):
            yield from _uses(row, (*location, "create_rows", section, index), place, entity_set, section)


def all_lookups(rules: Rules) -> Iterator[tuple[Location, Lookup]]:
    """Every catalog element that the mapping names, with its location: those of values, charges and customers."""
    for use in all_uses(rules):
        yield from use.lookups
    yield from pooled_customers(rules)
    yield from charge_products(rules)


def pooled_customers(rules: Rules) -> Iterator[tuple[Location, Lookup]]:
    """The lookups that give a customer."""
    for index, policy in enumerate(rules.customers.match):
        if isinstance(policy, Pooled):
            yield ("customers", "match", index, "pooled"), policy.pooled
    if isinstance(rules.customers.otherwise, Pooled):
        yield ("customers", "otherwise", "pooled"), rules.customers.otherwise.pooled


def owned_elements(rules: Rules) -> Iterator[tuple[Location, str, Owned]]:
    """What belongs to customers and products in other catalogs: where the file says so, the owners' catalog, what."""
    for part, catalog in (("customers", rules.customers), ("products", rules.products)):
        for name, owned in catalog.read.owned.items():
            yield (part, "read", name), catalog.entity_set, owned


def new_elements(rules: Rules) -> Iterator[tuple[Location, str, NewRows]]:
    """What is created beside products: where the file says so, the catalog, the rows of its tabular sections."""
    yield ("customers",), rules.customers.entity_set, rules.customers.create_rows
    for name, companion in rules.customers.together.items():
        yield ("customers", "together", name), companion.entity_set, companion.create_rows


def evidence_elsewhere(rules: Rules) -> Iterator[tuple[Location, Elsewhere]]:
    """What is read of customers outside the properties of their catalog, with its location."""
    for location, source in rules.customers.read.places:
        if isinstance(source, Elsewhere):
            yield ("customers", "read", *location), source


def charge_products(rules: Rules) -> Iterator[tuple[Location, Lookup]]:
    """The lookups that give the product of a charge's row."""
    every: list[tuple[Location, Charges | ChargesOverlay]] = [(("charges",), rules.charges)]
    every += [(("variants", index, "charges"), variant.charges) for index, variant in enumerate(rules.variants)]
    for location, charges in every:
        for kind in type(charges).model_fields:
            answer = getattr(charges, kind)
            if isinstance(answer, RowAnswer):
                yield (*location, kind, "row", "product"), answer.row.product


def asks_for(path: str, rules: Rules) -> bool:
    """Whether any value or condition of the mapping depends on a path."""
    if any(path == used for use in all_uses(rules) for _, used in use.paths):
        return True
    return any(CONDITION_NAMES.get(name, name) == path for _, asked in all_conditions(rules) for name in asked)


def all_conditions(rules: Rules) -> Iterator[tuple[Location, Condition]]:
    """Every condition, with its location."""
    for name, rule in rules.documents.items():
        yield ("documents", name, "when"), rule.when
    for index, variant in enumerate(rules.variants):
        yield ("variants", index, "when"), variant.when
        for name, overlay in variant.documents.items():
            if overlay.when is not None:
                yield ("variants", index, "documents", name, "when"), overlay.when
    for index, policy in enumerate(rules.customers.match):
        if isinstance(policy, Pooled):
            yield ("customers", "match", index, "when"), policy.when
    if isinstance(rules.customers.otherwise, Pooled):
        yield ("customers", "otherwise", "when"), rules.customers.otherwise.when
