"""Cyrillic names in Latin letters: whether one word can be a spelling of another, and a key to find such words by.

Whether a spelling is possible is asked letter by letter, so Диана is Diana and not Dana, Захаров not Sakharov. Where
usual spellings of two letters collide (ch is ч in English and х in German, z is з and Polish ż) only the commoner one
counts: the other word is then merely similar, and a person decides.
"""

from __future__ import annotations

import re
from functools import lru_cache

_SPELLINGS: dict[str, tuple[str, ...]] = {
    letters: tuple(spellings.split())
    for letters, spellings in {
        "а": "a", "б": "b", "в": "v w ff", "г": "g h gh gu", "ґ": "g", "д": "d", "е": "e ye je ie yo io jo",
        "є": "ye ie je e", "ж": "zh j", "з": "z", "и": "i y", "і": "i", "ї": "i yi ji", "й": "i y j",
        "к": "k c ck q", "л": "l ll", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s ss", "т": "t th tt",
        "у": "u ou", "ф": "f ff ph", "х": "kh h x", "ц": "ts tz c", "ч": "ch tch tsch cz", "ш": "sh sch sz",
        "щ": "shch schtsch chtch szcz", "ы": "y i", "э": "e", "ю": "yu iu ju u ue", "я": "ya ia ja",
        "ә": "a", "ғ": "g gh", "қ": "k q", "ң": "n ng", "ө": "o", "ұ": "u", "ү": "u", "һ": "h", "ў": "u w",
        "ј": "j y i", "љ": "lj", "њ": "nj", "ћ": "c", "ђ": "dj", "џ": "dz",
        "ай": "ei", "ей": "ei ey", "ий": "i y", "ій": "i y", "ый": "y i", "ия": "ia", "ія": "ia",
        "ья": "ya ia ja iya", "ье": "e ie ye je", "ью": "iu yu ju", "ьи": "i yi", "ьо": "io yo jo", "ъе": "e ye ie je",
        "кс": "x", "др": "der dre", "тр": "ter tre", "ман": "mann",
    }.items()
}  # fmt: skip
_SPELLINGS |= {"ь": ("",), "ъ": ("",)}
_LONGEST = max(map(len, _SPELLINGS))


def can_spell(latin: str, cyrillic: str) -> bool:
    """Whether a word in Latin letters is a usual spelling of a Cyrillic one; both in folded case, without marks."""
    reached: list[set[int]] = [{0}, *(set() for _ in cyrillic)]
    for at, ends in enumerate(reached):
        for length in range(1, min(_LONGEST, len(cyrillic) - at) + 1):
            for spelling in _SPELLINGS.get(cyrillic[at : at + length], ()):
                reached[at + length].update(end + len(spelling) for end in ends if latin.startswith(spelling, end))
    return len(latin) in reached[-1]


# -------------------- the key: coarse, for finding only

_CYRILLIC_SOUNDS = {
    "а": "a", "б": "b", "в": "v", "г": "h", "ґ": "h", "д": "d", "е": "e", "є": "e", "ж": "Z", "з": "z",
    "и": "i", "і": "i", "ї": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r",
    "с": "s", "т": "t", "у": "u", "ф": "f", "х": "x", "ц": "c", "ч": "C", "ш": "S", "щ": "W", "ъ": "", "ы": "i",
    "ь": "", "э": "e", "ю": "iu", "я": "ia", "ә": "a", "ғ": "h", "қ": "k", "ң": "n", "ө": "o", "ұ": "u", "ү": "u",
    "һ": "h", "ў": "u", "ј": "i", "љ": "li", "њ": "ni", "ћ": "C", "ђ": "Z", "џ": "Z",
}  # fmt: skip

# Longest first: the first that fits is taken. A c before e, i or y stays what it is.
_LATIN_SOUNDS = {
    "schtsch": "W", "shch": "W", "szcz": "W", "chtch": "W", "tsch": "C", "tch": "C", "sch": "S", "sh": "S", "sz": "S",
    "ch": "C", "cz": "C", "zh": "Z", "kh": "x", "gh": "h", "ts": "c", "tz": "c", "ph": "f", "ck": "k", "qu": "kv",
    "ou": "u", "oo": "u", "ae": "a", "oe": "o", "ue": "u", "q": "k", "x": "ks", "w": "v", "g": "h", "y": "i", "j": "i",
    "c": "k",
}  # fmt: skip
_SOUND = re.compile("|".join(spelling if spelling != "c" else "c(?![eiy])" for spelling in _LATIN_SOUNDS))
_CYRILLIC_TO_SOUNDS = str.maketrans(_CYRILLIC_SOUNDS)
_RUN = re.compile(r"(.)\1+")
_SOFT = re.compile(r"i(?=[aeou])")


@lru_cache(maxsize=2**17)
def fold(word: str) -> str:
    """The phonetic form of a word: Щербаков, Shcherbakov and Schtscherbakow all give `Werbakov`.

    Different names may share one (Диана and Дана do), so it finds candidates and never decides.
    """
    sounds = _SOUND.sub(lambda found: _LATIN_SOUNDS[found.group()], word).translate(_CYRILLIC_TO_SOUNDS)
    # Runs of one letter become one; an i before another vowel vanishes (я, ya and ja are all a).
    return _SOFT.sub("", _RUN.sub(r"\1", sounds))
