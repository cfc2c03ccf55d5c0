"""Whether two words are spellings of one: Щербаков, Shcherbakov and Schtscherbakow are; Захаров and Сахаров are not.

Asked letter by letter. A writer keeps to one way, so a German s may stand for з, but not in a word with an English kh:
Sacharow is Захаров, Sakharov is not.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from operator import itemgetter
from typing import Final

from adapter.matching.data import rows
from adapter.matching.letters import is_cyrillic, is_latin
from adapter.matching.transcription import transcriptions

_WAYS: Final = {"e": 1, "g": 2, "f": 4, "p": 8, "s": 16, "h": 32}
_ALL: Final = 63
_HUSHING: Final = "жчшщ"
_END: Final = "$"
"""The end of a word: some spellings are those of endings."""
_LONGEST: Final = 64
"""Longer words are compared as they are: nobody is called so."""
_RUN = re.compile(r"([^aeiouy])\1+")
_KEPT = itemgetter(1)
# ü written as ue; but those of Bauer, Manuel, Michaela and Joe are no umlauts, and Baur, Michala and Jo other names.
_DIGRAPHS = re.compile(r"(?<![aeq])([aou])e(?!l[aeis]?$|$)")
# Ukrainian and Kazakh letters as Russian clerks write them.
_RUSSIAN = str.maketrans(dict(zip("іїыєэґқғңәөұүһў", "иииеегкгнаоууху", strict=True)))

_Spelling = tuple[str, int, bool]
"""Latin letters, the ways of writing that have them, whether only between scripts."""


@lru_cache(maxsize=2**12)
def same(one: str, other: str) -> bool:
    """Whether two plain words (of `Name.words`) are one word in usual spellings, in one script or across two."""
    if one == other:
        return True
    if max(len(one), len(other)) > _LONGEST:
        return False
    if is_cyrillic(one):
        return _same_cyrillic(one, other) if is_cyrillic(other) else is_latin(other) and _can_spell(other, one)
    if is_cyrillic(other):
        return is_latin(one) and _can_spell(one, other)
    return is_latin(one) and is_latin(other) and _same_latin(one, other)


def can_spell(latin: str, cyrillic: str) -> bool:
    """Whether a word in Latin letters is a usual spelling of a Cyrillic one; both plain."""
    return same(latin, cyrillic)


def spellings(letter: str, *, usual: bool = False) -> tuple[str, ...]:
    """The Latin spellings of a Cyrillic letter.

    Args:
        usual: of one letter only those that everybody or English has; `s` for з is German.
    """
    found = [(latin, ways) for latin, ways, between in _table()[0].get(letter, ()) if not between]
    return tuple(latin for latin, ways in found if not usual or len(latin) > 1 or ways & _WAYS["e"])


# -------------------- one script


def _same_cyrillic(one: str, other: str) -> bool:
    return _russian(one) == _russian(other)


def _russian(word: str) -> str:
    """Without what only Ukrainian and Kazakh letters tell, or one clerk writes and another does not."""
    found = word.replace("ьо", "е").replace("йо", "е").translate(_RUSSIAN).replace("ь", "").replace("ъ", "")
    return found.replace("ий", "и")


def _same_latin(one: str, other: str) -> bool:
    """Two Latin words that may be spellings of one Cyrillic word; a doubled letter alone is another name."""
    (umlauts, runs), (other_umlauts, other_runs) = _written_shorter(one), _written_shorter(other)
    if umlauts == other_umlauts:
        return True
    if runs == other_runs:
        return False
    return not transcriptions(one).isdisjoint(transcriptions(other))


@lru_cache(maxsize=2**9)
def _written_shorter(word: str) -> tuple[str, str]:
    """The word with umlauts as one letter, and without doubled letters."""
    return _DIGRAPHS.sub(_KEPT, word), _RUN.sub(_KEPT, word)


# -------------------- across scripts


def _can_spell(latin: str, cyrillic: str) -> bool:
    latin, cyrillic = latin + _END, cyrillic + _END
    whole = len(latin)
    # By place of the Cyrillic word: how far the Latin one is read there, with the ways that every spelling so far has.
    reached: list[dict[int, int]] = [{0: _ALL}, *({} for _ in cyrillic)]
    for at, after, spellings in _steps(cyrillic):
        ends = reached[after]
        for end, possible in reached[at].items():
            for spelling, ways in spellings.get(latin[end : end + 1]) or spellings[""]:
                if ways & possible and latin.startswith(spelling, end):
                    further = end + len(spelling)
                    ends[further] = ends.get(further, 0) | (ways & possible)
    return whole in reached[-1]


_Spellings = dict[str, tuple[tuple[str, int], ...]]


@lru_cache(maxsize=2**9)
def _steps(cyrillic: str) -> tuple[tuple[int, int, _Spellings], ...]:
    """The letters, and groups of them, that have spellings: where each begins and ends, ascending."""
    by_letter, longest = _by_letter()
    size = len(cyrillic)
    return tuple(
        (at, after, by_letter[letters])
        for at in range(size)
        for after in range(at + 1, min(at + longest, size) + 1)
        if (letters := cyrillic[at:after]) in by_letter
    )


@cache
def _by_letter() -> tuple[dict[str, _Spellings], int]:
    """Spellings and their ways by Cyrillic letters and first Latin letter; those of no letter stand everywhere."""
    table, longest = _table()
    found: dict[str, _Spellings] = {}
    for letters, spellings in table.items():
        firsts = {spelling[:1] for spelling, _, _ in spellings} | {""}
        found[letters] = {
            first: tuple((spelling, ways) for spelling, ways, _ in spellings if spelling[:1] in {first, ""})
            for first in firsts
        }
    return found, longest


@cache
def _table() -> tuple[dict[str, tuple[_Spelling, ...]], int]:
    """Spellings by Cyrillic letters, and how many letters the longest has."""
    table = {letters: tuple(map(_spelling, spellings.split(" "))) for letters, spellings in rows("spellings.tsv")}
    for letter in _HUSHING:  # ё, written е: Горбачев is Gorbachov
        table[letter + "е"] = tuple((spelling + "o", ways, between) for spelling, ways, between in table[letter])
    return table, max(map(len, table))


def _spelling(text: str) -> _Spelling:
    letters, _, ways = text.lstrip("~").partition(":")
    mask = sum(_WAYS[way] for way in ways) if ways else _ALL
    return letters.replace("-", ""), mask, text.startswith("~")
