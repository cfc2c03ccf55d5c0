"""How two words of names differ that are not quite the same: by a slip of the hand, or so that they are two people."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from rapidfuzz.distance import OSA

from adapter.matching.folds import folds
from adapter.matching.letters import is_cyrillic
from adapter.matching.spelling import same

_VOWELS: Final = "aeiou"
_LAST_R = re.compile("(?<=[dt])er$")
_ONE_SOUND: Final = (
    *({"i", "y"}, {"i", "j"}, {"y", "j"}, {"v", "w"}, {"k", "c"}, {"k", "q"}, {"h", "g"}, {"h", "x"}),
    *({"и", "і"}, {"и", "ї"}, {"е", "є"}, {"г", "ґ"}, {"к", "қ"}, {"г", "ғ"}, {"н", "ң"}, {"о", "ө"}, {"у", "ү"}),
    *({"у", "ұ"}, {"а", "ә"}, {"х", "һ"}, {"и", "й"}),
)
"""Letters that two languages or clerks write for one sound."""


def is_slip_of_hand(word: str, known: str) -> bool:
    """Whether a letter is missing, too many or in the other's place; another letter or ending may be another name."""
    if other_ending(word, known):
        return False
    if is_cyrillic(word) == is_cyrillic(known):
        return OSA.distance(word, known, score_cutoff=1) == 1 and (
            len(word) != len(known) or sorted(word) == sorted(known)
        )
    return any(same(slip, known) for slip in _slips(word)) or any(same(word, slip) for slip in _slips(known))


def other_ending(word: str, known: str) -> bool:
    """Whether the words differ in how they end alone: Andrea and Andreas, Гуляйвітер and Huliaivitera are two people.

    Every reading of the letters counts: Janata is to Жанат what Zhanata is.
    """
    if is_cyrillic(word) == is_cyrillic(known) and (word.startswith(known) or known.startswith(word)):
        return word != known
    if same(word[:-1], known) or same(word, known[:-1]):
        return True
    others = {_stem(sound): sound for sound in folds(known)}
    return any(others.get(_stem(sound), sound) != sound for sound in folds(word))


def _stem(sound: str) -> str:
    return _LAST_R.sub("r", sound.rstrip(_VOWELS))


def another_letter(word: str, known: str) -> bool:
    """Whether spellings of one script differ by a letter for another sound, not by the ways to write one sound."""
    if len(word) != len(known):
        return False
    return any({one, other} not in _ONE_SOUND for one, other in zip(word, known, strict=True) if one != other)


def _slips(word: str) -> Iterator[str]:
    """The word with a letter left out, or two next to each other exchanged."""
    for at in range(len(word)):
        yield word[:at] + word[at + 1 :]
        if at and word[at] != word[at - 1]:
            yield word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :]
