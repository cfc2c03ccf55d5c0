"""Mistakes put into every preset, one at a time: each is found before anything is written, at its own line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import pytest

from adapter.errors import ConfigurationError
from adapter.mapping.catalogs import BarcodeRegister, CustomerRead
from adapter.mapping.evidence import KindSource
from adapter.mapping.lint import lint
from adapter.mapping.load import LoadedRules, load_mapping
from adapter.mapping.presets import preset_path
from adapter.mapping.sources import Const, From, Rate, Text
from adapter.mapping.uses import Use, all_lookups, all_uses
from adapter.model.schema import EntitySet, Schema
from tests.presets.conftest import schema_of


@dataclass(frozen=True)
class Fault:
    """A mistake: of which sort, the text with it, and the line where a person made it."""

    sort: str
    what: str
    text: str
    line: int


class Seeder:
    """Makes mistakes in a preset, guided by where its rules stand in the file."""

    def __init__(self, loaded: LoadedRules, schema: Schema) -> None:
        self._loaded = loaded
        self._schema = schema
        self._text = loaded.document.path.read_text(encoding="utf-8")
        self._starts = [0, *(match.end() for match in re.finditer("\n", self._text))]
        self._uses = list(all_uses(loaded.rules))

    def faults(self) -> Iterator[Fault]:
        """Every mistake that this preset gives occasion for."""
        yield from self._entity_sets()
        yield from self._names()
        yield from self._sections()
        yield from self._halves()
        yield from self._targets()
        yield from self._types()
        yield from self._lengths()
        yield from self._barcodes()
        yield from self._enumerations()
        yield from self._rates()
        yield from self._kind()
        yield from self._evidence()

    # -------------------- the text

    def _fault(self, sort: str, at: int, length: int, new: str) -> Fault:
        old = self._text[at : at + length]
        text = self._text[:at] + new + self._text[at + length :]
        return Fault(sort, f"{old} -> {new}", text, self._text.count("\n", 0, at) + 1)

    def _at(self, location, *, of_key: bool = False) -> int:
        line, column = self._loaded.document.position(location, of_key=of_key)
        return self._starts[line - 1] + column - 1

    def _scalar(self, location) -> tuple[int, int]:
        """Where a single value stands, and how long it is with its quotes."""
        at = self._at(location)
        match = re.compile(r'"(?:[^"\\]|\\.)*"|\'[^\']*\'|[^,}\]\s#]+').match(self._text, at)
        assert match, self._text[at : at + 30]
        return at, len(match[0])

    # -------------------- the mistakes

    def _entity_sets(self) -> Iterator[Fault]:
        rules = self._loaded.rules
        places = [("documents", name, "entity_set") for name in rules.documents]
        places += [("customers", "entity_set"), ("products", "entity_set")]
        places += [(*location, "lookup") for location, _ in all_lookups(rules)]
        places += [("products", "read", "barcode", "register")] if self._register else []
        for location in places:
            at, length = self._scalar(location)
            yield self._fault("entity set", at, length, _typo(self._text[at : at + length]))

    def _names(self) -> Iterator[Fault]:
        rules = self._loaded.rules
        for use in self._uses:
            at, sort = self._at(use.location, of_key=True), "column" if use.section else "property"
            fault = self._fault(sort, at, len(use.name), _typo(use.name))
            if use.place.name in {"HEADER", "ROW"} and use.location[0] == "documents":
                fault = self._named_alike(fault, use)
            yield fault
        for location, lookup in all_lookups(rules):
            for name in lookup.where:
                at = self._at((*location, "where", name), of_key=True)
                yield self._fault("property of a lookup", at, len(name), _typo(name))
        for part, read in (("customers", rules.customers.read), ("products", rules.products.read)):
            for key, name in read.named.items() if part == "products" else _beside_evidence(rules.customers.read):
                at, length = self._scalar((part, "read", key))
                yield self._fault("property that is read", at, length, _typo(name))

    def _named_alike(self, fault: Fault, use: Use) -> Fault:
        """Whoever errs in a name that the file repeats (order id, total, currency of a rate) errs in every place."""
        rule = self._loaded.rules.documents[str(use.location[1])]
        typo = _typo(use.name)
        text = fault.text
        if use.section is None and use.name == rule.order_id:
            text = re.sub(rf"(\border_id: ){use.name}\b", rf"\g<1>{typo}", text)
        if use.section is None:  # the currency whose rate is wanted
            text = re.sub(rf"(\bof: ){use.name}\b", rf"\g<1>{typo}", text)
        total = re.search(r"^    total: .*$", text, re.MULTILINE)
        if total and use.name in rule.total.properties() and (use.section in rule.total.sections() or not use.section):
            if use.section is None or rule.total.sections() == [use.section]:
                text = text.replace(total[0], re.sub(rf"\b{use.name}\b", typo, total[0]))
            else:  # one of several sections: the total still names the right column of the others
                return Fault(fault.sort, fault.what, fault.text, text.count("\n", 0, total.start()) + 1)
        return Fault(fault.sort, fault.what, text, fault.line)

    def _sections(self) -> Iterator[Fault]:
        for name, rule in self._loaded.rules.documents.items():
            for section in rule.rows:
                at = self._at(("documents", name, "rows", section), of_key=True)
                text = re.sub(rf"(?m)^(\s+){section}:$|(\brows: .*)\b{section}\b", _renamed(section), self._text)
                yield Fault("section", section, text, self._text.count("\n", 0, at) + 1)

    def _halves(self) -> Iterator[Fault]:
        """A composite without its `_Type`: the line of the type is missing, the property tells."""
        named = {use.location: use for use in self._uses}
        for location, use in named.items():
            if (*location[:-1], f"{use.name}_Type") not in named:
                continue
            at = self._at((*location[:-1], f"{use.name}_Type"), of_key=True)
            start = self._text.rindex("\n", 0, at) + 1
            end = self._text.index("\n", at) + 1
            text = self._text[:start] + self._text[end:]
            line = self._text.count("\n", 0, self._at(location, of_key=True)) + 1
            yield Fault("half a pair", use.name, text, line - (start < self._at(location, of_key=True)))

    def _targets(self) -> Iterator[Fault]:
        for use in self._uses:
            wanted = self._columns(use).get(use.name)
            if wanted is None or wanted.target is None:
                continue
            for location, lookup in use.lookups:
                other = self._other_catalog(lookup.lookup, lookup.where)
                if other:
                    yield self._fault("target", *self._scalar((*location, "lookup")), other)
        for use in self._uses:
            if use.name.endswith("_Type") and isinstance(use.source, Const):
                at, length = self._scalar((*use.location, "const"))
                yield self._fault("type of a pair", at, length, '"StandardODATA.Catalog_Nothing"')

    def _types(self) -> Iterator[Fault]:
        wrong = {
            "Edm.String": "true", "Edm.Boolean": '"yes"', "Edm.Double": '"much"', "Edm.Guid": '"nobody"',
            "Edm.DateTime": '"tomorrow"', "Edm.Int16": "1.5", "Edm.Int32": "1.5", "Edm.Int64": "1.5",
        }  # fmt: skip
        for use in self._uses:
            wanted = self._columns(use).get(use.name)
            for location, _ in use.constants if wanted and wanted.type in wrong else ():
                yield self._fault("type", *self._scalar(location), wrong[wanted.type])
            if wanted and wanted.type == "Edm.Double" and isinstance(use.source, From):
                yield self._fault("type", *self._scalar((*use.location, "from")), "order.id")

    def _rates(self) -> Iterator[Fault]:
        """Registers, columns and properties that are not there."""
        for use in self._uses:
            for key in ("rate", "give", "currency", "of") if isinstance(use.source, Rate) else ():
                at, length = self._scalar((*use.location, key))
                yield self._fault("part of a rate", at, length, _typo(self._text[at : at + length]))

    def _enumerations(self) -> Iterator[Fault]:
        """A value that its enumeration does not have."""
        for use in self._uses:
            name = f"{use.section}.{use.name}" if use.section else use.name
            known = name in self._loaded.rules.enumerations.get(use.entity_set, {})
            for location, value in use.constants if known else ():
                if value:
                    at, length = self._scalar(location)
                    yield self._fault("value of an enumeration", at, length, f'"{value}x"')

    def _barcodes(self) -> Iterator[Fault]:
        """A column that the register does not have, and one that leads elsewhere."""
        if not self._register:
            return
        names = [("barcode",), ("product",), *(("empty", index) for index in range(len(self._register.empty)))]
        for name in names:
            at, length = self._scalar(("products", "read", "barcode", *name))
            yield self._fault("column of a register", at, length, _typo(self._text[at : at + length]))
        columns = self._schema.entity_sets[self._register.entity_set].properties
        own = self._loaded.rules.products.entity_set
        for other in (name for name, found in columns.items() if found.target not in {None, own}):
            at, length = self._scalar(("products", "read", "barcode", "product"))
            yield self._fault("target", at, length, other)

    def _kind(self) -> Iterator[Fault]:
        """What tells persons from companies: the property, and values that the enumeration does not have."""
        kind = self._loaded.rules.customers.read.kind
        if not isinstance(kind, KindSource):
            return
        read = ("customers", "read", "kind")
        at, length = self._scalar((*read, "value"))
        yield self._fault("evidence", at, length, _typo(kind.value))
        for key in ("person", "company"):
            at, length = self._scalar((*read, key, 0))
            yield self._fault("value of evidence", at, length, f'"{getattr(kind, key)[0]}x"')

    def _evidence(self) -> Iterator[Fault]:
        """What is compared besides the name: its key, and the places in which it stands."""
        read = self._loaded.rules.customers.read
        for key in read.evidence:
            at = self._at(("customers", "read", key), of_key=True)
            yield self._fault("key of evidence", at, len(key), key[:2] + key[3:])
        for location, source in read.places:
            here = ("customers", "read", *location)
            if isinstance(source, str):
                at, length = self._scalar(here)
                yield self._fault("evidence", at, length, _typo(source))
                continue
            for name in ("value", "section", "through", "owned", "by", "register", "customer", "take"):
                if getattr(source, {"register": "register_"}.get(name, name)):
                    at, length = self._scalar((*here, name))
                    yield self._fault("evidence", at, length, _typo(self._text[at : at + length]))
            for name, value in source.where.items():
                at = self._at((*here, "where", name), of_key=True)
                yield self._fault("evidence", at, len(name), _typo(name))
                at, length = self._scalar((*here, "where", name))
                yield self._fault("value of evidence", at, length, f'"{value}x"')

    @property
    def _register(self) -> BarcodeRegister | None:
        barcode = self._loaded.rules.products.read.barcode
        return barcode if isinstance(barcode, BarcodeRegister) else None

    def _lengths(self) -> Iterator[Fault]:
        rules = self._loaded.rules
        for use in self._uses:
            limit = rules.limits(use.entity_set, use.section).get(use.name)
            if limit is None or isinstance(use.source, Text):
                continue
            at = self._at(use.location, of_key=True)
            end = self._text.index("\n", at)
            carrier = use.section is None and any(use.name == rule.order_id for rule in rules.documents.values())
            # Where orders are found again only the id itself may stand: there it is the limit that is too short.
            if carrier:
                fault = self._fault("length", *self._scalar(("lengths", use.entity_set, use.name)), "18")
                yield Fault("length", fault.what, fault.text, self._text.count("\n", 0, at) + 1)
            else:
                yield self._fault("length", at, end - at, f'{use.name}: {{const: "{"x" * (limit + 1)}"}}')

    # -------------------- the schema

    def _columns(self, use: Use):
        entity_set = self._schema.entity_sets[use.entity_set]
        return entity_set.properties if use.section is None else entity_set.sections[use.section]

    def _other_catalog(self, name: str, where: Mapping[str, object]) -> str:
        """Another catalog that has the properties of a lookup."""

        def fits(other: EntitySet) -> bool:
            catalog = other.name.startswith("Catalog_") and other.key == ("Ref_Key",) and other.name != name
            return catalog and where.keys() <= other.properties.keys()

        return next((other.name for other in self._schema.entity_sets.values() if fits(other)), "")


def _beside_evidence(read: CustomerRead) -> list[tuple[str, str]]:
    return [(key, name) for key, name in read.named.items() if key not in read.evidence]


def _typo(name: str) -> str:
    """A slip: the letter in the middle is left out, or one is added to a short name."""
    quote = name[0] if name[:1] in {'"', "'"} else ""
    middle = len(name) * 2 // 3
    return name[:middle] + name[middle + 1 :] if len(name) > 5 else f"{quote}{name.strip(quote or None)}x{quote}"


def _bare(text: str) -> str:
    return text.strip("\"'")


def _renamed(section: str):
    def renamed(match: re.Match[str]) -> str:
        return match[0].replace(section, _typo(section))

    return renamed


def found_lines(folder, text: str, schema: Schema) -> dict[int, list[str]]:
    """Line -> what load and lint say about it."""
    path = folder / "faulty.yaml"
    path.write_text(text, encoding="utf-8")
    try:
        problems = lint(load_mapping(path), schema)
    except ConfigurationError as error:
        problems = tuple(error.problems)
    found: dict[int, list[str]] = {}
    for problem in problems:
        line = problem.removeprefix(f"{path}:").partition(":")[0]
        found.setdefault(int(line), []).append(problem)
    return found


@pytest.fixture(scope="module")
def seeded(tmp_path_factory):
    """Every mistake in a preset, with what is told about each line; worked out once."""
    folder = tmp_path_factory.mktemp("faults")

    @cache
    def seeded(name: str) -> list[tuple[Fault, dict[int, list[str]]]]:
        schema = schema_of(name)
        faults = Seeder(load_mapping(preset_path(name)), schema).faults()
        return [(fault, found_lines(folder, fault.text, schema)) for fault in faults]

    return seeded


def test_every_mistake_is_found_at_its_line(preset, mapping, seeded):
    whole = preset_path(preset.name).read_text(encoding="utf-8")
    faults = seeded(preset.name)
    assert all(fault.text != whole for fault, _ in faults)
    assert [(fault.sort, fault.what, fault.line, found) for fault, found in faults if fault.line not in found] == []
    sorts = Counter(fault.sort for fault, _ in faults)
    assert len(faults) >= 20
    assert {"entity set", "property", "column", "section", "target", "type", "length"} <= set(sorts)
    assert "value of an enumeration" in sorts
    in_a_register = isinstance(mapping.rules.products.read.barcode, BarcodeRegister)
    assert in_a_register == ("column of a register" in sorts)
    assert any(True for _ in mapping.rules.customers.read.places) == ("evidence" in sorts)
    assert any(use.name.endswith("_Type") for use in all_uses(mapping.rules)) == ("half a pair" in sorts)


def test_a_wrong_name_is_answered_with_the_right_one(preset, seeded):
    """Nearly every slip of the finger gets a suggestion."""
    answered = {"property", "column", "evidence", "value of evidence"}
    slips = [(fault, found) for fault, found in seeded(preset.name) if fault.sort in answered]
    told = sum(
        any(f'"{_bare(fault.what.partition(" -> ")[0])}"' in message for message in found.get(fault.line, ()))
        for fault, found in slips
    )
    assert told >= 0.9 * len(slips)
