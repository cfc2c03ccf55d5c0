"""The different words of a catalog's names: found by their sound, exactly or with a letter or two amiss."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from adapter.matching.folds import folds, skeleton
from adapter.matching.given_names import given_folds
from adapter.matching.hashing import Numbers, SumIndex
from adapter.matching.spelling import same

_SHORTEST = 4
"""Folds of fewer letters collide with everything: Ким, Ли, Цой are found exactly or not at all."""
_SHORTEST_SKELETON = 3


class Vocabulary:
    """Words by number, ascending by text, and the folds that they are found by.

    Attributes:
        fold_of: the number of each word's first fold.
        near: check sums of folds, of folds with one letter left out and of skeletons; lead to folds.
        words_at: where the words of a fold begin in `words_by_fold`; those by another reading are among them.
    """

    def __init__(
        self,
        words: list[str],
        folds: list[str],
        fold_of: Numbers,
        near: SumIndex,
        words_at: Numbers,
        words_by_fold: Numbers,
    ) -> None:
        self.words = words
        self.folds = folds
        self.fold_of = fold_of
        self.near = near
        self.words_at = words_at
        self.words_by_fold = words_by_fold
        # Single elements of a memoryview are read in half the time that those of an array take.
        self._fold_of, self._words_at, self._words_by_fold = fold_of.data, words_at.data, words_by_fold.data
        self._spelt: dict[str, tuple[int, ...]] = {}

    @classmethod
    def of(cls, words: Sequence[str]) -> Vocabulary:
        """Words have to be sorted and different."""
        readings = [folds(word) or (word,) for word in words]
        sounds = sorted({sound for each in readings for sound in each})
        number = {sound: at for at, sound in enumerate(sounds)}
        pairs = np.array(
            [(number[sound], at) for at, each in enumerate(readings) for sound in dict.fromkeys(each)], np.int32
        ).reshape(-1, 2)
        order = np.lexsort((pairs[:, 1], pairs[:, 0]))
        starts = np.searchsorted(pairs[order, 0], np.arange(len(sounds) + 1)).astype(np.int32)
        return cls(
            list(words),
            sounds,
            np.array([number[each[0]] for each in readings], np.int32),
            _near(sounds),
            starts,
            np.ascontiguousarray(pairs[order, 1]),
        )

    def arrays(self) -> Iterator[tuple[str, NDArray[Any]]]:
        """What has to be kept, by name."""
        for name, texts in (("word", self.words), ("fold", self.folds)):
            data, offsets = _joined(texts)
            yield f"{name}s", data
            yield f"{name}_offsets", offsets
        yield "fold_of", self.fold_of
        yield "near_sums", self.near.sums
        yield "near_folds", self.near.values
        yield "near_buckets", self.near.buckets
        yield "words_at", self.words_at
        yield "words_by_fold", self.words_by_fold

    @classmethod
    def from_arrays(cls, kept: Mapping[str, NDArray[Any]]) -> Vocabulary:
        """From what `arrays` gave."""
        return cls(
            _parted(kept["words"], kept["word_offsets"]),
            _parted(kept["folds"], kept["fold_offsets"]),
            kept["fold_of"],
            SumIndex(kept["near_sums"], kept["near_folds"], kept["near_buckets"]),
            kept["words_at"],
            kept["words_by_fold"],
        )

    def words_of(self, fold: int) -> list[int]:
        """The words that have a fold."""
        found: list[int] = self._words_by_fold[self._words_at[fold] : self._words_at[fold + 1]].tolist()
        return found

    def sound_of(self, word: int) -> str:
        """The first fold of a word."""
        return self.folds[self._fold_of[word]]

    def fold_number(self, sound: str) -> int | None:
        """The number of a fold, if any word has it."""
        at = bisect_left(self.folds, sound)
        return at if at < len(self.folds) and self.folds[at] == sound else None

    def number(self, word: str) -> int | None:
        """The number of a word, if a name has it."""
        at = bisect_left(self.words, word)
        return at if at < len(self.words) and self.words[at] == word else None

    def folds_of(self, readings: Iterable[str]) -> list[int]:
        """Those of the folds that any word has."""
        numbers = map(self.fold_number, readings)
        return [number for number in dict.fromkeys(numbers) if number is not None]

    def near_folds(self, sums: Iterable[int]) -> set[int]:
        """Folds that may be those of a word with a letter or two amiss, or other vowels; its own are among them.

        Args:
            sums: `near_sums` of the word's folds.
        """
        return self.near.find(sums)

    def spelt(self, name: str) -> tuple[int, ...]:
        """The words that are usual spellings of a name. Asked for given names only, as each answer is kept."""
        found = self._spelt.get(name)
        if found is None:
            numbers = {word for fold in self.folds_of(folds(name)) for word in self.words_of(fold)}
            found = self._spelt[name] = tuple(word for word in sorted(numbers) if same(name, self.words[word]))
        return found

    @cached_property
    def given(self) -> frozenset[int]:
        """The words that may be given names: those that sound like one."""
        sounds = given_folds()
        if len(self.folds) < len(sounds):
            numbers = [number for number, sound in enumerate(self.folds) if sound in sounds]
        else:
            numbers = self.folds_of(sounds)
        return frozenset(word for number in numbers for word in self.words_of(number))


def near_sums(sound: str, *, letters: bool = True) -> list[int]:
    """Check sums of what a fold is found by. Two folds with one letter amiss share at least one of their deletions.

    Two texts of one sum cost a look more, never a mistake.

    Args:
        letters: any letter may be amiss; otherwise vowels, an h and the ending.
    """
    texts = [sound]
    if len(sound) >= _SHORTEST:
        bones, last = skeleton(sound), len(sound) - 1
        if len(bones) >= _SHORTEST_SKELETON:
            texts.append("~" + bones)
        else:
            letters = True  # other vowels are found as any other letters
        texts += [sound[:at] + sound[at + 1 :] for at in range(last + 1) if letters or at == last or sound[at] == "h"]
    return [crc32(text.encode("utf-8", "surrogatepass")) for text in texts]


def _near(sounds: Sequence[str]) -> SumIndex:
    sums: list[int] = []
    counts = []
    for sound in sounds:
        before = len(sums)
        sums.extend(near_sums(sound))
        counts.append(len(sums) - before)
    return SumIndex.of(np.array(sums, np.uint32), np.repeat(np.arange(len(sounds), dtype=np.int32), counts))


# -------------------- texts as arrays


def _joined(texts: Sequence[str]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Many texts as one run of bytes, and where each begins and ends."""
    encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
    offsets = np.zeros(len(encoded) + 1, np.int64)
    np.cumsum([len(each) for each in encoded], out=offsets[1:])
    return np.frombuffer(b"".join(encoded), np.uint8), offsets


def _parted(run: NDArray[np.uint8], offsets: NDArray[np.int64]) -> list[str]:
    data = run.tobytes()
    if data.isascii():
        text, ends = data.decode("ascii"), offsets.tolist()
        return [text[start:end] for start, end in pairwise(ends)]
    return [data[start:end].decode("utf-8", "surrogatepass") for start, end in pairwise(offsets.tolist())]
