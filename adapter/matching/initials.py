"""Initials: which letters may stand for a word, in either script."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Final

from adapter.matching.letters import is_cyrillic
from adapter.matching.spelling import spellings

_VOWELS: Final = "aeiouyj"
# One initial in two languages: Евгений and Євген, Ігор and Игорь; Ґ and Г.
_ALIKE: Final = ("еєэ", "иіїй", "гґғһ", "кқ", "уұүў", "аә", "оө", "хһ")
_ALPHABETS: Final = "abcdefghijklmnopqrstuvwxyzабвгґғдеєжзиіїйкқлмнңоөпрстуұүўфхһцчшщыэюяә"
_CYRILLIC_YOT: Final = "еєюяйії"
"""Letters whose Latin spellings begin differently: Ye, Je and E for Е."""


def initials(word: str) -> frozenset[str]:
    """The letters that may stand for a plain word: Е, E, Y, I and J for Евгений; Ш, S for Shamil.

    Of a Latin word two letters and more are looked at: Ye is not Й, Sh is not С.
    """
    head = word[:_HEAD]
    return _initials(word[:_LONGEST] if head in _long_heads() else head)


_HEAD: Final = 3
_LONGEST: Final = 8
"""Letters of the longest spelling, and one more."""


@cache
def _long_heads() -> frozenset[str]:
    """How spellings begin that are longer than that."""
    return frozenset(latin[:_HEAD] for found in _starts().values() for latin, _ in found if len(latin) > _HEAD)


@lru_cache(maxsize=2**12)
def _initials(word: str) -> frozenset[str]:
    first = word[:1]
    if is_cyrillic(first):
        return frozenset(_latin_letters(first)) | set(_alike(first))
    found = {first}
    for letter in _cyrillic_starts(word):
        found.update(_alike(letter))
        if letter in _CYRILLIC_YOT and first in _VOWELS:
            found.update(_latin_letters(letter))
    return frozenset(found)


@cache
def first_letters(initial: str) -> frozenset[str]:
    """The letters with which words begin that a letter may stand for, as far as a first letter tells."""
    return frozenset([initial, *(first for first in _ALPHABETS if initial in _initials_from(first))])


def _initials_from(first: str) -> set[str]:
    """The letters that may stand for some word with a first letter."""
    if is_cyrillic(first):
        return set(initials(first))
    found = {first}
    for _, letter in _starts().get(first, ()):
        found.update(_alike(letter))
        if letter in _CYRILLIC_YOT:
            found.update(_latin_letters(letter))
    return found


def initial_of(letter: str, word: str) -> bool:
    """Whether a one-letter word may stand for a full one."""
    return letter in initials(word)


def _alike(letter: str) -> str:
    return next((letters for letters in _ALIKE if letter in letters), letter)


@cache
def _latin_letters(cyrillic: str) -> frozenset[str]:
    return frozenset(latin[0] for latin in spellings(cyrillic) if latin)


def _cyrillic_starts(word: str) -> set[str]:
    """The Cyrillic letters that the beginning of a Latin word may be; the longest spellings that fit."""
    fitting = [(len(latin), letter) for latin, letter in _starts().get(word[:1], ()) if word.startswith(latin)]
    longest = max((length for length, _ in fitting), default=0)
    return {letter for length, letter in fitting if length == longest or (length == 1 and word[0] in _VOWELS)}


@cache
def _starts() -> dict[str, list[tuple[str, str]]]:
    """Usual spellings and their letters by the first letter of the spelling."""
    found: dict[str, list[tuple[str, str]]] = {}
    for letter in "абвгґдеєжзиіїйклмнопрстуфхцчшщыэюя":
        for latin in spellings(letter, usual=True):
            if latin:
                found.setdefault(latin[0], []).append((latin, letter))
    return found
