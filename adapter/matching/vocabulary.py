"""The different words of a catalog's names: found by their sound, exactly or with a letter or two amiss."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from adapter.matching.folds import folds, skeleton
from adapter.matching.hashing import HashIndex, Numbers, hashes

_SHORTEST = 4
"""Folds of fewer letters collide with everything: Ким, Ли, Цой are found exactly or not at all."""
_SHORTEST_SKELETON = 3


class Texts:
    """Many texts as one run of bytes."""

    def __init__(self, data: NDArray[np.uint8], offsets: NDArray[np.int64]) -> None:
        self.data = data
        self.offsets = offsets

    @classmethod
    def of(cls, texts: Iterable[str]) -> Texts:
        encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
        offsets = np.zeros(len(encoded) + 1, np.int64)
        np.cumsum([len(each) for each in encoded], out=offsets[1:])
        return cls(np.frombuffer(b"".join(encoded), np.uint8), offsets)

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __getitem__(self, at: int) -> str:
        start, end = self.offsets[at : at + 2].tolist()
        return self.data[start:end].tobytes().decode("utf-8", "surrogatepass")

    def all(self) -> list[str]:
        """Every text, at once."""
        data, ends = self.data.tobytes(), self.offsets.tolist()
        return [data[start:end].decode("utf-8", "surrogatepass") for start, end in pairwise(ends)]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words by number, ascending by text, and the folds that they are found by.

    Attributes:
        fold_of: the number of each word's first fold.
        near: hashes of folds, of their skeletons and of both with one letter left out; lead to folds.
        words_at: where the words of a fold begin in `words_by_fold`; those by another reading are among them.
    """

    words: Texts
    folds: list[str]
    fold_of: Numbers
    near: HashIndex
    words_at: Numbers
    words_by_fold: Numbers

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
            Texts.of(words),
            sounds,
            np.array([number[each[0]] for each in readings], np.int32),
            _near(sounds),
            starts,
            np.ascontiguousarray(pairs[order, 1]),
        )

    def arrays(self) -> Iterator[tuple[str, NDArray[Any]]]:
        """What has to be kept, by name."""
        sounds = Texts.of(self.folds)
        yield "words", self.words.data
        yield "word_offsets", self.words.offsets
        yield "folds", sounds.data
        yield "fold_offsets", sounds.offsets
        yield "fold_of", self.fold_of
        yield "near_keys", self.near.keys
        yield "near_folds", self.near.values
        yield "words_at", self.words_at
        yield "words_by_fold", self.words_by_fold

    @classmethod
    def from_arrays(cls, kept: Mapping[str, NDArray[Any]]) -> Vocabulary:
        """From what `arrays` gave."""
        return cls(
            Texts(kept["words"], kept["word_offsets"]),
            Texts(kept["folds"], kept["fold_offsets"]).all(),
            kept["fold_of"],
            HashIndex(kept["near_keys"], kept["near_folds"]),
            kept["words_at"],
            kept["words_by_fold"],
        )

    def words_of(self, fold: int) -> list[int]:
        """The words that have a fold."""
        start, end = self.words_at[fold : fold + 2].tolist()
        found: list[int] = self.words_by_fold[start:end].tolist()
        return found

    def fold_number(self, sound: str) -> int | None:
        """The number of a fold, if any word has it."""
        at = bisect_left(self.folds, sound)
        return at if at < len(self.folds) and self.folds[at] == sound else None

    def number(self, word: str) -> int | None:
        """The number of a word, if a name has it."""
        fold = self.fold_number((folds(word) or (word,))[0])
        return next((at for at in self.words_of(fold) if self.words[at] == word), None) if fold is not None else None

    def folds_of(self, word: str) -> list[int]:
        """The folds of the word, as far as any word has them."""
        numbers = map(self.fold_number, folds(word) or (word,))
        return [number for number in dict.fromkeys(numbers) if number is not None]

    def near_folds(self, word: str) -> list[int]:
        """Folds that may be those of the word with a letter amiss or other vowels; its own are among them."""
        return self.near.find_all(hashes(_keys_of(word)))


def _keys_of(word: str) -> set[str]:
    found: set[str] = set()
    for sound in folds(word) or (word,):
        found.update(_keys(sound))
    return found


def _near(sounds: Sequence[str]) -> HashIndex:
    keys: list[str] = []
    counts = []
    for sound in sounds:
        before = len(keys)
        keys.extend(_keys(sound))
        counts.append(len(keys) - before)
    return HashIndex.of(hashes(keys), np.repeat(np.arange(len(sounds), dtype=np.int32), counts))


def _keys(sound: str) -> list[str]:
    """What a fold is found by. Two folds with one letter amiss share at least one of their deletions."""
    found = ["=" + sound]
    if len(sound) < _SHORTEST:
        return found
    found += {"=" + sound[:at] + sound[at + 1 :] for at in range(len(sound))}
    bones = skeleton(sound)
    if len(bones) >= _SHORTEST_SKELETON:
        found.append("~" + bones)
    if len(bones) > _SHORTEST_SKELETON:
        found += {"~" + bones[:at] + bones[at + 1 :] for at in range(len(bones))}
    return found
