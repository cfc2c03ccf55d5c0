"""Values of a mapping, each by itself: paths where they have a meaning, transforms of the right kind of value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from adapter.mapping.paths import PATHS, Kind, Scope, further
from adapter.mapping.rules import Rules
from adapter.mapping.sources import FactorTable, From, MapTable, Rate, RateTable, Text, Vat
from adapter.mapping.uses import Place, Use, all_uses, path_facts
from adapter.yamlfile import Location, Problem, YamlDocument, did_you_mean

_BEFORE_CUSTOMER = frozenset({Place.NEW_CUSTOMER, Place.NEW_COMPANION, Place.CANCELLATION})


def check_paths(rules: Rules, document: YamlDocument) -> Iterator[Problem]:
    """Paths where they have a meaning."""
    for use in all_uses(rules):
        for location, path in use.paths:
            if use.place is Place.NEW_CUSTOMER and path.removeprefix("customer.") in rules.customers.together:
                continue  # the key of what is created together with it
            if message := _unread(path, rules) or _misplaced(path, use.place, path_facts(path, rules)[1]):
                yield document.problem(location, message)


def _unread(path: str, rules: Rules) -> str:
    """Why a path that mappings make themselves is none in this one."""
    own = further(path)
    if own is None:
        return ""
    read = rules.read(own[0])
    names = {*read.named, *read.owned}
    if own[1] in names:
        return ""
    paths = [*PATHS, *(f"{own[0]}.{name}" for name in names)]
    return f'{own[0]}s.read reads no "{own[1]}"{did_you_mean(path, paths)}'


def _misplaced(path: str, place: Place, scope: Scope) -> str:
    if scope is Scope.ROW and place is not Place.ROW:
        return f'"{path}" has a meaning only in rows'
    if scope is Scope.PRODUCT and place not in {Place.ROW, Place.NEW_PRODUCT}:
        return f'"{path}" has a meaning only in rows and below products.create'
    if scope is Scope.NEW and place is not Place.NEW_PRODUCT:
        return f'"{path}" has a meaning only below products.create'
    if path.partition(".")[0] == "customer" and place in _BEFORE_CUSTOMER:
        return f'"{path}" is not known here'
    if path == "order.total" and place in {*_BEFORE_CUSTOMER, Place.NEW_PRODUCT}:
        return f'"{path}" is not known here; "order.amazon_total" is'
    return ""


def check_transforms(rules: Rules, document: YamlDocument) -> Iterator[Problem]:
    """Transforms of the right kind of value; templates without references."""
    for use in all_uses(rules):
        match use.source:
            case From() as source:
                yield from _from(use, source, rules, document)
            case Vat() as source:
                yield from _vat(use, source, rules, document)
            case Rate():
                yield from _rate(use, use.source, rules, document)
            case MapTable(map=path, table=table):
                yield from _flags(use.location, path, table, rules, document)
            case Text():
                for location, path in use.paths:
                    if path_facts(path, rules)[0] is Kind.REFERENCE:
                        message = f'"{path}" is a reference, not a text; write {{from: {path}}}'
                        yield document.problem(location, message)


def _from(use: Use, source: From, rules: Rules, document: YamlDocument) -> Iterator[Problem]:
    path = source.source
    for name, kind in _TRANSFORMS.items():
        if name in source.model_fields_set and (found := path_facts(path, rules)[0]) is not kind:
            message = f'"{path}" is a {found}; {name} works on a {kind}'
            yield document.problem((*use.location, name), message, of_key=True)
    if isinstance(source.times, FactorTable):
        yield from _chosen((*use.location, "times"), source.times, "factor", rules, document)
    if source.optional and further(path) is None:
        message = "only what is read from a catalog, such as customer.partner, can be optional"
        yield document.problem((*use.location, "optional"), message, of_key=True)


def _vat(use: Use, source: Vat, rules: Rules, document: YamlDocument) -> Iterator[Problem]:
    if (found := path_facts(source.vat, rules)[0]) is not Kind.NUMBER:
        yield document.problem((*use.location, "vat"), f'"{source.vat}" is a {found}; VAT is part of a number')
    if isinstance(source.rate, RateTable):
        yield from _chosen((*use.location, "rate"), source.rate, "rate", rules, document)


def _rate(use: Use, source: Rate, rules: Rules, document: YamlDocument) -> Iterator[Problem]:
    """A rate is that of the currency of the document's header."""
    if use.place is not Place.HEADER:
        yield document.problem((*use.location, "rate"), "a rate has a meaning only in the header of a document")
        return
    name = str(use.location[use.location.index("documents") + 1])
    if name not in rules.documents:
        return
    header = dict(rules.documents[name].header)
    for variant in rules.variants:
        header |= variant.documents[name].header if name in variant.documents else {}
    if source.of not in header or isinstance(header[source.of], Rate):
        meant = did_you_mean(source.of, header)
        yield document.problem((*use.location, "of"), f'"{source.of}" is not in the header{meant}')


def _chosen(
    location: Location, table: RateTable | FactorTable, what: str, rules: Rules, document: YamlDocument
) -> Iterator[Problem]:
    """A number that is chosen by a text, or by what is true or false."""
    if (found := path_facts(table.map, rules)[0]) not in {Kind.TEXT, Kind.FLAG}:
        message = f'"{table.map}" is a {found}; a {what} is chosen by a text, such as order.marketplace.country'
        yield document.problem((*location, "map"), message)
    yield from _flags(location, table.map, table.table, rules, document)


def _flags(
    location: Location, path: str, table: Mapping[str, object], rules: Rules, document: YamlDocument
) -> Iterator[Problem]:
    """Of what is true or false, a table lists nothing else."""
    for key in table if path_facts(path, rules)[0] is Kind.FLAG else ():
        if key not in {"true", "false"}:
            message = f'"{path}" is "true" or "false"'
            yield document.problem((*location, "table", key), message, of_key=True)


_TRANSFORMS = {
    "valid": Kind.TEXT,
    "trim": Kind.TEXT,
    "upper": Kind.TEXT,
    "substring": Kind.TEXT,
    "times": Kind.NUMBER,
    "round": Kind.NUMBER,
    "date": Kind.DATE,
}
