"""What planning needs to know of the infobase, read from it and kept in the ledger for a while."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final
from uuid import UUID

from loguru import logger

from adapter.barcodes import ask_again, read_barcodes
from adapter.copies import Copies
from adapter.customer_copy import CustomerCopy
from adapter.errors import ConfigurationError
from adapter.mapping.catalogs import Owned, Products
from adapter.mapping.lint import disagreements
from adapter.mapping.load import LoadedRules
from adapter.mapping.sources import Lookup
from adapter.mapping.uses import all_lookups
from adapter.matching.products import ProductIndex
from adapter.model.catalog import Element, Product
from adapter.model.entry import State
from adapter.model.schema import Schema
from adapter.onec.catalogs import Catalogs
from adapter.onec.metadata import parse_metadata
from adapter.onec.schema_cache import Kept, compare, decode_schema, digest_of, encode_schema
from adapter.owned import EMPTY, owned_by
from adapter.planning.books import Books
from adapter.planning.values import ReferenceKey, References, reference_key
from adapter.problems import Problem

METADATA: Final = "$metadata"


def read_schema(copies: Copies, *, anew: bool = False) -> Schema:
    """The infobase's schema: the kept one, unless it is too old.

    Args:
        anew: read it from the infobase whatever is kept.

    Raises:
        Unavailable, ConfigurationError: it cannot be read.
    """
    kept = copies.kept(METADATA)
    known = decode_schema(kept[0]) if kept is not None else None
    if kept and known and not anew and timedelta(0) <= copies.now() - kept[1] < copies.metadata_age:
        return known.schema
    xml = copies.client.read_metadata()
    digest = digest_of(xml)
    schema = known.schema if known is not None and known.digest == digest else parse_metadata(xml)
    _tell_changes(known, digest, schema)
    copies.keep(METADATA, encode_schema(schema, digest))
    return schema


def _tell_changes(known: Kept | None, digest: str, schema: Schema) -> None:
    if known is not None and known.digest != digest:
        logger.info("the infobase's configuration has changed: {}", compare(known.schema, schema))


def agreed_schema(copies: Copies, mapping: LoadedRules) -> Schema:
    """The infobase's schema, which agrees with the mapping.

    A kept schema that does not agree is read anew first: the infobase may have been put right meanwhile.

    Raises:
        ConfigurationError: every disagreement, with file, line and column.
        Unavailable: the schema cannot be read.
    """
    schema = read_schema(copies)
    if disagreements(mapping, schema):
        schema = read_schema(copies, anew=True)
        check_mapping(mapping, schema)
    return schema


def check_mapping(mapping: LoadedRules, schema: Schema) -> None:
    """See that the infobase agrees with the mapping, before anything is written.

    Raises:
        ConfigurationError: every disagreement, with file, line and column.
    """
    if problems := disagreements(mapping, schema):
        raise ConfigurationError(problems)


def read_books(
    copies: Copies, mapping: LoadedRules, schema: Schema, customer_copy: CustomerCopy | None = None
) -> Books:
    """Catalogs and references as planning needs them.

    Args:
        customer_copy: of the customers, which serves many runs; by default one for this time.

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
    known_products = _elements(copies, catalogs, products.entity_set, products.read.named)
    _add_owned(copies, catalogs, products, known_products, schema)
    for element in created.values():
        if element.entity_set == products.entity_set:
            known_products.setdefault(str(element.ref_key), {"sku": element.name})
    ours = {each.ref_key: each.name for each in created.values() if each.entity_set == customers.entity_set}
    return Books(
        (customer_copy or CustomerCopy(copies, rules)).index_with(schema, ours),
        ProductIndex(
            (_product(key, known) for key, known in known_products.items()),
            mapping.aliases,
            read_barcodes(copies, products, known_products, schema),
        ),
        _references(copies, catalogs, mapping),
        {natural: element.ref_key for natural, element in created.items()},
    )


def with_latecomers(copies: Copies, mapping: LoadedRules, schema: Schema, books: Books, codes: Iterable[str]) -> Books:
    """The books with what the infobase knows by now of single barcodes, and the products that they lead to.

    Args:
        codes: as `matching.barcodes.gtin` gives them; no product had them when the catalogs were read.

    Raises:
        ConfigurationError, Unavailable: the infobase cannot be asked.
    """
    rules = mapping.rules.products
    found = ask_again(copies, rules, codes, schema)
    absent = {str(barcode.product) for barcode in found if books.products.by_ref(barcode.product) is None}
    new: dict[str, dict[str, str]] = {}
    if absent:
        named = rules.read.named
        rows = Catalogs(copies.client, schema).find_any(rules.entity_set, "Ref_Key", sorted(absent), _read_of(named))
        new = _by_names(named, _texts(rows))
        _add_owned(replace(copies, max_age=timedelta(0)), Catalogs(copies.client, schema), rules, new, schema)
    if not found:
        return books
    return replace(books, products=books.products.extended((_product(key, known) for key, known in new.items()), found))


