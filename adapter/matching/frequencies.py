"""How usual a name is among people at large: for catalogs too small to tell."""

from __future__ import annotations

from functools import cache
from typing import Final

from adapter.matching.data import rows

UNKNOWN: Final = -17.0
"""Of a fold that the list does not have: rarer than those it has."""


def background(fold: str) -> float:
    """log2 of the share of people (of all our languages, equally weighted) who have a word of this fold in the name.

    It is at most 0, and `UNKNOWN` where the list of some ten thousand folds does not have it.
    """
    return _table().get(fold, UNKNOWN)


@cache
def _table() -> dict[str, float]:
    # In quarters of a bit below zero, to keep the file small.
    found: dict[str, float] = {}
    for quarters, folds in rows("background.tsv"):
        found.update(dict.fromkeys(folds.split(" "), -int(quarters) / 4))
    return found
