"""Names made comparable: case, marks, punctuation and order of words do not count; legal forms are set apart."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest

from adapter.matching.forms import cut_forms, is_form

# Letters that decomposing does not take apart.
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "t", "æ": "ae", "œ": "oe", "ı": "i", "ß": "ss"})
# ё is mostly written е. Other Cyrillic letters stay whole: decomposing would turn й into и and ї into і.
_CYRILLIC_LETTERS = str.maketrans({"ё": "е", "ѐ": "е", "ѝ": "и"})
# Letters that look alike, for words that mix both scripts by mistake.
_ALIKE = ("abcehikmoptxy", "авсенікмортху")
_TO_CYRILLIC = str.maketrans(*_ALIKE)
_TO_LATIN = str.maketrans(*reversed(_ALIKE))
_MARKS = re.compile(r"[\u0300-\u036f]")
_CYRILLIC = re.compile(r"[Ѐ-ԯ]")
_LATIN = re.compile(r"[a-z]")
_TITLES = frozenset(["herr", "frau", "mr", "mrs", "ms", "miss", "dr", "prof", "madame", "monsieur"])
_AND = "&"
_CONJUNCTIONS = frozenset(["&", "+", "und", "and", "et", "та"])
_APOSTROPHES = re.compile(r"(?<=\w)['’ʼ`´](?=\w)")
_DOTTED = re.compile(r"\b\w\.(?:\s?\w\.)+")


@dataclass(frozen=True, slots=True)
class Name:
    """A name taken apart.

    Attributes:
        words: in folded case and without marks, in the order written; `&` stands for und, and, та.
        forms: the legal forms, by their names in `forms`.
    """

    words: tuple[str, ...]
    forms: frozenset[str]

    @classmethod
    def of(cls, text: str) -> Name:
        """Take a name apart."""
        return cls(*cut_forms(_words(text)))

    @property
    def sorted_words(self) -> tuple[str, ...]:
        """The words in an order that does not depend on the one in which they were written."""
        return tuple(sorted(self.words))

    def tells_who(self, *, company: bool) -> bool:
        """Whether it can stand for one person or company: two full words, or one with a legal form.

        Args:
            company: it is known to be a company's; otherwise the short forms count for nothing, for they may be
                initials: S.A. Petrov.
        """
        full = sum(len(word) > 1 and not word.isdigit() for word in self.words)
        return full >= 2 or (full == 1 and any(company or len(form) > 2 for form in self.forms))


def normalised(name: str) -> str:
    """One text for all names that differ in writing only: `normalised("ООО «Ромашка»") == "ромашка (ooo)"`."""
    parts = Name.of(name)
    return " ".join([*parts.sorted_words, *(f"({form})" for form in sorted(parts.forms))])


def is_cyrillic(text: str) -> bool:
    """Whether any letter is Cyrillic."""
    return _CYRILLIC.search(text) is not None


def _words(name: str) -> tuple[str, ...]:
    text = _APOSTROPHES.sub("", _plain(name))
    found = [_one_script(word) for word in _split(_DOTTED.sub(_undotted, text))]
    found = [_AND if word in _CONJUNCTIONS else word for word in found]
    # The sign in GmbH & Co. KG belongs to the form.
    joined = [word for word, after in zip_longest(found, found[1:]) if (word, after) != (_AND, "co")]
    return tuple(word for word in joined if word not in _TITLES) or tuple(joined)


def _plain(name: str) -> str:
    """Folded case without marks, control characters and invisible ones."""
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
    return unicodedata.normalize("NFC", "".join(map(_plain_letter, folded)))


@lru_cache(maxsize=4096)
def _plain_letter(letter: str) -> str:
    if letter.isspace():
        return " "
    if unicodedata.category(letter) in {"Cc", "Cf"}:
        return ""
    if is_cyrillic(letter):
        return letter.translate(_CYRILLIC_LETTERS)
    return _MARKS.sub("", unicodedata.normalize("NFD", letter)).translate(_LETTERS)


def _undotted(dotted: re.Match[str]) -> str:
    """`s.r.l.` as one word, `а.в.` as two initials."""
    letters = re.findall(r"\w", dotted.group())
    joined = "".join(letters)
    spaced = any(letter.isspace() for letter in dotted.group())
    if is_form(joined) and not is_cyrillic(joined) and (len(joined) > 2 or not spaced):
        return f" {joined} "
    return f" {' '.join(letters)} "


def _split(text: str) -> list[str]:
    return "".join(map(_letter_or_gap, text)).split()


@lru_cache(maxsize=4096)
def _letter_or_gap(letter: str) -> str:
    # Vowel signs of Indian and Thai scripts are marks too; without them different names would be the same.
    if letter.isalnum() or unicodedata.category(letter).startswith("M"):
        return letter
    return f" {_AND} " if letter in {"&", "+"} else " "


def _one_script(word: str) -> str:
    if not (_CYRILLIC.search(word) and _LATIN.search(word)):
        return word
    return word.translate(_TO_CYRILLIC if len(_CYRILLIC.findall(word)) * 2 >= len(word) else _TO_LATIN)
