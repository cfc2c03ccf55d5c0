"""Cyrillic names in Latin letters, as schemes have it; one writer keeps to one scheme."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import Final

Scheme = Callable[[str], str]


def _table(cyrillic: str, latin: str) -> dict[str, str]:
    return dict(zip(cyrillic, latin.split(" "), strict=True))


_UKRAINIAN: Final = _table(
    "абвгґдежзиіклмнопрстуфхцчшщєїйюяьыэъ",
    "a b v h g d e zh z y i k l m n o p r s t u f kh ts ch sh shch ie i i iu ia  y e ",
)
_UKRAINIAN_FIRST: Final = _table("єїйюя", "ye yi y yu ya")
_COMMON: Final = _table("абвгдезийклмнопрстуфыэъь", "a b v g d e z i i k l m n o p r s t u f y e  ")
_GERMAN: Final = _COMMON | _table("вёжзйхцчшщюя", "w jo sch s j ch z tsch sch schtsch ju ja")
_FRENCH: Final = _COMMON | _table("ёжухцчшщюя", "io j ou kh ts tch ch chtch iou ia")
# Ukrainian and Kazakh letters as a scheme for Russian reads them.
_AS_RUSSIAN: Final = str.maketrans(_table("єїіґәғқңөұүһ", "е и и г а г к н о у у х") | {"'": "", "’": ""})
_CYRILLIC: Final = re.compile("[а-яёәіїєґғқңөұүһ]")
_NO_LETTERS: Final = re.compile(r"[^A-Za-zÀ-ž-]")
_IULIIA: Final = (
    *(("ICAO_DOC_9303", 6.0), ("BGN_PCGN", 4.0), ("GOST_52535", 2.0), ("WIKIPEDIA", 2.0), ("MVD_782", 1.0)),
    *(("GOST_7034", 1.0), ("UNGEGN_1987", 1.0), ("BS_2979", 1.0), ("TELEGRAM", 1.0)),
)


def german(word: str) -> str:
    """As German papers and newspapers spell a Russian word in small letters."""
    return _spelt(_GERMAN, word)


def french(word: str) -> str:
    """As passports of the nineties and French papers spell one."""
    return _spelt(_FRENCH, word)


def ukrainian(word: str) -> str:
    """As Ukraine's passports have a word since 2010."""
    word = word.replace("зг", "зgh").replace("'", "").replace("’", "")
    return _UKRAINIAN_FIRST.get(word[:1], "") + _spelt(_UKRAINIAN, word[word[:1] in _UKRAINIAN_FIRST :])


def _spelt(table: dict[str, str], word: str) -> str:
    return "".join(table.get(letter, letter) for letter in word)


@dataclass(frozen=True, slots=True)
class Latin:
    """The ways in which writers spell Russian, the first ones usual, with how usual they are."""

    schemes: Sequence[Scheme] = (german, french)
    weights: Sequence[float] = (2.5, 1.0)

    @classmethod
    def usual(cls) -> Latin:
        """With iuliia's schemes, which come with `./dev bench`."""
        iuliia = importlib.import_module("iuliia")
        schemes = [partial(_by_iuliia, iuliia.translate, getattr(iuliia, name)) for name, _ in _IULIIA]
        return cls((*schemes, german, french), (*(weight for _, weight in _IULIIA), 2.5, 1.0))

    def any(self, random: Random) -> Scheme:
        """Somebody's way."""
        return random.choices(self.schemes, self.weights)[0]

    def spelt(self, word: str, language: str, scheme: Scheme) -> str:
        """A word in Latin letters; one that has no others stays as it is. Ukrainians have a scheme of their own."""
        plain = word.lower()
        if not _CYRILLIC.search(plain):
            return word
        if language == "uk" and scheme not in {german, french}:
            found = ukrainian(plain)
        else:
            found = scheme(plain.translate(_AS_RUSSIAN))
        return "-".join(part[:1].upper() + part[1:] for part in _NO_LETTERS.sub("", found).split("-"))


def _by_iuliia(translate: Callable[[str, object], str], schema: object, word: str) -> str:
    return translate(word, schema)
