"""Customers as the mapping has them read: their names, and what else of them can be compared with an order."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from adapter.mapping.evidence import Elsewhere, KindSource, Source
from adapter.mapping.rules import Rules
from adapter.mapping.uses import asks_for
from adapter.matching.postal_codes import postal_code_in
from adapter.model.catalog import Customer, Element, Evidence, Kind
from adapter.model.schema import Schema
from adapter.onec.catalogs import Catalogs
from adapter.onec.client import InfobaseClient
from adapter.onec.errors import RefusedByInfobase, Unsendable
from adapter.onec.registers import Registers
from adapter.owned import EMPTY, equal, owned_by

_Beside = Mapping[int, Mapping[str, tuple[str, ...]]]
"""What stands outside the catalog: number of the place -> key of the customer, or of what it refers to -> values."""


@dataclass(frozen=True, slots=True)
class Sought:
    """By what the infobase is asked for customers that may have been entered meanwhile."""

    names: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    tax_ids: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        """Whether there is anything to ask."""
        return bool(self.names or self.emails or self.tax_ids)


class CustomerReader:
    """Reads customers of one configuration."""

    def __init__(self, rules: Rules, schema: Schema) -> None:
        self._rules = rules.customers
        self._schema = schema
        read = rules.customers.read
        # What no value of the mapping takes is not kept: a million customers are many.
        self._further = {
            name: prop
            for name, prop in read.named.items()
            if name in read.further or asks_for(f"customer.{name}", rules)
        }
        self._sources = [(key, source) for key, sources in read.evidence.items() for source in sources]
        self._properties, self._sections = self._asked()

    @property
    def form(self) -> str:
        """Changes whenever what is read does."""
        read, further = self._rules.read, sorted(self._further)
        told = [self._rules.entity_set, read.model_dump(mode="json"), further]
        return hashlib.sha256(json.dumps(told, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:16]

    def _asked(self) -> tuple[list[str], dict[str, list[str]]]:
        """Properties of the catalog, and columns of its tabular sections."""
        read = self._rules.read
        kind = [read.kind.value] if isinstance(read.kind, KindSource) else []
        properties = [read.name, *([read.full_name] if read.full_name else []), *kind, *self._further.values()]
        sections: dict[str, list[str]] = {}
        for _, source in self._sources:
            if isinstance(source, str):
                properties.append(source)
            elif source.through is not None:
                properties.append(source.through)
            elif source.section is not None:
                sections.setdefault(source.section, []).extend(source.columns)
            elif not (source.owned or source.register_):
                properties.append(source.value)
        return list(dict.fromkeys(properties)), {name: list(dict.fromkeys(each)) for name, each in sections.items()}

    # -------------------- reading

    def read(self, client: InfobaseClient) -> Iterator[Customer]:
        """All customers, page by page.

        Raises:
            ConfigurationError, Unavailable: the infobase cannot be read.
        """
        catalogs = Catalogs(client, self._schema)
        beside, owned = self._beside(client, None, None), self._owned(catalogs, None)
        for element in catalogs.elements(self._rules.entity_set, self._properties, self._sections):
            yield self._customer(element, beside, owned)

    def with_keys(self, client: InfobaseClient, keys: Sequence[str]) -> list[Customer]:
        """The customers with these keys, as far as they are there.

        Raises:
            ConfigurationError, Unavailable: as `read`.
        """
        return self._whole(client, self._found(client, "Ref_Key", keys)) if keys else []

    def seek(self, client: InfobaseClient, sought: Sought) -> list[Customer]:
        """Customers that have one of the names, addresses or numbers now, whatever the case.

        Raises:
            ConfigurationError, Unavailable: as `read`.
        """
        found = {
            element.ref_key: element for element in self._found(client, self._rules.read.name, sorted(sought.names))
        }
        for keys, values in ((("email", "alias"), sought.emails), (("tax_id",), sought.tax_ids)):
            for source in [source for key, source in self._sources if key in keys] if values else ():
                # 1C compares no texts of unlimited length; what it cannot look for, it is not asked for.
                with suppress(RefusedByInfobase, Unsendable):
                    found |= {each.ref_key: each for each in self._having(client, source, sorted(values))}
        return self._whole(client, list(found.values()))

    def _having(self, client: InfobaseClient, source: Source, values: Sequence[str]) -> list[Element]:
        if isinstance(source, str):
            return self._found(client, source, values)
        rows = f"{self._rules.entity_set}_{source.section}"
        if source.through or source.section is None or rows not in self._schema.entity_sets:
            return []
        records = Registers(client, self._schema).find_any(rows, source.value, values, ["Ref_Key"])
        return self._found(client, "Ref_Key", sorted({str(record["Ref_Key"]) for record in records}))

    def _found(self, client: InfobaseClient, prop: str, values: Sequence[str]) -> list[Element]:
        if not values:
            return []
        catalogs = Catalogs(client, self._schema)
        return catalogs.find_any(self._rules.entity_set, prop, values, self._properties, self._sections)

    def _whole(self, client: InfobaseClient, found: Sequence[Element]) -> list[Customer]:
        if not found:
            return []
        keys = [str(element.ref_key) for element in found]
        beside, owned = self._beside(client, found, keys), self._owned(Catalogs(client, self._schema), keys)
        return [self._customer(element, beside, owned) for element in found]

    # -------------------- one customer

    def _customer(self, element: Element, beside: _Beside, owned: Mapping[str, Mapping[str, str]]) -> Customer:
        values, read, key = element.properties, self._rules.read, str(element.ref_key)
        further = {name: str(values[prop]) for name, prop in self._further.items() if values.get(prop) not in EMPTY}
        further |= {name: known[key] for name, known in owned.items() if key in known}
        told: dict[str, list[str]] = defaultdict(list)
        for number, (kind, source) in enumerate(self._sources):
            told[kind] += self._values(number, source, element, beside)
        return Customer(
            element.ref_key,
            _text(values.get(read.name)),
            further,
            _text(values.get(read.full_name)) if read.full_name else "",
            _kind_of(read.kind, values),
            Evidence(
                emails=_each([*told["email"], *told["alias"]]),
                phones=_each(told["phone"]),
                tax_ids=_each(told["tax_id"]),
                postal_codes=_each(told["postal_code"]),
                city=next(iter(_each(told["city"])), ""),
                country=next(iter(_each(told["country"])), ""),
            ),
        )

    def _values(self, number: int, source: Source, element: Element, beside: _Beside) -> Iterable[str]:
        if isinstance(source, str):
            return [_text(element.properties.get(source))]
        if source.through is not None:
            return beside[number].get(str(element.properties.get(source.through)), ())
        if source.owned is not None or source.register_ is not None:
            return beside[number].get(str(element.ref_key), ())
        return values_of(source, element.properties)

    # -------------------- what stands beside the catalog

    def _beside(self, client: InfobaseClient, found: Sequence[Element] | None, keys: Sequence[str] | None) -> _Beside:
        """Values outside the catalog, of all customers or of those that were found; each set is read once."""
        places: dict[tuple[str | None, ...], list[tuple[int, Elsewhere]]] = defaultdict(list)
        for number, (_, source) in enumerate(self._sources):
            if isinstance(source, Elsewhere) and (source.through or source.owned or source.register_):
                place = (source.through, source.owned, source.by, source.register_, source.customer)
                places[place].append((number, source))
        known: dict[int, dict[str, tuple[str, ...]]] = {number: {} for each in places.values() for number, _ in each}
        for sources in places.values():
            for key, row in self._rows(client, [source for _, source in sources], found, keys):
                for number, source in sources:
                    if values := _each(values_of(source, row)):
                        known[number][key] = known[number].get(key, ()) + values
        return known

    def _rows(
        self,
        client: InfobaseClient,
        sources: Sequence[Elsewhere],
        found: Sequence[Element] | None,
        keys: Sequence[str] | None,
    ) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Whose they are, and the rows in which the values of one place stand."""
        first, catalogs = sources[0], Catalogs(client, self._schema)
        columns = list(dict.fromkeys(name for source in sources for name in source.columns))
        if first.through is not None:
            yield from self._referred(catalogs, first.through, sources, found)
        elif first.owned is not None:
            for key, element in owned_by(
                catalogs, self._schema, self._rules.entity_set, (first.owned, first.by), {}, columns, keys
            ):
                yield key, element.properties
        else:
            registers, column = Registers(client, self._schema), first.customer or ""
            name, wanted = first.register_ or "", [column, *columns]
            records = (
                registers.read_records(name, wanted) if keys is None else registers.find_any(name, column, keys, wanted)
            )
            for record in records:
                if record.get(f"{column}_Type", self._type) == self._type:
                    yield str(record.get(column)), record

    def _referred(
        self, catalogs: Catalogs, through: str, sources: Sequence[Elsewhere], found: Sequence[Element] | None
    ) -> Iterator[tuple[str, Mapping[str, Any]]]:
        target = self._schema.entity_sets[self._rules.entity_set].properties[through].target or ""
        properties = list(dict.fromkeys(name for source in sources if not source.section for name in source.columns))
        sections: dict[str, list[str]] = {}
        for source in sources:
            if source.section:
                sections.setdefault(source.section, []).extend(source.columns)
        if found is None:
            elements: Iterable[Element] = catalogs.elements(target, properties, sections)
        else:
            wanted = sorted(
                {str(each.properties.get(through)) for each in found if each.properties.get(through) not in EMPTY}
            )
            elements = catalogs.find_any(target, "Ref_Key", wanted, properties, sections) if wanted else ()
        for element in elements:
            yield str(element.ref_key), element.properties

    @property
    def _type(self) -> str:
        return f"StandardODATA.{self._rules.entity_set}"

    def _owned(self, catalogs: Catalogs, keys: Sequence[str] | None) -> dict[str, dict[str, str]]:
        """Name of the mapping -> key of a customer -> key of the one element that belongs to it."""
        found: dict[str, dict[str, str]] = {}
        for name, owned in self._rules.read.owned.items():
            known: dict[str, str | None] = {}
            for key, element in owned_by(
                catalogs, self._schema, self._rules.entity_set, (owned.owned, owned.by), owned.where, (), keys
            ):
                known[key] = None if key in known else str(element.ref_key)
            found[name] = {key: ref for key, ref in known.items() if ref is not None}
        return found


def values_of(source: Elsewhere, properties: Mapping[str, Any]) -> list[str]:
    """The values of one place, out of what was read of the element, row or record in which it stands."""
    rows = properties.get(source.section) or () if source.section else (properties,)
    chosen = [row for row in rows if all(equal(row.get(name), value) for name, value in source.where.items())]
    take: Callable[[str], str] = postal_code_in if source.take == "postal_code" else str
    return [take(_text(row.get(source.value))) for row in chosen]


def _kind_of(source: KindSource | str | None, values: Mapping[str, Any]) -> Kind:
    if not isinstance(source, KindSource):
        return Kind.UNKNOWN
    told = _text(values.get(source.value))
    return Kind.PERSON if told in source.person else Kind.COMPANY if told in source.company else Kind.UNKNOWN


def _text(value: object) -> str:
    return "" if value in EMPTY else str(value).strip()


def _each(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))