def _product(key: str, known: Mapping[str, str]) -> Product:
    return Product(UUID(key), known.get("sku", ""), known.get("name", ""), known)


def _elements(
    copies: Copies, catalogs: Catalogs, entity_set: str, named: Mapping[str, str]
) -> dict[str, dict[str, str]]:
    """Ref_Key -> what is read of the element as texts, by the mapping's names; without what 1C leaves empty."""
    properties = _read_of(named)

    def read() -> str:
        return json.dumps(_texts(catalogs.read_elements(entity_set, properties)), ensure_ascii=False)

    return _by_names(named, json.loads(copies.get(f"{entity_set}?{','.join(properties)}", read)))


def _read_of(named: Mapping[str, str]) -> list[str]:
    """The properties to read, each once."""
    return list(dict.fromkeys(named.values()))


def _texts(rows: Iterable[Element]) -> dict[str, dict[str, str]]:
    """Ref_Key -> the properties as texts, without empty ones."""
    return {
        str(row.ref_key): {name: str(value) for name, value in row.properties.items() if value not in EMPTY}
        for row in rows
    }


def _by_names(named: Mapping[str, str], found: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """The same by the mapping's names."""
    return {key: {name: row[prop] for name, prop in named.items() if prop in row} for key, row in found.items()}


def _add_owned(
    copies: Copies, catalogs: Catalogs, rules: Products, known: dict[str, dict[str, str]], schema: Schema
) -> None:
    """Add to every known element the references to what belongs to it."""
    for name, owned in rules.read.owned.items() if known else ():
        for key, found in _owned(copies, catalogs, rules.entity_set, owned, schema).items():
            if key in known:
                known[key][name] = found


def _owned(copies: Copies, catalogs: Catalogs, owner_set: str, owned: Owned, schema: Schema) -> Mapping[str, str]:
    """Ref_Key of an owner -> Ref_Key of the one element that belongs to it; owners of none or several are left out."""
    place = (owned.owned, owned.by)

    def read() -> str:
        found: dict[str, list[str]] = {}
        for key, element in owned_by(catalogs, schema, owner_set, place, owned.where):
            found.setdefault(key, []).append(str(element.ref_key))
        return json.dumps({key: refs[0] for key, refs in found.items() if len(refs) == 1})

    where = json.dumps(owned.where, ensure_ascii=False, sort_keys=True, default=str)
    kept: Mapping[str, str] = json.loads(copies.get(f"{owned.owned} of {owner_set} by {owned.by} {where}", read))
    return kept


def _references(copies: Copies, catalogs: Catalogs, mapping: LoadedRules) -> References:
    found: dict[ReferenceKey, UUID] = {}
    problems: list[Problem] = []
    lookups = _Lookups(catalogs, [lookup for _, lookup in all_lookups(mapping.rules)])
    for location, lookup in all_lookups(mapping.rules):
        key = reference_key(lookup)
        if key in found:
            continue
        try:
            found[key] = _reference(copies, lookups, key, lookup)
        except ConfigurationError as problem:
            problems.append(mapping.document.problem(location, str(problem)))
    if problems:
        raise ConfigurationError(problems)
    return found


def _reference(copies: Copies, lookups: _Lookups, key: ReferenceKey, lookup: Lookup) -> UUID:
    name = f"lookup {json.dumps(key, ensure_ascii=False, default=str)}"
    return UUID(copies.get(name, lambda: str(lookups.read(lookup))))


class _Lookups:
    """Lookups, read from the infobase set by set: the first one of a set brings all of them."""

    def __init__(self, catalogs: Catalogs, lookups: Sequence[Lookup]) -> None:
        self._catalogs = catalogs
        self._by_set: dict[str, dict[ReferenceKey, Lookup]] = {}
        self._read: dict[ReferenceKey, UUID | ConfigurationError] = {}
        for lookup in lookups:
            self._by_set.setdefault(lookup.lookup, {})[reference_key(lookup)] = lookup

    def read(self, lookup: Lookup) -> UUID:
        """The one object that a lookup means.

        Raises:
            ConfigurationError: there is none, or several.
            Unavailable: the infobase does not answer.
        """
        key = reference_key(lookup)
        if key not in self._read:
            wanted = self._by_set[lookup.lookup]
            answers = self._catalogs.lookups(lookup.lookup, [each.where for each in wanted.values()])
            self._read |= dict(zip(wanted, answers, strict=True))
        found = self._read[key]
        if isinstance(found, ConfigurationError):
            raise found
        return found
