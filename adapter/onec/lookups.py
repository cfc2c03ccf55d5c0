"""The one element that has certain values, or what to tell a person where there is none, or several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from adapter.errors import ConfigurationError
from adapter.model.document import Scalar
from adapter.model.schema import EntitySet, Property
from adapter.onec.rows import PAGE, exact, ref_key_of

_SHOWN: Final = 5


def the_one(
    catalog: EntitySet,
    columns: Mapping[str, Property],
    where: Mapping[str, Scalar],
    rows: Sequence[Mapping[str, Any]],
    *,
    more: bool = False,
) -> UUID | ConfigurationError:
    """The one row with these values, or what to tell if there is none or more of them.

    Args:
        more: there may be further rows that were not read.
    """
    hits = [
        row
        for row in rows
        if all(exact(columns[key], row.get(key)) == exact(columns[key], value) for key, value in where.items())
    ]
    if len(hits) == 1 and not more:
        return ref_key_of(hits[0])
    sought = f"{catalog.name} with " + ", ".join(f"{key} = {value!r}" for key, value in where.items())
    if len(hits) <= 1 and more:
        return ConfigurationError(f"{PAGE:,} elements are like {sought}; add a condition to the lookup")
    if not hits:
        return ConfigurationError(f"there is no {sought}; create it in 1C, or correct the lookup")
    return ConfigurationError(
        f"there are {len(hits)} of {sought}: {_named(hits, shown_of(catalog))}; add a condition to the lookup"
    )


def shown_of(catalog: EntitySet) -> list[str]:
    """The properties by which a person knows an element."""
    return [key for key in ("Description", "Code", "IsFolder") if key in catalog.properties]


def _named(rows: Sequence[Mapping[str, Any]], shown: Sequence[str]) -> str:
    names = [
        ", ".join([str(row["Ref_Key"]), *(f"{key} {row[key]!r}" for key in shown if key in row)])
        for row in rows[:_SHOWN]
    ]
    return "; ".join(names) + ("; ..." if len(rows) > _SHOWN else "")
