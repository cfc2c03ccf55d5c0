"""`$metadata` of an infobase, up to 17 MB of XML, read in one pass into a `Schema`.

Shape of the document: measured on a live УТ 11. One `Schema` holds entity types, complex types (rows of tabular
sections), enumerations, associations, and a container with the sets and the functions bound to them.
"""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from sys import intern
from typing import Any, BinaryIO

from lxml import etree

from adapter.model.schema import EntitySet, Property, Schema
from adapter.onec.errors import InfobaseUnavailable, NotPublished, WrongAddress
from adapter.onec.text import one_line

_PARTS = ("EntityType", "ComplexType", "EnumType", "Association", "EntitySet", "FunctionImport")
_ROWS = "_RowType"
_NO_METADATA = "$metadata: what came is not 1C's; check the address of the publication"


def parse_metadata(source: bytes | BinaryIO | Path) -> Schema:
    """Read `$metadata`.

    References to objects that are not published keep their target's name. What is unknown is passed over, and of two
    enumerations of one name the first counts: a live УТ 11 declares one twice.

    Args:
        source: the document, an open file that can be rewound, or a path.

    Raises:
        WrongAddress: a page for people, or XML of another kind.
        InfobaseUnavailable: the document is cut off or broken.
    """
    if isinstance(source, Path):
        with source.open("rb") as file:
            return parse_metadata(file)
    stream = BytesIO(source) if isinstance(source, bytes) else source
    found = _Declarations()
    try:
        found.read(stream)
    except etree.XMLSyntaxError as problem:
        stream.seek(0)
        start = stream.read(400).lstrip(b"\xef\xbb\xbf \t\r\n").lower()
        if b"<html" in start or not start.startswith(b"<"):
            raise WrongAddress(_NO_METADATA) from problem
        raise InfobaseUnavailable(f"$metadata came broken or not whole: {one_line(problem, 120)}") from problem
    return found.resolved()


def published(schema: Schema, entity_set: str) -> EntitySet:
    """The entity set of this name.

    Raises:
        NotPublished: `$metadata` does not list it.
    """
    found = schema.entity_sets.get(entity_set)
    if found is None:
        near = _nearest(entity_set, schema.entity_sets)
        raise NotPublished(f"{entity_set} is not published{near}; add it to the composition of the OData interface")
    return found


def unknown_name(entity_set: EntitySet, unknown: str, section: str = "") -> str:
    """What to tell about a property, section or column that does not exist, with the nearest one that does."""
    if not section and unknown in entity_set.sections:
        return f"{entity_set.name}: {unknown} is a tabular section, which takes rows"
    there: Iterable[str] = entity_set.sections[section] if section else (*entity_set.properties, *entity_set.sections)
    owner = f"{entity_set.name}.{section}" if section else entity_set.name
    return f"{owner} has no {unknown}{_nearest(unknown, there)}"


def _nearest(word: str, words: Iterable[str]) -> str:
    near = difflib.get_close_matches(word, words, n=1)
    return f", did you mean {near[0]}?" if near else ""


@dataclass(frozen=True, slots=True)
class _Type:
    """An entity or complex type as declared, its references not yet resolved."""

    key: tuple[str, ...]
    properties: tuple[tuple[str, str], ...]  # name, type
    navigation: tuple[tuple[str, str, str], ...]  # name, association, role of the other end


