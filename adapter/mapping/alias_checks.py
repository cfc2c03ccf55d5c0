"""The table of aliases against the mapping: what a line says has to have a meaning in the rows."""

from __future__ import annotations

from collections.abc import Iterator

from adapter.mapping.aliases import Alias, Aliases
from adapter.mapping.catalogs import BarcodeRegister
from adapter.mapping.paths import Kind
from adapter.mapping.rules import Rules
from adapter.mapping.sources import From
from adapter.mapping.uses import Place, all_uses, path_facts
from adapter.problems import MAX_PROBLEMS, Problem, YamlDocument


def check_alias_columns(rules: Rules, aliases: Aliases) -> Iterator[Problem]:
    """Characteristics and units of the table that nothing would be done with, or that would be written as what they
    are not; at most a hundred.
    """
    used = _used(rules)
    told = 0
    for part in (part for alias in aliases.values() for part in alias.parts):
        for name in part.told:
            if told < MAX_PROBLEMS and (message := _nothing_done(name, used, rules)):
                told += 1
                yield _problem(part, name, message)


def check_barcode_characteristic(rules: Rules, document: YamlDocument) -> Iterator[Problem]:
    """A characteristic that a barcode names is written into the rows, or the wrong goods would be sold."""
    barcode = rules.products.read.barcode
    if isinstance(barcode, BarcodeRegister) and barcode.characteristic and "product.characteristic" not in _used(rules):
        message = "no row uses product.characteristic; write {from: product.characteristic, optional: true} there"
        yield document.problem(("products", "read", "barcode", "characteristic"), message)


def check_quantities(rules: Rules, aliases: Aliases, document: YamlDocument) -> Iterator[Problem]:
    """A quantity that is rounded is another one, where the table knows parts of a unit."""
    for use in all_uses(rules):
        source = use.source
        if not (isinstance(source, From) and source.source == "line.quantity" and source.round is not None):
            continue
        for part in (part for alias in aliases.values() for part in alias.parts):
            if part.multiplier != round(part.multiplier, source.round):
                message = f"{part.place} sells {part.multiplier} of a unit, and rounded that is another quantity"
                yield document.problem((*use.location, "round"), f"{message}; take round out")
                break


def _used(rules: Rules) -> set[str]:
    return {path for use in all_uses(rules) if use.place is Place.ROW for _, path in use.paths}


def _nothing_done(name: str, used: set[str], rules: Rules) -> str:
    path = f"product.{name}"
    if path not in used:
        return f"no row of the mapping uses {path}; write {{from: {path}, optional: true}} there, or empty the cell"
    if name not in rules.products.alias_references.named and path_facts(path, rules)[0] is Kind.REFERENCE:
        return f"{path} is a reference; name its catalog below products.alias_references.{name} in the mapping"
    return ""


def _problem(part: Alias, name: str, message: str) -> Problem:
    return part.problem(f'"{name}" is {part.told[name][:40]}, but {message}')
