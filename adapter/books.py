"""What planning needs to know of the infobase, read from it and kept in the ledger for a while."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from adapter.errors import ConfigurationError
from adapter.ledger import Ledger
from adapter.mapping.lint import lint
from adapter.mapping.load import LoadedRules
from adapter.mapping.rules import Lookup
from adapter.mapping.uses import all_lookups
from adapter.matching.customers import CustomerIndex
from adapter.matching.products import ProductIndex
from adapter.model.catalog import Customer, Product
from adapter.model.entry import State
from adapter.model.schema import Schema
from adapter.onec.catalogs import Catalogs
from adapter.onec.client import InfobaseClient
from adapter.onec.metadata import parse_metadata
from adapter.planning.books import Books
from adapter.planning.values import ReferenceKey, References, reference_key


@dataclass(frozen=True, slots=True)
class Copies:
    """Reads from the infobase through the ledger's copies.

    Args:
        max_age: how old a copy may be; zero reads everything anew.
    """

    ledger: Ledger
    client: InfobaseClient
    now: Callable[[], datetime]
    max_age: timedelta

    def get(self, name: str, read: Callable[[], str], max_age: timedelta | None = None) -> str:
        """The kept text, or the one that `read` brings, which is then kept."""
        kept = self.ledger.notes.copy(name)
        if kept is not None and self.now() - kept[1] < (self.max_age if max_age is None else max_age):
            return kept[0]
        content = read()
        if self.ledger.owned:  # a command that only looks keeps nothing
            self.ledger.notes.keep_copy(name, content, self.now())
        return content


def read_schema(copies: Copies) -> Schema:
    """The infobase's schema.

    Raises:
        Unavailable, ConfigurationError: it cannot be read.
    """
    text = copies.get("$metadata", lambda: copies.client.read_metadata().decode("utf-8-sig"))
    return parse_metadata(text.encode())


def check_mapping(mapping: LoadedRules, schema: Schema) -> None:
    """See that the infobase agrees with the mapping, before anything is written.

    Raises:
        ConfigurationError: every disagreement, with file, line and column.
    """
    if problems := lint(mapping, schema):
        raise ConfigurationError([str(problem) for problem in problems])


def read_books(copies: Copies, mapping: LoadedRules, schema: Schema) -> Books:
    """Catalogs and references as planning needs them.

    Raises:
        ConfigurationError: a lookup of the mapping finds no element, or several.
        Unavailable: the infobase does not answer.
    """
    catalogs = Catalogs(copies.client, schema)
    rules = mapping.rules
    customers, products = rules.customers, rules.products
    created = {
        (element.entity_set, element.natural_key): element for element in copies.ledger.elements.in_state(State.DONE)
    }
    customer_rows = _elements(copies, catalogs, customers.entity_set, (customers.read.name,))
    product_rows = _elements(copies, catalogs, products.entity_set, (products.read.sku, products.read.name or ""))
    known_customers = {key: row[0] for key, row in customer_rows.items()}
    known_products = dict(product_rows)
    for element in created.values():
        if element.entity_set == customers.entity_set:
            known_customers.setdefault(str(element.ref_key), element.name)
        elif element.entity_set == products.entity_set:
            known_products.setdefault(str(element.ref_key), [element.name, ""])
    return Books(
        CustomerIndex(Customer(UUID(key), name) for key, name in known_customers.items()),
        ProductIndex((Product(UUID(key), sku, name) for key, (sku, name) in known_products.items()), mapping.aliases),
        _references(copies, catalogs, mapping),
        {natural: element.ref_key for natural, element in created.items()},
    )


def _elements(
    copies: Copies, catalogs: Catalogs, entity_set: str, properties: tuple[str, ...]
) -> Mapping[str, list[str]]:
    """Ref_Key -> the properties as texts; an empty name stands for a property that is not read."""
    wanted = [name for name in properties if name]

    def read() -> str:
        rows = catalogs.read_elements(entity_set, wanted)
        return json.dumps(
            {str(row.ref_key): [str(row.properties.get(name) or "") for name in properties] for row in rows},
            ensure_ascii=False,
        )

    found: Mapping[str, list[str]] = json.loads(copies.get(f"{entity_set}?{','.join(properties)}", read))
    return found


def _references(copies: Copies, catalogs: Catalogs, mapping: LoadedRules) -> References:
    found: dict[ReferenceKey, UUID] = {}
    problems: list[str] = []
    for location, lookup in all_lookups(mapping.rules):
        key = reference_key(lookup)
        if key in found:
            continue
        try:
            found[key] = _reference(copies, catalogs, key, lookup)
        except ConfigurationError as problem:
            problems.append(f"{mapping.document.where(location)} {problem}")
    if problems:
        raise ConfigurationError(problems)
    return found


def _reference(copies: Copies, catalogs: Catalogs, key: ReferenceKey, lookup: Lookup) -> UUID:
    name = f"lookup {json.dumps(key, ensure_ascii=False)}"
    return UUID(copies.get(name, lambda: str(catalogs.lookup(lookup.lookup, lookup.where))))
