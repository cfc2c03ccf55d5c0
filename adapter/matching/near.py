"""The SKUs that are nearest to an unknown one: offered to a person, never taken."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from adapter.model.catalog import Product

MOST: Final = 3
NEAR: Final = 0.75
"""How alike two SKUs have to be, from 0 to 1: of eight characters two may differ, of three none."""


class NearProducts:
    """The SKUs of a catalog, ready to be compared.

    Args:
        products: the key of a SKU -> those that have it.
    """

    def __init__(self, products: Iterable[tuple[str, Sequence[Product]]]) -> None:
        self._products: list[Sequence[Product]] = []
        self._keys: list[str] = []
        for key, found in products:
            self._products.append(found)
            self._keys.append(bare(key))
        self._lengths = np.fromiter(map(len, self._keys), np.int64, len(self._keys))
        self._letters = np.fromiter(map(_letters, self._keys), np.uint64, len(self._keys))
        self._told: dict[str, tuple[Product, ...]] = {}

    def of(self, key: str) -> tuple[Product, ...]:
        """Up to three products whose SKUs are most like this one, the best first.

        Blanks, punctuation and zeros in front make no difference; swapped neighbours count as one slip.
        """
        wanted = bare(key)
        if wanted not in self._told:
            self._told[wanted] = self._found(wanted) if wanted else ()
        return self._told[wanted]

    def _found(self, wanted: str) -> tuple[Product, ...]:
        near = self._possible(wanted)
        hits = process.extract(
            wanted,
            [self._keys[at] for at in near],
            scorer=OSA.normalized_similarity,
            processor=None,
            limit=MOST,
            score_cutoff=NEAR,
        )
        return tuple(product for _, _, at in hits for product in self._products[near[at]])[:MOST]

    def _possible(self, wanted: str) -> list[int]:
        """Which SKUs may be near: every slip changes the length by at most one, and at most two letters of the set."""
        slips = np.floor((1 - NEAR) * np.maximum(self._lengths, len(wanted)) + _ROUNDING)
        others = np.bitwise_count(self._letters ^ np.uint64(_letters(wanted)))
        close = (others <= 2 * slips) & (np.abs(self._lengths - len(wanted)) <= slips)
        return [int(at) for at in np.flatnonzero(close)]


_ROUNDING: Final = 1e-9


def _letters(key: str) -> int:
    """Which letters occur, as bits; two letters may share one."""
    found = 0
    for letter in key:
        found |= 1 << (ord(letter) & 63)
    return found


def bare(key: str) -> str:
    """The letters and digits of a SKU, without zeros in front."""
    return "".join(filter(str.isalnum, key)).lstrip("0")
