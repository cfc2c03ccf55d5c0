"""`SliceLast` and `SliceFirst` of periodic information registers."""

from __future__ import annotations

from collections.abc import Mapping

from adapter.simulators.onec import errors
from adapter.simulators.onec.queries import Reader
from adapter.simulators.onec.routes import Literals, read_literals
from adapter.simulators.onec.schema import EntityType
from adapter.simulators.onec.values import Row

PARAMETERS = ("Condition", "Period")


def has_slices(entity: EntityType) -> bool:
    """Whether a set offers the two functions."""
    return entity.role in {"register", "records"} and entity.model.periodicity != "Nonperiodical"


def slice_rows(
    reader: Reader, entity: EntityType, function: str, arguments: Literals, options: Mapping[str, str]
) -> list[Row]:
    """The latest (or first) record for every set of dimensions, up to (or from) the period, borders included.

    Parameters stand in brackets or among the query options. `Condition` is a filter, applied to the records.

    Raises:
        ODataError: a parameter that is not there (501 code 0) or cannot be read.
    """
    given = _parameters(arguments, options)
    rows = reader.filtered(entity, {"$filter": given["Condition"]} if "Condition" in given else {})
    period = given.get("Period")
    last = function == "SliceLast"
    if period is not None:
        rows = [row for row in rows if (row["Period"] <= period if last else row["Period"] >= period)]
    dimensions = [name for name in entity.key if name != "Period"]
    found: dict[tuple[object, ...], Row] = {}
    for row in sorted(rows, key=lambda row: str(row["Period"]), reverse=not last):
        found[tuple(row[name] for name in dimensions)] = row
    return list(found.values())


def _parameters(arguments: Literals, options: Mapping[str, str]) -> dict[str, str]:
    found = dict(arguments)
    for name, text in options.items():
        if not name.startswith("$") and name != "allowedOnly":
            found[name] = read_literals(text)[""]
    for name in found:
        if name not in PARAMETERS:
            raise errors.not_supported(name)
    for name, token in found.items():
        if token.kind != ("datetime" if name == "Period" else "string"):
            raise errors.bad_literal(str(token.value), "Edm.DateTime" if name == "Period" else "Edm.String")
    return {name: str(token.value) for name, token in found.items()}
