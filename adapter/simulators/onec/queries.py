"""Reading a set: filter, order, paging, count."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from adapter.simulators.onec import errors
from adapter.simulators.onec.access import User
from adapter.simulators.onec.filter_parser import equal_values, parse_filter
from adapter.simulators.onec.filters import compile_filter
from adapter.simulators.onec.model import Attribute
from adapter.simulators.onec.modes import Modes
from adapter.simulators.onec.schema import EntityType, Schema
from adapter.simulators.onec.selections import Selection, parse_selection
from adapter.simulators.onec.store import Store, fold
from adapter.simulators.onec.values import Row

Lookup = Callable[[str, str], Row | None]


@dataclass(frozen=True, slots=True)
class Page:
    """The rows of an answer and, where it was asked for, how many there are without paging."""

    rows: list[Row]
    selection: Selection
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads sets for one user."""

    store: Store
    schema: Schema
    modes: Modes
    user: User

    def page(self, entity: EntityType, options: Mapping[str, str], source: Iterable[Row] | None = None) -> Page:
        """What a GET of a set answers; `source` stands in for the stored rows (a slice, a section).

        Raises:
            ODataError: an option cannot be read, or a restricted row is in the result.
        """
        selection = parse_selection(self.schema, entity, options.get("$select", ""), options.get("$expand", ""))
        top, skip = _count_option(options, "$top"), _count_option(options, "$skip") or 0
        counted = options.get("$inlinecount", "none")
        if counted not in {"none", "allpages"}:
            raise errors.bad_option("$inlinecount")
        order = parse_order(self.schema, entity, options.get("$orderby", ""), self.store.get)
        rows = self.filtered(entity, options, source)
        for sort_key, descending in reversed(order):
            rows.sort(key=sort_key, reverse=descending)
        count = len(rows) if counted == "allpages" else None
        if count is None or self.modes.inlinecount == "pages":
            rows = rows[skip:] if top is None else rows[skip : skip + top]
        return Page(rows, selection, count)

    def filtered(
        self, entity: EntityType, options: Mapping[str, str], source: Iterable[Row] | None = None
    ) -> list[Row]:
        """The rows that pass `$filter` and that the user may see."""
        rows = self._passing(entity, options.get("$filter"), source)
        if not self.user.hidden:
            return rows
        seen = [row for row in rows if row.get("Ref_Key") not in self.user.hidden]
        allowed_only = options.get("allowedOnly", options.get("$allowedOnly", "false"))
        if len(seen) < len(rows) and allowed_only != "true":
            raise errors.no_right(entity.name)
        return seen

    def _passing(self, entity: EntityType, text: str | None, source: Iterable[Row] | None) -> list[Row]:
        if text is None:
            return list(self.all_rows(entity) if source is None else source)
        expression = parse_filter(text)
        try:
            passes = compile_filter(expression, entity, self.schema, self.store.get)
        except errors.UnknownFilterProperty as problem:
            if self.modes.unknown_filter_property == "empty":
                return []
            if self.modes.unknown_filter_property == "400/6":
                raise errors.segment_not_found(problem.name) from None
            raise
        narrow = equal_values(expression)
        if source is None and narrow is not None and not entity.holder and narrow[0] in entity.by_name:
            source = self.store.find(entity.name, *narrow)
        return [row for row in (self.all_rows(entity) if source is None else source) if passes(row)]

    def all_rows(self, entity: EntityType) -> list[Row]:
        """All rows of a set; those of tabular sections are collected from their owners."""
        if not entity.holder:
            return self.store.rows(entity.name)
        return [row for owner in self.store.rows(entity.holder) for row in owner[entity.section]]


def _count_option(options: Mapping[str, str], name: str) -> int | None:
    text = options.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit()):
        raise errors.bad_option(name)
    return int(text)


SortKey = Callable[[Row], Any]


def parse_order(schema: Schema, entity: EntityType, text: str, lookup: Lookup) -> list[tuple[SortKey, bool]]:
    """`$orderby`: sort keys with True for descending, the first one the weightiest.

    Raises:
        ODataError: 400 code 6 for a name that is not there, code 14 for another form, 500 -1 for a string of
            unlimited length.
    """
    if not text.strip():
        return []
    found = []
    for item in text.split(","):
        words = item.split()
        if not 1 <= len(words) <= 2 or words[1:] not in ([], ["asc"], ["desc"]):
            raise errors.bad_option("$orderby")
        found.append((_sort_key(schema, entity, words[0].split("/"), lookup), words[1:] == ["desc"]))
    return found


def _sort_key(schema: Schema, entity: EntityType, names: list[str], lookup: Lookup) -> SortKey:
    name = names[0]
    if len(names) > 1:
        attribute = entity.by_navigation.get(name)
        target = schema.target(attribute) if attribute else None
        if attribute is None or target is None:
            raise errors.segment_not_found(name)
        return _through(attribute.name, target.name, _sort_key(schema, target, names[1:], lookup), lookup)
    if name in entity.by_type_name:
        return lambda row: row[name]
    if name not in entity.by_name:
        raise errors.segment_not_found(name)
    return _value_key(entity.by_name[name])


def _through(key: str, set_name: str, inner: SortKey, lookup: Lookup) -> SortKey:
    """Order by a property of what a reference leads to; references that lead nowhere come first."""

    def follow(row: Row) -> Any:
        found = lookup(set_name, row[key])
        return (0,) if found is None else (1, inner(found))

    return follow


def _value_key(attribute: Attribute) -> SortKey:
    name = attribute.name
    if attribute.is_unlimited or attribute.edm == "Edm.Binary":
        raise errors.cannot_compare()
    if attribute.edm == "Edm.Guid":
        return lambda row: guid_order(row[name])
    return lambda row: fold(row[name])


def guid_order(guid: str) -> str:
    """References are ordered by their stored form, whose parts stand the other way round."""
    return guid[19:23] + guid[24:] + guid[14:18] + guid[9:13] + guid[:8]
