"""`$select` and `$expand`: which properties of which entity an answer shows.

Source: 1C:Enterprise developer guide 17.4.6; `**` (all but tabular sections) and the columns of sections were
measured on a live УТ 11.5, as was the rule that a nested navigation needs `$select` too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from adapter.simulators.onec import errors
from adapter.simulators.onec.model import Attribute
from adapter.simulators.onec.schema import EntityType, Schema

PRESENTATION = "____Presentation"

Steps = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Expansion:
    """One navigation property to be filled with its object."""

    attribute: Attribute
    target: EntityType
    selection: Selection


@dataclass(frozen=True, slots=True)
class Selection:
    """What is shown of one entity.

    Attributes:
        names: scalar properties; None for all of them.
        sections: columns by tabular section, None for all columns.
        presentations: properties whose text for people is added.
    """

    names: frozenset[str] | None
    sections: Mapping[str, frozenset[str] | None]
    presentations: tuple[str, ...] = ()
    expansions: tuple[Expansion, ...] = field(default=())

    def shows(self, name: str) -> bool:
        """Whether a scalar property is shown."""
        return self.names is None or name in self.names


def everything(entity: EntityType) -> Selection:
    """All properties and sections, nothing expanded."""
    return Selection(None, {section.name: None for section in entity.sections})


def parse_selection(schema: Schema, entity: EntityType, select: str, expand: str) -> Selection:
    """Read both options.

    Raises:
        ODataError: 400 code 6, a name that is not there; it is echoed.
    """
    return _selection(schema, entity, _paths(select), _paths(expand))


def _paths(text: str) -> list[Steps]:
    return [tuple(item.strip().split("/")) for item in text.split(",") if item.strip()]


def _selection(schema: Schema, entity: EntityType, select: list[Steps], expand: list[Steps]) -> Selection:
    expansions = tuple(_expansions(schema, entity, select, expand))
    if not select:
        whole = everything(entity)
        return Selection(whole.names, whole.sections, (), expansions)
    names: set[str] = set()
    everything_scalar = False
    sections: dict[str, frozenset[str] | None] = {}
    presentations: list[str] = []
    for path in select:
        head = path[0]
        if head in {"*", "**"}:
            everything_scalar = True
            if head == "*":
                sections.update({section.name: None for section in entity.sections})
        elif head in entity.section_by_name:
            _choose_columns(entity, path, sections)
        elif head.endswith(PRESENTATION):
            presentations += _presented(entity, head)
        elif len(path) == 1 and (head in entity.by_name or head in entity.by_type_name):
            names.add(head)
        elif head == "Presentation":
            presentations.append(head)
        elif head not in entity.by_navigation:
            raise errors.segment_not_found(head)
    return Selection(None if everything_scalar else frozenset(names), sections, tuple(presentations), expansions)


def _choose_columns(entity: EntityType, path: Steps, sections: dict[str, frozenset[str] | None]) -> None:
    head, column = path[0], path[1] if len(path) > 1 else "*"
    rows = entity.section_by_name[head].rows
    if column in {"*", "**"}:
        sections[head] = None
        return
    if column not in rows.by_name and column not in rows.by_type_name:
        raise errors.segment_not_found(column)
    chosen = sections.get(head, frozenset())
    sections[head] = None if chosen is None else chosen | {column}


def _presented(entity: EntityType, head: str) -> list[str]:
    name = head.removesuffix(PRESENTATION)
    if name == "*":
        return [attribute.navigation or attribute.name for attribute in entity.attributes]
    if name not in entity.by_name and name not in entity.by_navigation:
        raise errors.segment_not_found(head)
    return [name]


def _expansions(schema: Schema, entity: EntityType, select: list[Steps], expand: list[Steps]) -> Iterable[Expansion]:
    heads: dict[str, list[Steps]] = {}
    for path in expand:
        names = entity.by_navigation if path[0] == "*" else [path[0]]
        for name in names:
            deeper = heads.setdefault(name, [])
            if len(path) > 1:
                deeper.append(path[1:])
    for name, deeper in heads.items():
        attribute = entity.by_navigation.get(name)
        target = schema.target(attribute) if attribute else None
        if attribute is None or target is None:
            if any(path[0] == "*" for path in expand):
                continue
            raise errors.segment_not_found(name)
        inner = [path[1:] for path in select if path[0] == name and len(path) > 1]
        named = {path[0] for path in inner}
        nested = [path for path in deeper if path[0] in named]
        yield Expansion(attribute, target, _selection(schema, target, inner, nested))