@dataclass(slots=True)
class _Declarations:
    """What the document declares, by name; types and associations refer to each other in any order."""

    types: dict[str, _Type] = field(default_factory=dict)
    rows: dict[str, _Type] = field(default_factory=dict)
    enumerations: dict[str, tuple[str, ...]] = field(default_factory=dict)
    ends: dict[tuple[str, str], str] = field(default_factory=dict)  # association and role -> type
    sets: dict[str, str] = field(default_factory=dict)  # set -> type
    functions: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))  # by type
    known: dict[tuple[str, str, str | None], Property] = field(default_factory=dict)  # each kind of property once

    def read(self, stream: BinaryIO) -> None:
        """Walk over the document, forgetting each part once it has been read."""
        parts = etree.iterparse(
            stream,
            tag=[f"{{*}}{name}" for name in _PARTS],
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        checked = False
        for _, part in parts:
            if not checked:
                _check_root(part)
                checked = True
            self._take(part)
            part.clear()
            while part.getprevious() is not None:
                del part.getparent()[0]
        if not checked:
            _check_root(parts.root)

    def _take(self, part: etree._Element) -> None:
        name = _text(part, "Name")
        match _local(part):
            case "EntityType":
                self.types[name] = _type(part)
            case "ComplexType":
                self.rows[name] = _type(part)
            case "EnumType":
                self.enumerations.setdefault(name, tuple(_text(member, "Name") for member in _children(part, "Member")))
            case "Association":
                for end in _children(part, "End"):
                    self.ends[name, _text(end, "Role")] = _bare(_text(end, "Type"))
            case "EntitySet":
                self.sets[name] = _bare(_text(part, "EntityType"))
            case "FunctionImport":
                for parameter in _children(part, "Parameter"):
                    if _text(parameter, "Name") == "bindingParameter":
                        self.functions[_bare(_text(parameter, "Type"))].add(name)

    def resolved(self) -> Schema:
        """The sets with their types, targets, sections and functions."""
        sets = {name: self._entity_set(name, kind) for name, kind in self.sets.items() if kind in self.types}
        return Schema(sets, self.enumerations)

    def _entity_set(self, name: str, kind: str) -> EntitySet:
        declared = self.types[kind]
        targets = self._targets(declared)
        sections = {
            prop: self._columns(_bare(of))
            for prop, of in declared.properties
            if of.startswith("Collection(") and of.rstrip(")").endswith(_ROWS)
        }
        properties = {
            prop: self._property(prop, of, targets.get(prop))
            for prop, of in declared.properties
            if prop not in sections
        }
        return EntitySet(name, declared.key, properties, sections, frozenset(self.functions.get(kind, ())))

    def _columns(self, row_type: str) -> dict[str, Property]:
        """Columns of a tabular section. Only the set of all its rows tells where their references lead."""
        owner = row_type.removesuffix(_ROWS)
        entity = self.types.get(owner) or self.types.get(f"{owner}_RecordType")
        declared = self.rows.get(row_type) or entity
        if declared is None:
            return {}
        targets = self._targets(entity) if entity else {}
        return {prop: self._property(prop, of, targets.get(prop)) for prop, of in declared.properties}

    def _targets(self, declared: _Type) -> dict[str, str]:
        """Entity sets by the property that refers to them: navigation `X` stands for property `X_Key`."""
        return {
            f"{name}_Key": self.ends[association, role]
            for name, association, role in declared.navigation
            if (association, role) in self.ends
        }

    def _property(self, name: str, kind: str, target: str | None) -> Property:
        return self.known.setdefault((name, kind, target), Property(name, kind, target))


def _check_root(part: etree._Element) -> None:
    tree = part.getroottree()
    declared: Any = tree.docinfo  # its type stubs do not know that there may be no DTD
    if declared.internalDTD is not None:
        raise WrongAddress(f"{_NO_METADATA} (it begins with a DOCTYPE)")
    if _local(tree.getroot()) != "Edmx":
        raise WrongAddress(_NO_METADATA)


def _type(part: etree._Element) -> _Type:
    return _Type(
        key=tuple(_text(ref, "Name") for key in _children(part, "Key") for ref in _children(key, "PropertyRef")),
        properties=tuple((_text(each, "Name"), _text(each, "Type")) for each in _children(part, "Property")),
        navigation=tuple(
            (_text(each, "Name"), _bare(_text(each, "Relationship")), _text(each, "ToRole"))
            for each in _children(part, "NavigationProperty")
        ),
    )


def _children(part: etree._Element, name: str) -> Iterator[etree._Element]:
    return part.iterchildren(f"{{*}}{name}")


def _local(part: etree._Element) -> str:
    return str(part.tag).rpartition("}")[2]


def _text(part: etree._Element, attribute: str) -> str:
    """An attribute; equal texts are kept once, for a big infobase repeats them a hundred thousand times."""
    return intern(str(part.get(attribute) or ""))


def _bare(kind: str) -> str:
    """`Catalog_X` of `StandardODATA.Catalog_X`, also within `Collection(...)`."""
    return intern(kind.removeprefix("Collection(").removesuffix(")").rpartition(".")[2])
