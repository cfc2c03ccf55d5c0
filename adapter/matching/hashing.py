"""Hashes that are the same in every process, unlike `hash()`: what a snapshot holds has to be found again."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Hashes: TypeAlias = NDArray[np.int64]
Sums: TypeAlias = NDArray[np.uint32]
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


class SumIndex:
    """Check sums of 32 bits and what each leads to, in buckets of one or two by their first bits.

    A few sums are found sooner one by one than by a search in numpy, in about half the time.

    Attributes:
        sums, values: by bucket; the same sum may stand there many times.
        buckets: where each bucket begins, and the last one ends. There are 2^n of them.
    """

    def __init__(self, sums: Sums, values: Numbers, buckets: Numbers) -> None:
        self.sums = sums
        self.values = values
        self.buckets = buckets
        self._shift = 33 - len(buckets).bit_length()
        # Single elements of a memoryview are read in half the time that those of an array take.
        self._sums, self._values, self._buckets = sums.data, values.data, buckets.data

    @classmethod
    def of(cls, sums: Sums, values: Numbers) -> SumIndex:
        """From pairs in any order."""
        order = np.lexsort((values, sums))
        sums = sums[order]
        bits = max(1, len(sums).bit_length() - 1)
        bounds = np.arange(2**bits, dtype=np.uint64) << np.uint64(32 - bits)
        buckets = np.append(np.searchsorted(sums, bounds.astype(np.uint32)), len(sums))
        return cls(sums, values[order], buckets.astype(np.int32))

    def find(self, wanted: Iterable[int]) -> set[int]:
        """What any of the sums leads to."""
        sums, values, buckets, shift = self._sums, self._values, self._buckets, self._shift
        found: set[int] = set()
        for each in wanted:
            bucket = each >> shift
            for at in range(buckets[bucket], buckets[bucket + 1]):
                if sums[at] == each:
                    found.add(values[at])
        return found
