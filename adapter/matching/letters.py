"""Letters made plain: case, marks, controls and look-alikes of another script do not count."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# Letters that decomposing does not take apart.
_WHOLE: Final = {
    "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "t", "æ": "ae", "œ": "oe", "ı": "i", "ß": "ss", "ə": "a", "ŋ": "n",
    "ħ": "h",
    # ё is mostly written е. Other Cyrillic letters stay: decomposing would turn й into и and ї into і.
    "ё": "е", "ѐ": "е", "ѝ": "и",
}  # fmt: skip
_ALIKE: Final = ("abcehikmoptxy", "авсенікмортху")
_TO_CYRILLIC = str.maketrans(*_ALIKE)
_TO_LATIN = str.maketrans(*reversed(_ALIKE))
_MARKS = re.compile(r"[\u0300-\u036f]")
_CYRILLIC = re.compile(r"[Ѐ-ԯ]")
_LATIN = re.compile(r"[a-z]")
_APOSTROPHES: Final = "'’ʼ`´‘′"


def plain(text: str) -> str:
    """Folded case without marks (of Latin letters), control characters and invisible ones; any gap is a space."""
    if text.isascii():
        return text.casefold().translate(_PLAIN)
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold()).translate(_PLAIN)
    return folded if unicodedata.is_normalized("NFC", folded) else unicodedata.normalize("NFC", folded)


def is_cyrillic(text: str) -> bool:
    """Whether any letter is Cyrillic."""
    return not text.isascii() and _CYRILLIC.search(text) is not None


def is_latin(text: str) -> bool:
    """Whether any letter is Latin; of plain text."""
    return _LATIN.search(text) is not None


def one_script(word: str) -> str:
    """A plain word in the script of most of its letters: a Latin a in a Cyrillic word was a slip of the keyboard."""
    cyrillic = len(_CYRILLIC.findall(word))
    if not cyrillic or not _LATIN.search(word):
        return word
    return word.translate(_TO_CYRILLIC if cyrillic * 2 >= len(word) else _TO_LATIN)


class _Plain(dict[int, str]):
    """What each letter becomes, worked out when it first comes."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        if letter.isspace():
            found = " "
        elif unicodedata.category(letter) in {"Cc", "Cf"}:
            found = ""
        elif letter in _APOSTROPHES:
            found = "'"
        elif is_cyrillic(letter):
            found = _WHOLE.get(letter, letter)
        else:
            found = _MARKS.sub("", unicodedata.normalize("NFD", letter))
            found = "".join(_WHOLE.get(each, each) for each in found)
        self[code] = found
        return found


_PLAIN = _Plain()
