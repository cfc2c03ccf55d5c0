"""Latin spellings of Cyrillic names read back, once for each way of writing: so two Latin spellings are compared."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, product
from typing import Final

_MOST = 32
"""So many readings of one word at most; beyond are the strangest."""

# Letters that all ways have in common. What only differs between languages or clerks is one: и for и, й, ы, і.
_COMMON: Final = {
    "a": "а", "b": "б", "c": "к", "ck": "к", "d": "д", "e": "е", "f": "ф", "g": "г", "gh": "г", "h": "г", "i": "и",
    "j": "и", "k": "к", "kh": "х", "l": "л", "m": "м", "n": "н", "o": "о", "p": "п", "ph": "ф", "q": "к", "r": "р",
    "s": "с", "t": "т", "th": "т", "u": "у", "v": "в", "w": "в", "x": "кс", "y": "и", "z": "з", "ya": "я", "ia": "я",
    "ja": "я", "yu": "ю", "iu": "ю", "ju": "ю", "ye": "е", "ie": "е", "je": "е", "yo": "е", "io": "е", "jo": "е",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Way:
    """A way of writing: its own letters, several readings where it is ambiguous, and what words in it look like.

    Attributes:
        never: what no word has that is written so.
        only: what a word must have to be read so, if anything.
    """

    letters: dict[str, str]
    never: re.Pattern[str]
    only: re.Pattern[str] = re.compile("")


_WAYS: Final = (
    # English, and passports since 2000
    _Way(
        {"zh": "ж", "j": "и ж", "ju": "ю жу", "ja": "я жа", "jo": "е жо", "je": "е же", "ts": "ц", "tz": "ц",
         "tc": "ц", "ch": "ч", "tch": "ч", "sh": "ш", "shch": "щ", "shh": "щ", "sch": "щ", "h": "г х", "xs": "кс",
         "oo": "у"},
        re.compile("tsch|cz|sz"),
    ),
    # German
    _Way(
        {"sch": "ш ж", "tsch": "ч", "schtsch": "щ", "stsch": "щ", "ch": "х", "z": "ц", "tz": "ц", "s": "с з",
         "ss": "с", "sh": "ж"},
        re.compile("kh|zh|ts(?!ch)|y[aeou]|v"),
        re.compile("w|sch|j"),
    ),
    # French
    _Way(
        {"ou": "у", "you": "ю", "iou": "ю", "ch": "ш", "tch": "ч", "chtch": "щ", "j": "ж", "ja": "жа", "je": "же",
         "jo": "жо", "jou": "жу", "ju": "жю", "gu": "г", "ss": "с", "ts": "ц", "tz": "ц", "ine": "ин", "yne": "ин"},
        re.compile("w|zh|sh|sch|cz|sz"),
        re.compile("ou|ch|j|gu|ss|ine$|yne$"),
    ),
    # Polish
    _Way(
        {"cz": "ч", "sz": "ш", "szcz": "щ", "ch": "х", "c": "ц", "z": "з ж", "dz": "дз"},
        re.compile("kh|zh|sh|v|x|tch|sch"),
        re.compile("w|cz|sz|ch|c|z"),
    ),
    # Scientific, ISO 9 and the Latin letters of Kazakhs and Turks, their marks lost
    _Way(
        {"c": "ц ч", "s": "с ш щ", "z": "з ж", "sc": "щ сц", "ch": "х", "h": "г х", "x": "х", "j": "и ж"},
        re.compile("kh|[zs]h|w|cz|sz|ts|tz"),
        re.compile("[csz]|h|j|x"),
    ),
)  # fmt: skip

_RUN = re.compile(r"(и)\1+")
_SOFT = re.compile("и(?=[яюе])")
_LAST_IO = re.compile("io$")
_LAST_FF = re.compile("(?<=[oe])ff$")


@lru_cache(maxsize=2**9)
def transcriptions(word: str) -> frozenset[str]:
    """What a plain Latin word may stand for, in Cyrillic letters of which the like ones are one."""
    found: set[str] = set()
    # A last io is two sounds: Antonio is not Antonie.
    word = _LAST_IO.sub("и-о", _LAST_FF.sub("v", word))
    for way, (letters, spelling) in zip(_WAYS, _tables(), strict=True):
        if way.never.search(word) or not way.only.search(word):
            continue
        read = [letters.get(piece, (piece,)) for piece in spelling.findall(word)]
        found.update([_settled("".join(each)) for each in islice(product(*read), _MOST)])
    return frozenset(found)


def _settled(text: str) -> str:
    # A search costs as much as ten looks for letters: it is made only where there is something to find.
    found = _RUN.sub("и", text) if "ии" in text else text
    if "ия" in found or "ию" in found or "ие" in found:
        found = _SOFT.sub("", found)
    if "о" in found:
        found = found.replace("жо", "же").replace("чо", "че").replace("шо", "ше").replace("що", "ще")
    return found


@lru_cache(maxsize=1)
def _tables() -> tuple[tuple[dict[str, tuple[str, ...]], re.Pattern[str]], ...]:
    """Of each way: readings of its spellings, and what takes a word apart into these, the longest first."""
    found = []
    for way in _WAYS:
        letters = {latin: tuple(cyrillic.split(" ")) for latin, cyrillic in (_COMMON | way.letters).items()}
        longest = sorted((latin for latin in letters if len(latin) > 1), key=len, reverse=True)
        found.append(
            (
                letters,
                re.compile("|".join([*(f"{each}$" if each in {"ine", "yne"} else each for each in longest), "."])),
            )
        )
    return tuple(found)
