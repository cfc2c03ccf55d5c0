"""Hashes that are the same in every process, unlike `hash()`: what a snapshot holds has to be found again."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Hashes: TypeAlias = NDArray[np.int64]
Numbers: TypeAlias = NDArray[np.int32]
Bits: TypeAlias = NDArray[np.float32]


def hashes(texts: Iterable[str]) -> Hashes:
    """The hashes of texts, in their order."""
    found = [blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest() for text in texts]
    return np.frombuffer(b"".join(found), dtype="<i8").astype(np.int64, copy=False)


class HashIndex:
    """A sorted array of hashes and, for each, what it leads to; the same hash may stand there many times."""

    def __init__(self, keys: Hashes, values: Numbers) -> None:
        self.keys = keys
        self.values = values

    @classmethod
    def of(cls, keys: Hashes, values: Numbers) -> HashIndex:
        """From pairs in any order."""
        order = np.lexsort((values, keys))
        return cls(keys[order], values[order])

    def find(self, wanted: Hashes) -> list[Numbers]:
        """What each of the hashes leads to, ascending."""
        starts = self.keys.searchsorted(wanted, "left").tolist()
        ends = self.keys.searchsorted(wanted, "right").tolist()
        return [self.values[start:end] for start, end in zip(starts, ends, strict=True)]

    def find_all(self, wanted: Hashes) -> list[int]:
        """What any of the hashes leads to, each once, in no order."""
        keys = self.keys
        starts = keys.searchsorted(wanted, "left")
        here = np.flatnonzero(keys.take(starts, mode="clip") == wanted) if len(keys) else starts[:0]
        if not len(here):
            return []
        ends = keys.searchsorted(wanted[here], "right").tolist()
        found: set[int] = set()
        for start, end in zip(starts[here].tolist(), ends, strict=True):
            found.update(self.values[start:end].tolist())
        return list(found)
