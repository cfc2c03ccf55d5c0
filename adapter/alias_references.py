"""Characteristics and units that the table of aliases names: looked up in the infobase once, through the copies."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from adapter.copies import Copies
from adapter.mapping.alias_references import owner_of
from adapter.mapping.aliases import Alias
from adapter.mapping.catalogs import AliasReference, Products
from adapter.matching.products import ProductIndex, sku_key
from adapter.model.catalog import Product
from adapter.model.schema import Schema
from adapter.onec.catalogs import Catalogs


@dataclass(frozen=True, slots=True)
class _Element:
    """An element that the table may mean; `owner` is empty where it belongs to nobody."""

    ref_key: str
    text: str
    owner: str


def with_alias_references(copies: Copies, rules: Products, schema: Schema, index: ProductIndex) -> ProductIndex:
    """The index that knows which elements the characteristics and units of its aliases are.

    Raises:
        ConfigurationError, Unavailable: their catalogs cannot be read.
    """
    wanted = {part: product for part, product in index.alias_parts() if part.told}
    if not wanted:
        return index
    elements = {
        name: _elements(copies, reference, {part.told[name] for part in wanted if name in part.told}, schema)
        for name, reference in rules.alias_references.named.items()
    }
    references = {part: _given(part, product, rules, elements) for part, product in wanted.items()}
    return index.with_references(references)


def _given(
    part: Alias, product: Product | None, rules: Products, elements: Mapping[str, Mapping[str, list[_Element]]]
) -> Mapping[str, str] | str:
    """What an alias gives, by its columns; or why it cannot be said."""
    given: dict[str, str] = {}
    for name, text in part.told.items():
        reference = rules.alias_references.named.get(name)
        if reference is None:
            given[name] = text
            continue
        found = _meant(elements[name].get(sku_key(text), []), reference, product)
        if len(found) != 1:
            return _doubt(name, text, part, found, reference, product)
        given[name] = found[0].ref_key
    return given


def _meant(found: list[_Element], reference: AliasReference, product: Product | None) -> list[_Element]:
    """Those of the elements that belong to the product: the nearest owner counts, then nobody."""
    if not reference.owner or product is None:
        return found
    for path in reference.owner:
        owner = str(product.ref_key) if path == "product" else product.further.get(path.partition(".")[2])
        if owned := [element for element in found if owner and element.owner == owner]:
            return owned
    return [element for element in found if not element.owner]


def _doubt(
    name: str, text: str, part: Alias, found: list[_Element], reference: AliasReference, product: Product | None
) -> str:
    of = f" of {product.name or product.sku}" if product is not None and reference.owner else ""
    if found:
        step = "write the Ref_Key of one of them into the table"
        return f'{len(found)} of {reference.lookup} are called "{text}"{of} ({part.place}); {step}'
    step = "correct the table of aliases, or add it in 1C"
    return f'there is no {name} "{text}"{of} in {reference.lookup} ({part.place}); {step}'


def _elements(
    copies: Copies, reference: AliasReference, texts: Iterable[str], schema: Schema
) -> dict[str, list[_Element]]:
    """What the table writes -> the elements that may be meant; a Ref_Key means its own element."""
    wanted = {sku_key(text) for text in texts}
    owner = owner_of(schema.entity_sets[reference.lookup])
    properties = [reference.by, *([owner] if owner else [])]

    def read() -> str:
        catalogs = Catalogs(copies.client, schema)
        found = []
        for row in catalogs.read_elements(reference.lookup, properties):
            text = sku_key(str(row.properties.get(reference.by) or ""))
            if text in wanted or str(row.ref_key) in wanted:
                found.append([str(row.ref_key), text, _key(row.properties.get(owner or ""))])
        return json.dumps(found, ensure_ascii=False)

    digest = hashlib.sha256(json.dumps(sorted(wanted)).encode()).hexdigest()[:16]
    found: dict[str, list[_Element]] = {}
    for ref_key, text, owned_by in json.loads(
        copies.get(f"{reference.lookup}?{','.join(properties)} for aliases {digest}", read)
    ):
        element = _Element(ref_key, text, owned_by)
        for name in {text, ref_key} & wanted:
            found.setdefault(name, []).append(element)
    return found


def _key(value: object) -> str:
    """A reference as text; empty for none."""
    text = str(value or "")
    try:
        return "" if text == _NOTHING else str(UUID(text))
    except ValueError:
        return ""


_NOTHING: Final = str(UUID(int=0))
