"""What no single value of a mapping tells: whether its parts agree with one another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from adapter.mapping.lengths import check_lengths
from adapter.mapping.paths import CONDITION_NAMES, PATHS, Kind, Scope
from adapter.mapping.rules import ROW_KINDS, Charges, ChargesOverlay, DocumentRule, RowAnswer, Rows, Rules, Variant
from adapter.mapping.sources import From, Text, Wanted, placeholders
from adapter.mapping.uses import all_conditions, all_uses, asks_for, evidence_elsewhere
from adapter.mapping.values import check_paths, check_transforms
from adapter.model.order import OrderStatus
from adapter.yamlfile import Location, Problem, YamlDocument, did_you_mean, nearest


def check_rules(rules: Rules, document: YamlDocument) -> tuple[Problem, ...]:
    """All contradictions within a mapping, in the order of the file."""
    return tuple(sorted({problem for check in _CHECKS for problem in check(rules, document)}))


def _names(rules: Rules, document: YamlDocument) -> Iterator[Problem]:
    """Names of documents, which become part of the key that makes a document unique."""
    for name in rules.documents:
        if not re.fullmatch(r"\w[\w-]{0,49}", name):
            message = "the name of a document consists of letters, digits, _ and -, at most 50"
            yield document.problem(("documents", name), message, of_key=True)


def _misspelt_reads(rules: Rules, document: YamlDocument) -> Iterator[Problem]:
    """A name that nothing uses is no property to be read besides, if it is nearly the key of something to compare.

    Left alone it would cost evidence without a word, and a name alone would decide.
    """
    for part, read in (("customers", rules.customers.read), ("products", rules.products.read)):
        free = [key for key in type(read).model_fields if getattr(read, key) is None]
        for name in (*read.further, *read.owned):
            if (meant := nearest(name, free, least=70)) and not asks_for(f"{part[:-1]}.{name}", rules):
                message = f'nothing uses {part[:-1]}.{name}; did you mean "{meant}"?'
                yield document.problem((part, "read", name), message, of_key=True)


def _parts_taken(rules: Rules, document: YamlDocument) -> Iterator[Problem]:
    """A part of an address is taken for what it is."""
    for location, source in evidence_elsewhere(rules):
        if source.take is not None and source.take != (key := location[2]):
            message = f"{source.take} is taken of an address, but this is {key}; take it out, or write {source.take}: "
            yield document.problem((*location, "take"), f"{message}{{...}}")


def _order_ids(rules: Rules, document: YamlDocument) -> Iterator[Problem]:
    """The property that carries the order id is written, and really carries it."""
    for name, rule in rules.documents.items():
        location: Location = ("documents", name)
        if rule.order_id not in rule.header:
            meant = did_you_mean(rule.order_id, rule.header)
            yield document.problem((*location, "order_id"), f'"{rule.order_id}" is not in the header{meant}')
        headers = [((*location, "header"), rule.header)]
        headers += [
            (("variants", index, "documents", name, "header"), variant.documents[name].header)
            for index, variant in enumerate(rules.variants)
            if name in variant.documents
        ]
        for below, header in headers:
            if rule.order_id in header and not _carries_order_id(header[rule.order_id]):
                message = "documents are found again by this property, so it has to be {from: order.id}"
                yield document.problem((*below, rule.order_id), message)


def _carries_order_id(source: object) -> bool:
    if isinstance(source, Text):
        return any(path == "order.id" for _, path in placeholders(source.text))
    return isinstance(source, From) and source.source == "order.id" and source.substring is None


def _totals(rules: Rules, document: YamlDocument) -> Iterator[Problem]:
    """The sum of the document can be read where the mapping says."""
    for name, rule in rules.documents.items():
        location, total = ("documents", name, "total"), rule.total
        for prop in total.properties() if total.rows is None else ():
            if prop not in rule.header:
                meant = did_you_mean(prop, rule.header)
                yield document.problem((*location, "property"), f'"{prop}" is not in the header{meant}')
        for section in total.sections():
            if section not in rule.rows:
                meant = did_you_mean(section, rule.rows)
                yield document.problem((*location, "rows"), f'there are no rows "{section}" in this document{meant}')
                continue
            columns = rule.rows[section].columns
            for prop in total.properties():
                if prop not in columns:
                    message = f'"{prop}" is not a column of {section} here{did_you_mean(prop, columns)}'
                    yield document.problem((*location, "property"), message)


def _together(rules: Rules, document: YamlDocument) -> Iterator[Problem]:
    """What is created together with a customer is what the new customer refers to, and is read of the others."""
    customers = rules.customers
    for name in customers.together:
        here: Location = ("customers", "together", name)
        if name not in customers.read.further:
            meant = did_you_mean(name, customers.read.further)
            message = f'customers.read reads no "{name}", the property that refers to it{meant}'
            yield document.problem(here, message, of_key=True)
        elif not any(
            isinstance(each, From) and each.source == f"customer.{name}" for each in customers.create.values()
        ):
            prop = customers.read.further[name]
            message = f"the new customer does not refer to it; write {prop}: {{from: customer.{name}}} below create"
            yield document.problem(here, message, of_key=True)


def _line_numbers(rules: Rules, document: YamlDocument) -> Iterator[Problem]:
    """`LineNumber` is written by the adapter."""
    for use in all_uses(rules):
        if use.section is not None and use.name == "LineNumber":
            yield document.problem(use.location, "line numbers are written by the adapter; take it out", of_key=True)


def _sections(rules: Rules, document: YamlDocument) -> Iterator[Problem]:
    """The goods and every kind of charge with a row go to exactly one tabular section."""
    charges: list[Charges | ChargesOverlay] = [rules.charges, *(variant.charges for variant in rules.variants)]
    with_rows = {kind for part in charges for kind in ROW_KINDS if isinstance(getattr(part, kind), RowAnswer)}
    for name, rule in rules.documents.items():
        every: list[tuple[Location, Mapping[str, Rows]]] = [(("documents", name, "rows"), rule.rows)]
        every += [
            (("variants", index, "documents", name, "rows"), _merged(rule, variant, name))
            for index, variant in enumerate(rules.variants)
            if name in variant.documents and variant.documents[name].rows
        ]
        for location, rows in every:
            yield from _shared_out(location, rows, document)
        for section, rows_ in rule.rows.items():
            for index, kind in enumerate(rows_.each if rows_.each != "goods" else ()):
                if kind not in with_rows:
                    message = f"{kind} never gets a row: see charges.{kind}"
                    yield document.problem(("documents", name, "rows", section, "each", index), message)


def _merged(rule: DocumentRule, variant: Variant, name: str) -> dict[str, Rows]:
    rows = dict(rule.rows)
    for section, changed in variant.documents[name].rows.items():
        rows[section] = rows[section].overlaid(changed) if section in rows else changed
    return rows


def _shared_out(location: Location, rows: Mapping[str, Rows], document: YamlDocument) -> Iterator[Problem]:
    taken: dict[str, str] = {}
    for section, part in rows.items():
        for kind in ["goods"] if part.each == "goods" else part.each:
            if kind in taken:
                message = f"{kind} would be written twice: the rows {taken[kind]} take them already; see each"
                yield document.problem((*location, section, "each"), message)
            taken.setdefault(kind, section)
    if "goods" not in taken:
        yield document.problem(location, "no rows take the goods; one tabular section needs each: goods")


def _variants(rules: Rules, document: YamlDocument) -> Iterator[Problem]:
    """A variant changes what is there."""
    for index, variant in enumerate(rules.variants):
        for name, overlay in variant.documents.items():
            location: Location = ("variants", index, "documents", name)
            if name not in rules.documents:
                meant = did_you_mean(name, rules.documents)
                yield document.problem(location, f'there is no document "{name}"{meant}', of_key=True)
                continue
            sections = rules.documents[name].rows
            for section, rows in overlay.rows.items():
                if section not in sections and "each" not in rows.model_fields_set:
                    meant = did_you_mean(section, sections) or "; new ones need each"
                    message = f'the document has no rows "{section}"{meant}'
                    yield document.problem((*location, "rows", section), message, of_key=True)


# -------------------- conditions


def _conditions(rules: Rules, document: YamlDocument) -> Iterator[Problem]:
    """Conditions that can hold."""
    for location, condition in all_conditions(rules):
        for name, wanted in condition.items():
            path = CONDITION_NAMES.get(name, name)
            if message := _unaskable(path, wanted):
                yield document.problem((*location, name), message)
                continue
            listed = isinstance(wanted, list)
            for index, value in enumerate(wanted if isinstance(wanted, list) else [wanted]):
                if message := _never(path, str(value), listed=listed):
                    yield document.problem((*location, name, index) if listed else (*location, name), message)
        if location[0] == "documents":
            yield from _unwritten(location, condition, document)


def _unaskable(path: str, wanted: Wanted) -> str:
    kind, scope, _ = PATHS[path]
    if scope is not Scope.ORDER or path in {"customer", "order.total"}:
        return "a condition asks about the whole order, before its rows and its customer are known"
    if kind is Kind.FLAG:
        return "" if isinstance(wanted, bool) else "write true or false"
    if wanted in ("absent", "present"):
        return ""
    if kind is not Kind.TEXT:
        return f"this is a {kind}: a condition can only ask whether it is absent or present"
    if isinstance(wanted, bool):
        return "must be a text, a list of texts, absent or present"
    return ""


_CLOSED: dict[str, tuple[str, ...]] = {
    "order.status": tuple(OrderStatus),
    "order.fulfilled_by": ("AMAZON", "MERCHANT"),
    "order.channel": ("AMAZON", "NON_AMAZON"),
}
_LETTERS = {
    "order.marketplace.country": (2, "a country has two letters, such as DE"),
    "ship_to.country": (2, "a country has two letters, such as DE"),
    "order.currency": (3, "a currency has three letters, such as EUR"),
}


def _never(path: str, value: str, *, listed: bool) -> str:
    """Why a value can never be met; capital and small letters count as the same."""
    if value in {"absent", "present"}:
        return f'"{value}" cannot stand in a list' if listed else ""
    if not value.strip():
        return "must not be empty; to ask for nothing, write absent"
    known = _CLOSED.get(path)
    if known is not None and value.upper() not in known:
        return f"must be one of {', '.join(known)}{did_you_mean(value, known)}"
    if path in _LETTERS:
        count, message = _LETTERS[path]
        if count == 2 and value.upper() == "UK":
            return "Great Britain is GB"
        if not (len(value) == count and value.isascii() and value.isalpha()):
            return message
    return ""


# These never reach a document: they wait, are closed, or are held for a person.
_NEVER_WRITTEN = frozenset(
    {OrderStatus.PENDING, OrderStatus.PENDING_AVAILABILITY, OrderStatus.CANCELLED, OrderStatus.UNFULFILLABLE}
)


def _unwritten(location: Location, condition: Mapping[str, Wanted], document: YamlDocument) -> Iterator[Problem]:
    for name in ("status", "order.status"):
        wanted = condition.get(name, ())
        for index, value in enumerate(
            [wanted] if isinstance(wanted, str) else wanted if isinstance(wanted, list) else []
        ):
            if value.upper() in _NEVER_WRITTEN:
                place = (*location, name, index) if isinstance(wanted, list) else (*location, name)
                yield document.problem(place, f"an order that is {value} is never written; take it out")


_CHECKS: Final = (
    check_paths,
    check_transforms,
    _names,
    _misspelt_reads,
    _parts_taken,
    _order_ids,
    _totals,
    _together,
    _line_numbers,
    _sections,
    _variants,
    _conditions,
    check_lengths,
)
